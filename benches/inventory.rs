//! How long tables of ten thousand systems take: in as new, in with every row changed, out, in as they were, and the list.
//!
//! `cargo bench --bench inventory`: one time each and the most memory, through the program. Writing ten thousand files takes most
//! of it: a dry run is what the program itself does. Not a test: nothing here can fail on a slow machine.

#![expect(clippy::print_stdout, reason = "what it prints is what it is for")]

mod program;

use std::fs;
use std::path::Path;
use std::time::Instant;

const SYSTEMS: usize = 10_000;

fn main() {
    let folder = std::env::temp_dir().join(format!("ungpho-bench-{}", std::process::id()));
    fs::create_dir_all(folder.join("inventory")).expect("a folder can be made");
    fs::write(folder.join("ungpho.yaml"), "format: 1\nunit: bench\n").expect("a file can be written");
    fs::write(folder.join("new.csv"), table("UBND tỉnh", "một tỉnh")).expect("a file can be written");
    fs::write(folder.join("changed.csv"), table("UBND tỉnh Quảng Ngãi", "toàn quốc")).expect("a file can be written");
    for arguments in [
        &["import", "new.csv", "--dry-run"][..],
        &["import", "new.csv"],
        &["import", "changed.csv", "--dry-run"],
        &["import", "changed.csv"],
        &["export", "--out", "all.xlsx"],
        &["export", "--format", "csv", "--out", "all.csv"],
        &["import", "all.xlsx"],
        &["import", "all.csv"],
        &["list"],
        &["gaps", "--json"],
    ] {
        let start = Instant::now();
        let most = command(&folder, arguments);
        let time = start.elapsed().as_secs_f64() * 1000.0;
        println!("inventory {:<34} {time:>9.0} ms {:>6} MiB", arguments.join(" "), most / 1024);
    }
    // What is left behind in the temporary folder is small; failing to remove it changes no figure.
    let _ = fs::remove_dir_all(&folder);
}

fn table(owner: &str, scope: &str) -> String {
    let row =
        |at: usize| format!("s{at};Hệ thống {at};{at};01/3/2021;{owner};hoạt động nội bộ;thông tin riêng;{scope};3\n");
    "Mã hệ thống;Tên hệ thống;Số người sử dụng;Vận hành từ ngày;Chủ quản;Loại hình hệ thống;Loại thông tin xử lý;Phạm vi phục \
     vụ;Cấp độ được phê duyệt\n"
        .to_owned()
        + &(0..SYSTEMS).map(row).collect::<String>()
}

/// Runs the command; gives the most resident memory that was seen, in KiB.
fn command(folder: &Path, arguments: &[&str]) -> u64 {
    let (done, most) = program::run(folder, &[&["inventory"], arguments].concat());
    // Gaps are no failure: what is not there is what they are asked for.
    assert!(done.code() < Some(2), "{arguments:?}: {done}");
    most
}
