//! What a student answered in a campaign, and how an answer changes. Pure.

use catalog::Item;
use kernel::{Id, Money, Result, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{
    Campaign, RosterRow, Student,
    json::{self, Object},
};

kernel::words! {
    /// Whether a student works.
    Employment {
        /// They do.
        Employed = "employed",
        /// They do not.
        Unemployed = "unemployed",
    }
}

impl Employment {
    /// The message that names it.
    pub const fn text_key(self) -> &'static str {
        match self {
            Self::Employed => "surveys-employed",
            Self::Unemployed => "surveys-unemployed",
        }
    }
}

/// What somebody answers; what is `None` or empty was not answered.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Answered {
    /// Whether they work.
    pub employment: Option<Employment>,
    /// Where, if they do.
    pub company: Option<String>,
    /// As what.
    pub role: Option<String>,
    /// Hours a week.
    pub hours_per_week: Option<i32>,
    /// What they earn a month.
    pub salary: Option<Money>,
    /// What help of the university they want, if they do not work.
    pub help: Option<String>,
    /// What they suggest.
    pub suggestions: Option<String>,
    /// What they agree to.
    pub consents: Object,
    /// Where they want to be told of work.
    pub channels: Vec<String>,
    /// Whatever else was asked.
    pub answers: Object,
}

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    /// Its id.
    pub id: Id<Response>,
    /// The campaign that asked.
    pub campaign: Id<Campaign>,
    /// The student's row of the roster: one answer for each row and campaign.
    pub roster: Id<RosterRow>,
    /// Who answered.
    pub student: Id<Student>,
    /// What they study, as they answered.
    pub program: Id<Item>,
    /// In which year, as they answered.
    pub course_year: Option<i32>,
    /// What they answered.
    pub answered: Answered,
    /// When they answered first.
    pub submitted_at: Timestamp,
    /// When they answered last.
    pub updated_at: Timestamp,
}

/// A field that is otherwise than it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// The field, as the API names it.
    pub field: String,
    /// What stood there; null where nothing did.
    pub from: Value,
    /// What stands there since; null where nothing does.
    pub to: Value,
}

kernel::words! {
    /// What became of an answer.
    Deed {
        /// It was given.
        Submitted = "submitted",
        /// It was given otherwise.
        Changed = "changed",
        /// The personal data in it were erased.
        Erased = "erased",
    }
}

impl Deed {
    /// The message that names it.
    pub const fn text_key(self) -> &'static str {
        match self {
            Self::Submitted => "surveys-deed-submitted",
            Self::Changed => "surveys-deed-changed",
            Self::Erased => "surveys-deed-erased",
        }
    }
}

/// A line of an answer's history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its id.
    pub id: Id<Entry>,
    /// The answer.
    pub response: Id<Response>,
    /// What became of it.
    pub deed: Deed,
    /// By whom.
    pub author: String,
    /// What is otherwise since.
    pub changes: Vec<Change>,
    /// When.
    pub at: Timestamp,
}

/// The fields that hold what a person said in their own words; erasing takes them away.
pub(crate) const FREE_TEXTS: [&str; 7] =
    ["employment_company", "employment_role", "help", "suggestions", "consents", "channels", "answers"];

impl Answered {
    /// What stands when this was sent over it: what is absent erases nothing. Who begins to work has no more answers of those
    /// who do not, and the other way; what is sent together with the new status stays.
    pub(crate) fn over(&self, stands: &Self) -> Self {
        let employment = self.employment.or(stands.employment);
        let flips = stands.employment.is_some() && employment != stands.employment;
        let mut base = stands.clone();
        match employment {
            Some(Employment::Unemployed) if flips => {
                (base.company, base.role, base.hours_per_week, base.salary) = (None, None, None, None);
            }
            Some(Employment::Employed) if flips => {
                (base.help, base.consents, base.channels) = (None, Object::new(), Vec::new());
            }
            _ => {}
        }
        let text = |sent: &Option<String>, stands: Option<String>| sent.clone().or(stands);
        Self {
            employment,
            company: text(&self.company, base.company),
            role: text(&self.role, base.role),
            hours_per_week: self.hours_per_week.or(base.hours_per_week),
            salary: self.salary.or(base.salary),
            help: text(&self.help, base.help),
            suggestions: text(&self.suggestions, base.suggestions),
            consents: json::over(&base.consents, &self.consents),
            channels: if self.channels.is_empty() { base.channels } else { self.channels.clone() },
            answers: json::over(&base.answers, &self.answers),
        }
    }

