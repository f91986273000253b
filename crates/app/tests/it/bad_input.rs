//! Everything a stranger or a broken program may send, to every route: a clear answer, never a fault of ours.

use db::{db_test, testing::TestDb};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    browser::{Answer, Browser, escaped},
    guards::{Input, known, prepared, without_key},
    routes::{self, Route},
    samples::{self, Known},
    targets::{Target, as_person, fill},
    world::{OWNER, World},
};

const SQL: &str = "'; DROP TABLE sales_order; --";
pub(crate) const SCRIPT: &str = "<script>alert('x')</script>";

/// A shop, its owner's browser, and what input may name.
pub(crate) struct Bench {
    pub(crate) world: World,
    pub(crate) owner: Browser,
    pub(crate) ctx: context::Ctx,
    pub(crate) known: Known,
    pub(crate) wrong: Vec<String>,
}

impl Bench {
    pub(crate) async fn new(db: &TestDb) -> Self {
        let world = World::new(db, "http://127.0.0.1:9").await;
        let ctx = as_person(&world.ctx, world.owner);
        let owner = Browser::stranger(&world.parts).signed_in(OWNER).await;
        let known = known(&world, &ctx).await;
        Self { world, owner, ctx, known, wrong: Vec::new() }
    }

    /// A fault of ours, or an answer that says nothing.
    fn look(&mut self, route: &Route, what: &str, answer: &Answer) {
        let status = answer.status.as_u16();
        let what: String = what.chars().take(160).collect();
        if status >= 500 {
            self.wrong.push(format!("{route} {what}: {status}"));
        } else if status >= 400 && route.is_api() {
            let problem = answer.json();
            let is_whole = answer.kind == "application/problem+json"
                && problem["code"].as_str().is_some_and(|code| !code.is_empty())
                && problem["title"]
                    .as_str()
                    .is_some_and(|title| !title.is_empty() && title != problem["code"]);
            if !is_whole {
                self.wrong.push(format!("{route} {what}: {status} without a problem: {}", answer.text()));
            }
        }
    }

    #[track_caller]
    pub(crate) fn done(&mut self) {
        assert!(self.wrong.is_empty(), "{} faults: {:#?}", self.wrong.len(), self.wrong);
    }

    async fn path(&self, route: &Route) -> String {
        match self.world.target(&self.ctx, &route.path).await {
            Some(target) => fill(&route.path, &target, target.number.is_some()),
            None => fill(&route.path, &nothing(), false),
        }
    }
}

fn nothing() -> Target {
    Target { number: None, id: Uuid::from_u128(5), word: None, second: None }
}

/// Routes that end the session or let the other tests' password go.
pub(crate) fn ends_the_session(route: &Route) -> bool {
    route.path.contains("sign-out") || route.path.contains("password") || route.path == "/api/sessions"
}

/// What stands in the place of a value.
fn odd_values() -> Vec<Value> {
    vec![
        Value::Null,
        json!(true),
        json!([]),
        json!({}),
        json!(""),
        json!("   "),
        json!("x"),
        json!(0),
        json!(-1),
        json!(0.0001),
        json!(99_999_999_999_999_i64),
        json!(i64::MIN),
        json!(1e300),
        json!("a\u{0}b"),
        json!(SQL),
        json!(SCRIPT),
        json!("ў".repeat(100_000)),
        json!("\u{202e}\u{feff}🧿\u{1b}[31m"),
        json!("1990-13-45"),
        json!(["x"]),
        json!([null, {"x": 1}]),
    ]
}

/// Every place of a value, deepest first.
pub(crate) fn places(value: &Value, at: &str, out: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            fields.iter().for_each(|(name, inner)| places(inner, &format!("{at}/{name}"), out))
        }
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(place, inner)| places(inner, &format!("{at}/{place}"), out));
        }
        _ => {}
    }
    if !at.is_empty() {
        out.push(at.to_owned());
    }
}

/// The fields that the description names besides those of the sample.
pub(crate) fn with_every_field(description: &Value, route: &Route, sample: &Value) -> Value {
    let schema = samples::resolved(description, &samples::schema(description, route));
    let mut whole = sample.clone();
    if let (Some(fields), Some(properties)) = (whole.as_object_mut(), schema["properties"].as_object()) {
        for name in properties.keys() {
            fields.entry(name.clone()).or_insert(Value::Null);
        }
    }
    whole
}

