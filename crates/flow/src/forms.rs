//! What a blueprint asks for the forms that it submits, so that the staff's tables have a column for every question.

use kernel::Lang;
use serde_json::Value;

use crate::{
    Blueprint,
    blueprint::{Accept, Act, Ask, Assign, Filler, Kind, TextRule},
    expr::{Expr, Segment},
};

/// The action that submits a form.
const SUBMIT: &str = "submit_application";
/// The action whose answer is a list of catalog items.
const ITEMS: &str = "catalog_items";

/// A form that the blueprint submits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AskedForm {
    /// Its code, such as `admissions-2026`.
    pub form: String,
    /// Its answers, in the order in which they are submitted.
    pub fields: Vec<AskedField>,
}

/// An answer that is submitted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AskedField {
    /// Its name among the answers.
    pub key: String,
    /// What it is.
    pub kind: AskedKind,
    /// What is asked, in Uzbek, Russian and English, without values and marks; empty where no step asks it.
    pub question: [String; 3],
}

/// What kind of answer a question takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AskedKind {
    /// Words; also one of several fixed ones.
    Text {
        /// Characters of them at most.
        max: usize,
    },
    /// An address of e-mail.
    Email,
    /// A whole number.
    Number {
        /// The least.
        min: i64,
        /// The most.
        max: i64,
    },
    /// A phone number.
    Phone,
    /// A day.
    Date,
    /// A catalog item, by its code.
    Item {
        /// Of this kind: `direction`.
        kind: String,
    },
}

impl Blueprint {
    /// The forms that it submits, each once, in the order of the file. A form whose code is known only when it is submitted is
    /// left out.
    pub fn forms(&self) -> Vec<AskedForm> {
        let mut forms: Vec<AskedForm> = Vec::new();
        for act in self.acts().filter(|act| act.call == SUBMIT) {
            let Some(form) = act.fixed("form") else { continue };
            let place = forms.iter().position(|one| one.form == form).unwrap_or_else(|| {
                forms.push(AskedForm { form: form.to_owned(), fields: Vec::new() });
                forms.len() - 1
            });
            let Some(known) = forms.get_mut(place) else { continue };
            for answer in act.fields("answers") {
                if known.fields.iter().all(|field| field.key != answer.name) {
                    known.fields.push(self.asked(answer));
                }
            }
        }
        forms
    }

    fn acts(&self) -> impl Iterator<Item = &Act> {
        self.steps.iter().filter_map(|step| match &step.kind {
            Kind::Act(act) => Some(act),
            _ => None,
        })
    }

    fn asked(&self, answer: &Assign) -> AskedField {
        let variable = match &answer.value {
            Filler::Expr(expr) => root(expr),
            _ => None,
        };
        let ask = variable.and_then(|variable| self.asking(variable));
        let question = Lang::ALL.map(|lang| ask.map_or_else(String::new, |ask| self.plain(&ask.text, lang)));
        let kind = ask.map_or(AskedKind::Text { max: TEXT_CHARS }, |ask| self.kind_of(ask));
        AskedField { key: answer.name.clone(), kind, question }
    }

    /// The first question whose answer goes into this variable.
    fn asking(&self, variable: &str) -> Option<&Ask> {
        self.steps.iter().find_map(|step| match &step.kind {
            Kind::Ask(ask) if saves(ask, variable) => Some(ask.as_ref()),
            _ => None,
        })
    }

    fn kind_of(&self, ask: &Ask) -> AskedKind {
        match &ask.accept {
            Accept::Text { rule: TextRule::Email, .. } => AskedKind::Email,
            Accept::Text { max, .. } => AskedKind::Text { max: *max },
            Accept::Number { min, max, places: 0 } => AskedKind::Number { min: *min, max: *max },
            Accept::Contact { .. } => AskedKind::Phone,
            Accept::Date { .. } => AskedKind::Date,
            _ => match ask
                .groups
                .iter()
                .find_map(|group| group.each.as_ref())
                .and_then(|list| self.items(list))
            {
                Some(kind) => AskedKind::Item { kind: kind.to_owned() },
                None => AskedKind::Text { max: TEXT_CHARS },
            },
        }
    }

    /// The kind of catalog items that a list holds.
    fn items(&self, list: &Expr) -> Option<&str> {
        let variable = root(list)?;
        let mut found = self.acts().filter(|act| act.call == ITEMS);
        found.find(|act| act.gives(variable)).and_then(|act| act.fixed("kind"))
    }
}

/// Characters of an answer of which nothing else is known.
const TEXT_CHARS: usize = 1_000;

/// Whether the answer goes into the variable: as it is, or by a button that sets it.
fn saves(ask: &Ask, variable: &str) -> bool {
    let set = |assign: &Assign| assign.name == variable;
    ask.save.as_deref() == Some(variable)
        || ask.groups.iter().flat_map(|group| &group.buttons).any(|button| button.set.iter().any(set))
}

/// The variable that an expression begins with, when it is a path.
fn root(expr: &Expr) -> Option<&str> {
    match expr {
        Expr::Path { root, .. } => Some(root),
        _ => None,
    }
}

impl Act {
    /// An argument that is always the same words.
    fn fixed(&self, name: &str) -> Option<&str> {
        match &self.args.iter().find(|arg| arg.name == name)?.value {
            Filler::Fixed(Value::String(words)) => Some(words),
            _ => None,
        }
    }

    fn fields(&self, name: &str) -> &[Assign] {
        match self.args.iter().find(|arg| arg.name == name).map(|arg| &arg.value) {
            Some(Filler::Fields(fields)) => fields,
            _ => &[],
        }
    }

    /// Whether the answer goes into the variable, whole or in part.
    fn gives(&self, variable: &str) -> bool {
        let part = |assign: &Assign| match &assign.value {
            Filler::Expr(Expr::Path { root, rest }) => {
                root == "result"
                    && assign.name == variable
                    && rest.iter().all(|one| matches!(one, Segment::Field(_)))
            }
            _ => false,
        };
        self.save.as_deref() == Some(variable)
            || self.outcomes.iter().any(|outcome| outcome.set.iter().any(part))
    }
}
