# inventory
inventory-unknown-host = the system has no host `{ $host }`
inventory-template-not-here = an expression cannot stand here
inventory-template-not-here-help = an operation is written out in full; `secret.NAME` may stand in `env` and `stdin`
inventory-unknown-person = no person has the id `{ $id }`
inventory-invalid-date = `{ $text }` is not a date
inventory-date-help = write `2026-11-23`
inventory-unknown-system = the inventory has no system `{ $system }`
