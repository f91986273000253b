//! The conversation that is open: what was said, what can be done, and what is known of the person.

use context::{Ctx, Permission};
use db::ReadTx;
use kernel::{Id, PageRequest, Result, Timestamp};
use sales::Order;
use tickets::{CannedReply, Filling, Label};
use web::{
    Caller, RowKey,
    pages::{Action, Badge, Facts, Form, Shell},
};

use super::{Kept, log::Log, person};
use crate::{
    ChannelKind, Conversation, Message,
    inbox::assigned_to_me,
    pages::words,
    reads::{self, ConversationState, ConversationSummary},
};

/// Orders of the person that the timeline shows.
const ORDERS_SHOWN: u32 = 8;
/// Words that the island needs.
const TEXTS: &[&str] = &["bots-compose-failed"];

/// What was read of it.
pub(super) struct Found {
    pub(super) summary: ConversationSummary,
    messages: Vec<Message>,
    labels: Vec<Label>,
    canned: Vec<CannedReply>,
    filling: Filling,
    orders: Vec<Order>,
    others: Vec<ConversationSummary>,
}

impl Found {
    pub(super) fn find(ctx: &Ctx, tx: &mut ReadTx, key: RowKey, before: Option<i64>) -> Result<Self> {
        let summary = reads::get_conversation(ctx, tx, None, key)?;
        let messages = reads::list_messages(ctx, tx, summary.row.id, before)?;
        let (mut orders, mut others) = (Vec::new(), Vec::new());
        if let Some(contact) = summary.row.contact {
            if ctx.may(Permission::SalesRead) {
                orders =
                    sales::orders_of_customer(ctx, tx, contact, PageRequest::new(1, ORDERS_SHOWN))?.results;
            }
            others = reads::conversations_of(ctx, tx, contact)?;
            others.retain(|other| other.row.id != summary.row.id);
        }
        let labels = tickets::reads::labels(ctx, tx)?;
        let canned = tickets::reads::canned_replies(ctx, tx)?;
        let filling = reads::filling_of(ctx, tx, &summary)?;
        Ok(Self { summary, messages, labels, canned, filling, orders, others })
    }
}

/// A label to choose.
#[derive(Debug)]
pub(super) struct LabelChoice {
    pub(super) id: Id<Label>,
    pub(super) name: String,
    pub(super) chosen: bool,
}

/// Something that happened with the person.
#[derive(Debug)]
pub(super) struct Past {
    pub(super) icon: &'static str,
    pub(super) text: String,
    pub(super) href: Option<String>,
    pub(super) at: Timestamp,
    pub(super) when: String,
}

/// The middle and the right part.
#[derive(Debug)]
pub(super) struct Open {
    pub(super) id: Id<Conversation>,
    pub(super) person: String,
    pub(super) badge: Badge,
    pub(super) assignee: Option<String>,
    pub(super) actions: Vec<Action>,
    pub(super) log: Log,
    pub(super) last_seq: i64,
    pub(super) lang: &'static str,
    pub(super) unread: i64,
    pub(super) canned: String,
    pub(super) texts: String,
    pub(super) may_answer: bool,
    pub(super) key: String,
    pub(super) typed: String,
    pub(super) problem: Option<String>,
    pub(super) facts: Facts,
    /// Where the staff says who the person is.
    pub(super) person_form: Option<Form>,
    pub(super) is_person_refused: bool,
    pub(super) clearing: Option<Action>,
    pub(super) labels: Vec<Label>,
    pub(super) label_choices: Vec<LabelChoice>,
    pub(super) timeline: Vec<Past>,
}

impl Open {
    pub(super) fn new(caller: &Caller, p: &Shell, found: Found, kept: &Kept<'_>) -> Self {
        let Found { summary, messages, labels, canned, filling, orders, others } = found;
        let state = summary.row.state();
        let (tone, word) = words::conversation_state(&p.words, &summary.row);
        let may_answer = may_answer(p);
        let lang = summary.row.lang.unwrap_or_default();
        let (typed, problem) = match kept {
            Kept::Words { typed, problem } => ((*typed).to_owned(), Some(problem.clone())),
            _ => (String::new(), None),
        };
        let chosen = &summary.labels;
        let choice = |label: Label| LabelChoice {
            chosen: chosen.iter().any(|one| one.id == label.id),
            id: label.id,
            name: label.name,
        };
        Self {
            id: summary.row.id,
            person: words::person(&p.words, &summary),
            badge: Badge::new(tone, word),
            assignee: summary.row.desk.assignee_name.clone(),
            actions: actions(caller, p, &summary, may_answer),
            last_seq: messages.last().map_or(0, |last| last.seq),
            log: Log::new(caller, &summary.row, words::person(&p.words, &summary), &messages),
            lang: lang.code(),
            unread: summary.row.desk.unread,
            canned: tickets::filled_json(&canned, lang, &filling),
            texts: p.words.json("bots-", TEXTS),
            may_answer: may_answer && state != ConversationState::Blocked,
            key: p.next_form_key(),
            typed,
            problem,
            is_person_refused: matches!(kept, Kept::Person { .. }),
            person_form: person::form(p, &summary, kept).filter(|_| may_answer),
            clearing: person::clearing(p, &summary).filter(|_| may_answer),
            facts: facts(p, &summary),
            labels: summary.labels.clone(),
            label_choices: labels.into_iter().map(choice).collect(),
            timeline: timeline(p, &summary, &orders, &others),
        }
    }
}

