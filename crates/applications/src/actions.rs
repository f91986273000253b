//! What people and programs do with applications.

mod applicants;
mod forms;
mod joining;
mod listing;
mod privacy;
mod submitting;
mod working;

pub use self::{
    applicants::{Who, upsert_applicant},
    forms::{
        change_form, copy_form, create_form, delete_form, ensure_delivered_forms, ensure_form, set_form_open,
    },
    joining::lead_to,
    privacy::{erase, hand_over},
    submitting::{Submission, submit},
    working::{Outcome, add_note, set_status, set_statuses},
};

pub(crate) use self::submitting::{field_of, is_within};
