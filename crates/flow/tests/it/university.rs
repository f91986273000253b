//! What stands around a university's bots: catalog items, one person's profile, applications and answers.

use std::collections::BTreeMap;

use flow::{
    ActionCall, ActionResult,
    applications::{
        AnswerLine, ApplicationForm, CatalogItems, Decided, FormView, GoneField, Item, Items, MyApplication,
        MyApplications, Profile, SaveProfile, SubmitApplication, Submitted, Unfit,
    },
    surveys::{SaveSurvey, SavedSurvey, SurveyView, yes_or_no},
    transcript::Host,
    value::integer,
};
use kernel::{Lang, Timestamp};
use serde_json::{Map, Value, json};

/// The university.
#[derive(Debug, Default)]
pub struct University {
    profile: Profile,
    /// By the forms' codes: number, status, answers.
    applied: BTreeMap<String, (i64, String, Map<String, Value>)>,
    /// Codes that can be chosen no more.
    gone: Vec<String>,
    closed: bool,
    survey: Option<SaveSurvey>,
}

/// What came of a call, or why its arguments are none that the action can take.
type Answered = Result<ActionResult, serde_json::Error>;

fn args<T: serde::de::DeserializeOwned>(call: &ActionCall) -> Result<T, serde_json::Error> {
    serde_json::from_value(Value::Object(call.args.clone()))
}

fn said(words: Option<String>) -> Option<String> {
    words.filter(|words| !words.is_empty())
}

/// Kind, code, and the name in the three languages.
const ITEMS: [(&str, &str, [&str; 3]); 10] = [
    ("region", "UZ-TAS", ["Toshkent shahri", "город Ташкент", "Tashkent city"]),
    ("region", "UZ-SA", ["Samarqand viloyati", "Самаркандская область", "Samarkand region"]),
    ("track", "TRACK-ITALIAN", ["Italiya yoʻnalishi", "Итальянское направление", "Italian Track"]),
    ("track", "TRACK-UZBEK", ["Oʻzbekiston yoʻnalishi", "Узбекское направление", "Uzbek Track"]),
    ("direction", "DIR-MECH-IT", ["Mexanika", "Механика", "Mechanics"]),
    ("direction", "DIR-COMP-IT", ["Kompyuter", "Компьютеры", "Computers"]),
    ("subject", "SUBJ-MATH", ["Matematika", "Математика", "Mathematics"]),
    ("subject", "SUBJ-PHYS", ["Fizika", "Физика", "Physics"]),
    ("program", "PROG-MECH", ["Mexanika muhandisligi", "Машиностроение", "Mechanical engineering"]),
    ("program", "PROG-COMP", ["Kompyuter muhandisligi", "Компьютерная инженерия", "Computer engineering"]),
];

fn named(names: [&str; 3], lang: Lang) -> String {
    let [uz, ru, en] = names;
    match lang {
        Lang::Uz => uz,
        Lang::Ru => ru,
        Lang::En => en,
    }
    .to_owned()
}

fn name_of(code: &str, lang: Lang) -> Option<String> {
    ITEMS.iter().find(|(_, found, _)| *found == code).map(|(_, _, names)| named(*names, lang))
}

fn form_name(form: &str, lang: Lang) -> String {
    match form {
        "campus-tour" => "Campus Tour".to_owned(),
        "admissions-2026" => named(["Qabul 2026", "Приём 2026", "Admissions 2026"], lang),
        "foundation" => "Foundation Year".to_owned(),
        "polito-academy" => "Polito Academy".to_owned(),
        other => other.to_owned(),
    }
}

impl University {
    fn items(&self, kind: &str, lang: Lang) -> Vec<Item> {
        let offered =
            ITEMS.iter().filter(|(of, code, _)| *of == kind && !self.gone.iter().any(|gone| gone == code));
        offered.map(|(_, code, names)| Item { code: (*code).to_owned(), name: named(*names, lang) }).collect()
    }

    fn offer(&self, call: &ActionCall, kind: &str) -> ActionResult {
        let items = self.items(kind, call.lang);
        let outcome = if items.is_empty() { "empty" } else { "ok" };
        call.answer(outcome, serde_json::to_value(Items { items }).unwrap())
    }

    fn words(answers: &Map<String, Value>, lang: Lang) -> Map<String, Value> {
        let words = |value: &Value| {
            let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            Value::from(name_of(&text, lang).unwrap_or(text))
        };
        let said = answers.iter().filter(|(_, value)| !value.is_null());
        said.map(|(key, value)| (key.clone(), words(value))).collect()
    }