fn may_answer(p: &Shell) -> bool {
    p.can(Permission::TicketsEdit) || p.can(Permission::BotsEdit)
}

fn actions(caller: &Caller, p: &Shell, summary: &ConversationSummary, may_answer: bool) -> Vec<Action> {
    let path = format!("/conversations/{}", summary.row.id);
    let desk = &summary.row.desk;
    if !may_answer {
        return Vec::new();
    }
    let mut actions = Vec::new();
    if !desk.with_person || !assigned_to_me(&caller.ctx, desk.assignee) {
        let take = Action::post(p, format!("{path}/take-over"), p.t("bots-take-over"));
        actions.push(match &desk.assignee_name {
            Some(name) if desk.with_person => {
                take.confirm(p.t1("bots-take-over-from", "name", name.as_str()))
            }
            _ => take.primary(),
        });
    }
    if desk.with_person {
        actions.push(Action::post(p, format!("{path}/hand-back"), p.t("bots-hand-back")).icon("robot"));
    }
    actions
}

fn facts(p: &Shell, summary: &ConversationSummary) -> Facts {
    let ConversationSummary { row, bot, kind, contact, last_said: _, labels: _ } = summary;
    let facts = match contact {
        Some(contact) if p.can(Permission::SalesRead) => {
            let phone = contact.phone.as_ref().map(kernel::Phone::pretty).unwrap_or_default();
            // Typed by whoever writes: it may be the number of any customer.
            let phone = match kind {
                ChannelKind::Web => format!("{phone} ({})", p.t("bots-web-phone-unproved")),
                _ => phone,
            };
            Facts::new()
                .link(p.t("bots-contact"), contact.name.clone(), format!("/contacts/{}", contact.number))
                .text(p.t("bots-shop-phone"), phone)
        }
        _ => Facts::new().text(p.t("bots-contact"), p.t("bots-contact-unknown")),
    };
    let username = row.username.as_ref().map(|name| format!("@{name}")).unwrap_or_default();
    let waiting = row.desk.waiting_since.map(|since| p.time(since)).unwrap_or_default();
    facts
        .text(p.t("bots-username"), username)
        .text(p.t("web-language"), row.lang.map(|lang| lang.name()).unwrap_or_default())
        .link(p.t("bots-bot"), bot.name.clone(), format!("/bots/{}", bot.number))
        .text(p.t("bots-channel"), words::kind(&p.words, *kind))
        .text(p.t("bots-waiting-since"), waiting)
        .text(p.t("bots-first-at"), p.time(row.created_at))
        .text(p.t("bots-last-at"), p.time(row.last_at))
}

/// What happened with the person, newest first.
fn timeline(
    p: &Shell,
    summary: &ConversationSummary,
    orders: &[Order],
    others: &[ConversationSummary],
) -> Vec<Past> {
    let mut all = Vec::new();
    let mut past = |icon, text: String, href, at: Timestamp| {
        all.push(Past { icon, text, href, at, when: p.time(at) });
    };
    past(
        "chat-dots",
        p.t1("bots-timeline-began", "bot", summary.bot.name.as_str()),
        None,
        summary.row.created_at,
    );
    for other in others {
        let text = p.t1("bots-timeline-began", "bot", other.bot.name.as_str());
        past("chat-dots", text, Some(format!("/conversations/{}", other.row.id)), other.row.created_at);
    }
    for order in orders {
        let text = p.words.say(
            &kernel::Text::new("bots-timeline-order")
                .with("number", order.number.to_string())
                .with("total", p.money(order.amounts.total)),
        );
        past("cart3", text, Some(format!("/orders/{}", order.number)), order.created_at);
    }
    all.sort_by_key(|past| std::cmp::Reverse(past.at));
    all
}
