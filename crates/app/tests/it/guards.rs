//! What must hold over everything: texts, who may call what, whose rows they reach.

use std::{collections::BTreeSet, path::PathBuf};

use auth::RoleKind;
use context::Ctx;
use db::{db_test, testing::TestDb};
use serde_json::Value;

use testkit::telegram::{Fake, Options};

use crate::{
    bad_input::{ASKED, places, set, with_every_field},
    browser::{Answer, Browser},
    routes::{self, Route, must_equal},
    samples::{self, Known},
    targets::{STRANGE, Target, as_person, audit_count, fill},
    world::{NEIGHBOUR, OWNER, World},
};

#[test]
fn every_message_stands_in_three_languages_with_the_same_arguments() {
    let problems: Vec<_> = app::modules::text_files().iter().flat_map(text::check).collect();
    assert_eq!(problems, []);
}

#[test]
fn every_module_has_a_name_of_its_own() {
    let modules = app::modules::all();
    let names: BTreeSet<_> = modules.iter().map(|module| module.name).collect();
    assert_eq!(names.len(), modules.len());
}

/// A form's fields without the key that would make all sendings of it one request.
pub(crate) fn without_key(fields: &[(String, String)]) -> Vec<(String, String)> {
    fields.iter().filter(|(name, _)| name != "idempotency_key").cloned().collect()
}

/// A path with made-up parameters.
fn made_up(path: &str) -> String {
    let target = Target { number: None, id: uuid::Uuid::from_u128(77), word: None, second: None };
    fill(path, &target, false)
}

pub(crate) async fn call(browser: &Browser, route: &Route, path: &str, input: &Input) -> Answer {
    match input {
        Input::Json(body) => browser.api(&route.method, path, body).await,
        Input::Form(fields) => browser.form(path, fields).await,
        Input::File(name, bytes) => {
            let id = uuid::Uuid::from_u128(samples::fresh().into());
            let head = format!(
                "--b\r\nContent-Disposition: form-data; name=\"client_id\"\r\n\r\n{id}\r\n\
                 --b\r\nContent-Disposition: form-data; name=\"kind\"\r\n\r\nproducts\r\n\
                 --b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\
                 Content-Type: application/octet-stream\r\n\r\n"
            );
            let body = [head.as_bytes(), bytes, b"\r\n--b--\r\n"].concat();
            browser.send(&route.method, path, "multipart/form-data; boundary=b", body).await
        }
        Input::Nothing => browser.send(&route.method, path, "", Vec::new()).await,
    }
}

