//! Random walks over the delivered blueprints: whatever a person does and whatever the host answers, the dialogue goes on.

use flow::{
    ActionCall, ActionResult, Blueprint, Contact, InlineAct, Input, Keyboard, Location, Media, MediaKind,
    Message, Now, Reply, ReplyButton, Session, examples, limits, resume, rich_units, transcript::Host, turn,
};
use kernel::{Lang, Timestamp, Zone};
use proptest::prelude::*;
use serde_json::Value;

use crate::{fake_shop::FakeShop, shop_blueprint, university::University};

/// What a person does next, chosen among what the screen offers by a number.
#[derive(Debug, Clone)]
enum Step {
    Tap(usize),
    TapAgain,
    OldTap(usize),
    Label(usize),
    Text(String),
    Command(&'static str, &'static str),
    Contact(bool),
    Place,
    File,
    Language(Lang),
    Timeout,
    Garbage(String),
}

fn step() -> impl Strategy<Value = Step> {
    let words = prop_oneof![
        Just("samsung".to_owned()),
        Just("galaxy".to_owned()),
        Just("Dilnoza".to_owned()),
        Just("1001".to_owned()),
        Just("ha".to_owned()),
        Just("назад".to_owned()),
        Just("17.05.2009".to_owned()),
        Just("90 765 43 21".to_owned()),
        Just("Xx".to_owned()),
        Just("000".to_owned()),
        Just("20".to_owned()),
        Just(String::new()),
        Just("я".repeat(5000)),
        ".{0,80}",
    ];
    let commands = prop::sample::select(vec![
        ("start", ""),
        ("start", "p_77"),
        ("menu", ""),
        ("cancel", ""),
        ("search", "samsung"),
        ("order", "1001"),
        ("order", ""),
        ("cart", ""),
        ("lang", ""),
        ("applications", ""),
        ("language", ""),
        ("nonsense", "x"),
    ]);
    prop_oneof![
        24 => any::<usize>().prop_map(Step::Tap),
        2 => Just(Step::TapAgain),
        4 => any::<usize>().prop_map(Step::OldTap),
        8 => any::<usize>().prop_map(Step::Label),
        8 => words.prop_map(Step::Text),
        3 => commands.prop_map(|(name, payload)| Step::Command(name, payload)),
        3 => any::<bool>().prop_map(Step::Contact),
        2 => Just(Step::Place),
        1 => Just(Step::File),
        1 => prop::sample::select(Lang::ALL.to_vec()).prop_map(Step::Language),
        1 => Just(Step::Timeout),
        1 => "[a-z0-9.]{0,80}".prop_map(Step::Garbage),
    ]
}

/// A host in a mood: now and then it fails, gives another outcome, answers far too much, or something happens there.
struct Moody<H> {
    host: H,
    /// What happens the how manieth time.
    happens: fn(usize) -> String,
    moods: Vec<u8>,
    calls: usize,
}

impl<H: Host> Moody<H> {
    fn act(&mut self, call: &ActionCall, at: Timestamp) -> ActionResult {
        self.calls += 1;
        match self.moods.get(self.calls % self.moods.len().max(1)) {
            Some(0) => call.failed(),
            Some(1) => call.answer("unheard_of", Value::Null),
            Some(2) => call.answer("ok", Value::from("x".repeat(100_000))),
            Some(3) => {
                // Some of it needs something that is not there yet.
                let _ = self.host.happen(&(self.happens)(self.calls), at);
                self.host.act(call, at)
            }
            _ => self.host.act(call, at),
        }
    }
}

#[derive(Default)]
struct Screen {
    keys: Vec<String>,
    old_keys: Vec<String>,
    labels: Vec<String>,
    last: Option<String>,
}

impl Screen {
    fn see(&mut self, message: &Message) {
        match &message.keyboard {
            Keyboard::Inline(rows) => {
                let keys = rows.iter().flatten().filter_map(|button| match &button.act {
                    InlineAct::Key(key) => Some(key.clone()),
                    InlineAct::Url(_) | InlineAct::WebApp(_) => None,
                });
                self.old_keys.append(&mut self.keys);
                self.keys = keys.collect();
            }
            Keyboard::Reply { rows, .. } => {
                self.labels = rows.iter().flatten().map(|button| button.label.clone()).collect()
            }
            Keyboard::Remove => self.labels.clear(),
            Keyboard::Keep => {}
        }
    }

    fn input(&mut self, step: &Step) -> Input {
        let pick = |from: &[String], at: usize| from.get(at % from.len().max(1)).cloned();
        let key = match step {
            Step::Tap(at) => pick(&self.keys, *at),
            Step::OldTap(at) => pick(&self.old_keys, *at),
            Step::TapAgain => self.last.clone(),
            Step::Garbage(key) => Some(key.clone()),
            _ => None,
        };
        if let Some(key) = key {
            self.last = Some(key.clone());
            return Input::Button(key);
        }
        match step {
            Step::Label(at) => Input::Text(pick(&self.labels, *at).unwrap_or_default()),
            Step::Text(text) => Input::Text(text.clone()),
            Step::Command(name, payload) => {
                Input::Command { name: (*name).into(), payload: (*payload).into() }
            }
            Step::Contact(own) => Input::Contact(Contact { phone: "998901234567".into(), own: *own }),
            Step::Place => Input::Location(Location { latitude_e6: 41_311_081, longitude_e6: 69_240_562 }),
            Step::File => {
                Input::Media(Media { kind: MediaKind::Photo, file: "f1".into(), caption: "c".repeat(1024) })
            }
            Step::Language(lang) => Input::Language(*lang),
            _ => Input::Timeout,
        }
    }
}

