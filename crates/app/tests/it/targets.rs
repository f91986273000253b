//! Something of each kind that a path can name, made anew each time it is wanted.

use std::sync::Arc;

use auth::{
    Password,
    actions::{AddMember, Invite, NewKey, SetRole},
};
use catalog::ProductContent;
use contacts::NewContact;
use context::{Actor, Ctx, Permission, Permissions};
use db::{Lane, Scope, Tx};
use flow::Input;
use kernel::{Id, Lang, Money, PersonId, Quantity, Rate, Result};
use sales::{Goods, NewLine, OrderContent, Source, Status};
use stock::{NewReceipt, NewReceiptLine, NewWarehouse};
use uuid::Uuid;

use crate::world::{World, password_hash};

/// In the name of everything of another workspace.
pub(crate) const STRANGE: &str = "Qoshnining";
/// The bot's token at nobody: for a channel that is only a row.
const NOBODYS_TOKEN: &str = "77:A-TOKEN-THAT-NOBODY-ANSWERS-FOR";

/// What was made: its number, where its kind has numbers, and its id.
#[derive(Debug, Clone)]
pub(crate) struct Target {
    pub(crate) number: Option<i64>,
    pub(crate) id: Uuid,
    /// What the path names it by where that is neither: a file's hash, a workspace's name in addresses.
    pub(crate) word: Option<String>,
    /// What a second parameter of the path names.
    pub(crate) second: Option<String>,
}

impl Target {
    pub(crate) fn new<T>(number: Option<i64>, id: Id<T>) -> Self {
        Self { number, id: id.uuid(), word: None, second: None }
    }
}

/// The path with its parameters filled in; `by_number` where the kind has numbers.
pub(crate) fn fill(path: &str, target: &Target, by_number: bool) -> String {
    let first = match (&target.word, target.number) {
        (Some(word), _) => word.clone(),
        (None, Some(number)) if by_number => number.to_string(),
        (None, _) => target.id.to_string(),
    };
    let mut values = [Some(first), target.second.clone()].into_iter().flatten();
    let mut out = String::new();
    let mut rest = path;
    while let Some((before, after)) = rest.split_once('{') {
        let (name, after) = after.split_once('}').unwrap();
        out.push_str(before);
        out.push_str(&match name {
            "turn" => "open".to_owned(),
            _ => values.next().unwrap_or_else(|| Uuid::nil().to_string()),
        });
        rest = after;
    }
    out + rest
}

