//! What the citizens of each service ask for, and what they must find.

use super::super::data::{self, documents, figures, mail, standin};
use super::super::ward::Ward;
use super::super::{certificate, http, moment};
use super::{Crowd, Outcome, PATIENCE, judge, look};

impl Crowd {
    /// An official sends a message, and finds it in the mailbox it was sent to.
    pub(super) fn mail(&mut self, ward: &Ward, walk: u32) -> Outcome {
        if self.submits() {
            let to = mail::mailbox(walk);
            let subject = format!("Thư diễn tập {}", moment::now());
            let form = [("from", mail::mailbox(walk + 1)), ("to", to), ("subject", subject.clone())];
            let mut form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
            form.push(("body", "Nội dung mẫu."));
            return self.hand_in(ward, "/thu", &form, subject);
        }
        if let Some((code, subject)) = self.earlier(2) {
            return look(ward, &format!("/thu/{code}"), &subject);
        }
        let code = ward.entry.code_of(walk);
        look(ward, &format!("/thu/{code}"), &mail::subject_of(&code))
    }

    /// A system asks another one for a record.
    pub(super) fn exchange(&mut self, ward: &Ward, walk: u32) -> Outcome {
        let links = &ward.entry.links;
        let Some(link) = links.get(usize::try_from(self.turn).unwrap_or(0) % links.len().max(1)) else {
            return Outcome::Refused;
        };
        let key = walk % standin::RECORDS + 1;
        look(ward, &format!("/chuyen/{}/{key}?client=reporting", link.to), "Bản ghi mẫu")
    }

    /// An official issues a document, and reads one.
    pub(super) fn documents(&mut self, ward: &Ward, walk: u32) -> Outcome {
        if self.submits() {
            let subject = format!("Công văn diễn tập {}", moment::now());
            let form = [("subject", subject.as_str()), ("issuer", "Phòng mẫu 01")];
            return self.hand_in(ward, "/van-ban", &form, subject.clone());
        }
        if let Some((code, subject)) = self.earlier(7) {
            return look(ward, &format!("/van-ban/{code}"), &subject);
        }
        let code = ward.entry.code_of(walk);
        look(ward, &format!("/van-ban/{code}"), &documents::subject_of(&code))
    }

    /// A citizen hands a dossier in, and looks one up.
    pub(super) fn dossiers(&mut self, ward: &Ward, walk: u32) -> Outcome {
        if self.submits() {
            let applicant = format!("{} nộp trực tuyến {}", data::APPLICANT, moment::now());
            let procedure = data::PROCEDURES[usize::try_from(self.turn).unwrap_or(0) % data::PROCEDURES.len()];
            let form = [("procedure", procedure), ("applicant", applicant.as_str())];
            return self.hand_in(ward, "/ho-so", &form, applicant.clone());
        }
        if let Some((code, applicant)) = self.earlier(7) {
            return look(ward, &format!("/ho-so/{code}"), &applicant);
        }
        if self.turn.is_multiple_of(11) {
            return look(ward, "/", "Tra cứu hồ sơ");
        }
        let applicant = format!("{} {walk:06}", data::APPLICANT);
        look(ward, &format!("/ho-so/{}", ward.entry.code_of(walk)), &applicant)
    }

    /// A visitor comes under the portal's certificate, searches and reads.
    pub(super) fn pages(&mut self, ward: &Ward, walk: u32) -> Outcome {
        let entry = &ward.entry;
        let (path, expected) = if self.turn.is_multiple_of(5) {
            ("/tim-kiem?q=lich".to_owned(), "Lịch tiếp công dân".to_owned())
        } else if self.turn.is_multiple_of(3) {
            // Which article is the newest changes with a restore; that it is one of them does not.
            ("/".to_owned(), data::first_words(&entry.code))
        } else {
            let code = entry.code_of(walk);
            (format!("/tin/{code}"), data::first_words(&code))
        };
        // Who does not trust the certificate turns away.
        let (Some(port), Ok(trust)) = (ward.ports.third, certificate::trusting(ward.place())) else {
            return Outcome::Refused;
        };
        judge(http::get_under(&trust, port, &path, PATIENCE), &expected)
    }

    /// An agency sends a figure, reads one back, and reads the sum of a period.
    pub(super) fn figures(&mut self, ward: &Ward, walk: u32) -> Outcome {
        if self.submits() {
            let value = (moment::now() % 100_000).to_string();
            let form = [("agency", "Cơ quan mẫu 001"), ("period", figures::OPEN), ("value", value.as_str())];
            let mark = format!("<b class=\"value\">{value}</b>");
            return self.hand_in(ward, "/so-lieu", &form, mark);
        }
        if let Some((code, mark)) = self.earlier(3) {
            return look(ward, &format!("/so-lieu/{code}"), &mark);
        }
        let sum = format!("<b class=\"sum\">{}</b>", figures::sum(walk));
        look(ward, &format!("/tong-hop/{}", figures::period(walk)), &sum)
    }

    /// Participants stay in a meeting; each turn one of them looks whether it still goes on.
    pub(super) fn conference(&mut self, ward: &Ward, walk: u32) -> Outcome {
        let Some(port) = ward.ports.third else { return Outcome::Refused };
        if self.turn.is_multiple_of(8) {
            let code = ward.entry.code_of(walk);
            return look(ward, &format!("/phong/{code}"), &data::meetings::title_of(&code));
        }
        self.sessions.turn(self.turn, port, &ward.entry.code_of(ward.entry.at_night(0)))
    }
}