#[db_test]
async fn every_field_of_the_api_may_hold_anything(db: &TestDb) {
    let mut bench = Bench::new(db).await;
    let description = routes::description();
    let routes = routes::api().into_iter().filter(|route| !route.is_safe() && !ends_the_session(route));
    for route in routes {
        let sample = samples::body(description, &route, &bench.known);
        if !sample.is_object() {
            continue;
        }
        let sample = with_every_field(description, &route, &sample);
        let mut all = Vec::new();
        places(&sample, "", &mut all);
        let path = bench.path(&route).await;
        for place in all {
            for odd in odd_values() {
                let mut body = samples::body(description, &route, &bench.known);
                set(&mut body, &place, odd.clone());
                let answer = bench.owner.api(&route.method, &path, &body).await;
                bench.look(&route, &format!("{place} = {odd}"), &answer);
            }
            let mut body = sample.clone();
            remove(&mut body, &place);
            let answer = bench.owner.api(&route.method, &path, &body).await;
            bench.look(&route, &format!("without {place}"), &answer);
        }
    }
    bench.done();
}

pub(crate) fn set(body: &mut Value, place: &str, odd: Value) {
    let (above, name) = place.rsplit_once('/').unwrap();
    match body.pointer_mut(above) {
        Some(Value::Object(fields)) => drop(fields.insert(name.to_owned(), odd)),
        Some(Value::Array(items)) => {
            if let Some(item) = name.parse::<usize>().ok().and_then(|place| items.get_mut(place)) {
                *item = odd;
            }
        }
        _ => {}
    }
}

fn remove(body: &mut Value, place: &str) {
    let (above, name) = place.rsplit_once('/').unwrap();
    match body.pointer_mut(above) {
        Some(Value::Object(fields)) => drop(fields.remove(name)),
        Some(Value::Array(items)) => items.clear(),
        _ => {}
    }
}

#[db_test]
async fn every_route_survives_a_body_that_is_none(db: &TestDb) {
    let mut bench = Bench::new(db).await;
    let deep = "[".repeat(20_000);
    let bodies: [&[u8]; 9] = [
        b"",
        b"{",
        b"null",
        b"[]",
        b"\"x\"",
        b"\xff\xfe{\"name\":\"\xc3\x28\"}",
        b"{\"name\":\"\xed\xa0\x80\"}",
        b"{\"name\":\"\\ud800\"}",
        deep.as_bytes(),
    ];
    let kinds = [
        "application/json",
        "text/plain",
        "",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=b",
    ];
    for route in routes::all().into_iter().filter(|route| !route.is_safe() && !ends_the_session(route)) {
        let path = bench.path(&route).await;
        for body in bodies {
            for kind in kinds {
                let answer = bench.owner.send(&route.method, &path, kind, body.to_vec()).await;
                bench.look(&route, &format!("{kind} {}", String::from_utf8_lossy(body)), &answer);
            }
        }
    }
    bench.done();
}

#[db_test]
async fn ten_megabytes_are_refused_by_every_route(db: &TestDb) {
    let mut bench = Bench::new(db).await;
    let json = format!("{{\"name\":\"{}\"}}", "x".repeat(10 << 20)).into_bytes();
    let form = format!("name={}", "x".repeat(10 << 20)).into_bytes();
    for route in routes::all().into_iter().filter(|route| !route.is_safe() && !ends_the_session(route)) {
        let path = bench.path(&route).await;
        let (kind, body) = if route.is_api() {
            ("application/json", &json)
        } else {
            ("application/x-www-form-urlencoded", &form)
        };
        let answer = bench.owner.send(&route.method, &path, kind, body.clone()).await;
        bench.look(&route, "ten megabytes", &answer);
        let is_refused = matches!(answer.status.as_u16(), 404 | 413 | 422 | 429);
        if !is_refused {
            bench.wrong.push(format!("{route} took ten megabytes: {}", answer.status));
        }
    }
    bench.done();
}

