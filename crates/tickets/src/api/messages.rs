//! `/api/ticket/messages`: what is said in tickets.

use std::collections::HashMap;

use axum::{
    extract::Path,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use context::Ctx;
use db::{ReadTx, Tx};
use files::Asked;
use kernel::{Error, Id, Page, Result, Text, Timestamp, degrees};
use serde::{Deserialize, Serialize};
use serde_json::Number;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;
use web::{App, Caller, Json, Listed, PageQuery, ProblemBody, Query, RowKey};

use super::{staff, tickets};
use crate::{
    By, Kept, Message, MessageFilter, MessageKind, Place, Said, Ticket, Undelivered, actions, reads, store,
};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_ticket_messages, add_ticket_message))
        .routes(routes!(get_ticket_message))
        .routes(routes!(get_ticket_message_file))
}

/// Who says something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum SenderType {
    /// Whoever asks.
    User,
    /// Whoever answers.
    Admin,
}

/// What is said.
#[derive(Debug, Clone, Deserialize, ToSchema)]
struct TicketMessageIn {
    /// The ticket; required.
    ticket: Option<i64>,
    /// `user` or `admin`; `user` unless said.
    sender_type: Option<SenderType>,
    /// The agent who answers: required of `admin`. Of `user` it is the ticket's user, and may be left out.
    sender: Option<i64>,
    /// `text` unless said.
    message_type: Option<MessageKind>,
    /// The words, or those under a file.
    #[schema(max_length = 4096)]
    text: Option<String>,
    /// What its platform knows the file by.
    file_id: Option<String>,
    /// Where the file can be had.
    file_url: Option<String>,
    /// Degrees north.
    #[schema(value_type = Option<f64>)]
    latitude: Option<Number>,
    /// Degrees east.
    #[schema(value_type = Option<f64>)]
    longitude: Option<Number>,
}

impl TicketMessageIn {
    fn said(&self) -> Result<Said> {
        let place = match (&self.latitude, &self.longitude) {
            (Some(latitude), Some(longitude)) => Some(Place {
                latitude_e6: millionths(latitude).ok_or_else(|| malformed("latitude"))?,
                longitude_e6: millionths(longitude).ok_or_else(|| malformed("longitude"))?,
            }),
            _ => None,
        };
        Ok(Said {
            kind: self.message_type.unwrap_or(MessageKind::Text),
            text: self.text.clone().unwrap_or_default(),
            file_id: self.file_id.clone(),
            file_url: self.file_url.clone(),
            place,
            chat_key: None,
            kept: None,
        })
    }
}

fn malformed(field: &str) -> Error {
    Error::field(field, Text::new("tickets-location-missing"))
}

/// Degrees as people write them, in millionths; further digits are a hand's breadth and fall away.
fn millionths(degrees: &Number) -> Option<i32> {
    let text = degrees.to_string();
    let (sign, digits) = text.strip_prefix('-').map_or((1, text.as_str()), |digits| (-1, digits));
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let part: String = part.chars().chain(std::iter::repeat('0')).take(6).collect();
    let value = whole.parse::<i32>().ok()?.checked_mul(1_000_000)?.checked_add(part.parse().ok()?)?;
    Some(sign * value)
}

/// Millionths of a degree as a number in degrees.
fn number_of_degrees(e6: i32) -> Result<Number> {
    degrees(e6).parse().map_err(Error::internal)
}

/// A message. `ticket` and `sender` are numbers: of the user, or of the agent.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
struct TicketMessageOut {
    id: i64,
    uuid: Uuid,
    ticket: i64,
    sender_type: SenderType,
    sender: Option<i64>,
    message_type: MessageKind,
    text: String,
    file_id: Option<String>,
    /// Where the file can be had: its address, or the path here of one that we keep.
    file_url: Option<String>,
    #[schema(value_type = Option<f64>)]
    latitude: Option<Number>,
    #[schema(value_type = Option<f64>)]
    longitude: Option<Number>,
    /// Whether an answer arrived, as far as is known; always of what whoever asked said.
    delivered: bool,
    /// Why it did not; of `file` the words arrived.
    undelivered: Option<Undelivered>,
    #[schema(value_type = String)]
    created_at: Timestamp,
}