/// What a call brings.
#[derive(Debug, Clone)]
pub(crate) enum Input {
    Json(Value),
    Form(Vec<(String, String)>),
    File(&'static str, Vec<u8>),
    Nothing,
}

#[db_test]
async fn every_route_refuses_a_stranger(db: &TestDb) {
    let world = World::new(db, "http://127.0.0.1:9").await;
    let stranger = Browser::stranger(&world.parts);
    let before = audit_count(&world, &world.ctx).await;
    let mut wrong = Vec::new();
    for route in routes::all().into_iter().filter(|route| !route.is_open()) {
        let path = made_up(&route.path);
        for input in [Input::Nothing, Input::Json(serde_json::json!({})), Input::Form(Vec::new())] {
            let fits = match input {
                Input::Form(_) => route.method == "POST",
                Input::Json(_) => !route.is_safe(),
                _ => true,
            };
            if !fits {
                continue;
            }
            let answer = call(&stranger, &route, &path, &input).await;
            let is_refused = if route.is_api() {
                answer.status == 401
            } else if route.is_safe() {
                answer.location.starts_with("/sign-in") || answer.status == 401
            } else {
                answer.status == 401 || answer.status == 403 || answer.location == "/sign-in"
            };
            // A file is known by the hash of what is in it: to a stranger there is no such thing.
            let is_no_file = route.path.starts_with("/files/") && answer.status == 404;
            if !is_refused && !is_no_file {
                wrong.push(format!("{route}: {} {}", answer.status, answer.location));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert_eq!(audit_count(&world, &world.ctx).await, before, "nothing was done");
}

pub(crate) async fn known(world: &World, ctx: &Ctx) -> Known {
    let customer = world.target(ctx, "/contacts/{id}").await.unwrap();
    let mut registers = [0; 2];
    for register in &mut registers {
        let made = world.target(ctx, "/cash/registers/{id}/out").await.unwrap();
        *register = made.number.unwrap();
    }
    let (own, product) = (ctx.clone(), "PH-1");
    let read = move |tx: &mut db::ReadTx<'_>| {
        let product = catalog::find_by_code(&own, tx, product)?.unwrap();
        let warehouse = stock::warehouses(&own, tx)?.first().map_or(1, |warehouse| warehouse.number);
        Ok((product.number, warehouse))
    };
    let (product, warehouse) = world.parts.app.db().read(ctx, read).await.unwrap();
    let mut desk = [0; 4];
    for (number, kind) in
        desk.iter_mut().zip(["user/users", "admin/categories", "admin/admins", "ticket/tickets"])
    {
        *number = world.target(ctx, &format!("/api/{kind}/{{id}}")).await.unwrap().number.unwrap();
    }
    let [user, ticket_category, agent, ticket] = desk;
    let customer = customer.number.unwrap();
    Known { product, warehouse, customer, category: 1, registers, user, ticket_category, agent, ticket }
}

/// Something that the route names, made anew, and input that it takes.
pub(crate) async fn prepared(
    world: &World,
    ctx: &Ctx,
    owner: &Browser,
    route: &Route,
    known: &Known,
) -> (String, Input) {
    let target = world.target(ctx, &route.path).await;
    let path = match &target {
        Some(target) => fill(&route.path, target, target.number.is_some()),
        None => made_up(&route.path),
    };
    let input = if route.is_safe() || route.method == "DELETE" {
        Input::Nothing
    } else if ["/image", "/{id}/files", "/{id}/file", "/{number}/file", "/simulator/files", "/trial/files"]
        .iter()
        .any(|end| route.path.ends_with(end))
    {
        Input::File("a.png", samples::picture())
    } else if route.path.ends_with("/imports") || route.path == "/imports/new" {
        Input::File("a.csv", samples::sheet("Sample"))
    } else if route.path.ends_with("/roster") || route.path.ends_with("/import-roster") {
        Input::File("roster.csv", b"student_external_id,course_year\nU1,1\n".to_vec())
    } else if route.path.starts_with("/api/knowledge/files") || route.path == "/knowledge/files/new" {
        Input::File("prices.txt", b"Prices\n\nA delivery is 25 000.".to_vec())
    } else if route.path.starts_with("/api/knowledge/pairs") || route.path == "/knowledge/pairs/import" {
        Input::File("pairs.csv", b"question,answer\nWhen?,Always\n".to_vec())
    } else if route.path == "/bots/import" {
        Input::File("bot.toml", flow::examples::BLANK.as_bytes().to_vec())
    } else if let Some(body) = samples::of_the_simulator(route) {
        Input::Json(body)
    } else if route.is_api() {
        Input::Json(samples::body(routes::description(), route, known))
    } else {
        Input::Form(samples::form(owner, route, target.as_ref(), known).await)
    };
    (path, input)
}

/// What a role may do is written in `permissions.txt`: `yes`, `no` (403), or the status where even whoever may do it
/// is refused (nobody answers for the sample's token, a file is missing).
#[db_test]
async fn what_each_role_may_call_is_what_was_agreed(db: &TestDb) {
    // A platform that answers for every token, so that connecting a bot can be done.
    let fake = Fake::start_with(Options { any_token: true, ..Options::default() }).await;
    let world = World::new(db, fake.url()).await;
    let ctx = as_person(&world.ctx, world.owner);
    let stranger = Browser::stranger(&world.parts);
    let owner = stranger.signed_in(OWNER).await;
    let known = known(&world, &ctx).await;
    let mut members = Vec::new();
    for role in RoleKind::BUILT_IN {
        let login = world.member(&ctx, role).await;
        members.push((role, stranger.signed_in(&login).await));
    }
    let mut lines = String::from("# What each built-in role may call; see tests/it/guards.rs.\n");
    lines.push_str(&format!("# {:<60}", "route"));
    lines.extend(members.iter().map(|(role, _)| format!(" {:<9}", role.word())));
    lines = lines.trim_end().to_owned() + "\n";
    for route in routes::all() {
        if route.is_open() || route.is_own() || route.is_operators() {
            let who = match (route.is_open(), route.is_own()) {
                (true, _) => "anybody",
                (false, true) => "everybody signed in",
                (false, false) => "whoever runs the server",
            };
            lines.push_str(&format!("{:<62} {who}\n", route.to_string()));
            continue;
        }
        let mut line = format!("{:<62}", route.to_string());
        for (_, member) in &members {
            let (path, input) = prepared(&world, &ctx, &owner, &route, &known).await;
            let answer = call(member, &route, &path, &input).await;
            line.push_str(&format!(" {:<9}", verdict(member, &route, &answer).await));
        }
        lines.push_str(line.trim_end());
        lines.push('\n');
    }
    let file = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("permissions.txt");
    must_equal(&file, &lines);
}

async fn verdict(member: &Browser, route: &Route, answer: &Answer) -> String {
    let status = answer.status.as_u16();
    assert!(status < 500 && status != 401, "{route}: {status} {}", answer.text());
    // Some pages lead back and say it there.
    let said_no =
        answer.status.is_redirection() && member.after(answer).await.text().contains("You may not do this");
    match status {
        403 => "no".to_owned(),
        300..=399 if said_no => "no".to_owned(),
        _ if answer.is_done() => "yes".to_owned(),
        status => status.to_string(),
    }
}

#[db_test]
async fn rows_of_another_workspace_are_not_there(db: &TestDb) {
    let world = World::new(db, "http://127.0.0.1:9").await;
    let ctx = as_person(&world.ctx, world.owner);
    let (neighbour, person) = world.neighbour().await;
    let neighbour = as_person(&neighbour, person);
    let stranger = Browser::stranger(&world.parts);
    let (owner, theirs) = (stranger.signed_in(OWNER).await, stranger.signed_in(NEIGHBOUR).await);
    let known = known(&world, &ctx).await;
    let mut wrong = Vec::new();
    for route in routes::all().into_iter().filter(|route| route.path.contains('{') && !route.is_for_others())
    {
        let Some(target) = world.target(&neighbour, &route.path).await else {
            wrong.push(format!("{route}: nothing is made for it to be tried on"));
            continue;
        };
        let before = audit_count(&world, &neighbour).await;
        let (_, input) = prepared(&world, &ctx, &owner, &route, &known).await;
        for by_number in [false, true] {
            // A number that only the other workspace has reached: ours ends before it.
            let target = if by_number {
                let Some(far) = far_number(&world, &neighbour, &route, &target).await else { continue };
                far
            } else {
                target.clone()
            };
            let path = fill(&route.path, &target, by_number);
            let answer = call(&owner, &route, &path, &input).await;
            // A path that takes numbers only has no words for an id.
            let is_no_number = answer.status == 400 && !by_number && route.path.contains("{number}");
            // A button leads back to its page and says it there.
            let is_said = answer.status.is_redirection()
                && owner.after(&answer).await.text().contains("There is no such record");
            if answer.status != 404 && !is_no_number && !is_said {
                wrong.push(format!("{route} as {path}: {} {}", answer.status, answer.location));
            }
            if answer.text().contains(STRANGE) {
                wrong.push(format!("{route} as {path} tells what the other workspace has"));
            }
        }
        let made = audit_count(&world, &neighbour).await - before;
        if made > FAR {
            wrong.push(format!("{route}: the other workspace was written to"));
        }
        // Whose it is finds it.
        if route.is_safe() {
            let path = fill(&route.path, &target, target.number.is_some());
            let answer = call(&theirs, &route, &path, &input).await;
            if !answer.is_done() {
                wrong.push(format!("{route} as {path}: its own workspace gets {}", answer.status));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    numbers_lead_to_own_rows(&owner, &theirs).await;
}

/// Entries that making a target may leave in the audit log, times the targets made for a far number.
const FAR: i64 = 60;

async fn far_number(world: &World, neighbour: &Ctx, route: &Route, target: &Target) -> Option<Target> {
    target.number?;
    let mut far = target.clone();
    for _ in 0..6 {
        far = world.target(neighbour, &route.path).await?;
    }
    let own = world.target(&as_person(&world.ctx, world.owner), &route.path).await?;
    (far.number > own.number).then_some(far)
}

/// Numbers are each workspace's own: the same number is another row.
async fn numbers_lead_to_own_rows(owner: &Browser, theirs: &Browser) {
    for path in ["/api/products/1", "/api/categories/1", "/api/warehouses/1", "/api/cash-registers/1"] {
        let (ours, other) =
            (owner.api("GET", path, &Value::Null).await, theirs.api("GET", path, &Value::Null).await);
        assert_eq!((ours.status.as_u16(), other.status.as_u16()), (200, 200), "{path}");
        assert_ne!(ours.json()["uuid"], other.json()["uuid"], "{path}");
    }
}

/// Rows of another workspace that input could name, by the field that names them: numbers that ours never reach, and
/// ids.
struct Strange {
    rows: Vec<(&'static str, Target)>,
}

impl Strange {
    async fn of(world: &World, neighbour: &Ctx) -> Self {
        const NAMED: [(&str, &str); 18] = [
            ("product", "/products/{id}"),
            ("contact", "/contacts/{id}"),
            ("customer", "/contacts/{id}"),
            ("supplier", "/contacts/{id}"),
            ("warehouse", "/warehouses/{id}"),
            ("register", "/cash/registers/{id}"),
            ("from_register", "/cash/registers/{id}"),
            ("to_register", "/cash/registers/{id}"),
            ("category", "/categories/{id}"),
            ("parent", "/categories/{id}"),
            ("role", "/roles/{id}"),
            ("entity", "/products/{id}"),
            ("actor", "/members/{id}"),
            ("bot", "/bots/{id}"),
            ("user", "/api/user/users/{id}"),
            ("ticket", "/api/ticket/tickets/{id}"),
            ("sender", "/api/admin/admins/{id}"),
            ("admin", "/api/admin/admins/{id}"),
        ];
        for (_, path) in NAMED {
            world.target(neighbour, path).await.unwrap();
        }
        // Their numbers go on where ours never come.
        let (workspace, far) = (neighbour.workspace(), 1_000_000_i64);
        let sql = "UPDATE context_counter SET last_number = last_number + $2 WHERE workspace_id = $1";
        let far = move |tx: &mut db::Tx<'_>| tx.execute(sql, db::params![workspace, far]).map(drop);
        world.parts.app.db().write(neighbour, db::Lane::People, far).await.unwrap();
        let mut rows = Vec::new();
        for (field, path) in NAMED {
            rows.push((field, world.target(neighbour, path).await.unwrap()));
        }
        Self { rows }
    }

    /// What a field of this name could name: `line_product_id`, `lines/0/product_id`, `warehouse`.
    fn names(&self, field: &str) -> Vec<String> {
        let last = field.rsplit(['/', '.']).next().unwrap_or_default();
        // What stands beside a line's id is what was typed to find it.
        let last = match (last.strip_prefix("line_"), last.strip_suffix("_id")) {
            (Some(_), None) => return Vec::new(),
            (Some(line), Some(_)) => line.strip_suffix("_id").unwrap_or(line),
            (None, id) => id.unwrap_or(last),
        };
        let Some((_, target)) = self.rows.iter().find(|(name, _)| *name == last) else { return Vec::new() };
        target.number.map(|number| number.to_string()).into_iter().chain([target.id.to_string()]).collect()
    }
}

#[db_test]
async fn input_that_names_rows_of_another_workspace_is_refused(db: &TestDb) {
    let world = World::new(db, "http://127.0.0.1:9").await;
    let ctx = as_person(&world.ctx, world.owner);
    let (neighbour, person) = world.neighbour().await;
    let neighbour = as_person(&neighbour, person);
    let owner = Browser::stranger(&world.parts).signed_in(OWNER).await;
    let known = known(&world, &ctx).await;
    // Two warehouses: the forms then ask for one.
    world.target(&ctx, "/warehouses/{id}").await.unwrap();
    let strange = Strange::of(&world, &neighbour).await;
    let description = routes::description();
    let (mut wrong, mut tried) = (Vec::new(), BTreeSet::new());
    for route in routes::all().into_iter().filter(|route| !route.is_safe() && !route.is_for_others()) {
        let (path, input) = prepared(&world, &ctx, &owner, &route, &known).await;
        let mut with_strange = Vec::new();
        match &input {
            Input::Json(sample) if sample.is_object() => {
                let whole = with_every_field(description, &route, sample);
                let mut all = Vec::new();
                places(&whole, "", &mut all);
                // The API's `category` of a product is its name; one that is not there is made.
                for place in all.into_iter().filter(|place| place != "/category") {
                    for name in strange.names(&place) {
                        let mut body = sample.clone();
                        let value = name.parse::<i64>().map_or_else(|_| Value::from(name), Value::from);
                        set(&mut body, &place, value);
                        with_strange.push((place.clone(), Input::Json(body)));
                    }
                }
            }
            Input::Form(fields) => {
                let fields = without_key(fields);
                for (place, (field, _)) in fields.iter().enumerate() {
                    for name in strange.names(field) {
                        let mut odd = fields.clone();
                        if let Some((_, value)) = odd.get_mut(place) {
                            *value = name;
                        }
                        with_strange.push((field.clone(), Input::Form(odd)));
                    }
                }
            }
            _ => {}
        }
        for (place, input) in with_strange {
            tried.insert(format!("{route} {}", place.rsplit('/').next().unwrap_or_default()));
            let answer = call(&owner, &route, &path, &input).await;
            // A choice on a page of its own leads back there and says it.
            let is_said = answer.status.is_redirection()
                && owner.after(&answer).await.text().contains("There is no such role");
            if !matches!(answer.status.as_u16(), 404 | 409 | 422) && !is_said {
                wrong.push(format!("{route} {place}: {} {}", answer.status, answer.location));
            }
            if answer.text().contains(STRANGE) {
                wrong.push(format!("{route} {place} tells what the other workspace has"));
            }
        }
    }
    for route in routes::all().into_iter().filter(|route| route.is_safe() && !route.is_for_others()) {
        let target = world.target(&ctx, &route.path).await;
        let path =
            target.map_or(route.path.clone(), |target| fill(&route.path, &target, target.number.is_some()));
        let asked = description["paths"][&route.path]["get"]["parameters"].as_array().cloned();
        let asked: Vec<String> = asked
            .unwrap_or_default()
            .iter()
            .filter(|parameter| parameter["in"] == "query")
            .filter_map(|parameter| parameter["name"].as_str().map(str::to_owned))
            .collect();
        let names =
            if route.is_api() { asked } else { ASKED.iter().map(|name| (*name).to_owned()).collect() };
        for field in names {
            for name in strange.names(&field) {
                let answer = owner.page(&format!("{path}?{field}={name}")).await;
                tried.insert(format!("{route} ?{field}"));
                let is_empty = answer.json()["results"].as_array().is_none_or(Vec::is_empty);
                if answer.status.as_u16() >= 500
                    || answer.text().contains(STRANGE)
                    || (route.is_api() && answer.status.is_success() && !is_empty)
                {
                    wrong.push(format!("{route} ?{field}={name}: {} {}", answer.status, answer.text()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    // What must have been among them, so that nothing drops out unseen.
    for must in [
        "POST /api/sales-orders product_id",
        "POST /api/sales-orders customer_id",
        "PUT /api/sales-orders/{id} product_id",
        "POST /api/stock/receipts warehouse_id",
        "POST /api/stock/adjustments product_id",
        "POST /api/cash-transactions register_id",
        "POST /api/cash-transactions contact_id",
        "POST /api/cash-transfers to_register_id",
        "POST /cash/registers/{id}/in contact_id",
        "POST /cash/registers/{id}/transfer to_register_id",
        "GET /api/cash-transactions ?register_id",
        "POST /api/products category_id",
        "POST /api/members role",
        "POST /orders/new line_product_id",
        "POST /orders/{id}/edit customer_id",
        "POST /stock/receipts/new line_product_id",
        "POST /stock/adjust product_id",
        "POST /products/new category",
        "POST /members/{number}/role role",
        "GET /api/sales-orders ?customer_id",
        "GET /api/stock/moves ?product_id",
        "GET /api/v1/audit ?entity_id",
        "GET /stock/adjust ?product",
    ] {
        if !tried.contains(must) {
            wrong.push(must.to_owned());
        }
    }
    assert!(wrong.is_empty(), "not tried: {wrong:#?} among {}", tried.len());
}
