//! The conversation engine: a pure function from a session and an input to a session, replies and perhaps a call.
//!
//! No clock, no network, no database, no randomness: what it needs of the world it is given. So every dialogue can be
//! replayed, and the same input on the same session always gives the same turn.

mod answer;
pub(crate) mod auto;
mod calendar;
mod draw;
mod press;
mod visit;
mod walk;

use kernel::{Lang, Timestamp, Zone};
use serde_json::Value;

pub use self::visit::Visit;
use crate::{
    action::{ActionCall, ActionResult, FAILED, OK},
    blueprint::{Accept, Blueprint, Go, Handler, Kind, Texts},
    expr::Scope,
    input::Input,
    limits,
    phrase::Phrase,
    reply::{Keyboard, Message, Reply},
    rich::RichText,
    session::{Session, State},
    template::{Template, Writing},
    value::weight,
};

/// The moment of a turn and the zone in which it is a day.
#[derive(Debug, Clone, Copy)]
pub struct Now {
    /// The moment.
    pub at: Timestamp,
    /// The workspace's zone.
    pub zone: Zone,
}

/// What came of an input.
#[derive(Debug)]
pub struct Turn {
    /// The session to keep.
    pub session: Session,
    /// What to send, in this order.
    pub replies: Vec<Reply>,
    /// What to carry out and answer with [`resume`]; until then the session waits.
    pub pending: Option<ActionCall>,
    /// The steps that were come to or got through, each once, for whoever counts where people leave.
    pub visits: Vec<Visit>,
}

/// Takes one input. Never fails: an input that fits nowhere has its answer too.
pub fn turn(blueprint: &Blueprint, session: Session, input: Input, now: Now) -> Turn {
    let mut run = Run::new(blueprint, session, now);
    run.session.hops = 0;
    run.take(input);
    run.finish()
}

/// Goes on after an action. An answer to a call that nobody waits for any more changes nothing.
pub fn resume(blueprint: &Blueprint, session: Session, result: ActionResult, now: Now) -> Turn {
    let (place, back) = match &session.state {
        State::Acting { place, call, back } if *call == result.id => (place.clone(), *back),
        _ => return Turn { session, replies: Vec::new(), pending: None, visits: Vec::new() },
    };
    let mut run = Run::new(blueprint, session, now);
    run.going_back = back;
    run.take_result(&place, result);
    run.take_meanwhile();
    run.finish()
}

/// One turn on its way.
struct Run<'b> {
    blueprint: &'b Blueprint,
    session: Session,
    now: Now,
    today: String,
    lang: Lang,
    replies: Vec<Reply>,
    pending: Option<ActionCall>,
    /// The next question is reached by going back: the present one is not remembered.
    going_back: bool,
    visits: Vec<Visit>,
}

impl<'b> Run<'b> {
    fn new(blueprint: &'b Blueprint, mut session: Session, now: Now) -> Self {
        session.turn += 1;
        session.fit(blueprint);
        let lang = session.lang.unwrap_or(blueprint.lang);
        let today = now.zone.date(now.at).to_string();
        Self {
            blueprint,
            session,
            now,
            today,
            lang,
            replies: Vec::new(),
            pending: None,
            going_back: false,
            visits: Vec::new(),
        }
    }

    fn finish(mut self) -> Turn {
        if self.pending.is_none() {
            self.session.pressed = None;
        } else if let Some(pressed) = &mut self.session.pressed {
            pressed.said |= self.replies.iter().any(|reply| matches!(reply, Reply::Message(_)));
        }
        Turn { session: self.session, replies: self.replies, pending: self.pending, visits: self.visits }
    }

    fn take(&mut self, input: Input) {
        match input {
            Input::Timeout => {}
            Input::Language(lang) => {
                self.speak(lang);
                if self.session.state == State::Asking {
                    let reload = self.question().and_then(|(_, ask)| ask.reload);
                    self.walk(reload.map_or(Go::Again, Go::Step));
                }
            }
            Input::Command { name, payload } => self.command(&name, &payload),
            // A button that outlives its question, and one under a message to many, is a command.
            Input::Button(key) => match command_words(&key) {
                Some((name, payload)) => self.command(name, payload),
                None => self.press(&key),
            },
            Input::Text(text) => match command_words(&text) {
                Some((name, payload)) => self.command(name, payload),
                None => self.take_answer(Input::Text(answer::tidy(&text))),
            },
            other => self.take_answer(other),
        }
    }

