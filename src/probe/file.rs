//! A file that must be there (or not), with an age or content.

use std::fs::{self, Metadata};
use std::io::{self, Read as _};
use std::time::SystemTime;

use sha2::Digest as _;

use super::Seen;
use super::spec::File;
use crate::message::{Message, cause, format, message};
use crate::model::{Digest, Lang, Text};

/// The most of a file that is searched for a text, in bytes.
const MAX_SEARCHED: u64 = 16 << 20;

pub(super) fn look(file: &File) -> Seen {
    let path = file.path.as_str();
    let wanted = file.exists.unwrap_or(true);
    match fs::metadata(path) {
        Ok(_) if !wanted => Seen::bad(message!("probe-file-there", path = path)),
        Ok(metadata) => match judge(file, &metadata) {
            Ok(None) => Seen::good(message!("probe-file-there", path = path)),
            Ok(Some(wrong)) => Seen::bad(wrong),
            Err(error) => Seen::bad(message!("probe-file-unreadable", path = path, cause = cause::io(&error))),
        },
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            Seen::new(!wanted, message!("probe-file-missing", path = path))
        }
        Err(error) => Seen::bad(message!("probe-file-unreadable", path = path, cause = cause::io(&error))),
    }
}

/// What is wrong with it, if anything is.
fn judge(file: &File, metadata: &Metadata) -> io::Result<Option<Message>> {
    let path = file.path.as_str();
    if let Some(limit) = file.newer_than {
        // A time of change in the future is no age: it counts as new.
        let age = SystemTime::now().duration_since(metadata.modified()?).unwrap_or_default();
        if age > limit.duration() {
            let age =
                Text::Each { vi: Some(format::duration(age, Lang::Vi)), en: Some(format::duration(age, Lang::En)) };
            return Ok(Some(message!("probe-file-old", path = path, age = age)));
        }
    }
    if file.contains.is_none() && file.digest.is_none() {
        return Ok(None);
    }
    if !metadata.is_file() {
        // Opening a pipe would wait for a writer.
        return Ok(Some(message!("probe-file-not-regular", path = path)));
    }
    if let Some(text) = &file.contains {
        let mut bytes = Vec::new();
        fs::File::open(path)?.take(MAX_SEARCHED).read_to_end(&mut bytes)?;
        let found = text.is_empty() || bytes.windows(text.len()).any(|window| window == text.as_bytes());
        if !found {
            return Ok(Some(message!("probe-file-lacks", path = path, text = text.as_str())));
        }
    }
    if let Some(expected) = &file.digest {
        let found = digest(path)?;
        if found.to_string() != *expected {
            return Ok(Some(message!("probe-file-differs", path = path, digest = found.to_string())));
        }
    }
    Ok(None)
}

fn digest(path: &str) -> io::Result<Digest> {
    let mut file = fs::File::open(path)?;
    let mut hasher = sha2::Sha256::new();
    let mut buffer = vec![0; 1 << 16];
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok(Digest(hasher.finalize().into())),
            read => hasher.update(&buffer[..read]),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::model::Span;

    fn file(path: &std::path::Path) -> File {
        File { path: path.to_str().unwrap().to_owned(), exists: None, contains: None, newer_than: None, digest: None }
    }

    #[test]
    fn a_file_is_judged_by_being_there_by_content_and_by_age() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("trang-thai.txt");
        assert!(!look(&file(&path)).ok);
        assert!(look(&File { exists: Some(false), ..file(&path) }).ok);
        fs::write(&path, "đã xong\n").unwrap();
        assert!(look(&file(&path)).ok);
        assert!(!look(&File { exists: Some(false), ..file(&path) }).ok);
        assert!(look(&File { contains: Some("xong".to_owned()), ..file(&path) }).ok);
        assert!(!look(&File { contains: Some("chưa".to_owned()), ..file(&path) }).ok);
        let digest = Digest::of("đã xong\n".as_bytes()).to_string();
        assert!(look(&File { digest: Some(digest), ..file(&path) }).ok);
        assert!(!look(&File { digest: Some(Digest::of(b"").to_string()), ..file(&path) }).ok);
        let hour = Some(Span::from_seconds(3600));
        assert!(look(&File { newer_than: hour, ..file(&path) }).ok);
        let old = SystemTime::now() - Duration::from_hours(2);
        fs::File::options().write(true).open(&path).unwrap().set_modified(old).unwrap();
        let seen = look(&File { newer_than: hour, ..file(&path) });
        assert!(!seen.ok);
        assert!(seen.detail.render(Lang::Vi).contains("2 giờ"), "{}", seen.detail.render(Lang::Vi));
    }

    #[test]
    fn a_folder_is_there_but_has_no_content() {
        let folder = tempfile::tempdir().unwrap();
        assert!(look(&file(folder.path())).ok);
        assert!(!look(&File { contains: Some("x".to_owned()), ..file(folder.path()) }).ok);
    }
}
