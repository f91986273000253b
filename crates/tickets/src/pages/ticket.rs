//! The ticket that is open: what was said and done, what can be done, and what is known of it.

pub(super) mod acts;
pub(super) mod form;

use askama::Template;
use axum::{extract::Path, response::Response};
use contacts::Contact;
use context::{Ctx, Permission};
use db::ReadTx;
use files::Asked;
use kernel::{Error, Id, Phone, Result, Timestamp, degrees};
use web::{
    Caller, RowKey,
    pages::{Action, Badge, Choice, Facts, Field, Form, Icon, Shell, Words, render},
};

use super::{
    desk::{Kept as Typed, Listed, Refused, number_of},
    words,
};
use crate::{
    Act, Agent, CannedReply, Deed, Filling, Label, Message, MessageKind, Ticket,
    api::{find_ticket, send_kept},
    canned::filled_json,
    reads::{self, Sight},
};

/// Messages that a page shows at once.
const MESSAGES_AT_ONCE: i64 = 200;
/// Other tickets of the same contact that are shown.
const OTHERS_SHOWN: u32 = 8;
/// How long a ticket can sleep, by a button: hours, and what it is called.
const SNOOZES: [(i64, &str); 4] = [
    (1, "tickets-snooze-hour"),
    (4, "tickets-snooze-four-hours"),
    (24, "tickets-snooze-day"),
    (7 * 24, "tickets-snooze-week"),
];

/// What was read of it.
pub(super) struct Found {
    pub(super) ticket: Ticket,
    contact: Contact,
    messages: Vec<Message>,
    acts: Vec<Act>,
    others: Vec<Ticket>,
    merged_into: Option<i64>,
    labels: Vec<Label>,
    canned: Vec<CannedReply>,
    filling: Filling,
}

impl Found {
    pub(super) fn find(ctx: &Ctx, tx: &mut ReadTx, key: RowKey, before: Option<i64>) -> Result<Self> {
        let ticket = find_ticket(ctx, tx, RowKey::Number(number_of(key)?))?;
        let until = before.map_or(ticket.last_place, |before| before.saturating_sub(1));
        let until = until.clamp(0, ticket.last_place);
        let behind = until.saturating_sub(MESSAGES_AT_ONCE).max(0);
        let contact = contacts::get_many(ctx, tx, &[ticket.contact])?.pop().ok_or_else(Error::not_found)?;
        let mut others = reads::of_contact(ctx, tx, ticket.contact, OTHERS_SHOWN)?;
        others.retain(|other| other.id != ticket.id);
        let merged_into = match ticket.merged_into {
            Some(into) => reads::get(ctx, tx, into).ok().map(|into| into.number),
            None => None,
        };
        // What was done after the last message stands at the end of the last part.
        let last_act = if until == ticket.last_place { i64::MAX } else { until };
        Ok(Self {
            labels: reads::labels_of_tickets(ctx, tx, std::slice::from_ref(&ticket))?
                .remove(&ticket.id)
                .unwrap_or_default(),
            canned: match ctx.may(Permission::TicketsEdit) {
                true => reads::canned_replies(ctx, tx)?,
                false => Vec::new(),
            },
            filling: reads::filling(ctx, tx, &contact.name, contact.lang, Some(&ticket))?,
            messages: reads::said_between(ctx, tx, ticket.id, behind, until)?,
            acts: reads::acts(ctx, tx, ticket.id, behind, last_act)?,
            ticket,
            contact,
            others,
            merged_into,
        })
    }
}

/// One line of the log.
#[derive(Debug)]
enum Line {
    Said(Said),
    Note { author: String, text: String, at: Timestamp },
    Done { text: String, at: Timestamp },
}

/// A message as the log shows it.
#[derive(Debug)]
struct Said {
    kind: MessageKind,
    is_answer: bool,
    author: String,
    text: String,
    /// Where the file can be had, and what it is called.
    file: Option<(String, String)>,
    /// What is said where there is no file to show.
    missing: Option<String>,
    /// Why it did not arrive.
    undelivered: Option<String>,
    place: Option<String>,
    is_edited: bool,
    at: Timestamp,
}

/// What was said and done.
#[derive(Debug, Template)]
#[template(path = "desk_log.html")]
pub(super) struct Log {
    words: Words,
    lines: Vec<Line>,
    older: Option<String>,
}
impl askama::filters::HtmlSafe for Log {}

impl Log {
    fn icon(&self, name: &'static str) -> Icon {
        Icon::new(name)
    }

    fn when(&self, said: &Said) -> String {
        self.words.time(said.at)
    }

