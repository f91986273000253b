//! Input that a route takes: made from the description of the API, or read from the page's own form.

use std::sync::atomic::{AtomicU64, Ordering};

use serde_json::{Value, json};

use crate::{
    browser::{Browser, Field},
    routes::Route,
    targets::{Target, fill},
};

/// What rows of the workspace are called that input may name.
#[derive(Debug, Clone)]
pub(crate) struct Known {
    pub(crate) product: i64,
    pub(crate) customer: i64,
    pub(crate) warehouse: i64,
    pub(crate) category: i64,
    /// Two registers with money in them.
    pub(crate) registers: [i64; 2],
    /// Somebody who asks nothing yet, what can be asked about, and who answers.
    pub(crate) user: i64,
    pub(crate) ticket_category: i64,
    pub(crate) agent: i64,
    /// An open ticket.
    pub(crate) ticket: i64,
}

/// A spreadsheet with one product.
pub(crate) fn sheet(name: &str) -> Vec<u8> {
    format!("Kod,Nomi (oʻzbekcha),Sotuv narxi\nS-{},\"{name}\",1000\n", fresh()).into_bytes()
}

/// A number that no sample had before: what must be one of a kind takes it.
pub(crate) fn fresh() -> u64 {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

/// The value of a field of this name, as a person would type it. `None`: the name says nothing.
fn typed(name: &str, known: &Known) -> Option<String> {
    let n = fresh();
    let last = name.rsplit('.').next().unwrap_or(name).trim_start_matches("line_");
    Some(match last {
        "email" => format!("sample{n}@example.uz"),
        "username" | "login" => format!("sample{n}"),
        "phone" => format!("+99890{n:07}"),
        "telegram_id" => (900_000 + n).to_string(),
        "password" => "nine green horses".to_owned(),
        "current" => crate::world::PASSWORD.to_owned(),
        "code" => format!("sample-{n}"),
        "role" => "user".to_owned(),
        "status" => "in_review".to_owned(),
        "permissions" | "scopes" => "sales.read".to_owned(),
        "product_id" => known.product.to_string(),
        "customer_id" | "supplier_id" | "contact_id" => known.customer.to_string(),
        "warehouse_id" => known.warehouse.to_string(),
        "category_id" => known.category.to_string(),
        "register_id" | "from_register_id" => known.registers[0].to_string(),
        "to_register_id" => known.registers[1].to_string(),
        "quantity" | "counted" => "2".to_owned(),
        "discount_percent" | "discount" | "version" => "0".to_owned(),
        "lang" | "language" => "en".to_owned(),
        "theme" => "light".to_owned(),
        "zone" => "Asia/Tashkent".to_owned(),
        "tin" => "300000017".to_owned(),
        "kind" => "person".to_owned(),
        "vat" => "standard".to_owned(),
        "intake" => "polling".to_owned(),
        "token" => format!("{}:A-TOKEN-OF-A-SAMPLE", 900_000 + n),
        "policy" => "all".to_owned(),
        "active" => "true".to_owned(),
        "month" => "2020-01".to_owned(),
        _ if last.contains("price") || last.contains("cost") || last.contains("amount") || last == "fee" => {
            "1000".to_owned()
        }
        _ if last.contains("name") => format!("Sample {n}"),
        _ if last.ends_with("_on") || last == "date" => "2026-11-20".to_owned(),
        _ => return None,
    })
}

/// The form on a page that a route takes, filled in where it must be.
pub(crate) async fn form(
    browser: &Browser,
    route: &Route,
    target: Option<&Target>,
    known: &Known,
) -> Vec<(String, String)> {
    let by_number = target.is_none_or(|target| target.number.is_some());
    let action = match target {
        Some(target) => fill(&route.path, target, by_number),
        None => route.path.clone(),
    };
    // The form stands on the page of its own address, or on the page above it.
    let above = action.rsplit_once('/').map_or("", |(above, _)| above);
    let above = if above.is_empty() { "/" } else { above }.to_owned();
    for page in [action.clone(), above] {
        if let Some(fields) = browser.fields(&page, &action).await {
            let mut filled: Vec<_> = fields.into_iter().map(|field| filled(field, known)).collect();
            if route.path == "/bots/{number}/delete" {
                filled = vec![("name".to_owned(), crate::world::new_bot().name)];
            }
            if route.path == "/api-keys/new" {
                filled.push(("permissions".to_owned(), "sales.read".to_owned()));
            }
            if route.path == "/ledger/entries/new" {
                filled.retain(|(name, _)| !name.starts_with("line_"));
                for (account, debit, credit) in [("5010", "5", ""), ("8330", "", "5")] {
                    let line = [("line_account", account), ("line_debit", debit), ("line_credit", credit)];
                    filled.extend(line.map(|(name, value)| (name.to_owned(), value.to_owned())));
                }
            }
            return filled;
        }
    }
    Vec::new()
}

fn filled(field: Field, known: &Known) -> (String, String) {
    let Field { name, value, is_required } = field;
    let must = is_required
        || matches!(
            name.as_str(),
            "email"
                | "permissions"
                | "product_id"
                | "line_product_id"
                | "line_quantity"
                | "line_price"
                | "line_unit_cost"
        );
    // A form that takes goods back begins with none of them.
    let is_none = name.starts_with("lines.") && value == "0";
    let value = if is_none || (value.trim().is_empty() && must) {
        typed(&name, known).unwrap_or_else(|| "1".to_owned())
    } else {
        value
    };
    (name, value)
}

/// What the page of the simulator sends.
pub(crate) fn of_the_simulator(route: &Route) -> Option<Value> {
    let id = uuid::Uuid::from_u128(u128::from(fresh()));
    match route.path.rsplit('/').next() {
        Some("input") => Some(json!({"client_id": id, "kind": "text", "text": "hello"})),
        Some("restart") => Some(json!({"client_id": id, "lang": "en", "person": "new"})),
        _ => None,
    }
}

/// The smallest picture there is: one grey point.
pub(crate) fn picture() -> Vec<u8> {
    picture_of(0x80)
}

/// One point of this grey, as PNG.
pub(crate) fn picture_of(grey: u8) -> Vec<u8> {
    let chunk = |kind: &[u8; 4], body: &[u8]| {
        let whole = [kind.as_slice(), body].concat();
        let length = u32::try_from(body.len()).unwrap().to_be_bytes();
        [length.as_slice(), &whole, &crc32(&whole).to_be_bytes()].concat()
    };
    let head = [0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0];
    // A line without a filter and its point, stored and not packed, with the sum that zlib wants (Adler-32).
    let (one, other) = (1 + u32::from(grey), 2 + u32::from(grey));
    let sum = (other << 16 | one).to_be_bytes();
    let data = [&[0x78, 1, 1, 2, 0, 0xfd, 0xff, 0, grey], sum.as_slice()].concat();
    [b"\x89PNG\r\n\x1a\n".as_slice(), &chunk(b"IHDR", &head), &chunk(b"IDAT", &data), &chunk(b"IEND", b"")]
        .concat()
}

fn crc32(bytes: &[u8]) -> u32 {
    let step = |sum: u32, byte: &u8| {
        (0..8).fold(
            sum ^ u32::from(*byte),
            |sum, _| if sum & 1 == 1 { sum >> 1 ^ 0xedb8_8320 } else { sum >> 1 },
        )
    };
    !bytes.iter().fold(!0, step)
}

/// The schema of what a route takes; null when it takes no JSON.
pub(crate) fn schema(description: &Value, route: &Route) -> Value {
    let operation = &description["paths"][&route.path][route.method.to_lowercase()];
    operation["requestBody"]["content"]["application/json"]["schema"].clone()
}

/// A body that a route takes.
pub(crate) fn body(description: &Value, route: &Route, known: &Known) -> Value {
    let n = fresh();
    let line = json!({"product_id": known.product, "quantity": 1, "unit_cost": 1000, "price": 1000});
    // What the description cannot say: which of its fields go together.
    match (route.method.as_str(), route.path.as_str()) {
        (_, "/api/products" | "/api/products/{id}") => {
            json!({"code": format!("SAMPLE-{n}"), "name": "Sample", "sale_price": 1000, "quantity": 3})
        }
        ("POST", "/api/keys") => {
            json!({"kind": "service", "name": format!("Sample {n}"), "permissions": ["sales.read"]})
        }
        (_, "/api/stock/adjustments") => {
            json!({"product_id": known.product, "counted": 9, "note": "counted"})
        }
        (_, "/api/stock/receipts" | "/api/stock/receipts/{id}") => {
            json!({"lines": [{"product_id": known.product, "quantity": 1, "unit_cost": 1000}], "note": "came"})
        }
        ("POST" | "PUT", "/api/sales-orders" | "/api/sales-orders/{id}") => {
            json!({"customer_id": known.customer, "lines": [{"product_id": line["product_id"], "quantity": 1}], "note": "soon"})
        }
        ("POST", "/api/quick-sales") => {
            json!({"lines": [{"product_id": known.product, "quantity": 1}]})
        }
        ("POST", "/api/sales-payments" | "/api/sales-refunds") => {
            json!({"customer_id": known.customer, "amount": 1000})
        }
        // What says nothing does all that is left to do.
        (
            "POST",
            "/api/sales-orders/{id}/deliver"
            | "/api/sales-orders/{id}/invoice"
            | "/api/sales-orders/{id}/payments"
            | "/api/sales-orders/{id}/refunds"
            | "/api/sales-invoices/{id}/credit-notes"
            | "/api/sales-deliveries/{id}/undo"
            | "/api/sales-payments/{id}/reverse",
        ) => json!({"note": ""}),
        ("PUT", "/api/company") => {
            json!({"name": "Shop", "zone": "Asia/Tashkent", "lang": "en", "requisites": {"mfo": "00999"}})
        }
        ("PATCH", "/api/members/{id}") => json!({"role": "cashier"}),
        ("POST", "/api/bots") => {
            json!({"name": "Bot", "shop": {"name": "Shop", "delivers": true, "pickup": true}})
        }
        ("POST", "/api/knowledge/documents") => {
            json!({"kind": "pair", "question": "When are you open?", "answer": "Always."})
        }
        ("PATCH", "/api/knowledge/documents/{id}") => json!({"is_on": false}),
        // Nobody answers there, and while it is off nobody is asked.
        ("PUT", "/api/ai/settings") => json!({
            "provider": "openai", "base_url": "https://models.invalid/v1", "model": "sample", "is_on": false,
        }),
        ("POST", "/api/ticket/tickets") => json!({"user": known.user, "category": known.ticket_category}),
        ("POST", "/api/ticket/tickets/{id}/assign-admin") => json!({"admin_id": known.agent}),
        ("POST", "/api/ticket/tickets/{id}/notes") => json!({"text": "hello"}),
        ("POST", "/api/ticket/tickets/{id}/category") => json!({"category": known.ticket_category}),
        ("POST", "/api/ticket/tickets/{id}/snooze") => json!({"until": "2027-01-05T09:00:00Z"}),
        ("POST", "/api/ticket/tickets/{id}/merge") => json!({"into": known.ticket}),
        ("POST", "/api/ticket/tickets/{id}/rate") => json!({"stars": 5, "comment": "fine"}),
        ("PUT", "/api/admin/admins/{id}/duty") => json!({"is_on_duty": false}),
        ("PUT", "/api/ticket/settings") => {
            json!({"week": [null, null, null, null, null, null, {"from": 0, "to": 1440}], "holidays": [], "reopen_days": 7})
        }
        ("POST", "/api/ticket/messages") => json!({"ticket": known.ticket, "text": "hello"}),
        ("POST", "/api/admin/admins") => json!({"telegram_id": 900_000 + n, "full_name": "Sample"}),
        ("POST", "/api/admin/invitations") => json!({"role": "admin", "categories": [known.ticket_category]}),
        ("PATCH", "/api/admin/admins/{id}") => json!({"full_name": "Sample"}),
        ("PUT", "/api/conversations/{id}/labels" | "/api/ticket/tickets/{id}/labels") => {
            json!({"labels": []})
        }
        ("PUT", "/api/conversations/{id}/contact") => json!({"contact_id": null}),
        // Channels and conversations are known by ids, which are each run's own.
        ("POST" | "PUT", "/api/broadcasts" | "/api/broadcasts/{id}") => {
            json!({"name": "Sale", "channel": uuid::Uuid::nil(), "texts": {"uz": "Sale"}})
        }
        ("POST", "/api/broadcasts/{id}/try") => json!({"conversation": uuid::Uuid::nil()}),
        ("POST", "/api/broadcasts/{id}/schedule") => json!({"at": "2027-01-05T09:00:00Z"}),
        ("PATCH", "/api/bots/{id}") => json!({"name": "Bot"}),
        (_, "/api/bots/{id}/web-chats" | "/api/bots/{id}/web-chats/{channel}") => {
            json!({"title": "Sample", "colour": "#1f6feb", "side": "left", "origins": ["https://sample.example"]})
        }
        ("PUT", "/api/bots/{id}/draft") => json!({"source": "# soon", "revision": 0}),
        ("PATCH", "/api/bots/{id}/draft") => {
            json!({"revision": 0, "changes": [{"path": ["version"], "value": 2}]})
        }
        ("POST", "/api/bots/{id}/publish") => json!({"note": "soon"}),
        ("POST", "/api/bots/{id}/rollback") => json!({"version": 1}),
        ("PATCH", "/api/sales-orders/{id}") => json!({"note": "soon"}),
        (_, "/api/v1/catalog/items" | "/api/v1/catalog/items/{id}") => {
            json!({"type": "region", "code": format!("SAMPLE-{n}"), "metadata": {"name_uz": "Sample", "icon": "x"}})
        }
        ("POST", "/api/v1/application-forms") => json!({"code": format!("sample-{n}"), "name_uz": "Sample"}),
        ("PATCH", "/api/v1/application-forms/{id}") => json!({"name_en": "Sample"}),
        ("POST", "/api/v1/application-forms/{id}/copy") => {
            json!({"code": format!("sample-{n}"), "name_uz": "Sample"})
        }
        ("POST", "/api/v1/bot1/applicants/upsert") => {
            json!({"telegram_user_id": 900_000 + n, "first_name": "Sample", "birth_date": "2009-05-17"})
        }
        ("POST", "/api/v1/bot1/{form}/submit") => {
            json!({"telegram_user_id": 900_000 + n, "answers": {"note": "x"}})
        }
        ("POST", "/api/v1/applications/{id}/status") => json!({"status": "in_review"}),
        ("POST", "/api/v1/applications/bulk-status") => json!({"ids": ["1"], "status": "in_review"}),
        ("POST", "/api/v1/applications/{id}/notes") => json!({"text": "hello"}),
        ("POST", "/api/v1/surveys/campaigns") => json!({"code": format!("sample-{n}"), "name_uz": "Sample"}),
        ("PATCH", "/api/v1/surveys/campaigns/{campaign}") => json!({"name_en": "Sample"}),
        ("POST", "/api/v1/bot2/surveys/submit" | "/api/v1/bot2/submit-survey") => {
            json!({"student_external_id": format!("S-{n}"), "survey_campaign": "sample", "course_year": 1})
        }
        ("POST", "/api/bots/{id}/forms/{form}/copy") => {
            json!({"code": format!("sample-{n}"), "name_uz": "Sample", "revision": 0})
        }
        ("POST", "/api/v1/ledger/entries") => {
            json!({"memo": "capital", "lines": [{"account": "5010", "debit": 5}, {"account": "8330", "credit": 5}]})
        }
        ("POST", "/api/v1/ledger/accounts") => {
            json!({"code": format!("50.{n}"), "kind": "active", "name_uz": "Kassa"})
        }
        ("PATCH", "/api/v1/ledger/accounts/{id}") => json!({"name_en": "Till"}),
        ("POST", "/api/realtime/publish") => json!({"topic": "shop.opened", "data": {"till": 1}}),
        ("PATCH", "/api/v1/ledger/roles") => json!({"roles": {"cash": "5010"}}),
        // A month long before the world began.
        ("POST", "/api/v1/ledger/periods/close" | "/api/v1/ledger/periods/reopen") => {
            json!({"month": "2020-01"})
        }
        ("POST", "/api/v1/ledger/entries/{id}/reverse") => json!({"reason": "wrong"}),
        ("POST" | "PUT", "/api/cash-registers" | "/api/cash-registers/{id}") => {
            json!({"name": format!("Till {n}"), "kind": "cash"})
        }
        ("PATCH", "/api/cash-registers/{id}") => json!({"name": format!("Till {n}")}),
        ("POST", "/api/cash-transactions") => {
            json!({"register_id": known.registers[0], "type": "in", "kind": "other_income", "amount": 1000})
        }
        ("POST", "/api/cash-transactions/{id}/reverse") => json!({"reason": "wrong"}),
        ("POST", "/api/imports/{id}/columns") => json!({"fields": ["code", "name", "sale_price"]}),
        _ => match schema(description, route) {
            Value::Null => Value::Null,
            schema => of_schema(description, &schema, "", known),
        },
    }
}

/// The schema behind a reference or a choice.
pub(crate) fn resolved(description: &Value, schema: &Value) -> Value {
    if let Some(reference) = schema["$ref"].as_str() {
        let found = description.pointer(reference.trim_start_matches('#')).cloned().unwrap_or_default();
        return resolved(description, &found);
    }
    for choice in ["oneOf", "anyOf", "allOf"] {
        if let Some(options) = schema[choice].as_array() {
            let some = options.iter().find(|option| option["type"] != "null").cloned().unwrap_or_default();
            return resolved(description, &some);
        }
    }
    schema.clone()
}

fn of_schema(description: &Value, schema: &Value, name: &str, known: &Known) -> Value {
    let schema = resolved(description, schema);
    let kinds: Vec<&str> = match &schema["type"] {
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).collect(),
        kind => kind.as_str().into_iter().collect(),
    };
    let kind = kinds.into_iter().find(|kind| *kind != "null").unwrap_or("object");
    let word = typed(name, known);
    if let Some(first) = schema["enum"].as_array().and_then(|words| words.first()) {
        return first.clone();
    }
    match kind {
        "object" => {
            let properties = schema["properties"].as_object().cloned().unwrap_or_default();
            let value = |(field, inner): (String, Value)| {
                let value = of_schema(description, &inner, &field, known);
                (!value.is_null()).then_some((field, value))
            };
            Value::Object(properties.into_iter().filter_map(value).collect())
        }
        "array" => Value::Array(vec![of_schema(description, &schema["items"], name, known)]),
        "boolean" => json!(name == "active"),
        "integer" | "number" => {
            word.and_then(|word| word.parse::<i64>().ok()).map_or(json!(1), |number| json!(number))
        }
        _ => match (schema["format"].as_str(), word) {
            (_, Some(word)) => json!(word),
            (Some("date-time"), _) => json!("2030-01-01T00:00:00Z"),
            (Some("date"), _) => json!("2026-11-20"),
            _ => json!(format!("sample {}", fresh())),
        },
    }
}
