//! What an input of the person changes at the desk.

use context::Ctx;
use db::Tx;
use kernel::{Result, Timestamp};

use super::events::{self, HANDED_BACK, HANDED_OVER, SAID};
use crate::{Body, Conversation, Desk, DeskAct, store};

/// Open pages are told of a talk with the bot at most so often.
const TELL_EVERY_MS: i64 = 5_000;

impl Desk {
    /// The person said something, after which somebody of the staff answers, or the bot.
    fn hear(&mut self, with_person: bool, is_message: bool, now: Timestamp) {
        if !with_person {
            self.give_back();
            return;
        }
        // Who asked for a person waits, by whatever tap that was; a tap on an old button asks for nothing.
        let is_asking = is_message || !self.with_person;
        self.with_person = true;
        if is_message {
            self.unread = self.unread.saturating_add(1);
        }
        if is_asking {
            self.waiting_since.get_or_insert(now);
        }
    }

    /// The bot answers again: nobody waits for the staff.
    pub(crate) fn give_back(&mut self) {
        *self = Self { told_at: self.told_at, ..Self::default() };
    }

    /// Whether open pages are to be told now of what was said; notes that they are.
    fn is_to_be_told(&mut self, now: Timestamp) -> bool {
        let is_due = self.with_person || now.millis_since(self.told_at) >= TELL_EVERY_MS;
        if is_due {
            self.told_at = now;
        }
        is_due
    }

    /// Somebody of the staff has seen what was said.
    pub(super) fn see(&mut self) {
        self.unread = 0;
    }

    /// Somebody of the staff has answered.
    pub(super) fn answer(&mut self) {
        self.see();
        self.waiting_since = None;
    }
}

/// The person said something (a message, or a tap), after which the dialogue is with somebody of the staff or with the
/// bot: counts it, and tells open pages. The conversation's row is the caller's to write.
pub(crate) fn heard(
    ctx: &Ctx,
    tx: &mut Tx,
    conversation: &mut Conversation,
    with_person: bool,
    is_message: bool,
) -> Result<()> {
    let was_with_person = conversation.desk.with_person;
    conversation.desk.hear(with_person, is_message, ctx.now());
    let turned = match (was_with_person, with_person) {
        (false, true) => Some((DeskAct::HandedOver, HANDED_OVER)),
        (true, false) => Some((DeskAct::HandedBack, HANDED_BACK)),
        _ => None,
    };
    if let Some((act, name)) = turned {
        store::message::insert_aside(ctx, tx, conversation, &Body::Desk(act), None)?;
        return events::tell(ctx, tx, conversation, name);
    }
    if conversation.desk.is_to_be_told(ctx.now()) {
        events::tell(ctx, tx, conversation, SAID)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_millis(second * 1_000)
    }

    #[test]
    fn who_waits_has_waited_since_the_first_word_that_nobody_answered() {
        let mut desk = Desk::default();
        for second in [10, 20] {
            desk.hear(true, true, at(second));
        }
        assert_eq!((desk.unread, desk.waiting_since), (2, Some(at(10))));
        desk.see();
        assert_eq!((desk.unread, desk.waiting_since), (0, Some(at(10))));
        desk.answer();
        desk.hear(true, false, at(30));
        assert_eq!((desk.unread, desk.waiting_since), (0, None), "a tap on an old button asks for nothing");
        desk.hear(true, true, at(40));
        let mut asked = Desk::default();
        asked.hear(true, false, at(35));
        assert_eq!((asked.unread, asked.waiting_since), (0, Some(at(35))), "who tapped for a person waits");
        desk.hear(false, true, at(50));
        assert_eq!(desk, Desk::default());
    }

    #[test]
    fn pages_are_told_of_each_word_to_a_person_and_of_few_to_a_bot() {
        let mut desk = Desk::default();
        let told: Vec<_> = [10, 11, 14, 15, 16].into_iter().filter(|s| desk.is_to_be_told(at(*s))).collect();
        assert_eq!(told, [10, 15]);
        desk.hear(true, true, at(17));
        assert!(desk.is_to_be_told(at(17)) && desk.is_to_be_told(at(17)));
    }
}
