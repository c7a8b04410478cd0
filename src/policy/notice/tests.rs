use super::*;
use crate::inventory::{self, Unit};
use crate::model::{Lang, RunKind, Stamp};
use crate::policy::duties::{self, Book};
use crate::policy::levels;
use crate::policy::recipients::Recipients;

fn at(text: &str) -> Stamp {
    text.parse().expect("a valid time")
}

fn library() -> Library {
    let (library, findings) = Library::read(&[]);
    assert!(findings.is_empty(), "{findings:?}");
    library
}

fn own(text: &str) -> Template {
    read("policies/notices/ours.yaml", text).unwrap_or_else(|findings| panic!("{findings:?}"))
}

/// What a night's record gives: unit, one system, the duty, what was seen and done.
fn night(drill: bool, duty: &str) -> Facts {
    let unit =
        Unit::read("ungpho.yaml", "format: 1\nunit: Trung tâm Chuyển đổi số\nplace: Quảng Ngãi\n").expect("it holds");
    let text = "format: 1\nid: portal\nname: Cổng thông tin điện tử tỉnh\nowner: UBND tỉnh\noperator: Văn phòng UBND tỉnh\n\
                dossier: { approved: 3 }\nassumed: [dossier.approved]\n";
    let system = inventory::read("inventory/portal.yaml", text).expect("it holds");
    let kind = if drill { RunKind::Drill } else { RunKind::Incident };
    let detected = at("2026-11-23T18:40:00Z");
    let mut known = duties::Facts::new(kind, at("2026-11-24T03:10:00+07:00"));
    known.detected = Some(detected);
    known.breach = Some(at("2026-11-24T02:00:00+07:00"));
    let recipients = Recipients::of(&unit, &[&system]);
    let standing = duties::duties(&Book::read(&[], &[]).0, &known, &recipients, None);
    Facts::new(drill)
        .unit(&unit)
        .systems(&[&system], &levels::Book::read(&[]).0, "2026-11-24".parse().expect("a day"))
        .duty(standing.find(duty).expect("it is in force"))
        .standing(&standing)
        .moment(Known::Detected, &detected)
        .moment(Known::Now, &known.now)
        .with(Known::Run, "SC-2026-003")
        .with(Known::Seen, "Trang chủ bị thay đổi giao diện")
        .with(Known::Seen, "Không đăng nhập được trang quản trị")
        .with(Known::Done, "Ngắt máy chủ web khỏi mạng")
}

#[test]
fn a_first_notice_is_filled_from_the_record_and_says_what_is_missing() {
    let library = library();
    let filled = fill(library.find("initial-notice").expect("it ships"), &night(false, "anm-24"), Lang::Vi);
    let expected = "Trung tâm Chuyển đổi số

Kính gửi: cơ quan chuyên trách của Bộ Công an (của Bộ Quốc phòng đối với hệ thống thông tin của Bộ Quốc phòng)

THÔNG BÁO BAN ĐẦU VỀ SỰ CỐ AN NINH MẠNG
Căn cứ: đoạn 3 điểm d khoản 2 Điều 31 Nghị định số 331/2026/NĐ-CP ngày 19/8/2026 của Chính phủ
Thời hạn: 24 giờ kể từ thời điểm phát hiện
Đến hạn: 01 giờ 40 phút ngày 25 tháng 11 năm 2026

Vụ việc: SC-2026-003
Đơn vị vận hành: Văn phòng UBND tỉnh
Chủ quản hệ thống thông tin: UBND tỉnh
Hệ thống thông tin: Cổng thông tin điện tử tỉnh
Cấp độ: 3 (đã được phê duyệt; chưa ghi số, ngày quyết định) (số liệu giả định)
Loại sự cố (theo kịch bản): (chưa có số liệu)
Thời điểm phát hiện: 01 giờ 40 phút ngày 24 tháng 11 năm 2026
Người phát hiện: (chưa có số liệu)
Phân loại: chưa xác định có nghiêm trọng hay không
Định nghĩa \"sự cố nghiêm trọng\" của đơn vị: (chưa có số liệu)
Hiện tượng:
- Trang chủ bị thay đổi giao diện
- Không đăng nhập được trang quản trị
Biện pháp đã thực hiện:
- Ngắt máy chủ web khỏi mạng
Duy trì phục vụ: (chưa có số liệu)
Mức độ ảnh hưởng ban đầu: (chưa có số liệu)
Đầu mối liên lạc: (chưa có số liệu)
Đề nghị: (chưa có số liệu)

Soạn lúc 03 giờ 10 phút ngày 24 tháng 11 năm 2026; dự thảo, chưa gửi.";
    assert_eq!(filled.text(), expected);
    let missing: Vec<_> = filled.missing.iter().map(|one| (one.blank.as_str(), one.asked)).collect();
    assert_eq!(
        missing,
        [
            ("scenario", false),
            ("detected_by", false),
            ("serious_definition", false),
            ("keep_running", false),
            ("effects", true),
            ("contact", false),
            ("request", true)
        ]
    );
    assert_eq!(filled.missing[4].title.pick(Lang::Vi), "mức độ ảnh hưởng ban đầu");
    assert_eq!(filled.missing[5].title.pick(Lang::Vi), "đầu mối liên lạc");
}

