//! The simulator: a bot tried out in the browser, over the same way as every other channel (web/README.md says how the
//! page and this speak).
//!
//! A member has one chat with each bot at a time; what is shown is derived from the messages' rows and from nothing else,
//! so that a page may be reloaded, opened twice or lose its network at any moment.

mod events;
mod stage;
mod wire;

use std::sync::Arc;

use axum::{
    Extension, Router,
    extract::{DefaultBodyLimit, Path},
    http::{HeaderMap, StatusCode},
    response::Response,
    routing::{get, post},
};
use context::Permission;
use files::Received;
use web::{
    App, Caller, Json, Query, RowKey,
    pages::{Action, IslandPage, Shell, render},
};

use self::wire::{After, RestartIn, SimState};
pub(crate) use self::{
    events::{Told, told},
    stage::picture_address,
    wire::{InputIn, Sent, SentWhat, own_contact},
};
use crate::{Bots, pages::bot_crumbs, person_file, reads, receive, trial::Plays};

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/bots/{number}/simulator", get(page))
        .route("/bots/{number}/trial", get(trial_page))
        .merge(chat("/bots/{number}/simulator", Plays::Published))
        .merge(chat("/bots/{number}/trial", Plays::Draft))
}

/// What the page at `path` asks for; its bot is held by what `plays` says.
fn chat(path: &str, plays: Plays) -> Router<App> {
    Router::new()
        .route(&format!("{path}/state"), get(get_state))
        .route(&format!("{path}/input"), post(send_input))
        .route(
            &format!("{path}/files"),
            post(send_file).layer(DefaultBodyLimit::max(person_file::BODY_BYTES)),
        )
        .route(&format!("{path}/restart"), post(restart))
        .route(&format!("{path}/events"), get(get_events))
        .layer(Extension(plays))
}

async fn page(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Response> {
    let bot = caller.read(move |ctx, tx| reads::get_bot(ctx, tx, key)).await?;
    let p = bot_crumbs(caller.shell().titled("bots-simulator"), &bot);
    Ok(render(&island(p, format!("/bots/{}/simulator", bot.number))))
}

/// The same page with the draft: it answers nobody but who tries it.
async fn trial_page(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Response> {
    let bot = caller.read(move |ctx, tx| reads::get_bot(ctx, tx, key)).await?;
    let shell = caller.shell().titled("bots-trial").lead("bots-trial-lead");
    let p = bot_crumbs(shell, &bot).crumb(format!("/bots/{}/flow", bot.number), "bots-graph");
    let edit = Action::link(format!("/bots/{}/flow", bot.number), p.t("bots-graph")).icon("diagram-3");
    let mut page = island(p, format!("/bots/{}/trial", bot.number)).action(edit);
    page.attributes.push(("draft", "true".to_owned()));
    Ok(render(&page))
}

/// The page with what it has to know of files before one is sent.
fn island(p: Shell, base: String) -> IslandPage {
    let too_large = p.t("bots-chat-too-large");
    let mut page = IslandPage::simulator(p, base);
    page.attributes.push(("file-bytes", person_file::MAX_BYTES.to_string()));
    page.attributes.push(("file-too-large", too_large));
    page
}

async fn get_state(
    caller: Caller,
    Path(key): Path<RowKey>,
    Extension(plays): Extension<Plays>,
) -> web::Result<Json<SimState>> {
    state(&caller, key, plays).await
}

async fn state(caller: &Caller, key: RowKey, plays: Plays) -> web::Result<Json<SimState>> {
    let (bots, secret) = (caller.app.service::<Bots>()?, *caller.app.secret());
    let name = person_name(caller);
    let state =
        caller.read(move |ctx, tx| stage::state(ctx, tx, &bots, &secret, (key, plays), &name)).await?;
    Ok(Json(wire::in_words(state, &caller.words())))
}

async fn send_input(
    caller: Caller,
    Path(key): Path<RowKey>,
    Extension(plays): Extension<Plays>,
    Json(input): Json<InputIn>,
) -> web::Result<StatusCode> {
    // What is ordered here is ordered indeed.
    caller.ctx.require(Permission::BotsEdit)?;
    take(&caller, (key, plays), input.check()?).await
}

/// A file with the fields `client_id` and `caption`. Nothing is kept for a bot that is not there.
async fn send_file(
    caller: Caller,
    Path(key): Path<RowKey>,
    Extension(plays): Extension<Plays>,
    received: Received,
) -> web::Result<StatusCode> {
    caller.ctx.require(Permission::BotsEdit)?;
    caller.read(move |ctx, tx| reads::get_bot(ctx, tx, key)).await?;
    let sent = person_file::keep(&caller.ctx, caller.db(), received).await?;
    take(&caller, (key, plays), sent).await
}

async fn take(caller: &Caller, key: (RowKey, Plays), sent: Sent) -> web::Result<StatusCode> {
    let name = person_name(caller);
    let update = caller.read(move |ctx, tx| stage::update(ctx, tx, key, &sent, &name)).await?;
    let bots: Arc<Bots> = caller.app.service()?;
    receive(&caller.ctx, caller.db(), &bots, update).await?;
    Ok(StatusCode::ACCEPTED)
}

async fn restart(
    caller: Caller,
    Path(key): Path<RowKey>,
    Extension(plays): Extension<Plays>,
    Json(asked): Json<RestartIn>,
) -> web::Result<Json<SimState>> {
    let name = person_name(&caller);
    let asked = asked.check()?;
    caller.write(move |ctx, tx| stage::restart(ctx, tx, (key, plays), asked, &name)).await?;
    state(&caller, key, plays).await
}

async fn get_events(
    caller: Caller,
    Path(key): Path<RowKey>,
    Extension(plays): Extension<Plays>,
    Query(after): Query<After>,
    headers: HeaderMap,
) -> web::Result<Response> {
    let after = wire::last_event(&headers).unwrap_or(after.after);
    events::open(&caller, key, after, plays).await
}

/// What the person who writes in the simulator is called.
fn person_name(caller: &Caller) -> String {
    caller.words().t1("bots-simulator-person", "name", caller.ctx.actor().name.clone())
}
