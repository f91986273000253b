//! What strangers stored is shown as words, never as markup: on every page that links lead to, in every file that pages
//! offer, in what the simulator tells.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use db::{db_test, testing::TestDb};
use flow::Input as Said;
use serde_json::{Value, json};

use crate::{
    bad_input::{Bench, SCRIPT, ends_the_session, places, set, with_every_field},
    browser::{Answer, escaped},
    guards::{Input, prepared, without_key},
    routes, samples,
};

/// Pages that are looked at of those that are alike.
const ALIKE: usize = 12;
/// SQL that would end a statement which was pasted together.
const SQL: &str = "'); DROP TABLE sales_order; --";

/// Stores the tag in every text field that takes it, of the API and of forms, in chats and in files.
async fn store_everywhere(bench: &mut Bench) -> BTreeSet<String> {
    let description = routes::description();
    let words = format!("{SCRIPT} {SQL}");
    let mut taken = BTreeSet::new();
    for route in routes::all().into_iter().filter(|route| !route.is_safe() && !ends_the_session(route)) {
        // What is taken away again is seen nowhere.
        let is_end = ["/delete", "/cancel", "/deactivate", "/disconnect", "/revoke"];
        if route.method == "DELETE" || is_end.iter().any(|end| route.path.ends_with(end)) {
            continue;
        }
        let (path, input) = prepared(&bench.world, &bench.ctx, &bench.owner, &route, &bench.known).await;
        match input {
            Input::Json(sample) if sample.is_object() => {
                let whole = with_every_field(description, &route, &sample);
                let mut all = Vec::new();
                places(&whole, "", &mut all);
                for place in all.iter().filter(|place| whole.pointer(place).is_some_and(is_words)) {
                    let mut body = samples::body(description, &route, &bench.known);
                    if body.is_null() {
                        body = sample.clone();
                    }
                    set(&mut body, place, json!(words));
                    let (path, _) =
                        prepared(&bench.world, &bench.ctx, &bench.owner, &route, &bench.known).await;
                    if bench.owner.api(&route.method, &path, &body).await.is_done() {
                        taken.insert(format!("{route} {place}"));
                    }
                }
            }
            Input::Form(fields) => {
                let fields = without_key(&fields);
                for (place, (name, _)) in fields.iter().enumerate() {
                    let mut odd = fields.clone();
                    if let Some((_, value)) = odd.get_mut(place) {
                        value.clone_from(&words);
                    }
                    if bench.owner.form(&path, &odd).await.is_done() {
                        taken.insert(format!("{route} {name}"));
                    }
                }
            }
            _ => {}
        }
    }
    taken
}

fn is_words(value: &Value) -> bool {
    value.is_string() || value.is_null()
}

/// In a chat of a stranger, in a file and in its name.
async fn store_by_others(bench: &Bench) {
    let ctx = bench.ctx.clone();
    let bot = bench.world.bot;
    let own = ctx.clone();
    let channel = bench.world.read(move |_, tx| bots::simulator_channel(&own, tx, bot)).await;
    for (key, text) in [("1", "/start"), ("2", SCRIPT), ("3", "🇬🇧 English"), ("4", SCRIPT), ("5", SQL)]
    {
        let update = bots::Update {
            channel: channel.id,
            key: key.to_owned(),
            chat: Some(bots::Chat {
                key: "stranger".to_owned(),
                person_name: SCRIPT.to_owned(),
                username: Some(SCRIPT.to_owned()),
                lang: None,
                message_id: None,
                place: bots::Place::Page { tapped: None },
            }),
            what: bots::What::Input(Said::Text(text.to_owned())),
        };
        let parts = &bench.world.parts;
        bots::receive(&ctx, parts.app.db(), &parts.bots, update).await.unwrap();
    }
    for name in [SCRIPT, SQL] {
        let sheet = samples::sheet(name);
        let route = routes::Route { method: "POST".to_owned(), path: "/imports/new".to_owned() };
        let input = Input::File("<script>alert('x')</script>.csv", sheet);
        let answer = crate::guards::call(&bench.owner, &route, "/imports/new", &input).await;
        assert!(answer.is_done(), "{}", answer.text());
    }
    for text in [SCRIPT, SQL] {
        let said = json!({"client_id": uuid::Uuid::from_u128(u128::try_from(text.len()).unwrap()), "kind": "text", "text": text});
        let answer = bench.owner.api("POST", "/bots/1/simulator/input", &said).await;
        assert!(answer.is_done(), "{}", answer.text());
    }
    bench.world.work_off().await;
}

/// The places of ours that a page leads to.
fn links(html: &str) -> Vec<String> {
    let found = ["href=\"", "hx-get=\"", "src=\""].into_iter().flat_map(|mark| html.split(mark).skip(1));
    found
        .filter_map(|rest| rest.split('"').next())
        .map(|link| link.replace("&#38;", "&").replace("&amp;", "&"))
        .filter(|link| link.starts_with('/') && !link.starts_with("//") && !link.starts_with("/assets/"))
        .filter(|link| !link.starts_with("/language/") && !link.starts_with("/sign-out"))
        .map(|link| link.split('#').next().unwrap_or_default().to_owned())
        .collect()
}

