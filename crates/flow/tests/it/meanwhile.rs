//! What people say while an action is under way: the bot that answers questions.

use flow::{Blueprint, Input, Now, Reply, Session, Turn, examples, resume, turn};
use kernel::{Lang, Timestamp, Zone};
use serde_json::{Value, json};

fn now() -> Now {
    Now { at: Timestamp::from_millis(1_790_000_000_000), zone: Zone::default() }
}

fn say(bot: &Blueprint, session: Session, text: &str) -> Turn {
    turn(bot, session, Input::Text(text.to_owned()), now())
}

fn answered(bot: &Blueprint, session: Session) -> Turn {
    let id = session.pending().unwrap();
    let data = json!({ "text": "Ha.", "sources": [], "by": "model" });
    resume(bot, session, flow::ActionResult { id, outcome: "ok".to_owned(), data }, now())
}

fn words(turn: &Turn) -> Vec<String> {
    let said = turn.replies.iter().filter_map(|reply| match reply {
        Reply::Message(message) => Some(message.text.text.clone()),
        Reply::Toast(_) | Reply::Typing => None,
    });
    said.collect()
}

/// A session that waits for the answer to a question.
fn asking(bot: &Blueprint) -> Session {
    let session = say(bot, Session::new(1, Some(Lang::Uz)), "/menu").session;
    let asked = say(bot, session, "Yetkazib berasizmi?");
    assert_eq!(asked.pending.as_ref().unwrap().args["question"], "Yetkazib berasizmi?");
    asked.session
}

#[test]
fn pieces_of_a_question_are_asked_together_when_the_first_is_answered() {
    let bot = Blueprint::load("answers", examples::ANSWERS, &examples::ACTIONS).unwrap();
    let first = say(&bot, asking(&bot), "Samarqandga");
    assert!(words(&first)[0].starts_with("Bir daqiqa") && first.pending.is_none());
    let second = say(&bot, first.session, "ertaga");
    let after = answered(&bot, second.session);
    assert!(words(&after)[0].starts_with("Ha."), "{:?}", words(&after));
    assert_eq!(after.pending.as_ref().unwrap().args["question"], "Samarqandga\nertaga");
    let last = answered(&bot, after.session);
    assert!(last.pending.is_none() && last.session.pending().is_none(), "nothing is asked twice");
}

#[test]
fn a_key_that_is_pressed_meanwhile_counts_and_a_command_forgets_what_was_said() {
    let bot = Blueprint::load("answers", examples::ANSWERS, &examples::ACTIONS).unwrap();
    let pressed = say(&bot, asking(&bot), "🙋 Xodim");
    let after = answered(&bot, pressed.session);
    assert!(after.session.is_handed_over(), "{:?}", words(&after));
    let said = say(&bot, asking(&bot), "Samarqandga").session;
    let home = say(&bot, said, "/menu").session;
    let later = say(&bot, home, "Ish vaqti?");
    let after = answered(&bot, later.session);
    assert!(after.pending.is_none());
}

#[test]
fn what_is_said_meanwhile_answers_no_question_of_a_form() {
    let source = examples::ANSWERS.replace("on.ok = \"shown\"", "on.ok = \"form\"").replace(
        "[flows.ask.shown]",
        "[flows.ask.form]\nkind = \"text\"\nsave = \"question\"\ngo = \"shown\"\ntext = { all = \"Ism?\" }\n\n[flows.ask.shown]",
    );
    let bot = Blueprint::load("form", &source, &examples::ACTIONS).unwrap();
    let said = say(&bot, asking(&bot), "Samarqandga").session;
    let after = answered(&bot, said);
    assert_eq!((words(&after), after.session.step()), (vec!["Ism?".to_owned()], Some("ask.form")));
    assert_eq!(after.session.variables()["question"], Value::from("Yetkazib berasizmi?"));
}
