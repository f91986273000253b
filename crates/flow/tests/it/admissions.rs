//! What the university's bots hand over, and what the staff's forms learn of their questions.

use flow::{
    AskedKind, Blueprint, Session, examples,
    transcript::{EngineStage, Stage},
};
use flow::{Contact, Input};
use kernel::{Date, Timestamp, Zone};
use serde_json::json;

use crate::university::University;

fn load(source: &str) -> Blueprint {
    Blueprint::load("delivered.toml", source, &examples::ACTIONS).unwrap()
}

fn start() -> Timestamp {
    Zone::default().start_of(Date::parse("2026-11-20").unwrap()).plus_seconds(10 * 3600)
}

/// Says these words one after the other; `☎` stands for the person's own contact.
fn talk<'b>(blueprint: &'b Blueprint, words: &[&str]) -> EngineStage<'b, University> {
    let session = Session::new(7, None);
    let mut stage = EngineStage { blueprint, session, host: University::default() };
    let mut at = start();
    for words in words {
        at = at.plus_seconds(10);
        let input = match *words {
            "☎" => Input::Contact(Contact { phone: "+998901234567".to_owned(), own: true }),
            words => Input::Text(words.to_owned()),
        };
        stage.take(input, at);
    }
    stage
}

#[test]
fn a_survey_is_handed_over_as_it_was_answered() {
    let blueprint = load(examples::SURVEY);
    let who =
        ["/start", "Oʻzbekcha", "Boshlash", "☎", "Madina", "Karimova", "Ayol", "Toshkent shahri", "U2201"];
    let works = ["Mexanika muhandisligi", "3", "Ha", "Namuna Soft", "Dasturchi", "20", "2500000"];
    let stage = talk(&blueprint, &[who.as_slice(), works.as_slice()].concat());
    let saved = stage.host.answered();
    assert_eq!(saved.student_id, "U2201");
    assert_eq!((saved.program.as_deref(), &saved.course_year), (Some("PROG-MECH"), &json!("3")));
    assert_eq!((saved.company.as_deref(), saved.role.as_deref()), (Some("Namuna Soft"), Some("Dasturchi")));
    assert_eq!(
        (&saved.works, &saved.hours, &saved.salary_tiyin),
        (&json!("yes"), &json!(20), &json!(250_000_000))
    );
    assert_eq!((&saved.consent, &saved.channels), (&json!(null), &json!("")));

    let not = [
        "Mexanika muhandisligi",
        "1",
        "Yoʻq",
        "Amaliyot kerak",
        "Ha",
        "Telegram",
        "SMS",
        "Telegram",
        "Tayyor",
    ];
    let stage = talk(&blueprint, &[who.as_slice(), not.as_slice()].concat());
    let saved = stage.host.answered();
    assert_eq!((&saved.works, saved.help.as_deref()), (&json!("no"), Some("Amaliyot kerak")));
    assert_eq!((&saved.consent, saved.channels.as_str().map(str::trim)), (&json!("yes"), Some("sms")));
}

#[test]
fn an_application_is_handed_over_with_codes_and_days() {
    let blueprint = load(examples::ADMISSIONS);
    let who = ["/start", "Oʻzbekcha", "☎", "Madina", "Karimova", "Ayol", "Toshkent shahri", "17.05.2009"];
    let form = ["Qabul 2026", "Italiya yoʻnalishi", "Mexanika", "Samarqand viloyati", "90 765 43 21", "Ha"];
    let stage = talk(&blueprint, &[who.as_slice(), form.as_slice()].concat());
    let answers = stage.host.submitted("admissions-2026");
    let expected = json!({ "track": "TRACK-ITALIAN", "direction": "DIR-MECH-IT", "region": "UZ-SA", "second_phone": "+998907654321" });
    assert_eq!(json!(answers), expected);
}

#[test]
fn the_staffs_forms_have_a_field_for_every_question() {
    let forms = load(examples::ADMISSIONS).forms();
    let codes: Vec<_> = forms.iter().map(|form| form.form.as_str()).collect();
    assert_eq!(codes, ["campus-tour", "admissions-2026", "foundation", "polito-academy"]);
    let kinds = |n: usize| -> Vec<(&str, &AskedKind)> {
        forms[n].fields.iter().map(|field| (field.key.as_str(), &field.kind)).collect()
    };
    let item = |kind: &str| AskedKind::Item { kind: kind.to_owned() };
    assert_eq!(
        kinds(1),
        [
            ("track", &item("track")),
            ("direction", &item("direction")),
            ("region", &item("region")),
            ("second_phone", &AskedKind::Phone)
        ]
    );
    assert_eq!(kinds(3), [("subject", &item("subject")), ("score", &AskedKind::Number { min: 0, max: 100 })]);
    assert_eq!(kinds(0)[3], ("preferred_date", &AskedKind::Date));
    assert_eq!(forms[3].fields[1].question[2], "Your score? (0–100)");
}

#[test]
fn a_form_is_copied_with_its_flow_and_its_button() {
    let names = ["Qabul 2027", "Приём 2027", "Admissions 2027"];
    let copied =
        flow::edit::copy_form(examples::ADMISSIONS, "admissions-2026", "admissions-2027", names).unwrap();
    let blueprint = load(&copied);
    let forms = blueprint.forms();
    let (old, new) = (&forms[1], forms.iter().find(|form| form.form == "admissions-2027").unwrap());
    assert_eq!(old.fields, new.fields);
    assert!(blueprint.steps().any(|step| step == "admissions_2027.mend"));
    let who = ["/start", "English", "☎", "Madina", "Karimova", "Female", "Tashkent city", "17.05.2009"];
    let form = ["Admissions 2027", "Italian Track", "Mechanics", "Samarkand region", "90 765 43 21", "Yes"];
    let stage = talk(&blueprint, &[who.as_slice(), form.as_slice()].concat());
    assert_eq!(stage.host.submitted("admissions-2027")["direction"], "DIR-MECH-IT");
    // A second copy of the same name is refused, and so is a form that nobody asks for.
    let again = flow::edit::copy_form(&copied, "admissions-2026", "admissions-2027", names).unwrap_err();
    assert_eq!(again.text().key(), "flow-flow-taken");
    let none = flow::edit::copy_form(&copied, "masters", "masters-2027", names).unwrap_err();
    assert_eq!(none.text().key(), "flow-no-flow-of-form");
}
