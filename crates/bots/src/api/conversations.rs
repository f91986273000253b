//! `/api/bots/{id}/conversations`: who talks with the bot, and what was said.

use axum::extract::Path;
use kernel::{Lang, Timestamp};
use serde::{Deserialize, Serialize};
use tickets::LabelOut;
use utoipa::ToSchema;
use uuid::Uuid;
use web::{Caller, Json, Listed, PageQuery, ProblemBody, Query, RowKey};

use crate::{
    ChannelKind, DeliveryState, Desk, DeskAct, Message,
    reads::{self, ConversationFilter, ConversationRow, ConversationSummary, MESSAGES_AT_ONCE},
    said::{Chat, From as SaidBy, Looks, Media, Said, file_path},
    simulator::picture_address,
};

/// A conversation.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ConversationOut {
    /// Its UUID.
    pub id: Uuid,
    /// The number of its bot.
    pub bot_id: i64,
    /// `simulator` or `telegram`.
    #[schema(value_type = String)]
    pub channel: ChannelKind,
    /// What the person calls themselves.
    pub person: String,
    /// Their name on the platform, without `@`.
    pub username: Option<String>,
    /// The number of their contact, once they shared their phone.
    pub contact_id: Option<i64>,
    /// The language they chose.
    #[schema(value_type = Option<String>)]
    pub lang: Option<Lang>,
    /// `bot`: the bot answers; `person`: somebody of the staff does; `blocked`: the person blocked the bot.
    pub state: &'static str,
    /// Who of the staff took it over.
    pub assignee: Option<String>,
    /// Messages of the person that nobody of the staff has seen.
    pub unread: i64,
    /// Since when the person waits for an answer of the staff.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub waiting_since: Option<Timestamp>,
    /// Its labels, by name.
    pub labels: Vec<LabelOut>,
    /// When it began.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// When the person was last there.
    #[schema(value_type = String, format = DateTime)]
    pub last_at: Timestamp,
}

impl From<ConversationSummary> for ConversationOut {
    fn from(summary: ConversationSummary) -> Self {
        let ConversationSummary { row, bot, kind, contact, last_said: _, labels } = summary;
        let state = row.state().word();
        let ConversationRow {
            id,
            channel: _,
            person_name,
            username,
            contact: _,
            lang,
            blocked: _,
            created_at,
            last_at,
            desk,
        } = row;
        let Desk { with_person: _, assignee: _, assignee_name, waiting_since, unread, told_at: _ } = desk;
        Self {
            id: id.uuid(),
            bot_id: bot.number,
            channel: kind,
            person: person_name,
            username,
            contact_id: contact.map(|contact| contact.number),
            lang,
            state,
            assignee: assignee_name,
            unread,
            waiting_since,
            labels: labels.into_iter().map(LabelOut::from).collect(),
            created_at,
            last_at,
        }
    }
}

/// A file that a message brought.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DocumentOut {
    /// Its name.
    pub name: String,
    /// Where it can be had.
    pub url: String,
    /// Its length in bytes.
    pub size: u64,
}

/// A file that the person sent.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SentOut {
    /// `photo`, `video`, `voice`, `audio` or `document`.
    pub kind: &'static str,
    /// Where it can be had: it is fetched from the platform when it is asked for first.
    pub url: Option<String>,
}

/// A message of a conversation.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct MessageOut {
    /// Its UUID.
    pub id: Uuid,
    /// `person`, `bot`, `staff`; `note`: said among the staff; `desk`: what became of the conversation, in `act`.
    pub from: &'static str,
    /// Who of the staff said or did it.
    pub author: Option<String>,
    /// `handed_over`: the bot asked for a person; `taken`, `handed_back`; `file_lost`: a file of the desk cannot be shown there.
    #[schema(value_type = Option<String>)]
    pub act: Option<DeskAct>,
    /// `taken` from the person, `queued`, `sent`, `failed`, or `shown` on a page of ours.
    #[schema(value_type = String)]
    pub delivery: DeliveryState,
    /// The words that stood there before the person changed them.
    pub before_edit: Option<String>,
    /// Its words, without their look; of a tap, the button's.
    pub text: String,
    /// Whether it was a tap on a button.
    pub is_tap: bool,
    /// A picture's address.
    pub picture: Option<String>,
    /// A file that it brought.
    pub document: Option<DocumentOut>,
    /// A file that the person sent.
    pub sent: Option<SentOut>,
    /// The buttons under it.
    pub buttons: Vec<Vec<String>>,
    /// Whether it went to many at once.
    pub is_broadcast: bool,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
}

