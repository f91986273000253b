//! The fake checked from both sides: a bot over HTTP, a person by the test's hands.

mod delivery;
mod refusals;
mod screens;

use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};

use super::{Fake, FakeBot, Limits, Options, Person};

const TOKEN: &str = "42:TEST";

/// A bot that calls the fake over HTTP.
struct Api {
    client: reqwest::Client,
    url: String,
}

impl Api {
    fn of(fake: &Fake, token: &str) -> Self {
        Self { client: super::webhook_client(), url: format!("{}/bot{token}", fake.url()) }
    }

    /// The whole answer: `ok`, `result` or `description`…
    async fn raw(&self, method: &str, params: Value) -> Value {
        let request = self.client.post(format!("{}/{method}", self.url)).json(&params);
        request.send().await.unwrap().json().await.unwrap()
    }

    #[track_caller]
    fn ok(answer: Value) -> Value {
        assert_eq!(answer["ok"], true, "{answer}");
        answer["result"].clone()
    }

    async fn call(&self, method: &str, params: Value) -> Value {
        Self::ok(self.raw(method, params).await)
    }

    async fn refused(&self, method: &str, params: Value) -> String {
        let answer = self.raw(method, params).await;
        assert_eq!(answer["ok"], false, "{answer}");
        answer["description"].as_str().unwrap().to_owned()
    }

    async fn upload(&self, method: &str, fields: Value, files: &[(&str, &str, Vec<u8>)]) -> Value {
        let mut form = Form::new();
        for (name, value) in fields.as_object().unwrap() {
            form = form.text(name.clone(), value.as_str().map_or(value.to_string(), str::to_owned));
        }
        for (field, name, bytes) in files {
            form = form.part((*field).to_owned(), Part::bytes(bytes.clone()).file_name((*name).to_owned()));
        }
        let request = self.client.post(format!("{}/{method}", self.url)).multipart(form);
        request.send().await.unwrap().json().await.unwrap()
    }
}

/// A fake without limits, a bot, and a person who has started it.
async fn started() -> (Fake, FakeBot, Person, Api) {
    let fake = Fake::start_with(Options { limits: Limits::Off, ..Options::default() }).await;
    let bot = fake.bot(TOKEN);
    let anna = bot.user(1001);
    anna.send_text("/start");
    let api = Api::of(&fake, TOKEN);
    (fake, bot, anna, api)
}

/// The head of a PNG of this size: all that the server looks at.
fn png(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
    bytes.extend(width.to_be_bytes());
    bytes.extend(height.to_be_bytes());
    bytes.extend([8, 6, 0, 0, 0]);
    bytes
}

#[tokio::test]
async fn a_bot_is_known_by_its_token() {
    let (fake, _, _, api) = started().await;
    let me = api.call("getMe", json!({})).await;
    assert_eq!((&me["id"], &me["is_bot"]), (&json!(42), &json!(true)));
    assert_eq!(api.call("getme", json!({})).await["id"], 42);
    let stranger = Api::of(&fake, "43:NOBODY");
    assert_eq!(
        stranger.raw("getMe", json!({})).await,
        json!({"ok": false, "error_code": 401, "description": "Unauthorized"})
    );
    assert_eq!(api.refused("doMagic", json!({})).await, "Not Found: method not found");
}

#[tokio::test]
async fn a_revoked_token_is_refused_and_ends_its_poll() {
    let (fake, bot, _, api) = started().await;
    let updates = api.call("getUpdates", json!({})).await;
    let next = updates[0]["update_id"].as_i64().unwrap() + 1;
    let poll =
        tokio::spawn(async move { api.refused("getUpdates", json!({"offset": next, "timeout": 30})).await });
    fake.wait_for_calls(|calls| !calls.is_empty()).await;
    tokio::task::yield_now().await;
    bot.revoke();
    assert_eq!(poll.await.unwrap(), "Unauthorized");
}

#[tokio::test]
async fn commands_and_menu_are_kept_by_language_scope_and_chat() {
    let (_, _, anna, api) = started().await;
    let uz = json!([{"command": "start", "description": "Boshlash"}]);
    api.call("setMyCommands", json!({"commands": uz, "language_code": "uz"})).await;
    assert_eq!(api.call("getMyCommands", json!({"language_code": "uz"})).await, uz);
    assert_eq!(api.call("getMyCommands", json!({"language_code": "ru"})).await, json!([]));
    let bad = json!({"commands": [{"command": "Old Name", "description": "x"}]});
    assert_eq!(api.refused("setMyCommands", bad).await, "Bad Request: BOT_COMMAND_INVALID");
    let app = json!({"type": "web_app", "text": "Ochish", "web_app": {"url": "https://shop.example/app"}});
    api.call("setChatMenuButton", json!({"chat_id": anna.chat(), "menu_button": app})).await;
    assert_eq!(api.call("getChatMenuButton", json!({"chat_id": anna.chat()})).await, app);
    assert_eq!(api.call("getChatMenuButton", json!({})).await["type"], "default");
}
