use std::collections::BTreeMap;

use unicode_normalization::UnicodeNormalization as _;

use super::*;
use crate::policy::redaction::profiles;

fn redactor() -> Redactor {
    let (profiles, _) = profiles(&[]);
    let profile = profiles.into_values().next().expect("one ships");
    let text = "format: 1\nid: portal\nname: x\nhosts: [ { id: app-01, ssh: root@web.noibo } ]\n\
                endpoints: { health: \"https://cong.tinh.gov.vn:8443/health\" }\n\
                controls: [ { id: antimalware, state: in_place, evidence: \"12/12 máy có bản mới\" } ]\n";
    let mut redactor = Redactor::new(profile, Lang::Vi);
    redactor.system(&crate::inventory::read("inventory/portal.yaml", text).expect("it holds"));
    redactor.text("mật khẩu quản trị chưa đổi", Class::Weaknesses);
    redactor.text("chưa đổi", Class::Weaknesses);
    redactor.text("abc", Class::Weaknesses);
    redactor
}

#[test]
fn what_goes_is_counted_and_numbers_of_documents_stay() {
    use Class::{Addresses, Machines, Measures, Paths, Weaknesses};
    let redactor = redactor();
    let root = "/bAbC9f7IAwKEBXz7lQ5UlpfVMi/EFRLdMI8XpJLXxg=";
    for (text, expected, classes) in [
        ("kiểm tra 10.0.3.17, đạt", "kiểm tra …, đạt", vec![(Addresses, 1)]),
        ("dải 10.0.0.0/24 (10.1.1.1:22)", "dải … …", vec![(Addresses, 2)]),
        ("thẻ 00:1a:2B:3c:4d:5e và 00-1a-2B-3c-4d-5e", "thẻ … và …", vec![(Addresses, 2)]),
        ("[2001:db8::1]:443, ::1, fe80::1%eth0", "…, …, …", vec![(Addresses, 3)]),
        ("host=10.1.2.3 root@10.1.2.4", "host=… …", vec![(Addresses, 2)]),
        ("máy app-01 và APP-01.", "máy … và ….", vec![(Machines, 2)]),
        ("xem https://a.b/c?d=1 trên db.tinh.vn", "xem … trên …", vec![(Addresses, 1), (Machines, 1)]),
        ("qua web.noibo; fe80::1", "qua …; …", vec![(Addresses, 1), (Machines, 1)]),
        ("tệp /var/lib/one-stop/a.db, ~/khoa, C:\\Du lieu", "tệp …, …, … lieu", vec![(Paths, 3)]),
        ("còn mật khẩu quản trị chưa đổi; chưa đổi", "còn …; …", vec![(Weaknesses, 2)]),
        ("12/12 máy có bản mới (abc)", "… (abc)", vec![(Measures, 1)]),
        ("văn bản số 335/SKHCN-BCVT&CĐS ngày 22/07/2025", "văn bản số 335/SKHCN-BCVT&CĐS ngày 22/07/2025", vec![]),
        ("2.184 người, 95,17%, v.v, phiên bản 1.2.3", "2.184 người, 95,17%, v.v, phiên bản 1.2.3", vec![]),
        ("(Kèm theo Báo cáo số    -BC/ĐU ngày  /9/2025)", "(Kèm theo Báo cáo số    -BC/ĐU ngày  /9/2025)", vec![]),
        (root, root, vec![]),
        ("02:15:00 25/11/2026, inventory/portal.yaml", "02:15:00 25/11/2026, inventory/portal.yaml", vec![]),
    ] {
        let mut counts = Counts::default();
        let seen = redactor.clean(text, &mut counts).replace("(đã lược bỏ)", "…");
        assert_eq!(seen, expected);
        assert_eq!(counts, Counts(BTreeMap::from_iter(classes)), "{text}");
        // What was cleaned is clean.
        let mut again = Counts::default();
        assert_eq!(
            redactor.clean(&redactor.clean(text, &mut counts), &mut again).replace("(đã lược bỏ)", "…"),
            expected
        );
        assert_eq!(again, Counts::default(), "{text}");
    }
}

