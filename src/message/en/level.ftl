# level
level-on = As of { $day }
level-preview = This day lies between two decrees: the former is not in force any more, { $rules } not yet; it is a preview
level-suggests = This is a suggestion for the dossier; the level is approved by whoever has the authority
level-overridden = The unit's { $by } stands in the place of the shipped rule { $rule } ("{ $text }")
level-none = the inventory has no system yet
level-unknown-system-help = `ungpho inventory level` shows every system of the inventory
level-nobody-to-ask-help = run it on a terminal, or write the facts into the file
level-dossier = dossier of the level

level-force = level in force: { $level }
level-at-run = { $system }: level in force { $level }

level-set-in-force = { $rules } (in force)
level-set-preview = { $rules } (a preview, not in force yet)
level-set-other = { $rules } (to compare)
level-proved = proved level: { $level }
level-proved-possible = proved level: { $level } · highest still possible: { $possible }
level-possible = undetermined · highest still possible: { $possible }
level-no-match = undetermined: no criterion matches
level-rule = [{ $rule }] level { $level }: { $text }
level-component = component { $component } · { $text }
level-citation = { $article }
level-grounds = by: { $facts }
level-and = { $first }, { $second }
level-word = { $word }
level-assumed = { $text } (assumed)
level-note = note: { $text }
level-highest = the highest counts: { $article }
level-open = another reading [{ $rule }] level { $level }: { $text }
level-mark = [{ $rule }] { $text }
level-mark-possible = [{ $rule }] still possible: { $text }
level-questions = facts that would decide, most decisive first:
level-question = { $fact }: { $what } (up to level { $level })

level-answer = { $answer }: { $level }
level-or = { $first }; { $second }
level-span-none = undetermined
level-span-open = undetermined, up to level { $high }
level-span-one = level { $level }
level-span = level { $low } to { $high }

level-standing-met = met
level-standing-not-met = not met
level-standing-look = look again
level-standing-unknown = unknown
level-standing-told = note

level-fact-class = the class of the system
level-fact-information = the kinds of information
level-fact-one-stop = whether it settles administrative procedures
level-fact-online-service = how far public services are online
level-fact-conditional-business = whether its online service is a conditional line of business
level-fact-users = users whose information is processed (accounts are not users)
level-fact-subjects-basic = data subjects with basic personal data
level-fact-subjects-sensitive = data subjects with sensitive personal data
level-fact-scope = whom it serves
level-fact-national-egov = whether it is a national system of e-government
level-fact-always-on = whether it has to run around the clock
level-fact-no-unplanned-stop = whether no unplanned stop is accepted
level-fact-defence-security = whether it serves defence or security
level-fact-harm = the harm to defence or national security where it is sabotaged
level-fact-strategic = whether it is of a strategic kind
level-fact-works-grade = the grade of the construction works that it controls
level-fact-national-critical-data = whether it stores in one place data of special importance to the nation
level-fact-international-link = whether it connects Vietnam with other countries
level-fact-decided-level = whether a decision gives it a level


level-ask-question = { $system } · { $fact }: { $what } (up to level { $level })
level-ask-assumed = { $system } · { $fact }: { $what }. The file has { $value } (assumed)
level-ask-truth = [c] yes, [k] no, [?] not sure, [d] done
level-ask-count = type a number, [?] not sure, [d] done
level-ask-one = type a number of the list, [?] not sure, [d] done
level-ask-several = type every number that applies, with spaces between, [?] not sure, [d] done
level-ask-decision = [1] to [5] the level by decision, [k] there is no decision, [?] not sure, [d] done
level-ask-confirm = [c] right, [k] wrong, [?] not sure, [d] done
level-ask-wrong = that is no answer to this question
level-ask-written = wrote { $fact }: { $value } to { $file }
level-ask-confirmed = { $fact } of { $file } is confirmed
level-file-changed = { $file } has changed since it was read; this answer was not written
level-file-changed-help = run the command again to read it anew
level-file-form = `{ $fact }` cannot be written to { $file } without disturbing the rest
level-file-form-help = write `{ $fact }: { $value }` into it with an editor
