//! The document model without what is left out.

use super::{Counts, Redactor};
use crate::policy::redaction::Class;
use crate::report::document::{Block, Document, Inline, Picture, Spans};

impl Redactor {
    /// Every text of `document` without what is left out, and on it the note that says so: before the signatures, else at the end
    /// of what comes first. A picture may show anything: it goes as a whole.
    pub fn document(&self, document: &mut Document) -> Counts {
        let mut counts = Counts::default();
        document.title = self.clean(&document.title, &mut counts);
        if let Some(head) = &mut document.head {
            let optional = [&mut head.parent, &mut head.about].into_iter().flatten();
            for text in optional.chain([&mut head.issuer, &mut head.subject]).chain(&mut head.to) {
                *text = self.clean(text, &mut counts);
            }
        }
        self.blocks(&mut document.blocks, &mut counts);
        for annex in &mut document.annexes {
            annex.title = self.clean(&annex.title, &mut counts);
            self.blocks(&mut annex.blocks, &mut counts);
        }
        let note = Block::Paragraph(vec![Inline::italic(format!("{}.", self.note(&counts)))]);
        let first = document.annexes.first_mut().filter(|_| document.blocks.is_empty());
        let blocks = first.map_or(&mut document.blocks, |annex| &mut annex.blocks);
        let closing = blocks.iter().position(|block| matches!(block, Block::Closing(_)));
        // The closing sentence stays the last of the text: it has the mark of its end.
        let at = closing.map_or(blocks.len(), |closing| match closing.checked_sub(1).map(|last| &blocks[last]) {
            Some(Block::Paragraph(_)) => closing - 1,
            _ => closing,
        });
        blocks.insert(at, note);
        counts
    }

    fn blocks(&self, blocks: &mut [Block], counts: &mut Counts) {
        for block in blocks {
            match block {
                Block::Basis(lines) => lines.iter_mut().for_each(|line| *line = self.clean(line, counts)),
                Block::Heading(_, text) => *text = self.clean(text, counts),
                Block::Paragraph(spans) | Block::Centred(spans) => self.spans(spans, counts),
                Block::List(_, items) => items.iter_mut().for_each(|item| self.spans(item, counts)),
                Block::Table(table) | Block::Grouped(table, _) => {
                    if let Some(caption) = &mut table.caption {
                        *caption = self.clean(caption, counts);
                    }
                    for column in &mut table.columns {
                        column.title = self.clean(&column.title, counts);
                    }
                    table.rows.iter_mut().flatten().flatten().for_each(|spans| self.spans(spans, counts));
                }
                Block::Picture(Picture::Qr { beside, .. }) => {
                    for spans in beside {
                        self.spans(spans, counts);
                    }
                }
                Block::Picture(Picture::Png { .. }) => {
                    self.whole(Class::Weaknesses, counts);
                    *block = Block::Centred(vec![Inline::italic(self.gone())]);
                }
                Block::Closing(closing) => {
                    for signature in [&mut closing.left, &mut closing.right].into_iter().flatten() {
                        if let Some(name) = &mut signature.name {
                            *name = self.clean(name, counts);
                        }
                    }
                    closing.recipients.iter_mut().for_each(|name| *name = self.clean(name, counts));
                }
                Block::NewPage => {}
            }
        }
    }

    fn spans(&self, spans: &mut Spans, counts: &mut Counts) {
        for span in spans {
            match span {
                Inline::Words { text, .. } | Inline::Code(text) => {
                    *text = self.clean(text, counts);
                }
                Inline::Mark(_) | Inline::Break => {}
            }
        }
    }
}