    /// The same without what a person said in their own words: the figures stay.
    pub(crate) fn erased(&self) -> Self {
        let Self { employment, hours_per_week, salary, .. } = self;
        Self { employment: *employment, hours_per_week: *hours_per_week, salary: *salary, ..Self::default() }
    }

    /// The folded words of company, role, wishes and suggestions.
    pub(crate) fn words(&self) -> String {
        let texts = [&self.company, &self.role, &self.help, &self.suggestions];
        texts.into_iter().flatten().map(|text| uztext::fold(text)).collect::<Vec<_>>().join(" ")
    }

    /// Every field with its value, as the API names it; null or empty where nothing was answered.
    fn fields(&self) -> Result<[(&'static str, Value); 10]> {
        let Self {
            employment,
            company,
            role,
            hours_per_week,
            salary,
            help,
            suggestions,
            consents,
            channels,
            answers,
        } = self;
        Ok([
            ("employment_status", json!(employment)),
            ("employment_company", json!(company)),
            ("employment_role", json!(role)),
            ("hours_per_week", json!(hours_per_week)),
            ("salary", json!(salary)),
            ("help", json!(help)),
            ("suggestions", json!(suggestions)),
            ("consents", Value::Object(consents.clone())),
            ("channels", json!(channels)),
            ("answers", Value::Object(answers.clone())),
        ])
    }

    /// What is otherwise in this than in `before`.
    pub(crate) fn changes(&self, before: &Self) -> Result<Vec<Change>> {
        let pairs = before.fields()?.into_iter().zip(self.fields()?);
        let differ = pairs.filter(|((_, from), (_, to))| from != to);
        Ok(differ.map(|((field, from), (_, to))| Change { field: field.to_owned(), from, to }).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn works() -> Answered {
        Answered {
            employment: Some(Employment::Employed),
            company: Some("Artel".to_owned()),
            role: Some("Muhandis".to_owned()),
            hours_per_week: Some(40),
            salary: Some(Money::from_som(5_000_000)),
            suggestions: Some("Koʻproq amaliyot".to_owned()),
            ..Answered::default()
        }
    }

    fn names(changes: &[Change]) -> Vec<&str> {
        changes.iter().map(|change| change.field.as_str()).collect()
    }

    #[test]
    fn what_is_absent_erases_nothing() {
        let sent = Answered { role: Some("Bosh muhandis".to_owned()), ..Answered::default() };
        let after = sent.over(&works());
        assert_eq!(after, Answered { role: sent.role.clone(), ..works() });
        assert_eq!(names(&after.changes(&works()).unwrap()), ["employment_role"]);
        assert_eq!(Answered::default().over(&works()), works());
    }

    #[test]
    fn who_stops_working_has_no_company_any_more_and_the_other_way() {
        let stops = Answered {
            employment: Some(Employment::Unemployed),
            help: Some("Rezyume".to_owned()),
            channels: vec!["telegram".to_owned()],
            ..Answered::default()
        };
        let after = stops.over(&works());
        assert_eq!(
            (&after.company, &after.role, after.hours_per_week, after.salary),
            (&None, &None, None, None)
        );
        assert_eq!(after.suggestions, works().suggestions, "what both are asked stays");
        let fields = [
            "employment_status",
            "employment_company",
            "employment_role",
            "hours_per_week",
            "salary",
            "help",
            "channels",
        ];
        assert_eq!(names(&after.changes(&works()).unwrap()), fields);
        let consents = json::object(json!({"share": true}));
        let begins = Answered {
            employment: Some(Employment::Employed),
            consents: consents.clone(),
            ..Answered::default()
        };
        let again = begins.over(&after);
        assert_eq!((again.help, again.channels, again.consents), (None, Vec::new(), consents));
    }

    #[test]
    fn erasing_leaves_the_figures() {
        let erased = works().erased();
        assert_eq!((erased.employment, erased.salary), (works().employment, works().salary));
        assert_eq!((erased.company, erased.suggestions), (None, None));
    }
}
