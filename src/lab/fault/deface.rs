//! `deface`: the portal's newest pages show something else.

use std::fs;
use std::path::Path;

use super::super::LabError;
use super::super::data;
use super::super::entry::Serves;
use super::super::ward::Ward;
use crate::model::Name;

/// How many of the newest pages.
const PAGES: usize = 12;
const WORDS: &str =
    "<h1>TRANG NÀY ĐÃ BỊ THAY ĐỔI</h1>\n<p>Nội dung giả định phục vụ diễn tập - không phải sự cố thật.</p>\n";

/// Whether it has pages.
pub(super) fn fits(ward: &Ward, fault: &Name) -> Result<(), LabError> {
    if ward.entry.serves == Serves::Pages {
        Ok(())
    } else {
        Err(LabError::UnfitFault { fault: fault.clone(), system: ward.entry.id.clone() })
    }
}

/// Whether a page still says it.
pub(super) fn is_there(data: &Path) -> bool {
    data::files(&data.join("pages")).unwrap_or_default().iter().any(|page| {
        page.metadata().is_ok_and(|metadata| metadata.len() == WORDS.len() as u64)
            && fs::read(page).is_ok_and(|bytes| bytes == WORDS.as_bytes())
    })
}

pub(super) fn make(ward: &Ward) -> Result<String, LabError> {
    let pages = data::files(&ward.home()?.data().join("pages"))?;
    let mut count = 0_u32;
    for page in pages.iter().rev().take(PAGES) {
        fs::write(page, WORDS).map_err(LabError::file(page))?;
        count += 1;
    }
    Ok(format!("pages={count}"))
}
