//! The playbooks that ship with the program: every file of the folder `playbooks/` and of its `parts/`, which hold what
//! playbooks call. One file more there is one playbook more here.

use include_dir::{Dir, include_dir};

static FOLDER: Dir = include_dir!("$CARGO_MANIFEST_DIR/playbooks");

/// The folder, inside `playbooks/`, of what is called by others.
const PARTS: &str = "parts";

/// Name and text of each, in the order of the names; the parts come last.
pub fn all() -> impl Iterator<Item = (&'static str, &'static str)> {
    let parts = FOLDER.get_dir(PARTS).into_iter().flat_map(Dir::files);
    FOLDER.files().chain(parts).filter_map(|file| {
        let name = file.path().file_name()?.to_str()?.strip_suffix(".yaml")?;
        Some((name, file.contents_utf8()?))
    })
}

/// The text of the shipped playbook `name`.
#[must_use]
pub fn text(name: &str) -> Option<&'static str> {
    all().find(|(known, _)| *known == name).map(|(_, text)| text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::playbook::{Known, Outline, outline, read};
    use crate::source;

    #[test]
    fn every_playbook_of_the_folder_ships_and_holds() {
        let count = |folder: &str| {
            let folder = format!("{}/{folder}", env!("CARGO_MANIFEST_DIR"));
            let entries = std::fs::read_dir(folder).expect("the folder is there").filter_map(Result::ok);
            entries.filter(|entry| entry.path().extension().is_some_and(|kind| kind == "yaml")).count()
        };
        let names: Vec<&str> = all().map(|(name, _)| name).collect();
        assert_eq!(names.len(), count("playbooks") + count("playbooks/parts"));
        let parts = names.len() - count("playbooks/parts");
        assert!(names[..parts].is_sorted() && names[parts..].is_sorted(), "{names:?}");

        let outlines = all().filter_map(|(name, text)| outline(&source::parse(name, text))).collect();
        let known = Known { playbooks: outlines, ..Known::default() };
        assert!(known.playbooks.values().all(Option::<Outline>::is_some));
        for (name, text) in all() {
            let read = read(&format!("{name}.yaml"), text, &known);
            assert!(read.is_ok(), "{name}: {:?}", read.err());
        }
    }
}
