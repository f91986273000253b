//! What people, bots and programs do with surveys.

mod answering;
mod campaigns;
mod importing;
mod joining;
mod people;

pub(crate) use self::importing::{apply_import, end_import, may_import};
pub use self::{
    answering::{Saved, save_survey},
    campaigns::{
        create_campaign, delete_campaign, set_campaign_active, set_default_campaign, update_campaign,
    },
    importing::{NewImport, create_import, get_import},
    joining::lead_to,
    people::{Erased, erase_student, export_student, release_student},
};
