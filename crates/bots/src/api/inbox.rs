//! `/api/conversations`: the conversations of all bots, and answering in them.

use axum::{
    extract::{DefaultBodyLimit, Path},
    http::StatusCode,
};
use context::Ctx;
use db::{ReadTx, Tx};
use files::Received;
use kernel::{Error, Id, Result};
use serde::{Deserialize, Serialize};
use tickets::{FilledReplyOut, LabelOut};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;
use web::{App, Caller, Json, Listed, PageQuery, ProblemBody, Query, RowKey};

use super::conversations::{ConversationOut, MessagesOut, MessagesQuery, messages_out};
use crate::{
    Conversation,
    inbox::{self, Attachment, MAX_ATTACHMENT_BYTES, Person},
    reads::{self, ConversationFilter, View},
};

pub(super) fn routes() -> OpenApiRouter<App> {
    let files = OpenApiRouter::new()
        .routes(routes!(send_file))
        .layer(DefaultBodyLimit::max(MAX_ATTACHMENT_BYTES + 16 * 1024));
    OpenApiRouter::new()
        .routes(routes!(list_all))
        .routes(routes!(get_one))
        .routes(routes!(list_said, send_reply))
        .routes(routes!(write_note))
        .routes(routes!(take_over))
        .routes(routes!(hand_back))
        .routes(routes!(mark_seen))
        .routes(routes!(set_labels))
        .routes(routes!(list_conversation_canned_replies))
        .routes(routes!(set_contact))
        .merge(files)
}

/// Which conversations are wanted.
#[derive(Debug, Clone, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct InboxQuery {
    /// `waiting`: people who wait for the staff; `mine`: those the caller took over; `people`: those with the staff; `bot`;
    /// `all` unless said.
    #[serde(default)]
    view: String,
    /// Those of this bot: its number or UUID.
    #[serde(default)]
    #[param(value_type = Option<String>)]
    bot: Option<RowKey>,
    /// Those with this label: its UUID.
    #[serde(default)]
    label: Option<Uuid>,
    /// Words of the person's name, of their name on the platform, of a message, or their phone, in either script.
    #[serde(default)]
    q: String,
    /// The part, from 1.
    #[serde(default)]
    #[param(minimum = 1)]
    page: Option<u32>,
    /// Rows a part, at most 500; 25 unless said.
    #[serde(default)]
    #[param(minimum = 1, maximum = 500)]
    page_size: Option<u32>,
}

/// What is said to a person, or among the staff.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub(super) struct WordsIn {
    /// The words, without any look.
    #[schema(max_length = 4096)]
    text: String,
}

/// A message that was taken.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub(super) struct TakenOut {
    /// Its UUID: among the conversation's messages it says how far it has come.
    id: Uuid,
}

pub(super) fn id_of<T>(key: RowKey) -> Result<Id<T>> {
    key.id().ok_or_else(Error::not_found)
}

/// Which labels a conversation is to have.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub(super) struct LabelsIn {
    /// All of them, by their UUIDs.
    labels: Vec<Uuid>,
}

/// Who the person in a conversation is.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub(super) struct PersonIn {
    /// The number of their contact; null: nobody that is known.
    contact_id: Option<i64>,
    /// The contact that stood there is the same person: all of its conversations are led to this one, which gains what it lacks,
    /// and the other one is deleted. No unless said; refused where documents name the one that would be deleted.
    #[serde(default)]
    join: bool,
}

/// A file for a person.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes the body")]
pub(super) struct FileIn {
    /// At most 50 MB.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
    /// Words beside it, at most 1024 characters.
    text: Option<String>,
}

/// The conversations of all bots, the last spoken first.
#[utoipa::path(get, path = "/api/conversations", tag = "conversations", params(InboxQuery),
    responses((status = 200, body = Listed<ConversationOut>), (status = 403, body = ProblemBody)))]
pub(super) async fn list_all(
    caller: Caller,
    Query(asked): Query<InboxQuery>,
) -> web::Result<Json<Listed<ConversationOut>>> {
    let read = caller.read(move |ctx, tx| {
        let InboxQuery { view, bot, label, q, page, page_size } = asked.clone();
        let bot = bot.map(|key| reads::get_bot(ctx, tx, key)).transpose()?.map(|bot| bot.id);
        let filter = ConversationFilter {
            bot,
            view: View::parse(&view),
            label: label.map(Id::from_uuid),
            text: q,
            ..ConversationFilter::default()
        };
        reads::list_conversations(ctx, tx, &filter, PageQuery::of(page, page_size).request())
    });
    let page = read.await?;
    Ok(Json(Listed::of(&caller, page.map(ConversationOut::from))))
}

