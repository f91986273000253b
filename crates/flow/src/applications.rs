//! Admissions as actions: who applies, what they choose from, and what they apply for.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::action::ActionSignature;

/// A bot that takes applications of a university.
pub const BLUEPRINT: &str = include_str!("../blueprints/admissions.toml");

/// The actions.
pub const ACTIONS: &[ActionSignature] = &[
    ActionSignature {
        name: "catalog_items",
        args: &[("kind", true), ("form", false), ("answers", false)],
        outcomes: &["ok", "empty"],
        checks: &[],
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

/// `catalog_items`: what can be chosen. Outcomes: `ok` with [`Items`]; `empty`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CatalogItems {
    /// `program`, `direction`, `region`, `track` or `subject`.
    pub kind: String,
    /// The code of a form that may narrow it.
    #[serde(default)]
    pub form: Option<String>,
    /// What was answered in that form so far, by its keys.
    #[serde(default)]
    pub answers: Option<Map<String, Value>>,
}

/// Things to choose from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Items {
    /// In the order in which they are offered.
    pub items: Vec<Item>,
}

/// Something to choose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// What other actions call it by.
    pub code: String,
    /// Its name in the person's language.
    pub name: String,
}

/// What is known of the person. `my_profile` answers it with `ok` when all of it but the e-mail is there, and with `none` else;
/// `save_profile` with `ok`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Profile {
    /// Their first name.
    pub first_name: Option<String>,
    /// Their last name.
    pub last_name: Option<String>,
    /// `male` or `female`.
    pub gender: Option<String>,
    /// The code of their region.
    pub region: Option<String>,
    /// Its name in their language.
    pub region_name: Option<String>,
    /// The day they were born, `2009-05-17`.
    pub birth_date: Option<String>,
    /// Their phone, E.164.
    pub phone: Option<String>,
    /// Their e-mail address.
    pub email: Option<String>,
}

/// `save_profile`: what the person says of themselves; what is not said stays. Outcomes: `ok` with [`Profile`]; `unfit` with
/// [`Unfit`]; `gone` with [`GoneField`] for a region that is offered no more.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
#[expect(missing_docs, reason = "the same as Profile's")]
pub struct SaveProfile {
    pub first_name: Option<String>,
    pub last_name: Option<String>,
    pub gender: Option<String>,
    pub region: Option<String>,
    pub birth_date: Option<String>,
    pub phone: Option<String>,
    pub email: Option<String>,
}

/// An answer that does not fit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unfit {
    /// Its key.
    pub field: String,
    /// What people call it, in their language; the key where nobody named it.
    pub label: String,
    /// What is wrong with it, in their language.
    pub why: String,
}

/// An answer that can be chosen no more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GoneField {
    /// Its key.
    pub field: String,
    /// What people call it, in their language; the key where nobody named it.
    pub label: String,
}

/// `application_form`: what can be applied for, and what the person answered in it. Outcomes: `ok` with [`FormView`]; `closed`
/// when it takes no applications and the person has none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApplicationForm {
    /// The form's code.
    pub form: String,
}

/// A form as a person has it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FormView {
    /// Its name in their language.
    pub name: String,
    /// How far their application is: `submitted`, `in_review`, `accepted`, `rejected`, `cancelled`; nothing when they have none.
    pub status: Option<String>,
    /// The number of their application.
    pub number: Option<i64>,
    /// What they answered, by the form's keys: codes and values.
    pub answers: Map<String, Value>,
    /// The same in words of their language.
    pub names: Map<String, Value>,
}

/// `submit_application`. Outcomes: `ok` with [`Submitted`]; `unfit` with [`Unfit`]; `gone` with [`GoneField`]; `closed`; `decided`
/// with [`Decided`], as accepted and rejected ones change no more.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SubmitApplication {
    /// The form's code.
    pub form: String,
    /// What is answered, by the form's keys; what is nothing leaves what stands.
    pub answers: Map<String, Value>,
}

/// An application that was submitted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Submitted {
    /// Its number.
    pub number: i64,
    /// Whether there was none before.
    pub is_new: bool,
    /// How far it is.
    pub status: String,
}

/// An application that was decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decided {
    /// `accepted` or `rejected`.
    pub status: String,
}

/// What `my_applications` answers with `ok`: the last five.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MyApplications {
    /// The latest first.
    pub items: Vec<MyApplication>,
}

/// An application as its applicant sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MyApplication {
    /// Its number.
    pub number: i64,
    /// What for, in their language.
    pub form: String,
    /// How far it is.
    pub status: String,
    /// When it came, UTC milliseconds.
    pub submitted_ms: i64,
    /// What they answered.
    pub lines: Vec<AnswerLine>,
}

/// An answer in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnswerLine {
    /// What was asked.
    pub label: String,
    /// What was answered.
    pub value: String,
}
