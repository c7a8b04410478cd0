//! The playbooks that ship with the program. A test holds this list to the folder `playbooks/`.

/// Name and text of each, in the order of the names.
pub const SHIPPED: &[(&str, &str)] = &[
    ("portal-outage", include_str!("../../playbooks/portal-outage.yaml")),
    ("ransomware-one-stop", include_str!("../../playbooks/ransomware-one-stop.yaml")),
    ("unknown-incident", include_str!("../../playbooks/unknown-incident.yaml")),
];

/// The text of the shipped playbook `name`.
#[must_use]
pub fn text(name: &str) -> Option<&'static str> {
    SHIPPED.iter().find(|(known, _)| *known == name).map(|(_, text)| *text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_playbook_of_the_folder_ships_and_holds() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/playbooks");
        let mut there: Vec<String> = std::fs::read_dir(folder)
            .expect("the folder is there")
            .filter_map(|entry| entry.expect("readable").file_name().into_string().ok())
            .filter_map(|name| name.strip_suffix(".yaml").map(str::to_owned))
            .collect();
        there.sort();
        assert_eq!(SHIPPED.iter().map(|(name, _)| (*name).to_owned()).collect::<Vec<_>>(), there);
        for (name, text) in SHIPPED {
            let read = crate::playbook::read(&format!("{name}.yaml"), text, &crate::playbook::Known::default());
            assert!(read.is_ok(), "{name}: {:?}", read.err());
        }
    }
}