#[test]
fn a_name_is_found_wherever_its_tone_stands() {
    let mut redactor = redactor();
    redactor.profile.leave_out.insert(Class::People);
    redactor.person("Lê Thị Thủy");
    redactor.person("Trần Hoà");
    for (text, expected) in [
        ("Lê Thị Thuỷ và Trần Hòa.", "… và …."),
        ("lê thị thủy/TRẦN HOÀ", "…/…"),
        ("Trần Hòai, Lê Thị Thúy, hòa giải", "Trần Hòai, Lê Thị Thúy, hòa giải"),
    ] {
        let seen = redactor.clean(text, &mut Counts::default()).replace("(đã lược bỏ)", "…");
        assert_eq!(seen, expected);
    }
}

#[test]
fn a_page_keeps_its_markup_and_its_style() {
    let page = "<html><style>a { width: 10.5mm; content: \"10.0.0.1\" }</style><h1>X</h1>\
                <p title=\"app-01 &amp; &quot;b&quot;\" style=\"x: 1.2.3.4\">10.0.0.1 &lt;app-01&gt; &amp; c</p></html>";
    let seen = redactor().page(page).replace("(đã lược bỏ)", "…");
    let note = "<p>Đã lược bỏ trước khi gửi ra ngoài đơn vị: 01 địa chỉ, 02 tên máy</p>";
    let expected = format!(
        "<html><style>a {{ width: 10.5mm; content: \"10.0.0.1\" }}</style><h1>X</h1>{note}\
         <p title=\"… &amp; &quot;b&quot;\" style=\"x: 1.2.3.4\">… &lt;…&gt; &amp; c</p></html>"
    );
    assert_eq!(seen, expected);
}

#[test]
fn whatever_touches_an_address_a_name_or_a_path_does_not_hide_it() {
    let mut redactor = redactor();
    redactor.machine("portal-app-01");
    redactor.machine("portal-bk-01");
    redactor.machine("https://cong.tinh.example/health");
    for (text, expected) in [
        ("IP:10.77.1.15 ip10.77.1.17", "IP:… ip…"),
        ("10.77.1.6-10.77.1.9, 10.77.1.10–20", "…-…, …"),
        ("10.77.1.1→10.77.1.2 10.77.1.1+10.77.1.2 10.77.1.1&10.77.1.2", "…→… …+… …&…"),
        ("10.77.1.1\\10.77.1.2 10.77.1.1_10.77.1.2 10.77.1.1/10.77.1.2", "…\\… …_… …/…"),
        ("10.77.1.35#7 10.77.1.* 10.77.x.x 10.77.1.{2,3} 10.77.1/24", "…#7 … … … …"),
        ("10[.]77[.]1[.]22 hxxp://10.77.1.21/a 10.77.\u{200b}1.22 １０.77.1.22", "… … … …"),
        ("001a.2b3c.4d77 [2001:db8:77::1]:443 ::ffff:10.77.1.3", "… … …"),
        ("máy:portal-app-01 máy=portal-app-01 portal-app-01's", "máy:… máy=… …'s"),
        ("portal-app-01→portal-bk-01 portal-app-01–portal-bk-01", "…→… …–…"),
        ("portal-app-01.quangngai.example portal-app-01.noibo PORTAL_APP_01", "… … …"),
        ("portal\u{2011}app\u{2011}01 portal-app-01.png root@portal-app-01:22", "… … …"),
        ("10.20.30.99 tu portal-bk-01.log", "… tu …"),
        ("portal-app-01.Sau đó; portal-app-01.nhưng", "….Sau đó; ….nhưng"),
        ("srv77.quangngai.example srv77.example srv77.io srv77.cloud", "… … … …"),
        ("srv77_db.quangngai.gov.vn srv77.gov.vn→a lan77@quangngai.gov.vn", "… …→a …"),
        ("\\\\fileserver77\\share ./x/y bimat77/a/b.conf /bimat77 path:/srv/x", "… … … … path:…"),
    ] {
        let mut counts = Counts::default();
        assert_eq!(redactor.clean(text, &mut counts).replace("(đã lược bỏ)", "…"), expected);
        let said: u64 = counts.0.values().sum();
        assert_eq!(usize::try_from(said).expect("few"), expected.matches('…').count(), "{text}");
    }
}

