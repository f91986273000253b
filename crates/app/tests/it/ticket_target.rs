//! Tickets, and what they name, for paths that want one.

use catalog::Names;
use contacts::Contact;
use context::Ctx;
use db::Tx;
use files::{Blobs, MediaType};
use kernel::{Id, Result};
use tickets::{
    Agent, By, Category, InvitationKey, Kept, Message, MessageKind, NewAgent, NewCategory, NewInvitation,
    NewUser, Opening, Said, Ticket, actions,
};

use crate::targets::Target;

/// What a path of this kind names; `unique` is a word that nothing else has.
pub(crate) fn of(
    ctx: &Ctx,
    tx: &mut Tx<'_>,
    blobs: &Blobs,
    called: &str,
    kind: &str,
    unique: &str,
    rest: &str,
) -> Result<Target> {
    let category = category(ctx, tx, called, unique)?;
    Ok(match kind {
        "/admin/categories" | "/desk/categories" => Target::new(Some(category.number), category.id),
        "/admin/admins" | "/desk/agents" => {
            let made = agent(ctx, tx, called)?;
            Target::new(Some(made.number), made.id)
        }
        "/admin/invitations" | "/desk/invitations" => {
            let key = InvitationKey::new(ctx.random());
            let new = NewInvitation { is_head: false, categories: vec![category.id], lang: kernel::Lang::En };
            Target::new(None, actions::invite_agent(ctx, tx, new, &key)?.id)
        }
        "/user/users" => {
            let made = user(ctx, tx, called)?;
            Target::new(Some(made.number), made.id)
        }
        _ => {
            let asks = user(ctx, tx, called)?.id;
            let ticket = opened(actions::open_ticket(ctx, tx, asks, category.id, None)?);
            if kind == "/ticket/messages" {
                let made = said(ctx, tx, blobs, &ticket, called)?;
                return Ok(Target::new(Some(made.number), made.id));
            }
            let mut target = Target::new(Some(ticket.number), ticket.id);
            if rest.contains("{message}") {
                target.second = Some(said(ctx, tx, blobs, &ticket, called)?.number.to_string());
            }
            if rest.ends_with("/rate") || rest.ends_with("/reopen") {
                actions::close(ctx, tx, ticket.id)?;
            }
            target
        }
    })
}

/// A message with a file that is kept.
fn said(ctx: &Ctx, tx: &mut Tx<'_>, blobs: &Blobs, ticket: &Ticket, called: &str) -> Result<Message> {
    let hash = blobs.put_now(called.as_bytes())?;
    files::record(ctx, tx, hash, MediaType::of(called.as_bytes()), called.len(), None)?;
    let kept = Kept { hash: hash.to_string(), name: "target.txt".to_owned() };
    let said = Said { text: called.to_owned(), kept: Some(kept), ..Said::blank(MessageKind::File) };
    actions::add_message(ctx, tx, ticket.id, By::Contact, said)
}

fn opened(opening: Opening) -> Ticket {
    match opening {
        Opening::New(ticket) | Opening::AlreadyOpen(ticket) => ticket,
    }
}

fn category(ctx: &Ctx, tx: &mut Tx<'_>, called: &str, unique: &str) -> Result<Category> {
    // A name has sixty characters.
    let uz = format!("{called} {unique}").chars().take(60).collect();
    let name = Names { uz, ..Names::default() };
    actions::create_category(ctx, tx, NewCategory::named(name))
}

/// An id in Telegram that nobody else has.
fn telegram_id(ctx: &Ctx) -> i64 {
    i64::from(u32::from_be_bytes(ctx.random().bytes::<4>())) + 1
}

/// A head agent, who answers in every category.
fn agent(ctx: &Ctx, tx: &mut Tx<'_>, called: &str) -> Result<Agent> {
    let new = NewAgent {
        member: None,
        telegram_id: Some(telegram_id(ctx)),
        full_name: called.to_owned(),
        is_head: true,
        is_active: true,
        categories: Vec::new(),
    };
    actions::create_agent(ctx, tx, new)
}

/// Who asks, as a contact.
struct Asks {
    number: i64,
    id: Id<Contact>,
}

fn user(ctx: &Ctx, tx: &mut Tx<'_>, called: &str) -> Result<Asks> {
    let new = NewUser {
        telegram_id: telegram_id(ctx),
        username: None,
        full_name: called.to_owned(),
        phone: None,
        lang: None,
    };
    let contact = actions::put_user(ctx, tx, new)?.0.contact;
    Ok(Asks { number: contact.number, id: contact.id })
}

pub(crate) fn label(ctx: &Ctx, tx: &mut Tx<'_>, called: &str, unique: &str) -> Result<Target> {
    // A name has forty characters.
    let name = format!("{called} {unique}").chars().take(36).collect();
    let new = tickets::NewLabel { name, tone: "info".to_owned() };
    Ok(Target::new(None, actions::create_label(ctx, tx, new)?.id))
}

pub(crate) fn canned(ctx: &Ctx, tx: &mut Tx<'_>, called: &str, unique: &str) -> Result<Target> {
    let new = tickets::NewCannedReply {
        shortcut: unique.chars().take(30).collect(),
        uz: called.to_owned(),
        ru: String::new(),
        en: String::new(),
    };
    Ok(Target::new(None, actions::create_canned_reply(ctx, tx, new)?.id))
}
