//! Workspaces to start from, embedded in the binary.

/// A workspace to start from.
#[derive(Debug)]
pub struct Sample {
    /// What `--sample` calls it.
    pub name: &'static str,
    /// Paths and texts of its files.
    pub files: &'static [(&'static str, &'static str)],
}

const IGNORE: (&str, &str) = (".gitignore", "/ledger/\n/lab/\n/reports/\n");

/// A workspace with nothing in it yet.
pub static EMPTY: Sample = Sample {
    name: "empty",
    files: &[
        IGNORE,
        ("ungpho.yaml", include_str!("../../policies/samples/empty/ungpho.yaml")),
        ("people.yaml", include_str!("../../policies/samples/empty/people.yaml")),
    ],
};

/// The province's shared systems and the national systems they connect to, as its report names them.
pub static QUANG_NGAI: Sample = Sample {
    name: "quang-ngai",
    files: &[
        IGNORE,
        ("ungpho.yaml", include_str!("../../policies/samples/quang-ngai/ungpho.yaml")),
        ("people.yaml", include_str!("../../policies/samples/quang-ngai/people.yaml")),
        ("inventory/budget-code.yaml", include_str!("../../policies/samples/quang-ngai/inventory/budget-code.yaml")),
        (
            "inventory/business-registration.yaml",
            include_str!("../../policies/samples/quang-ngai/inventory/business-registration.yaml"),
        ),
        ("inventory/civil-status.yaml", include_str!("../../policies/samples/quang-ngai/inventory/civil-status.yaml")),
        (
            "inventory/document-management.yaml",
            include_str!("../../policies/samples/quang-ngai/inventory/document-management.yaml"),
        ),
        ("inventory/lgsp.yaml", include_str!("../../policies/samples/quang-ngai/inventory/lgsp.yaml")),
        (
            "inventory/national-portal.yaml",
            include_str!("../../policies/samples/quang-ngai/inventory/national-portal.yaml"),
        ),
        (
            "inventory/official-mail.yaml",
            include_str!("../../policies/samples/quang-ngai/inventory/official-mail.yaml"),
        ),
        ("inventory/one-stop.yaml", include_str!("../../policies/samples/quang-ngai/inventory/one-stop.yaml")),
        ("inventory/population.yaml", include_str!("../../policies/samples/quang-ngai/inventory/population.yaml")),
        ("inventory/portal.yaml", include_str!("../../policies/samples/quang-ngai/inventory/portal.yaml")),
        ("inventory/reporting.yaml", include_str!("../../policies/samples/quang-ngai/inventory/reporting.yaml")),
        (
            "inventory/social-assistance.yaml",
            include_str!("../../policies/samples/quang-ngai/inventory/social-assistance.yaml"),
        ),
        (
            "inventory/social-insurance.yaml",
            include_str!("../../policies/samples/quang-ngai/inventory/social-insurance.yaml"),
        ),
        ("inventory/vbdlis.yaml", include_str!("../../policies/samples/quang-ngai/inventory/vbdlis.yaml")),
        (
            "inventory/video-conference.yaml",
            include_str!("../../policies/samples/quang-ngai/inventory/video-conference.yaml"),
        ),
        ("inventory/vnpost.yaml", include_str!("../../policies/samples/quang-ngai/inventory/vnpost.yaml")),
    ],
};

const ALL: [&Sample; 2] = [&EMPTY, &QUANG_NGAI];

/// The sample called `name`.
#[must_use]
pub fn named(name: &str) -> Option<&'static Sample> {
    ALL.into_iter().find(|sample| sample.name == name)
}

/// Every sample's name.
#[must_use]
pub fn names() -> Vec<&'static str> {
    ALL.into_iter().map(|sample| sample.name).collect()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn every_sample_file_of_the_source_tree_is_embedded() {
        for sample in ALL {
            let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("policies/samples").join(sample.name);
            for inner in ["", "inventory", "playbooks"] {
                let Ok(entries) = std::fs::read_dir(folder.join(inner)) else { continue };
                for entry in entries.filter_map(Result::ok).filter(|entry| entry.path().is_file()) {
                    let path = Path::new(inner).join(entry.file_name()).display().to_string();
                    assert!(sample.files.iter().any(|(name, _)| *name == path), "{}: {path}", sample.name);
                }
            }
        }
    }
}
