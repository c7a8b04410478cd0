//! The text of a new playbook: one that passes `check` as it stands and shows how each part is written.

use crate::model::Name;

/// The text of a new playbook `name` for the system `system`.
#[must_use]
pub fn template(name: &Name, system: &Name) -> String {
    TEXT.replace("NAME", name.as_str()).replace("SYSTEM", system.as_str())
}

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
  system: { type: system, default: SYSTEM }

roles:
  commander: { title: { vi: "Chỉ huy ứng phó", en: "Commander" } }
  operator: { title: { vi: "Cán bộ vận hành", en: "Operator" } }

objectives:
  - id: restored_in_time
    title: { vi: "Khôi phục dịch vụ trong thời gian đặt ra", en: "The service is restored within the time set" }
    measure: "clocks.rto.seconds <= inputs.system.objectives.rto"

watch:
  - { id: citizens, http: { url: "{{ inputs.system.endpoints.health }}", status: 200 }, every: 5s, confirm: 3 }

clocks:
  rto: { from: outage, to: { step: service_back, at: end }, limit: "{{ inputs.system.objectives.rto }}" }

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
    run: { on: inputs.system, do: start }
    timeout: 5m
  - id: service_back
    title: { vi: "Chờ dịch vụ trở lại", en: "Wait for the service" }
    role: operator
    phase: recover
    wait: { http: { url: "{{ inputs.system.endpoints.health }}", status: 200 }, every: 5s, confirm: 3 }
    timeout: 2h
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
        let (name, system): (Name, Name) = ("new-one".parse().expect("a name"), "one-stop".parse().expect("a name"));
        let text = template(&name, &system);
        let read = crate::playbook::read("new-one.yaml", &text, &crate::playbook::Known::default());
        assert!(read.is_ok(), "{:?}", read.err());
    }
}
