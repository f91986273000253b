//! Something of each kind that a path can name, made anew each time it is wanted.

use std::sync::Arc;

use auth::{
    Password,
    actions::{AddMember, NewKey, SetRole},
};
use catalog::{CategoryContent, Names, ProductContent};
use contacts::NewContact;
use context::{Actor, Ctx, Permission, Permissions};
use db::{Lane, Scope, Tx};
use flow::Input;
use kernel::{Id, Lang, Money, PersonId, Quantity, Rate, Result};
use sales::{Goods, NewLine, OrderContent, Source, Status};
use stock::{NewReceipt, NewReceiptLine, NewWarehouse};
use uuid::Uuid;

use crate::world::{World, password_hash};

/// The bot's token at nobody: for a channel that is only a row.
const NOBODYS_TOKEN: &str = "77:A-TOKEN-THAT-NOBODY-ANSWERS-FOR";

/// What was made: its number, where its kind has numbers, and its id.
#[derive(Debug, Clone)]
pub(crate) struct Target {
    pub(crate) number: Option<i64>,
    pub(crate) id: Uuid,
    /// What a second parameter of the path names.
    pub(crate) second: Option<String>,
}

impl Target {
    fn new<T>(number: Option<i64>, id: Id<T>) -> Self {
        Self { number, id: id.uuid(), second: None }
    }
}

/// The path with its parameters filled in; `by_number` where the kind has numbers.
pub(crate) fn fill(path: &str, target: &Target, by_number: bool) -> String {
    let first = match target.number {
        Some(number) if by_number => number.to_string(),
        _ => target.id.to_string(),
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
        let rest = path.to_owned();
        if !path.contains('{') {
            return None;
        }
        let (own, bots, unique) =
            (ctx.clone(), Arc::clone(&self.parts.bots), ctx.new_id::<()>().uuid().simple().to_string());
        let hash = password_hash(&self.parts).await;
        let make = move |tx: &mut Tx<'_>| -> Result<Option<Target>> {
            let ctx = &own;
            let product = |tx: &mut Tx<'_>| {
                catalog::create_product(
                    ctx,
                    tx,
                    ProductContent::new(format!("T-{unique}"), "Target", Money::from_som(10)),
                )
            };
            let made = match kind.as_str() {
                "/products" | "/stock/products" => {
                    let made = product(tx)?;
                    Target::new(Some(made.number), made.id)
                }
                "/categories" => {
                    let name = Names { uz: format!("Target {unique}"), ru: None, en: None };
                    let content = CategoryContent { name, parent: None, position: 0 };
                    let made = catalog::create_category(ctx, tx, content)?;
                    Target::new(Some(made.number), made.id)
                }
                "/contacts" | "/customers" | "/suppliers" => {
                    let made = contacts::create_contact(ctx, tx, NewContact::customer("Target", None))?;
                    Target::new(Some(made.number), made.id)
                }
                "/sales-orders" | "/orders" => {
                    let goods = product(tx)?.id;
                    stock::receive(ctx, tx, receipt(goods))?;
                    let line = NewLine {
                        product: goods,
                        quantity: Quantity::from_units(1),
                        price: None,
                        discount: Rate::ZERO,
                    };
                    let content = OrderContent { goods: Goods::Lines(vec![line]), ..OrderContent::default() };
                    // A draft is what can be deleted and sent off; what is to be confirmed was sent off before.
                    let status = if rest.ends_with("/confirm") || rest.ends_with("/cancel") {
                        Status::New
                    } else {
                        Status::Draft
                    };
                    let made = sales::create_order(ctx, tx, Source::Staff, status, content)?;
                    Target::new(Some(made.number), made.id)
                }
                "/stock/receipts" | "/stock-receipts" | "/receipts" => {
                    let goods = product(tx)?.id;
                    let made = stock::create_receipt(ctx, tx, receipt(goods))?;
                    Target::new(Some(made.number), made.id)
                }
                "/warehouses" | "/stock/warehouses" => {
                    let new = NewWarehouse { name: format!("Target {unique}"), ..NewWarehouse::default() };
                    let made = stock::create_warehouse(ctx, tx, new)?;
                    Target::new(Some(made.number), made.id)
                }
                "/members" => {
                    let input = AddMember {
                        name: "Target".to_owned(),
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
                "/roles" => {
                    let permissions: Permissions = [Permission::SalesRead].into_iter().collect();
                    let name = unique.get(20..).unwrap_or_default().to_owned();
                    let made = auth::actions::create_role(ctx, tx, &SetRole { name, permissions })?;
                    Target::new(None, made.id)
                }
                "/keys" | "/api-keys" => {
                    let permissions = [Permission::SalesRead].into_iter().collect();
                    let new = NewKey { name: "Target".to_owned(), permissions, expires_at: None };
                    let secret = auth::Secret::for_key(ctx.random());
                    let made = auth::actions::create_key(ctx, tx, &new, &secret)?;
                    Target::new(None, made.id)
                }
                "/bots" => {
                    let made = bots::create_bot(ctx, tx, crate::world::new_bot())?;
                    let mut target = Target::new(Some(made.number), made.id);
                    if rest.contains("{channel}") {
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
                "/vat-rates" | "/settings/vat-rates" => {
                    let day = kernel::Date::parse("2031-01-01")?
                        .plus_days(u64::from(ctx.random().bytes::<1>()[0]) * 7);
                    let made = tax::add_vat_rate(ctx, tx, day, Rate::from_percent(10))?;
                    Target::new(None, made.id)
                }
                "/audit" => {
                    let sql = "SELECT id FROM context_audit_entry WHERE workspace_id = $1 LIMIT 1";
                    let id = tx.query_one(sql, db::params![ctx.workspace()], |row| row.get(0))?;
                    Target { number: None, id, second: None }
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
                person_name: "Target".to_owned(),
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
            Target { number: Some(number), id: bot.uuid(), second: Some(conversation.to_string()) }
        } else {
            Target { number: None, id: conversation, second: None }
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

/// The workspace's Admin acts: some things only a person makes.
pub(crate) fn as_person(ctx: &Ctx, person: PersonId) -> Ctx {
    ctx.with(|ctx| ctx.actor = Actor::member(person, "Dilnoza"))
}

fn receipt(product: Id<catalog::Product>) -> NewReceipt {
    let line = NewReceiptLine { product, quantity: Quantity::from_units(5), unit_cost: Money::from_som(1) };
    NewReceipt { warehouse: None, supplier: None, received_on: None, note: String::new(), lines: vec![line] }
}

/// How many rows of each kind a workspace has: to see that a refused call changed nothing.
pub(crate) async fn audit_count(world: &World, ctx: &Ctx) -> i64 {
    let workspace = ctx.workspace();
    let sql = "SELECT COUNT(*) FROM context_audit_entry WHERE workspace_id = $1";
    let read = move |tx: &mut db::ReadTx<'_>| tx.query_one(sql, db::params![workspace], |row| row.get(0));
    world.parts.app.db().read(Scope::from(ctx), read).await.unwrap()
}
