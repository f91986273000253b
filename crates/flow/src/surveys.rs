//! Surveys of students as actions: what they study, and whether they work.

use serde::{Deserialize, Serialize};

use crate::action::ActionSignature;

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
            ("campaign", true),
            ("student_id", true),
            ("program", true),
            ("course_year", true),
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

/// `survey`. Outcomes: `ok` with [`SurveyView`]; `closed` where nobody is asked. What `survey_programs` answers with `ok` is
/// [`Items`](crate::applications::Items): the programs, or the directions where there is no program.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShowSurvey {
    /// The campaign's code; the one that is open where none is said.
    #[serde(default)]
    pub campaign: Option<String>,
}

/// A campaign, and what this person has answered in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SurveyView {
    /// Its code.
    pub campaign: String,
    /// Its name in the language of the call.
    pub name: String,
    /// Whether they have answered.
    pub answered: bool,
    /// The name of the program in the language of the call.
    #[serde(default)]
    pub program_name: Option<String>,
    /// What stands.
    #[serde(flatten)]
    pub answers: SurveyAnswers,
}

/// What is answered in a survey.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SurveyAnswers {
    /// As the university writes it.
    pub student_id: Option<String>,
    /// The code of a program, or of a direction.
    pub program: Option<String>,
    /// From 1 to 4.
    pub course_year: Option<i64>,
    /// Whether they work.
    pub works: Option<bool>,
    /// Where.
    pub company: Option<String>,
    /// As what.
    pub role: Option<String>,
    /// Hours a week.
    pub hours: Option<i64>,
    /// What they earn in a month.
    pub salary_tiyin: Option<i64>,
    /// How the university can help.
    pub help: Option<String>,
    /// Whether they may be sent offers.
    pub consent: Option<bool>,
    /// Codes of channels.
    pub channels: Option<Vec<String>>,
    /// What they suggest.
    pub suggestions: Option<String>,
}

/// `save_survey`: once for each person and campaign, and changed after that. Outcomes: `ok` with [`SavedSurvey`]; `unfit` with
/// [`Unfit`](crate::applications::Unfit); `gone` with [`GoneItem`](crate::applications::GoneItem); `closed`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SaveSurvey {
    /// The campaign's code.
    pub campaign: String,
    /// The answers.
    #[serde(flatten)]
    pub answers: SurveyAnswers,
}

/// What `save_survey` answers with `ok`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedSurvey {
    /// Whether they had not answered before.
    pub is_new: bool,
}
