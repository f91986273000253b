//! An answer on its way in: what a bot or a program hands over. Pure.

use contacts::Contact;
use kernel::{Checks, Id, Lang, Money, Phone, Result, Text};

use crate::{
    Answered, Employment, Gender, json,
    roster::{checked_student_id, checked_year},
    student::{NAME_CHARS, USERNAME_CHARS},
};

/// Characters of a company's or a role's name.
const WORK_CHARS: usize = 200;
/// Characters of a wish or a suggestion.
const PROSE_CHARS: usize = 4_000;
/// Channels that one student can name, and characters of each.
const CHANNELS_AT_MOST: usize = 20;
const CHANNEL_CHARS: usize = 100;
/// Hours of a week.
const WEEK_HOURS: i32 = 168;
/// The highest salary a month: 10¹⁰ so'm.
const SALARY_MAX: Money = Money::from_som(10_000_000_000);

/// What is known of whoever answers; what is `None` leaves what stands.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Person {
    /// The contact that they are, where the caller knows it: a chat of our own bots.
    pub contact: Option<Id<Contact>>,
    /// Their id in Telegram.
    pub telegram_user_id: Option<i64>,
    /// Their name in Telegram, with or without `@`.
    pub username: Option<String>,
    /// Their first name.
    pub first_name: Option<String>,
    /// Their last name.
    pub last_name: Option<String>,
    /// A man or a woman.
    pub gender: Option<Gender>,
    /// Their phone.
    pub phone: Option<Phone>,
    /// Where they come from: the code or the id of a catalog item of kind `REGION`.
    pub region: Option<String>,
    /// What they are asked in.
    pub lang: Option<Lang>,
}

/// An answer as somebody sends it. [`NewSurvey::checked`] makes it fit to be stored.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NewSurvey {
    /// The code of the campaign that is answered; none for the default one.
    pub campaign: Option<String>,
    /// The code of the campaign whose roster the student stands in; none for that of `campaign`.
    pub roster_campaign: Option<String>,
    /// What the university calls the student.
    pub student_external_id: String,
    /// Who answers.
    pub person: Person,
    /// What they study: the code or the id of a catalog item.
    pub program: Option<String>,
    /// In which year, 1 to 4.
    pub course_year: Option<i64>,
    /// What they answer.
    pub answered: Answered,
}

impl NewSurvey {
    /// The same, tidied, or everything that is wrong with it, beside the fields as the API names them.
    pub fn checked(self) -> Result<Self> {
        let Self { campaign, roster_campaign, student_external_id, person, program, course_year, answered } =
            self;
        let mut checks = Checks::new();
        let student_external_id =
            checked_student_id(&mut checks, "student_external_id", &student_external_id);
        if let Some(year) = course_year {
            checked_year(&mut checks, "course_year", year);
        }
        let person = checked_person(&mut checks, person);
        let answered = checked_answers(&mut checks, answered);
        checks.done()?;
        Ok(Self { campaign, roster_campaign, student_external_id, person, program, course_year, answered })
    }

    /// The year as it is stored.
    pub(crate) fn year(&self) -> Option<i32> {
        self.course_year.and_then(|year| i32::try_from(year).ok())
    }
}

fn checked_person(checks: &mut Checks, person: Person) -> Person {
    let Person { contact, telegram_user_id, username, first_name, last_name, gender, phone, region, lang } =
        person;
    let is_id = telegram_user_id.is_none_or(|id| id > 0);
    checks.hold(is_id, "telegram_user_id", Text::new("surveys-telegram-id-malformed"));
    let username = username.as_deref().map(|name| name.trim().trim_start_matches('@'));
    Person {
        contact,
        telegram_user_id,
        username: checks.optional_line("username", username, USERNAME_CHARS),
        first_name: checks.optional_line("first_name", first_name.as_deref(), NAME_CHARS),
        last_name: checks.optional_line("last_name", last_name.as_deref(), NAME_CHARS),
        gender,
        phone,
        region,
        lang,
    }
}

fn checked_answers(checks: &mut Checks, answered: Answered) -> Answered {
    let Answered {
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
    } = answered;
    let company = checks.optional_line("employment_company", company.as_deref(), WORK_CHARS);
    let role = checks.optional_line("employment_role", role.as_deref(), WORK_CHARS);
    let fits = hours_per_week.is_none_or(|hours| (0..=WEEK_HOURS).contains(&hours));
    checks.hold(fits, "hours_per_week", Text::new("surveys-hours-out-of-range").with("max", WEEK_HOURS));
    let fits = salary.is_none_or(|salary| !salary.is_negative() && salary <= SALARY_MAX);
    checks.hold(fits, "salary", Text::new("surveys-salary-out-of-range").with("max", SALARY_MAX));
    let mut prose = |field: &str, text: Option<String>| {
        text.map(|text| checks.prose(field, &text, PROSE_CHARS)).filter(|text| !text.is_empty())
    };
    let (help, suggestions) = (prose("help", help), prose("suggestions", suggestions));
    json::check(checks, "consents", &consents);
    json::check(checks, "answers", &answers);
    let few = Text::new("surveys-channels-too-many").with("max", CHANNELS_AT_MOST);
    checks.hold(channels.len() <= CHANNELS_AT_MOST, "channels", few);
    let mut tidy: Vec<String> = Vec::new();
    for channel in channels.iter().take(CHANNELS_AT_MOST) {
        let channel = checks.line("channels", channel, CHANNEL_CHARS);
        if !channel.is_empty() && !tidy.contains(&channel) {
            tidy.push(channel);
        }
    }
    if employment == Some(Employment::Unemployed) {
        let working = [
            ("employment_company", company.is_some()),
            ("employment_role", role.is_some()),
            ("hours_per_week", hours_per_week.is_some_and(|hours| hours > 0)),
            ("salary", salary.is_some_and(Money::is_positive)),
        ];
        for (field, is_said) in working {
            checks.hold(!is_said, field, Text::new("surveys-work-of-one-who-does-not"));
        }
    }
    let unless_idle = employment != Some(Employment::Unemployed);
    Answered {
        employment,
        company,
        role,
        hours_per_week: hours_per_week.filter(|_| unless_idle),
        salary: salary.filter(|_| unless_idle),
        help,
        suggestions,
        consents,
        channels: tidy,
        answers,
    }
}