/// Texts in the place of a path's parameter or a query's value.
fn odd_texts() -> Vec<String> {
    // All the names of a list at once still fit into what an address may hold (64 KiB).
    let long = "9".repeat(1_500);
    [
        "",
        "0",
        "-1",
        "1.5",
        "abc",
        "%00",
        "%FF",
        "%C3%28",
        "a%00b",
        "99999999999999999999999999",
        "null",
        "true",
        "%2e%2e%2f",
        "ў%27",
    ]
    .into_iter()
    .map(str::to_owned)
    .chain([
        escaped(SQL),
        escaped(SCRIPT),
        long,
        Uuid::nil().to_string(),
        i64::MAX.to_string(),
        i64::MIN.to_string(),
    ])
    .collect()
}

#[db_test]
async fn every_path_may_name_anything(db: &TestDb) {
    let mut bench = Bench::new(db).await;
    for route in routes::all().into_iter().filter(|route| route.path.contains('{')) {
        for odd in odd_texts() {
            let (before, rest) = route.path.split_once('{').unwrap();
            let after = rest.split_once('}').unwrap().1;
            let after = fill(after, &nothing(), false);
            let path = format!("{before}{odd}{after}");
            let path = path.trim_end_matches('/').to_owned();
            let answer = bench.owner.send(&route.method, &path, "", Vec::new()).await;
            bench.look(&route, &path, &answer);
        }
    }
    bench.done();
}

/// Names that lists are asked with.
pub(crate) const ASKED: &[&str] = &[
    "q",
    "search",
    "page",
    "page_size",
    "size",
    "limit",
    "offset",
    "sort",
    "order",
    "ordering",
    "state",
    "status",
    "category",
    "category_id",
    "from",
    "to",
    "on",
    "format",
    "export",
    "next",
    "back",
    "role",
    "kind",
    "bot",
    "channel",
    "before",
    "after",
    "customer",
    "customer_id",
    "product",
    "product_id",
    "warehouse",
    "warehouse_id",
    "register",
    "flow",
    "contact",
    "active",
    "low",
    "entity",
    "actor",
    "action",
];

/// Asks each of these routes with each odd text under all of its names at once, and under some one by one: all at once
/// finds what any of them breaks, one by one is said of what is promised.
async fn ask_oddly(bench: &mut Bench, routes: Vec<(Route, Vec<String>, Vec<String>)>) {
    for (route, together, alone) in routes {
        let path = bench.path(&route).await;
        for odd in odd_texts() {
            let all: Vec<String> = together.iter().map(|name| format!("{name}={odd}")).collect();
            let answer = bench.owner.page(&format!("{path}?{}", all.join("&"))).await;
            bench.look(&route, &format!("?every={odd}"), &answer);
            for name in &alone {
                let answer = bench.owner.page(&format!("{path}?{name}={odd}")).await;
                bench.look(&route, &format!("?{name}={odd}"), &answer);
            }
        }
    }
}

#[db_test]
async fn every_query_of_the_api_may_ask_for_anything(db: &TestDb) {
    let mut bench = Bench::new(db).await;
    let description = routes::description();
    let names = |route: &Route| {
        let parameters = description["paths"][&route.path]["get"]["parameters"].as_array().cloned();
        let asked = parameters.unwrap_or_default();
        let of_query = asked.iter().filter(|parameter| parameter["in"] == "query");
        of_query.filter_map(|parameter| parameter["name"].as_str().map(str::to_owned)).collect::<Vec<_>>()
    };
    let routes = routes::api().into_iter().filter(Route::is_safe);
    let routes =
        routes.map(|route| (names(&route), route)).map(|(names, route)| (route, names.clone(), names));
    ask_oddly(&mut bench, routes.collect()).await;
    bench.done();
}

/// Asks the pages for which `is_wanted`; there are too many of them for one test.
async fn ask_pages_oddly(db: &TestDb, is_wanted: impl Fn(&Route) -> bool) {
    let mut bench = Bench::new(db).await;
    let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    let alone = names(&["q", "page", "sort", "format"]);
    let routes =
        routes::all().into_iter().filter(|route| route.is_safe() && !route.is_api() && is_wanted(route));
    ask_oddly(&mut bench, routes.map(|route| (route, names(ASKED), alone.clone())).collect()).await;
    bench.done();
}

/// Whether the page is about bots and those who write to them.
fn is_of_bots(route: &Route) -> bool {
    ["/bots", "/broadcasts", "/conversations", "/chat"].iter().any(|place| route.path.starts_with(place))
}

