//! Each kind of step, on a small blueprint of its own.

use flow::{
    ActionSignature, Blueprint, Contact, InlineAct, Input, Keyboard, Message, Now, Reply, Session, Turn,
    resume, turn,
};
use kernel::{Lang, Timestamp, Zone};
use serde_json::json;

const ACTIONS: &[ActionSignature] =
    &[ActionSignature { name: "look", args: &[], outcomes: &["ok"], checks: &[] }];

const SMALL: &str = r#"
format = 1
id = "small"
version = 1
language = "en"
start = "main.top"
home = "main.top"
name = { all = "Small" }

[variables]
kept = { keep = true }
name = {}
age = {}
born = {}
phone = {}
file = {}
found = {}
colour = {}

[commands]
form = { go = "form.name", text = { all = "Form" } }
look = { go = "other.look", text = { all = "Look" } }
round = { go = "other.round", text = { all = "Round" } }
person = { go = "other.person", text = { all = "Person" } }
bye = { go = "other.bye", text = { all = "Bye" } }
twice = { go = "other.twice", text = { all = "Twice" } }

[flows.main.top]
kind = "menu"
text = { all = "home {kept} {colour}" }
buttons = [
    { id = "red", text = { all = "Red" }, set = { colour = "red", kept = "yes" }, go = "again" },
    { id = "form", text = { all = "Form" }, go = "form.name" },
    { id = "nothing", text = { all = "Nothing" }, go = "stay" },
]

[flows.form.name]
kind = "text"
rule = "name"
min = 2
max = 10
save = "name"
go = "age"
text = { all = "name?" }

[flows.form.age]
kind = "number"
min = 14
max = 80
save = "age"
go = "born"
text = { all = "age?" }

[flows.form.born]
kind = "date"
min = "today-80y"
max = "today-14y"
opens = "today-17y"
save = "born"
go = "file"
text = { all = "born?" }

[flows.form.file]
kind = "media"
kinds = ["photo", "document"]
save = "file"
skip = "sum"
go = "sum"
text = { all = "file?" }

[flows.form.sum]
kind = "confirm"
text = { all = "{name}, {age}, {born:date}, {file.file}" }
yes = "home"
no = "name"

[flows.other.look]
kind = "action"
call = "look"
save = "found"
on.ok = "found"

[flows.other.found]
kind = "choice"
from = "found"
label = "{item.name}"
value = "{item.code}"
columns = 2
save = "colour"
go = "chosen"
text = { all = "which?" }

[flows.other.chosen]
kind = "message"
text = { all = "chosen {colour}" }
go = "home"

[flows.other.round]
kind = "action"
call = "look"
on.ok = "round"

[flows.other.person]
kind = "handover"

[flows.other.bye]
kind = "end"
text = { all = "bye" }

[flows.other.twice]
kind = "flow"
flow = "other.ask"
go = "after_first"

[flows.other.after_first]
kind = "flow"
flow = "other.ask"
go = "chosen"

[flows.other.ask]
kind = "contact"
typed = true
save = "phone"
go = "return"
text = { all = "phone?" }
"#;

struct Play {
    blueprint: Blueprint,
    session: Session,
    at: Timestamp,
}