/// One conversation.
#[utoipa::path(get, path = "/api/conversations/{id}", tag = "conversations", params(("id" = Uuid, Path)),
    responses((status = 200, body = ConversationOut), (status = 404, body = ProblemBody)))]
pub(super) async fn get_one(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Json<ConversationOut>> {
    let found = caller.read(move |ctx, tx| reads::get_conversation(ctx, tx, None, key)).await?;
    Ok(Json(found.into()))
}

/// What was said, with notes of the staff, the last messages first asked for.
#[utoipa::path(get, path = "/api/conversations/{id}/messages", tag = "conversations",
    params(("id" = Uuid, Path), MessagesQuery),
    responses((status = 200, body = MessagesOut), (status = 404, body = ProblemBody)))]
pub(super) async fn list_said(
    caller: Caller,
    Path(key): Path<RowKey>,
    Query(MessagesQuery { before }): Query<MessagesQuery>,
) -> web::Result<Json<MessagesOut>> {
    let read = caller.read(move |ctx, tx| {
        let found = reads::get_conversation(ctx, tx, None, key)?;
        Ok((reads::list_messages(ctx, tx, found.row.id, before)?, found.row))
    });
    let (messages, row) = read.await?;
    Ok(Json(messages_out(&caller, &messages, &row)))
}

/// Answers the person. Whoever answers takes the conversation over, when nobody has: the bot then keeps silent.
#[utoipa::path(post, path = "/api/conversations/{id}/messages", tag = "conversations", request_body = WordsIn,
    params(("id" = Uuid, Path)),
    responses((status = 201, body = TakenOut), (status = 404, body = ProblemBody), (status = 409, body = ProblemBody),
        (status = 422, body = ProblemBody)))]
pub(super) async fn send_reply(
    caller: Caller,
    Path(key): Path<RowKey>,
    Json(WordsIn { text }): Json<WordsIn>,
) -> web::Result<(StatusCode, Json<TakenOut>)> {
    let id = id_of(key)?;
    said(&caller, move |ctx, tx| inbox::reply(ctx, tx, id, &text)).await
}

/// Writes a note that only the staff reads.
#[utoipa::path(post, path = "/api/conversations/{id}/notes", tag = "conversations", request_body = WordsIn,
    params(("id" = Uuid, Path)),
    responses((status = 201, body = TakenOut), (status = 404, body = ProblemBody), (status = 422, body = ProblemBody)))]
pub(super) async fn write_note(
    caller: Caller,
    Path(key): Path<RowKey>,
    Json(WordsIn { text }): Json<WordsIn>,
) -> web::Result<(StatusCode, Json<TakenOut>)> {
    let id = id_of(key)?;
    said(&caller, move |ctx, tx| inbox::note(ctx, tx, id, &text)).await
}

/// Sends the person a file; a picture is shown as one.
#[utoipa::path(post, path = "/api/conversations/{id}/files", tag = "conversations",
    request_body(content = FileIn, content_type = "multipart/form-data"), params(("id" = Uuid, Path)),
    responses((status = 201, body = TakenOut), (status = 404, body = ProblemBody), (status = 409, body = ProblemBody),
        (status = 413, body = ProblemBody), (status = 422, body = ProblemBody)))]
pub(super) async fn send_file(
    caller: Caller,
    Path(key): Path<RowKey>,
    received: Received,
) -> web::Result<(StatusCode, Json<TakenOut>)> {
    let id = id_of(key)?;
    // Nothing is stored for a conversation that is not there.
    caller.read(move |ctx, tx| reads::get_conversation(ctx, tx, None, key)).await?;
    let text = received.get("text").to_owned();
    let file = Attachment::keep(received).await?;
    said(&caller, move |ctx, tx| inbox::attach(ctx, tx, id, &file, &text)).await
}

async fn said(
    caller: &Caller,
    say: impl Fn(&Ctx, &mut Tx) -> Result<Id<crate::Message>> + Send + 'static,
) -> web::Result<(StatusCode, Json<TakenOut>)> {
    let taken = caller.once(move |ctx, tx| Ok(TakenOut { id: say(ctx, tx)?.uuid() })).await?;
    Ok((StatusCode::CREATED, Json(taken)))
}

