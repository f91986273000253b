//! A bot as data, compiled: steps by number, texts read, targets resolved. Made by [`crate::Blueprint::load`] only.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;
use kernel::{Lang, Zone};
use serde_json::Value;

use crate::{
    action::ActionSignature,
    engine::writing,
    expr::{Expr, Scope},
    input::Input,
    phrase::Phrase,
    problem::Problem,
    read,
    small_talk::SmallTalk,
    template::{Dictionaries, Template},
};

/// The version of the format that this engine reads; a file says it as `format = 1`.
pub const FORMAT: i64 = 1;

/// A bot as data, ready to run. Immutable and cheap to share.
#[derive(Debug)]
pub struct Blueprint {
    pub(crate) id: String,
    pub(crate) version: u32,
    pub(crate) name: Texts,
    pub(crate) lang: Lang,
    pub(crate) steps: Vec<Step>,
    /// Number of a step by `flow.step`.
    pub(crate) places: HashMap<String, usize>,
    pub(crate) start: usize,
    pub(crate) home: usize,
    pub(crate) commands: Vec<Command>,
    pub(crate) variables: Vec<Variable>,
    pub(crate) on: On,
    pub(crate) phrases: BTreeMap<Phrase, Texts>,
    pub(crate) words: Dictionaries,
    pub(crate) notifications: BTreeMap<String, Notification>,
    pub(crate) small_talk: Vec<SmallTalk>,
}

impl Blueprint {
    /// Reads, checks and compiles a blueprint. `file` names it in the problems; `actions` are what the host can do.
    /// All problems are found at once, in the order of lines.
    pub fn load(file: &str, source: &str, actions: &[ActionSignature]) -> Result<Self, Vec<Problem>> {
        read::load(file, source, actions)
    }

    /// The blueprint's id, such as `shop`.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The version the file states.
    pub const fn version(&self) -> u32 {
        self.version
    }

    /// What people call it.
    pub fn name(&self, lang: Lang) -> String {
        self.plain(&self.name, lang)
    }

    /// The language spoken before the person has chosen one.
    pub const fn language(&self) -> Lang {
        self.lang
    }

    /// The commands with their descriptions, in the order of the file, for the channel's menu.
    pub fn commands(&self, lang: Lang) -> Vec<(&str, String)> {
        let shown = self.commands.iter().filter(|command| !command.hidden);
        shown.map(|command| (command.name.as_str(), self.plain(&command.text, lang))).collect()
    }

    /// Whether a command of this name is understood, also one that the channel's menu does not show.
    pub fn has_command(&self, name: &str) -> bool {
        self.commands.iter().any(|command| command.name == name)
    }

    /// The steps as `flow.step`, in the order of the file.
    pub fn steps(&self) -> impl Iterator<Item = &str> {
        self.steps.iter().map(|step| step.place.as_str())
    }

    /// The steps that people come to, in the order of the file, in the words of this language: what the counts of
    /// [`crate::Visit`] are about.
    pub fn outline(&self, lang: Lang) -> Vec<Outline<'_>> {
        let said = |texts: &Texts| self.plain(texts, lang);
        let of = |step: &'_ Step| {
            let (kind, words) = match &step.kind {
                Kind::Ask(ask) => (OutlineKind::Question, said(&ask.text)),
                Kind::Act(act) => (OutlineKind::Action, act.call.clone()),
                Kind::Handover { text } => {
                    (OutlineKind::Handover, text.as_ref().map(said).unwrap_or_default())
                }
                _ => return None,
            };
            Some((kind, words))
        };
        let steps = self.steps.iter();
        steps
            .filter_map(|step| of(step).map(|(kind, words)| Outline { step: &step.place, kind, words }))
            .collect()
    }

    /// The step that is home, as `flow.step`.
    pub fn home(&self) -> &str {
        self.steps.get(self.home).map_or("", |step| step.place.as_str())
    }

    /// The actions that it calls, in the order of the file, as often as it does.
    pub fn calls(&self) -> impl Iterator<Item = &str> {
        self.steps.iter().filter_map(|step| match &step.kind {
            Kind::Act(act) => Some(act.call.as_str()),
            _ => None,
        })
    }

    /// The names of the notifications that [`crate::render_notification`] can make.
    pub fn notifications(&self) -> impl Iterator<Item = &str> {
        self.notifications.keys().map(String::as_str)
    }

    /// The words of a phrase. Reading puts all of them there; the name stands in for one that is not.
    pub(crate) fn phrase(&self, phrase: Phrase, lang: Lang) -> &Template {
        self.phrases.get(&phrase).unwrap_or(&self.name).get(lang)
    }

    /// Words without values, in this language.
    pub(crate) fn plain(&self, texts: &Texts, lang: Lang) -> String {
        let nothing = serde_json::Map::new();
        let scope = Scope::Root { variables: &nothing, lang, today: "" };
        texts.get(lang).plain(writing(self, lang, Zone::default()), &scope)
    }
}

