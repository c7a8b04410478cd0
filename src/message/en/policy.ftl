# policy
policy-unknown-task = no row has the number `{ $id }`
policy-unprinted = kinds of results that belong to no task are not printed: { $phrases }
policy-unprinted-help = give in `results` the number of the task that they belong to; `checks`, `scans`, `hunts`, `awareness`, `training`, `letters` follow `coordination` where nothing is said
policy-banner-drill = DRILL – NOT A REAL INCIDENT

## policy-state

policy-state-not-started = not running yet
policy-state-not-applying = does not apply
policy-state-waiting = waiting for a classification
policy-state-waiting-flags = waiting for an answer
policy-state-due = to be done
policy-state-late = late
policy-state-done = done
policy-state-done-in-time = done in time
policy-state-done-late = done, late
policy-simulated = { $state } (simulated)

policy-standing = { $state }: { $time }

## policy-time

policy-left = due in { $time }
policy-left-none = due at this moment
policy-over = overdue by { $time }
policy-over-just = just overdue
policy-at-once = due at once; { $time } elapsed
policy-open = the text gives no limit; { $time } elapsed
policy-if-serious = if serious: { $time }
policy-if-flags = if { $flags }: { $time }
policy-no-detection = no moment of detection yet
policy-no-breach = no personal-data breach recorded
policy-no-end = the response has not ended
policy-not-serious = classified as not serious
policy-flags-no = answered: no such signs
policy-lapsed = does not apply now, but did at its limit and was not done
policy-done-in-time = at { $at }, { $time } before its limit
policy-done-late = at { $at }, { $time } late
policy-done-after = at { $at }, after { $time }
policy-done-unknown = at { $at }; nothing to count from

## policy-limit

policy-limit-words = { $words }
policy-limit-at-once = at once
policy-limit-none = no limit in the text
policy-limit-within = { $time }

## policy-citation

policy-citation = { $document }, { $article }
policy-citation-second-hand = { $citation } (read second-hand)
policy-citation-memory = { $citation } (not checked)
policy-citation-inference = { $citation } (an inference)
policy-citation-unsure = { $citation } (unsure)
policy-unsure = Unsure: { $text }

## policy-notice

policy-no-figure = (no figure yet)
policy-layout-blank = `{ $blank }` is missing in this pattern
policy-serious-yes = serious
policy-serious-no = not serious
policy-serious-undecided = not decided yet
policy-blank-unit = name of the unit
policy-blank-parent = body above the unit
policy-blank-place = place
policy-blank-operator = operating unit
policy-blank-owner = system owner
policy-blank-system = information system
policy-blank-level = approved level
policy-blank-run = id of the case
policy-blank-scenario = scenario
policy-blank-detected = moment of detection
policy-blank-detected-by = who detected it
policy-blank-contained = when it was contained
policy-blank-restored = when the service was back
policy-blank-ended = when the response ended
policy-blank-breach = when the personal-data breach was found
policy-blank-seen = what was seen
policy-blank-done = what has been done
policy-blank-keep-running = how people are served meanwhile
policy-blank-contact = contact
policy-blank-classification = classification
policy-blank-serious-definition = the unit's own definition of "serious"
policy-blank-to = to whom
policy-blank-citation = what it rests on
policy-blank-limit = limit
policy-blank-due = when it is due
policy-blank-now = when it is prepared

## policy-file

policy-duty-overlaps = the duty `{ $id }` is here already for the same days
policy-duty-overlaps-help = give `from` and `until` so that two versions share no day, or another `id`
policy-duty-twice = the duty `{ $id }` stands in { $file } already
policy-no-citation-help = every duty rests on something; a unit's own regulation is a document too
policy-start-unfit = `starts: { $start }` does not go with `applies: { $applies }`
policy-start-unfit-help = `breach` and `personal_data` always go together: the limit runs from the discovery of the breach
policy-flags-missing = `flags` is missing: nothing says what makes this duty apply
policy-flags-not-here = `flags` does not go with `applies: { $applies }`
policy-invalid-limit = `{ $text }` is not a limit
policy-invalid-limit-help = write `at_once`, `none` (the text gives no number), or a duration such as `24h`
policy-unknown-flag = no flag is named `{ $name }`
policy-unknown-recipient = no recipient is named `{ $name }`
policy-unknown-document = no document is named `{ $name }`
policy-unknown-notice = no notice is named `{ $name }`
policy-unknown-set = no set of duties is named `{ $name }` that could be switched
policy-blank-known = the blank `{ $name }` is filled by itself
policy-blank-known-help = leave it out, or give it another name
policy-blank-unused = the blank `{ $name }` is on no page
policy-blanks-differ = the blank `{ $name }` is in one language only
policy-blank-open = `{"{{"}` is not closed on its line
policy-blank-open-help = write a blank as {"`{{ system }}`"}
policy-unknown-blank = no blank is named `{ $name }`
policy-unknown-blank-help = what only people know is declared in `ask`

## policy-level

policy-rules-nd85 = Decree 85/2016/NĐ-CP
policy-rules-nd331 = Decree 331/2026/NĐ-CP
policy-rule-never = this condition can never hold
policy-rule-never-help = look for parts that exclude each other
policy-rule-empty = no condition is given
policy-unknown-fact = there is no fact `{ $name }`
policy-other-year = { $day } is not in the year of the file
policy-off-and-working = { $day } is both off and working

