//! A way out beside the answers to people, for what goes to many: it shares the bot's limits and stands behind them.

use std::{fmt, sync::Arc};

use channels::telegram::{Bring, Outcome, Outgoing, Sent, Turn, Upload};
use context::Ctx;
use db::Db;
use files::Blobs;
use futures::future::BoxFuture;
use kernel::{Result, Timestamp};
use tokio_util::sync::CancellationToken;

use super::{intake::ctx_of, sender::Sender};
use crate::Channel;

/// What is sent over channels beside the answers to people.
pub trait Mailing: fmt::Debug + Send + Sync {
    /// Serves the channel of this post until `stop`, and then finishes what is in hand; the channel may be another node's by
    /// then. What takes too long is dropped.
    fn serve(self: Arc<Self>, post: Post, stop: CancellationToken) -> BoxFuture<'static, Result<()>>;
}

/// The way out over one channel that this node serves.
#[derive(Clone)]
pub struct Post {
    sender: Arc<Sender>,
}

impl fmt::Debug for Post {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Post({})", self.channel().id)
    }
}

/// A stored file for a call of Telegram, brought from the store as it is sent. Errors: it is not there.
pub async fn stored_upload(blobs: &Blobs, hash: &str, name: String, mime: &str) -> Result<Upload> {
    let hash = hash.parse()?;
    let size_bytes = blobs.read_part(hash, Some(0..0)).await?.size;
    let blobs = blobs.clone();
    let bring = Bring::new(move || blobs.pieces(hash));
    Ok(Upload::File { name, mime: mime.to_owned(), size_bytes, bring })
}

impl Post {
    pub(super) fn new(sender: Arc<Sender>) -> Self {
        Self { sender }
    }

    /// The channel, with the number of the lease under which it is served.
    pub fn channel(&self) -> &Channel {
        self.sender.channel()
    }

    /// The database.
    pub fn db(&self) -> &Db {
        &self.sender.runner().db
    }

    /// Files.
    pub fn blobs(&self) -> &Blobs {
        self.sender.runner().bots.blobs()
    }

    /// The present moment.
    pub fn now(&self) -> Timestamp {
        self.sender.runner().clock.now()
    }

    /// A context for what is done over this channel.
    pub fn ctx(&self) -> Ctx {
        ctx_of(self.channel(), self.now(), &self.sender.runner().random)
    }

    /// Whether a message to this chat may go now; once it said [`Turn::Go`] the message is counted. Answers to people go
    /// first.
    pub fn ask(&self, chat: i64) -> Turn {
        self.sender.ask_behind(chat)
    }

    /// Makes the call, once and as it is. A flood stops the whole bot for as long as the platform says; a token that is good
    /// no longer breaks the channel.
    pub async fn send(&self, outgoing: &Outgoing, upload: Option<&Upload>) -> Result<Sent, Outcome> {
        self.sender.send_once(outgoing, upload).await
    }
}
