//! The support desk's agents as actions: whoever writes from a chat that is an agent's does the desk's work there.
//!
//! Every action has the outcome `none`: whoever writes is no agent, or no head agent where that is needed. A ticket that the
//! agent may not see is `gone`, by whatever number it is asked for.

mod inviting;

use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use self::inviting::{
    DeskInvitation, DeskInvitations, DeskInvite, DeskInvited, DeskJoined, FillDeskInvite, JoinDesk,
    MakeDeskInvite, RevokeDeskInvite,
};

use crate::action::{ActionSignature, ArgCheck};

/// An action with these arguments and outcomes.
const fn action(
    name: &'static str,
    args: &'static [(&'static str, bool)],
    outcomes: &'static [&'static str],
) -> ActionSignature {
    ActionSignature { name, args, outcomes, checks: &[] }
}

/// The actions.
pub const ACTIONS: &[ActionSignature] = &[
    action("desk_agent", &[], &["ok", "none"]),
    ActionSignature {
        name: "desk_tickets",
        args: &[("pile", true), ("page", false)],
        outcomes: &["ok", "empty", "none"],
        checks: &[("pile", ArgCheck::OneOf(&["mine", "unassigned", "all"]))],
    },
    action("desk_ticket", &[("number", true), ("page", false)], &["ok", "gone", "none"]),
    action(
        "desk_answer",
        &[("number", true), ("said", true)],
        &["ok", "closed", "taken", "gone", "unfit", "none"],
    ),
    action("desk_take", &[("number", true)], &["ok", "closed", "gone", "none"]),
    action(
        "desk_hand",
        &[("number", true), ("agent", false), ("category", false)],
        &["ok", "closed", "gone", "none"],
    ),
    action("desk_close", &[("number", true)], &["ok", "closed", "gone", "none"]),
    action("desk_files", &[("number", true), ("page", false)], &["ok", "empty", "gone", "none"]),
    action("desk_note", &[("number", true), ("text", true)], &["ok", "unfit", "gone", "none"]),
    ActionSignature {
        name: "desk_duty",
        args: &[("act", true)],
        outcomes: &["ok", "none"],
        checks: &[("act", ArgCheck::OneOf(&["on", "off"]))],
    },
    ActionSignature {
        name: "desk_snooze",
        args: &[("number", true), ("act", true)],
        outcomes: &["ok", "closed", "gone", "none"],
        checks: &[("act", ArgCheck::OneOf(&["hour", "hours", "day", "week", "wake"]))],
    },
    action("desk_merge", &[("number", true), ("into", true)], &["ok", "closed", "unfit", "gone", "none"]),
    action("desk_activity", &[], &["ok", "none"]),
    action("desk_report", &[], &["ok", "none"]),
    action("desk_report_file", &[], &["ok", "none"]),
    action("desk_agents", &[("number", false)], &["ok", "gone", "none"]),
    action("desk_categories", &[], &["ok", "none"]),
    action(
        "desk_category",
        &[("number", false), ("uz", true), ("ru", false), ("en", false)],
        &["ok", "taken", "unfit", "gone", "none"],
    ),
    ActionSignature {
        name: "desk_category_set",
        args: &[("number", true), ("act", true)],
        outcomes: &["ok", "gone", "none"],
        checks: &[("act", ArgCheck::OneOf(&["on", "off", "up", "down"]))],
    },
    action("desk_person", &[("said", true)], &["ok", "known", "unknown", "none"]),
    // Whoever opens the link of an invitation is no agent yet.
    action("desk_join", &[("key", true)], &["ok", "known", "dead", "none"]),
    ActionSignature {
        name: "desk_invite_form",
        args: &[("form", false), ("act", false), ("category", false)],
        outcomes: &["ok", "none"],
        checks: &[("act", ArgCheck::OneOf(&["role", "uz", "ru", "en"]))],
    },
    action("desk_invite", &[("form", true)], &["ok", "unfit", "none"]),
    action("desk_invitations", &[], &["ok", "none"]),
    action("desk_revoke", &[("id", true)], &["ok", "gone", "none"]),
    action("desk_hire", &[("telegram_id", true), ("name", true)], &["ok", "known", "unfit", "none"]),
    ActionSignature {
        name: "desk_colleague",
        args: &[("number", true), ("act", false), ("category", false)],
        outcomes: &["ok", "own", "gone", "none"],
        checks: &[("act", ArgCheck::OneOf(&["on", "off"]))],
    },
];

/// What `desk_agent` answers: who writes, and what there is to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeskAgent {
    /// What the agent is called.
    pub name: String,
    /// Whether they see every ticket, and manage.
    pub is_head: bool,
    /// Whether they work now: who does not is told nothing of tickets that nobody has.
    pub is_on_duty: bool,
    /// Their open tickets.
    pub mine: i64,
    /// Open tickets that nobody has and that they may take.
    pub unassigned: i64,
    /// All open tickets that they see.
    pub all: i64,
}