    fn is_picture(&self, said: &Said) -> bool {
        said.kind == MessageKind::Image
    }

    fn is_sound(&self, said: &Said) -> bool {
        said.kind == MessageKind::Audio
    }

    fn is_film(&self, said: &Said) -> bool {
        said.kind == MessageKind::Video
    }

    fn new(p: &Shell, found: &Found, agents: &[Agent], categories: &[crate::Category]) -> Self {
        let Found { ticket, contact, messages, acts, .. } = found;
        let mut acts = acts.iter().peekable();
        let mut lines = Vec::new();
        let done = |act: &Act| match &act.deed {
            Deed::Note { text } => {
                Line::Note { author: act.author.clone(), text: text.clone(), at: act.created_at }
            }
            deed => Line::Done { text: words::deed(p, deed, &act.author, categories), at: act.created_at },
        };
        for message in messages {
            while let Some(act) = acts.next_if(|act| act.after_place < message.place) {
                lines.push(done(act));
            }
            lines.push(Line::Said(said(p, ticket, contact, message, agents)));
        }
        lines.extend(acts.map(done));
        let first = messages.first().map(|first| first.place).filter(|place| *place > 1);
        let older = first.map(|place| format!("/desk/{}?before={place}", ticket.number));
        Self { words: p.words.clone(), lines, older }
    }
}

fn said(p: &Shell, ticket: &Ticket, contact: &Contact, message: &Message, agents: &[Agent]) -> Said {
    let Message { said, is_answer, agent, created_at, edited_at, file_error, undelivered, .. } = message;
    let author = match (is_answer, agent) {
        (false, _) => contact.name.clone(),
        (true, Some(id)) => agents
            .iter()
            .find(|agent| agent.id == *id)
            .map(|agent| agent.full_name.clone())
            .unwrap_or_default(),
        (true, None) => p.t("tickets-staff"),
    };
    let own = said.kept.as_ref().map(|kept| {
        let name = if kept.name.is_empty() { p.t(words::kind(said.kind)) } else { kept.name.clone() };
        (format!("/desk/{}/files/{}", ticket.number, message.number), name)
    });
    let elsewhere = said.file_url.clone().map(|url| (url, p.t(words::kind(said.kind))));
    let file = own.or(elsewhere);
    let is_file =
        matches!(said.kind, MessageKind::Image | MessageKind::Video | MessageKind::Audio | MessageKind::File);
    let missing = (is_file && file.is_none()).then(|| match file_error {
        Some(_) => p.t1("tickets-file-lost", "what", p.t(words::kind(said.kind))),
        None => p.t1("tickets-file-elsewhere", "what", p.t(words::kind(said.kind))),
    });
    let place =
        said.place.map(|place| format!("{}, {}", degrees(place.latitude_e6), degrees(place.longitude_e6)));
    Said {
        kind: said.kind,
        is_answer: *is_answer,
        author,
        text: said.text.clone(),
        file,
        missing,
        undelivered: undelivered.map(|why| p.t(words::undelivered(why))),
        place,
        is_edited: edited_at.is_some(),
        at: *created_at,
    }
}

/// The middle and the right part.
#[derive(Debug)]
pub(super) struct Open {
    pub(super) id: Id<Ticket>,
    pub(super) number: i64,
    pub(super) person: String,
    pub(super) badge: Badge,
    pub(super) about: String,
    pub(super) actions: Vec<Action>,
    pub(super) log: Log,
    pub(super) log_href: String,
    pub(super) last_place: i64,
    /// What can be written: nothing where there is no agent, or the ticket is closed.
    pub(super) may_answer: bool,
    pub(super) may_note: bool,
    pub(super) key: String,
    pub(super) typed: String,
    pub(super) is_note: bool,
    pub(super) problem: Option<String>,
    pub(super) file_form: Option<Form>,
    pub(super) facts: Facts,
    pub(super) forms: Vec<(String, Form)>,
    pub(super) snoozes: Vec<Action>,
    pub(super) others: Vec<(String, String)>,
    pub(super) others_here: String,
    /// The canned replies as the island reads them, in the person's language.
    pub(super) canned: String,
    pub(super) labels: Vec<Label>,
    pub(super) label_key: String,
    /// Every label, and whether the ticket has it, or should have had it.
    pub(super) label_choices: Vec<(Label, bool)>,
    /// Why other labels were refused.
    pub(super) label_problem: Option<String>,
}