#[db_test]
async fn every_query_of_a_page_of_bots_may_ask_for_anything(db: &TestDb) {
    ask_pages_oddly(db, is_of_bots).await;
}

#[db_test]
async fn every_query_of_another_page_may_ask_for_anything(db: &TestDb) {
    ask_pages_oddly(db, |route| !is_of_bots(route)).await;
}

#[db_test]
async fn every_field_of_a_form_may_hold_anything(db: &TestDb) {
    let mut bench = Bench::new(db).await;
    let texts = [
        "",
        "   ",
        "x",
        "0",
        "-1",
        "1e9",
        "99999999999999999999",
        "a\u{0}b",
        SQL,
        SCRIPT,
        "\u{202e}🧿\u{1b}",
    ];
    for route in routes::pages().into_iter().filter(|route| !route.is_safe() && !ends_the_session(route)) {
        let (path, input) = prepared(&bench.world, &bench.ctx, &bench.owner, &route, &bench.known).await;
        let Input::Form(fields) = input else { continue };
        let fields = without_key(&fields);
        for place in 0..fields.len() {
            for text in texts.iter().map(|text| (*text).to_owned()).chain(["ў".repeat(20_000)]) {
                let mut odd = fields.clone();
                let Some((_, value)) = odd.get_mut(place) else { continue };
                *value = text.clone();
                let answer = bench.owner.form(&path, &odd).await;
                bench.look(&route, &format!("{:?} = {text:?}", fields[place].0), &answer);
            }
            let mut odd = fields.clone();
            odd.remove(place);
            let answer = bench.owner.form(&path, &odd).await;
            bench.look(&route, &format!("without {:?}", fields[place].0), &answer);
        }
    }
    bench.done();
}

#[db_test]
async fn a_form_without_its_token_or_with_an_old_one_is_refused_by_every_page(db: &TestDb) {
    let mut bench = Bench::new(db).await;
    let now = kernel::Clock::now(&kernel::SystemClock).as_millis();
    let old = format!("{:x}.{}", now - 90_000_000, "0".repeat(32));
    for token in [String::new(), "x".to_owned(), "1.2".to_owned(), old] {
        let browser = bench.owner.with_csrf(&token);
        for route in
            routes::all().into_iter().filter(|route| !route.is_safe() && !route.path.starts_with("/webhook"))
        {
            let path = fill(&route.path, &nothing(), false);
            let answer = if route.is_api() {
                browser.api(&route.method, &path, &json!({})).await
            } else {
                browser.form(&path, &[]).await
            };
            if answer.status != 403 {
                bench.wrong.push(format!("{route} with the token {token:?}: {}", answer.status));
            }
        }
    }
    bench.done();
}

#[db_test]
async fn a_form_sent_twice_makes_one_thing(db: &TestDb) {
    let mut bench = Bench::new(db).await;
    for path in [
        "/products/new",
        "/categories/new",
        "/catalog/items/new",
        "/contacts/new",
        "/bots/new/shop",
        "/bots/new/simple",
        "/members/new",
        "/roles/new",
        "/warehouses/new",
        "/cash/registers/new",
    ] {
        let route = Route { method: "POST".to_owned(), path: path.to_owned() };
        if !routes::pages().contains(&route) {
            continue;
        }
        let (_, input) = prepared(&bench.world, &bench.ctx, &bench.owner, &route, &bench.known).await;
        let Input::Form(fields) = input else { continue };
        assert!(fields.iter().any(|(name, value)| name == "idempotency_key" && !value.is_empty()), "{path}");
        let first = bench.owner.form(path, &fields).await;
        let made = crate::targets::audit_count(&bench.world, &bench.ctx).await;
        let again = bench.owner.form(path, &fields).await;
        let made_again = crate::targets::audit_count(&bench.world, &bench.ctx).await;
        if !first.is_done()
            || (first.status, &first.location) != (again.status, &again.location)
            || made != made_again
        {
            bench.wrong.push(format!(
                "{path}: {} {} then {} {}, {} more entries: {}",
                first.status,
                first.location,
                again.status,
                again.location,
                made_again - made,
                first.text()
            ));
        }
    }
    bench.done();
}
