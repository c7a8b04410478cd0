//! What a comparison came to, in words and as JSON.

use std::fmt::Write as _;
use std::path::Path;

use serde_json::{Value, json};

use crate::backup::{Finding, FindingKind, Problem, ProblemKind, RelativePath, SealState, Share, Signs, Verified};
use crate::message::{Message, format, message};
use crate::model::Lang;
use crate::ui::Context;

/// Of findings that do not break a copy so many are shown.
const FEW: usize = 20;

/// What is shown.
pub(super) struct Seen<'a> {
    pub(super) copy: &'a Path,
    pub(super) list: Option<&'a Path>,
    pub(super) verified: &'a Verified,
    pub(super) signs: &'a Signs,
    pub(super) share: Option<Share>,
}

/// The chance that reading `read` of `files` files misses all of `changed` changed ones.
///
/// Hypergeometric: the product of `(files - read - i) / (files - i)` over the changed ones.
#[expect(clippy::cast_precision_loss, reason = "a chance of three digits")]
fn missed(files: u64, read: u64, changed: u64) -> f64 {
    (0..changed.min(files)).map(|i| files.saturating_sub(read + i) as f64 / (files - i) as f64).product()
}

/// The document of `--json`.
pub(super) fn json(seen: &Seen<'_>) -> Value {
    let verified = seen.verified;
    let mut document = verified.verification.json();
    if let Some(fields) = document.as_object_mut() {
        fields.insert("key".to_owned(), json!(verified.key));
        fields.insert("files".to_owned(), json!(verified.files));
        fields.insert("interrupted".to_owned(), json!(verified.left.is_some()));
        if seen.share.is_some() {
            let chances: Vec<Value> = [1, 10, 100]
                .iter()
                .map(|changed| json!({"changed": changed, "missed": missed(verified.files, verified.verification.checked, *changed)}))
                .collect();
            fields.insert("sample".to_owned(), json!({"passed_over": verified.passed, "chances": chances}));
        }
        if seen.list.is_some() {
            let problems: Vec<Value> = verified.problems.iter().map(problem_json).collect();
            fields.insert("list".to_owned(), Value::from(problems));
        }
        if seen.signs.is_any() {
            let Signs { many, random, ending } = seen.signs;
            let many = many.map(|(changed, files)| json!({"changed": changed, "files": files}));
            let ending = ending.as_ref().map(|(ending, files)| json!({"ending": ending, "files": files}));
            fields.insert("signs".to_owned(), json!({"many": many, "random": random, "ending": ending}));
        }
    }
    document
}

fn problem_json(problem: &Problem) -> Value {
    json!({"line": problem.line, "problem": problem.kind.word(), "name": problem.name})
}

/// Prints findings and sums as data, warnings and notes beside it.
pub(super) fn print(seen: &Seen<'_>, context: &Context) {
    let lang = context.lang;
    let say = |message: Message| format!("{}\n", message.render(lang));
    let number = |value: u64| format::number(value, lang);
    let verified = seen.verified;
    let result = &verified.verification;
    let mut out = String::new();
    for problem in &verified.problems {
        out.push_str(&say(message!(
            "cli-backup-list-line",
            line = problem.line.to_string(),
            what = problem_words(problem.kind).render(lang),
            name = safe(&problem.name),
        )));
    }
    let mut metadata = 0;
    for finding in &result.findings {
        if finding.kind == FindingKind::Metadata {
            metadata += 1;
            if metadata > FEW {
                continue;
            }
        }
        out.push_str(&line(finding, lang));
    }
    if metadata > FEW {
        out.push_str(&say(message!("cli-backup-more-metadata", count = metadata - FEW)));
    }
    let copy = safe(&seen.copy.display().to_string());
    out.push_str(&say(match (seen.list, result.seal) {
        (Some(_), _) => message!("cli-backup-seal-list"),
        (None, SealState::Good) => {
            message!("cli-backup-seal-good", key = safe(verified.key.as_deref().unwrap_or_default()))
        }
        (None, SealState::UnknownKey) => {
            message!("cli-backup-seal-unknown", key = safe(verified.key.as_deref().unwrap_or_default()))
        }
        (None, SealState::Unsigned) => message!("cli-backup-seal-unsigned"),
        (None, SealState::Bad) => message!("cli-backup-seal-bad"),
    }));
    if result.seal != SealState::Bad {
        out.push_str(&say(message!(
            "cli-backup-checked",
            checked = number(result.checked),
            files = number(verified.files),
            bytes = format::bytes(result.bytes, lang),
        )));
        out.push_str(&say(unchecked(verified, lang)));
        if seen.share.is_some() {
            out.push_str(&chances(verified, lang));
        }
        out.push_str(&say(if result.whole {
            message!("cli-backup-whole", copy = copy)
        } else if result.differences() > 0 {
            message!("cli-backup-differs", copy = copy, count = result.differences())
        } else {
            message!("cli-backup-not-whole", copy = copy)
        }));
    }
    context.out(&out);
    beside(seen, context);
}