impl From<Said> for MessageOut {
    fn from(said: Said) -> Self {
        let Said {
            id,
            from,
            text,
            media,
            inline_keyboard,
            edited: _,
            at,
            client_id: _,
            is_tap,
            author,
            before,
            delivery,
            act,
            is_broadcast,
        } = said;
        let words: String = text.into_iter().map(|span| span.text).collect();
        let (mut document, mut sent) = (None, None);
        let (text, picture) = match media {
            Some(Media::Sent { what, url, name: _ }) => {
                sent = Some(SentOut { kind: what, url });
                (words, None)
            }
            Some(Media::Document { url, name, size: Some(size) }) => {
                document = Some(DocumentOut { name, url, size });
                (words, None)
            }
            Some(Media::Photo { url } | Media::Document { url, name: _, size: None }) => (words, Some(url)),
            Some(Media::Contact { name, phone }) => (format!("{name} {phone}"), None),
            Some(Media::Location { latitude, longitude }) => {
                (format!("{latitude}, {longitude}\n{words}").trim_end().to_owned(), None)
            }
            None => (words, None),
        };
        let buttons =
            inline_keyboard.into_iter().map(|row| row.into_iter().map(|button| button.text).collect());
        let from = match (from, act) {
            (SaidBy::Bot, _) => "bot",
            (SaidBy::Contact, _) => "person",
            (SaidBy::Staff, _) => "staff",
            (SaidBy::Aside, None) => "note",
            (SaidBy::Aside, Some(_)) => "desk",
        };
        Self {
            id: id.uuid(),
            from,
            author,
            act,
            delivery,
            before_edit: before,
            text,
            is_tap,
            picture,
            document,
            sent,
            buttons: buttons.collect(),
            is_broadcast,
            at,
        }
    }
}

/// A part of what was said.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct MessagesOut {
    /// The messages, oldest first.
    pub results: Vec<MessageOut>,
    /// Ask with this for the part before; null at the beginning.
    pub before: Option<i64>,
}

/// Which messages are wanted.
#[derive(Debug, Clone, Copy, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct MessagesQuery {
    /// Those before this place; the last ones unless said.
    #[serde(default)]
    pub(super) before: Option<i64>,
}

/// Which conversations are wanted.
#[derive(Debug, Clone, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct ConversationsQuery {
    /// Words of the person's name, of their name on the platform, of a message, or their phone, in either script.
    #[serde(default)]
    q: Option<String>,
    /// The part, from 1.
    #[serde(default)]
    #[param(minimum = 1)]
    page: Option<u32>,
    /// Rows a part, at most 500; 25 unless said.
    #[serde(default)]
    #[param(minimum = 1, maximum = 500)]
    page_size: Option<u32>,
}

/// The conversations of a bot, the last spoken first.
#[utoipa::path(get, path = "/api/bots/{id}/conversations", tag = "bots",
    params(("id" = String, Path, description = "number or UUID of the bot"), ConversationsQuery),
    responses((status = 200, body = Listed<ConversationOut>), (status = 404, body = ProblemBody)))]
pub(super) async fn list_conversations(
    caller: Caller,
    Path(key): Path<RowKey>,
    Query(ConversationsQuery { q, page, page_size }): Query<ConversationsQuery>,
) -> web::Result<Json<Listed<ConversationOut>>> {
    let read = caller.read(move |ctx, tx| {
        let bot = reads::get_bot(ctx, tx, key)?;
        let text = q.clone().unwrap_or_default();
        let filter = ConversationFilter { bot: Some(bot.id), text, ..ConversationFilter::default() };
        reads::list_conversations(ctx, tx, &filter, PageQuery::of(page, page_size).request())
    });
    let page = read.await?;
    Ok(Json(Listed::of(&caller, page.map(ConversationOut::from))))
}

/// One conversation.
#[utoipa::path(get, path = "/api/bots/{id}/conversations/{conversation}", tag = "bots",
    params(("id" = String, Path, description = "number or UUID of the bot"), ("conversation" = Uuid, Path)),
    responses((status = 200, body = ConversationOut), (status = 404, body = ProblemBody)))]
pub(super) async fn get_conversation(
    caller: Caller,
    Path((bot, id)): Path<(RowKey, RowKey)>,
) -> web::Result<Json<ConversationOut>> {
    let found = caller.read(move |ctx, tx| reads::get_conversation(ctx, tx, Some(bot), id)).await?;
    Ok(Json(found.into()))
}

/// What was said in a conversation, the last messages first asked for.
#[utoipa::path(get, path = "/api/bots/{id}/conversations/{conversation}/messages", tag = "bots",
    params(("id" = String, Path, description = "number or UUID of the bot"), ("conversation" = Uuid, Path), MessagesQuery),
    responses((status = 200, body = MessagesOut), (status = 404, body = ProblemBody)))]
pub(super) async fn list_messages(
    caller: Caller,
    Path((bot, id)): Path<(RowKey, RowKey)>,
    Query(MessagesQuery { before }): Query<MessagesQuery>,
) -> web::Result<Json<MessagesOut>> {
    let read = caller.read(move |ctx, tx| {
        let found = reads::get_conversation(ctx, tx, Some(bot), id)?;
        Ok((reads::list_messages(ctx, tx, found.row.id, before)?, found.row))
    });
    let (messages, row) = read.await?;
    Ok(Json(messages_out(&caller, &messages, &row)))
}

/// These messages as the API tells them.
pub(super) fn messages_out(caller: &Caller, messages: &[Message], row: &ConversationRow) -> MessagesOut {
    let picture = picture_address(&caller.ctx, caller.app.secret());
    let file = |message| Some(file_path(row.id, message));
    let looks = Looks { picture: &picture, person: &row.person_name, file: &file };
    let chat = Chat::of(messages, &looks, true);
    let is_full = i64::try_from(messages.len()).is_ok_and(|count| count >= MESSAGES_AT_ONCE);
    let before = messages.first().filter(|_| is_full).map(|first| first.seq);
    MessagesOut { results: chat.said.into_iter().map(MessageOut::from).collect(), before }
}
