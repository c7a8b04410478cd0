//! Findings as people read them, in the look of rustc.

use std::collections::BTreeMap;

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};

use super::finding::{Finding, Severity};
use crate::message::{Message, message};
use crate::model::Lang;

/// The widest line that is shown whole, in characters.
const WIDTH: usize = 140;

/// Every finding in the look of rustc, in `lang`. `texts` has the text of each file by the name that findings use.
///
/// A finding whose file has no text is shown with its place only.
#[must_use]
pub fn render(findings: &[Finding], texts: &BTreeMap<String, String>, lang: Lang, color: bool) -> String {
    let renderer = if color { Renderer::styled() } else { Renderer::plain() }.term_width(WIDTH);
    let mut lines: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let mut all = String::new();
    for finding in findings {
        let text = texts.get(&finding.file);
        let line = text.and_then(|text| {
            let lines = lines.entry(&finding.file).or_insert_with(|| text.lines().collect());
            lines.get(finding.line.saturating_sub(1)).copied()
        });
        all.push_str(&one(finding, line, lang, &renderer));
        all.push_str("\n\n");
    }
    all
}

fn one(finding: &Finding, line: Option<&str>, lang: Lang, renderer: &Renderer) -> String {
    let (level, name) = match finding.severity {
        Severity::Error => (Level::ERROR, message!("source-error")),
        Severity::Warning => (Level::WARNING, message!("source-warning")),
    };
    let name = name.render(lang);
    let title = finding.message.render(lang);
    let label = finding.label.as_ref().map(|label| label.render(lang));
    let help = finding.help.as_ref().map(|help: &Message| help.render(lang));
    let help_name = message!("source-help").render(lang);
    let mut group: Group<'_> = Group::with_title(level.with_name(name).primary_title(title).id(finding.code));
    match line {
        Some(line) => {
            let clean = line.strip_prefix('\u{feff}').unwrap_or(line);
            let span = span(clean, finding.column, finding.end_column);
            let annotation = AnnotationKind::Primary.span(span).label(label);
            group = group.element(
                Snippet::source(clean).line_start(finding.line).path(finding.file.as_str()).annotation(annotation),
            );
        }
        None => {
            group = group.element(Origin::path(finding.file.as_str()).line(finding.line).char_column(finding.column));
        }
    }
    if let Some(help) = help {
        group = group.element(Level::HELP.with_name(help_name).message(help));
    }
    renderer.render(&[group])
}

/// Columns (from 1, in characters) as a range of bytes of `line`.
fn span(line: &str, column: usize, end: usize) -> std::ops::Range<usize> {
    let byte = |column: usize| line.char_indices().nth(column.saturating_sub(1)).map_or(line.len(), |(at, _)| at);
    let start = byte(column);
    start..byte(end).max(start)
}
