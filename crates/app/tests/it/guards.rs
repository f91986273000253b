//! What must hold over everything: texts, who may call what, whose rows they reach.

use std::{collections::BTreeSet, path::PathBuf};

use auth::RoleKind;
use context::Ctx;
use db::{db_test, testing::TestDb};
use serde_json::Value;

use crate::{
    browser::{Answer, Browser},
    routes::{self, Route, must_equal},
    samples::{self, Known},
    targets::{Target, as_person, audit_count, fill},
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

/// A path with made-up parameters.
fn made_up(path: &str) -> String {
    let target = Target { number: None, id: uuid::Uuid::from_u128(77), second: None };
    fill(path, &target, false)
}

async fn call(browser: &Browser, route: &Route, path: &str, input: &Input) -> Answer {
    match input {
        Input::Json(body) => browser.api(&route.method, path, body).await,
        Input::Form(fields) => browser.form(path, fields).await,
        Input::File(bytes) => {
            let mut body = b"--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.png\"\r\n\
                Content-Type: image/png\r\n\r\n"
                .to_vec();
            body.extend_from_slice(bytes);
            body.extend_from_slice(b"\r\n--b--\r\n");
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
    File(Vec<u8>),
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
    let (own, product) = (ctx.clone(), "PH-1");
    let read = move |tx: &mut db::ReadTx<'_>| {
        let product = catalog::find_by_code(&own, tx, product)?.unwrap();
        let warehouse = stock::warehouses(&own, tx)?.first().map_or(1, |warehouse| warehouse.number);
        Ok((product.number, warehouse))
    };
    let (product, warehouse) = world.parts.app.db().read(ctx, read).await.unwrap();
    Known { product, warehouse, customer: customer.number.unwrap(), category: 1 }
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
    } else if route.path.ends_with("/image") {
        Input::File(samples::picture())
    } else if let Some(body) = samples::of_the_simulator(route) {
        Input::Json(body)
    } else if route.is_api() {
        Input::Json(samples::body(&routes::description(), route, known))
    } else {
        Input::Form(samples::form(owner, route, target.as_ref(), known).await)
    };
    (path, input)
}

/// What a role may do is written in `permissions.txt`: `yes`, `no` (403), or the status where even whoever may do it
/// is refused (nobody answers for the sample's token, a file is missing).
#[db_test]
async fn what_each_role_may_call_is_what_was_agreed(db: &TestDb) {
    let world = World::new(db, "http://127.0.0.1:9").await;
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
        if route.is_open() || route.is_own() {
            let who = if route.is_open() { "anybody" } else { "everybody signed in" };
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
    for route in routes::all()
        .into_iter()
        .filter(|route| route.path.contains('{') && !route.is_own() && !route.is_open())
    {
        let Some(target) = world.target(&neighbour, &route.path).await else { continue };
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
            if answer.status != 404 && !is_no_number {
                wrong.push(format!("{route} as {path}: {} {}", answer.status, answer.location));
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
            if !answer.is_done() && !route.path.ends_with("/image") {
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
    for path in ["/api/products/1", "/api/categories/1", "/api/warehouses/1"] {
        let (ours, other) =
            (owner.api("GET", path, &Value::Null).await, theirs.api("GET", path, &Value::Null).await);
        assert_eq!((ours.status.as_u16(), other.status.as_u16()), (200, 200), "{path}");
        assert_ne!(ours.json()["uuid"], other.json()["uuid"], "{path}");
    }
}

#[db_test]
async fn input_that_names_rows_of_another_workspace_is_refused(db: &TestDb) {
    let world = World::new(db, "http://127.0.0.1:9").await;
    let ctx = as_person(&world.ctx, world.owner);
    let (neighbour, person) = world.neighbour().await;
    let neighbour = as_person(&neighbour, person);
    let owner = Browser::stranger(&world.parts).signed_in(OWNER).await;
    let own = known(&world, &ctx).await;
    let mut far = Vec::new();
    for kind in ["/products/{id}", "/contacts/{id}", "/warehouses/{id}", "/categories/{id}", "/roles/{id}"] {
        for _ in 0..5 {
            far.push(world.target(&neighbour, kind).await.unwrap());
        }
    }
    let last = |kind: usize| far[kind * 5 + 4].clone();
    let (product, contact, warehouse, category, role) = (last(0), last(1), last(2), last(3), last(4));
    let line =
        |number: Option<i64>| serde_json::json!([{"product_id": number, "quantity": 1, "unit_cost": 1}]);
    let bodies = [
        ("/api/sales-orders", serde_json::json!({"lines": line(product.number)})),
        (
            "/api/sales-orders",
            serde_json::json!({"lines": line(Some(own.product)), "customer_id": contact.number}),
        ),
        ("/api/stock/receipts", serde_json::json!({"lines": line(product.number)})),
        (
            "/api/stock/receipts",
            serde_json::json!({"lines": line(Some(own.product)), "supplier_id": contact.number}),
        ),
        (
            "/api/stock/receipts",
            serde_json::json!({"lines": line(Some(own.product)), "warehouse_id": warehouse.number}),
        ),
        ("/api/stock/adjustments", serde_json::json!({"product_id": product.number, "counted": 1})),
        (
            "/api/products",
            serde_json::json!({"code": "F", "name": "F", "sale_price": 1, "category_id": category.number}),
        ),
        (
            "/api/members",
            serde_json::json!({"name": "F", "username": "far.away", "password": "nine green horses", "role": role.id}),
        ),
    ];
    for (path, body) in bodies {
        let answer = owner.api("POST", path, &body).await;
        assert_eq!(answer.status, 422, "{path} {body}: {}", answer.text());
    }
}