/// What is wrong with an answer to whoever reads it in a browser.
fn look(path: &str, answer: &Answer) -> Option<String> {
    let text = answer.text();
    if answer.status.as_u16() >= 500 {
        return Some(format!("{path}: {}", answer.status));
    }
    let is_page = answer.kind.starts_with("text/html");
    if is_page && (text.contains("<script>alert(") || text.contains("alert('x')</script>")) {
        return Some(format!("{path} shows the tag itself"));
    }
    let is_known = [
        "text/html",
        "application/json",
        "application/problem+json",
        "text/csv",
        "text/plain",
        "image/",
        "text/event-stream",
        "application/pdf",
        "application/toml",
        "application/schema+json",
    ]
    .iter()
    .chain(&["application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"])
    .any(|kind| answer.kind.starts_with(kind));
    // The one script of ours outside of the assets: sites of others load it. Nothing that people typed is in it.
    let is_ours = path == "/chat.js" && answer.kind.starts_with("text/javascript");
    (!is_known && !is_ours && answer.status.is_success())
        .then(|| format!("{path} is of the kind {:?}", answer.kind))
}

#[db_test]
async fn what_people_typed_is_shown_as_words_on_every_page(db: &TestDb) {
    let mut bench = Bench::new(db).await;
    let taken = store_everywhere(&mut bench).await;
    store_by_others(&bench).await;
    assert!(taken.len() >= 40, "the tag was taken as words by some fields: {taken:#?}");
    let start = routes::pages().into_iter().filter(|route| route.is_safe() && !route.path.contains('{'));
    let mut waiting: VecDeque<String> = start.map(|route| route.path).collect();
    waiting.push_back("/bots/1/simulator/state".to_owned());
    // Only drafts are changed on a page of their own, and the list has newer orders than these.
    waiting.push_front("/orders?status=draft".to_owned());
    for route in routes::api().into_iter().filter(|route| route.is_safe() && !route.path.contains('{')) {
        waiting.push_back(route.path);
    }
    let mut seen: BTreeSet<String> = waiting.iter().cloned().collect();
    let mut shown: BTreeMap<&str, usize> = BTreeMap::new();
    let mut shapes: BTreeMap<String, usize> = BTreeMap::new();
    while let Some(path) = waiting.pop_front() {
        let answer = bench.owner.page(&path).await;
        bench.wrong.extend(look(&path, &answer));
        let text = answer.text();
        for place in SEEN_IN.iter().filter(|place| is_under(&path, place)) {
            *shown.entry(place).or_default() += usize::from(text.contains("alert(") || is_binary(&answer));
        }
        if !answer.kind.starts_with("text/html") {
            continue;
        }
        let asked = if path.contains('?') { None } else { Some(format!("{path}?q={}", escaped(SCRIPT))) };
        for link in links(&text).into_iter().chain(asked) {
            // A file is offered by a button of the list; the second page of a list is like the first.
            let alike = shapes.entry(shape(&link)).or_default();
            if *alike < ALIKE && seen.insert(link.clone()) {
                *alike += 1;
                waiting.push_back(link);
            }
        }
    }
    for place in SEEN_IN {
        if shown.get(place).copied().unwrap_or_default() == 0 {
            bench.wrong.push(format!("{place} was not seen with the words ({} pages)", seen.len()));
        }
    }
    assert_eq!(bench.world.disagreements().await, Vec::<String>::new());
    bench.done();
}

/// Pages and files in which the words must be seen; `*` is a number or an id.
const SEEN_IN: &[&str] = &[
    "/products",
    "/products/*",
    "/products/*/edit",
    "/products?format=csv",
    "/products?format=xlsx",
    "/contacts",
    "/contacts/*",
    "/contacts?format=csv",
    "/categories",
    "/categories/*",
    "/orders/*",
    "/orders/*/edit",
    "/stock/receipts/*",
    "/warehouses",
    "/cash",
    "/cash/registers/*",
    "/cash/transactions",
    "/cash/transactions/*",
    "/members",
    "/bots",
    "/bots/*",
    "/conversations",
    "/conversations/*",
    "/audit/*",
    "/imports",
    "/imports/*",
    "/bots/*/simulator/state",
    "/settings/company",
    "/api/products",
    "/api/v1/audit",
];

fn is_binary(answer: &Answer) -> bool {
    answer.kind.starts_with("application/vnd.")
}

/// What pages that are alike have in common: their address without numbers and ids, and what is asked by name.
fn shape(link: &str) -> String {
    let (path, query) = link.split_once('?').unwrap_or((link, ""));
    let part = |part: &str| if is_name(part) { "*".to_owned() } else { part.to_owned() };
    let path: Vec<String> = path.split('/').map(part).collect();
    let mut asked: Vec<&str> = query.split('&').filter_map(|pair| pair.split('=').next()).collect();
    if query.contains("format=") {
        asked = query.split('&').filter(|pair| pair.starts_with("format=")).collect();
    }
    asked.sort_unstable();
    format!("{}?{}", path.join("/"), asked.join("&"))
}

fn is_name(part: &str) -> bool {
    part.parse::<i64>().is_ok() || uuid::Uuid::try_parse(part).is_ok()
}

/// `/products/7?tab=x` is under `/products/*`; a place with a query wants that query.
fn is_under(path: &str, place: &str) -> bool {
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let (place, wanted) = place.split_once('?').unwrap_or((place, ""));
    let (parts, places) = (path.split('/'), place.split('/'));
    path.split('/').count() == place.split('/').count()
        && parts.zip(places).all(|(part, place)| if place == "*" { is_name(part) } else { part == place })
        && (wanted.is_empty() || query.split('&').any(|pair| pair == wanted))
}