    fn submit(&mut self, call: &ActionCall) -> Answered {
        let SubmitApplication { form, answers } = args(call)?;
        if self.closed {
            return Ok(call.answer("closed", Value::Null));
        }
        let gone = answers
            .iter()
            .find(|(_, value)| value.as_str().is_some_and(|code| self.gone.iter().any(|gone| gone == code)));
        if let Some((key, _)) = gone {
            let gone = GoneField { field: key.clone(), label: key.clone() };
            return Ok(call.answer("gone", serde_json::to_value(gone).unwrap()));
        }
        if answers.get("organization").and_then(Value::as_str) == Some("??") {
            let unfit = Unfit {
                field: "organization".to_owned(),
                label: named(["Tashkilot", "Организация", "Organisation"], call.lang),
                why: named(["Nomi yozilmagan", "Название не указано", "It has no name"], call.lang),
            };
            return Ok(call.answer("unfit", serde_json::to_value(unfit).unwrap()));
        }
        let number = i64::try_from(self.applied.len()).unwrap() + 1;
        let is_new = !self.applied.contains_key(&form);
        let stands = self.applied.entry(form).or_insert((number, "submitted".to_owned(), Map::new()));
        if matches!(stands.1.as_str(), "accepted" | "rejected") {
            let decided = Decided { status: stands.1.clone() };
            return Ok(call.answer("decided", serde_json::to_value(decided).unwrap()));
        }
        stands.2.extend(answers.into_iter().filter(|(_, value)| !value.is_null()));
        let done = Submitted { number: stands.0, is_new, status: stands.1.clone() };
        Ok(call.answer("ok", serde_json::to_value(done).unwrap()))
    }

    fn view(&self, call: &ActionCall) -> Answered {
        let ApplicationForm { form } = args(call)?;
        let stands = self.applied.get(&form);
        if self.closed && stands.is_none() {
            return Ok(call.answer("closed", Value::Null));
        }
        let view = FormView {
            name: form_name(&form, call.lang),
            status: stands.map(|(_, status, _)| status.clone()),
            number: stands.map(|(number, ..)| *number),
            answers: stands.map(|(_, _, answers)| answers.clone()).unwrap_or_default(),
            names: stands.map(|(_, _, answers)| Self::words(answers, call.lang)).unwrap_or_default(),
        };
        Ok(call.answer("ok", serde_json::to_value(view).unwrap()))
    }

    fn save_profile(&mut self, call: &ActionCall) -> Answered {
        let new: SaveProfile = args(call)?;
        if new.first_name.as_deref() == Some("Xx") {
            let why = named(["Bu ism emas", "Это не имя", "That is no name"], call.lang);
            let unfit = Unfit { field: "first_name".to_owned(), label: "first_name".to_owned(), why };
            return Ok(call.answer("unfit", serde_json::to_value(unfit).unwrap()));
        }
        let stands = &mut self.profile;
        stands.first_name = said(new.first_name).or(stands.first_name.take());
        stands.last_name = said(new.last_name).or(stands.last_name.take());
        stands.gender = said(new.gender).or(stands.gender.take());
        stands.region = said(new.region).or(stands.region.take());
        stands.birth_date = said(new.birth_date).or(stands.birth_date.take());
        stands.phone = said(new.phone).or(stands.phone.take());
        stands.email = said(new.email).or(stands.email.take());
        Ok(self.profiled(call, "ok"))
    }

    fn profiled(&self, call: &ActionCall, outcome: &str) -> ActionResult {
        let region_name = self.profile.region.as_deref().and_then(|code| name_of(code, call.lang));
        let profile = Profile { region_name, ..self.profile.clone() };
        call.answer(outcome, serde_json::to_value(profile).unwrap())
    }

    fn mine(&self, call: &ActionCall, now: Timestamp) -> ActionResult {
        let seen = |(form, (number, status, answers)): (&String, &(i64, String, Map<String, Value>))| {
            MyApplication {
                number: *number,
                form: form_name(form, call.lang),
                status: status.clone(),
                submitted_ms: now.as_millis(),
                lines: Self::words(answers, call.lang)
                    .into_iter()
                    .map(|(label, value)| AnswerLine {
                        label,
                        value: value.as_str().unwrap_or_default().to_owned(),
                    })
                    .collect(),
            }
        };
        let items: Vec<_> = self.applied.iter().map(seen).collect();
        let outcome = if items.is_empty() { "empty" } else { "ok" };
        call.answer(outcome, serde_json::to_value(MyApplications { items }).unwrap())
    }

