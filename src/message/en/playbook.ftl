# playbook
playbook-expression-syntax = `{ $expression }` is not a valid expression: { $detail }
playbook-expression-unknown = the value of `{ $expression }` is not known
playbook-expression-not-boolean = `{ $expression }` gives neither true nor false
playbook-expression-not-text = `{ $expression }` is a list or an object, which has no text
playbook-expression-too-much = `{ $expression }` takes too long or gives too much
playbook-expression-failed = `{ $expression }` cannot be worked out: { $detail }