impl World {
    /// The goods and people of this workspace, as its Admin would make them. `None` where a path names nothing of a
    /// workspace's.
    pub(crate) async fn target(&self, ctx: &Ctx, path: &str) -> Option<Target> {
        let path = path.strip_prefix("/api").filter(|rest| rest.starts_with('/')).unwrap_or(path);
        let path = path.strip_prefix("/v1").unwrap_or(path);
        if path.contains("{conversation}") {
            return self.other_target(ctx, path).await;
        }
        let kind = path.split("/{").next().unwrap_or_default().to_owned();
        match kind.as_str() {
            "/imports" => return Some(self.import(ctx).await),
            "/files" => return Some(self.file(ctx).await),
            "/broadcasts" if path.contains("{hash}") => return Some(self.broadcast_file(ctx).await),
            "/sessions" | "/profile/sessions" | "/workspaces" => return self.own_target(ctx, &kind).await,
            _ => {}
        }
        let called = self.called(ctx);
        let rest = path.to_owned();
        if !path.contains('{') {
            return None;
        }
        let (own, bots, unique) =
            (ctx.clone(), Arc::clone(&self.parts.bots), ctx.new_id::<()>().uuid().simple().to_string());
        let blobs: Arc<files::Blobs> = self.parts.app.service().unwrap();
        let (hash, mailer) = (password_hash(&self.parts).await, Arc::clone(self.parts.auth.mailer()));
        let make = move |tx: &mut Tx<'_>| -> Result<Option<Target>> {
            let ctx = &own;
            let product = |tx: &mut Tx<'_>| {
                catalog::create_product(
                    ctx,
                    tx,
                    ProductContent::new(format!("T-{unique}"), called, Money::from_som(10)),
                )
            };
            let made = match kind.as_str() {
                "/products" | "/stock/products" => {
                    let made = product(tx)?;
                    Target::new(Some(made.number), made.id)
                }
                "/categories" => crate::catalog_target::category(ctx, tx, called, &unique)?,
                "/catalog/items" => crate::catalog_target::item(ctx, tx, called, &unique)?,
                "/contacts" | "/customers" | "/suppliers" => {
                    let made = contacts::create_contact(ctx, tx, NewContact::customer(called, None))?;
                    if rest.ends_with("/refund") {
                        let amount = Some(Money::from_som(1_000_000));
                        sales::pay_on_account(
                            ctx,
                            tx,
                            made.id,
                            sales::NewPayment { amount, ..sales::NewPayment::default() },
                        )?;
                    }
                    Target::new(Some(made.number), made.id)
                }
                "/sales-orders" | "/orders" => {
                    let goods = product(tx)?.id;
                    let made = order(ctx, tx, goods, &rest)?;
                    Target::new(Some(made.number), made.id)
                }
                "/sales-deliveries" | "/deliveries" => {
                    let goods = product(tx)?.id;
                    let made = order(ctx, tx, goods, "/{id}/deliver")?;
                    let (_, note) = sales::deliver_order(ctx, tx, made.id, sales::NewDelivery::default())?;
                    Target::new(Some(note.number), note.id)
                }
                "/sales-invoices" | "/invoices" => {
                    let goods = product(tx)?.id;
                    let made = order(ctx, tx, goods, "/{id}/invoice")?;
                    let (_, invoice) = sales::invoice_order(ctx, tx, made.id, sales::NewInvoice::default())?;
                    // People call invoices by the year and the number; those are no numbers.
                    Target::new(None, invoice.id)
                }
                "/sales-payments" | "/payments" => {
                    let goods = product(tx)?.id;
                    let made = order(ctx, tx, goods, "/{id}/pay")?;
                    let (_, payment) = sales::pay_order(ctx, tx, made.id, sales::NewPayment::default())?;
                    Target::new(Some(payment.number), payment.id)
                }
                "/stock/receipts" | "/stock-receipts" | "/receipts" => {
                    let goods = product(tx)?.id;
                    let made = stock::create_receipt(ctx, tx, receipt(goods))?;
                    Target::new(Some(made.number), made.id)
                }
                "/warehouses" | "/stock/warehouses" => {
                    let new = NewWarehouse { name: format!("{called} {unique}"), ..NewWarehouse::default() };
                    let made = stock::create_warehouse(ctx, tx, new)?;
                    Target::new(Some(made.number), made.id)
                }
                "/members" => {
                    let input = AddMember {
                        name: called.to_owned(),
                        email: Some(format!("{unique}@target.example")),
                        username: None,
                        phone: None,
                        lang: Lang::En,
                        password: Password::typed("eleven brown horses"),
                        role: "user".to_owned(),
                    };
                    let made = auth::actions::add_member(ctx, tx, &input.check()?, &hash)?;
                    if rest.ends_with("/activate") && !rest.ends_with("/deactivate") {
                        auth::actions::deactivate_member(ctx, tx, made.number)?;
                    }
                    Target::new(Some(made.number), made.person)
                }
                "/invitations" => {
                    let email = format!("{unique}@target.example");
                    let input =
                        Invite { email, name: called.to_owned(), role: "user".to_owned(), lang: Lang::En };
                    let secret = auth::Secret::for_link(ctx.random());
                    Target::new(None, auth::actions::invite(ctx, tx, &mailer, &input, &secret)?.id)
                }
                "/roles" => {
                    let permissions: Permissions = [Permission::SalesRead].into_iter().collect();
                    let name = unique.get(20..).unwrap_or_default().to_owned();
                    let made = auth::actions::create_role(ctx, tx, &SetRole { name, permissions })?;
                    Target::new(None, made.id)
                }
                "/keys" | "/api-keys" => {
                    let new = new_key(called, [Permission::SalesRead].into_iter().collect());
                    let secret = auth::Secret::for_key(ctx.random());
                    let made = auth::actions::create_key(ctx, tx, &new, &secret)?;
                    Target::new(None, made.id)
                }
                "/conversations/labels" | "/conversation-labels" => {
                    crate::ticket_target::label(ctx, tx, called, &unique)?
                }
                "/conversations/canned" | "/canned-replies" => {
                    crate::ticket_target::canned(ctx, tx, called, &unique)?
                }
                "/applications" | "/applicants" | "/application-forms" | "/applications/forms" | "/bot1" => {
                    crate::admissions_target::of_applications(ctx, tx, called, &kind, &unique)?
                }
                "/surveys"
                | "/analytics/surveys"
                | "/surveys/campaigns"
                | "/surveys/responses"
                | "/surveys/students"
                | "/students"
                | "/bot2/import-roster" => {
                    crate::admissions_target::of_surveys(ctx, tx, called, &kind, &unique)?
                }
                "/bots" => {
                    // The smallest blueprint there is: each of many bots is read anew.
                    let has_forms = rest.contains("/forms/{form}");
                    let blank = if has_forms { flow::examples::ADMISSIONS } else { flow::examples::BLANK };
                    let new = bots::NewBot { source: blank.to_owned(), ..crate::world::new_bot() };
                    let made = bots::create_bot(ctx, tx, new)?;
                    let mut target = Target::new(Some(made.number), made.id);
                    if has_forms {
                        target.second = Some("admissions-2026".to_owned());
                    }
                    let is_old = rest.contains("{version}") || rest.ends_with("/rollback");
                    if is_old || rest.ends_with("/publish") || rest.ends_with("/discard") {
                        let draft = bots::SaveDraft::new(&format!("# soon\n{blank}"), 0)?;
                        bots::save_draft(ctx, tx, made.id, draft)?;
                    }
                    if is_old {
                        bots::publish(ctx, tx, made.id, &bots::Publish::default())?;
                        target.second = Some("1".to_owned());
                    }
                    if rest.contains("/web-chats/{channel}") {
                        let new =
                            bots::NewWebChat { title: called.to_owned(), ..bots::NewWebChat::default() };
                        let chat = bots::connect_web_chat(ctx, tx, made.id, &new)?;
                        target.second = Some(chat.channel.to_string());
                    } else if rest.contains("{channel}") {
                        let id = made.number + 7_000 + i64::from(ctx.random().bytes::<1>()[0]) * 1_000;
                        let token = channels::telegram::Token::parse(&NOBODYS_TOKEN.replacen(
                            "77",
                            &id.to_string(),
                            1,
                        ))?;
                        let profile = channels::telegram::Profile {
                            id: token.bot_id(),
                            first_name: "Target".to_owned(),
                            username: "target_bot".to_owned(),
                        };
                        let channel = bots::connect_telegram(
                            ctx,
                            tx,
                            &bots,
                            made.id,
                            &token,
                            &profile,
                            bots::Intake::Polling,
                        )?;
                        target.second = Some(channel.id.to_string());
                    }
                    target
                }
                "/knowledge" | "/knowledge/documents" => {
                    crate::knowledge_target::document(ctx, tx, called, &rest)?
                }
                "/user/users" | "/ticket/tickets" | "/ticket/messages" | "/admin/admins"
                | "/admin/categories" | "/admin/invitations" | "/desk" | "/desk/agents"
                | "/desk/categories" | "/desk/invitations" => {
                    crate::ticket_target::of(ctx, tx, &blobs, called, &kind, &unique, &rest)?
                }
                "/ai/calls" => crate::knowledge_target::call(ctx, tx, called)?,
                "/broadcasts" => crate::broadcast_target::broadcast(ctx, tx, &bots, called, &rest)?,
                "/vat-rates" | "/settings/vat-rates" => {
                    // Of so many days that no two of one test are the same.
                    let day = u64::from(u32::from_be_bytes(ctx.random().bytes::<4>()) % 20_000);
                    let day = kernel::Date::parse("2031-01-01")?.plus_days(day);
                    let made = tax::add_vat_rate(ctx, tx, day, Rate::from_percent(10))?;
                    Target::new(None, made.id)
                }
                "/audit" => {
                    let sql = "SELECT id FROM context_audit_entry WHERE workspace_id = $1 LIMIT 1";
                    let id = tx.query_one(sql, db::params![ctx.workspace()], |row| row.get(0))?;
                    Target { number: None, id, word: None, second: None }
                }
                "/cash/registers" | "/cash-registers" => {
                    let name = format!("{called} {unique}");
                    let new = cash::NewRegister { name, ..cash::NewRegister::default() };
                    let made = cash::create_register(ctx, tx, new)?;
                    // What money is taken out of has some; the others were never used, as a deletion wants it.
                    if rest.ends_with("/out") || rest.ends_with("/transfer") {
                        cash::post_transaction(ctx, tx, opening(ctx, Some(made.id)))?;
                    }
                    Target::new(Some(made.number), made.id)
                }
                "/cash/transactions" | "/cash-transactions" => {
                    let name = format!("{called} {unique}");
                    let new = cash::NewRegister { name, ..cash::NewRegister::default() };
                    let register = cash::create_register(ctx, tx, new)?.id;
                    let (made, _) = cash::post_transaction(ctx, tx, opening(ctx, Some(register)))?;
                    Target::new(Some(made.number), made.id)
                }
                "/ledger/entries" => {
                    let som = Money::from_som(5);
                    let lines =
                        vec![ledger::NewLine::debit("5010", som), ledger::NewLine::credit("8330", som)];
                    let input = ledger::WriteEntry { date: ctx.today(), memo: "Target".to_owned(), lines };
                    let made = ledger::write_entry(ctx, tx, input)?;
                    Target::new(Some(made.number), made.id)
                }
                "/ledger/accounts" => {
                    let new = ledger::NewAccount {
                        code: format!("50.{}", unique.get(20..27).unwrap_or_default()),
                        kind: ledger::AccountKind::Active,
                        name: ledger::Names { uz: "Target".to_owned(), ..ledger::Names::default() },
                        active: true,
                    };
                    let made = ledger::create_account(ctx, tx, new)?;
                    // Codes are what people call accounts by; they are no numbers.
                    Target::new(None, made.id)
                }
                "/jobs" => {
                    let job = jobs::NewJob::new("nobody.does_this", &())?.at(ctx.now().plus_seconds(3_600));
                    let id = jobs::enqueue(ctx, tx, job)?.unwrap();
                    if rest.ends_with("/retry") {
                        jobs::cancel(ctx, tx, id)?;
                    }
                    Target::new(None, id)
                }
                _ => return Ok(None),
            };
            Ok(Some(made))
        };
        let made = self.parts.app.db().write(ctx, Lane::People, make).await;
        match made {
            Ok(Some(target)) => Some(target),
            Ok(None) => self.other_target(ctx, path).await,
            Err(error) => panic!("no target for {path}: {error} {:?}", error.field_errors()),
        }
    }

    /// What targets are called: those of another workspace by a word that must not be seen here.
    pub(crate) fn called(&self, ctx: &Ctx) -> &'static str {
        if ctx.workspace() == self.ctx.workspace() { "Target" } else { STRANGE }
    }

    /// A key of this workspace that may do everything.
    pub(crate) async fn key(&self, ctx: &Ctx) -> String {
        let (own, secret) = (ctx.clone(), auth::Secret::for_key(ctx.random()));
        let shown = secret.reveal().to_owned();
        let make = move |tx: &mut Tx<'_>| {
            auth::actions::create_key(&own, tx, &new_key("Targets", Permissions::ALL), &secret).map(drop)
        };
        self.parts.app.db().write(ctx, Lane::People, make).await.unwrap();
        shown
    }

    /// What is a person's own: a session, a workspace's name in addresses.
    async fn own_target(&self, ctx: &Ctx, kind: &str) -> Option<Target> {
        let person = ctx.actor().person()?;
        let workspace = ctx.workspace();
        let is_session = kind.ends_with("sessions");
        let find = move |tx: &mut db::ReadTx<'_>| {
            if is_session {
                let sql =
                    "SELECT id FROM auth_session WHERE person_id = $1 ORDER BY created_at_ms DESC LIMIT 1";
                let id = tx.query_opt(sql, db::params![person], |row| row.get::<Uuid>(0))?;
                return Ok(id.map(|id| Target { number: None, id, word: None, second: None }));
            }
            let word = Some(auth::workspace(tx, workspace)?.slug);
            Ok(Some(Target { number: None, id: workspace.uuid(), word, second: None }))
        };
        self.parts.app.db().read(Scope::Server, find).await.unwrap()
    }

    /// Runs every job that is due.
    pub(crate) async fn work_off(&self) {
        let app = &self.parts.app;
        let (db, services, clock) = (app.db().clone(), app.services().clone(), Arc::clone(app.clock()));
        let random = app.random().clone();
        jobs::Worker::new(db, services, clock, random, app::modules::work()).drain().await.unwrap();
    }

    async fn other_target(&self, ctx: &Ctx, path: &str) -> Option<Target> {
        let (own, chat) = (ctx.clone(), ctx.new_id::<()>().to_string());
        if !path.starts_with("/conversations") && !path.starts_with("/bots") {
            return None;
        }
        let find = move |tx: &mut db::ReadTx<'_>| {
            let bot = bots::list_bots(&own, tx)?.first().cloned().unwrap();
            Ok((bot.number, bot.id, bots::simulator_channel(&own, tx, bot.id)?.id))
        };
        let (number, bot, channel) = self.parts.app.db().read(ctx, find).await.unwrap();
        let update = bots::Update {
            channel,
            key: chat.clone(),
            chat: Some(bots::Chat {
                key: chat.clone(),
                person_name: self.called(ctx).to_owned(),
                username: None,
                lang: None,
                message_id: None,
                place: bots::Place::Page { tapped: None },
            }),
            what: bots::What::Input(Input::Text("hello".to_owned())),
        };
        bots::receive(ctx, self.parts.app.db(), &self.parts.bots, update).await.unwrap();
        let (workspace, key) = (ctx.workspace(), chat);
        let sql = "SELECT id FROM bots_conversation WHERE workspace_id = $1 AND chat_key = $2";
        let read = move |tx: &mut db::ReadTx<'_>| {
            tx.query_one(sql, db::params![workspace, key], |row| row.get::<Uuid>(0))
        };
        let conversation = self.parts.app.db().read(ctx, read).await.unwrap();
        Some(if path.starts_with("/bots") {
            Target {
                number: Some(number),
                id: bot.uuid(),
                word: None,
                second: Some(conversation.to_string()),
            }
        } else {
            let message =
                if path.contains("{message}") { self.paper_in(ctx, conversation).await } else { None };
            Target { number: None, id: conversation, word: None, second: message }
        })
    }

    /// A member with this role, who signs in with `{role}@{workspace}.example` and the tests' password.
    pub(crate) async fn member(&self, ctx: &Ctx, role: auth::RoleKind) -> String {
        let email = format!("{role}@{}.example", ctx.workspace().uuid().simple());
        let hash = password_hash(&self.parts).await;
        let input = AddMember {
            name: format!("The {role}"),
            email: Some(email.clone()),
            username: None,
            phone: None,
            lang: Lang::En,
            password: Password::typed(crate::world::PASSWORD),
            role: role.word().to_owned(),
        };
        let own = ctx.clone();
        let add = move |tx: &mut Tx<'_>| auth::actions::add_member(&own, tx, &input.check()?, &hash);
        self.parts.app.db().write(ctx, Lane::People, add).await.unwrap();
        email
    }
}

