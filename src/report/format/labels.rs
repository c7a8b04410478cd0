//! The words that formats share, in the language of the page.

pub(in crate::report) use super::amounts::{beside, counted, exact, lasting, millis, padded, seconds, signed};
use crate::message::{Message, format, message};
use crate::model::record::{People, What};
use crate::model::{Actor, Basis, Effect, Id, Lang, Mark, Mode, Outcome, Phase, RunKind, RunResult, Stamp, Text};
use crate::report::gather::late_entry;
use crate::report::{BackupFate, ChangeRow, ClockState, Exception, Recorded, Report, SignatureStanding};

/// A message in the language of the page.
pub(in crate::report) fn say(message: &Message, lang: Lang) -> String {
    message.render(lang)
}

/// What a usual role is called, where a playbook that does not have it says nothing.
pub(in crate::report) fn role(role: &Id) -> Option<Message> {
    Some(match role.as_str() {
        "commander" => message!("report-role-commander"),
        "operator" => message!("report-role-operator"),
        "security" => message!("report-role-security"),
        "communications" => message!("report-role-communications"),
        "network" => message!("report-role-network"),
        "secretary" => message!("minutes-part-secretary"),
        "facilitator" => message!("report-role-facilitator"),
        "clerk" => message!("report-role-clerk"),
        "data_officer" => message!("report-role-data-officer"),
        _ => return None,
    })
}

/// An exception as documents write it: its amounts of time so, where the words are the program's own.
pub(in crate::report) fn exception(report: &Report, row: &Exception, lang: Lang) -> String {
    let text = row.text.pick(lang);
    let change = report.changes.iter().find(|change| row.code == "late" && row.records == [change.seq]);
    if let Some((change, occurred)) = change.and_then(|change| Some((change, change.occurred.as_ref()?))) {
        let said = late_entry(report, change, occurred, lang, dated).render(lang);
        return change.because.as_ref().map_or(said.clone(), |because| format!("{said}: {because}"));
    }
    if matches!(row.code, "gap" | "unobserved" | "clock-stepped" | "outage-open") {
        return padded(text, lang);
    }
    let corrected = report.changes.iter().find(|change| row.code == "corrected" && row.records == [change.seq]);
    if let Some(change) = corrected {
        return moments_in_words(change, text, lang);
    }
    // A count that begins the sentence is one of ours.
    let count = ["retold", "unconfirmed", "default", "redacted"].contains(&row.code) && lang == Lang::Vi;
    match text.split_once(' ') {
        Some((number, rest)) if count && number.len() == 1 => format!("0{number} {rest}"),
        _ => text.to_owned(),
    }
}

/// What a correction says, in `text`, with the moments in it as documents write them.
pub(in crate::report) fn moments_in_words(change: &ChangeRow, text: &str, lang: Lang) -> String {
    let values = change.correction.iter().flat_map(|it| [&it.was, &it.is]).flatten();
    let moments = values.filter_map(|value| value.parse::<Stamp>().ok());
    moments.fold(text.to_owned(), |text, at| text.replacen(&format::time(&at, lang), &to_the_second(&at, lang), 1))
}

/// As [`dated`], with the seconds where there are any.
fn to_the_second(at: &Stamp, lang: Lang) -> String {
    let at = crate::policy::in_vietnam(at);
    let second = at.offset.to_datetime(at.instant).second();
    let text = dated(&at, lang);
    match (lang, second) {
        (_, 0) | (Lang::En, _) => text,
        (Lang::Vi, second) => text.replacen(" phút ", &format!(" phút {second:02} giây "), 1),
    }
}

/// A moment as documents write it, in Vietnam's time: `14 giờ 30 phút ngày 08 tháng 8 năm 2026`.
pub(in crate::report) fn dated(at: &Stamp, lang: Lang) -> String {
    format::document_time(&crate::policy::in_vietnam(at), lang)
}

