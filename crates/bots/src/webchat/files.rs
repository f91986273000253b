//! Files both ways: what a visitor sends, and what was sent to them.

use ::files::{Asked, Hash, Received};
use axum::{
    extract::Path,
    http::{HeaderValue, StatusCode, header},
    response::Response,
};
use context::Ctx;
use db::ReadTx;
use flow::Input;
use kernel::{Error, Id, Result};
use web::RowKey;

use super::{Visitor, door::Guest, pace::Doing, watch, wire};
use crate::{Body, Message, person_file, receive, said::sent_here, store};

/// `POST /chat/{key}/files`: a file with the fields `client_id` and `caption`.
pub(super) async fn send_file(guest: Guest, received: Received) -> web::Result<StatusCode> {
    let Guest { door, visitor } = &guest;
    door.bots.pace().count(Doing::Sending, &visitor.id.to_string(), door.meta.now)?;
    door.bots.pace().count(Doing::SendingFrom, &door.meta.address, door.meta.now)?;
    let sent = person_file::keep(&door.ctx, door.app.db(), received).await?;
    let (ctx, who) = (door.ctx.clone(), visitor.clone());
    let read = move |tx: &mut ReadTx<'_>| wire::update(&ctx, tx, &who, &sent);
    let update = door.app.db().read(&door.ctx, read).await?;
    receive(&door.ctx, door.app.db(), &door.bots, update).await?;
    Ok(StatusCode::ACCEPTED)
}

/// `GET /chat/{key}/files/{message}`: the file that a message of the visitor's own conversation brought.
pub(super) async fn get_file(
    guest: Guest,
    Path((_, message)): Path<(String, RowKey)>,
    asked: Asked,
) -> web::Result<Response> {
    let Guest { door, visitor } = guest;
    let message = message.id().ok_or_else(Error::not_found)?;
    let ctx = door.ctx.clone();
    let read = move |tx: &mut ReadTx<'_>| brought(&ctx, tx, &visitor, message);
    let (hash, name) = door.app.db().read(&door.ctx, read).await?;
    let mut answer = ::files::send_to(&door.app, &door.ctx, hash, &name, &asked).await?;
    // Whoever comes to this browser next has another token, or none.
    answer.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    Ok(answer)
}

fn brought(ctx: &Ctx, tx: &mut ReadTx, visitor: &Visitor, message: Id<Message>) -> Result<(Hash, String)> {
    let conversation = watch::conversation(ctx, tx, visitor)?;
    let found = store::message::find(ctx, tx, conversation.id, message)?.ok_or_else(Error::not_found)?;
    match found.body {
        Body::Out(flow::Reply::Message(words)) => match (words.document, words.picture) {
            (Some(document), _) => Ok((document.file.parse()?, document.name)),
            (None, Some(picture)) => Ok((picture.parse()?, "picture".to_owned())),
            (None, None) => Err(Error::not_found()),
        },
        Body::In(Input::Media(media)) => {
            let (hash, name) = sent_here(&media.file).ok_or_else(Error::not_found)?;
            Ok((hash.parse()?, name.to_owned()))
        }
        _ => Err(Error::not_found()),
    }
}
