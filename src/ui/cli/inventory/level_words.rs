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
