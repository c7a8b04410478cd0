//! The whole library by one command: what holds, what a planted regression makes of it, and what is left afterwards.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::sandbox::Sandbox;

/// Whether long campaigns run whole.
fn long() -> bool {
    std::env::var_os("UNGPHO_LONG").is_some_and(|long| long == "1")
}

/// A folder that `ungpho try` takes for its own, with these playbooks in it.
fn trial(playbooks: &[(&str, &str)]) -> Sandbox {
    let workspace = Sandbox::new();
    workspace.ok(&["init", "ungpho-try", "--sample", "quang-ngai"]);
    let folder = workspace.path().join("ungpho-try");
    fs::write(folder.join(".ungpho-try"), "").unwrap();
    fs::create_dir_all(folder.join("playbooks")).unwrap();
    for (name, body) in playbooks {
        let text = format!(
            "format: 1\nplaybook: {name}\nversion: 1\ntitle: {name}\nfamily: B\nkind: planted\nkeep_running: none\n\
             inputs: {{ system: {{ type: system, default: portal }} }}\nsteps:\n{body}"
        );
        fs::write(folder.join(format!("playbooks/{name}.yaml")), text).unwrap();
    }
    workspace
}

/// The rows of the table, and the exit code.
#[track_caller]
fn tried(workspace: &Sandbox, arguments: &[&str]) -> (Vec<Value>, Option<i32>) {
    let output = workspace.run(&[&["try", "--json"], arguments].concat());
    let document: Value = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&output.stderr)));
    (document["scenarios"].as_array().unwrap().clone(), output.status.code())
}

#[track_caller]
fn row<'a>(rows: &'a [Value], name: &str) -> &'a Value {
    rows.iter().find(|row| row["scenario"] == name).unwrap_or_else(|| panic!("no row for {name}: {rows:?}"))
}

/// Processes of the lab in `folder`.
fn processes(folder: &Path) -> Vec<PathBuf> {
    let folder = folder.to_str().unwrap();
    let all = fs::read_dir("/proc").unwrap().filter_map(Result::ok).map(|entry| entry.path());
    all.filter(|path| {
        let line = fs::read(path.join("cmdline")).unwrap_or_default();
        let line = String::from_utf8_lossy(&line);
        line.contains(folder) && (line.contains("lab-keeper") || line.contains("lab-service"))
    })
    .collect()
}

const WELL: &str = "  - { id: break_it, fault: { on: inputs.system, kind: kill } }
  - { id: start, run: { on: inputs.system, do: start }, timeout: 1m }
  - { id: back, wait: { http: { url: '{{ inputs.system.endpoints.health }}', status: 200 }, every: 1s, confirm: 2 }, timeout: 1m }
";
const LEFT: &str = "  - { id: break_it, fault: { on: inputs.system, kind: break-configuration } }
  - { id: end, note: 'nobody puts it right' }
";

