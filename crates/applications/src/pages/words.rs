//! What several pages say of an application.

use web::pages::{Badge, Shell, Tone};

use crate::{FormField, Status, WholeApplication};

/// The colour of a status.
pub(super) const fn tone(status: Status) -> Tone {
    match status {
        Status::Submitted => Tone::Accent,
        Status::InReview => Tone::Info,
        Status::Accepted => Tone::Success,
        Status::Rejected => Tone::Error,
        Status::Cancelled => Tone::Plain,
    }
}

pub(super) fn badge(p: &Shell, status: Status) -> Badge {
    Badge::new(tone(status), p.t(status.text_key()))
}

/// What somebody is called; that they were erased, or that nobody knows.
pub(super) fn name(p: &Shell, applicant: &crate::Applicant) -> String {
    let name = applicant.name();
    match (name.is_empty(), applicant.erased_at) {
        (false, _) => name,
        (true, Some(_)) => p.t("applications-erased"),
        (true, None) => p.t("applications-nameless"),
    }
}

pub(super) fn phone(applicant: &crate::Applicant) -> String {
    applicant.phone.as_ref().map(kernel::Phone::pretty).unwrap_or_default()
}

/// The answer in a field, in the reader's language.
pub(super) fn answer(p: &Shell, whole: &WholeApplication, field: &FormField) -> String {
    let (yes, no) = (p.t("applications-yes"), p.t("applications-no"));
    whole.shown(field, p.lang(), [&yes, &no])
}