fn shown(ctx: &Ctx, tx: &mut ReadTx, messages: Vec<Message>) -> Result<Vec<TicketMessageOut>> {
    let mut ids: Vec<Id<Ticket>> = messages.iter().map(|message| message.ticket).collect();
    ids.sort_unstable();
    ids.dedup();
    let tickets = store::ticket::names(ctx, tx, &ids)?;
    let contacts: Vec<_> = tickets.values().map(|named| named.contact).collect();
    let users: HashMap<_, _> =
        contacts::get_many(ctx, tx, &contacts)?.into_iter().map(|one| (one.id, one.number)).collect();
    let agents: HashMap<_, _> =
        reads::agents(ctx, tx)?.into_iter().map(|agent| (agent.id, agent.number)).collect();
    let show = |message: Message| {
        let Message {
            id,
            number,
            ticket,
            place: _,
            is_answer,
            agent,
            said,
            created_at,
            edited_at: _,
            file_error: _,
            undelivered,
        } = message;
        let Said { kind, text, file_id, file_url, place, chat_key: _, kept } = said;
        let own = kept.map(|_| format!("/api/ticket/messages/{number}/file"));
        let of = tickets.get(&ticket).ok_or_else(|| Error::internal("a message without a ticket"))?;
        let sender = if is_answer {
            agent.and_then(|agent| agents.get(&agent).copied())
        } else {
            users.get(&of.contact).copied()
        };
        Ok(TicketMessageOut {
            id: number,
            uuid: id.uuid(),
            ticket: of.number,
            sender_type: if is_answer { SenderType::Admin } else { SenderType::User },
            sender,
            message_type: kind,
            text,
            file_id,
            file_url: file_url.or(own),
            latitude: place.map(|place| number_of_degrees(place.latitude_e6)).transpose()?,
            longitude: place.map(|place| number_of_degrees(place.longitude_e6)).transpose()?,
            delivered: undelivered.is_none(),
            undelivered,
            created_at,
        })
    };
    messages.into_iter().map(show).collect()
}

fn one(ctx: &Ctx, tx: &mut ReadTx, message: Message) -> Result<TicketMessageOut> {
    shown(ctx, tx, vec![message])?.pop().ok_or_else(Error::not_found)
}

/// Which messages are wanted.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct MessageQuery {
    /// Of this ticket.
    ticket: Option<i64>,
    /// `user` or `admin`.
    sender_type: Option<SenderType>,
    /// `id` or `-id`; as they were said unless said.
    ordering: Option<String>,
    page: Option<u32>,
    page_size: Option<u32>,
}

/// What was said in the tickets that the caller sees.
#[utoipa::path(get, path = "/api/ticket/messages", tag = "tickets", params(MessageQuery),
    responses((status = 200, body = Listed<TicketMessageOut>)))]
async fn list_ticket_messages(
    caller: Caller,
    Query(query): Query<MessageQuery>,
) -> web::Result<Json<Listed<TicketMessageOut>>> {
    let MessageQuery { ticket, sender_type, ordering, page, page_size } = query;
    let latest_first = match ordering.as_deref().map(str::trim) {
        None | Some("" | "id" | "created_at") => false,
        Some("-id" | "-created_at") => true,
        Some(_) => return Err(Error::field("ordering", Text::new("tickets-ordering-unknown")).into()),
    };
    let part = PageQuery::of(page, page_size).request();
    let read = move |ctx: &Ctx, tx: &mut ReadTx<'_>| {
        let ticket = match ticket {
            Some(number) => Some(tickets::at(ctx, tx, number)?),
            None => None,
        };
        let is_answer = sender_type.map(|sender| sender == SenderType::Admin);
        let filter = MessageFilter { ticket, is_answer, latest_first };
        let found = reads::messages(ctx, tx, &filter, part)?;
        Ok(Page::new(part, found.count, shown(ctx, tx, found.results)?))
    };
    Ok(Json(Listed::of(&caller, caller.read(read).await?)))
}

