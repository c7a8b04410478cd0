# action

action-date-help = write 2026-12-31 or 31/12/2026
action-none = no corrective action is waiting
action-open = not carried out
action-overdue = overdue by days: { $days }
action-done = carried out on { $date }, waiting for a later drill
action-retested = { $run } has shown it
action-line = { $standing } · due { $due } · { $owner }
action-from = from { $run }
action-from-objective = from { $run }, objective `{ $objective }`
action-met = met
action-not-met = not met
action-not-measured = not measured
action-measured = { $run } on { $date } measured it again: { $result } (record { $record })
action-opened = corrective action { $number } of { $run } is kept, due { $due }
action-unknown = `{ $number }` is not the number of a corrective action
action-unknown-help = `ungpho action list --all` lists the actions with their numbers
action-closed-done = kept: corrective action { $number } was carried out; it waits for a later drill
action-closed-retested = kept: { $run } has shown corrective action { $number }
action-not-a-retest = { $run } is not a drill that began after corrective action { $number } was opened
action-not-a-retest-help = `ungpho evidence list` lists the drills in the order of time
action-done-late = carried out on { $date }, { $days } days late, waiting for a later drill
action-missed-again = { $run } measured the objective of corrective action { $number } as not met (record { $seq }): it has not shown that it is put right
action-missed-again-help = wait for a drill that measures it as met; `ungpho action list` tells what each one measured
action-done-before = action #{ $number } was opened on { $opened }: it cannot have been carried out on { $at }
action-done-before-help = give a moment after it was opened, or correct that one with `ungpho correct`
