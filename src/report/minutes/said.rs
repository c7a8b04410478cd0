//! Who has signed which state of the record, what came after, and the head of the ledger as text and as a code.

use std::collections::BTreeSet;

use super::{Writer, cell};
use crate::message::message;
use crate::report::course::capital;
use crate::report::document::{Block, Inline, Picture, Table};
use crate::report::format::labels;
use crate::report::{ChangeKind, ChangeRow};

/// How wide the code is printed, in millimetres.
const CODE: u16 = 32;

impl Writer<'_> {
    pub(super) fn signed(&self) -> Vec<Block> {
        let (lang, report) = (self.facts.lang, self.report());
        let mut blocks = vec![Block::Heading(1, self.say(&message!("minutes-signed")))];
        if report.signatures.is_empty() {
            blocks.push(Block::text(self.say(&message!("minutes-nobody-signed"))));
        } else {
            let rows = report.signatures.iter().map(|row| {
                let size = crate::message::format::number(row.size, lang);
                let state = self.say(&message!("minutes-signed-state", size = size));
                let standing = self.say(&labels::signature(row.standing, &self.name(&row.by)));
                let (who, at) = (self.name(&row.by), self.time(&row.at));
                vec![cell(who), cell(at), cell(state), cell(standing), cell(row.key.as_str())]
            });
            let columns = [
                (message!("minutes-column-signer"), 19),
                (message!("minutes-column-signed-at"), 20),
                (message!("minutes-column-state"), 16),
                (message!("minutes-column-compared"), 20),
                (message!("minutes-column-key"), 25),
            ];
            blocks.push(Block::Table(self.table(columns, rows.collect())));
        }
        let later = |row: &&ChangeRow| row.is(ChangeKind::AfterEnd) || row.is(ChangeKind::AfterSignature);
        let later: Vec<&ChangeRow> = report.changes.iter().filter(later).collect();
        if later.is_empty() {
            blocks.push(Block::text(self.say(&message!("minutes-nothing-later"))));
            return blocks;
        }
        let rows = later.into_iter().map(|row| {
            let at = self.time(&row.written);
            let mut who = self.name(&row.actor);
            if let Some(by) = &row.by {
                who.push_str(&self.say(&message!("report-entered-by", by = self.name(by))));
            }
            vec![cell(format!("#{}", row.seq)), cell(at), cell(who), cell(self.later(row))]
        });
        let columns = [
            (message!("report-column-record"), 10),
            (message!("report-column-written"), 22),
            (message!("minutes-column-who"), 22),
            (message!("minutes-column-event"), 46),
        ];
        let caption = Some(self.say(&message!("minutes-later")));
        blocks.push(Block::Table(Table { caption, ..self.table(columns, rows.collect()) }));
        blocks
    }

    /// What came later: what it says, why, and what it came after.
    fn later(&self, row: &ChangeRow) -> String {
        let (lang, report) = (self.facts.lang, self.report());
        let mut text = match &row.told {
            Some(told) => labels::moments_in_words(row, told.pick(lang), lang),
            None => self.say(&labels::record(&row.kind)),
        };
        if let Some(because) = &row.because {
            text = format!("{text} ({because})");
        }
        let mut after = Vec::new();
        // Only what has ended is voided.
        if row.is(ChangeKind::AfterEnd) || row.kind == "run-voided" {
            after.push(self.say(&message!("report-change-after-end")));
        }
        let signers: BTreeSet<String> = report
            .signatures
            .iter()
            .filter(|signature| signature.run.is_none() || signature.run.as_ref() == Some(&report.run.id))
            .filter(|signature| row.after.contains(&signature.size))
            .map(|signature| self.name(&signature.by))
            .collect();
        if !signers.is_empty() {
            let who = signers.into_iter().collect::<Vec<_>>().join(", ");
            after.push(self.say(&message!("minutes-after-signature", who = who)));
        } else if row.is(ChangeKind::AfterSignature) {
            after.push(self.say(&message!("report-change-after-signature")));
        }
        capital(&format!("{text} – {}", after.join("; ")))
    }

    /// The head of the ledger: what `evidence verify --against` takes.
    pub(super) fn head_of_ledger(&self) -> Vec<Block> {
        let ledger = &self.report().ledger;
        let standing = self.say(&match ledger.ok {
            Some(true) => message!("minutes-ledger-holds"),
            Some(false) => message!("minutes-ledger-fails", held = ledger.held),
            None => message!("report-ledger-not-looked"),
        });
        let title = Block::Heading(1, self.say(&message!("minutes-ledger")));
        let name = self.say(&message!("minutes-ledger-name", name = ledger.origin.as_str()));
        // A head is for comparing with later: one of a ledger that does not hold would vouch for what was changed.
        if ledger.ok != Some(true) {
            return vec![title, Block::text(name), Block::text(standing)];
        }
        let signed = self.say(&labels::signed_part(ledger.size, ledger.signed, self.facts.lang));
        let head = format!("{} {}", ledger.size, ledger.root);
        let command = format!("ungpho evidence verify --against \"{head}\"");
        vec![
            title,
            Block::Picture(Picture::Qr {
                text: head,
                side: CODE,
                beside: vec![
                    vec![Inline::from(name)],
                    vec![Inline::from(signed)],
                    vec![Inline::from(self.say(&message!("minutes-ledger-root", root = ledger.root.as_str())))],
                    vec![Inline::italic(self.say(&message!("minutes-ledger-how", command = command)))],
                ],
            }),
            // After the picture: it is what stays on the page of the signatures.
            Block::text(standing),
        ]
    }
}
