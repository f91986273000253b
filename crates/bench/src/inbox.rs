//! The server's time for the inbox with 100,000 conversations and 400,000 messages.

use std::sync::Arc;

use db::{Lane, Tx, params};
use kernel::{Id, Timestamp, WorkspaceId};
use serde_json::json;

use crate::{
    bare,
    bars::{Bars, table},
    goods::ctx,
    place::{Database, runtime},
    site::{Browser, Shop, time_pages},
};

const CONVERSATIONS: i64 = 100_000;
/// Of the person, the bot, the person, the bot.
const MESSAGES_EACH: i64 = 4;
/// One conversation in so many is with the staff, and half of these wait.
const WITH_STAFF_ONE_IN: i64 = 50;
const AT_ONCE: i64 = 250;
const NAMES: [&str; 8] =
    ["Aziza Karimova", "Botir Aliyev", "Дилшод Усмонов", "Gulnora", "Jamshid", "Лола", "Otabek", "Sevara"];
const SAID: [&str; 5] = [
    "Samsung televizori bormi?",
    "Narxi qancha boʻladi",
    "Музлатгич керак эди",
    "Yetkazib berasizmi Samarqandga",
    "Buyurtmam qachon keladi",
];

/// What the staff opens all day; `{id}` is a conversation.
const PAGES: [(&str, &str); 10] = [
    ("the inbox", "/conversations"),
    ("who waits", "/conversations?view=waiting"),
    ("mine", "/conversations?view=mine"),
    ("with the bot", "/conversations?view=bot"),
    ("page 2,000", "/conversations?page=2000"),
    ("a name, in Cyrillic", "/conversations?q=%D0%B0%D0%B7%D0%B8%D0%B7%D0%B0"),
    ("words of messages", "/conversations?q=muzlatgich"),
    ("words that nobody said", "/conversations?q=xyzabc"),
    ("a conversation", "/conversations/{id}"),
    ("what was said in it", "/conversations/{id}/log"),
];

/// Calls the routes in this process, one after the other, signed in as the demo's Admin.
pub fn run(database: Database) -> Bars {
    runtime().block_on(measure(database))
}

async fn measure(database: Database) -> Bars {
    let shop = Shop::make(database, &[]).await;
    let one = fill(&shop).await;
    tokio::task::block_in_place(|| bare::settle(&shop.db));
    let mut browser = Browser::new(&shop.parts);
    browser.sign_in().await;
    let pages: Vec<(&str, String)> =
        PAGES.iter().map(|(name, path)| (*name, path.replace("{id}", &one.to_string()))).collect();
    let (rows, worst) = time_pages(&mut browser, &pages).await;
    table(&["server time, ms", "p50", "p99", "slowest", "KB of HTML"], &rows);
    let mut bars = Bars::default();
    bars.at_most("slowest page's p99 with 100,000 conversations, ms", worst, 300.0);
    bars
}

/// Conversations of the demo shop's bot as the years leave them; answers with one of the latest.
async fn fill(shop: &Shop) -> Id<bots::Conversation> {
    let own = ctx(shop.workspace, shop.parts.app.clock().now());
    let asked = own.clone();
    let channel = shop
        .db
        .read(&own, move |tx| {
            let bot = bots::list_bots(&asked, tx)?.remove(0);
            bots::simulator_channel(&asked, tx, bot.id)
        })
        .await
        .unwrap();
    let mut last = Id::from_uuid(uuid::Uuid::nil());
    for first in (0..CONVERSATIONS).step_by(AT_ONCE as usize) {
        let rows: Arc<Vec<(i64, Id<bots::Conversation>)>> =
            Arc::new((first..first + AT_ONCE).map(|number| (number, own.new_id())).collect());
        last = rows[0].1;
        let (workspace, channel, now, ids) = (shop.workspace, channel.id, own.now(), own.clone());
        let write = move |tx: &mut Tx<'_>| {
            for (number, id) in rows.iter() {
                let message = || ids.new_id::<bots::Message>();
                conversation(tx, workspace, channel, now, *number, *id, message)?;
            }
            Ok(())
        };
        shop.db.write(&own, Lane::Background, write).await.unwrap();
    }
    last
}

fn conversation(
    tx: &mut Tx<'_>,
    workspace: WorkspaceId,
    channel: Id<bots::Channel>,
    now: Timestamp,
    number: i64,
    id: Id<bots::Conversation>,
    message: impl Fn() -> Id<bots::Message>,
) -> kernel::Result<()> {
    let pick = |from: &'static [&'static str], by: i64| from[(by % from.len() as i64) as usize];
    let at = now.plus_seconds((number - CONVERSATIONS) * 60);
    let (with_person, name) = (number % WITH_STAFF_ONE_IN == 0, pick(&NAMES, number));
    let waiting = (with_person && number % (2 * WITH_STAFF_ONE_IN) == 0).then_some(at);
    tx.execute_one(
        "INSERT INTO bots_conversation (workspace_id, id, channel_id, chat_key, person_name, session, created_at_ms,
             last_at_ms, search_fold, with_person, waiting_since_ms, unread)
         VALUES ($1, $2, $3, $4, $5, '', $6, $6, $7, $8, $9, $10)",
        params![
            workspace,
            id,
            channel,
            format!("bench:{number}"),
            format!("{name} {number}"),
            at,
            uztext::fold(&format!("{name} {number}")),
            with_person,
            waiting,
            i64::from(waiting.is_some())
        ],
    )?;
    for turn in 0..MESSAGES_EACH {
        let (is_in, text) = (turn % 2 == 0, pick(&SAID, number + turn));
        let body = match is_in {
            true => json!({ "in": { "text": text } }),
            false => {
                json!({ "out": { "message": { "text": { "text": text, "marks": [] }, "keyboard": "keep" } } })
            }
        };
        let (direction, state) = if is_in { ("in", "taken") } else { ("out", "shown") };
        let id_of_message = message();
        let key: Option<String> = is_in.then(|| format!("bench:{number}:{turn}"));
        tx.execute_one(
            "INSERT INTO bots_message (workspace_id, id, channel_id, conversation_id, direction, update_key, body, state,
                 created_at_ms)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            params![workspace, id_of_message, channel, id, direction, key, body.to_string(), state, at],
        )?;
        if is_in {
            tx.execute_one(
                "INSERT INTO bots_said (workspace_id, at_ms, message_id, conversation_id, fold) VALUES ($1, $2, $3, $4, $5)",
                params![workspace, at, id_of_message, id, uztext::fold(text)],
            )?;
        }
    }
    Ok(())
}