/// A moment of the course as documents write it, to the second; with the day where the run was not all on one.
pub(in crate::report) fn moment_in_words(report: &Report, at: &Stamp, lang: Lang) -> String {
    if lang != Lang::Vi {
        return moment(report, at, lang);
    }
    let local = at.offset.to_datetime(at.instant);
    let time = format!("{:02} giờ {:02} phút {:02} giây", local.hour(), local.minute(), local.second());
    let whole = moment(report, at, lang);
    if whole == format::clock(at) {
        return time;
    }
    let day = crate::report::document::day_in_words(Some((local.year(), local.month(), local.day())), lang);
    format!("{time}, {day}")
}

pub(in crate::report) fn stamp(stamp: &Stamp, lang: Lang) -> String {
    format::time(stamp, lang)
}

pub(in crate::report) fn optional(value: Option<&Stamp>, lang: Lang) -> String {
    value.map_or_else(|| "–".to_owned(), |value| stamp(value, lang))
}

/// What people call a record of this type; its own word where they write none.
pub(in crate::report) fn record(kind: &str) -> Message {
    match kind {
        "answered" => message!("report-record-answered"),
        "decided" => message!("report-record-decided"),
        "consented" => message!("report-record-consented"),
        "noted" => message!("report-record-noted"),
        "attached" => message!("report-record-attached"),
        "marked" => message!("report-record-marked"),
        "classified" => message!("report-record-classified"),
        "notice-prepared" => message!("report-record-notice-prepared"),
        "notice-sent" => message!("report-record-notice-sent"),
        "joined" => message!("report-record-joined"),
        "left" => message!("report-record-left"),
        "replaced" => message!("report-record-replaced"),
        "handed-over" => message!("report-record-handed-over"),
        "confirmed" => message!("report-record-confirmed"),
        "corrected" => message!("report-record-corrected"),
        "redacted" => message!("report-record-redacted"),
        "concluded" => message!("report-record-concluded"),
        "run-voided" => message!("report-record-run-voided"),
        "run-paused" => message!("report-record-run-paused"),
        "run-continued" => message!("report-record-run-continued"),
        "run-stopping" => message!("report-record-run-stopping"),
        "signed" => message!("report-record-signed"),
        "injected" => message!("report-record-injected"),
        "scored" => message!("report-record-scored"),
        "action-opened" => message!("report-record-action-opened"),
        "action-closed" => message!("report-record-action-closed"),
        "attack-action" => message!("report-record-attack-action"),
        "stop-word" => message!("report-record-stop-word"),
        "script-revealed" => message!("report-record-script-revealed"),
        "playbook-switched" => message!("report-record-playbook-switched"),
        "asked" => message!("report-record-asked"),
        "step-started" => message!("report-record-step-started"),
        "step-ended" => message!("report-record-step-ended"),
        "document-issued" => message!("report-record-document-issued"),
        "activity" => message!("report-record-activity"),
        "backup-sealed" => message!("report-record-backup-sealed"),
        "backup-verified" => message!("report-record-backup-verified"),
        "backup-proved" => message!("report-record-backup-proved"),
        "inventory-noted" => message!("report-record-inventory-noted"),
        "run-started" => message!("report-event-started"),
        "run-ended" => message!("report-record-run-ended"),
        "faulted" | "fault-cleared" => message!("report-record-fault"),
        other => message!("report-record-other", kind = other),
    }
}

/// What people call a field of a record that was corrected; its own word where they have none.
pub(in crate::report) fn field(field: &str) -> Message {
    match field {
        "occurred" => message!("report-field-occurred"),
        "actor" => message!("report-field-actor"),
        "basis" => message!("report-field-basis"),
        "mark" => message!("report-field-mark"),
        "text" | "what" => message!("report-field-text"),
        "name" => message!("report-field-name"),
        "to" => message!("report-field-to"),
        "number" => message!("report-field-number"),
        "signer" => message!("report-field-signer"),
        "owner" => message!("report-field-owner"),
        "due" => message!("report-field-due"),
        "with" => message!("report-field-with"),
        "result" => message!("report-field-result"),
        "follow_up" => message!("report-field-follow-up"),
        "because" => message!("report-field-because"),
        "secretary" => message!("report-field-secretary"),
        "place" => message!("report-field-place"),
        other => message!("report-field-answer", field = other.strip_prefix("answers.").unwrap_or(other)),
    }
}