fn new_key(name: &str, permissions: Permissions) -> NewKey {
    NewKey { kind: auth::KeyKind::ApiKey, name: name.to_owned(), permissions, expires_at: None }
}

/// The workspace's Admin acts: some things only a person makes.
pub(crate) fn as_person(ctx: &Ctx, person: PersonId) -> Ctx {
    ctx.with(|ctx| ctx.actor = Actor::member(person, "Dilnoza"))
}

fn receipt(product: Id<catalog::Product>) -> NewReceipt {
    let line = NewReceiptLine { product, quantity: Quantity::from_units(5), unit_cost: Money::from_som(1) };
    NewReceipt { warehouse: None, supplier: None, received_on: None, note: String::new(), lines: vec![line] }
}

/// Money that was in the register when the books began.
fn opening(ctx: &Ctx, register: Option<Id<cash::Register>>) -> cash::MoveMoney {
    let (kind, note) = (cash::TransactionKind::Opening, String::new());
    let amount = Money::from_som(10_000_000);
    cash::MoveMoney { register, kind, amount, contact: None, on: ctx.today(), note }
}

/// How many rows of each kind a workspace has: to see that a refused call changed nothing.
pub(crate) async fn audit_count(world: &World, ctx: &Ctx) -> i64 {
    let workspace = ctx.workspace();
    let sql = "SELECT COUNT(*) FROM context_audit_entry WHERE workspace_id = $1";
    let read = move |tx: &mut db::ReadTx<'_>| tx.query_one(sql, db::params![workspace], |row| row.get(0));
    world.parts.app.db().read(Scope::from(ctx), read).await.unwrap()
}