policy-noted = { $text } ({ $note })
policy-level-approved = approved level
policy-level-proposed = proposed level
policy-level-below = { $kind } { $level } is below the proved level { $proved }: determine it again
policy-level-fits = { $kind } { $level } is what the facts prove
policy-level-not-proved = { $kind } { $level } is not proved by the facts so far
policy-level-above = { $kind } { $level } is above every criterion that can still hold
policy-risk-higher = the assessed risk asks for level { $risk }, above level { $level }: the owner has to propose a higher one
policy-risk-not-higher = the assessed risk asks for level { $risk }, not above level { $level }
policy-kept = the approved level { $level } is kept; the new conditions are to be met by { $due }
policy-kept-late = the approved level { $level } is kept; the new conditions were to be met by { $due }
policy-building = under construction: appraisal by the former rules by { $appraised }, the new conditions by { $due }
policy-building-unsure = under construction, and nothing says whether that began before { $before }; if so it is appraised by the former rules: write `rules: nd85-2016` in `dossier`, else `rules: nd331-2026`
policy-building-late = under construction: overdue (appraisal by the former rules by { $appraised }, the new conditions by { $due })
policy-authority-unit = level { $level }: the owner's specialised unit appraises and approves, and reports to the owner
policy-authority-owner = level { $level }: the owner's specialised unit appraises, the owner approves
policy-authority-tt = level { $level }: the Ministry of Information and Communications appraises (the Ministries of National Defence and of Public Security for systems that they manage), the owner approves; the list of level 5 is the Prime Minister's
policy-authority-bca = level { $level }: the Ministry of Public Security appraises (the Ministry of National Defence for military systems, the Government Cipher Committee for cipher), the owner approves
policy-authority-bca-5 = level { $level }: the Ministry of Public Security appraises (the Ministry of National Defence for military systems, the Government Cipher Committee for cipher), the owner approves the plan, the Prime Minister the list
policy-appraiser-fits = appraised by { $unit }
policy-appraiser-other = appraised by { $unit }, the specialised unit is { $expected }: compare the two
policy-appraiser-not-ministry = { $unit } does not appraise systems of level { $level }
policy-decision-missing = who made the decision is not recorded
policy-no-number = its number is not recorded
policy-approver-unknown = approved by { $body }; no owner or specialised unit is recorded to compare with
policy-approver-fits = approved by { $body }
policy-approver-other = approved by { $body }, whose to approve is { $expected }: compare the two
policy-operator-council = an independent council appraised: { $unit }
policy-operator-appraises = { $unit } operates the system and appraised it: another unit or an independent council has to
policy-operator-apart = the appraiser does not operate the system: { $unit }
policy-operator-unknown = no operator is recorded to compare with the appraiser
policy-operator-is-unit = { $unit } is the specialised unit and operates the system: another unit or an independent council appraises
policy-regulation-before = the regulation was issued on { $issued }, before the approval
policy-regulation-after = the regulation was issued on { $issued }, not before the approval of { $decided }
policy-regulation-unknown = the day of the regulation or of the approval is not recorded
policy-time-appraisal = appraisal
policy-time-approval = approval
policy-time-days = { $days } days
policy-time-working = { $days } working days
policy-time-kept = { $what } within { $days } (by { $due }): done on { $at }
policy-time-late = { $what } within { $days } (by { $due }): late, done on { $at }
policy-time-runs = { $what } within { $days }: due on { $due }
policy-time-over = { $what } within { $days }: the last day was { $due }
policy-time-undated = { $what }: done, its day is not given
policy-no-holidays = no file `policies/holidays/` for { $years }: only Saturdays and Sundays are left out, the true day may be later
policy-splitting = shares `{ $what }` with the system `{ $other }` of level { $level }: no system may be split to lower its level
policy-change-open = the change of { $at } ({ $what }) has not been followed by a new determination
policy-change-risk = the change of { $at } ({ $what }) has not been followed by a new assessment of risk
policy-assessment-none = no assessment is recorded
policy-assessment-last = the last one was on { $at }
policy-assessment-no-number = assessed periodically by level and risk, the text gives no number; { $seen }
policy-assessment-due = assessed at least every { $months } months; { $seen }
policy-assessment-late = assessed at least every { $months } months: overdue; { $seen }
policy-reply = a dossier that is not complete is answered within { $days } working days, by { $due }
policy-assessor = the last one was made by { $by }: at level { $level } a licensed, competent or designated organisation has to make it; a person confirms that it is one
policy-assessor-operator = the last one was made by the operator ({ $by }): at level { $level } a licensed, competent or designated organisation has to make it; look at it
policy-assessor-independent = the last one was made by the operator ({ $by }): a self-assessment has to be independent of operations; look at it
policy-assessor-unknown = who made the one of { $at } is not recorded; at level { $level } a licensed, competent or designated organisation has to make it

policy-force-approved = { $level } (approved; number and day of the decision are not recorded)
policy-force-decision = { $level } (approved: { $decision })
policy-force-assumed = { $text } (assumed)
policy-force-computed = { $level } (computed by { $rules }, not approved)
policy-force-none = undetermined
policy-unknown-control = no requirement names the control `{ $control }`: it counts for nothing
policy-unknown-control-help = docs/inventory.md lists the controls; a unit adds its own with a file in policies/requirements/
policy-month-day = `{ $text }` is no day of every year
policy-month-day-help = write month and day: `"12-20"`
policy-cadence-name = `{ $text }` is no name of a cadence
policy-cadence-name-help = write set and id: `ct18-2022/live-drill`
policy-unknown-cadence = no cadence is named `{ $name }`
policy-level-twice = `{ $id }` has level { $level } twice
policy-until-before-from = the last day { $until } is before the first { $from }
policy-level-adopted = `{ $name }` is a time of the law on levels, no period that can be adopted
policy-level-adopted-help = what was done stands under `done`; a period of the unit's own under `rows`, such as `counts: assessment`
policy-done-to-come = { $day } has not come, today is { $today }: it cannot have been done
