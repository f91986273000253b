//! Random walks over the shop: whatever a person does and whatever the shop answers, the dialogue goes on.

use flow::{
    ActionCall, ActionResult, Contact, InlineAct, Input, Keyboard, Location, Media, MediaKind, Message, Now,
    Reply, ReplyButton, Session, limits, resume, rich_units, transcript::Host, turn,
};
use kernel::{Lang, Timestamp, Zone};
use proptest::prelude::*;
use serde_json::Value;

use crate::{fake_shop::FakeShop, shop_blueprint};

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

/// The shop, in a mood: now and then it fails, gives another outcome, or answers far too much.
struct MoodyShop {
    shop: FakeShop,
    moods: Vec<u8>,
    calls: usize,
}

impl MoodyShop {
    fn act(&mut self, call: &ActionCall, at: Timestamp) -> ActionResult {
        self.calls += 1;
        match self.moods.get(self.calls % self.moods.len().max(1)) {
            Some(0) => call.failed(),
            Some(1) => call.answer("unheard_of", Value::Null),
            Some(2) => call.answer("ok", Value::from("x".repeat(100_000))),
            Some(3) => {
                let id = ["ue32", "a15", "case"][self.calls % 3];
                self.shop.happen(&format!("the stock of {id} becomes {}", self.calls % 4), at).unwrap();
                self.shop.act(call, at)
            }
            _ => self.shop.act(call, at),
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

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn from_anywhere_any_input_has_its_answer(steps in prop::collection::vec(step(), 1..120), moods in prop::collection::vec(0_u8..24, 1..40)) {
        let blueprint = shop_blueprint();
        let mut session = Session::new(u32::MAX, None);
        let mut shop = MoodyShop { shop: FakeShop::new(), moods, calls: 0 };
        let mut screen = Screen::default();
        let mut at = Timestamp::from_millis(1_795_157_100_000);
        for step in &steps {
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
                let result = shop.act(&call, at);
                next = resume(blueprint, next.session, result, now);
            }
            session = next.session;
            let silent_by_nature = quiet || (was_new && matches!(input, Input::Language(_)));
            prop_assert!(said > 0 || silent_by_nature, "no answer to {:?}", input);
            prop_assert!(session.step().is_some() || silent_by_nature || matches!(input, Input::Button(_)), "dead after {:?}", input);
        }
        // Home is one command away from anywhere.
        let now = Now { at: at.plus_millis(60_000), zone: Zone::default() };
        let home = turn(blueprint, session, Input::Command { name: "menu".into(), payload: String::new() }, now);
        prop_assert_eq!(home.session.step(), Some("main.menu"));
    }
}