impl Open {
    pub(super) fn new(caller: &Caller, found: Found, listed: &Listed, kept: &Typed) -> Result<Self> {
        let p = &caller.shell();
        let Listed { sight, categories, agents, .. } = listed;
        let log = Log::new(p, &found, agents, categories);
        let Found { ticket, contact, others, merged_into, labels, canned, filling, .. } = found;
        let refused = kept.refused.as_ref().filter(|refused| refused.form == "labels");
        let is_chosen = |label: &Label| match refused {
            Some(refused) => refused.typed.split(' ').any(|id| id == label.id.to_string()),
            None => labels.contains(label),
        };
        let may_edit = p.can(Permission::TicketsEdit);
        let category = categories.iter().find(|one| one.id == ticket.category);
        let agent = ticket.agent.and_then(|id| agents.iter().find(|agent| agent.id == id));
        let category_name = category.map(|one| one.name.get(p.lang()).to_owned()).unwrap_or_default();
        let about = match agent {
            Some(agent) => format!("{category_name} · {}", agent.full_name),
            None => format!("{category_name} · {}", p.t("tickets-nobody")),
        };
        let may_answer = may_edit && ticket.is_open && sight.agent().is_some();
        let path = format!("/desk/{}", ticket.number);
        let file_form = may_answer.then(|| {
            Form::new(p, format!("{path}/file"))
                .field(Field::file("file", "tickets-file", "").required())
                .field(Field::text("text", "tickets-file-words").max(1024))
                .submit("tickets-file-send")
        });
        Ok(Self {
            id: ticket.id,
            number: ticket.number,
            person: contact.name.clone(),
            badge: words::state(&p.words, &ticket, caller.ctx.now()),
            about,
            actions: if may_edit { actions(p, &ticket, sight) } else { Vec::new() },
            log,
            log_href: path.clone(),
            last_place: ticket.last_place,
            may_answer,
            may_note: may_edit,
            key: p.next_form_key(),
            typed: kept.typed.clone(),
            is_note: kept.is_note,
            problem: kept.problem.clone(),
            file_form,
            facts: facts(p, &ticket, &contact, category_name, agent, merged_into),
            forms: if may_edit { forms(p, &ticket, listed, kept.refused.as_ref()) } else { Vec::new() },
            snoozes: if may_edit && ticket.is_open { snoozes(p, &ticket) } else { Vec::new() },
            others: others
                .iter()
                .map(|other| {
                    let state = words::state(&p.words, other, caller.ctx.now());
                    let label =
                        format!("№ {} · {} · {}", other.number, p.time(other.created_at), state.label);
                    (format!("/desk/{}", other.number), label)
                })
                .collect(),
            others_here: format!("{path}/present"),
            canned: filled_json(&canned, contact.lang, &filling),
            label_choices: listed.labels.iter().map(|label| (label.clone(), is_chosen(label))).collect(),
            label_problem: refused.map(|refused| p.say(acts::first_of(&refused.error))),
            label_key: p.next_form_key(),
            labels,
        })
    }
}

fn actions(p: &Shell, ticket: &Ticket, sight: &Sight) -> Vec<Action> {
    let path = format!("/desk/{}", ticket.number);
    if !ticket.is_open {
        return match ticket.merged_into {
            Some(_) => Vec::new(),
            None => {
                vec![Action::post(p, format!("{path}/reopen"), p.t("tickets-reopen")).icon("arrow-clockwise")]
            }
        };
    }
    let mut actions = Vec::new();
    let is_own = sight.agent().is_some_and(|own| ticket.agent == Some(own.id));
    if sight.agent().is_some() && !is_own {
        actions.push(Action::post(p, format!("{path}/take"), p.t("tickets-take")).primary());
    }
    actions.push(Action::post(p, format!("{path}/close"), p.t("tickets-close")).icon("check-lg"));
    actions
}

fn snoozes(p: &Shell, ticket: &Ticket) -> Vec<Action> {
    let path = format!("/desk/{}", ticket.number);
    if ticket.snoozed_until.is_some() {
        return vec![Action::post(p, format!("{path}/wake"), p.t("tickets-wake")).icon("bell")];
    }
    SNOOZES.map(|(hours, key)| Action::post(p, format!("{path}/snooze?hours={hours}"), p.t(key))).into()
}

