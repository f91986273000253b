//! Tells whoever applied what became of their application, in the chat in which they apply.

use applications::{
    events::{APPLICATION_STATUS_CHANGED, Told},
    reads,
};
use context::{Ctx, Permission, StoredEvent};
use db::Tx;
use jobs::Listener;
use kernel::{Error, Id, Result};
use serde_json::json;

use super::audience::Audience;
use crate::ticketing::asked_in;

pub(super) fn listener() -> Listener {
    Listener { name: "bots.tell_who_applied", events: &[APPLICATION_STATUS_CHANGED], on: tell }
}

fn tell(ctx: &Ctx, tx: &mut Tx, event: &StoredEvent) -> Result<()> {
    let Told { form: _, status, message } =
        serde_json::from_value(event.payload.clone()).map_err(Error::internal)?;
    let ctx = &ctx.with(|ctx| ctx.permissions = ctx.permissions.with(Permission::ApplicationsRead));
    let whole = reads::get(ctx, tx, Id::from_uuid(event.subject))?;
    // Whoever applies by a program of somebody else is told by that program.
    let Some(conversation) = asked_in(whole.applicant.chat_ref.as_deref()) else { return Ok(()) };
    let Some(audience) = Audience::find(ctx, tx, conversation, Some(whole.contact.lang))? else {
        return Ok(());
    };
    let args = json!({
        "number": whole.application.number,
        "form": whole.form.names.get(audience.lang),
        "status": status,
        "message": message,
    });
    let Some(words) = audience.message(ctx, "application_status", &args) else { return Ok(()) };
    audience.send(ctx, tx, words, Some(&format!("application_status:{}", event.seq)), None)
}
