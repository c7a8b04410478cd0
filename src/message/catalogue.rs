//! The embedded Fluent files, read when the first text of a language is needed.

use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use unic_langid::LanguageIdentifier;

use super::{Arg, Lang, Message};

type Bundle = FluentBundle<FluentResource>;

macro_rules! catalogues {
    ($($room:literal),+ $(,)?) => {
        const VI: &[(&str, &str)] = &[$(($room, include_str!(concat!("vi/", $room, ".ftl")))),+];
        const EN: &[(&str, &str)] = &[$(($room, include_str!(concat!("en/", $room, ".ftl")))),+];
    };
}
catalogues!(
    "words",
    "source",
    "inventory",
    "systems",
    "policy",
    "level",
    "probe",
    "backup",
    "copies",
    "step",
    "playbook",
    "exercise",
    "engine",
    "ledger",
    "lab",
    "report",
    "cacao",
    "cli",
    "entry",
    "offer",
    "amend",
    "paper",
    "ready",
    "duty",
    "due",
    "notice",
    "people",
    "console"
);

/// `--help` in Vietnamese; English stands in the commands' own definitions, and a test of `ui` holds the ids to them.
const HELP: &[(&str, &str)] = &[("help", include_str!("vi/help.ftl"))];

static VIETNAMESE: LazyLock<Bundle> = LazyLock::new(|| bundle("vi", VI));
static ENGLISH: LazyLock<Bundle> = LazyLock::new(|| bundle("en", EN));

static VIETNAMESE_HELP: LazyLock<Bundle> = LazyLock::new(|| bundle("vi", HELP));

/// The Vietnamese help of a command or an argument.
pub(super) fn help(id: &str) -> Option<String> {
    let pattern = VIETNAMESE_HELP.get_message(id)?.value()?;
    Some(VIETNAMESE_HELP.format_pattern(pattern, None, &mut Vec::new()).into_owned())
}

fn bundle(language: &str, files: &[(&str, &str)]) -> Bundle {
    let language: LanguageIdentifier = language.parse().unwrap_or_default();
    let mut bundle = Bundle::new_concurrent(vec![language]);
    bundle.set_use_isolating(false);
    for (_, text) in files {
        // A file with a mistake keeps what can be read; the catalogue test fails on it.
        let resource = FluentResource::try_new((*text).to_owned()).unwrap_or_else(|(resource, _)| resource);
        bundle.add_resource_overriding(resource);
    }
    bundle
}

pub(super) fn render(message: &Message, lang: Lang) -> String {
    let bundle: &Bundle = match lang {
        Lang::Vi => &VIETNAMESE,
        Lang::En => &ENGLISH,
    };
    let Some(pattern) = bundle.get_message(message.id).and_then(|m| m.value()) else {
        return message.id.to_owned();
    };
    let mut args = FluentArgs::new();
    for (name, value) in &message.args {
        let value = match value {
            Arg::Text(text) => FluentValue::from(text.as_str()),
            Arg::Both(text) => FluentValue::from(text.pick(lang)),
            Arg::Number(number) => FluentValue::from(*number),
            Arg::Message(inner) => FluentValue::from(render(inner, lang)),
        };
        args.set(*name, value);
    }
    bundle.format_pattern(pattern, Some(&args), &mut Vec::new()).into_owned()
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;

    /// Ids and the arguments that their texts name.
    fn ids(files: &[(&str, &str)]) -> BTreeMap<String, BTreeSet<String>> {
        let mut found = BTreeMap::new();
        for (room, text) in files {
            let parsed = FluentResource::try_new((*text).to_owned());
            assert!(parsed.is_ok(), "{room}.ftl does not parse: {:?}", parsed.err().map(|(_, errors)| errors));
            let mut id = String::new();
            for line in text.lines() {
                if line.starts_with(|c: char| c.is_ascii_lowercase())
                    && let Some((name, _)) = line.split_once('=')
                {
                    id = name.trim().to_owned();
                    let before = found.insert(id.clone(), BTreeSet::new());
                    assert!(before.is_none(), "`{id}` stands twice (second in {room}.ftl)");
                }
                // A `$` outside braces is the text's own.
                for piece in line.split('{').skip(1).filter_map(|piece| piece.trim_start().strip_prefix('$')) {
                    let name: String =
                        piece.chars().take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-')).collect();
                    if let Some(arguments) = found.get_mut(&id) {
                        arguments.insert(name);
                    }
                }
            }
        }
        found
    }

    #[test]
    fn both_languages_have_the_same_texts_with_the_same_arguments() {
        let (vi, en) = (ids(VI), ids(EN));
        let differing: Vec<_> = vi
            .keys()
            .chain(en.keys())
            .collect::<BTreeSet<_>>()
            .into_iter()
            .filter(|id| vi.get(*id) != en.get(*id))
            .collect();
        assert!(differing.is_empty(), "differ between vi and en: {differing:?}");
    }
}
