//! Somebody at a site: known by the token that their browser keeps.

use context::{Ctx, Random};
use db::Tx;
use kernel::{Id, Lang, Result};
use sha2::{Digest, Sha256};

use crate::{Channel, store};

/// Somebody at a site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Visitor {
    pub(crate) id: Id<Visitor>,
    pub(crate) channel: Id<Channel>,
    /// What they are called while nobody knows better.
    pub(crate) name: String,
    /// The language of the page that they first wrote on.
    pub(crate) lang: Lang,
}

impl Visitor {
    /// The name of their chat among the channel's.
    pub(super) fn chat_key(&self) -> String {
        format!("web:{}", self.id)
    }

    /// Names an input among the channel's: what another visitor calls the same is another one.
    pub(super) fn update_key(&self, client_id: uuid::Uuid) -> String {
        format!("web:{}:{client_id}", self.id)
    }
}

/// A token of a visitor, 256 random bits.
pub(super) fn new_token(random: &Random) -> String {
    hex::encode(random.bytes::<32>())
}

/// What is kept of a token.
pub(super) fn hash(token: &str) -> String {
    hex::encode(Sha256::digest(token.as_bytes()))
}

/// Meets somebody new. `name` is made of four digits of their id: `Sayt mehmoni 3f7a`.
// tidy: no permission: anybody may write to a bot, and the door has asked whether this site may show it
pub(super) fn meet(
    ctx: &Ctx,
    tx: &mut Tx,
    channel: Id<Channel>,
    lang: Lang,
    token: &str,
    name: impl Fn(&str) -> String,
) -> Result<Visitor> {
    let id: Id<Visitor> = ctx.new_id();
    let digits = id.uuid().simple().to_string();
    let name = name(digits.get(28..).unwrap_or_default());
    let visitor = Visitor { id, channel, name, lang };
    store::web_chat::insert_visitor(ctx, tx, &visitor, &hash(token))?;
    Ok(visitor)
}
