//! Faults and operations in words: what a playbook names by a word of its own.

use crate::message::{Message, message};

/// What a fault is: one that the program knows in words, any other by its name.
pub(in crate::report) fn fault(kind: &str) -> Message {
    match kind {
        "kill" => message!("fault-kill"),
        "hang" => message!("fault-hang"),
        "encrypt" => message!("fault-encrypt"),
        "corrupt" => message!("fault-corrupt"),
        "delete-backups" => message!("fault-delete-backups"),
        "deface" => message!("fault-deface"),
        "cut-link" => message!("fault-cut-link"),
        "expire-certificate" => message!("fault-expire-certificate"),
        "break-configuration" => message!("fault-break-configuration"),
        "fill-disk" => message!("fault-fill-disk"),
        "flood" => message!("fault-flood"),
        "overload" => message!("fault-overload"),
        "power-off" => message!("fault-power-off"),
        "delete-records" => message!("fault-delete-records"),
        "bad-update" => message!("fault-bad-update"),
        "intruder" => message!("fault-intruder"),
        "spread" => message!("fault-spread"),
        "break-names" => message!("fault-break-names"),
        other => message!("report-as-it-is", text = other),
    }
}

/// What an operation does: those that the shipped playbooks ask of every system in words, any other by its name.
pub(in crate::report) fn operation(id: &str) -> Message {
    match id {
        "isolate" => message!("operation-isolate"),
        "reopen" => message!("operation-reopen"),
        "stop" => message!("operation-stop"),
        "start" => message!("operation-start"),
        "snapshot" => message!("operation-snapshot"),
        "check" => message!("operation-check"),
        "records" => message!("operation-records"),
        "citizens" => message!("operation-citizens"),
        "links" => message!("operation-links"),
        "relink" => message!("operation-relink"),
        "restore_configuration" => message!("operation-restore-configuration"),
        "free_space" => message!("operation-free-space"),
        "filter" => message!("operation-filter"),
        "unfilter" => message!("operation-unfilter"),
        "add_capacity" => message!("operation-add-capacity"),
        "drop_capacity" => message!("operation-drop-capacity"),
        "roll_back" => message!("operation-roll-back"),
        "intruder" => message!("operation-intruder"),
        "revoke" => message!("operation-revoke"),
        "quarantine" => message!("operation-quarantine"),
        "clean" => message!("operation-clean"),
        "fail_over" => message!("operation-fail-over"),
        "fail_back" => message!("operation-fail-back"),
        "renew_certificate" => message!("operation-renew-certificate"),
        "defer_checks" => message!("operation-defer-checks"),
        "check_deferred" => message!("operation-check-deferred"),
        other => message!("operation-other", id = other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Lang;
    use crate::step::FAULT_KINDS;

    #[test]
    fn every_fault_that_a_playbook_can_name_has_words_in_both_languages() {
        for kind in FAULT_KINDS {
            for lang in [Lang::Vi, Lang::En] {
                assert!(fault(kind.name).render(lang).contains(' '), "{}", kind.name);
            }
        }
    }

    #[test]
    fn every_operation_that_a_shipped_playbook_asks_for_has_words() {
        let mut count = 0;
        for (name, text) in crate::playbook::shipped::all() {
            for asked in text.split(" do: ").skip(1) {
                let Some((id, _)) = asked.split_once(" }").filter(|(id, _)| !id.contains([' ', '"', '\n'])) else {
                    continue;
                };
                count += 1;
                assert_ne!(operation(id).id, "operation-other", "{id} in {name}");
            }
        }
        assert!(count > 20, "{count}");
    }
}
