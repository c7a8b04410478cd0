//! Signatures, with room for a hand and a seal, and the recipients.

use super::body::Body;
use super::xml::{Face, Shape, paragraph, plain_table, run, twips};
use crate::report::document::{Closing, SIGNING_ROOM, Signature};

impl Body<'_> {
    pub(super) fn closing(&mut self, closing: &Closing) {
        let room = u32::from(self.room) * 100;
        let widths = [room / 2, room - room / 2];
        let right = closing.right.as_ref().map(|it| self.signature(it)).unwrap_or_default();
        let rows = match &closing.left {
            Some(left) => {
                let signatures = vec![self.signature(left), right];
                let recipients = self.recipients(closing);
                if recipients.is_empty() { vec![signatures] } else { vec![signatures, vec![recipients, String::new()]] }
            }
            None => vec![vec![self.recipients(closing), right]],
        };
        // Two tables that touch become one.
        self.xml.push_str(&paragraph(&Shape::default().before(120).keep(), ""));
        self.xml.push_str(&plain_table(&widths, &rows));
    }

    fn signature(&self, signature: &Signature) -> String {
        let size = self.layout.sizes.signature;
        let line = |text: &str, face: Face| paragraph(&Shape::centred().keep(), &run(text, face));
        let mut xml = String::new();
        if let Some(authority) = &signature.authority {
            xml.push_str(&line(authority, Face::of(size).bold()));
        }
        let position = signature.position.to_uppercase();
        xml.push_str(&line(&position, Face::of(size).bold_if(self.layout.rules.position_bold)));
        let name = signature.name.as_deref().unwrap_or("…………………………");
        let shape = Shape::centred().before(twips(SIGNING_ROOM)).keep();
        xml.push_str(&paragraph(&shape, &run(name, Face::of(size).bold_if(signature.name.is_some()))));
        xml
    }

    fn recipients(&self, closing: &Closing) -> String {
        if closing.recipients.is_empty() {
            return String::new();
        }
        let (sizes, words) = (self.layout.sizes, &self.layout.words);
        let mut title = Face::of(sizes.recipients_title);
        if self.layout.rules.recipients_underlined {
            title.underline = true;
        } else {
            title = title.bold().italic();
        }
        // Under a signature it needs air; beside one it stands on its first line.
        let above = if closing.left.is_some() { 160 } else { 0 };
        let mut xml = paragraph(&Shape::default().before(above).keep(), &run(&words.recipients, title));
        for name in &closing.recipients {
            let shape = Shape { left: 140, hanging: 140, keep: true, ..Shape::default() };
            let text = format!("- {name}{}", words.item_end);
            xml.push_str(&paragraph(&shape, &run(&text, Face::of(sizes.recipients))));
        }
        xml.push_str(&paragraph(&Shape::default(), &run(&words.filing, Face::of(sizes.recipients))));
        xml
    }
}
