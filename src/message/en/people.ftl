# Roles, handovers, the second person, the commander's confirmation.
people-unknown-role = there is no role `{ $role }`
people-part-over = the part of { $who } ended on { $until }, as `people.yaml` says
people-part-over-help = correct `until` in `people.yaml`, or name another
people-role-held = { $who } has the role `{ $role }`
people-role-held-help = they hand it over (`ungpho handover --role { $role } --to …`); if they cannot be reached: `ungpho replace --role { $role } --to … --because "…"`
people-role-vacant = nobody has the role `{ $role }`
people-role-vacant-help = `ungpho join --role { $role }` takes it
people-has-it = { $who } has the role `{ $role }` already
people-not-there = { $who } takes no part in { $run }
people-joined = { $who } takes part in { $run } as `{ $role }`
people-left = { $who } has left { $run }
people-vacant = nobody has these roles now: { $roles }
people-replaced = the role `{ $role }` of { $run } is { $who }'s from now on
people-not-a-record = `{ $word }` is not the number of a record
people-not-the-commander =
    { $count ->
        [0] { $who } cannot confirm: nobody has the role `commander`
       *[other] { $who } cannot confirm; these can: { $names }
    }
people-not-the-commander-help = `ungpho join --role commander` takes the role, or enter it for them: `--by PERSON`
people-confirmed = the consent in record { $seq } of { $run } is confirmed
people-to-oneself = { $who } has the role `{ $role }` and cannot hand it over to themselves
people-offered = the role `{ $role }` is offered to { $who } (question { $question }); it stays until they accept
people-offered-next = { $who } accepts with `ungpho handover { $run } --accept`
people-open-step = Open step: { $step }
people-open-question = Open question { $question } ({ $what }), since { $time }: { $step }
people-open-duty = Not sent yet: notice `{ $notice }`
people-open-nothing = Nothing is open.
people-note = Note: { $note }
people-not-offered = nothing was offered to { $who } in { $run }
people-not-offered-help = `--as PERSON` says who accepts; `ungpho status` shows the offers
people-own-offer = who offered the role cannot accept it for { $who }
people-accepted = { $who } has the role `{ $role }`, handed over by { $from }
people-declined = { $who } declines the role `{ $role }`; { $from } keeps it
people-passed-on = the role `{ $role }` is no longer { $who }'s: this offer holds no more
people-key-not-asked = `--key` is for consent as a second person; this question asks for something else
people-first-person = { $who } carries this step out and cannot be its second person
people-held = { $role }: { $who }
people-held-listed = { $role }: { $who } (as people.yaml says)
people-held-nobody = { $role }: NOBODY
people-roles = Roles: { $roles }
people-not-taken = HANDOVER NOT ACCEPTED since { $time }, for { $age }: { $role }, from { $from } to { $to }; { $from } still has the role and can withdraw the offer with `ungpho handover --withdraw --because "…"`
people-offer-void = THIS HANDOVER COUNTS NO MORE: { $role }, from { $from } to { $to }; who has the role now: { $who }; { $from } withdraws it with `ungpho handover --withdraw --because "…"`
people-nothing-to-withdraw = { $who } has no offer waiting in { $run }
people-withdrawn = { $who } withdrew the offer of the role `{ $role }` to { $to } and keeps it
people-unconfirmed = DUE FOR THE COMMANDER'S CONFIRMATION: { $who } consented alone to { $step }; `ungpho confirm { $seq }`
