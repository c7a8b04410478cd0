//! The unit itself: `ungpho.yaml`.

use serde::{Deserialize, Serialize};

use crate::message::message;
use crate::model::record::Manner;
use crate::model::{Id, Lang, Text};
use crate::source::{self, Document, Finding, Node, Place, Reader};

/// Who runs this workspace, and how its documents are addressed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unit {
    /// The unit's name.
    pub unit: Text,
    /// The body above it.
    pub parent: Option<Text>,
    /// The letters in its document numbers: `SKHCN`.
    pub symbol: Option<String>,
    /// Where its documents are dated.
    pub place: Option<Text>,
    /// Whether it is a body of the Party, whose documents have a layout of their own.
    #[serde(default)]
    pub party: bool,
    /// Who receives notices and reports.
    pub recipients: Vec<Recipient>,
    /// Who signs documents.
    pub signers: Vec<Signer>,
    /// The language of its documents.
    pub language: Lang,
    /// How a second person may consent to what is destructive; empty where nobody has to, nothing where the unit has not said.
    pub second_person: Option<Vec<Manner>>,
    /// What the unit itself calls a serious incident. No regulation defines it.
    pub serious_definition: Option<Text>,
}

/// Who receives notices and reports.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recipient {
    /// The part that regulations give it: `authority`, `owner`, `specialised_unit`, `data_protection_authority`.
    pub role: Option<Id>,
    /// The name.
    pub name: Text,
}

/// Who signs documents.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signer {
    /// By what right, printed above the position: `TM. ỦY BAN NHÂN DÂN`, `KT. GIÁM ĐỐC`; nothing for a head in their own right.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub authority: Option<Text>,
    /// The title that is printed above the name.
    pub position: Text,
    /// The name.
    pub name: Option<String>,
}

impl Unit {
    /// Reads the unit in `text`, which findings call `file`.
    ///
    /// # Errors
    ///
    /// Everything that is wrong in it, in file order.
    pub fn read(file: &str, text: &str) -> Result<Self, Vec<Finding>> {
        Self::read_document(&source::parse(file, text)).0
    }

    /// Reads the unit in `document`, with the warnings where it holds.
    pub fn read_document(document: &Document) -> (Result<Self, Vec<Finding>>, Vec<Finding>) {
        let reader = Reader::new(document);
        let unit = document.root.as_ref().and_then(|root| top(&reader, root));
        super::finish(reader, unit)
    }
}

fn top<'a>(reader: &Reader<'a>, root: &'a Node) -> Option<Unit> {
    let fields = reader.fields("unit", root, Place::START)?;
    fields.format();
    let words = |node: Option<&'a Node>| node.and_then(|node| reader.words(node));
    let unit = words(fields.required("unit"));
    let parent = words(fields.optional("parent"));
    let symbol = fields.optional("symbol").and_then(|node| reader.text(node)).filter(|symbol| !symbol.is_empty());
    let place = words(fields.optional("place"));
    let party = fields.optional("documents").and_then(|node| reader.word(node, &[("state", false), ("party", true)]));
    let recipients = fields.optional("recipients").and_then(|node| reader.list(node, |item| recipient(reader, item)));
    let listed = fields.optional("signers");
    if party == Some(true) {
        collective(reader, listed);
    }
    let signers = listed.and_then(|node| reader.list(node, |item| signer(reader, item)));
    let language = fields
        .optional("language")
        .map_or(Some(Lang::Vi), |node| reader.word(node, &[("vi", Lang::Vi), ("en", Lang::En)]));
    let second_person = fields.optional("second_person").and_then(|node| {
        let ways =
            [("key", Manner::Key), ("present", Manner::Present), ("phone", Manner::Phone), ("alone", Manner::Alone)];
        reader.list(node, |item| reader.word(item, &ways))
    });
    let serious_definition = words(fields.optional("serious_definition"));
    fields.finish();
    Some(Unit {
        unit: unit?,
        parent,
        symbol,
        place,
        party: party.unwrap_or_default(),
        recipients: recipients.unwrap_or_default(),
        signers: signers.unwrap_or_default(),
        language: language?,
        second_person,
        serious_definition,
    })
}

/// A name, or `{role, name}`. A map without these keys is a name in two languages.
fn recipient<'a>(reader: &Reader<'a>, node: &'a Node) -> Option<Recipient> {
    if node.get("role").is_none() && node.get("name").is_none() {
        return Some(Recipient { role: None, name: reader.words(node)? });
    }
    let fields = reader.fields("recipient", node, node.place)?;
    let role = fields.required("role").and_then(|node| reader.id(node));
    let name = fields.required("name").and_then(|node| reader.words(node));
    fields.finish();
    Some(Recipient { role: Some(role?), name: name? })
}

fn signer<'a>(reader: &Reader<'a>, node: &'a Node) -> Option<Signer> {
    if node.scalar().is_some() {
        return Some(Signer { authority: None, position: reader.words(node)?, name: None });
    }
    let fields = reader.fields("signer", node, node.place)?;
    let authority = fields.optional("authority").and_then(|node| reader.words(node));
    let position = fields.required("position").and_then(|node| reader.words(node));
    let name = fields.optional("name").and_then(|node| reader.filled_text(node));
    fields.finish();
    Some(Signer { authority, position: position?, name })
}

/// Bodies of the Party that decide together: nobody signs for one of them as a deputy for a head does, in any spelling
/// (`docs/regulations.md`, 5.4).
const COLLECTIVES: &[&str] = &[
    "ĐẢNG ỦY",
    "TỈNH ỦY",
    "THÀNH ỦY",
    "HUYỆN ỦY",
    "QUẬN ỦY",
    "THỊ ỦY",
    "CHI ỦY",
    "CHI BỘ",
    "ĐẢNG BỘ",
    "ĐẢNG ĐOÀN",
    "BAN CHẤP HÀNH",
    "BAN THƯỜNG VỤ",
    "BAN CÁN SỰ",
    "BAN CHỈ ĐẠO",
    "THƯỜNG TRỰC",
];

/// Whether somebody signs with `K/T` for a collective body of the Party, for which nobody signs so.
#[must_use]
pub fn for_a_collective(authority: &str) -> bool {
    let upper = authority.trim().to_uppercase().replace("UỶ", "ỦY");
    let body = ["K/T", "KT."].iter().find_map(|form| upper.strip_prefix(form)).map(str::trim_start);
    body.is_some_and(|body| COLLECTIVES.iter().any(|it| body.starts_with(it)))
}

/// Warns of a collective body of the Party for which somebody signs with `K/T`.
fn collective<'a>(reader: &Reader<'a>, node: Option<&'a Node>) {
    for node in node.into_iter().flat_map(Node::items).filter_map(|item| item.get("authority")) {
        let words: Vec<String> = match node.scalar() {
            Some((text, _)) => vec![text.to_owned()],
            None => ["vi", "en"].iter().filter_map(|key| Some(node.get(key)?.scalar()?.0.to_owned())).collect(),
        };
        for text in words {
            if for_a_collective(&text) {
                let message = message!("inventory-collective", authority = text);
                reader.warning("collective-signature", node.place, message, message!("inventory-collective-help"));
            }
        }
    }
}