/// A step that people come to, as a list shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outline<'b> {
    /// `flow.step`.
    pub step: &'b str,
    /// What it is.
    pub kind: OutlineKind,
    /// What a question asks, without values; the name of an action.
    pub words: String,
}

/// What a step of an outline is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OutlineKind {
    /// It waits for an answer.
    Question,
    /// It calls an action.
    Action,
    /// A person answers from there on.
    Handover,
}

impl OutlineKind {
    /// The word for programs.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Question => "question",
            Self::Action => "action",
            Self::Handover => "handover",
        }
    }
}

/// A text in the three languages.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Texts {
    pub(crate) uz: Template,
    pub(crate) ru: Template,
    pub(crate) en: Template,
}

impl Texts {
    pub(crate) const fn get(&self, lang: Lang) -> &Template {
        match lang {
            Lang::Uz => &self.uz,
            Lang::Ru => &self.ru,
            Lang::En => &self.en,
        }
    }
}

/// A declared variable.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Variable {
    pub(crate) name: String,
    /// Kept when the person goes home or starts anew; the others are for one errand.
    pub(crate) keep: bool,
    pub(crate) start: Value,
}

/// `/name`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Command {
    pub(crate) name: String,
    pub(crate) text: Texts,
    pub(crate) save: Option<String>,
    /// Understood, and in no menu.
    pub(crate) hidden: bool,
    pub(crate) go: usize,
}

/// What happens with an answer nobody asked for, by its kind.
#[derive(Debug, Default)]
pub(crate) struct On {
    pub(crate) text: Option<Handler>,
    pub(crate) contact: Option<Handler>,
    pub(crate) location: Option<Handler>,
    pub(crate) media: Option<Handler>,
}

impl On {
    /// What happens with such an answer. Somebody else's contact says something only where it is kept.
    pub(crate) fn handler(&self, input: &Input) -> Option<&Handler> {
        match input {
            Input::Text(text) if !text.is_empty() => self.text.as_ref(),
            Input::Contact(contact) => {
                self.contact.as_ref().filter(|handler| contact.own || handler.add.is_some())
            }
            Input::Location(_) => self.location.as_ref(),
            Input::Media(_) => self.media.as_ref(),
            _ => None,
        }
    }
}

/// Where an unasked answer goes and into which variable.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Handler {
    pub(crate) save: Option<String>,
    /// The list that keeps each such answer, also where the question takes none.
    pub(crate) add: Option<String>,
    pub(crate) set: Vec<Assign>,
    pub(crate) go: usize,
}

/// A message that the host sends of itself.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Notification {
    pub(crate) args: Vec<String>,
    pub(crate) text: Texts,
    /// The rows of buttons under it.
    pub(crate) buttons: Vec<Vec<CommandButton>>,
}

/// A button that is a command: it works whenever it is tapped, whatever was said since.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct CommandButton {
    pub(crate) label: Texts,
    /// The command without the slash, and what stands after it.
    pub(crate) command: Template,
}

/// A step and its place in the file.
#[derive(Debug)]
pub(crate) struct Step {
    /// `flow.step`.
    pub(crate) place: String,
    pub(crate) line: u32,
    pub(crate) kind: Kind,
}

/// Where it goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Go {
    Step(usize),
    /// To the question before this one.
    Back,
    Home,
    /// Show this question again.
    Again,
    /// Nothing changes.
    Stay,
    /// Back to where this flow was called.
    Return,
}

/// What a step does.
#[derive(Debug)]
pub(crate) enum Kind {
    Say { text: Texts, media: Option<Template>, go: Go },
    Ask(Box<Ask>),
    Branch { cases: Vec<(Expr, Go)>, otherwise: Go },
    Act(Act),
    Set { set: Vec<Assign>, lang: Option<Filler>, go: Go },
    Call { flow: usize, go: Go },
    Return,
    Handover { text: Option<Texts> },
    End { text: Option<Texts> },
}

/// A value given to a variable or an argument.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Assign {
    pub(crate) name: String,
    pub(crate) value: Filler,
}

/// Where a value comes from.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Filler {
    Fixed(Value),
    Expr(Expr),
    Words(Template),
    /// An object with these fields; only in arguments.
    Fields(Vec<Assign>),
}