    fn take_answer(&mut self, input: Input) {
        match self.session.state {
            State::New => {
                self.session.forget_errand(self.blueprint);
                // What somebody begins with is not lost where it can be kept.
                let list = self.blueprint.on.handler(&input).and_then(Handler::list);
                if let Some(list) = list {
                    self.session.kept_at_ms = Some(self.now.at.as_millis());
                    self.session.keep(list, input);
                }
                self.walk(Go::Step(self.blueprint.start));
            }
            State::Ended => self.take_after_the_end(input),
            // A person answers; the bot keeps silent.
            State::HandedOver => {}
            State::Acting { .. } => self.wait(input),
            State::Asking => self.answer(input),
        }
    }

    /// Nothing is asked. What the blueprint takes wherever anything may be said is taken as at its home; everything else leads
    /// there.
    fn take_after_the_end(&mut self, input: Input) {
        let handler = self.blueprint.on.handler(&input);
        let home = self.blueprint.steps.get(self.blueprint.home);
        match home.map(|home| (&home.place, &home.kind)) {
            Some((place, Kind::Ask(ask)))
                if handler.is_some() && ask.free && matches!(ask.accept, Accept::Buttons) =>
            {
                self.session.forget_errand(self.blueprint);
                self.remember_question(place);
                self.session.state = State::Asking;
                self.answer(input);
            }
            _ => self.walk(Go::Home),
        }
    }

    /// Something is under way: words are kept until it is done, and what a list keeps stands there.
    fn wait(&mut self, input: Input) {
        if let Some(list) = self.blueprint.on.handler(&input).and_then(Handler::list) {
            if !self.session.keep(list, input) {
                return self.say_phrase(Phrase::KeptFull);
            }
            self.session.meanwhile.get_or_insert_default();
        } else if let Input::Text(text) = input {
            let before = self.session.meanwhile.take().map(|words| words + "\n").unwrap_or_default();
            self.session.meanwhile = Some((before + &text).chars().take(limits::ANSWER_CHARS_MAX).collect());
        }
        self.say_phrase(Phrase::Busy);
    }

    /// Takes the words that were said meanwhile, where anything may be said: people write in pieces. A form's next question
    /// is not answered by them.
    fn take_meanwhile(&mut self) {
        // One action may lead to the next.
        if matches!(self.session.state, State::Acting { .. }) {
            return;
        }
        let Some(words) = self.session.meanwhile.take() else { return };
        let is_free = self.session.state == State::Asking && self.question().is_some_and(|(_, ask)| ask.free);
        match self.blueprint.on.text.as_ref().filter(|_| is_free) {
            // All of it stands in a list.
            Some(handler) if words.is_empty() => self.follow(handler),
            Some(_) => self.answer(Input::Text(words)),
            None => {}
        }
    }

    fn begin(&mut self) {
        self.session.forget_errand(self.blueprint);
        self.walk(Go::Step(self.blueprint.start));
    }

    /// A command leaves whatever was going on. `/start`, `/cancel` and `/menu` work in every blueprint.
    fn command(&mut self, name: &str, payload: &str) {
        let name = name.to_ascii_lowercase();
        let command = self.blueprint.commands.iter().find(|command| command.name == name);
        let go = match (command, name.as_str()) {
            (Some(command), _) => command.go,
            (None, "start") => self.blueprint.start,
            (None, "cancel" | "menu") => self.blueprint.home,
            (None, _) if self.session.state == State::New => return self.begin(),
            (None, _) => return self.say_phrase(Phrase::UnknownCommand),
        };
        self.session.forget_errand(self.blueprint);
        self.session.state = State::Ended;
        self.session.meanwhile = None;
        if let Some(save) = command.and_then(|command| command.save.as_ref()) {
            let payload = answer::tidy(payload);
            let payload = if payload.is_empty() { Value::Null } else { Value::from(payload) };
            self.session.variables.insert(save.clone(), payload);
        }
        self.walk(Go::Step(go));
    }

    fn take_result(&mut self, place: &str, result: ActionResult) {
        let Some(Kind::Act(act)) = self.step_at(place).map(|number| self.kind(number)) else {
            return self.changed();
        };
        let too_much = weight(&result.data) > limits::RESULT_BYTES_MAX;
        let outcome = if too_much { FAILED } else { &result.outcome };
        self.visit(place, outcome == OK);
        let Some(outcome) = act.outcomes.iter().find(|known| known.name == outcome) else {
            return self.failed();
        };
        let data = if too_much { Value::Null } else { result.data };
        let (changes, toast, said) = {
            let scope = self.scope();
            let scope = scope.with("result", &data);
            let said = outcome
                .say
                .as_ref()
                .map(|say| say.get(self.lang).rich(self.writing(), &scope, limits::TEXT_UTF16_MAX));
            let toast =
                outcome.toast.as_ref().map(|toast| toast.get(self.lang).plain(self.writing(), &scope));
            let changes =
                outcome.set.iter().map(|assign| (assign.name.clone(), self.fill(&assign.value, &scope)));
            let changes: Vec<(String, Value)> = changes.collect();
            (changes, toast, said)
        };
        if let Some(toast) = toast {
            self.note(&toast);
        }
        self.replies.extend(said.map(plain_message));
        self.session.variables.extend(changes);
        if let Some(save) = act.save.as_ref().filter(|_| outcome.name == OK) {
            self.session.variables.insert(save.clone(), data);
        }
        self.walk(outcome.go);
    }

