//! A file in a chat, for paths that name one.

use context::Ctx;
use db::{Lane, Tx};
use uuid::Uuid;

use crate::world::World;

impl World {
    /// A message of the conversation that brings a file.
    pub(crate) async fn paper_in(&self, ctx: &Ctx, conversation: Uuid) -> Option<String> {
        let bytes = format!("%PDF-1.7 {}", self.called(ctx)).into_bytes();
        let size = bytes.len();
        let hash = self.parts.blobs.put(bytes).await.unwrap();
        let document = flow::Document {
            file: hash.to_string(),
            name: "paper.pdf".to_owned(),
            size_bytes: size as u64,
            without: String::new(),
        };
        let words = flow::Message::of(flow::RichText::plain(self.called(ctx)));
        let message = flow::Message { document: Some(document), ..words };
        let body = serde_json::to_string(&bots::Body::Out(flow::Reply::Message(message))).unwrap();
        let (own, id) = (ctx.clone(), ctx.new_id::<bots::Message>());
        let write = move |tx: &mut Tx<'_>| {
            files::record(&own, tx, hash, files::MediaType::Pdf, size, None)?;
            let sql =
                "INSERT INTO bots_message (workspace_id, id, channel_id, conversation_id, direction, body,
                           state, created_at_ms)
                       SELECT workspace_id, $3, channel_id, id, 'out', $4, 'shown', $5 FROM bots_conversation
                       WHERE workspace_id = $1 AND id = $2";
            let (workspace, now) = (own.workspace(), own.now());
            tx.execute_one(sql, db::params![workspace, conversation, id, body.clone(), now])
        };
        self.parts.app.db().write(ctx, Lane::People, write).await.unwrap();
        Some(id.to_string())
    }
}