/// A named call and what happens after each of its outcomes.
#[derive(Debug)]
pub(crate) struct Act {
    pub(crate) call: String,
    pub(crate) args: Vec<Assign>,
    pub(crate) save: Option<String>,
    pub(crate) typing: bool,
    pub(crate) outcomes: Vec<Outcome>,
}

/// One way in which an action can end.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) name: String,
    pub(crate) set: Vec<Assign>,
    pub(crate) say: Option<Texts>,
    pub(crate) toast: Option<Texts>,
    pub(crate) go: Go,
}

/// A step that waits for an answer.
#[derive(Debug)]
pub(crate) struct Ask {
    pub(crate) text: Texts,
    pub(crate) media: Option<Template>,
    /// Said before the question when the answer does not fit.
    pub(crate) error: Option<Texts>,
    pub(crate) placeholder: Option<Texts>,
    pub(crate) keyboard: KeyboardKind,
    pub(crate) show: Show,
    pub(crate) groups: Vec<Group>,
    pub(crate) paging: Option<Paging>,
    /// The step that fetches anew what the question shows.
    pub(crate) reload: Option<usize>,
    pub(crate) nav: Nav,
    /// Answers that the question did not ask for go where `[on]` says; otherwise they are answered "press a button".
    pub(crate) free: bool,
    /// Whether answers nobody asked for are kept where `[on]` keeps them in a list.
    pub(crate) keeps: bool,
    pub(crate) accept: Accept,
    pub(crate) save: Option<String>,
    pub(crate) go: Go,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum KeyboardKind {
    Inline,
    Reply,
}

/// Whether a question replaces the message whose button led to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Show {
    New,
    Edit,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Nav {
    pub(crate) back: bool,
    pub(crate) home: bool,
}

/// Which page is shown, of how many.
#[derive(Debug)]
pub(crate) struct Paging {
    pub(crate) page: String,
    pub(crate) pages: Expr,
}

/// Buttons of one row, or of one row for each item of a list.
#[derive(Debug)]
pub(crate) struct Group {
    pub(crate) each: Option<Expr>,
    /// How many single buttons stand side by side.
    pub(crate) columns: usize,
    pub(crate) buttons: Vec<Button>,
}

#[derive(Debug)]
pub(crate) struct Button {
    pub(crate) id: String,
    pub(crate) label: Label,
    pub(crate) when: Option<Expr>,
    pub(crate) act: ButtonAct,
    pub(crate) set: Vec<Assign>,
    pub(crate) lang: Option<Lang>,
    pub(crate) works: Works,
    pub(crate) toast: Option<Texts>,
}

/// The words on a button: its own, or a phrase.
#[derive(Debug)]
pub(crate) enum Label {
    Own(Texts),
    Phrase(Phrase),
}

#[derive(Debug)]
pub(crate) enum ButtonAct {
    Go(Go),
    Url(Template),
    WebApp(Template),
}

/// How long a button works.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Works {
    /// While its message is the current question.
    Now,
    /// Once, also when its message is an old one.
    Once,
    /// Any number of times, also from an old message: for buttons that only show something.
    Always,
}

/// Which answers a question takes besides its buttons.
#[derive(Debug)]
pub(crate) enum Accept {
    Buttons,
    Text {
        min: usize,
        max: usize,
        rule: TextRule,
    },
    Number {
        min: i64,
        max: i64,
        places: u32,
    },
    Contact {
        typed: bool,
    },
    Location {
        typed: Option<String>,
    },
    Media {
        kinds: Vec<crate::input::MediaKind>,
    },
    Date {
        min: DateBound,
        max: DateBound,
        opens: DateBound,
    },
    /// Words, a contact, a place, a file.
    Any,
}

/// What a typed text must look like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TextRule {
    Any,
    /// A person's name: letters, apostrophes, spaces, dots and hyphens.
    Name,
    Digits,
    Email,
}

/// A date, fixed or counted from today.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DateBound {
    Fixed(NaiveDate),
    Today { months: i32, days: i32 },
}

impl DateBound {
    /// Reads `2026-11-20`, `today`, `today-17y`, `today+2m`, `today+30d`.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let Some(shift) = text.strip_prefix("today") else {
            return kernel::Date::parse(text).ok().map(|date| Self::Fixed(date.naive()));
        };
        if shift.is_empty() {
            return Some(Self::Today { months: 0, days: 0 });
        }
        let unit = shift.chars().last()?;
        let count: i32 = shift.strip_suffix(unit)?.parse().ok()?;
        match unit {
            'y' => Some(Self::Today { months: count.checked_mul(12)?, days: 0 }),
            'm' => Some(Self::Today { months: count, days: 0 }),
            'd' => Some(Self::Today { months: 0, days: count }),
            _ => None,
        }
    }
}
