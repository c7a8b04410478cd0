# Late entries, entries for others, corrections.
entry-no-reason = what is entered late needs a reason
entry-no-reason-help = add `--because "…"`
entry-entered-as = entered as { $when }
entry-not-a-time = `{ $text }` is not a time
entry-not-a-time-help = for example: 02:15, "02:15 25/11/2026", 2026-11-25T02:15:00+07:00
entry-time-to-come = { $when } has not come yet
entry-time-to-come-help = it is { $now } now
entry-time-yesterday-help = if it was yesterday, give the day too: "{ $when }"
entry-unknown-basis = there is no basis `{ $text }`
entry-unknown-basis-help = one of `console`, `told`, `paper`, `memory`
entry-unknown-person = `people.yaml` has nobody with the id `{ $id }`
entry-person-form = an id has letters without marks, digits, `.`, `_`, `-`
entry-nobody-known = add the person to `people.yaml`
entry-before-the-run = { $when } is before { $run } began ({ $began })
entry-before-the-run-help = a drill has only what happened since it began
entry-needs-reason = this needs a reason
entry-after-the-end = { $run } has ended: kept as added after the end
