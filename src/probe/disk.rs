//! A file system with room left.

use super::Seen;
use super::spec::Disk;
use crate::message::{cause, format, message};
use crate::model::Lang;

pub(super) fn look(disk: &Disk) -> Seen {
    let stat = match rustix::fs::statvfs(disk.path.as_str()) {
        Ok(stat) => stat,
        Err(error) => {
            return Seen::bad(message!(
                "probe-disk-unknown",
                path = disk.path.as_str(),
                cause = cause::io(&error.into())
            ));
        }
    };
    let free = stat.f_bavail.saturating_mul(stat.f_frsize);
    // As `df` counts: what only root may use is no room.
    let usable = (stat.f_blocks - stat.f_bfree.min(stat.f_blocks)).saturating_add(stat.f_bavail);
    let percent = u128::from(stat.f_bavail) * 100 / u128::from(usable.max(1));
    let enough = disk.free_bytes.is_none_or(|wanted| free >= wanted)
        && disk.free_percent.is_none_or(|wanted| percent >= u128::from(wanted));
    let detail = message!(
        "probe-disk-free",
        path = disk.path.as_str(),
        free = both(free),
        percent = u64::try_from(percent).unwrap_or(100)
    );
    Seen::new(enough, detail)
}

fn both(bytes: u64) -> crate::model::Text {
    crate::model::Text::Each { vi: Some(format::bytes(bytes, Lang::Vi)), en: Some(format::bytes(bytes, Lang::En)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn disk(free_bytes: Option<u64>, free_percent: Option<u8>) -> Disk {
        Disk { path: "/".to_owned(), free_bytes, free_percent }
    }

    #[test]
    fn room_is_judged_by_bytes_and_by_share() {
        assert!(look(&disk(None, None)).ok);
        assert!(look(&disk(Some(1), None)).ok);
        assert!(!look(&disk(Some(u64::MAX), None)).ok);
        assert!(!look(&disk(None, Some(101))).ok);
        assert!(!look(&Disk { path: "/nobody/made/this".to_owned(), free_bytes: None, free_percent: None }).ok);
    }
}
