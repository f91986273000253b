//! The REST API of applications: as the bots of seed 004 call it (SPEC, APPLY-3), and for the staff.
#![expect(unused_qualifications, reason = "utoipa writes the path of the query's type")]

mod analytics;
mod applicants;
mod applications;
mod bot;
mod forms;
mod reading;
mod shown;

pub use self::{
    forms::ApplicationFormOut,
    shown::{ApplicantOut, ApplicationOut, ChoiceOut},
};

pub(crate) use self::{applicants::personal_data as personal_data_out, forms::ApplicationFieldOut};

use utoipa_axum::router::OpenApiRouter;
use web::App;

/// Every route, with its OpenAPI.
pub(crate) fn routes() -> OpenApiRouter<App> {
    bot::routes()
        .merge(applications::routes())
        .merge(analytics::routes())
        .merge(applicants::routes())
        .merge(forms::routes())
}
