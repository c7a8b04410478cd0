use super::*;

fn shipped() -> Layouts {
    let (layouts, findings) = Layouts::read(&[]);
    assert!(findings.is_empty(), "{findings:?}");
    layouts
}

#[test]
fn the_layout_of_state_documents_is_within_what_the_decree_allows() {
    let layouts = shipped();
    let layout = layouts.find("nd30-2020").expect("it ships");
    let page = layout.page;
    assert_eq!((page.width, page.height), (210, 297));
    assert!((20..=25).contains(&page.top) && (20..=25).contains(&page.bottom));
    assert!((30..=35).contains(&page.left) && (15..=20).contains(&page.right));
    let sizes = layout.sizes;
    for (size, least, most) in [
        (sizes.heading, 12, 13),
        (sizes.motto, 13, 14),
        (sizes.parent, 12, 13),
        (sizes.issuer, 12, 13),
        (sizes.number, 13, 13),
        (sizes.place, 13, 14),
        (sizes.about, 12, 13),
        (sizes.kind, 13, 14),
        (sizes.subject, 13, 14),
        (sizes.body, 13, 14),
        (sizes.signature, 13, 14),
        (sizes.recipients_title, 12, 12),
        (sizes.recipients, 11, 11),
        (sizes.annex, 14, 14),
        (sizes.page_number, 13, 14),
    ] {
        assert!((least..=most).contains(&size), "{size} is not from {least} to {most}");
    }
    // 12, 13, 13 or 13, 14, 14.
    assert_eq!((sizes.motto, sizes.place), (sizes.heading + 1, sizes.heading + 1));
    assert!([10, 13].contains(&layout.body.first_line) && layout.body.before >= 6);
    assert!(matches!(layout.body.line, Line::Percent(100..=150)));
    assert_eq!(layout.words.end, "./.");
    assert_eq!(layout.second_hand, None);
}

#[test]
fn party_documents_follow_the_guidance_of_their_day_and_say_that_it_was_not_read() {
    let layouts = shipped();
    let on = |day| layouts.on(Family::Party, day).map(|layout| layout.name.as_str());
    assert_eq!(on("2018-04-02"), None);
    assert_eq!(on("2018-04-03"), Some("hd36-2018"));
    assert_eq!(on("2026-05-26"), Some("hd36-2018"));
    assert_eq!(on("2026-05-27"), Some("hd05-2026"));
    assert_eq!(layouts.on(Family::State, "2026-11-26").map(|layout| layout.name.as_str()), Some("nd30-2020"));
    for layout in layouts.layouts.values().filter(|layout| layout.family == Family::Party) {
        assert!(layout.second_hand.is_some());
        assert_eq!(layout.words.heading, "ĐẢNG CỘNG SẢN VIỆT NAM");
        assert!(matches!(layout.body.line, Line::Exact(18..=19)));
        assert!(!layout.rules.position_bold && layout.words.motto.is_none());
    }
}

#[test]
fn a_unit_s_own_layout_stands_in_the_place_of_the_shipped_one_and_mistakes_are_found_at_their_words() {
    let (_, text) = shipped::LAYOUTS.iter().find(|(path, _)| path.contains("nd30")).expect("it ships");
    let own = text.replace("right: 15", "right: 20");
    let (layouts, findings) = Layouts::read(&[("policies/layouts/nd30-2020.yaml".to_owned(), own)]);
    assert!(findings.is_empty(), "{findings:?}");
    assert_eq!(layouts.overridden, ["nd30-2020".parse::<Name>().expect("a name")]);
    let layout = layouts.find("nd30-2020").expect("it is there");
    assert_eq!((layout.page.right, layout.file.as_str()), (20, "policies/layouts/nd30-2020.yaml"));

    let wrong = text
        .replace("right: 15", "right: 150")
        .replace("family: state", "family: stat")
        .replace("{number}/{kind}-{symbol}", "{number}/BB-{symbol}")
        .replace("percent: 110", "percent: 110, exact: 18");
    let findings = read_document(&source::parse("nd30-2020.yaml", &wrong)).1;
    let seen: Vec<&str> = findings.iter().map(|finding| finding.code).collect();
    assert_eq!(seen.len(), 4, "{findings:?}");
    assert!(seen.contains(&"out-of-range") && seen.contains(&"unknown-word") && seen.contains(&"missing-blank"));
}