impl Play {
    fn new() -> Self {
        let blueprint = match Blueprint::load("small.toml", SMALL.trim_start(), ACTIONS) {
            Ok(blueprint) => blueprint,
            Err(problems) => {
                panic!("{}", problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
            }
        };
        Self {
            blueprint,
            session: Session::new(1, Some(Lang::En)),
            at: Timestamp::from_millis(1_795_157_100_000),
        }
    }

    fn now(&mut self) -> Now {
        self.at = self.at.plus_seconds(10);
        Now { at: self.at, zone: Zone::default() }
    }

    fn take(&mut self, input: Input) -> Turn {
        let now = self.now();
        let turn = turn(&self.blueprint, self.session.clone(), input, now);
        self.session = turn.session.clone();
        turn
    }

    fn say(&mut self, text: &str) -> String {
        words(&self.take(Input::Text(text.to_owned())))
    }

    fn answer(&mut self, data: serde_json::Value) -> Turn {
        let call = flow::ActionResult { id: self.session.pending().unwrap(), outcome: "ok".into(), data };
        let now = self.now();
        let turn = resume(&self.blueprint, self.session.clone(), call, now);
        self.session = turn.session.clone();
        turn
    }
}

fn messages(turn: &Turn) -> impl Iterator<Item = &Message> {
    turn.replies
        .iter()
        .filter_map(|reply| if let Reply::Message(message) = reply { Some(message) } else { None })
}

fn words(turn: &Turn) -> String {
    messages(turn).map(|message| message.text.text.as_str()).collect::<Vec<_>>().join(" | ")
}

fn keys(turn: &Turn) -> Vec<(String, String)> {
    let inline = messages(turn).filter_map(|message| match &message.keyboard {
        Keyboard::Inline(rows) => Some(rows.iter().flatten()),
        _ => None,
    });
    let keys = inline.flatten().filter_map(|button| match &button.act {
        InlineAct::Key(key) => Some((button.label.clone(), key.clone())),
        _ => None,
    });
    keys.collect()
}

fn key(turn: &Turn, label: &str) -> Input {
    Input::Button(keys(turn).into_iter().find(|(found, _)| found == label).expect(label).1)
}

#[test]
fn a_form_takes_good_answers_and_explains_bad_ones() {
    let mut play = Play::new();
    assert_eq!(play.say("/form"), "name?");
    assert_eq!(play.say("A1"), "That does not look right, please write it once more.\n\nname?");
    assert_eq!(play.say("A"), "Too short: at least 2 characters are needed.\n\nname?");
    assert_eq!(play.say("Aaaaaaaaaaaaaaaa"), "Too long: at most 10 characters, please.\n\nname?");
    assert_eq!(play.say("Ali"), "age?");
    assert_eq!(play.say("many"), "Please write a number.\n\nage?");
    assert_eq!(play.say("13"), "The number must be from 14 to 80.\n\nage?");
    assert_eq!(play.say("back"), "name?");
    assert_eq!(play.say("Ali"), "age?");
    assert_eq!(play.say(" 20 "), "born?");
    assert_eq!(
        play.say("yesterday"),
        "Please choose the date in the calendar or write it like 31.12.2026.\n\nborn?"
    );
    assert_eq!(play.say("01.01.2025"), "The date must be between 20.11.1946 and 20.11.2012.\n\nborn?");
    assert_eq!(play.say("05.03.2009"), "file?");
    assert_eq!(play.say("what"), "Please send a picture or a file.\n\nfile?");
    assert_eq!(play.say("skip"), "Ali, 20, 05.03.2009,");
    assert_eq!(
        play.say("HA"),
        "I did not understand that. Please press one of the buttons below.\n\nAli, 20, 05.03.2009,"
    );
    assert!(play.say("yes").starts_with("home"));
    assert!(play.session.variables()["name"].is_null(), "an errand's answers are forgotten at home");
}

#[test]
fn the_calendar_opens_where_it_says_and_turns_by_months_and_years() {
    let mut play = Play::new();
    play.say("/form");
    play.say("Ali");
    let calendar = play.take(Input::Text("20".into()));
    let labels: Vec<String> = keys(&calendar).into_iter().map(|(label, _)| label).collect();
    assert_eq!(labels[..5], ["«", "‹", "November 2009", "›", "»"]);
    assert_eq!(labels[5..12], ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"]);
    assert_eq!(labels[12..19], ["·", "·", "·", "·", "·", "·", "1"], "1 November 2009 was a Sunday");
    let blank = play.take(key(&calendar, "Mo"));
    assert_eq!(blank.replies, [Reply::Toast(String::new())]);
    let next = play.take(key(&calendar, "›"));
    assert!(messages(&next).all(|message| message.edit));
    assert!(keys(&next).iter().any(|(label, _)| label == "December 2009"));
    let year = play.take(key(&next, "»"));
    assert!(keys(&year).iter().any(|(label, _)| label == "December 2010"));
    let stale = play.take(key(&next, "15"));
    let old = "This button is old. Please use the buttons of the latest message.";
    assert_eq!(stale.replies, [Reply::Toast(old.to_owned())], "its message shows another month by now");
    let chosen = play.take(key(&year, "15"));
    assert_eq!(words(&chosen), "file?");
    assert_eq!(play.session.variables()["born"], "2010-12-15");
}

#[test]
fn a_choice_is_made_from_what_an_action_found_by_tap_or_by_words() {
    let found = json!([{"code": "r", "name": "Qizil"}, {"code": "g", "name": "Koʻk"}]);
    let mut play = Play::new();
    assert!(play.take(Input::Text("/look".into())).pending.is_some());
    let asked = play.answer(found.clone());
    assert_eq!(words(&play.take(key(&asked, "Qizil"))), "chosen r | home");
    play.say("/look");
    play.answer(found);
    assert_eq!(play.say("ko'k"), "chosen g | home");
}

#[test]
fn an_action_under_way_can_be_waited_for_or_left() {
    let mut play = Play::new();
    play.say("/look");
    let late = play.session.pending().unwrap();
    assert_eq!(play.say("hello?"), "One moment, your previous request is still being worked on…");
    assert!(play.say("/menu").starts_with("home"));
    let now = play.now();
    let result = flow::ActionResult { id: late, outcome: "ok".into(), data: json!([]) };
    let nothing = resume(&play.blueprint, play.session.clone(), result, now);
    assert!(nothing.replies.is_empty() && nothing.session == play.session);
}

#[test]
fn a_flow_that_goes_round_ends_at_home() {
    let mut play = Play::new();
    play.say("/round");
    for _ in 0..200 {
        if play.session.pending().is_none() {
            break;
        }
        play.answer(json!(null));
    }
    assert_eq!(play.session.step(), Some("main.top"));
}

#[test]
fn a_flow_called_twice_returns_to_each_caller_and_back_enters_it_again() {
    let mut play = Play::new();
    assert_eq!(play.say("/twice"), "phone?");
    assert_eq!(play.say("+998 90 123 45 67"), "phone?");
    let own = Contact { phone: "998901112233".into(), own: true };
    assert_eq!(words(&play.take(Input::Contact(own))), "chosen | home");
}

#[test]
fn a_person_who_takes_over_silences_the_bot_until_a_command() {
    let mut play = Play::new();
    assert!(play.say("/person").starts_with("I have handed"));
    assert!(play.session.is_handed_over());
    assert_eq!(play.say("hello"), "");
    assert!(play.say("/start").starts_with("home"));
    assert!(!play.session.is_handed_over());
    assert_eq!(play.say("/bye"), "bye");
    assert!(play.say("hello again").starts_with("home"));
}

#[test]
fn a_session_outlives_a_version_that_lost_its_step() {
    let mut play = Play::new();
    play.say("/form");
    let renamed =
        SMALL.replace("flows.form.name", "flows.form.first_name").replace("form.name", "form.first_name");
    let renamed = renamed.replace("no = \"name\"", "no = \"first_name\"");
    play.blueprint = Blueprint::load("small.toml", renamed.trim_start(), ACTIONS).unwrap();
    assert!(play.say("Ali").starts_with("The bot has been updated, let us go on from the home page. | home"));
    assert_eq!(play.session.step(), Some("main.top"));
}

#[test]
fn buttons_of_another_session_of_the_chat_are_old() {
    let mut play = Play::new();
    let home = play.take(Input::Text("/start".into()));
    let tap = key(&home, "Red");
    play.session = Session::new(2, Some(Lang::En));
    let stale = play.take(tap);
    assert_eq!(
        stale.replies,
        [Reply::Toast("This button is old. Please use the buttons of the latest message.".into())]
    );
    assert_eq!(words(&play.take(Input::Text("hi".into()))), "home");
}

#[test]
fn a_yes_said_twice_on_a_reply_keyboard_is_one_yes() {
    let reply = SMALL.replace("kind = \"confirm\"", "kind = \"confirm\"\nkeyboard = \"reply\"");
    let reply = reply.replace("yes = \"home\"", "yes = \"other.look\"");
    let mut play = Play::new();
    play.blueprint = Blueprint::load("small.toml", reply.trim_start(), ACTIONS).unwrap();
    for answer in ["/form", "Ali", "20", "05.03.2009", "skip"] {
        play.say(answer);
    }
    assert!(play.take(Input::Text("✅ Yes".into())).pending.is_some());
    play.answer(json!([{"code": "r", "name": "Qizil"}]));
    let again = play.take(Input::Text("✅ Yes".into()));
    assert!(again.pending.is_none());
    assert_eq!(words(&again), "I did not understand that. Please press one of the buttons below.\n\nwhich?");
}

#[test]
fn variables_live_as_long_as_they_are_declared_to() {
    let mut play = Play::new();
    let home = play.take(Input::Text("/start".into()));
    let red = play.take(key(&home, "Red"));
    assert_eq!(words(&red), "home yes red");
    assert!(messages(&red).all(|message| message.edit));
    assert_eq!(play.say("/menu"), "home yes");
}

/// The visits of a turn, as `step` or `step!` when it was got through, with the errand counted from the first.
fn visits(turn: &Turn, first: u64) -> String {
    let said = turn.visits.iter().map(|visit| {
        let passed = if visit.passed { "!" } else { "" };
        format!("{}:{}{passed}", visit.errand - first, visit.step)
    });
    said.collect::<Vec<_>>().join(" ")
}

#[test]
fn a_turn_tells_which_steps_were_come_to_and_got_through() {
    let mut play = Play::new();
    let said = |text: &str| Input::Text(text.to_owned());
    let begun = play.take(Input::Command { name: "start".into(), payload: String::new() });
    let first = begun.visits.first().unwrap().errand;
    assert_eq!(visits(&begun, first), "0:main.top");
    let form = key(&begun, "Form");
    assert_eq!(visits(&play.take(form), first), "0:main.top! 0:form.name");
    assert_eq!(
        visits(&play.take(said("A1")), first),
        "0:form.name",
        "an answer that does not fit leads nowhere"
    );
    assert_eq!(visits(&play.take(said("Ali")), first), "0:form.name! 0:form.age");
    assert_eq!(visits(&play.take(said("back")), first), "0:form.name", "who goes back has not answered");
    let home = play.take(said("/menu"));
    let left = home.visits.last().unwrap().errand;
    assert!(
        left > first && home.visits.iter().all(|visit| !visit.passed),
        "who leaves has not answered: {home:?}"
    );
    let red = key(&home, "Red");
    assert_eq!(visits(&play.take(red), left), "0:main.top", "what asks again has not led on");
    let look = play.take(said("/look"));
    let errand = look.visits.last().unwrap().errand;
    assert_eq!(visits(&look, errand), "0:other.look");
    let found = play.answer(json!([{ "name": "Blue", "code": "blue" }]));
    assert_eq!(visits(&found, errand), "0:other.look! 0:other.found");
    let blue = key(&found, "Blue");
    let chosen = play.take(blue);
    assert_eq!(chosen.visits[0].step, "other.found");
    assert!(chosen.visits[0].passed && chosen.visits[0].errand == errand);
    let handed = play.take(said("/person"));
    assert!(handed.visits.iter().any(|visit| visit.step == "other.person" && visit.passed));
}

#[test]
fn sessions_of_one_chat_share_no_errand() {
    let mut play = Play::new();
    let errand = |play: &mut Play| play.take(Input::Text("hello".into())).visits.last().unwrap().errand;
    let before = errand(&mut play);
    play.session = Session::new(2, None);
    assert!(errand(&mut play) > before);
}

#[test]
fn an_outline_names_what_people_come_to() {
    let play = Play::new();
    let outline = play.blueprint.outline(Lang::En);
    let of = |step: &str| {
        outline.iter().find(|found| found.step == step).map(|found| (found.kind, found.words.as_str()))
    };
    assert_eq!(of("form.name"), Some((flow::OutlineKind::Question, "name?")));
    assert_eq!(of("other.look"), Some((flow::OutlineKind::Action, "look")));
    assert_eq!(of("other.person"), Some((flow::OutlineKind::Handover, "")));
    assert_eq!(of("other.bye"), None);
    assert_eq!(play.blueprint.home(), "main.top");
}
