//! `ungpho playbook export` and `import`, through the program.

use std::fs;

use super::desk::Desk;

#[test]
fn a_shipped_playbook_goes_out_and_comes_back_under_another_name() {
    let desk = Desk::new();
    let out = desk.run(&["playbook", "export", "portal-outage", "--to", "out.json"]).exits(0);
    assert!(out.err.contains("other tools do not see how to undo: isolate/close_door"), "{}", out.err);
    desk.run(&["playbook", "import", "out.json", "--name", "portal-again"]).exits(0);
    let text = fs::read_to_string(desk.root().join("playbooks/portal-again.yaml")).expect("it was written");
    assert!(
        text.contains("marks: contained")
            && text.contains("Chỉ huy ứng phó")
            && text.contains("playbook: portal-again"),
        "{text}"
    );
    let again = desk.run(&["playbook", "export", "portal-outage"]).exits(0);
    assert_eq!(again.out, fs::read_to_string(desk.root().join("out.json")).expect("it was written"));
    // Nothing that is there is written over.
    desk.run(&["playbook", "export", "portal-outage", "--to", "out.json"]).exits(2);
    desk.run(&["playbook", "import", "out.json", "--name", "portal-again"]).exits(2);
}

#[test]
fn what_is_no_cacao_document_is_refused_at_its_place() {
    let desk = Desk::new();
    desk.write("bad.json", "{\"type\": \"playbook\",\n \"spec_version\": \"1.1\"}");
    let done = desk.run(&["playbook", "import", "bad.json", "--name", "bad"]).exits(2);
    assert!(done.err.contains("cacao-not-playbook") && done.err.contains("bad.json:2:"), "{}", done.err);
    assert!(!desk.root().join("playbooks/bad.yaml").exists());
}
