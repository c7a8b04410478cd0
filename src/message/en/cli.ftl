cli-error = error
cli-caused-by = caused by
cli-help = help
cli-invalid-person = `{ $person }` cannot be a person's id: only letters, digits, `.`, `_` and `-`
cli-invalid-time = `{ $time }` is not a time such as `2026-11-23T02:15:00+07:00`
cli-no-workspace = no workspace here or above: { $folder }
cli-no-workspace-help = `ungpho init DIR` makes one; `--workspace DIR` names another
cli-unknown-sample = no sample is named `{ $name }`
cli-unknown-sample-help = there are: { $names }
cli-folder-not-empty = the folder has files in it: { $folder }
cli-init-done = workspace made: { $folder }
cli-init-next = next: fill in `ungpho.yaml` and `people.yaml`, then `ungpho playbook list`
cli-cannot-write = cannot write { $path }
cli-lab-next = `ungpho lab break one-stop encrypt` makes a fault; `ungpho lab down` ends the lab
cli-lab-down = the lab is down
cli-lab-was-down = the lab was not up
cli-lab-running = running
cli-lab-isolated = running, cut off from citizens
cli-lab-stopped = stopped
cli-lab-hung = hung
cli-lab-died = ended by itself or by a fault ({ $detail })
cli-lab-healthy = health: good
cli-lab-ill = health: not good
cli-lab-citizens = citizens: { $served } served, { $refused } refused, { $wrong } wrong, { $missing } dossiers missing
cli-lab-faults = faults made: { $faults }
cli-evidence-warning = warning
cli-evidence-note = note
cli-evidence-verifies = { $origin } verifies: { $size } records, { $signed } of them signed
cli-evidence-fails = { $origin } does not verify: of { $size } records the first { $held } hold
cli-evidence-head-is = head: { $head }
cli-evidence-head = `{ $text }` is not a head
cli-evidence-head-help = a head is `SIZE ROOT`, as `ungpho evidence head` and the minutes print it
cli-evidence-no-runs = the ledger keeps no run yet
cli-evidence-unknown = no run or record { $what } is in the ledger
cli-evidence-unknown-help = `ungpho evidence list` shows the runs
cli-evidence-unreadable = cannot read the records
cli-evidence-gone = { $digest } (taken out)
cli-evidence-altered = { $digest } (does not have its digest)
cli-evidence-word = { $word ->
    [mode-tabletop] tabletop
    [mode-technical] technical
    [mode-live] live
    [mode-respond] incident
    [stage-running] running
    [stage-paused] paused
    [stage-stopping] stopping
    [result-passed] passed
    [result-failed] failed
    [result-stopped] stopped
   *[other] { $word }
}
cli-check-cause = the machine says: { $cause }
cli-check-done = files checked: { $files }; errors: { $errors }; warnings: { $warnings }
cli-report-no-run = the ledger has no run `{ $run }`
cli-report-no-plan = the plan of run `{ $run }` is not in the ledger
cli-unknown-run = no run is named { $run }
cli-unknown-run-help = `ungpho evidence list` shows the runs
cli-no-open-run = no run is open
cli-no-open-run-help = name one, such as `DT-2026-004`; `ungpho evidence list` shows them all
cli-several-runs = several runs are open: { $runs }
cli-several-runs-help = name one right after the command
cli-plan-unreadable = cannot read the plan of { $run } in the ledger
cli-disk-full = the disk of the ledger is full; nothing was kept
cli-disk-full-help = free 200 MB at least, then run `ungpho resume`
cli-ledger-failed = the ledger cannot be used; nothing was kept
cli-run-ended = { $run } has ended
cli-run-paused = { $run } is paused already
cli-run-not-paused = { $run } is not paused
cli-run-stopping = { $run } is stopping
cli-answered-before = { $who } answered { $question } first; this answer was not kept
cli-never-asked = there is no question { $question }
cli-wrong-kind = { $question } asks for another kind of answer
cli-no-longer-asked = { $question } is no longer asked; this answer was not kept
cli-record-refused = the record may not follow those that are there
cli-too-many-words = cannot make sense of these { $count } arguments; see `--help`
cli-empty-note = the note is empty
cli-noted = noted in { $run }
cli-file-unreadable = cannot read file `{ $path }`
cli-attached = attached `{ $name }` ({ $size }) to { $run }: { $digest }
cli-paused = paused { $run }: what runs goes on, nothing new starts
cli-stopping = stopping { $run }; `ungpho attach` shows how it goes
cli-resumed = { $run } goes on
cli-resume-attaches = a loop drives { $run } already; opening a console
cli-no-question = { $run } asks nothing now
cli-several-questions = several questions are open: { $questions }; name one before the answer
cli-answered = kept the answer to { $question } of { $run }
cli-answer-outcome = answer one of: done, failed, unknown, skip
cli-answer-truth = answer yes or no
cli-answer-options = choose one of: { $options }
cli-answer-because = a reason is missing: add `--because "…"`
cli-answer-evidence = this step needs evidence first: `ungpho note` or `ungpho attach-file` with `--step`
cli-answer-checks = name the checks that are done with `--checks`: all, none or numbers from 1 to { $total }
cli-answer-value = this step does not ask for `{ $given }`; it asks for: { $ids }
cli-answer-value-form = the value of `{ $id }` is not valid: { $form }
cli-answer-plan = name the first { $digits } characters of the plan's digest at least: `--plan …`
cli-not-a-pair = `{ $given }` is not of the form NAME=VALUE
cli-status-none = no run is open
cli-status-stage = State: { $stage }
cli-status-question = Question { $question } ({ $what }), since { $time }: { $step }
cli-loop-not-started = cannot start the process that drives { $run }
cli-loop-died = the process that drives { $run } ended as soon as it began
cli-loop-late = the process that drives { $run } is not ready after 60 s
cli-loop-help = the run is in the ledger; `ungpho resume { $run }` tries again
cli-loop-elsewhere = another process drives { $run }
cli-dry-run = Shown only; nothing was done.
cli-not-started = Nothing was started.
cli-start = Start this plan? [c] yes, [k] no
cli-start-keys = Type c to start, k not to.
cli-nobody-to-ask = nobody can be asked: the input is not a terminal
cli-nobody-to-ask-help = add `--yes` to start at once, or `--unattended` where nobody takes part
cli-unknown-playbook = no playbook is named `{ $playbook }`
cli-unknown-playbook-help = `ungpho playbook list` shows the playbooks that are here
cli-did-you-mean = did you mean `{ $word }`?
cli-refused-plan = { $count } reasons why there is no plan; nothing was started
cli-lab-starting = starting the lab
cli-no-program = cannot find the program's own file
cli-began = { $run } has begun
