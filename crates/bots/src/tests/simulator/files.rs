//! Files that a person sends in the simulator.

use axum::http::StatusCode;
use db::{db_test, testing::TestDb};
use serde_json::{Value, json};

use super::{Answer, Chat, Request, Shop, Uuid, all, said, text};
use crate::person_file::{BODY_BYTES, MAX_BYTES};

const PICTURE: &[u8] = b"\x89PNG\r\n\x1a\n0000";

impl Chat<'_> {
    /// Sends a file with these words.
    async fn file(&mut self, name: &str, bytes: &[u8], caption: &str) -> Answer {
        self.sent += 1;
        let head = format!(
            "--b\r\nContent-Disposition: form-data; name=\"client_id\"\r\n\r\n{}\r\n\
             --b\r\nContent-Disposition: form-data; name=\"caption\"\r\n\r\n{caption}\r\n\
             --b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n",
            Uuid::from_u128(self.sent)
        );
        let request = Request::post(format!("/bots/1/{}/files", self.place))
            .header("accept", "application/json")
            .header("content-type", "multipart/form-data; boundary=b")
            .header("x-api-key", self.key);
        self.site.ask(request, [head.as_bytes(), bytes, b"\r\n--b--\r\n"].concat()).await
    }

    /// What the person has sent, as the page shows it.
    async fn files(&self) -> Vec<Value> {
        let state = self.state().await;
        all(&state["messages"]).filter(|said| said["media"]["kind"] == "sent").cloned().collect()
    }
}

fn opus() -> Vec<u8> {
    format!("OggS{}OpusHead", "\0".repeat(24)).into_bytes()
}

#[db_test]
async fn files_are_shown_as_what_they_are_and_fetched_from_an_address_of_ours(db: &TestDb) {
    let shop = Shop::open(db);
    let mut chat = Chat::new(&shop.site);
    let (voice, film) = (opus(), b"\0\0\0\x18ftypisom".as_slice());
    for (name, bytes) in [
        ("rasm.png", PICTURE),
        ("ovoz.ogg", voice.as_slice()),
        ("kino.mp4", film),
        ("qoʻshiq.mp3", b"ID3\x04"),
        ("narxlar.pdf", b"%PDF-1.7"),
    ] {
        Chat::taken(&chat.file(name, bytes, "").await);
    }
    let files = chat.files().await;
    let kinds: Vec<(&str, &str)> =
        files.iter().map(|said| (text(&said["media"]["what"]), text(&said["media"]["name"]))).collect();
    assert_eq!(
        kinds,
        [
            ("photo", "rasm.png"),
            ("voice", "ovoz.ogg"),
            ("video", "kino.mp4"),
            ("audio", "qoshiq.mp3"),
            ("document", "narxlar.pdf")
        ]
    );
    let url = text(&files[0]["media"]["url"]);
    let opened = shop.site.page(url).await;
    assert_eq!((opened.status, opened.bytes.as_slice()), (StatusCode::OK, PICTURE));
    assert_eq!(opened.header("content-type"), Some("image/png"));
    let of = async |key: &str| {
        let request = Request::get(url).header("accept", "application/json").header("x-api-key", key);
        shop.site.ask(request, String::new()).await.status
    };
    assert_eq!(of("2").await, StatusCode::NOT_FOUND, "another workspace");
    assert_eq!(of("1:sales.read").await, StatusCode::FORBIDDEN);
}

#[db_test]
async fn a_file_sent_again_is_taken_once(db: &TestDb) {
    let shop = Shop::open(db);
    let mut chat = Chat::new(&shop.site);
    Chat::taken(&chat.file("chek.png", PICTURE, "Mana chek").await);
    chat.sent -= 1;
    Chat::taken(&chat.file("chek.png", PICTURE, "Mana chek").await);
    let files = chat.files().await;
    assert_eq!((files.len(), &files[0]["text"][0]["text"]), (1, &json!("Mana chek")));
    assert_eq!(files[0]["client_id"], json!(Uuid::from_u128(chat.sent)));
}