#[test]
fn every_page_of_a_drill_s_notice_begins_and_ends_with_the_banner_and_no_page_of_a_real_one_has_it() {
    for (lang, banner) in [(Lang::Vi, "DIỄN TẬP – KHÔNG PHẢI SỰ CỐ THẬT"), (Lang::En, "DRILL – NOT A REAL INCIDENT")]
    {
        for template in library().templates.values() {
            let drill = fill(template, &night(true, "dlcn-72"), lang);
            assert_eq!(drill.pages.len(), template.pages.len());
            for page in &drill.pages {
                assert!(page.starts_with(banner) && page.ends_with(banner), "{}: {page}", template.name);
            }
            assert!(!fill(template, &night(false, "dlcn-72"), lang).text().contains(banner), "{}", template.name);
        }
    }
    assert_eq!(library().find("breach-minutes").expect("it ships").pages.len(), 2);
}

#[test]
fn every_duty_has_its_notice_and_that_asks_for_all_that_the_article_lists() {
    let library = library();
    let (book, _) = Book::read(&[], &[]);
    assert_eq!(book.duties.len(), 12);
    for duty in &book.duties {
        let name = duty.notice.as_ref().expect("every shipped duty has a notice");
        let template = library.find(name.as_str()).expect("the notice ships");
        // Whatever the article lists has a blank of its own, or, where it is a list itself, several.
        for item in &duty.contents {
            let asked = match item.id.as_str() {
                "nature" => {
                    vec!["breach_time", "breach_place", "breach_act", "breach_parties", "data_kinds", "data_amount"]
                }
                "who" => vec!["operator", "owner", "system", "detected"],
                "kind" => vec!["scenario", "seen", "danger"],
                "measures" if name.as_str() == "legacy-first-report" => vec!["done"],
                "proposals" => vec!["request"],
                other => vec![other],
            };
            let filled = fill(template, &Facts::new(false), Lang::Vi);
            for blank in asked {
                assert!(filled.missing.iter().any(|missing| missing.blank == blank), "{}: {blank}", duty.id);
            }
        }
    }
    let asked = |notice: &str| -> Vec<String> {
        library.find(notice).expect("it ships").ask.keys().map(ToString::to_string).collect()
    };
    // Decree 331/2026/NĐ-CP, Article 31.2.d: the triple, and nothing else that only people know.
    assert_eq!(asked("incident-report"), ["cause", "scope", "remedy"]);
    // What the engine's playbooks name today is here.
    for name in ["initial-notice", "incident-report", "personal-data-notice", "public-notice"] {
        assert!(library.find(name).is_some(), "{name}");
    }
}

#[test]
fn what_people_say_is_set_in_as_it_is_and_neither_fills_blanks_nor_breaks_lines() {
    let template = own(
        "format: 1\nnotice: ours\ntitle: x\nask: { cause: x }\npages:\n  - vi: |\n      Nguyên nhân: {{ cause }}.\n      * {{ seen }}\n",
    );
    let facts = Facts::new(false)
        .told("cause".parse().expect("an id"), "lỗi {{ unit }}\n\u{1b}[2Jcấu hình")
        .told("cause".parse().expect("an id"), "mất điện")
        .with(Known::Unit, "Sở")
        .with(Known::Seen, " \u{7} ");
    let filled = fill(&template, &facts, Lang::En);
    assert_eq!(filled.text(), "Nguyên nhân: lỗi {{ unit }} [2Jcấu hình; mất điện.\n* (no figure yet)");
}

