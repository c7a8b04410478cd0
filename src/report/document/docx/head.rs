//! The heading block: who issues, under which number, where and when, what it is, to whom.

use super::body::Body;
use super::xml::{Face, Shape, paragraph, plain_table, rule, run};
use crate::message::message;
use crate::report::document::metrics::{lines, longest_line, width};
use crate::report::document::{Head, Place, day_in_words};

impl Body<'_> {
    pub(super) fn head(&mut self, head: &Head) {
        let place = head.place.as_ref().map(|place| self.place(place));
        let (left, right) = self.columns(place.as_deref());
        let (sizes, words) = (self.layout.sizes, &self.layout.words);
        let line = |text: &str, face: Face| paragraph(&Shape::centred().keep(), &run(text, face));
        let set = |text: &str, face: Face| -> String {
            lines(text, face.size, face.bold, left).iter().map(|text| line(text, face)).collect()
        };
        let mut issuer = String::new();
        if let Some(parent) = &head.parent {
            issuer.push_str(&set(&parent.to_uppercase(), Face::of(sizes.parent)));
        }
        let name = head.issuer.to_uppercase();
        issuer.push_str(&set(&name, Face::of(sizes.issuer).bold()));
        match &words.star {
            Some(star) => issuer.push_str(&line(star, Face::of(sizes.issuer))),
            // A third to a half of the name.
            None => issuer.push_str(&rule(longest_line(&name, sizes.issuer, true, left) * 2 / 5, left)),
        }
        let mut heading = line(&words.heading, Face::of(sizes.heading).bold());
        let (last, size) = match &words.motto {
            Some(motto) => {
                heading.push_str(&line(motto, Face::of(sizes.motto).bold()));
                (motto, sizes.motto)
            }
            None => (&words.heading, sizes.heading),
        };
        heading.push_str(&rule(width(last, size, true), right));
        let mut number = paragraph(&Shape::centred().before(80).keep(), &run(&head.number, Face::of(sizes.number)));
        if let Some(about) = &head.about {
            number.push_str(&paragraph(&Shape::centred().before(120).keep(), &run(about, Face::of(sizes.about))));
        }
        let place = place
            .map(|place| paragraph(&Shape::centred().before(80).keep(), &run(&place, Face::of(sizes.place).italic())));
        let rows = [vec![issuer, heading], vec![number, place.unwrap_or_default()]];
        self.xml.push_str(&plain_table(&[left, right], &rows));
        self.title(head);
        self.addressed(head);
    }

    /// Widths of the two columns: the right one holds its longest line, the left one has the rest.
    fn columns(&self, place: Option<&str>) -> (u32, u32) {
        let (sizes, words) = (self.layout.sizes, &self.layout.words);
        let mut longest = width(&words.heading, sizes.heading, true);
        if let Some(motto) = &words.motto {
            longest = longest.max(width(motto, sizes.motto, true));
        }
        if let Some(place) = place {
            longest = longest.max(width(place, sizes.place, false));
        }
        let room = u32::from(self.room) * 100;
        let right = (longest + 300).max(room / 2).min(room * 2 / 3);
        (room - right, right)
    }

    fn place(&self, place: &Place) -> String {
        let day = day_in_words(place.day, self.document.lang);
        let name = place.name.clone().unwrap_or_else(|| "…".to_owned());
        message!("document-place-day", place = name, day = day).render(self.document.lang)
    }

    fn title(&mut self, head: &Head) {
        let (sizes, words) = (self.layout.sizes, &self.layout.words);
        if head.kind.is_empty() {
            return;
        }
        let kind = head.kind.to_uppercase();
        let mut xml = paragraph(&Shape::centred().before(360).keep(), &run(&kind, Face::of(sizes.kind).bold()));
        let subject = Face::of(sizes.subject).bold();
        let room = u32::from(self.room) * 100;
        for line in lines(&head.subject, sizes.subject, true, room).iter().filter(|line| !line.is_empty()) {
            xml.push_str(&paragraph(&Shape::centred().keep(), &run(line, subject)));
        }
        if let Some(mark) = &words.subject_mark {
            xml.push_str(&paragraph(&Shape::centred(), &run(mark, Face::of(sizes.subject))));
        } else {
            let above = if head.subject.is_empty() { &kind } else { &head.subject };
            xml.push_str(&rule(longest_line(above, sizes.subject, true, room) * 2 / 5, room));
        }
        self.xml.push_str(&xml);
    }

    fn addressed(&mut self, head: &Head) {
        let face = Face::of(self.layout.sizes.body);
        let to = &self.layout.words.to;
        match head.to.as_slice() {
            [] => {}
            [one] => {
                let runs = run(&format!("{to} {one}"), face);
                self.xml.push_str(&paragraph(&Shape { after: 120, ..Shape::centred().before(240) }, &runs));
            }
            several => {
                let left = super::xml::twips(40);
                let shape = Shape { left, keep: true, ..Shape::default() }.before(240);
                let mut xml = paragraph(&shape, &run(to, face));
                for (name, index) in several.iter().zip(1..) {
                    let end = if index == several.len() { "." } else { ";" };
                    let shape = Shape { left: left + 280, hanging: 280, ..Shape::default() };
                    xml.push_str(&paragraph(&shape, &run(&format!("- {name}{end}"), face)));
                }
                self.xml.push_str(&xml);
            }
        }
    }
}
