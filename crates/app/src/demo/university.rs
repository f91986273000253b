//! The demo's university, in a workspace of its own: what is offered, its two bots, and people who are made up.

use auth::{DemoPeople, demo_people};
use bots::NewBot;
use context::Ctx;
use db::{Lane, Scope, Tx};
use flow::shop::ShopInfo;
use kernel::{Error, Id, Result};
use uuid::Uuid;

use crate::{
    commands::console_ctx,
    parts::Parts,
    seed::ttpumock::{Mock, Scale, ttpumock},
};

const PEOPLE: &str = include_str!("../../../../demo/university.toml");

/// Makes what is not there yet. Answers with what somebody signs in there.
pub(super) async fn make(parts: &Parts) -> Result<String> {
    let people: DemoPeople = toml::from_str(PEOPLE).map_err(Error::internal)?;
    let email = people.members.first().map(|member| member.email.to_string()).unwrap_or_default();
    let server = console_ctx(parts, Id::from_uuid(Uuid::nil()));
    let hash = parts.auth.passwords().hash(parts.app.random(), people.sign_in.password.clone()).await?;
    let db = parts.app.db();
    let file = people.clone();
    let workspace =
        db.write(Scope::Server, Lane::People, move |tx| demo_people(&server, tx, &file, &hash)).await?;
    let ctx = console_ctx(parts, workspace);
    let own = ctx.clone();
    if !db.read(&ctx, move |tx| bots::list_bots(&own, tx)).await?.is_empty() {
        return Ok(email);
    }
    let mock = Mock { workspace: Some(people.workspace.slug.clone()), scale: Scale::Small, upsert: false };
    ttpumock(parts, &mock, &mut |_| Ok(())).await?;
    let own = ctx.clone();
    db.write(&ctx, Lane::People, move |tx| make_bots(&own, tx, &people)).await?;
    Ok(email)
}

/// The two bots of the university.
fn make_bots(ctx: &Ctx, tx: &mut Tx<'_>, people: &DemoPeople) -> Result<()> {
    for (name, source) in
        [("Qabul boti", flow::examples::ADMISSIONS), ("Soʻrovnoma boti", flow::examples::SURVEY)]
    {
        let shop = ShopInfo {
            name: people.workspace.name.clone(),
            phone: people.workspace.phone.to_string(),
            address: people.workspace.address.clone(),
            about: String::new(),
            hours: "09:00–18:00".to_owned(),
            site: String::new(),
            delivers: false,
            pickup: true,
            delivery_tiyin: 0,
        };
        bots::create_bot(ctx, tx, NewBot { name: name.to_owned(), source: source.to_owned(), shop })?;
    }
    Ok(())
}
