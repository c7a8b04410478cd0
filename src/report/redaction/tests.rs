use std::collections::BTreeMap;

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
        ("[2001:db8::1]:443, ::1, fe80::1%eth0", "[…, …, …", vec![(Addresses, 3)]),
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
