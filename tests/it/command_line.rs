//! The command line: what is not valid is said in the reader's language, with exit code 2, and nothing is done.

use crate::sandbox::Sandbox;

#[track_caller]
fn check(arguments: &[&str], vi: &str, en: &str) {
    let sandbox = Sandbox::new();
    for (lang, label, text) in [("vi", "lỗi", vi), ("en", "error", en)] {
        let output = sandbox.speaking(lang, arguments);
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.starts_with(&format!("{label}[command-line]: ")) && said.contains(text), "{said}");
    }
    assert_eq!(std::fs::read_dir(sandbox.path()).unwrap().count(), 0);
}

#[test]
fn a_command_that_is_not_there_is_named_with_the_one_that_may_be_meant() {
    check(&["dril"], "không có lệnh nào tên là `dril`\n  gợi ý: có phải `drill` không?", "there is no command `dril`");
}

#[test]
fn a_command_that_stands_below_another_is_named_with_it() {
    check(&["calendar"], "gợi ý: có phải `ungpho report calendar` không?", "did you mean `ungpho report calendar`?");
    check(&["verify"], "`ungpho evidence verify`, `ungpho backup verify`", "there is no command `verify`");
}

#[test]
fn an_option_that_is_not_there_is_named_with_the_one_that_may_be_meant() {
    check(&["stop", "--becuase", "x"], "`--becuase`\n  gợi ý: có phải `--because` không?", "did you mean `--because`?");
}

#[test]
fn a_value_that_does_not_fit_is_named_with_those_that_do() {
    check(
        &["report", "run", "--format", "pdf"],
        "giá trị `pdf` không hợp lệ cho `--format <FORMAT>`\n  gợi ý: các từ dùng được: `html`, `md`, `json`",
        "`pdf` is not valid for `--format <FORMAT>`",
    );
    check(&["attach", "XX-1"], "giá trị `XX-1` không hợp lệ", "`XX-1` is not valid");
}

#[test]
fn what_is_missing_or_does_not_go_together_is_said() {
    check(
        &["drill", "x"],
        "thiếu `<--tabletop|--lab|--technical|--live>`",
        "is missing\n  help: `ungpho drill --help`",
    );
    check(&["drill", "a", "--lab", "--tabletop"], "`--lab` không đi cùng `--tabletop`", "`--lab` does not go with");
    check(&["report", "run", "--out"], "`--out <FILE>` thiếu giá trị", "`--out <FILE>` lacks its value");
}

#[test]
fn help_in_vietnamese_has_no_english_but_names() {
    let sandbox = Sandbox::new();
    for command in [&["--help"][..], &["drill", "--help"], &["report", "run", "--help"], &["evidence", "--help"]] {
        let output = sandbox.speaking("vi", command);
        let said = String::from_utf8_lossy(&output.stdout);
        for word in ["possible values", "default:", "Usage", "Print", "Options", "Arguments"] {
            assert!(!said.contains(word), "{word}:\n{said}");
        }
        assert!(said.ends_with('\n'), "{said:?}");
    }
}