/// Takes the conversation over: the bot keeps silent until it is given back.
#[utoipa::path(post, path = "/api/conversations/{id}/take-over", tag = "conversations", params(("id" = Uuid, Path)),
    responses((status = 200, body = ConversationOut), (status = 404, body = ProblemBody)))]
pub(super) async fn take_over(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Json<ConversationOut>> {
    acted(&caller, key, inbox::take_over).await
}

/// Gives the conversation back to the bot.
#[utoipa::path(post, path = "/api/conversations/{id}/hand-back", tag = "conversations", params(("id" = Uuid, Path)),
    responses((status = 200, body = ConversationOut), (status = 404, body = ProblemBody)))]
pub(super) async fn hand_back(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Json<ConversationOut>> {
    acted(&caller, key, inbox::hand_back).await
}

async fn acted(
    caller: &Caller,
    key: RowKey,
    act: fn(&Ctx, &mut Tx, Id<Conversation>) -> Result<Conversation>,
) -> web::Result<Json<ConversationOut>> {
    let id = id_of(key)?;
    let write = move |ctx: &Ctx, tx: &mut Tx| {
        act(ctx, tx, id)?;
        reads::get_conversation(ctx, tx, None, key)
    };
    Ok(Json(caller.write(write).await?.into()))
}

/// Notes that the staff has seen what was said up to now.
#[utoipa::path(post, path = "/api/conversations/{id}/seen", tag = "conversations", params(("id" = Uuid, Path)),
    responses((status = 204), (status = 404, body = ProblemBody)))]
pub(super) async fn mark_seen(caller: Caller, Path(key): Path<RowKey>) -> web::Result<StatusCode> {
    let id = id_of(key)?;
    caller.write(move |ctx, tx| inbox::mark_seen(ctx, tx, id)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Gives the conversation these labels and no others.
#[utoipa::path(put, path = "/api/conversations/{id}/labels", tag = "conversations", request_body = LabelsIn,
    params(("id" = Uuid, Path)),
    responses((status = 200, body = Vec<LabelOut>), (status = 404, body = ProblemBody), (status = 422, body = ProblemBody)))]
pub(super) async fn set_labels(
    caller: Caller,
    Path(key): Path<RowKey>,
    Json(LabelsIn { labels }): Json<LabelsIn>,
) -> web::Result<Json<Vec<LabelOut>>> {
    let id = id_of(key)?;
    let labels: Vec<_> = labels.into_iter().map(Id::from_uuid).collect();
    let chosen = caller.write(move |ctx, tx| inbox::set_labels(ctx, tx, id, &labels)).await?;
    Ok(Json(chosen.into_iter().map(LabelOut::from).collect()))
}

/// The canned replies as they are given in this conversation, by their short words.
#[utoipa::path(get, path = "/api/conversations/{id}/canned-replies", tag = "conversations",
    params(("id" = Uuid, Path)),
    responses((status = 200, body = Vec<FilledReplyOut>), (status = 404, body = ProblemBody)))]
pub(super) async fn list_conversation_canned_replies(
    caller: Caller,
    Path(key): Path<RowKey>,
) -> web::Result<Json<Vec<FilledReplyOut>>> {
    let read = move |ctx: &Ctx, tx: &mut ReadTx| {
        let summary = reads::get_conversation(ctx, tx, None, key)?;
        let filling = reads::filling_of(ctx, tx, &summary)?;
        let lang = summary.row.lang.unwrap_or_default();
        let fill = |reply| FilledReplyOut::of(reply, lang, &filling);
        Ok(tickets::reads::canned_replies(ctx, tx)?.into_iter().map(fill).collect())
    };
    Ok(Json(caller.read(read).await?))
}

/// Says which contact the person is.
#[utoipa::path(put, path = "/api/conversations/{id}/contact", tag = "conversations", request_body = PersonIn,
    params(("id" = Uuid, Path)),
    responses((status = 200, body = ConversationOut), (status = 404, body = ProblemBody), (status = 422, body = ProblemBody)))]
pub(super) async fn set_contact(
    caller: Caller,
    Path(key): Path<RowKey>,
    Json(PersonIn { contact_id, join }): Json<PersonIn>,
) -> web::Result<Json<ConversationOut>> {
    let id = id_of(key)?;
    let write = move |ctx: &Ctx, tx: &mut Tx| {
        inbox::set_person(ctx, tx, id, Person { contact: contact_id, join })?;
        reads::get_conversation(ctx, tx, None, key)
    };
    Ok(Json(caller.write(write).await?.into()))
}
