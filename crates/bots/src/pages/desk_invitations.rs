//! `/desk/invitations`: links by which people become agents of the support desk.

use std::{collections::HashMap, sync::Arc};

use askama::Template;
use axum::{
    extract::Path,
    response::{IntoResponse, Response},
};
use context::{Ctx, Permission};
use db::ReadTx;
use kernel::{Error, Id, Lang, Result, Text};
use tickets::{Category, Invitation, InvitationState, NewInvitation, actions, reads};
use web::{
    Caller, Multi, RowKey,
    pages::{
        Action, Cell, Choice, Column, Empty, Field, Form, FormPage, Go, ListPage, Notice, Shell, Table, Tone,
        form_again, render,
    },
};

use crate::{
    Bots,
    api::{categories_at, make_invitation},
    door,
};

/// What stands on the page.
struct Shown {
    all: Vec<Invitation>,
    categories: Vec<Category>,
    /// What agents who came by one are called.
    agents: HashMap<Id<tickets::Agent>, String>,
    /// The bot that takes them in.
    door: Option<String>,
}

fn shown(ctx: &Ctx, tx: &mut ReadTx, bots: &Bots) -> Result<Shown> {
    Ok(Shown {
        all: reads::invitations(ctx, tx)?,
        categories: reads::categories(ctx, tx)?,
        agents: reads::agents(ctx, tx)?.into_iter().map(|agent| (agent.id, agent.full_name)).collect(),
        door: door::door(ctx, tx, bots)?,
    })
}

async fn seen(caller: &Caller) -> Result<Shown> {
    let bots: Arc<Bots> = caller.app.service()?;
    caller.read(move |ctx, tx| shown(ctx, tx, &bots)).await
}

fn under(p: Shell) -> Shell {
    p.crumb("/desk", "bots-desk").crumb("/desk/agents", "bots-desk-agents")
}

pub(super) async fn page(caller: Caller) -> web::Result<Response> {
    let Shown { all, categories, agents, door } = seen(&caller).await?;
    let now = caller.ctx.now();
    let lead = if door.is_some() { "bots-desk-invitations-lead" } else { "bots-desk-no-door" };
    let p = under(caller.shell().titled("bots-desk-invitations").lead(lead));
    let names: HashMap<_, _> = categories.iter().map(|one| (one.id, one.name.get(p.lang()))).collect();
    let row = |invitation: &Invitation| {
        let of: Vec<&str> = invitation.categories.iter().filter_map(|id| names.get(id).copied()).collect();
        let answers = if invitation.is_head { p.t("bots-desk-answers-all") } else { of.join(", ") };
        let role = if invitation.is_head { "bots-desk-role-head" } else { "bots-desk-role-agent" };
        let state = invitation.state(now);
        let (tone, key) = match state {
            InvitationState::Pending => (Tone::Info, "bots-desk-invitation-pending"),
            InvitationState::Accepted => (Tone::Success, "bots-desk-invitation-accepted"),
            InvitationState::Revoked => (Tone::Plain, "bots-desk-invitation-revoked"),
            InvitationState::Expired => (Tone::Plain, "bots-desk-invitation-expired"),
        };
        let who = invitation.accepted.and_then(|(agent, _)| agents.get(&agent).cloned());
        let revoke = Action::post(
            &p,
            format!("/desk/invitations/{}/revoke", invitation.id),
            p.t("bots-desk-invitation-revoke"),
        );
        let may = state == InvitationState::Pending && p.can(Permission::TicketsEdit);
        vec![
            Cell::Two(who.unwrap_or_else(|| p.t(role)), invitation.invited_by.clone()),
            Cell::text(answers),
            Cell::badge(tone, p.t(key)),
            Cell::Time(invitation.expires_at),
            match may {
                true => Cell::Actions(vec![revoke.danger().confirm(p.t("bots-desk-invitation-revoke-ask"))]),
                false => Cell::Blank,
            },
        ]
    };
    let columns = vec![
        Column::main("bots-desk-invited"),
        Column::new("bots-desk-answers").wide(),
        Column::new("bots-state"),
        Column::new("bots-desk-invitation-until"),
        Column::new("web-actions"),
    ];
    let table = Table::of(&p.words, "invitations", columns, all.iter().map(row).collect()).empty(Empty::new(
        "link-45deg",
        p.t("bots-desk-invitations-empty"),
        p.t("bots-desk-invitations-empty-hint"),
    ));
    let may = door.is_some() && p.can(Permission::TicketsEdit);
    let new = |p: &Shell| {
        Action::link("/desk/invitations/new", p.t("bots-desk-invite")).primary().icon("person-plus")
    };
    Ok(render(&ListPage::new(p, table).action_if(may, new)))
}

