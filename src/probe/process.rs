//! A process that must (or must not) run on this host.

use std::path::Path;

use sysinfo::{ProcessRefreshKind, ProcessStatus, ProcessesToUpdate, System, UpdateKind};

use super::Seen;
use super::spec::Process;
use crate::message::message;

pub(super) fn look(process: &Process) -> Seen {
    let Ok(mut system) = System::new() else {
        return Seen::bad(message!("probe-process-unknown"));
    };
    let kind = ProcessRefreshKind::nothing().with_exe(UpdateKind::Always);
    system.refresh_processes_specifics(ProcessesToUpdate::All, true, kind);
    let running = system
        .processes()
        .values()
        .filter(|found| found.thread_kind().is_none())
        // A zombie has ended: only its parent has not looked yet.
        .filter(|found| !matches!(found.status(), ProcessStatus::Zombie | ProcessStatus::Dead))
        .filter(|found| {
            let file = found.exe().and_then(Path::file_name);
            // The kernel cuts a process's own name at 15 bytes: the file's name is asked first.
            file.map_or_else(|| found.name() == process.name.as_str(), |file| file == process.name.as_str())
                || found.name() == process.name.as_str()
        })
        .count();
    let detail = if running == 0 {
        message!("probe-process-none", name = process.name.as_str())
    } else {
        message!("probe-process-runs", name = process.name.as_str(), count = running)
    };
    Seen::new((running > 0) == process.running.unwrap_or(true), detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_very_process_runs_and_a_made_up_one_does_not() {
        let own = std::env::current_exe().unwrap();
        let name = own.file_name().unwrap().to_str().unwrap().to_owned();
        assert!(look(&Process { name: name.clone(), running: None }).ok);
        assert!(!look(&Process { name, running: Some(false) }).ok);
        assert!(!look(&Process { name: "ungpho-nobody-runs-this".to_owned(), running: None }).ok);
    }
}