/// When something ended; that it has not.
pub(in crate::report) fn until(value: Option<&Stamp>, lang: Lang) -> String {
    value.map_or_else(|| say(&message!("report-not-ended-yet"), lang), |value| stamp(value, lang))
}

/// A moment of the run: without its date where all that happened in it was on one day.
pub(in crate::report) fn moment(report: &Report, at: &Stamp, lang: Lang) -> String {
    let day = |at: &Stamp| format::date(&crate::policy::in_vietnam(at), lang);
    let end = report.run.ended.as_ref().unwrap_or(&report.made);
    // The course stands in the order of time; what was added after the end is told with its day.
    let first = report.course.first().map(|row| &row.at);
    let last = report.course.iter().rev().map(|row| &row.at).find(|at| at.instant <= end.instant);
    let moments = [Some(&report.since()), Some(end), first, last];
    if moments.into_iter().flatten().all(|it| day(it) == day(at)) { format::clock(at) } else { format::time(at, lang) }
}

/// As [`moment`], for one that may not have come.
pub(in crate::report) fn moment_or_none(report: &Report, at: Option<&Stamp>, lang: Lang) -> String {
    at.map_or_else(|| "–".to_owned(), |at| moment(report, at, lang))
}

/// Who, where it is not a person: the engine has no name.
pub(in crate::report) fn actor(actor: &Actor, lang: Lang) -> String {
    if *actor == Actor::engine() { message!("report-by-machine").render(lang) } else { actor.to_string() }
}

/// Numbers of records: `#3, #7`; of many the first and the last.
pub(in crate::report) fn records(numbers: &[u64]) -> String {
    match numbers {
        [] => String::new(),
        [.., last] if numbers.len() > 6 => format!("#{} … #{last}", numbers[0]),
        _ => numbers.iter().map(|seq| format!("#{seq}")).collect::<Vec<_>>().join(", "),
    }
}

pub(in crate::report) fn banner(report: &Report) -> Message {
    match report.run.kind {
        RunKind::Drill => message!("report-banner-drill"),
        RunKind::Incident => message!("report-banner-incident"),
    }
}

pub(in crate::report) fn outcome(outcome: Outcome) -> Message {
    match outcome {
        Outcome::Done => message!("report-outcome-done"),
        Outcome::Failed => message!("report-outcome-failed"),
        Outcome::Skipped => message!("report-outcome-skipped"),
        Outcome::Unknown => message!("report-outcome-unknown"),
        Outcome::Abandoned => message!("report-outcome-abandoned"),
    }
}

/// A sign that says the same without colour. What passed without anybody confirming it is not ticked.
pub(in crate::report) fn sign(outcome: Outcome, confirmed: Option<bool>) -> &'static str {
    match outcome {
        Outcome::Done if confirmed == Some(false) => "○",
        Outcome::Done => "✓",
        Outcome::Failed => "✗",
        Outcome::Skipped => "–",
        Outcome::Unknown => "?",
        Outcome::Abandoned => "■",
    }
}

pub(in crate::report) fn result(result: RunResult) -> Message {
    match result {
        RunResult::Passed => message!("report-result-passed"),
        RunResult::Failed => message!("report-result-failed"),
        RunResult::Stopped => message!("report-result-stopped"),
    }
}

pub(in crate::report) fn mode(report: &Report) -> Message {
    match (report.run.mode, report.run.lab) {
        (Mode::Tabletop, _) => message!("report-mode-tabletop"),
        (Mode::Technical, true) => message!("report-mode-lab"),
        (Mode::Technical, false) => message!("report-mode-technical"),
        (Mode::Live, _) => message!("report-mode-live"),
        (Mode::Respond, _) => message!("report-mode-respond"),
    }
}

