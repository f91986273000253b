//! Canned replies: what the staff answers often, found by a short word after `/`.

use context::{Ctx, Permission};
use db::{ReadTx, Tx};
use flow::limits;
use kernel::{Checks, Error, Id, Lang, Result, Text};
use serde::Serialize;

use super::answering::require_answering;
use crate::store;

/// Characters of a short word.
const SHORTCUT_CHARS: usize = 30;
/// Canned replies of a workspace: a page is given all of them.
const REPLIES_AT_MOST: usize = 500;

/// A canned reply.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CannedReply {
    pub(crate) id: Id<CannedReply>,
    /// Without the slash.
    pub(crate) shortcut: String,
    /// In each language; the Uzbek words stand where another language has none.
    pub(crate) uz: String,
    pub(crate) ru: String,
    pub(crate) en: String,
}

/// A canned reply as somebody wants it.
#[derive(Debug, Clone)]
pub struct NewCannedReply {
    /// What is typed after `/` to find it.
    pub shortcut: String,
    /// In Uzbek.
    pub uz: String,
    /// In Russian.
    pub ru: String,
    /// In English.
    pub en: String,
}

impl CannedReply {
    /// Its id.
    pub const fn id(&self) -> Id<Self> {
        self.id
    }

    /// The words in the language; Uzbek ones, or whatever there is, where it has none.
    pub(crate) fn text(&self, lang: Lang) -> &str {
        let Self { uz, ru, en, .. } = self;
        let own = match lang {
            Lang::Uz => uz,
            Lang::Ru => ru,
            Lang::En => en,
        };
        [own, uz, ru, en].into_iter().find(|text| !text.is_empty()).map_or("", String::as_str)
    }
}

impl NewCannedReply {
    fn checked(self, id: Id<CannedReply>) -> Result<CannedReply> {
        let mut checks = Checks::new();
        let Self { shortcut, uz, ru, en } = self;
        let shortcut = checks.required_line("shortcut", shortcut.trim_start_matches('/'), SHORTCUT_CHARS);
        let is_word =
            shortcut.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '\u{2bb}' | '\u{2bc}'));
        checks.hold(
            is_word || checks.has("shortcut"),
            "shortcut",
            Text::new("bots-canned-shortcut-malformed"),
        );
        let [uz, ru, en] = [("uz", uz), ("ru", ru), ("en", en)]
            .map(|(field, text)| checks.prose(field, &text, limits::TEXT_UTF16_MAX));
        let is_something = !(uz.is_empty() && ru.is_empty() && en.is_empty());
        checks.hold(is_something || checks.has("uz"), "uz", Text::new("kernel-text-missing"));
        checks.done()?;
        Ok(CannedReply { id, shortcut: shortcut.to_lowercase(), uz, ru, en })
    }
}

/// The workspace's canned replies, by their short words.
pub(crate) fn canned_replies(ctx: &Ctx, tx: &mut ReadTx) -> Result<Vec<CannedReply>> {
    ctx.require(Permission::BotsRead)?;
    store::canned::list(ctx, tx)
}

/// Makes a canned reply.
pub fn create_canned_reply(ctx: &Ctx, tx: &mut Tx, new: NewCannedReply) -> Result<CannedReply> {
    require_answering(ctx)?;
    let reply = new.checked(ctx.new_id())?;
    let all = store::canned::list(ctx, tx)?;
    if all.len() >= REPLIES_AT_MOST {
        return Err(Error::conflict(Text::new("bots-canned-full").with("most", REPLIES_AT_MOST.to_string())));
    }
    refuse_double(&all, &reply)?;
    store::canned::insert(ctx, tx, &reply)?;
    ctx.audit_new(tx, "canned_reply.create", "canned_reply", reply.id, &reply)?;
    Ok(reply)
}

/// Changes a canned reply.
pub(crate) fn update_canned_reply(
    ctx: &Ctx,
    tx: &mut Tx,
    id: Id<CannedReply>,
    new: NewCannedReply,
) -> Result<CannedReply> {
    require_answering(ctx)?;
    let before = store::canned::get(ctx, tx, id)?;
    let after = new.checked(id)?;
    refuse_double(&store::canned::list(ctx, tx)?, &after)?;
    store::canned::update(ctx, tx, &after)?;
    ctx.audit(tx, "canned_reply.update", "canned_reply", id, Some(&before), Some(&after))?;
    Ok(after)
}

fn refuse_double(all: &[CannedReply], reply: &CannedReply) -> Result<()> {
    let is_taken = all.iter().any(|other| other.id != reply.id && other.shortcut == reply.shortcut);
    if is_taken {
        let text = Text::new("bots-canned-taken").with("shortcut", reply.shortcut.as_str());
        return Err(Error::field("shortcut", text));
    }
    Ok(())
}

/// Takes a canned reply away.
pub(crate) fn delete_canned_reply(ctx: &Ctx, tx: &mut Tx, id: Id<CannedReply>) -> Result<()> {
    require_answering(ctx)?;
    let before = store::canned::get(ctx, tx, id)?;
    store::canned::delete(ctx, tx, id)?;
    ctx.audit(tx, "canned_reply.delete", "canned_reply", id, Some(&before), None::<&()>)
}
