//! The forms of a shop's bot: making one, and what it says of the shop.

use std::sync::Arc;

use axum::{
    extract::Path,
    response::{IntoResponse, Response},
};
use context::Permission;
use flow::shop::ShopInfo;
use kernel::{Checks, Error, Money, Phone, Result, Text};
use serde::Deserialize;
use web::{
    Caller, RowKey,
    pages::{Field, Form, FormPage, Go, Shell, form_again, render},
};

use super::{bot::calls, bot_crumbs};
use crate::{
    Bot, Bots, NewBot,
    actions::{create_bot, set_shop_info},
    reads,
    template::Template,
};

/// What the form sends, as typed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct BotForm {
    name: String,
    shop_name: String,
    about: String,
    phone: String,
    address: String,
    hours: String,
    site: String,
    delivers: bool,
    pickup: bool,
    delivery: String,
}

impl BotForm {
    /// What a new bot is most often given.
    fn fresh(caller: &Caller) -> Self {
        Self { delivers: true, pickup: true, shop_name: caller.shell().workspace, ..Self::default() }
    }

    fn of(bot: &Bot) -> Self {
        let ShopInfo { name, about, phone, address, hours, site, delivers, pickup, delivery_tiyin } =
            bot.shop.clone();
        let phone = Phone::parse(&phone).map_or(phone, |phone| phone.pretty());
        Self {
            name: bot.name.clone(),
            shop_name: name,
            about,
            phone,
            address,
            hours,
            site,
            delivers,
            pickup,
            delivery: Money::from_tiyin(delivery_tiyin).to_string(),
        }
    }

    /// The facts as the actions take them, which check the rest.
    fn check(&self) -> Result<(String, ShopInfo)> {
        let Self { name, shop_name, about, phone, address, hours, site, delivers, pickup, delivery } =
            self.clone();
        let mut checks = Checks::new();
        let phone = match phone.trim() {
            "" => None,
            typed => checks.take("phone", Phone::parse(typed)),
        };
        let delivery = match delivery.trim() {
            "" => Some(Money::ZERO),
            typed => checks.take("delivery", Money::parse(typed)),
        };
        checks.done()?;
        let shop = ShopInfo {
            name: shop_name,
            about,
            phone: phone.map(|phone| phone.to_string()).unwrap_or_default(),
            address,
            hours,
            site,
            delivers,
            pickup,
            delivery_tiyin: delivery.unwrap_or_default().tiyin(),
        };
        Ok((name, shop))
    }

    fn name_field(name: &str) -> Field {
        Field::text("name", "bots-bot-name").value(name).required().focus().max(100).help("bots-name-help")
    }

    fn draw(&self, p: &Shell, action: &str, back: &str, error: Option<&Error>) -> Form {
        let Self { name, shop_name, about, phone, address, hours, site, delivers, pickup, delivery } = self;
        Form::new(p, action)
            .error(error)
            .field(Self::name_field(name))
            .field(Field::text("shop_name", "bots-shop-name").value(shop_name).required().max(300))
            .field(
                Field::area("about", "bots-shop-about").value(about).max(2_000).help("bots-shop-about-help"),
            )
            .field(Field::phone("phone", "bots-shop-phone").value(phone).half())
            .field(Field::text("hours", "bots-shop-hours").value(hours).max(300).half())
            .field(Field::text("address", "bots-shop-address").value(address).max(300))
            .field(Field::text("site", "bots-shop-site").value(site).max(300))
            .field(Field::check("delivers", "bots-shop-delivers").checked(*delivers).half())
            .field(Field::check("pickup", "bots-shop-pickup").checked(*pickup).half())
            .field(
                Field::money("delivery", "bots-shop-delivery")
                    .value(delivery)
                    .help("bots-shop-delivery-help"),
            )
            .cancel(back)
    }
}

fn new_form(p: Shell, typed: &BotForm, error: Option<&Error>) -> FormPage {
    let p = p.titled("bots-template-shop").lead("bots-new-lead").crumb("/bots", "bots-menu");
    let p = p.crumb("/bots/new", "bots-new").narrow();
    let form = typed.draw(&p, "/bots/new/shop", "/bots/new", error).submit("bots-create");
    FormPage::new(p, form)
}

pub(super) async fn new_page(caller: Caller) -> web::Result<Response> {
    caller.ctx.require(Permission::BotsCreate)?;
    let typed = BotForm::fresh(&caller);
    Ok(render(&new_form(caller.shell(), &typed, None)))
}

pub(super) async fn create(caller: Caller, web::Form(typed): web::Form<BotForm>) -> web::Result<Response> {
    let sent = typed.clone();
    let done = caller.once(move |ctx, tx| {
        let (name, shop) = sent.check()?;
        create_bot(ctx, tx, NewBot { name, source: Template::Shop.source().to_owned(), shop })
            .map(|bot| bot.number)
    });
    match done.await {
        Ok(number) => {
            let done = Text::new("bots-created");
            Ok(Go::to(format!("/bots/{number}")).done(&caller.words(), &done).into_response())
        }
        Err(error) => Ok(form_again(error, |error| new_form(caller.shell(), &typed, Some(error)))?),
    }
}

/// What can be changed: the name, and of a shop's bot what it says of the shop.
fn edit_form(p: Shell, bot: &Bot, is_shop: bool, typed: &BotForm, error: Option<&Error>) -> FormPage {
    let back = format!("/bots/{}", bot.number);
    let action = format!("{back}/edit");
    let p = bot_crumbs(p.titled("bots-edit"), bot).narrow();
    let form = if is_shop {
        typed.draw(&p, &action, &back, error)
    } else {
        Form::new(&p, action).error(error).field(BotForm::name_field(&typed.name)).cancel(back)
    };
    FormPage::new(p, form)
}

/// The bot that a path names, and whether it speaks for a shop.
async fn asked(caller: &Caller, key: RowKey) -> Result<(Bot, bool)> {
    let bots: Arc<Bots> = caller.app.service()?;
    let read = caller.read(move |ctx, tx| {
        let bot = reads::get_bot(ctx, tx, key)?;
        let is_shop = calls(ctx, tx, &bots, &bot, "register")?;
        Ok((bot, is_shop))
    });
    read.await
}

pub(super) async fn edit_page(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Response> {
    caller.ctx.require(Permission::BotsEdit)?;
    let (bot, is_shop) = asked(&caller, key).await?;
    Ok(render(&edit_form(caller.shell(), &bot, is_shop, &BotForm::of(&bot), None)))
}

pub(super) async fn save(
    caller: Caller,
    Path(key): Path<RowKey>,
    web::Form(typed): web::Form<BotForm>,
) -> web::Result<Response> {
    let sent = typed.clone();
    let (bot, is_shop) = asked(&caller, key).await?;
    let (id, back, facts) = (bot.id, format!("/bots/{}", bot.number), bot.shop.clone());
    let done = caller.once(move |ctx, tx| {
        let (name, shop) = if is_shop { sent.check()? } else { (sent.name.clone(), facts.clone()) };
        set_shop_info(ctx, tx, id, &name, shop).map(drop)
    });
    match done.await {
        Ok(()) => Ok(Go::to(back).done(&caller.words(), &Text::new("bots-saved")).into_response()),
        Err(error) => {
            Ok(form_again(error, |error| edit_form(caller.shell(), &bot, is_shop, &typed, Some(error)))?)
        }
    }
}
