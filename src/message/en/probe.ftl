probe-bad-address = `{ $address }` is not of the form `host:port`
probe-bad-url = the address is not valid
probe-host-not-found = the host's name is not known
probe-no-authorities = this machine has no list of trusted authorities (usually at `{ $place }`); install `ca-certificates`

probe-http-ok = HTTP { $status }
probe-http-status = HTTP { $status }, expected { $expected }
probe-http-lacks = HTTP { $status }, the body does not contain "{ $text }"
probe-http-cut = HTTP { $status }, the body could not be read to its end: { $cause }
probe-http-redirect = { $seen }; redirects to { $to } (not followed)
probe-http-no-answer = { $url } does not answer: { $cause }
probe-http-answers = { $url } still answers (HTTP { $status })
probe-http-bad-request = the request to { $url } has a method, an address or a header that is not valid

probe-tcp-connected = connected to { $address }
probe-tcp-not = cannot connect to { $address }: { $cause }

probe-dns-found = { $name } gives { $answers }
probe-dns-other = { $name } gives { $answers }, expected { $expected }
probe-dns-nothing = { $name } has no { $record } record
probe-dns-failed = cannot look up { $name }: { $cause }
probe-dns-no-dns = the answer is not DNS
probe-dns-code = the name server answers { $code }
probe-dns-needs-server = a { $record } record can only be asked of a `server`
probe-dns-bad-record = records of type { $record } cannot be looked up
probe-dns-bad-name = `{ $name }` is not a valid name

probe-tls-ok = the certificate of { $name } is valid, { $days } days left
probe-tls-ends-soon = the certificate of { $name } has only { $days } days left, expected at least { $wanted } days
probe-tls-failed = TLS to { $address } fails: { $cause }
probe-tls-shown = { $cause } (subject: { $subject }; issuer: { $issuer })
probe-tls-bad-name = `{ $name }` is not a valid server name
probe-tls-no-certificate = the server showed no certificate that can be read
probe-tls-expired = the certificate has expired
probe-tls-not-yet = the certificate is not valid yet
probe-tls-other-name = the certificate is not for this name
probe-tls-unknown-issuer = no authority that this machine trusts has signed the certificate
probe-tls-revoked = the certificate was revoked
probe-tls-no-tls = what answers there does not speak TLS

probe-process-runs = `{ $name }` runs ({ $count } processes)
probe-process-none = no process `{ $name }` runs
probe-process-unknown = cannot read the list of processes
probe-service-state = service `{ $name }` is `{ $state }`
probe-service-unknown = cannot ask for the state of service `{ $name }`: { $cause }
probe-port-open = port { $port } is open
probe-port-free = nothing listens on port { $port }
probe-port-unknown = cannot read the list of ports: { $cause }
probe-disk-free = `{ $path }` has { $free } free ({ $percent }%)
probe-disk-unknown = cannot see the room on `{ $path }`: { $cause }
probe-file-there = `{ $path }` is there
probe-file-missing = `{ $path }` is not there
probe-file-old = `{ $path }` last changed { $age } ago
probe-file-lacks = `{ $path }` does not contain "{ $text }"
probe-file-differs = `{ $path }` has another digest: { $digest }
probe-file-not-regular = `{ $path }` is not a regular file
probe-file-unreadable = cannot read `{ $path }`: { $cause }