    /// Something on our side did not work: says so, and shows the question again, so that nothing typed is lost.
    fn failed(&mut self) {
        let lead = self.phrase(Phrase::Failed);
        match self.question() {
            Some((number, _)) => self.show(number, Some(lead)),
            None => {
                self.say(lead);
                self.walk(Go::Home);
            }
        }
    }

    /// The blueprint is another one than the session knew.
    fn changed(&mut self) {
        self.say_phrase(Phrase::Changed);
        self.walk(Go::Home);
    }

    fn speak(&mut self, lang: Lang) {
        self.lang = lang;
        self.session.lang = Some(lang);
    }

    fn kind(&self, number: usize) -> &'b Kind {
        /// Where a number leads that no step has; cannot happen, and must not panic.
        static NOWHERE: Kind = Kind::Return;
        self.blueprint.steps.get(number).map_or(&NOWHERE, |step| &step.kind)
    }

    fn step_at(&self, place: &str) -> Option<usize> {
        self.blueprint.places.get(place).copied()
    }

    /// The question that waits, when the blueprint still has it.
    fn question(&self) -> Option<(usize, &'b crate::blueprint::Ask)> {
        let number = self.step_at(&self.session.question.as_ref()?.step)?;
        match self.kind(number) {
            Kind::Ask(ask) => Some((number, ask)),
            _ => None,
        }
    }

    fn scope(&self) -> Scope<'_> {
        Scope::Root { variables: &self.session.variables, lang: self.lang, today: &self.today }
    }

    fn writing(&self) -> Writing<'b> {
        writing(self.blueprint, self.lang, self.now.zone)
    }

    fn phrase_template(&self, phrase: Phrase) -> &'b Template {
        self.blueprint.phrase(phrase, self.lang)
    }

    fn phrase(&self, phrase: Phrase) -> RichText {
        self.phrase_template(phrase).rich(self.writing(), &self.scope(), limits::TEXT_UTF16_MAX)
    }

    fn texts(&self, texts: &'b Texts) -> &'b Template {
        texts.get(self.lang)
    }

    fn say_phrase(&mut self, phrase: Phrase) {
        let text = self.phrase(phrase);
        self.say(text);
    }

    fn say(&mut self, text: RichText) {
        if !text.is_empty() {
            self.replies.push(plain_message(text));
        }
    }

    /// Says something and takes the reply keyboard away: what is typed from here on is no button.
    fn say_without_keys(&mut self, text: RichText) {
        if text.is_empty() {
            return;
        }
        let had_keys = self.session.reply_board.take().is_some();
        let keyboard = if had_keys { Keyboard::Remove } else { Keyboard::Keep };
        self.replies.push(Reply::Message(Message { keyboard, ..Message::of(text) }));
    }

    /// Answers a tap with a phrase.
    fn toast(&mut self, phrase: Phrase) {
        let text = self.phrase_template(phrase).plain(self.writing(), &self.scope());
        self.replies.push(Reply::Toast(crate::rich::cut_units(&text, limits::TOAST_UTF16_MAX)));
    }

    /// A short notice: beside the button when one was tapped, otherwise as a message.
    fn note(&mut self, text: &str) {
        let tapped = self.session.pressed.is_some();
        let text = crate::rich::cut_units(text, limits::TOAST_UTF16_MAX);
        self.replies.push(if tapped { Reply::Toast(text) } else { plain_message(RichText::plain(text)) });
    }
}

/// What writing needs, for this blueprint and language.
pub(crate) fn writing(blueprint: &Blueprint, lang: Lang, zone: Zone) -> Writing<'_> {
    Writing { lang, zone, money: blueprint.phrase(Phrase::Money, lang), words: &blueprint.words }
}

fn plain_message(text: RichText) -> Reply {
    Reply::Message(Message::of(text))
}

/// `/order 12` or `/order@shop_bot 12` as name and payload; `None` when it is no command.
fn command_words(text: &str) -> Option<(&str, &str)> {
    let words = text.trim().strip_prefix('/')?;
    let (name, payload) = words.split_once(char::is_whitespace).unwrap_or((words, ""));
    let name = name.split('@').next().unwrap_or_default();
    let command = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    command.then_some((name, payload.trim()))
}
