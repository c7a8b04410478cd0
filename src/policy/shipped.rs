//! The policies that ship with the program. A test holds these lists to the folders in `policies/`.

/// Path and text of each set of duties, in the order in which they are listed.
pub const DUTIES: &[(&str, &str)] = &[
    ("shipped/policies/duties/nd331-2026.yaml", include_str!("../../policies/duties/nd331-2026.yaml")),
    ("shipped/policies/duties/law91-2025.yaml", include_str!("../../policies/duties/law91-2025.yaml")),
    ("shipped/policies/duties/legacy-2017.yaml", include_str!("../../policies/duties/legacy-2017.yaml")),
];

/// Path and text of each set of cadences, in the order of the names.
pub const CADENCES: &[(&str, &str)] = &[
    ("shipped/policies/cadences/ct18-2022.yaml", include_str!("../../policies/cadences/ct18-2022.yaml")),
    ("shipped/policies/cadences/law116-2025.yaml", include_str!("../../policies/cadences/law116-2025.yaml")),
    ("shipped/policies/cadences/legacy-2017.yaml", include_str!("../../policies/cadences/legacy-2017.yaml")),
    ("shipped/policies/cadences/nd331-2026.yaml", include_str!("../../policies/cadences/nd331-2026.yaml")),
    ("shipped/policies/cadences/tcvn14423-2026.yaml", include_str!("../../policies/cadences/tcvn14423-2026.yaml")),
    ("shipped/policies/cadences/tt12-2022.yaml", include_str!("../../policies/cadences/tt12-2022.yaml")),
];

/// Path and text of each decree's criteria for levels, the older first.
pub const LEVELS: &[(&str, &str)] = &[
    ("shipped/policies/levels/nd85-2016.yaml", include_str!("../../policies/levels/nd85-2016.yaml")),
    ("shipped/policies/levels/nd331-2026.yaml", include_str!("../../policies/levels/nd331-2026.yaml")),
];

/// Path and text of each set of requirements, in the order in which they are listed.
pub const REQUIREMENTS: &[(&str, &str)] = &[
    ("shipped/policies/requirements/law116-2025.yaml", include_str!("../../policies/requirements/law116-2025.yaml")),
    ("shipped/policies/requirements/tt12-2022.yaml", include_str!("../../policies/requirements/tt12-2022.yaml")),
    (
        "shipped/policies/requirements/tcvn14423-2026.yaml",
        include_str!("../../policies/requirements/tcvn14423-2026.yaml"),
    ),
];

/// Path and text of each layout of documents, in the order of the names.
pub const LAYOUTS: &[(&str, &str)] = &[
    ("shipped/policies/layouts/hd05-2026.yaml", include_str!("../../policies/layouts/hd05-2026.yaml")),
    ("shipped/policies/layouts/hd36-2018.yaml", include_str!("../../policies/layouts/hd36-2018.yaml")),
    ("shipped/policies/layouts/nd30-2020.yaml", include_str!("../../policies/layouts/nd30-2020.yaml")),
];

macro_rules! notices {
    ($($name:literal),+ $(,)?) => {
        /// Path and text of each notice, in the order of the names.
        pub const NOTICES: &[(&str, &str)] = &[$((
            concat!("shipped/policies/notices/", $name, ".yaml"),
            include_str!(concat!("../../policies/notices/", $name, ".yaml")),
        )),+];
    };
}
notices!(
    "breach-minutes",
    "data-subject-notice",
    "final-report",
    "immediate-notice",
    "incident-report",
    "initial-notice",
    "legacy-final-report",
    "legacy-first-report",
    "legacy-incident-notice",
    "personal-data-notice",
    "processor-notice",
    "public-notice",
    "update-report",
);

/// Path and text of each profile of what documents leave out.
pub const REDACTION: &[(&str, &str)] =
    &[("shipped/policies/redaction/outside.yaml", include_str!("../../policies/redaction/outside.yaml"))];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_file_of_the_folders_ships() {
        for (folder, shipped) in [
            ("cadences", CADENCES),
            ("duties", DUTIES),
            ("layouts", LAYOUTS),
            ("levels", LEVELS),
            ("notices", NOTICES),
            ("redaction", REDACTION),
            ("requirements", REQUIREMENTS),
        ] {
            let path = format!("{}/policies/{folder}", env!("CARGO_MANIFEST_DIR"));
            let there: BTreeSet<String> = std::fs::read_dir(path)
                .expect("the folder is there")
                .filter_map(|entry| entry.expect("readable").file_name().into_string().ok())
                .map(|name| format!("shipped/policies/{folder}/{name}"))
                .collect();
            let listed: BTreeSet<String> = shipped.iter().map(|(path, _)| (*path).to_owned()).collect();
            assert_eq!(listed, there);
        }
    }
}
