//! Two contacts turn out to be one person.

use contacts::Contact;
use context::{Ctx, Permission};
use db::Tx;
use kernel::{Error, Id, Result, Text};

use crate::{Student, store};

/// Leads the student who is the contact `gone` to `stays`. Whoever joins the two contacts need not see what they answered.
/// Errors: a conflict where both are students, for those have two ids at the university.
pub fn lead_to(ctx: &Ctx, tx: &mut Tx, gone: Id<Contact>, stays: Id<Contact>) -> Result<()> {
    ctx.require(Permission::SalesDelete)?;
    let Some(student) = store::student::find_by_contact(ctx, tx, gone)? else { return Ok(()) };
    if gone == stays {
        return Ok(());
    }
    if let Some(other) = store::student::find_by_contact(ctx, tx, stays)? {
        let both = Text::new("surveys-join-both-students");
        let both = both.with("one", student.student_external_id).with("other", other.student_external_id);
        return Err(Error::conflict(both));
    }
    let student = store::student::lock(ctx, tx, student.id)?;
    let led = Student { contact: Some(stays), updated_at: ctx.now(), ..student };
    store::student::update(ctx, tx, &led)?;
    ctx.audit(tx, "survey_student.contact", "survey_student", led.id, Some(&gone), Some(&stays))
}