/// `desk_tickets`: a part of a pile, the longest waiting first. Outcomes: `ok` with [`DeskTickets`]; `empty`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShowDeskTickets {
    /// `mine`, `unassigned` or `all`.
    pub pile: String,
    /// Which part, from 1.
    #[serde(default)]
    pub page: Option<i64>,
}

/// A part of a pile.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeskTickets {
    /// The tickets.
    pub items: Vec<DeskTicketLine>,
    /// Which part this is, from 1.
    pub page: i64,
    /// How many parts there are.
    pub pages: i64,
    /// How many tickets there are.
    pub total: i64,
}

/// A ticket of a pile.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeskTicketLine {
    /// What it is called by.
    pub number: i64,
    /// Who asks.
    pub who: String,
    /// What about, in the agent's language.
    pub category: String,
    /// Who has it.
    pub agent: Option<String>,
    /// How long the person waits for an answer; `None` where the last word is the staff's.
    pub wait: Option<Span>,
}

/// A time in words: only the largest two that are not zero are said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    /// Whole days.
    pub days: i64,
    /// Hours beyond them.
    pub hours: i64,
    /// Minutes beyond those.
    pub minutes: i64,
}

impl Span {
    /// So many seconds.
    pub const fn of_seconds(seconds: i64) -> Self {
        let minutes = seconds / 60;
        Self { days: minutes / 1_440, hours: minutes / 60 % 24, minutes: minutes % 60 }
    }
}

/// `desk_ticket`: one ticket, and what was said in it. Outcomes: `ok` with [`DeskTicket`]; `gone`. `desk_files`: sends what
/// people sent in that part once more. Outcomes: `ok`; `empty` where the bot has none of it; `gone`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShowDeskTicket {
    /// Its number, as a number or as it was typed.
    pub number: Value,
    /// Which part of what was said, from 1, the latest first.
    #[serde(default)]
    pub page: Option<i64>,
}

/// One ticket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeskTicket {
    /// What it is called by.
    pub number: i64,
    /// Who asks.
    pub who: String,
    /// Their number, when it is known.
    pub phone: Option<String>,
    /// What about, in the agent's language.
    pub category: String,
    /// Whether it is open.
    pub is_open: bool,
    /// Who has it.
    pub agent: Option<String>,
    /// Whether the agent who looks has it.
    pub is_mine: bool,
    /// How long the person waits for an answer.
    pub wait: Option<Span>,
    /// Out of sight until then, UTC milliseconds.
    #[serde(default)]
    pub snoozed_ms: Option<i64>,
    /// Whether a file stands in it.
    pub has_files: bool,
    /// A part of what was said, as it was said.
    pub messages: Vec<DeskMessage>,
    /// What the staff noted for itself beside that part.
    pub notes: Vec<DeskNote>,
    /// Which part this is, from 1, the latest first.
    pub page: i64,
    /// How many parts there are.
    pub pages: i64,
}

/// A note that only the staff reads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeskNote {
    /// Who wrote it.
    pub who: String,
    /// The words.
    pub text: String,
}

/// `desk_note`: writes a note that only the staff reads. Outcomes: `ok`; `unfit`; `gone`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WriteDeskNote {
    /// The ticket's number.
    pub number: Value,
    /// The words.
    pub text: String,
}

/// `desk_snooze`: puts a ticket out of sight for an `hour`, four `hours`, a `day` or a `week`, or into sight again (`wake`). Outcomes:
/// `ok`; `closed`; `gone`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SnoozeDeskTicket {
    /// The ticket's number.
    pub number: Value,
    /// What to do.
    pub act: String,
}

/// `desk_merge`: has what was said in a ticket stand in another, open one. Outcomes: `ok`; `closed` for one that was merged before;
/// `unfit` for the other, which is the same, closed or not seen; `gone`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MergeDeskTicket {
    /// The ticket's number.
    pub number: Value,
    /// The number of the other one.
    pub into: Value,
}

/// `desk_duty`: the agent works from now on (`on`), or does no more (`off`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetDeskDuty {
    /// What to do.
    pub act: String,
}

/// What was said in a ticket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeskMessage {
    /// Who said it.
    pub who: String,
    /// Whether the staff did.
    pub is_answer: bool,
    /// When, UTC milliseconds.
    pub at_ms: i64,
    /// `text`, `image`, `video`, `audio`, `file` or `location`.
    pub kind: String,
    /// The words; those under a file, or where the point on the map is.
    pub text: String,
}