/// Says something in an open ticket. With an idempotency key the same message twice is one.
#[utoipa::path(post, path = "/api/ticket/messages", tag = "tickets", request_body = TicketMessageIn,
    responses((status = 201, body = TicketMessageOut), (status = 409, body = ProblemBody), (status = 422, body = ProblemBody)))]
async fn add_ticket_message(
    caller: Caller,
    Json(body): Json<TicketMessageIn>,
) -> web::Result<impl IntoResponse> {
    let said = body.said()?;
    let add = move |ctx: &Ctx, tx: &mut Tx<'_>| {
        let missing = |field| Error::field(field, Text::new("kernel-text-missing"));
        let ticket = tickets::at(ctx, tx, body.ticket.ok_or_else(|| missing("ticket"))?)?;
        let by = match body.sender_type.unwrap_or(SenderType::User) {
            SenderType::User => {
                let named = store::ticket::names(ctx, tx, &[ticket])?.remove(&ticket);
                let own = named.map(|named| named.contact);
                if let Some(number) = body.sender
                    && contacts::find_by_number(ctx, tx, number)?.map(|one| one.id) != own
                {
                    return Err(Error::field("sender", Text::new("tickets-sender-elsewhere")));
                }
                By::Contact
            }
            SenderType::Admin => {
                let number = body.sender.ok_or_else(|| missing("sender"))?;
                By::Agent(staff::agent_at(ctx, tx, "sender", number)?.id)
            }
        };
        let message = actions::add_message(ctx, tx, ticket, by, said.clone())?;
        one(ctx, tx, message)
    };
    let out = caller.once(add).await?;
    Ok((StatusCode::CREATED, [(header::LOCATION, format!("/api/ticket/messages/{}", out.id))], Json(out)))
}

/// One message.
#[utoipa::path(get, path = "/api/ticket/messages/{id}", tag = "tickets", params(("id" = String, Path)),
    responses((status = 200, body = TicketMessageOut), (status = 404, body = ProblemBody)))]
async fn get_ticket_message(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Json<TicketMessageOut>> {
    let read = move |ctx: &Ctx, tx: &mut ReadTx<'_>| {
        let message = match key {
            RowKey::Number(number) => reads::get_message_by_number(ctx, tx, number)?,
            RowKey::Id(uuid) => reads::get_message(ctx, tx, Id::from_uuid(uuid))?,
        };
        one(ctx, tx, message)
    };
    Ok(Json(caller.read(read).await?))
}

/// The file of a message, where we keep it.
#[utoipa::path(get, path = "/api/ticket/messages/{id}/file", tag = "tickets", params(("id" = String, Path)),
    responses((status = 200, description = "The file."), (status = 404, body = ProblemBody)))]
async fn get_ticket_message_file(
    caller: Caller,
    Path(key): Path<RowKey>,
    asked: Asked,
) -> web::Result<Response> {
    let kept = caller
        .read(move |ctx, tx| {
            let message = match key {
                RowKey::Number(number) => reads::get_message_by_number(ctx, tx, number),
                RowKey::Id(uuid) => reads::get_message(ctx, tx, Id::from_uuid(uuid)),
            }?;
            message.said.kept.ok_or_else(Error::not_found)
        })
        .await?;
    send_kept(&caller, &kept, &asked).await
}

/// Answers the bytes of a file that whoever calls may see.
pub(crate) async fn send_kept(caller: &Caller, kept: &Kept, asked: &Asked) -> web::Result<Response> {
    let name = if kept.name.is_empty() { "file" } else { &kept.name };
    Ok(files::send(caller, kept.hash.parse()?, name, asked).await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn degrees_are_kept_to_the_millionth() {
        for (written, e6) in
            [("41.311081", 41_311_081), ("-0.5", -500_000), ("69", 69_000_000), ("1.23456789", 1_234_567)]
        {
            assert_eq!(millionths(&written.parse().unwrap()), Some(e6), "{written}");
        }
        assert_eq!(number_of_degrees(-500_000).unwrap().to_string(), "-0.5");
        assert_eq!(millionths(&"1e300".parse().unwrap()), None);
        assert_eq!(millionths(&"99999999999".parse().unwrap()), None);
    }
}