#[test]
fn what_is_missing_stands_in_one_pair_of_brackets() {
    let template = own(
        "format: 1\nnotice: ours\ntitle: x\npages:\n  - vi: |\n      Hạn: {{ limit }} ({{ due }}); ({{ place }}, {{ now }})\n",
    );
    let text = |facts: &Facts| fill(&template, facts, Lang::Vi).text();
    assert_eq!(
        text(&Facts::new(false)),
        "Hạn: (chưa có số liệu) (chưa có số liệu); ((chưa có số liệu), (chưa có số liệu))"
    );
    let known = Facts::new(false).with(Known::Due, "sáng mai (8 giờ)").with(Known::Limit, "24 giờ");
    assert!(text(&known).starts_with("Hạn: 24 giờ (sáng mai (8 giờ)); "));
    for template in library().templates.values() {
        for drill in [false, true] {
            let text = fill(template, &Facts::new(drill), Lang::Vi).text();
            assert!(!text.contains("((") && !text.contains("))"), "{}: {text}", template.name);
        }
    }
}

#[test]
fn a_unit_s_own_notice_stands_in_the_place_of_the_shipped_one() {
    let text = "format: 1\nnotice: public-notice\ntitle: x\npages: [ { vi: \"{{ system }}\" } ]\n".to_owned();
    let (library, findings) = Library::read(&[("policies/notices/public-notice.yaml".to_owned(), text)]);
    assert!(findings.is_empty(), "{findings:?}");
    assert_eq!(library.overridden.iter().map(ToString::to_string).collect::<Vec<_>>(), ["public-notice"]);
    assert_eq!(library.templates.len(), 13);
    let filled = fill(library.find("public-notice").expect("it is there"), &night(false, "anm-72"), Lang::Vi);
    assert_eq!(filled.text(), "Cổng thông tin điện tử tỉnh");
}

#[test]
fn levels_of_several_systems_stand_beside_their_names() {
    let system = |id: &str, level: &str| {
        inventory::read(&format!("{id}.yaml"), &format!("format: 1\nid: {id}\nname: {id}\n{level}")).expect("it holds")
    };
    let (one, two) = (system("portal", "dossier: { approved: 2 }\n"), system("lgsp", ""));
    let template = own("format: 1\nnotice: ours\ntitle: x\npages: [ { vi: \"{{ level }}\" } ]\n");
    let (book, _) = levels::Book::read(&[]);
    let text = |systems: &[&inventory::System]| {
        let on = "2026-11-24".parse().expect("a day");
        fill(&template, &Facts::new(false).systems(systems, &book, on), Lang::Vi).text()
    };
    assert_eq!(text(&[&one]), "2 (đã được phê duyệt; chưa ghi số, ngày quyết định)");
    let internal = system("hr", "facts: { class: [internal], information: [private] }\n");
    let computed = "2 (chương trình tính theo Nghị định số 331/2026/NĐ-CP, chưa được phê duyệt)";
    assert_eq!(text(&[&internal]), computed);
    assert_eq!(text(&[&two]), "(chưa có số liệu)");
    assert_eq!(
        text(&[&one, &two]),
        "- portal: 2 (đã được phê duyệt; chưa ghi số, ngày quyết định)\n- lgsp: (chưa có số liệu)"
    );
}

#[test]
fn mistakes_in_a_notice_are_found_at_their_words() {
    let text = "format: 1
notice: ours
title: x
ask: { unit: x, cause: x, never: x }
pages:
  - vi: |
      Đơn vị {{ unt }} {{ cause }}
      mở {{ cause
    en: |
      {{ cause }} {{ place }}
  - colour: red
";
    let document = crate::source::parse("policies/notices/ours.yaml", text);
    let found: Vec<_> =
        read_document(&document).1.iter().map(|f| format!("{} {}:{}", f.code, f.line, f.column)).collect();
    assert_eq!(
        found.join(", "),
        "blank-known 4:8, blank-unused 4:8, blank-unused 4:27, unknown-blank 7:17, blank-open 8:10, blanks-differ 10:7, \
         unknown-key 11:5"
    );
}
