//! `spread`: malware on the machine. A marked file with nothing in it multiplies in the system's data each second and goes
//! over to the systems that it is linked with, until they are cut off from each other and cleaned.

use std::fs;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::super::entry::Serves;
use super::super::ground::MALWARE;
use super::super::ward::Ward;
use super::super::{LabError, data};
use super::runner::Telling;

const PACE: Duration = Duration::from_secs(1);
/// So many files in one system at most.
const MOST: usize = 60;
const WORDS: &str = "DIEN TAP - KHONG PHAI MA DOC THAT. Tep danh dau cua moi truong dien tap, khong lam gi ca.\n";

pub(super) fn make(ward: &Arc<Ward>, all: &[Arc<Ward>]) -> Result<String, LabError> {
    infect(ward, 1)?;
    let all = all.to_vec();
    ward.runners.start("spread", move |telling| spread(&all, telling));
    Ok("files=1".to_owned())
}

/// Goes on as long as one of the systems has a file of it.
fn spread(all: &[Arc<Ward>], telling: &Telling) {
    while telling.goes_on() {
        let ill: Vec<bool> = all.iter().map(|ward| infected(ward) > 0).collect();
        if !ill.contains(&true) {
            return;
        }
        telling.effective();
        for (ward, is_ill) in all.iter().zip(&ill).filter(|(ward, _)| ward.raised()) {
            let open = !ward.isolated();
            let reached =
                open && all.iter().zip(&ill).any(|(other, ill)| *ill && !other.isolated() && linked(ward, other));
            if *is_ill || reached {
                // A folder that is being exchanged just now is for the next second.
                let _ = infect(ward, 4);
            }
        }
        let next = Instant::now() + PACE;
        while telling.goes_on() && Instant::now() < next {
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

fn linked(one: &Ward, other: &Ward) -> bool {
    let stands_here = |ward: &Ward| ward.entry.serves != Serves::Standin;
    let asks = one.entry.depends_on(&other.entry.id) || other.entry.depends_on(&one.entry.id);
    let beside = one.entry.network.is_some() && one.entry.network == other.entry.network;
    stands_here(one) && stands_here(other) && (asks || beside)
}

fn infected(ward: &Ward) -> usize {
    ward.home().map_or(0, |home| home.malware().len())
}

fn infect(ward: &Ward, more: usize) -> Result<(), LabError> {
    let home = ward.home()?;
    ward.touched();
    let there = home.malware().len();
    let mut folders = vec![home.data()];
    folders.extend(data::files(&home.data())?.iter().filter_map(|file| file.parent().map(Into::into)));
    folders.dedup();
    for number in there..(there + more).min(MOST) {
        let mut name = 0;
        loop {
            let Some(folder) = folders.get((number + name) % folders.len().max(1)) else { return Ok(()) };
            let path = folder.join(format!("{MALWARE}{:03}.txt", number + name));
            if path.exists() {
                name += 1;
                continue;
            }
            fs::write(&path, WORDS).map_err(LabError::file(&path))?;
            break;
        }
    }
    Ok(())
}
