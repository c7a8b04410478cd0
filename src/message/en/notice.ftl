# Texts of notices prepared from the evidence.
notice-detected-by-step = step "{ $step }" of the playbook
notice-phones = telephone { $phones }
notice-second-channel = second channel: { $channel }
notice-prepared = prepared `{ $notice }` of { $run } (record { $seq }); the program sends nothing
notice-written = written to { $path }
notice-missing = no figure yet: { $blanks }
notice-missing-place = write `{ $key }` in { $file }, then prepare it again
notice-missing-help = what only people know: `--value { $blank }="…"`
notice-sent-next = once it is sent: `ungpho sent { $run } { $notice } --number … --file …`
notice-unknown = there is no template of a notice `{ $notice }`
notice-unknown-help = the templates: { $notices }
notice-no-text = the duty `{ $duty }` has no template of a notice
notice-unknown-value = the template `{ $notice }` does not ask for `{ $id }`
notice-unknown-value-help = it asks for: { $ids }
notice-asks-nothing = it asks for nothing