#[test]
fn numbers_of_decrees_days_amounts_and_clauses_are_no_addresses() {
    let redactor = redactor();
    for text in [
        "331/2026/NĐ-CP, 24/7, 100 km/h, TCP/IP, và/hoặc, DT-2026-002, kh02-2025/9",
        "25.11.2026 lúc 10.30, phiên bản 1.2.3",
        "2.184.000.000 đồng; 1.234.567.890 đồng; 1.184.200.100 đồng",
        "Số:      /BC-SKHCN và Số    /2026/QĐ-UBND",
        "TCVN 14423:2026, 3.15.2.1 đến 3.15.2.3; mục 3.11.2.1b",
        "Ông T.Lan, GS.TS Ng.V.A, TP.HCM, xong.Sau đó, steps.see.minutes <= 30, rounds[1]/look",
        "/bAbC9f7IAwKEBXz7lQ5UlpfVMi/EFRLdMI8XpJLXxg=",
        "2026-11-25T10:20:30.123+07:00 std::fs",
    ] {
        let mut counts = Counts::default();
        assert_eq!(redactor.clean(text, &mut counts), text);
    }
}

#[test]
fn the_prose_of_every_shipped_playbook_stays_whole() {
    let (profiles, _) = profiles(&[]);
    let redactor = Redactor::new(profiles.into_values().next().expect("one ships"), Lang::Vi);
    let mut lines = 0;
    for (name, text) in crate::playbook::shipped::all() {
        // Comments cite clauses of standards; one line has an address.
        let spoken = |line: &&str| !line.starts_with('#') && !line.contains("default: quangngai.example");
        for line in text.lines().filter(spoken) {
            let mut counts = Counts::default();
            assert_eq!(redactor.clean(line, &mut counts), line, "{name}");
            lines += 1;
        }
    }
    assert!(lines > 1_000, "{lines}");
}

#[test]
fn markdown_is_read_as_it_says_and_not_as_it_is_escaped() {
    let mut redactor = redactor();
    redactor.machine("portal_app_01");
    let text = "\\[2001:db8:77::1\\]:443 &lt;10.77.1.27&gt; portal\\_app\\_01 10.77.1.\\* | a\\|b `\\\\kho77\\x` \\\\\\\\kho77\\\\x **b**";
    let seen = redactor.markdown(text).replace("(đã lược bỏ)", "…");
    assert_eq!(seen.lines().next(), Some("… &lt;…&gt; … … | a\\|b `…` … **b**"));
}

#[test]
fn a_persons_name_goes_however_it_is_typed() {
    let own = "format: 1\nredaction: outside\ntitle: x\nleave_out: [people]\nnote: Che\n";
    let (profiles, _) = profiles(&[("policies/redaction/outside.yaml".to_owned(), own.to_owned())]);
    let mut redactor = Redactor::new(profiles.into_values().next().expect("one"), Lang::Vi);
    for name in
        ["Nguyễn Thị Lan", "Lê Văn Cường, Giám đốc", "Sở Khoa học và Công nghệ", "(chưa phân công)", "Minh", "B"]
    {
        redactor.person(name);
    }
    let taken_apart: String = "Nguyễn Thị Lan".nfd().collect();
    let text = format!(
        "NGUYỄN THỊ LAN, {taken_apart}, Nguyễn  Thị\u{a0}Lan; Nguyễn Thị Lanh; Lê Văn Cường, Giám đốc; chứng minh; Minh; \
         Sở Khoa học và Công nghệ (chưa phân công) B 10.1.1.1"
    );
    let mut counts = Counts::default();
    assert_eq!(
        redactor.clean(&text, &mut counts).replace("(đã lược bỏ)", "…"),
        "…, …, …; Nguyễn Thị Lanh; …, Giám đốc; chứng minh; …; Sở Khoa học và Công nghệ (chưa phân công) B 10.1.1.1"
    );
    assert_eq!(counts.of(Class::People), 5);
}
