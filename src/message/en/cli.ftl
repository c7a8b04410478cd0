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
