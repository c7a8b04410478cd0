# Duties to notify and report, on the screen.
duty-due-at = due { $at }
duty-more = { $count } more: `ungpho due`
duty-classified = Classified: { $as }
duty-definition = The unit's own definition: { $text }
duty-overridden = The unit's { $by } stands in the place of the shipped duty { $duty } ("{ $title }")
duty-unread = { $file } is not used: it has errors
duty-due = Due: { $at }
duty-limit = Limit: { $limit }
duty-to = To: { $name } (`{ $role }`), not sent
duty-to-sent = To: { $name }, sent at { $at }
duty-cites = On the ground of: { $cites }
duty-now-late = LATE: { $duty }
duty-now-late-drill = LATE (simulated): { $duty }
duty-unknown-role = no duty names a recipient `{ $role }`
duty-unknown-flag = no duty asks for `{ $flag }`
duty-flag-form = it has to be NAME=yes or NAME=no, not `{ $given }`
