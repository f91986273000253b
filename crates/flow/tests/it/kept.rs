//! What is said before it is taken anywhere: the support desk's bot keeps it in order, with what the chat calls it.

use flow::{Blueprint, Input, Kept, Media, MediaKind, Now, Reply, Session, examples, transcript::Host};
use kernel::{Lang, Timestamp, Zone};
use serde_json::json;

use crate::support::Support;

struct Talk {
    bot: Blueprint,
    session: Session,
    desk: Support,
    at_ms: i64,
}

impl Talk {
    fn new() -> Self {
        let bot = Blueprint::load("support.toml", examples::SUPPORT, &examples::ACTIONS).unwrap();
        let session = Session::new(1, Some(Lang::En));
        Self { bot, session, desk: Support::default(), at_ms: 1_790_000_000_000 }
    }

    /// What the bot says to this message of the chat, so many milliseconds after the one before.
    fn say(&mut self, message: i64, input: Input, after_ms: i64) -> Vec<String> {
        self.at_ms += after_ms;
        let now = Now { at: Timestamp::from_millis(self.at_ms), zone: Zone::default() };
        // Through its JSON, as a host keeps it.
        let mut session: Session =
            serde_json::from_str(&serde_json::to_string(&self.session).unwrap()).unwrap();
        session.comes_as(Some(message));
        let mut turn = flow::turn(&self.bot, session, input, now);
        let mut replies = std::mem::take(&mut turn.replies);
        while let Some(call) = turn.pending.take() {
            turn = flow::resume(&self.bot, turn.session, self.desk.act(&call, now.at), now);
            replies.append(&mut turn.replies);
        }
        self.session = turn.session;
        let said = replies.into_iter().filter_map(|reply| match reply {
            Reply::Message(message) => Some(message.text.text),
            Reply::Toast(_) | Reply::Typing => None,
        });
        said.collect()
    }

    fn words(&mut self, message: i64, words: &str) -> Vec<String> {
        self.say(message, Input::Text(words.to_owned()), 10_000)
    }

    fn kept(&self) -> Vec<Kept> {
        serde_json::from_value(self.session.variables()["said"].clone()).unwrap()
    }
}

fn photo(number: i64) -> Input {
    Input::Media(Media {
        kind: MediaKind::Photo,
        file: format!("telegram:{number}"),
        caption: format!("№ {number}"),
    })
}

#[test]
fn an_album_before_a_ticket_is_kept_whole_and_asked_about_once() {
    let mut talk = Talk::new();
    talk.words(1, "/start");
    talk.words(2, "English");
    let asked = talk.say(3, photo(3), 10_000);
    assert!(
        asked[0].contains("I have kept your message") && asked[0].contains("What is it about?"),
        "{asked:?}"
    );
    for number in [4, 5, 6] {
        assert_eq!(talk.say(number, photo(number), 200), Vec::<String>::new());
    }
    assert_eq!(talk.words(7, "Here are the checks").len(), 1, "what comes later is asked about again");
    assert!(talk.words(8, "payment.")[0].contains("No. 1 is open"));
    assert_eq!(
        talk.desk.said,
        ["(photo) № 3", "(photo) № 4", "(photo) № 5", "(photo) № 6", "Here are the checks"]
    );
    assert_eq!(talk.kept(), [], "said once");
}

#[test]
fn what_is_kept_has_the_chat_s_name_of_it_and_can_be_said_anew() {
    let mut talk = Talk::new();
    talk.words(1, "Charged twyce");
    talk.say(2, photo(2), 10_000);
    assert!(talk.session.say_anew(1, "Charged twice") && talk.session.say_anew(2, "The check"));
    assert!(!talk.session.say_anew(3, "Nothing"));
    let names: Vec<_> = talk.kept().iter().map(|kept| kept.message).collect();
    assert_eq!(names, [Some(1), Some(2)]);
    assert_eq!(talk.session.variables()["said"][0], json!({ "text": "Charged twice", "message": 1 }));
    talk.words(3, "English");
    talk.words(4, "1");
    assert_eq!(talk.desk.said, ["Charged twice", "(photo) The check"]);
}

#[test]
fn nothing_is_lost_silently_when_no_more_can_be_kept() {
    let mut talk = Talk::new();
    let mut kept = 0;
    for number in 1..=60 {
        let said = talk.words(number, &format!("Message {number}"));
        if said[0].contains("could not keep") {
            assert_eq!(talk.kept().len(), kept);
        } else {
            kept += 1;
        }
    }
    assert_eq!(kept, flow::limits::KEPT_MAX);
    talk.words(61, "English");
    talk.words(62, "2");
    assert_eq!((talk.desk.said.len(), talk.desk.said[49].as_str()), (50, "Message 50"));
}
