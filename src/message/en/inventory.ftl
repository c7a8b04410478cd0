# inventory
inventory-unknown-host = the system has no host `{ $host }`
inventory-template-not-here = an expression cannot stand here
inventory-template-not-here-help = an operation is written out in full; `secret.NAME` may stand in `env` and `stdin`
inventory-unknown-person = no person has the id `{ $id }`
inventory-unknown-system = the inventory has no system `{ $system }`
inventory-reserved-person = the program writes records as `{ $id }`
inventory-reserved-person-help = choose another id
inventory-dates-contradict = `{ $second }` is before `{ $first }`
inventory-dates-contradict-help = a dossier is handed in, then appraised, then approved: look at the days again
inventory-assumed-nothing = this file has no `{ $path }`
inventory-assumed-nothing-help = give the path of what is assumed, such as `facts.users`, or take it out
inventory-rows-not-here = only databases have rows: `postgres` and `sqlite`
inventory-assumed-fact = { $count } things that nobody has confirmed, printed as "(assumed)": { $paths }
inventory-assumed-fact-help = confirm each with the operator, then take it out of `assumed`
inventory-collective = `{ $authority }`: nobody signs K/T for a collective body of the Party
inventory-collective-help = write `T/M` and the body, with the signer's own office in `position`
