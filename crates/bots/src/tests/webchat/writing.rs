//! An answer of a language model, seen while it is written.

use std::time::Duration;

use db::{db_test, testing::TestDb};
use futures::SinkExt;
use serde_json::{Value, json};
use testkit::models::{Fake, Slow, Wire};
use tokio_tungstenite::tungstenite::Message;

use super::{ORIGIN, Page, Served, connected, heard};
use crate::tests::assistant::Helper;

#[db_test]
async fn an_answer_is_seen_on_the_site_while_it_is_written(db: &TestDb) {
    let helper = Helper::open(db).await;
    let (key, _) = connected(&helper.shop).await;
    let fake = Fake::start().await;
    helper.connect(&fake, Wire::OpenAi, 100_000);
    fake.slow(Slow { between: Duration::from_millis(60), ..Slow::default() });
    fake.say("**Yetkazib berish** 25 000 soʻm [1]. Bir kunda keladi, xohlasangiz ertaroq ham olib boramiz.");
    let mut page = Page::met(&helper.shop.site, &key).await;
    page.gives(json!({ "kind": "command", "command": "start" })).await;
    page.press("Oʻzbekcha").await;
    let last = page.history().await["last"].clone();
    let served = Served::start(&helper.shop).await;
    let mut socket = served.open(&key, Some(ORIGIN)).await.unwrap();
    let hello = json!({ "token": page.token, "after": last });
    socket.send(Message::text(hello.to_string())).await.unwrap();
    heard(&mut socket).await;
    page.say("Yetkazib berish qancha turadi?").await;
    let seen = async {
        let mut drafts: Vec<String> = Vec::new();
        loop {
            let said: Value = serde_json::from_str(&heard(&mut socket).await.into_text().unwrap()).unwrap();
            if let Some(draft) = said["draft"].as_str() {
                drafts.push(draft.to_owned());
            } else if said.to_string().contains("olib boramiz") {
                return (drafts, said.to_string());
            }
        }
    };
    let ((), (drafts, message)) = tokio::join!(helper.after(), seen);
    let whole = "Yetkazib berish 25 000 soʻm. Bir kunda keladi, xohlasangiz ertaroq ham olib boramiz.";
    let written: Vec<&String> = drafts.iter().filter(|draft| !draft.is_empty()).collect();
    assert!(written.len() >= 2, "{drafts:?}");
    assert!(written.iter().all(|draft| whole.starts_with(draft.as_str())), "{drafts:?}");
    assert!(written.windows(2).all(|two| two[0].len() <= two[1].len()), "{drafts:?}");
    assert!(message.contains("[1]") && message.contains("📖 1"), "{message}");
}