fn facts(
    p: &Shell,
    ticket: &Ticket,
    contact: &Contact,
    category: String,
    agent: Option<&Agent>,
    merged_into: Option<i64>,
) -> Facts {
    let phone = contact.phone.as_ref().map(Phone::pretty).unwrap_or_default();
    let facts = match p.can(Permission::SalesRead) {
        true => Facts::new().link(
            p.t("tickets-contact"),
            contact.name.clone(),
            format!("/contacts/{}", contact.number),
        ),
        false => Facts::new().text(p.t("tickets-contact"), contact.name.clone()),
    };
    let mut facts = facts
        .text(p.t("tickets-phone"), phone)
        .text(p.t("web-language"), contact.lang.name())
        .text(p.t("tickets-category"), category)
        .text(
            p.t("tickets-agent"),
            agent.map_or_else(|| p.t("tickets-nobody"), |agent| agent.full_name.clone()),
        )
        .text(p.t("tickets-opened-at"), p.time(ticket.created_at));
    for (key, at) in [
        ("tickets-first-answer-at", ticket.first_answer_at),
        ("tickets-answer-due", ticket.clock.answer_due_at),
        ("tickets-resolve-due", ticket.clock.resolve_due_at),
        ("tickets-snoozed-until", ticket.snoozed_until),
        ("tickets-closed-at", ticket.closed_at),
    ] {
        if let Some(at) = at {
            facts = facts.text(p.t(key), p.time(at));
        }
    }
    if let Some(by) = &ticket.closed_by {
        facts = facts.text(p.t("tickets-closed-by"), by.clone());
    }
    if let Some(rating) = &ticket.rating {
        facts = facts.text(p.t("tickets-rating"), words::stars_of(rating.stars));
    }
    match merged_into {
        Some(number) => {
            facts.link(p.t("tickets-merged-into"), format!("№ {number}"), format!("/desk/{number}"))
        }
        None => facts,
    }
}

fn forms(p: &Shell, ticket: &Ticket, listed: &Listed, refused: Option<&Refused>) -> Vec<(String, Form)> {
    let path = format!("/desk/{}", ticket.number);
    let mut forms = Vec::new();
    let of = |form: &str| refused.filter(|refused| refused.form == form);
    // What was sent stands there again, with the reason beside it.
    let new = |form: &'static str| {
        Form::new(p, format!("{path}/{form}")).error(of(form).map(|refused| &refused.error))
    };
    let typed = |form: &str, value: String| of(form).map_or(value, |refused| refused.typed.clone());
    if ticket.is_open {
        let answering = listed.agents.iter().filter(|agent| agent.answers_in(ticket.category));
        let choices = answering
            .map(|agent| {
                let label = match agent.is_on_duty {
                    true => agent.full_name.clone(),
                    false => p.t1("tickets-agent-off", "name", agent.full_name.as_str()),
                };
                Choice::new(agent.number.to_string(), label)
            })
            .collect();
        let current = ticket.agent.and_then(|id| listed.agents.iter().find(|agent| agent.id == id));
        let value = current.map(|agent| agent.number.to_string()).unwrap_or_default();
        let form = new("assign")
            .field(Field::select("agent", "tickets-agent", choices).value(typed("assign", value)))
            .submit("tickets-assign");
        forms.push((p.t("tickets-assign-title"), form));
        let choices = listed
            .categories
            .iter()
            .filter(|category| category.is_active)
            .map(|category| Choice::new(category.number.to_string(), category.name.get(p.lang())))
            .collect();
        let current = listed.categories.iter().find(|category| category.id == ticket.category);
        let value = current.map(|category| category.number.to_string()).unwrap_or_default();
        let value = typed("category", value);
        let form = new("category")
            .field(Field::select("category", "tickets-category", choices).value(value).required())
            .submit("tickets-move");
        forms.push((p.t("tickets-move-title"), form));
    }
    if ticket.merged_into.is_none() {
        let into = Field::text("into", "tickets-merge-number").value(typed("merge", String::new()));
        let form = new("merge").field(into.required().max(12)).submit("tickets-merge");
        forms.push((p.t("tickets-merge-title"), form));
    }
    forms
}

/// `GET /desk/{number}/files/{message}`: the file of a message, for whoever sees its ticket.
pub(super) async fn file(
    caller: Caller,
    Path((ticket, message)): Path<(RowKey, RowKey)>,
    asked: Asked,
) -> web::Result<Response> {
    let (ticket, message) = (number_of(ticket)?, number_of(message)?);
    let kept = caller
        .read(move |ctx, tx| {
            let message = reads::get_message_by_number(ctx, tx, message)?;
            let of = reads::get(ctx, tx, message.ticket)?;
            if of.number != ticket {
                return Err(Error::not_found());
            }
            message.said.kept.ok_or_else(Error::not_found)
        })
        .await?;
    send_kept(&caller, &kept, &asked).await
}

/// The part of a page that says who else is there.
#[derive(Debug, Template)]
#[template(path = "desk_present.html")]
struct Present {
    words: Words,
    others: Vec<crate::Presence>,
}

fn present(words: Words, others: Vec<crate::Presence>) -> Response {
    render(&Present { words, others })
}