/// What the form sends.
#[derive(Debug, Clone, Default)]
struct InviteForm {
    role: String,
    lang: String,
    categories: Vec<String>,
}

impl InviteForm {
    fn sent(form: &Multi) -> Self {
        Self {
            role: form.get("role").to_owned(),
            lang: form.get("lang").to_owned(),
            categories: form
                .pairs()
                .iter()
                .filter_map(|(name, _)| name.strip_prefix("category_"))
                .map(str::to_owned)
                .collect(),
        }
    }

    fn check(&self, ctx: &Ctx, tx: &mut ReadTx) -> Result<NewInvitation> {
        let is_head = match self.role.as_str() {
            "agent" => false,
            "head" => true,
            _ => return Err(Error::field("role", Text::new("bots-desk-role-unknown"))),
        };
        let numbers: std::result::Result<Vec<i64>, _> =
            self.categories.iter().map(|number| number.parse()).collect();
        let unknown = |_| Error::field("categories", Text::new("bots-desk-category-unknown"));
        let categories = categories_at(ctx, tx, &numbers.map_err(unknown)?)?;
        let lang = Lang::parse(&self.lang).unwrap_or_else(|| ctx.lang());
        Ok(NewInvitation { is_head, categories, lang })
    }
}

fn form_page(p: Shell, typed: &InviteForm, categories: &[Category], error: Option<&Error>) -> FormPage {
    let p = under(p.titled("bots-desk-invite").lead("bots-desk-invite-lead"))
        .crumb("/desk/invitations", "bots-desk-invitations")
        .narrow();
    let roles = [("agent", "bots-desk-role-agent"), ("head", "bots-desk-role-head")]
        .map(|(word, key)| Choice::new(word, p.t(key)));
    let langs = Lang::ALL.map(|lang| Choice::new(lang.code(), lang.name()));
    let mut form = Form::new(&p, "/desk/invitations/new")
        .error(error)
        .field(Field::select("role", "bots-desk-role", roles.to_vec()).value(&typed.role).required().half())
        .field(Field::select("lang", "bots-desk-lang", langs.to_vec()).value(&typed.lang).required().half());
    for category in categories.iter().filter(|category| category.is_active) {
        let number = category.number.to_string();
        form = form.field(
            Field::check(format!("category_{number}"), "bots-desk-answers")
                .called(category.name.get(p.lang()))
                .checked(typed.categories.contains(&number)),
        );
    }
    FormPage::new(p, form.submit("bots-desk-invite").cancel("/desk/invitations"))
}

pub(super) async fn new_page(caller: Caller) -> web::Result<Response> {
    let Shown { categories, .. } = seen(&caller).await?;
    let (role, lang) = ("agent".to_owned(), caller.ctx.lang().code().to_owned());
    let typed = InviteForm { role, lang, categories: Vec::new() };
    Ok(render(&form_page(caller.shell(), &typed, &categories, None)))
}

/// The link, shown once.
#[derive(Debug, Template)]
#[template(path = "desk_invited.html")]
struct InvitedPage {
    p: Shell,
    notice: Notice,
    link: Option<String>,
}

pub(super) async fn create(caller: Caller, form: Multi) -> web::Result<Response> {
    let typed = InviteForm::sent(&form);
    let sent = typed.clone();
    match make_invitation(&caller, move |ctx, tx| sent.check(ctx, tx)).await {
        Ok((_, link)) => {
            let p = under(caller.shell().titled("bots-desk-invited-title"))
                .crumb("/desk/invitations", "bots-desk-invitations")
                .narrow();
            let said = if link.is_some() { "bots-desk-invited-once" } else { "bots-desk-invited-before" };
            let notice = Notice::new(Tone::Warning, p.t(said));
            Ok(render(&InvitedPage { p, notice, link }))
        }
        Err(error) => {
            let Shown { categories, .. } = seen(&caller).await?;
            Ok(form_again(error, |error| form_page(caller.shell(), &typed, &categories, Some(error)))?)
        }
    }
}

pub(super) async fn revoke(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Response> {
    let id: Id<Invitation> = key.id().ok_or_else(Error::not_found)?;
    caller.write(move |ctx, tx| actions::revoke_invitation(ctx, tx, id).map(drop)).await?;
    let done = Text::new("bots-desk-invitation-revoked-now");
    Ok(Go::to("/desk/invitations").done(&caller.words(), &done).into_response())
}