    fn asked(&self, call: &ActionCall) -> ActionResult {
        if self.closed {
            return call.answer("closed", Value::Null);
        }
        let theirs = self.survey.as_ref();
        let program = theirs.and_then(|saved| saved.program.clone());
        let view = SurveyView {
            campaign: "2026".to_owned(),
            name: named(["Bandlik 2026", "Занятость 2026", "Employment 2026"], call.lang),
            answered: theirs.is_some(),
            student_id: theirs.map(|saved| saved.student_id.clone()),
            first_name: theirs.and_then(|saved| saved.first_name.clone()),
            last_name: theirs.and_then(|saved| saved.last_name.clone()),
            gender: theirs.and_then(|saved| saved.gender.clone()),
            region: theirs.and_then(|saved| saved.region.clone()),
            program_name: program.as_deref().and_then(|code| name_of(code, call.lang)),
            program,
            course_year: theirs
                .and_then(|saved| integer(&saved.course_year))
                .and_then(|year| i32::try_from(year).ok()),
            works: theirs.and_then(|saved| yes_or_no(&saved.works)),
            company: theirs.and_then(|saved| said(saved.company.clone())),
            role: theirs.and_then(|saved| said(saved.role.clone())),
        };
        call.answer("ok", serde_json::to_value(view).unwrap())
    }

    fn save_survey(&mut self, call: &ActionCall) -> Answered {
        let saved: SaveSurvey = args(call)?;
        if saved.student_id == "000" {
            let why = named(["Bunday ID yoʻq", "Такого ID нет", "There is no such ID"], call.lang);
            let unfit = Unfit { field: "student_id".to_owned(), label: "student_id".to_owned(), why };
            return Ok(call.answer("unfit", serde_json::to_value(unfit).unwrap()));
        }
        let is_new = self.survey.is_none();
        self.survey = Some(saved);
        Ok(call.answer("ok", serde_json::to_value(SavedSurvey { is_new }).unwrap()))
    }

    /// What was answered last, as it came.
    pub fn answered(&self) -> &SaveSurvey {
        self.survey.as_ref().unwrap()
    }

    /// What stands in a form.
    pub fn submitted(&self, form: &str) -> &Map<String, Value> {
        &self.applied[form].2
    }
}

impl Host for University {
    fn act(&mut self, call: &ActionCall, now: Timestamp) -> ActionResult {
        match call.name.as_str() {
            "save_phone" => {
                self.profile.phone = call.args["phone"].as_str().map(str::to_owned);
                call.answer("ok", Value::Null)
            }
            "catalog_items" => {
                args(call).map_or_else(|_| call.failed(), |CatalogItems { kind, .. }| self.offer(call, &kind))
            }
            "survey_programs" => self.offer(call, "program"),
            "my_profile" => {
                let outcome = if self.profile.birth_date.is_some() { "ok" } else { "none" };
                self.profiled(call, outcome)
            }
            "save_profile" => self.save_profile(call).unwrap_or_else(|_| call.failed()),
            "application_form" => self.view(call).unwrap_or_else(|_| call.failed()),
            "submit_application" => self.submit(call).unwrap_or_else(|_| call.failed()),
            "my_applications" => self.mine(call, now),
            "survey" => self.asked(call),
            "save_survey" => self.save_survey(call).unwrap_or_else(|_| call.failed()),
            other => panic!("no action {other}"),
        }
    }

    fn happen(&mut self, words: &str, _: Timestamp) -> Result<Vec<(String, Value)>, String> {
        if let Some(code) = words.strip_prefix("offered no more: ") {
            self.gone.push(code.to_owned());
            return Ok(Vec::new());
        }
        match words {
            "everything closes" => {
                self.closed = true;
                Ok(Vec::new())
            }
            "the staff accepts the last application" => {
                let (form, stands) = self.applied.iter_mut().next_back().ok_or("nobody applied")?;
                stands.1 = "accepted".to_owned();
                let args = json!({ "number": stands.0, "form": form_name(form, Lang::Uz), "status": "accepted", "message": "Tabriklaymiz!" });
                Ok(vec![("application_status".to_owned(), args)])
            }
            other => Err(format!("nothing happens like {other:?}")),
        }
    }
}