pub(in crate::report) fn people(people: People) -> Message {
    match people {
        People::Console => message!("report-people-console"),
        People::Scripted => message!("report-people-scripted"),
        People::Unattended => message!("report-people-unattended"),
    }
}

pub(in crate::report) fn mark(mark: Mark) -> Message {
    match mark {
        Mark::Detected => message!("report-mark-detected"),
        Mark::Declared => message!("report-mark-declared"),
        Mark::Contained => message!("report-mark-contained"),
        Mark::Restored => message!("report-mark-restored"),
        Mark::Closed => message!("report-mark-closed"),
    }
}

pub(in crate::report) fn phase(phase: Phase) -> Message {
    match phase {
        Phase::Receive => message!("report-phase-receive"),
        Phase::Contain => message!("report-phase-contain"),
        Phase::Recover => message!("report-phase-recover"),
        Phase::Review => message!("report-phase-review"),
    }
}

pub(in crate::report) fn effect(effect: Effect) -> Message {
    match effect {
        Effect::Observe => message!("report-effect-observe"),
        Effect::Change => message!("report-effect-change"),
        Effect::Destructive => message!("report-effect-destructive"),
    }
}

pub(in crate::report) fn action(word: &str) -> Message {
    match word {
        "manual" => message!("report-action-manual"),
        "run" => message!("report-action-run"),
        "probe" => message!("report-action-probe"),
        "wait" => message!("report-action-wait"),
        "backup" => message!("report-action-backup"),
        "restore" => message!("report-action-restore"),
        "decide" => message!("report-action-decide"),
        "parallel" => message!("report-action-parallel"),
        "each" => message!("report-action-each"),
        "repeat" => message!("report-action-repeat"),
        "call" => message!("report-action-call"),
        "notify" => message!("report-action-notify"),
        "inject" => message!("report-action-inject"),
        "fault" => message!("report-action-fault"),
        "undo" => message!("report-action-undo"),
        _ => message!("report-action-note"),
    }
}

pub(in crate::report) fn clock(state: ClockState) -> Message {
    match state {
        ClockState::Within => message!("report-clock-within"),
        ClockState::Over => message!("report-clock-over"),
        ClockState::Measured => message!("report-clock-measured"),
        ClockState::Running => message!("report-clock-running"),
        ClockState::NotBegun => message!("report-clock-not-begun"),
    }
}

pub(in crate::report) fn met(met: Option<bool>) -> Message {
    match met {
        Some(true) => message!("report-met"),
        Some(false) => message!("report-not-met"),
        None => message!("report-not-measured"),
    }
}

/// Whether an objective was met; what was recorded at the end beside it, where that was something else.
pub(in crate::report) fn met_now(row: Option<bool>, recorded: Option<&Recorded>, lang: Lang) -> String {
    let now = met(row).render(lang);
    match recorded.filter(|recorded| recorded.met != row) {
        Some(recorded) => message!("document-at-the-end", now = now, then = met(recorded.met)).render(lang),
        None => now,
    }
}

/// What was measured of an objective; what was recorded at the end beside it, where that was something else.
pub(in crate::report) fn measured_now(row: Option<&Text>, recorded: Option<&Recorded>, lang: Lang) -> Option<String> {
    let words = |text: &Text| padded(text.pick(lang), lang);
    let now = words(row?);
    Some(match recorded.and_then(|recorded| recorded.measured.as_ref()).map(words).filter(|then| *then != now) {
        Some(then) => message!("document-at-the-end", now = now, then = then).render(lang),
        None => now,
    })
}