/// Warnings and notes.
fn beside(seen: &Seen<'_>, context: &Context) {
    let lang = context.lang;
    let warn = |message: Message| {
        context.err(&format!(
            "{}: {}\n",
            context.yellow(&message!("source-warning").render(lang)),
            message.render(lang)
        ));
    };
    let number = |value: u64| format::number(value, lang);
    if let Some((changed, files)) = seen.signs.many {
        warn(message!("cli-backup-sign-many", changed = number(changed), files = number(files)));
    }
    if seen.signs.random > 0 {
        warn(message!("cli-backup-sign-random", count = number(seen.signs.random)));
    }
    if let Some((ending, count)) = &seen.signs.ending {
        warn(message!("cli-backup-sign-ending", count = number(*count), ending = safe(ending)));
    }
    for folder in &seen.verified.elsewhere {
        context.note(&message!("cli-backup-elsewhere", folder = shown(folder)));
    }
}

fn unchecked(verified: &Verified, lang: Lang) -> Message {
    let number = |value: u64| format::number(value, lang);
    let all = verified.verification.unchecked;
    let left = verified.left.unwrap_or(0);
    let other = all.saturating_sub(verified.passed).saturating_sub(left);
    message!(
        "cli-backup-unchecked",
        all = number(all),
        passed = number(verified.passed),
        left = number(left),
        other = number(other),
    )
}

fn chances(verified: &Verified, lang: Lang) -> String {
    let mut text = String::new();
    for changed in [1, 10, 100] {
        if changed > verified.files {
            break;
        }
        let percent = missed(verified.files, verified.verification.checked, changed) * 100.0;
        let mut percent = format!("{percent:.1}");
        if lang == Lang::Vi {
            percent = percent.replace('.', ",");
        }
        let line = message!("cli-backup-chance", changed = changed, percent = percent).render(lang);
        let _ = writeln!(text, "{line}");
    }
    text
}

fn line(finding: &Finding, lang: Lang) -> String {
    let kind = match finding.kind {
        FindingKind::Changed => message!("cli-backup-changed"),
        FindingKind::Truncated => message!("cli-backup-truncated"),
        FindingKind::Grown => message!("cli-backup-grown"),
        FindingKind::Missing => message!("cli-backup-missing"),
        FindingKind::New => message!("cli-backup-new"),
        FindingKind::Renamed => message!("cli-backup-renamed"),
        FindingKind::Type => message!("cli-backup-type"),
        FindingKind::Unreadable => message!("cli-backup-unreadable"),
        FindingKind::Metadata => message!("cli-backup-metadata"),
    };
    let to = finding.to.as_ref().map_or_else(String::new, |to| format!(" -> {}", shown(to)));
    format!("{}  {}{to}\n", kind.render(lang), shown(&finding.path))
}

fn problem_words(kind: ProblemKind) -> Message {
    match kind {
        ProblemKind::Unreadable => message!("cli-backup-list-unreadable"),
        ProblemKind::Absolute => message!("cli-backup-list-absolute"),
        ProblemKind::Outside => message!("cli-backup-list-outside"),
        ProblemKind::Twice => message!("cli-backup-list-twice"),
        ProblemKind::Conflict => message!("cli-backup-list-conflict"),
    }
}

fn shown(path: &RelativePath) -> String {
    safe(&path.to_string())
}

/// A name as it can be shown: it may not move the cursor or break the line.
fn safe(text: &str) -> String {
    text.chars().flat_map(|c| if c.is_control() { c.escape_default().collect::<Vec<_>>() } else { vec![c] }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_chance_to_miss_is_that_of_drawing_without_putting_back() {
        let near = |seen: f64, expected: f64| assert!((seen - expected).abs() < 1e-9, "{seen} {expected}");
        near(missed(100, 100, 1), 0.0);
        near(missed(100, 0, 5), 1.0);
        near(missed(100, 25, 1), 0.75);
        // 90 choose 2 of 100 choose 2.
        near(missed(100, 10, 2), 90.0 * 89.0 / (100.0 * 99.0));
        near(missed(3, 1, 3), 0.0);
    }
}
