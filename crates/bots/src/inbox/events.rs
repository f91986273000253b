//! What is told of conversations. The subject is the conversation; the payload has the person's name `person` and
//! whether somebody of the staff answers, `with_person`.

use context::{Ctx, Event};
use db::Tx;
use kernel::Result;
use serde_json::json;

use crate::Conversation;

/// Something was said. With a person: each time. With the bot: at most once in a few seconds.
pub const SAID: &str = "conversation.said";
/// The bot asked for a person.
pub const HANDED_OVER: &str = "conversation.handed_over";
/// Somebody of the staff took it over.
pub const TAKEN: &str = "conversation.taken";
/// The bot answers again.
pub const HANDED_BACK: &str = "conversation.handed_back";

/// Tells `name` of the conversation.
pub(super) fn tell(ctx: &Ctx, tx: &mut Tx, conversation: &Conversation, name: &'static str) -> Result<()> {
    let payload = json!({ "person": conversation.person_name, "with_person": conversation.desk.with_person });
    ctx.emit(tx, Event::new(name, conversation.id).with(&payload)?)
}
