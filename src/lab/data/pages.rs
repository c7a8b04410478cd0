//! Pages of a portal.

use std::fs;
use std::path::Path;

use rusqlite::{Connection, params};

use super::super::LabError;
use super::super::entry::Entry;
use super::kind::{Kind, Seed};
use crate::model::Digest;

pub(super) const KIND: Kind = Kind { table: TABLE, files: FILES, seed, sound: None };

const TABLE: &str = "CREATE TABLE records (
    number INTEGER PRIMARY KEY, code TEXT NOT NULL UNIQUE, title TEXT NOT NULL, words TEXT NOT NULL,
    came INTEGER NOT NULL, file TEXT NOT NULL, digest TEXT NOT NULL);";

/// Every page with its digest: a page that was changed past the editors is seen.
const FILES: &str = "SELECT file, digest FROM records ORDER BY number";

const SUBJECTS: [(&str, &str); 8] = [
    ("Lịch tiếp công dân", "lich tiep cong dan"),
    ("Thông báo về việc tiếp nhận hồ sơ", "thong bao tiep nhan ho so"),
    ("Công khai danh mục thủ tục hành chính", "cong khai thu tuc hanh chinh"),
    ("Kế hoạch phòng, chống thiên tai", "ke hoach phong chong thien tai"),
    ("Kết quả giải quyết thủ tục hành chính", "ket qua thu tuc hanh chinh"),
    ("Lấy ý kiến dự thảo văn bản", "lay y kien du thao"),
    ("Hướng dẫn nộp hồ sơ trực tuyến", "huong dan nop ho so truc tuyen"),
    ("Thông tin tuyển dụng", "thong tin tuyen dung"),
];

/// One page.
#[derive(Clone, Debug)]
pub(in super::super) struct Page {
    number: u32,
    code: String,
    title: String,
    words: &'static str,
    came: i64,
}

/// What stands in the page `code`, and in no other.
pub(in super::super) fn first_words(code: &str) -> String {
    format!("Đoạn 1 của bài {code}")
}

fn seed(seed: &Seed) -> Result<(), LabError> {
    Page::seeded(seed.entry, seed.number, seed.came).insert(seed.connection, seed.data)
}

impl Page {
    /// The page `number` that every lab has.
    pub(super) fn seeded(entry: &Entry, number: u32, came: i64) -> Self {
        let (subject, words) = SUBJECTS[number as usize % SUBJECTS.len()];
        let title = format!("{subject} (bài mẫu số {number})");
        Self { number, code: entry.code_of(number), title, words, came }
    }

    pub(super) fn insert(&self, connection: &Connection, data: &Path) -> Result<(), LabError> {
        let folder = data.join("pages");
        fs::create_dir_all(&folder).map_err(LabError::file(&folder))?;
        let name = format!("pages/{}.html", self.code);
        let text = self.content();
        fs::write(data.join(&name), &text).map_err(LabError::file(&data.join(&name)))?;
        connection
            .prepare_cached("INSERT INTO records VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)")
            .and_then(|mut insert| {
                let digest = Digest::of(text.as_bytes()).hex();
                insert.execute(params![self.number, self.code, self.title, self.words, self.came, name, digest])
            })
            .map(drop)
            .map_err(LabError::database(data))
    }

    fn content(&self) -> String {
        let mut text = format!("<h1>{}</h1>\n<p>Nội dung mẫu, không phải tin thật.</p>\n", self.title);
        for line in 1..=12 + self.number % 9 {
            text.push_str(&format!("<p>Đoạn {line} của bài {}: nội dung mẫu phục vụ diễn tập.</p>\n", self.code));
        }
        text
    }
}