#[test]
fn a_planted_regression_makes_the_library_fail_and_says_why() {
    let workspace = trial(&[("recovers", WELL), ("leaves-its-fault", LEFT)]);
    let folder = workspace.path().join("ungpho-try");
    let place = folder.to_str().unwrap();
    workspace.ok(&["--workspace", place, "lab", "up", "portal"]);
    let mut copies: Vec<String> = fs::read_dir(folder.join("lab/portal/backups"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| Path::new(name).extension().is_none_or(|kind| kind != "seal"))
        .collect();
    copies.sort();
    workspace.ok(&["--workspace", place, "lab", "down"]);
    // The newest copy was damaged after its seal was made: who restores it restores what is not whole.
    let damaged = format!(
        "  - {{ id: break_it, fault: {{ on: inputs.system, kind: corrupt }} }}
  - {{ id: stop, run: {{ on: inputs.system, do: stop }}, timeout: 1m }}
  - {{ id: restore, restore: {{ from: './lab/portal/backups/{}', to: inputs.system }}, timeout: 2m }}
  - {{ id: start, run: {{ on: inputs.system, do: start }}, timeout: 1m }}
",
        copies.last().unwrap()
    );
    let text = fs::read_to_string(folder.join("playbooks/recovers.yaml")).unwrap();
    let text = text.replace("recovers", "restores-the-damaged-copy").replace(WELL, &damaged);
    fs::write(folder.join("playbooks/restores-the-damaged-copy.yaml"), text).unwrap();

    let (rows, exit) = tried(&workspace, &["recovers", "leaves-its-fault", "restores-the-damaged-copy"]);
    assert_eq!(exit, Some(1), "{rows:?}");
    assert_eq!(row(&rows, "recovers")["holds"], true, "{rows:?}");
    let left = row(&rows, "leaves-its-fault");
    assert_eq!(left["holds"], false);
    assert!(left["why"].to_string().contains("break-configuration"), "{left}");
    let damaged = row(&rows, "restores-the-damaged-copy");
    assert_eq!(damaged["holds"], false, "{damaged}");
    // Nothing is left of the lab, whatever came of the drills.
    assert_eq!(processes(&folder), Vec::<PathBuf>::new());
}

#[test]
fn scenarios_of_the_library_hold_two_at_once_in_two_labs() {
    let workspace = trial(&[]);
    let few = ["mailbox-takeover", "population-link-down", "certificate-expired", "disk-full-document-management"];
    let (rows, exit) = if long() {
        tried(&workspace, &["--all", "--jobs", "2"])
    } else {
        tried(&workspace, &[&few[..], &["--jobs", "2"]].concat())
    };
    let failed: Vec<&Value> = rows.iter().filter(|row| row["holds"] != true).collect();
    assert!(failed.is_empty(), "{failed:#?}");
    assert_eq!(exit, Some(0));
    let in_lab: Vec<&Value> = rows.iter().filter(|row| row["way"] == "lab").collect();
    assert!(in_lab.len() >= if long() { 22 } else { few.len() }, "{rows:?}");
    assert!(in_lab.iter().all(|row| row["served"].is_u64()), "{rows:?}");
    let folder = workspace.path().join("ungpho-try");
    assert!(folder.join("worker-2/ledger").is_dir(), "the second lab has a ledger of its own");
    assert_eq!(processes(&folder), Vec::<PathBuf>::new());
}

/// What a process holds: open files, and kilobytes of memory.
fn held(process: &Path) -> (usize, u64) {
    let files = fs::read_dir(process.join("fd")).map_or(0, Iterator::count);
    let status = fs::read_to_string(process.join("status")).unwrap_or_default();
    let memory = status.lines().find_map(|line| line.strip_prefix("VmRSS:")?.trim().strip_suffix(" kB")?.parse().ok());
    (files, memory.unwrap_or(0))
}

#[test]
fn drills_one_after_another_leak_nothing() {
    let workspace = trial(&[("recovers", WELL)]);
    let folder = workspace.path().join("ungpho-try");
    let place = folder.to_str().unwrap();
    let drill = || {
        workspace.ok(&["--workspace", place, "drill", "recovers", "--lab", "--unattended", "--foreground"]);
    };
    drill();
    let keeper = || {
        let all = processes(&folder);
        let is_keeper = |path: &&PathBuf| {
            String::from_utf8_lossy(&fs::read(path.join("cmdline")).unwrap_or_default()).contains("lab-keeper")
        };
        (all.iter().find(is_keeper).cloned().expect("the lab is up"), all.len())
    };
    let ports = fs::read_to_string(folder.join("lab/ports.json")).unwrap();
    let (process, count) = keeper();
    let before = held(&process);
    let listed = |path: &Path| -> BTreeSet<String> {
        fs::read_dir(path).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    };
    // The standby site's copy is there a few seconds after a lab that was made anew.
    let kept = || {
        let mut found = listed(&folder.join("lab/portal"));
        found.remove("standby");
        found
    };
    let files = kept();
    let spool = listed(&folder.join("ledger/spool"));
    let times = if long() { 49 } else { 3 };
    for _ in 0..times {
        drill();
    }
    assert_eq!(keeper(), (process.clone(), count), "the same keeper, as many services");
    let after = held(&process);
    assert!(after.0 <= before.0 + 4, "open files: {} then {}", before.0, after.0);
    assert!(after.1 <= before.1 + 20_000, "memory in kB: {} then {}", before.1, after.1);
    assert_eq!(fs::read_to_string(folder.join("lab/ports.json")).unwrap(), ports);
    assert_eq!(kept(), files);
    assert_eq!(listed(&folder.join("ledger/spool")), spool);
    let verified: Value =
        serde_json::from_str(&workspace.ok(&["--workspace", place, "evidence", "verify", "--json"])).unwrap();
    assert_eq!(verified["ok"], true, "{verified}");
    workspace.ok(&["--workspace", place, "lab", "down"]);
    assert_eq!(processes(&folder), Vec::<PathBuf>::new());
}

#[test]
fn the_example_of_each_action_in_the_guide_really_runs() {
    let guide = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/playbooks.md")).unwrap();
    let (_, part) = guide.split_once("### Mỗi thao tác một ví dụ").unwrap();
    let (part, _) = part.split_once("\n### ").unwrap();
    let steps: Vec<&str> = part.split("```yaml\n").skip(1).map(|rest| rest.split("```").next().unwrap()).collect();
    assert!(steps.len() >= 9, "{}", steps.len());
    let workspace = Sandbox::new();
    workspace.ok(&["init", ".", "--sample", "quang-ngai"]);
    let head = "format: 1\nplaybook: examples\nversion: 1\ntitle: x\nfamily: B\nkind: examples\nkeep_running: x\n\
                inputs: { system: { type: system, default: portal } }\nroles: { operator: { title: x } }\nsteps:\n";
    fs::create_dir_all(workspace.path().join("playbooks")).unwrap();
    fs::write(workspace.path().join("playbooks/examples.yaml"), format!("{head}{}", steps.concat())).unwrap();
    workspace.ok(&["drill", "examples", "--lab", "--unattended", "--foreground"]);
    let report: Value =
        serde_json::from_str(&workspace.ok(&["report", "run", "--format", "json", "--out", "-"])).unwrap();
    assert_eq!(report["run"]["result"], "passed");
    for action in [
        "manual", "run", "probe", "wait", "backup", "restore", "decide", "parallel", "each", "repeat", "call",
        "notify", "inject", "fault", "note",
    ] {
        assert!(part.contains(&format!("{action}:")), "no example of {action}");
    }
}