/// `desk_answer`: the agent answers. Outcomes: `ok`; `closed` (meanwhile); `taken` with [`Taken`] where another agent has the
/// ticket; `unfit` for what a ticket cannot hold; `gone`. In all but `ok` nothing is sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeskAnswer {
    /// The ticket's number.
    pub number: Value,
    /// What was said, as an `any` step keeps it.
    pub said: Value,
}

/// Somebody else has the ticket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Taken {
    /// Who.
    pub agent: String,
}

/// `desk_take`, `desk_close`: which ticket. `desk_agents`: those who answer in its category.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfTicket {
    /// The ticket's number.
    #[serde(default)]
    pub number: Value,
}

/// `desk_hand`: gives a ticket to an agent of its category, or to another category. Outcomes: `ok`; `closed`; `gone` for the
/// ticket, the agent and the category.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeskHand {
    /// The ticket's number.
    pub number: Value,
    /// The agent's number.
    #[serde(default)]
    pub agent: Option<i64>,
    /// The category's number.
    #[serde(default)]
    pub category: Option<i64>,
}

/// What `desk_activity` and `desk_report` answer: today, seven days and thirty days.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeskFigures {
    /// The shortest first.
    pub periods: Vec<DeskPeriod>,
}

/// What was done in a time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeskPeriod {
    /// `today`, `week` or `month`.
    pub name: String,
    /// Tickets that were opened; of all agents only.
    pub opened: i64,
    /// Answers that were given.
    pub answered: i64,
    /// Tickets that were closed.
    pub closed: i64,
    /// How long the first answers took in the mean.
    pub first_answer: Option<Span>,
}

/// What `desk_agents` answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeskAgents {
    /// By number.
    pub items: Vec<DeskColleague>,
}

/// An agent as colleagues see them. `desk_colleague` and `desk_hire` answer it with `ok`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeskColleague {
    /// What they are called by.
    pub number: i64,
    /// Their name.
    pub name: String,
    /// Their id in Telegram.
    pub telegram_id: Option<i64>,
    /// Whether they are a head agent.
    pub is_head: bool,
    /// Whether they answer now.
    pub is_active: bool,
    /// Their open tickets; not said to those who only hand a ticket over.
    pub open: i64,
    /// Every category, and whether they answer in it; empty in lists.
    pub categories: Vec<DeskDuty>,
}

/// A category, and whether an agent answers in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeskDuty {
    /// The category's number.
    pub number: i64,
    /// Its name.
    pub name: String,
    /// Whether the agent answers there.
    pub has: bool,
}

/// What `desk_categories` answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeskCategories {
    /// In the order in which they are offered.
    pub items: Vec<DeskCategory>,
}

/// A category as head agents see it. `desk_category` and `desk_category_set` answer it with `ok`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeskCategory {
    /// What it is called by.
    pub number: i64,
    /// Its name in the agent's language.
    pub name: String,
    /// In Uzbek.
    pub uz: String,
    /// In Russian.
    pub ru: Option<String>,
    /// In English.
    pub en: Option<String>,
    /// Whether it is offered.
    pub is_active: bool,
}

/// `desk_category`: writes a category, a new one where no number is given. Outcomes: `ok`; `taken` for a name that another one
/// has; `unfit`; `gone`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WriteDeskCategory {
    /// Of one that is there.
    #[serde(default)]
    pub number: Option<i64>,
    /// In Uzbek.
    pub uz: String,
    /// In Russian.
    #[serde(default)]
    pub ru: Option<String>,
    /// In English.
    #[serde(default)]
    pub en: Option<String>,
}

/// `desk_category_set`: offers a category or not (`on`, `off`), or moves it among the others (`up`, `down`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetDeskCategory {
    /// Its number.
    pub number: i64,
    /// What to do.
    pub act: String,
}

/// `desk_person`: whom a Telegram id that was typed, or a contact that was shared, means. Outcomes: `ok` with [`DeskPerson`];
/// `known` with it for an agent who is there; `unknown`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FindDeskPerson {
    /// What was said, as an `any` step keeps it.
    pub said: Value,
}

/// Somebody who may become an agent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeskPerson {
    /// Their id in Telegram.
    pub telegram_id: i64,
    /// What they are called, when that is known.
    pub name: Option<String>,
}

/// `desk_hire`: makes an agent. Outcomes: `ok` with [`DeskColleague`]; `known`; `unfit`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HireDeskAgent {
    /// Their id in Telegram.
    pub telegram_id: i64,
    /// What they are called.
    pub name: String,
}

/// `desk_colleague`: an agent, after something of them was changed where that is said. Outcomes: `ok` with [`DeskColleague`];
/// `own` for a head agent who would put themselves away; `gone`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetDeskColleague {
    /// Their number.
    pub number: i64,
    /// `on`, `off` or nothing.
    #[serde(default)]
    pub act: Option<String>,
    /// The number of a category in which they answer from now on, or do no more.
    #[serde(default)]
    pub category: Option<i64>,
}
