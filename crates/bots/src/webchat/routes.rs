//! The addresses of chats on sites. Nobody signs in here; docs/API.md says how they are spoken to.

use std::time::Duration;

use axum::{
    Router,
    extract::DefaultBodyLimit,
    http::{StatusCode, header},
    middleware,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use db::{Lane, ReadTx, Tx};
use kernel::Zone;
use tokio::time::{Instant, sleep, sleep_until};
use web::{App, Json, Query};

use super::{
    door::{Door, Guest, cors, preflight},
    files,
    pace::Doing,
    page, socket, visitor,
    watch::{News, news, sit},
    wire::{self, ConfigOut, HistoryOut, Stretch, VisitorOut, Wish},
};
use crate::{person_file, receive, simulator::InputIn};

/// How long an answer about nothing new is waited with: less than what proxies wait for.
const WAIT: Duration = Duration::from_secs(25);
/// How often a visitor who has not said anything yet is looked after.
const LOOK: Duration = Duration::from_secs(1);

pub(crate) fn routes() -> Router<App> {
    let files =
        post(files::send_file).layer(DefaultBodyLimit::max(person_file::BODY_BYTES)).options(preflight);
    let api = Router::new()
        .route("/chat/{key}/config", get(get_config).options(preflight))
        .route("/chat/{key}/visitors", post(meet_visitor).options(preflight))
        .route("/chat/{key}/history", get(get_history).options(preflight))
        .route("/chat/{key}/messages", post(send_message).options(preflight))
        .route("/chat/{key}/files", files)
        .route("/chat/{key}/files/{message}", get(files::get_file).options(preflight))
        .route("/chat/{key}/news", get(get_news).options(preflight))
        .route("/chat/{key}/live", get(socket::listen))
        .layer(middleware::from_fn(cors));
    Router::new().route("/chat.js", get(page::script)).route("/chat/{key}", get(page::page)).merge(api)
}

async fn get_config(door: Door, Query(wish): Query<Wish>) -> Response {
    let lang = wish.lang(door.meta.lang());
    let words = door.app.words(lang, Zone::default());
    let config = ConfigOut::new(door.chat, &words, lang);
    ([(header::CACHE_CONTROL, "private, max-age=60")], Json(config)).into_response()
}

async fn meet_visitor(door: Door, Json(wish): Json<Wish>) -> web::Result<(StatusCode, Json<VisitorOut>)> {
    door.bots.pace().count(Doing::Coming, &door.meta.address, door.meta.now)?;
    let lang = wish.lang(door.meta.lang());
    let words = door.app.words(lang, Zone::default());
    let token = visitor::new_token(door.app.random());
    let (ctx, channel, shown) = (door.ctx.clone(), door.channel.id, token.clone());
    let meet = move |tx: &mut Tx<'_>| {
        visitor::meet(&ctx, tx, channel, lang, &shown, |code| words.t1("bots-web-visitor", "code", code))
    };
    door.app.db().write(&door.ctx, Lane::People, meet).await?;
    Ok((StatusCode::CREATED, Json(VisitorOut { token })))
}

async fn get_history(guest: Guest, Query(stretch): Query<Stretch>) -> web::Result<Json<HistoryOut>> {
    let Guest { door, visitor } = guest;
    let (ctx, secret) = (door.ctx.clone(), *door.app.secret());
    let read = move |tx: &mut ReadTx<'_>| wire::history(&ctx, tx, &secret, &visitor, stretch.before);
    Ok(Json(door.app.db().read(&door.ctx, read).await?))
}

async fn send_message(guest: Guest, Json(input): Json<InputIn>) -> web::Result<StatusCode> {
    let Guest { door, visitor } = guest;
    door.bots.pace().count(Doing::Saying, &visitor.id.to_string(), door.meta.now)?;
    door.bots.pace().count(Doing::SayingFrom, &door.meta.address, door.meta.now)?;
    let (ctx, sent) = (door.ctx.clone(), input.check()?);
    let read = move |tx: &mut ReadTx<'_>| wire::update(&ctx, tx, &visitor, &sent);
    let update = door.app.db().read(&door.ctx, read).await?;
    receive(&door.ctx, door.app.db(), &door.bots, update).await?;
    Ok(StatusCode::ACCEPTED)
}

/// What is new after a place, as soon as there is something: for pages that get no WebSocket through.
async fn get_news(guest: Guest, Query(stretch): Query<Stretch>) -> web::Result<Json<News>> {
    let Guest { door, visitor } = guest;
    let end = Instant::now() + WAIT;
    let mut seat = None;
    loop {
        let found = news(&door, &visitor, stretch.after).await?;
        if !found.is_empty() || Instant::now() >= end {
            return Ok(Json(found));
        }
        if seat.is_none() && found.conversation.is_some() {
            seat = sit(&door, &found)?;
            continue;
        }
        tokio::select! {
            () = async { match &mut seat { Some(seat) => seat.said().await, None => sleep(LOOK).await } } => {}
            () = sleep_until(end) => {}
            () = door.app.stopping().cancelled() => return Ok(Json(found)),
        }
    }
}
