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
    Router,
    extract::Path,
    http::{HeaderMap, StatusCode},
    response::Response,
    routing::{get, post},
};
use context::Permission;
use web::{
    App, Caller, Json, Query, RowKey,
    pages::{Action, IslandPage, render},
};

use self::wire::{After, RestartIn, SimState};
pub(crate) use self::{
    events::{Told, told},
    stage::picture_address,
    wire::{InputIn, Sent, SentWhat, own_contact},
};
use crate::{Bots, pages::bot_crumbs, reads, receive, trial::Plays};

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/bots/{number}/simulator", get(page))
        .route("/bots/{number}/simulator/state", get(get_state))
        .route("/bots/{number}/simulator/input", post(send_input))
        .route("/bots/{number}/simulator/restart", post(restart))
        .route("/bots/{number}/simulator/events", get(get_events))
        .route("/bots/{number}/trial", get(trial_page))
        .route("/bots/{number}/trial/state", get(get_trial_state))
        .route("/bots/{number}/trial/input", post(send_trial_input))
        .route("/bots/{number}/trial/restart", post(restart_trial))
        .route("/bots/{number}/trial/events", get(get_trial_events))
}

async fn page(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Response> {
    let bot = caller.read(move |ctx, tx| reads::get_bot(ctx, tx, key)).await?;
    let p = bot_crumbs(caller.shell().titled("bots-simulator"), &bot);
    Ok(render(&IslandPage::simulator(p, format!("/bots/{}/simulator", bot.number))))
}

/// The same page with the draft: it answers nobody but who tries it.
async fn trial_page(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Response> {
    let bot = caller.read(move |ctx, tx| reads::get_bot(ctx, tx, key)).await?;
    let shell = caller.shell().titled("bots-trial").lead("bots-trial-lead");
    let p = bot_crumbs(shell, &bot).crumb(format!("/bots/{}/flow", bot.number), "bots-graph");
    let edit = Action::link(format!("/bots/{}/flow", bot.number), p.t("bots-graph")).icon("diagram-3");
    let mut page = IslandPage::simulator(p, format!("/bots/{}/trial", bot.number)).action(edit);
    page.attributes.push(("draft", "true".to_owned()));
    Ok(render(&page))
}

async fn get_state(caller: Caller, key: Path<RowKey>) -> web::Result<Json<SimState>> {
    state(&caller, key, Plays::Published).await
}

async fn get_trial_state(caller: Caller, key: Path<RowKey>) -> web::Result<Json<SimState>> {
    state(&caller, key, Plays::Draft).await
}

async fn send_input(caller: Caller, key: Path<RowKey>, input: Json<InputIn>) -> web::Result<StatusCode> {
    send(&caller, key, input, Plays::Published).await
}

async fn send_trial_input(
    caller: Caller,
    key: Path<RowKey>,
    input: Json<InputIn>,
) -> web::Result<StatusCode> {
    send(&caller, key, input, Plays::Draft).await
}

async fn restart(caller: Caller, key: Path<RowKey>, asked: Json<RestartIn>) -> web::Result<Json<SimState>> {
    begin_anew(&caller, key, asked, Plays::Published).await
}

async fn restart_trial(
    caller: Caller,
    key: Path<RowKey>,
    asked: Json<RestartIn>,
) -> web::Result<Json<SimState>> {
    begin_anew(&caller, key, asked, Plays::Draft).await
}

async fn get_events(
    caller: Caller,
    Path(key): Path<RowKey>,
    Query(after): Query<After>,
    headers: HeaderMap,
) -> web::Result<Response> {
    let after = wire::last_event(&headers).unwrap_or(after.after);
    events::open(&caller, key, after, Plays::Published).await
}

async fn get_trial_events(
    caller: Caller,
    Path(key): Path<RowKey>,
    Query(after): Query<After>,
    headers: HeaderMap,
) -> web::Result<Response> {
    let after = wire::last_event(&headers).unwrap_or(after.after);
    events::open(&caller, key, after, Plays::Draft).await
}

async fn state(caller: &Caller, Path(key): Path<RowKey>, plays: Plays) -> web::Result<Json<SimState>> {
    let (bots, secret) = (caller.app.service::<Bots>()?, *caller.app.secret());
    let name = person_name(caller);
    let state =
        caller.read(move |ctx, tx| stage::state(ctx, tx, &bots, &secret, (key, plays), &name)).await?;
    Ok(Json(wire::in_words(state, &caller.words())))
}

async fn send(
    caller: &Caller,
    Path(key): Path<RowKey>,
    Json(input): Json<InputIn>,
    plays: Plays,
) -> web::Result<StatusCode> {
    // What is ordered here is ordered indeed.
    caller.ctx.require(Permission::BotsEdit)?;
    let input = input.check()?;
    let name = person_name(caller);
    let update = caller.read(move |ctx, tx| stage::update(ctx, tx, (key, plays), &input, &name)).await?;
    let bots: Arc<Bots> = caller.app.service()?;
    receive(&caller.ctx, caller.db(), &bots, update).await?;
    Ok(StatusCode::ACCEPTED)
}

async fn begin_anew(
    caller: &Caller,
    Path(key): Path<RowKey>,
    Json(asked): Json<RestartIn>,
    plays: Plays,
) -> web::Result<Json<SimState>> {
    let name = person_name(caller);
    let asked = asked.check()?;
    caller.write(move |ctx, tx| stage::restart(ctx, tx, (key, plays), asked, &name)).await?;
    state(caller, Path(key), plays).await
}

/// What the person who writes in the simulator is called.
fn person_name(caller: &Caller) -> String {
    caller.words().t1("bots-simulator-person", "name", caller.ctx.actor().name.clone())
}