pub(in crate::report) fn fate(fate: BackupFate) -> Message {
    match fate {
        BackupFate::Chosen => message!("report-backup-chosen"),
        BackupFate::Rejected => message!("report-backup-rejected"),
        BackupFate::Whole => message!("report-backup-whole"),
        BackupFate::Differs => message!("report-backup-differs"),
        BackupFate::Proved => message!("report-backup-proved"),
        BackupFate::NotProved => message!("report-backup-not-proved"),
        BackupFate::Sealed => message!("report-backup-sealed"),
    }
}

/// Why a copy was rejected: a word of ours, or what stands there.
pub(in crate::report) fn rejected(word: &str) -> Message {
    match word {
        "differs" => message!("report-rejected-differs"),
        "no-seal" => message!("report-rejected-no-seal"),
        "bad-seal" => message!("report-rejected-bad-seal"),
        "unsigned" => message!("report-rejected-unsigned"),
        "unknown-key" => message!("report-rejected-unknown-key"),
        "unreadable" => message!("report-rejected-unreadable"),
        "other-kind" => message!("report-rejected-other-kind"),
        other => message!("report-as-it-is", text = other),
    }
}

/// What differs in a copy.
pub(in crate::report) fn difference(word: &str) -> Message {
    match word {
        "changed" => message!("report-difference-changed"),
        "truncated" => message!("report-difference-truncated"),
        "grown" => message!("report-difference-grown"),
        "missing" => message!("report-difference-missing"),
        "new" => message!("report-difference-new"),
        "renamed" => message!("report-difference-renamed"),
        "type" => message!("report-difference-type"),
        "unreadable" => message!("report-difference-unreadable"),
        other => message!("report-as-it-is", text = other),
    }
}

pub(in crate::report) fn what(what: What) -> Message {
    match what {
        What::Manual => message!("report-what-manual"),
        What::Decide => message!("report-what-decide"),
        What::Consent => message!("report-what-consent"),
        What::State => message!("report-what-state"),
        What::Truth => message!("report-what-truth"),
        What::Orphan => message!("report-what-orphan"),
        What::Undo => message!("report-what-undo"),
        What::Deliver => message!("report-what-deliver"),
        What::Second => message!("report-what-second"),
        What::Handover => message!("report-what-handover"),
    }
}

pub(in crate::report) fn basis(basis: Basis) -> Message {
    crate::report::gather::basis(basis)
}

pub(in crate::report) fn evidence(kind: &str) -> Message {
    match kind {
        "output" => message!("report-evidence-output"),
        "capture" => message!("report-evidence-capture"),
        "attachment" => message!("report-evidence-attachment"),
        "note" => message!("report-evidence-note"),
        _ => message!("report-evidence-detail"),
    }
}

/// One line on what the ledger's verification came to.
pub(in crate::report) fn standing(report: &Report) -> Message {
    let ledger = &report.ledger;
    match ledger.ok {
        Some(true) => message!("report-ledger-holds"),
        Some(false) => message!("report-ledger-fails", held = ledger.held),
        None => message!("report-ledger-not-looked"),
    }
}

/// How many records the ledger has, and how many of them its key has signed.
pub(in crate::report) fn signed_part(size: u64, signed: u64, lang: Lang) -> Message {
    let (all, some) = (format::number(size, lang), format::number(signed, lang));
    if signed >= size {
        message!("document-signed-all", size = all)
    } else if signed == 0 {
        message!("document-signed-none", size = all)
    } else {
        message!("document-signed-part", size = all, signed = some, from = signed.to_string())
    }
}

/// What comparing a person's signature came to.
pub(in crate::report) fn signature(standing: SignatureStanding, who: &str) -> Message {
    match standing {
        SignatureStanding::Good => message!("signature-good"),
        SignatureStanding::OtherKey => message!("signature-other-key", who = who),
        SignatureStanding::NoKey => message!("signature-no-key", who = who),
        SignatureStanding::Broken => message!("signature-broken"),
        SignatureStanding::Gone => message!("signature-gone"),
        SignatureStanding::NotLooked => message!("signature-not-looked"),
    }
}
