# engine

## engine-plan

engine-plan-input-missing = input `{ $input }` is not given
engine-plan-input-missing-help = give it: `--input { $input }=VALUE`
engine-plan-input-unknown = { $step }: the playbook has no input `{ $input }`
engine-plan-input-not-there = the playbook has no input `{ $input }`
engine-plan-input-unfit = not a value for input `{ $input }`: { $value }
engine-plan-input-invalid = { $step }: not a value for input `{ $input }`: { $value }
engine-plan-unknown-system = { $step }: no system `{ $system }` in the inventory
engine-plan-unknown-operation = { $step }: system `{ $system }` has no operation `{ $operation }`
engine-plan-unknown-host = { $step }: no host `{ $host }` in the inventory
engine-plan-unknown-backup = { $step }: system `{ $system }` has no backup `{ $backup }`
engine-plan-no-restore-place = { $step }: the entry of system `{ $system }` says nowhere to restore to
engine-plan-unknown-playbook = { $step }: no playbook `{ $playbook }`
engine-plan-call-cycle = { $step }: playbooks call one another in a circle: { $chain }
engine-plan-value-missing = { $step }: `{ $name }` is not known
engine-plan-value-missing-help = add it to the inventory entry of the system
engine-plan-not-a-list = { $step }: `{ $of }` is not a list
engine-plan-target-unknown = { $step }: the target `{ $name }` is not known before the run
engine-plan-production = { $step }: `{ $system }` is a system in operation: a technical drill does not touch it
engine-plan-production-help = use the lab (`--lab`), or a system whose entry says `environment: drill_target`
engine-plan-literal-command = { $step }: a technical drill runs no literal command that changes something
engine-plan-literal-command-help = make it an operation of the system's inventory entry
engine-plan-restore-path = { $step }: a technical drill restores to no folder
engine-plan-restore-path-help = restore to a system: `to: inputs.system`
engine-plan-nobody-decides = { $step }: nobody is there to decide, and there is no default
engine-plan-nobody-decides-help = give the decision a `default`, or run with people
engine-plan-nobody-consents = mode `{ $mode }` needs somebody to consent to the plan
engine-plan-lab-mode = the lab is for technical drills
engine-plan-secret-over-ssh = { $step }: a secret in `env` would be seen in the list of processes of the other machine; hand it over in `stdin`
engine-plan-retry-container = { $step }: `retry` belongs to the steps inside
engine-plan-undo-container = { $step }: `undo` is one action
engine-plan-too-many-steps = more than { $limit } steps
engine-plan-expression = { $step }: `{ $expression }` cannot be worked out


## engine-notice

engine-notice-drill = DRILL – NOT A REAL INCIDENT
engine-notice-other = NOTICE `{ $notice }`
engine-notice-run = Case: { $run }
engine-notice-system = Information system: { $system }
engine-notice-kind = Kind of incident (by the playbook): { $scenario }
engine-notice-detected = Detected: { $at }
engine-notice-contained = Contained: { $at }
engine-notice-restored = Restored: { $at }
engine-notice-serving = Service meanwhile: { $how }
engine-notice-draft = Draft of { $at }; not sent.
engine-notice-no-figure = (no figure yet)

## engine-loop

engine-loop-no-program = the command is empty: there is no program to run
engine-loop-no-such-program = the program `{ $program }` was not found
engine-loop-no-such-folder = there is no folder `{ $path }`
engine-loop-not-begun = cannot begin `{ $program }`: { $error }
engine-loop-no-output-file = cannot make the files for the command's output: { $error }
engine-loop-no-thread = cannot begin the work: { $error }
engine-loop-broke = the work was cut short by a mistake in this program
engine-loop-no-faults = faults are made in the lab only
engine-loop-unknown-run = the ledger has no run { $run }
engine-loop-unknown-run-help = `ungpho status` lists the open runs
engine-loop-ledger = the ledger of run { $run } cannot be read or written
engine-loop-run-not-begun = the run cannot be begun: the ledger cannot be written
engine-loop-machine = run { $run } cannot be driven on this machine
engine-loop-stuck = run { $run } cannot go on, by a mistake in this program
engine-loop-interrupted = run { $run } is paused
engine-loop-resume-help = what was kept is still there; `ungpho resume { $run }` goes on
engine-loop-disk-full = the disk of the ledger is full: run { $run } is paused until there is room
engine-loop-disk-free = there is room on the disk again: run { $run } goes on
engine-loop-ledger-trouble = the ledger cannot be written; trying again
engine-loop-pausing = run { $run } pauses when the running steps have ended; once more to end them now
engine-loop-stopping = run { $run } is ended now
engine-loop-no-copy = no copy was found
engine-loop-copy-differs = the copy `{ $path }` differs from its seal in { $count } places
engine-loop-no-good-copy = system `{ $system }` has no copy that is whole; { $count } cannot be used
engine-loop-check-not-begun = the check of what was restored cannot run: { $reason }
engine-loop-check-failed = the check of what was restored did not pass
engine-loop-not-a-path = `{ $text }` is not the path of a step
engine-loop-not-a-path-help = write the ids of steps with `/` between, rounds in brackets: `each_site[2]/visit`
engine-loop-superseded = another playbook leads { $run }
engine-loop-no-such-step = the plan has no step `{ $step }`
engine-loop-unfit-answer = `{ $word }` is no answer to `{ $step }`
engine-loop-answer-checks = `{ $step }` has { $total } checks; the answer has { $given }
engine-loop-answer-value = `{ $step }` does not ask for `{ $id }`
engine-loop-answer-kind = the value of `{ $id }` is not of the kind that `{ $step }` asks for
engine-plan-fault-not-made = { $step }: the lab cannot make the fault `{ $kind }`
engine-plan-fault-not-made-help = take another fault, or drill it as a tabletop: there it is told
engine-loop-unlocked = the lock of { $run } is gone: the ledger was moved or removed
engine-loop-seal-bad = the seal of `{ $path }` does not hold
engine-loop-seal-unsigned = nobody has signed the seal of `{ $path }`
engine-loop-seal-unknown = the seal of `{ $path }` is signed with a key that this ledger does not know
engine-loop-prove-seal = the seal of `{ $path }` does not verify; nothing was restored
engine-loop-prove-problem = `{ $path }` is not proved: { $why }: { $detail }
engine-loop-prove-rows = `{ $path }` is not proved: table { $table } has not the rows that are expected
engine-loop-prove-unsealed = `{ $path }` could be restored, but has no seal: nobody can say that it is what was backed up
engine-loop-prove-blind = the check passes where nothing was restored too: it has to look at what `UNGPHO_RESTORED` names
engine-loop-prove-check = `{ $path }` was restored, but the check of the system failed: { $detail }
