//! The text of a new playbook: one that passes `check` as it stands and shows how each part is written.

use crate::inventory::System;
use crate::model::Name;

/// The text of a new playbook `name`, for `system` as far as its entry goes, or for whichever is given when it starts.
#[must_use]
pub fn template(name: &Name, system: Option<&System>) -> String {
    let watched = system.is_none_or(|system| system.endpoints.contains_key("health"));
    let started = system.is_none_or(|system| system.operations.contains_key("start"));
    let default = system.map(|system| format!(", default: {}", system.id)).unwrap_or_default();
    TEXT.replace("WATCH\n", if watched { WATCH } else { "" })
        .replace("FROM", if watched { "outage" } else { "detected" })
        .replace("START\n", if started { START } else { START_BY_HAND })
        .replace("BACK\n", if watched { BACK } else { BACK_BY_HAND })
        .replace("NAME", name.as_str())
        .replace(", DEFAULT", &default)
}

const WATCH: &str = r#"
watch:
  - { id: citizens, http: { url: "{{ inputs.system.endpoints.health }}", status: 200 }, every: 5s, confirm: 3 }
"#;

const START: &str = "    run: { on: inputs.system, do: start }
    timeout: 5m
";

const START_BY_HAND: &str = r#"    manual:
      do: { vi: "Khởi động lại dịch vụ.", en: "Start the service again." }
"#;

const BACK: &str = r#"    wait: { http: { url: "{{ inputs.system.endpoints.health }}", status: 200 }, every: 5s, confirm: 3 }
    timeout: 2h
"#;

const BACK_BY_HAND: &str = r#"    manual:
      do: { vi: "Thử truy cập từ mạng ngoài đến khi dịch vụ hoạt động ổn định.", en: "Try from outside until the service is steady." }
"#;

const TEXT: &str = r#"format: 1
playbook: NAME
version: 1
title: { vi: "Tên kịch bản", en: "Title of the playbook" }
family: B                    # A tấn công · attack; B lỗi hệ thống · technical fault; C lỗi quản trị, vận hành · operation; D thiên tai · disaster
kind: service-outage
signs:                       # điều cán bộ trực nhìn thấy · what a duty officer sees
  - { vi: "Không truy cập được dịch vụ", en: "The service cannot be reached" }
levels: [1, 2, 3, 4, 5]
# Bắt buộc (khoản 2 Điều 12 Thông tư số 20/2017/TT-BTTTT): người dân được phục vụ thế nào khi hệ thống ngừng.
# Compulsory: how citizens are served meanwhile.
keep_running: { vi: "Tiếp nhận hồ sơ giấy tại bộ phận một cửa", en: "Applications are taken on paper at the desk" }

inputs:
  system: { type: system, DEFAULT }

roles:
  commander: { title: { vi: "Chỉ huy ứng phó", en: "Commander" } }
  operator: { title: { vi: "Cán bộ vận hành", en: "Operator" } }

objectives:
  - id: restored_in_time
    title: { vi: "Khôi phục dịch vụ trong thời gian đặt ra", en: "The service is restored within the time set" }
    measure: "clocks.rto.seconds <= inputs.system.objectives.rto"
WATCH

clocks:
  rto: { from: FROM, to: { step: service_back, at: end }, limit: "{{ inputs.system.objectives.rto }}" }

steps:
  - id: begin_fault           # chỉ trong diễn tập trên môi trường lab · only in a lab drill
    fault: { on: inputs.system, kind: kill }
  - id: confirm
    title: { vi: "Xác minh sự cố", en: "Confirm the incident" }
    role: operator
    phase: receive
    manual:
      do: { vi: "Thử truy cập từ mạng ngoài và xem nhật ký.", en: "Try from outside and look at the logs." }
      checks:
        - { vi: "Đã chụp màn hình", en: "A screenshot has been taken" }
    marks: detected
  - id: start
    title: { vi: "Khởi động lại dịch vụ", en: "Start the service again" }
    role: operator
    phase: recover
START
  - id: service_back
    title: { vi: "Chờ dịch vụ trở lại", en: "Wait for the service" }
    role: operator
    phase: recover
BACK
    marks: restored
  - id: reopen
    title: { vi: "Quyết định mở lại dịch vụ", en: "Decide whether to reopen" }
    role: commander
    phase: recover
    decide:
      ask: { vi: "Mở lại dịch vụ cho người dân không?", en: "Reopen for citizens?" }
      options:
        - { id: open, title: { vi: "Mở lại", en: "Reopen" } }
        - { id: hold, title: { vi: "Chưa mở", en: "Not yet" } }
      default: hold
"#;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_playbook_passes_check() {
        let name: Name = "new-one".parse().expect("a name");
        let entry = |more: &str| {
            crate::inventory::read("a.yaml", &format!("format: 1\nid: a\nname: x\n{more}")).expect("it holds")
        };
        let full = "endpoints: { health: 'http://x' }\noperations: { start: { argv: [x], effect: change } }\n";
        for system in [None, Some(entry("")), Some(entry(full)), Some(entry("endpoints: { health: 'http://x' }\n"))] {
            let text = template(&name, system.as_ref());
            let systems = system.into_iter().map(|system| (system.id.clone(), system)).collect();
            let known = crate::playbook::Known { systems, complete: true, ..Default::default() };
            let read = crate::playbook::read("new-one.yaml", &text, &known);
            assert!(read.is_ok(), "{text}{:?}", read.err());
            for placeholder in ["WATCH", "FROM", "START", "BACK", "NAME", "DEFAULT"] {
                assert!(!text.contains(placeholder), "{text}");
            }
        }
    }
}