/// An order as far as what the path does with it needs it to be.
fn order(ctx: &Ctx, tx: &mut Tx<'_>, goods: Id<catalog::Product>, rest: &str) -> Result<sales::Order> {
    stock::receive(ctx, tx, receipt(goods))?;
    let line =
        NewLine { product: goods, quantity: Quantity::from_units(2), price: None, discount: Rate::ZERO };
    let content = OrderContent { goods: Goods::Lines(vec![line]), ..OrderContent::default() };
    let last = rest.rsplit('/').next().unwrap_or_default();
    let status = match last {
        // A draft is what can be deleted and sent off; what is to be confirmed was sent off before.
        "confirm" | "cancel" => Status::New,
        "deliver" | "invoice" | "close" | "pay" | "payments" | "refund" | "refunds" | "receipt.pdf" => {
            Status::Confirmed
        }
        _ => Status::Draft,
    };
    let made = sales::create_order(ctx, tx, Source::Staff, status, content)?;
    let delivered = match last {
        "invoice" => sales::NewDelivery::default(),
        "close" => {
            let line = sales::order_lines(ctx, tx, made.id)?.remove(0);
            let lines = Some(vec![(line.id, Quantity::from_units(1))]);
            sales::NewDelivery { lines, ..sales::NewDelivery::default() }
        }
        "refund" | "refunds" => {
            sales::pay_order(ctx, tx, made.id, sales::NewPayment::default())?;
            return Ok(made);
        }
        _ => return Ok(made),
    };
    Ok(sales::deliver_order(ctx, tx, made.id, delivered)?.0)
}