fn check_message(message: &Message) {
    let units_max =
        if message.picture.is_some() { limits::CAPTION_UTF16_MAX } else { limits::TEXT_UTF16_MAX };
    let units = message.text.units();
    assert!(units <= units_max, "{units} units of text");
    assert!(!message.text.is_empty() || message.picture.is_some());
    assert_eq!(message.text.text.trim(), message.text.text);
    for mark in &message.text.marks {
        assert!(mark.length > 0 && mark.start + mark.length <= units, "{mark:?} in {units}");
    }
    match &message.keyboard {
        Keyboard::Inline(rows) => {
            assert!(rows.iter().map(Vec::len).sum::<usize>() <= limits::BUTTONS_MAX);
            for button in rows.iter().flatten() {
                check_label(&button.label);
                if let InlineAct::Key(key) = &button.act {
                    assert!((1..=limits::BUTTON_KEY_BYTES_MAX).contains(&key.len()));
                }
            }
            assert!(rows.iter().all(|row| (1..=limits::ROW_BUTTONS_MAX).contains(&row.len())));
        }
        Keyboard::Reply { rows, placeholder, .. } => {
            rows.iter().flatten().for_each(|ReplyButton { label, .. }| check_label(label));
            assert!(rich_units(placeholder) <= limits::PLACEHOLDER_UTF16_MAX);
        }
        Keyboard::Keep | Keyboard::Remove => {}
    }
}

fn check_label(label: &str) {
    assert!((1..=limits::BUTTON_LABEL_CHARS_MAX).contains(&label.chars().count()), "{label}");
    assert!(!label.contains('\n'));
}

/// Bytes of JSON that a session of the shop stays under: keyboards of 32 KB, some results, a cart of twenty lines,
/// answers of four thousand letters.
const SESSION_BYTES_MAX: usize = 96 * 1024;

/// Does all of it, and looks at each answer. `home` is where "menu" leads from anywhere.
fn walk<H: Host>(
    blueprint: &Blueprint,
    mut host: Moody<H>,
    steps: &[Step],
    homes: &[&str],
) -> Result<(), TestCaseError> {
    let mut session = Session::new(u32::MAX, None);
    let mut screen = Screen::default();
    let mut at = Timestamp::from_millis(1_795_157_100_000);
    let go_home = Step::Command("menu", "");
    // Home is one command away from anywhere, when the host is in no mood any more.
    for (n, step) in steps.iter().chain([&go_home]).enumerate() {
        if n == steps.len() {
            host.moods.clear();
        }
        at = at.plus_millis(700);
        let now = Now { at, zone: Zone::default() };
        let input = screen.input(step);
        let quiet = matches!(input, Input::Timeout);
        let was_new = session.step().is_none();
        let mut said = 0;
        let mut next = turn(blueprint, session, input.clone(), now);
        loop {
            for reply in &next.replies {
                match reply {
                    Reply::Message(message) => {
                        check_message(message);
                        screen.see(message);
                    }
                    Reply::Toast(text) => prop_assert!(rich_units(text) <= limits::TOAST_UTF16_MAX),
                    Reply::Typing => {}
                }
                said += 1;
            }
            let kept = serde_json::to_string(&next.session).unwrap();
            prop_assert!(kept.len() <= SESSION_BYTES_MAX, "{} bytes", kept.len());
            prop_assert_eq!(&serde_json::from_str::<Session>(&kept).unwrap(), &next.session);
            prop_assert_eq!(next.session.pending().is_some(), next.pending.is_some());
            let Some(call) = next.pending.take() else { break };
            let result = host.act(&call, at);
            next = resume(blueprint, next.session, result, now);
        }
        session = next.session;
        let silent_by_nature = quiet || (was_new && matches!(input, Input::Language(_)));
        prop_assert!(said > 0 || silent_by_nature, "no answer to {:?}", input);
        prop_assert!(
            session.step().is_some() || silent_by_nature || matches!(input, Input::Button(_)),
            "dead after {:?}",
            input
        );
    }
    prop_assert!(session.step().is_some_and(|step| homes.contains(&step)), "home is {:?}", session.step());
    Ok(())
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    prop::collection::vec(step(), 1..120)
}

fn moods() -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(0_u8..24, 1..40)
}

fn at_the_shop(count: usize) -> String {
    format!("the stock of {} becomes {}", ["ue32", "a15", "case"][count % 3], count % 4)
}

fn at_the_university(count: usize) -> String {
    match count % 7 {
        0 => "everything closes".to_owned(),
        1 => "the staff accepts the last application".to_owned(),
        n => format!(
            "offered no more: {}",
            ["UZ-TAS", "TRACK-ITALIAN", "DIR-MECH-IT", "SUBJ-MATH", "PROG-MECH"][n - 2]
        ),
    }
}

fn university(source: &str, homes: &[&str], steps: &[Step], moods: Vec<u8>) -> Result<(), TestCaseError> {
    let blueprint = Blueprint::load("delivered.toml", source, &examples::ACTIONS).unwrap();
    let host = Moody { host: University::default(), happens: at_the_university, moods, calls: 0 };
    walk(&blueprint, host, steps, homes)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn from_anywhere_any_input_has_its_answer(steps in steps(), moods in moods()) {
        let host = Moody { host: FakeShop::new(), happens: at_the_shop, moods, calls: 0 };
        walk(shop_blueprint(), host, &steps, &["main.menu"])?;
    }

    /// Whoever is not registered is asked who they are at home.
    #[test]
    fn whatever_an_applicant_does_has_its_answer(steps in steps(), moods in moods()) {
        university(examples::ADMISSIONS, &["main.menu", "register.phone"], &steps, moods)?;
    }

    #[test]
    fn whatever_a_student_does_has_its_answer(steps in steps(), moods in moods()) {
        university(examples::SURVEY, &["main.menu"], &steps, moods)?;
    }
}
