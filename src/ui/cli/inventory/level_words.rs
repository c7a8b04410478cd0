//! What the facts that criteria ask for are called.

use crate::message::{Message, message};
use crate::policy::levels::Fact;

/// What is asked about a fact.
pub(super) fn fact(fact: Fact) -> Message {
    match fact {
        Fact::Class => message!("level-fact-class"),
        Fact::Information => message!("level-fact-information"),
        Fact::OneStop => message!("level-fact-one-stop"),
        Fact::OnlineService => message!("level-fact-online-service"),
        Fact::ConditionalBusiness => message!("level-fact-conditional-business"),
        Fact::Users => message!("level-fact-users"),
        Fact::SubjectsBasic => message!("level-fact-subjects-basic"),
        Fact::SubjectsSensitive => message!("level-fact-subjects-sensitive"),
        Fact::Scope => message!("level-fact-scope"),
        Fact::NationalEgov => message!("level-fact-national-egov"),
        Fact::AlwaysOn => message!("level-fact-always-on"),
        Fact::NoUnplannedStop => message!("level-fact-no-unplanned-stop"),
        Fact::DefenceSecurity => message!("level-fact-defence-security"),
        Fact::Harm => message!("level-fact-harm"),
        Fact::Strategic => message!("level-fact-strategic"),
        Fact::WorksGrade => message!("level-fact-works-grade"),
        Fact::NationalCriticalData => message!("level-fact-national-critical-data"),
        Fact::InternationalLink => message!("level-fact-international-link"),
        Fact::DecidedLevel => message!("level-fact-decided-level"),
    }
}

/// What one of a fact's words means.
pub(super) fn word(fact: Fact, word: &str) -> Message {
    match (fact, word) {
        (Fact::Class, "internal") => message!("level-word-internal"),
        (Fact::Class, "public_service") => message!("level-word-public-service"),
        (Fact::Class, "infrastructure") => message!("level-word-infrastructure"),
        (Fact::Class, "ics") => message!("level-word-ics"),
        (Fact::Class, "other") => message!("level-word-other"),
        (Fact::Information, "public") => message!("level-word-public"),
        (Fact::Information, "private") => message!("level-word-private"),
        (Fact::Information, "personal") => message!("level-word-personal"),
        (Fact::Information, "state_secret") => message!("level-word-state-secret"),
        (Fact::OnlineService, "info_only") => message!("level-word-info-only"),
        (Fact::OnlineService, "partial") => message!("level-word-partial"),
        (Fact::OnlineService, "full") => message!("level-word-full"),
        (Fact::Scope, "one_agency") => message!("level-word-one-agency"),
        (Fact::Scope, "sector") => message!("level-word-sector"),
        (Fact::Scope, "province") => message!("level-word-province"),
        (Fact::Scope, "several_provinces") => message!("level-word-several-provinces"),
        (Fact::Scope, "national") => message!("level-word-national"),
        (Fact::Scope, "international") => message!("level-word-international"),
        (Fact::Harm, "harm") => message!("level-word-harm"),
        (Fact::Harm, "serious") => message!("level-word-serious"),
        (Fact::Harm, "very_serious") => message!("level-word-very-serious"),
        (Fact::WorksGrade, "special") => message!("level-word-special"),
        (Fact::WorksGrade, "none") => message!("level-word-no-works"),
        (Fact::WorksGrade, grade) => message!("level-word-grade", grade = grade),
        (_, "none") => message!("level-word-none"),
        (_, other) => message!("level-word", word = other),
    }
}
