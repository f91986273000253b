//! Applications as actions: who somebody is, what they apply for, and what became of it.
//!
//! Codes are those of catalog items and of forms; names come in the language of the call.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::action::{ActionSignature, ArgCheck};

/// The kinds of catalog items.
pub const KINDS: &[&str] = &["program", "direction", "region", "track", "subject"];

/// The actions.
pub const ACTIONS: &[ActionSignature] = &[
    ActionSignature {
        name: "catalog_items",
        args: &[("kind", true), ("form", false), ("answers", false)],
        outcomes: &["ok", "empty"],
        checks: &[("kind", ArgCheck::OneOf(KINDS))],
    },
    ActionSignature { name: "my_profile", args: &[], outcomes: &["ok", "none"], checks: &[] },
    ActionSignature {
        name: "save_profile",
        args: &[
            ("first_name", false),
            ("last_name", false),
            ("gender", false),
            ("region", false),
            ("birth_date", false),
            ("phone", false),
            ("email", false),
        ],
        outcomes: &["ok", "unfit", "gone"],
        checks: &[],
    },
    ActionSignature {
        name: "application_form",
        args: &[("form", true)],
        outcomes: &["ok", "closed"],
        checks: &[],
    },
    ActionSignature {
        name: "submit_application",
        args: &[("form", true), ("answers", true)],
        outcomes: &["ok", "unfit", "gone", "closed", "decided"],
        checks: &[],
    },
    ActionSignature { name: "my_applications", args: &[], outcomes: &["ok", "empty"], checks: &[] },
];

/// `catalog_items`. Outcomes: `ok` with [`Items`]; `empty` where none is offered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListItems {
    /// One of [`KINDS`].
    pub kind: String,
    /// The code of a form: where it limits this field to the items within another chosen one, only these.
    #[serde(default)]
    pub form: Option<String>,
    /// What has been answered in that form so far.
    #[serde(default)]
    pub answers: Option<Map<String, Value>>,
}

/// Items to choose from, in the order in which they are offered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Items {
    /// Those that are active.
    pub items: Vec<Item>,
}

/// Something to choose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// What it is kept by.
    pub code: String,
    /// Its name in the language of the call.
    pub name: String,
}

/// Who somebody is. `my_profile` answers it with `ok`, and with `none` what there is of it while something is missing;
/// `save_profile` answers it with `ok`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    /// First name.
    pub first_name: Option<String>,
    /// Last name.
    pub last_name: Option<String>,
    /// `male` or `female`.
    pub gender: Option<String>,
    /// The code of a region.
    pub region: Option<String>,
    /// Its name in the language of the call.
    pub region_name: Option<String>,
    /// A day, such as `2009-11-20`.
    pub birth_date: Option<String>,
    /// E.164.
    pub phone: Option<String>,
    /// An address.
    pub email: Option<String>,
}

/// `save_profile`: what is absent or null stays as it was. Outcomes: `ok` with [`Profile`]; `unfit` with [`Unfit`]; `gone` with
/// [`GoneItem`] for a region that is offered no more.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SaveProfile {
    /// First name.
    pub first_name: Option<String>,
    /// Last name.
    pub last_name: Option<String>,
    /// `male` or `female`.
    pub gender: Option<String>,
    /// The code of a region.
    pub region: Option<String>,
    /// A day, such as `2009-11-20`.
    pub birth_date: Option<String>,
    /// E.164.
    pub phone: Option<String>,
    /// An address.
    pub email: Option<String>,
}

/// An answer that does not fit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unfit {
    /// Which.
    pub field: String,
    /// What a form calls it, in the language of the call.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// What is wrong, in words of that language.
    pub why: String,
}

/// A chosen item that is offered no more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GoneItem {
    /// Where it was chosen.
    pub field: String,
    /// What a form calls it, in the language of the call.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
}

/// `application_form`. Outcomes: `ok` with [`FormView`]; `closed` when nobody can apply.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShowForm {
    /// The form's code.
    pub form: String,
}

/// A form and what this person has answered there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormView {
    /// Its name in the language of the call.
    pub name: String,
    /// `submitted`, `in_review`, `accepted`, `rejected` or `cancelled`; nothing where they have not applied.
    pub status: Option<String>,
    /// Codes and values by field.
    pub answers: Map<String, Value>,
    /// The names of chosen items by field.
    pub names: Map<String, Value>,
}

/// `submit_application`. Outcomes: `ok` with [`Submitted`]; `unfit` with [`Unfit`]; `gone` with [`GoneItem`]; `closed`;
/// `decided` with [`Decided`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubmitApplication {
    /// The form's code.
    pub form: String,
    /// Codes and values by field.
    pub answers: Map<String, Value>,
}

/// An application that was taken, or changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Submitted {
    /// Its number.
    pub number: i64,
    /// Whether it was not there before.
    pub is_new: bool,
    /// As in [`FormView`].
    pub status: String,
}

/// An application that changes no more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decided {
    /// `accepted` or `rejected`.
    pub status: String,
}

/// What `my_applications` answers with `ok`; `empty` where there are none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Applications {
    /// At most five, the latest first.
    pub items: Vec<ApplicationView>,
}

/// An application as its person is told of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApplicationView {
    /// Its number.
    pub number: i64,
    /// The form's name in the language of the call.
    pub form: String,
    /// As in [`FormView`].
    pub status: String,
    /// When it was handed in.
    pub submitted_ms: i64,
    /// What was answered.
    pub lines: Vec<ApplicationLine>,
}

/// An answer in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApplicationLine {
    /// What was asked.
    pub label: String,
    /// What was answered.
    pub value: String,
}