#[db_test]
async fn what_cannot_be_taken_is_refused_beside_its_field(db: &TestDb) {
    let shop = Shop::open(db);
    let mut chat = Chat::new(&shop.site);
    let long = vec![b'a'; MAX_BYTES + 1];
    let words = "a".repeat(1_025);
    for (name, bytes, caption, error) in [
        ("virus.exe", b"MZ".as_slice(), "", "file: bots-web-file-kind"),
        ("rasm.png", b"<html>", "", "file: bots-web-file-kind"),
        ("boʻsh.txt", b"", "", "file: bots-attachment-missing"),
        ("kitob.txt", &long, "", "file: bots-chat-too-large"),
        ("rasm.png", PICTURE, &words, "caption: kernel-text-too-long"),
    ] {
        let answer = chat.file(name, bytes, caption).await;
        let refused = (answer.status, answer.errors());
        assert_eq!(refused, (StatusCode::UNPROCESSABLE_ENTITY, vec![error.to_owned()]), "{name}");
    }
    let request = Request::post("/bots/1/simulator/files")
        .header("accept", "application/json")
        .header("content-type", "multipart/form-data; boundary=b")
        .header("x-api-key", "1");
    let file = "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.png\"\r\n\r\n";
    let body = [file.as_bytes(), PICTURE, b"\r\n--b--\r\n"].concat();
    let nameless = shop.site.ask(request, body).await;
    assert_eq!(nameless.errors(), ["client_id: web-field-type"]);
    let endless = chat.file("kitob.txt", &vec![b'a'; BODY_BYTES], "").await;
    assert_eq!(endless.errors(), ["web-body-too-large"]);
    assert_eq!(chat.state().await["messages"], json!([]));
}

#[db_test]
async fn sending_a_file_is_writing_and_needs_a_bot(db: &TestDb) {
    let shop = Shop::open(db);
    for (key, place, status) in [
        ("1:bots.read", "simulator", StatusCode::FORBIDDEN),
        ("1:bots.read", "trial", StatusCode::FORBIDDEN),
        ("2", "simulator", StatusCode::NOT_FOUND),
    ] {
        let mut chat = Chat { place, ..Chat::of(&shop.site, key) };
        assert_eq!(chat.file("rasm.png", PICTURE, "").await.status, status, "{key} {place}");
    }
    let count = "SELECT COUNT(*) FROM files_file";
    let kept = db.read_now(&shop.ctx, |tx| tx.query_one(count, &[], |row| row.get::<i64>(0))).unwrap();
    assert_eq!(kept, 0, "nothing is kept of what was refused");
}

/// Asks for speech.
const ASKING: &str = r#"
format = 1
id = "asking"
version = 1
language = "en"
start = "main.speak"
home = "main.speak"
name = { all = "A" }

[variables]
answer = {}

[commands]
start = { go = "main.speak", text = { all = "A" } }

[flows.main.speak]
kind = "media"
kinds = ["voice"]
text = { all = "Say it aloud" }
error = { all = "That is no speech" }
save = "answer"
go = "heard"

[flows.main.heard]
kind = "end"
text = { all = "Heard{if answer} it{end}" }
"#;

#[db_test]
async fn a_step_that_asks_for_a_file_is_tried_with_the_draft(db: &TestDb) {
    let shop = Shop::open(db);
    let saved = shop.site.put("/api/bots/1/draft", json!({ "source": ASKING, "revision": 0 })).await;
    assert_eq!((saved.status, &saved.json()["problems"]), (StatusCode::OK, &json!([])), "{}", saved.text());
    let mut trial = Chat::trial(&shop.site);
    trial.command("start").await;
    Chat::taken(&trial.file("rasm.png", PICTURE, "").await);
    Chat::taken(&trial.file("ovoz.ogg", &opus(), "").await);
    let state = trial.state().await;
    assert_eq!(
        said(&state),
        "contact: /start\nbot: Say it aloud\ncontact: \nbot: That is no speech\n\nSay it aloud\ncontact: \nbot: Heard it\n"
    );
    assert_eq!(Chat::new(&shop.site).state().await["messages"], json!([]), "a talk of its own");
}
