//! The program as its users run it, for benchmarks of whole commands.

use std::fs;
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};
use std::time::Duration;

/// Runs the program in `folder` with nothing to read or to print to; gives how it ended and the most resident memory that was
/// seen, in KiB.
pub fn run(folder: &Path, arguments: &[&str]) -> (ExitStatus, u64) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_ungpho"))
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program can be started");
    let status = format!("/proc/{}/status", child.id());
    let mut most = 0;
    loop {
        if let Some(done) = child.try_wait().expect("it can be waited for") {
            return (done, most);
        }
        let text = fs::read_to_string(&status).unwrap_or_default();
        let peak = text.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB")?.parse().ok());
        most = most.max(peak.unwrap_or_default());
        std::thread::sleep(Duration::from_millis(2));
    }
}
