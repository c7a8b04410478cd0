# ledger
ledger-io = cannot use { $path }
ledger-none = no ledger in { $path }
ledger-damaged = record { $seq } in { $path } is not a record that may stand there
ledger-object = object { $path } does not have its digest
ledger-key = cannot use the private key { $path }
ledger-read-only = the ledger in { $path } is open for reading only
ledger-not-synced = cannot make { $path } durable; what was not kept is set aside
ledger-too-long = a record would be longer than 64 KiB
ledger-refused = the record may not follow
ledger-help-verify = `ungpho evidence verify` says how far the ledger holds
ledger-help-key = `UNGPHO_KEYS` names the folder of private keys
ledger-help-none = the first drill makes it
