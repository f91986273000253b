//! The script that sites load, and a page of this server's own that shows one chat and nothing else.

use askama::Template;
use axum::{
    extract::{Path, State},
    http::HeaderMap,
    response::Response,
};
use kernel::Zone;
use web::{App, assets, pages::render};

use super::door::Door;

/// `GET /chat.js`: the script, under one name for ever, asked for again after a while.
pub(super) async fn script(headers: HeaderMap) -> Response {
    assets::serve_by_name("chat.js", &headers)
}

/// A page with a chat.
#[derive(Debug, Template)]
#[template(path = "web_chat.html")]
struct ChatPage {
    lang: &'static str,
    styles: String,
    theme: String,
    key: String,
    title: String,
    greeting: String,
}

/// `GET /chat/{key}`: to try a chat, and to send to people who have no site.
pub(super) async fn page(door: Door, State(app): State<App>, Path(key): Path<String>) -> Response {
    let lang = door.meta.lang();
    let title = match door.chat.title.is_empty() {
        true => app.words(lang, Zone::default()).t("bots-web-chat"),
        false => door.chat.title,
    };
    let (styles, theme) = (assets::address("app.css"), assets::address("theme.js"));
    render(&ChatPage { lang: lang.code(), styles, theme, key, title, greeting: door.chat.greeting })
}
