//! Dossiers of administrative procedures.

use std::path::Path;

use rusqlite::{Connection, params};

use super::super::LabError;
use super::super::entry::Entry;
use super::super::moment;
use super::kind::{Kind, NEWEST_FILES, Seed, write_file};

pub(super) const KIND: Kind = Kind { table: TABLE, files: NEWEST_FILES, seed, sound: None };

const TABLE: &str = "CREATE TABLE records (
    number INTEGER PRIMARY KEY, code TEXT NOT NULL UNIQUE, procedure TEXT NOT NULL, commune TEXT NOT NULL,
    applicant TEXT NOT NULL, state TEXT NOT NULL, came INTEGER NOT NULL, due TEXT NOT NULL, file TEXT, digest TEXT,
    checked INTEGER NOT NULL DEFAULT 1);
    CREATE INDEX records_came ON records (came);";

/// The procedures that citizens ask for.
pub(in super::super) const PROCEDURES: [&str; 12] = [
    "Cấp bản sao trích lục hộ tịch",
    "Đăng ký khai sinh",
    "Đăng ký lại khai tử",
    "Xác nhận tình trạng hôn nhân",
    "Chứng thực bản sao từ bản chính",
    "Cấp giấy phép xây dựng nhà ở riêng lẻ",
    "Đăng ký biến động quyền sử dụng đất",
    "Đăng ký hộ kinh doanh",
    "Hỗ trợ chi phí mai táng",
    "Cấp đổi giấy phép lái xe",
    "Cấp phiếu lý lịch tư pháp",
    "Xác nhận hộ nghèo, hộ cận nghèo",
];
const STATES: [&str; 4] = ["Đã trả kết quả", "Đang xử lý", "Chờ bổ sung hồ sơ", "Mới tiếp nhận"];

/// What every made-up applicant's name begins with.
pub(in super::super) const APPLICANT: &str = "Công dân mẫu";

/// One dossier.
#[derive(Clone, Debug)]
pub(in super::super) struct Dossier {
    /// Its number, from 1.
    pub(in super::super) number: u32,
    /// What citizens look it up by.
    pub(in super::super) code: String,
    /// Which procedure.
    pub(in super::super) procedure: String,
    /// Where it was handed in.
    pub(in super::super) commune: String,
    /// Who handed it in.
    pub(in super::super) applicant: String,
    /// How far it is.
    pub(in super::super) state: String,
    /// When it came, in microseconds.
    pub(in super::super) came: i64,
    /// The day on which the answer is due.
    pub(in super::super) due: String,
}

fn seed(seed: &Seed) -> Result<(), LabError> {
    Dossier::seeded(seed.entry, seed.number, seed.came).insert(seed.connection, seed.data, seed.file, true)
}

/// The national systems that are asked about `procedure` before a dossier of it is taken. A stranger's is asked of none.
pub(in super::super) fn asked(procedure: &str) -> &'static [&'static str] {
    const ASKED: [&[&str]; 12] = [
        &["population", "civil-status"],
        &["population", "civil-status"],
        &["population", "civil-status"],
        &["population", "civil-status"],
        &["population", "vnpost"],
        &["population", "vbdlis"],
        &["population", "vbdlis"],
        &["population", "business-registration", "budget-code"],
        &["population", "social-assistance"],
        &["population", "national-portal"],
        &["population", "national-portal"],
        &["population", "social-insurance"],
    ];
    PROCEDURES.iter().position(|known| *known == procedure).map_or(&[], |index| ASKED[index])
}

/// The procedure of the seeded dossier `number`.
pub(in super::super) fn procedure(number: u32) -> &'static str {
    PROCEDURES[number as usize * 7 % PROCEDURES.len()]
}

impl Dossier {
    /// The dossier `number` that every lab has.
    pub(super) fn seeded(entry: &Entry, number: u32, came: i64) -> Self {
        let age = entry.records.saturating_sub(number);
        let state = match age {
            0..40 => STATES[3],
            40..400 => STATES[1 + (number % 2) as usize],
            _ => STATES[usize::from(number.is_multiple_of(29)) * 2],
        };
        Self {
            number,
            code: entry.code_of(number),
            procedure: procedure(number).to_owned(),
            commune: format!("xã Mẫu {:02}", number * 13 % 96 + 1),
            applicant: format!("{APPLICANT} {number:06}"),
            state: state.to_owned(),
            came,
            due: moment::day(came + 5 * moment::DAY),
        }
    }

    /// A dossier that a citizen hands in now.
    pub(in super::super) fn submitted(entry: &Entry, number: u32, procedure: &str, applicant: &str) -> Self {
        let came = moment::now();
        Self {
            number,
            code: entry.code_of(number),
            procedure: procedure.to_owned(),
            commune: format!("xã Mẫu {:02}", number * 13 % 96 + 1),
            applicant: applicant.to_owned(),
            state: STATES[3].to_owned(),
            came,
            due: moment::day(came + 5 * moment::DAY),
        }
    }

    /// Writes it into the database, and its file where it is to have one.
    pub(in super::super) fn insert(
        &self,
        connection: &Connection,
        data: &Path,
        file: bool,
        checked: bool,
    ) -> Result<(), LabError> {
        let text = if file { self.document() } else { String::new() };
        let named = write_file(data, "documents", &self.code, &text, file)?;
        connection
            .prepare_cached("INSERT INTO records VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)")
            .and_then(|mut insert| {
                insert.execute(params![
                    self.number,
                    self.code,
                    self.procedure,
                    self.commune,
                    self.applicant,
                    self.state,
                    self.came,
                    self.due,
                    named.0,
                    named.1,
                    checked
                ])
            })
            .map(drop)
            .map_err(LabError::database(data))
    }

    fn document(&self) -> String {
        let mut text = format!(
            "DỮ LIỆU MẪU - KHÔNG PHẢI HỒ SƠ THẬT\n\nMã hồ sơ: {}\nThủ tục: {}\nNgười nộp: {}\nNơi tiếp nhận: {}\nNgày hẹn trả: {}\n\n",
            self.code, self.procedure, self.applicant, self.commune, self.due
        );
        for line in 1..=20 + self.number % 20 {
            text.push_str(&format!("Thành phần hồ sơ {line}: nội dung mẫu của {}\n", self.code));
        }
        text
    }
}
