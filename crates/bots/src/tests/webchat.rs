//! The chat on a site, driven as the script on the page drives it.

mod desk;
mod door;
mod orders;
mod settings;
mod talk;
mod university;
mod writing;

use std::{net::SocketAddr, time::Duration};

use axum::http::{Method, Request, StatusCode};
use db::testing::TestDb;
use futures::StreamExt;
use serde_json::{Value, json};
use tokio::{net::TcpStream, task::JoinHandle};
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream,
    tungstenite::{Message, client::IntoClientRequest},
};
use uuid::Uuid;
use web::testing::{Answer, Site};

use super::{
    Shop,
    simulator::{all, said},
};

/// The site that may show the chat.
const ORIGIN: &str = "https://shop.uz";

/// A chat of the bot that [`ORIGIN`] may show; its key and its channel.
async fn connected(shop: &Shop) -> (String, String) {
    let made = shop.site.post("/api/bots/1/web-chats", json!({ "origins": [ORIGIN] })).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
    let made = made.json();
    (made["key"].as_str().unwrap().to_owned(), made["id"].as_str().unwrap().to_owned())
}

/// A page of somebody's site.
#[derive(Clone)]
struct Page<'s> {
    site: &'s Site,
    key: String,
    origin: &'static str,
    token: String,
    sent: u128,
}

impl<'s> Page<'s> {
    fn stranger(site: &'s Site, key: &str) -> Self {
        Self { site, key: key.to_owned(), origin: ORIGIN, token: String::new(), sent: 0 }
    }

    /// A page whose visitor has a token.
    async fn met(site: &'s Site, key: &str) -> Self {
        let mut page = Self::stranger(site, key);
        let met = page.ask(Method::POST, "visitors", Some(json!({ "lang": "en" }))).await;
        assert_eq!(met.status, StatusCode::CREATED, "{}", met.text());
        page.token = met.json()["token"].as_str().unwrap().to_owned();
        // What two visitors call the same is two things.
        page.sent = 100;
        page
    }

    fn request(&self, method: Method, path: &str) -> axum::http::request::Builder {
        Request::builder()
            .method(method)
            .uri(format!("/chat/{}/{path}", self.key))
            .header("accept", "application/json")
            .header("origin", self.origin)
            .header("x-chat-token", &self.token)
    }

    async fn ask(&self, method: Method, path: &str, body: Option<Value>) -> Answer {
        let request = self.request(method, path).header("content-type", "application/json");
        self.site.ask(request, body.map(|body| body.to_string()).unwrap_or_default()).await
    }

    async fn get(&self, path: &str) -> Value {
        let answer = self.ask(Method::GET, path, None).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text());
        answer.json()
    }

    async fn history(&self) -> Value {
        self.get("history").await
    }

    async fn seen(&self) -> String {
        said(&self.history().await)
    }

    async fn send(&mut self, mut input: Value) -> Answer {
        self.sent += 1;
        input["client_id"] = json!(Uuid::from_u128(self.sent));
        self.ask(Method::POST, "messages", Some(input)).await
    }

    async fn gives(&mut self, input: Value) {
        let answer = self.send(input).await;
        assert_eq!(answer.status, StatusCode::ACCEPTED, "{}", answer.text());
    }

    async fn say(&mut self, text: &str) {
        self.gives(json!({ "kind": "text", "text": text })).await;
    }

    /// Presses the last inline button whose words have `label`.
    async fn press(&mut self, label: &str) {
        let state = self.history().await;
        let found = all(&state["messages"]).rev().find_map(|message| {
            let rows = all(&message["inline_keyboard"]);
            let button =
                rows.flat_map(all).find(|button| button["text"].as_str().unwrap().contains(label))?;
            Some((message["id"].clone(), button["key"].clone()))
        });
        let (message, key) = found.unwrap_or_else(|| panic!("no button {label}: {}", said(&state)));
        self.gives(json!({ "kind": "button", "message_id": message, "key": key })).await;
    }

    /// As far as the menu, in English, having typed this number.
    async fn come_in(&mut self, phone: &str) {
        self.gives(json!({ "kind": "command", "command": "start" })).await;
        self.press("English").await;
        self.gives(json!({ "kind": "contact", "phone": phone })).await;
    }

    async fn file(&mut self, name: &str, bytes: &[u8]) -> Answer {
        self.sent += 1;
        let head = format!(
            "--b\r\nContent-Disposition: form-data; name=\"client_id\"\r\n\r\n{}\r\n\
             --b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n",
            Uuid::from_u128(self.sent)
        );
        let body = [head.as_bytes(), bytes, b"\r\n--b--\r\n"].concat();
        let request =
            self.request(Method::POST, "files").header("content-type", "multipart/form-data; boundary=b");
        self.site.ask(request, body).await
    }
}

/// The site behind an address, for sockets.
struct Served {
    address: SocketAddr,
    server: JoinHandle<()>,
}

impl Drop for Served {
    fn drop(&mut self) {
        self.server.abort();
    }
}

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

impl Served {
    async fn start(shop: &Shop) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let router = shop.site.router().clone();
        let server = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { address, server }
    }

    /// A socket of a page of this origin.
    async fn open(&self, key: &str, origin: Option<&str>) -> tokio_tungstenite::tungstenite::Result<Socket> {
        let mut request = format!("ws://{}/chat/{key}/live", self.address).into_client_request()?;
        if let Some(origin) = origin {
            request.headers_mut().insert("origin", origin.parse().unwrap());
        }
        Ok(tokio_tungstenite::connect_async(request).await?.0)
    }
}

/// The next message that is no heartbeat.
async fn heard(socket: &mut Socket) -> Message {
    loop {
        let next = tokio::time::timeout(Duration::from_secs(20), socket.next()).await.unwrap();
        match next.unwrap().unwrap() {
            Message::Text(text) if text.as_str() == "{}" => {}
            Message::Ping(_) | Message::Pong(_) => {}
            message => return message,
        }
    }
}

/// The conversation that was spoken in last, as the inbox knows it.
async fn conversation(shop: &Shop) -> String {
    let list = shop.site.get("/api/conversations").await.json();
    list["results"][0]["id"].as_str().unwrap().to_owned()
}

/// Opens a shop with a chat on a site.
async fn opened(db: &TestDb) -> (Shop, String) {
    let shop = Shop::open(db);
    let (key, _) = connected(&shop).await;
    (shop, key)
}
