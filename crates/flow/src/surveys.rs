//! Surveys of students as actions.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::action::ActionSignature;

/// A bot that asks students.
pub const BLUEPRINT: &str = include_str!("../blueprints/survey.toml");

/// The actions.
pub const ACTIONS: &[ActionSignature] = &[
    ActionSignature {
        name: "survey",
        args: &[("campaign", false)],
        outcomes: &["ok", "closed"],
        checks: &[],
    },
    ActionSignature { name: "survey_programs", args: &[], outcomes: &["ok", "empty"], checks: &[] },
    ActionSignature {
        name: "save_survey",
        args: &[
            ("campaign", false),
            ("student_id", true),
            ("first_name", false),
            ("last_name", false),
            ("gender", false),
            ("region", false),
            ("program", false),
            ("course_year", false),
            ("works", true),
            ("company", false),
            ("role", false),
            ("hours", false),
            ("salary_tiyin", false),
            ("help", false),
            ("consent", false),
            ("channels", false),
            ("suggestions", false),
        ],
        outcomes: &["ok", "unfit", "gone", "closed"],
        checks: &[],
    },
];

/// `survey`: what is asked now. Outcomes: `ok` with [`SurveyView`]; `closed` when nothing is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Survey {
    /// The code of a campaign; the one that is asked unless another is said, where none is said here.
    #[serde(default)]
    pub campaign: Option<String>,
}

/// A campaign as a person has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SurveyView {
    /// Its code.
    pub campaign: String,
    /// Its name in the person's language.
    pub name: String,
    /// Whether they have answered in it.
    pub answered: bool,
    /// What the university calls them by, as far as it is known.
    pub student_id: Option<String>,
    /// Their first name.
    pub first_name: Option<String>,
    /// Their last name.
    pub last_name: Option<String>,
    /// `male` or `female`.
    pub gender: Option<String>,
    /// The code of their region.
    pub region: Option<String>,
    /// The code of what they study.
    pub program: Option<String>,
    /// Its name in their language.
    pub program_name: Option<String>,
    /// In which year, 1 to 4.
    pub course_year: Option<i32>,
    /// Whether they work.
    pub works: Option<bool>,
    /// Where.
    pub company: Option<String>,
    /// As what.
    pub role: Option<String>,
}

/// `save_survey`: what a student answers; what is not said stays. Outcomes: `ok` with [`SavedSurvey`]; `unfit` with
/// [`crate::applications::Unfit`]; `gone` with [`crate::applications::GoneField`]; `closed`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SaveSurvey {
    /// The code of a campaign; as in [`Survey`].
    #[serde(default)]
    pub campaign: Option<String>,
    /// What the university calls them by.
    pub student_id: String,
    /// Their first name.
    #[serde(default)]
    pub first_name: Option<String>,
    /// Their last name.
    #[serde(default)]
    pub last_name: Option<String>,
    /// `male` or `female`.
    #[serde(default)]
    pub gender: Option<String>,
    /// The code of their region.
    #[serde(default)]
    pub region: Option<String>,
    /// The code of what they study.
    #[serde(default)]
    pub program: Option<String>,
    /// In which year, 1 to 4; a number or its digits.
    #[serde(default)]
    pub course_year: Value,
    /// Whether they work: yes or no as a value, or `yes` and `no` as words.
    pub works: Value,
    /// Where.
    #[serde(default)]
    pub company: Option<String>,
    /// As what.
    #[serde(default)]
    pub role: Option<String>,
    /// How many hours a week.
    #[serde(default)]
    pub hours: Value,
    /// For how much a month.
    #[serde(default)]
    pub salary_tiyin: Value,
    /// What the university could help with.
    #[serde(default)]
    pub help: Option<String>,
    /// Whether they may be written to, as [`SaveSurvey::works`].
    #[serde(default)]
    pub consent: Value,
    /// By which ways: a list, or words between spaces.
    #[serde(default)]
    pub channels: Value,
    /// What they would like to be different.
    #[serde(default)]
    pub suggestions: Option<String>,
}

/// A yes or no, as a value or as a word; nothing where it is neither.
pub fn yes_or_no(said: &Value) -> Option<bool> {
    match said {
        Value::Bool(is) => Some(*is),
        Value::String(word) if word == "yes" => Some(true),
        Value::String(word) if word == "no" => Some(false),
        _ => None,
    }
}

/// What `save_survey` answers with `ok`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedSurvey {
    /// Whether they had not answered before.
    pub is_new: bool,
}
