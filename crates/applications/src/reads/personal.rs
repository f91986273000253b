//! Everything that is kept of one person.

use context::{Ctx, Permission};
use db::ReadTx;
use kernel::{Id, Result};

use super::{WholeApplicant, WholeApplication, applicant, of_applicant};
use crate::{Applicant, Entry, store};

/// Applications of one applicant: there is one a form.
const APPLICATIONS_AT_MOST: u32 = 1_000;

/// An application with its history.
#[derive(Debug, Clone)]
pub struct PersonalApplication {
    /// The application.
    pub whole: WholeApplication,
    /// What became of it, notes of the staff among it.
    pub history: Vec<Entry>,
}

/// Everything that is kept of one applicant.
#[derive(Debug, Clone)]
pub struct Personal {
    /// Who.
    pub applicant: WholeApplicant,
    /// What they applied for.
    pub applications: Vec<PersonalApplication>,
}

/// Everything that is kept of one applicant, for when they ask for it.
pub fn personal(ctx: &Ctx, tx: &mut ReadTx, id: Id<Applicant>) -> Result<Personal> {
    ctx.require(Permission::ApplicationsRead)?;
    let applicant = applicant(ctx, tx, id)?;
    let mut applications = Vec::new();
    for whole in of_applicant(ctx, tx, id, APPLICATIONS_AT_MOST)? {
        let history = store::entry::of(ctx, tx, whole.application.id)?;
        applications.push(PersonalApplication { whole, history });
    }
    Ok(Personal { applicant, applications })
}
