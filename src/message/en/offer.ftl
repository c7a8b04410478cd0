# The first minute of an incident: which system, what is seen, which playbook; and another playbook later.
offer-which-system = Which system is in trouble?
offer-what-is-seen = What is seen? Pick the sign that comes nearest.
offer-number = Type a number from 1 to { $most }; 0 to leave it
offer-wrong-number = there is no such number in the list
offer-chosen = Playbook `{ $playbook }`, system `{ $system }`. It can be changed later: one incident, one number.
offer-unknown-system = the inventory has no system `{ $system }`
offer-switch-not-incident = { $run } is a drill: only an incident changes its playbook
offer-switch-running = step `{ $step }` is at work
offer-switch-running-help = wait until it has ended, and type the command again
offer-switch-same = playbook `{ $playbook }` leads { $run } already
offer-switched = { $run }: playbook `{ $playbook }` leads from here on; it stays one incident
offer-since-needs-reason = `--since` needs `--because`: what says that it was then
offer-no-drills = no drill is open
offer-nothing-chosen = nothing was chosen; nothing has begun
offer-nothing-told = `--by`, `--basis`, `--because` say who detected it and how that is known: there is nothing to keep with them
offer-nothing-told-help = add `--since TIME`, or what is seen: `--seen "…"`
