//! Going from step to step until one asks something, calls something, or nothing is left to say.

use serde_json::Value;

use super::Run;
use crate::{
    action::ActionCall,
    blueprint::{Act, Assign, Filler, Go, Kind},
    expr::{Expr, Scope},
    limits::{CALLS_MAX, CAPTION_UTF16_MAX, STEPS_PER_TURN_MAX, TEXT_UTF16_MAX},
    phrase::Phrase,
    reply::{Message, Reply},
    session::State,
    value::truth,
};

impl<'b> Run<'b> {
    /// Goes on from a target.
    pub(super) fn walk(&mut self, mut go: Go) {
        while let Some(number) = self.target(go) {
            self.session.hops += 1;
            if self.session.hops > STEPS_PER_TURN_MAX {
                return self.stop_the_round();
            }
            go = match self.kind(number) {
                Kind::Say { text, media, go } => {
                    let picture = self.picture(media.as_ref());
                    let units_max = if picture.is_some() { CAPTION_UTF16_MAX } else { TEXT_UTF16_MAX };
                    let text = self.texts(text).rich(self.writing(), &self.scope(), units_max);
                    if !text.is_empty() || picture.is_some() {
                        let message = Message { picture, ..Message::of(text) };
                        self.replies.push(Reply::Message(message));
                    }
                    *go
                }
                Kind::Ask(_) => return self.show(number, None),
                Kind::Branch { cases, otherwise } => {
                    let scope = self.scope();
                    cases.iter().find(|(when, _)| truth(&when.eval(&scope))).map_or(*otherwise, |(_, go)| *go)
                }
                Kind::Act(act) => return self.call(number, act),
                Kind::Set { set, lang, go } => {
                    let lang = lang.as_ref().map(|lang| self.fill(lang, &self.scope()));
                    if let Some(lang) = lang.as_ref().and_then(Value::as_str).and_then(kernel::Lang::parse) {
                        self.speak(lang);
                    }
                    self.assign(set);
                    *go
                }
                Kind::Call { flow, .. } => {
                    let place = self.blueprint.steps.get(number).map(|step| step.place.clone());
                    self.session.calls.extend(place);
                    // Deeper than any sensible dialogue: the outermost call is forgotten.
                    if self.session.calls.len() > CALLS_MAX {
                        self.session.calls.remove(0);
                    }
                    Go::Step(*flow)
                }
                Kind::Return => Go::Return,
                Kind::Handover { text } => {
                    if let Some(step) = self.blueprint.steps.get(number) {
                        self.visit(&step.place, true);
                    }
                    let text = match text {
                        Some(text) => self.texts(text).rich(self.writing(), &self.scope(), TEXT_UTF16_MAX),
                        None => self.phrase(Phrase::HandedOver),
                    };
                    self.say_without_keys(text);
                    self.session.forget_errand(self.blueprint);
                    self.session.state = State::HandedOver;
                    return;
                }
                Kind::End { text } => {
                    if let Some(text) = text {
                        let text = self.texts(text).rich(self.writing(), &self.scope(), TEXT_UTF16_MAX);
                        self.say(text);
                    }
                    self.session.forget_errand(self.blueprint);
                    self.session.state = State::Ended;
                    return;
                }
            };
        }
    }

    /// The step that a target means; `None` when nothing changes.
    fn target(&mut self, go: Go) -> Option<usize> {
        let number = match go {
            Go::Step(number) => number,
            Go::Home => self.blueprint.home,
            Go::Again => self.question().map_or(self.blueprint.home, |(number, _)| number),
            Go::Stay if self.question().is_some() => {
                self.session.state = State::Asking;
                if self.session.pressed.is_some() && self.replies.is_empty() {
                    self.replies.push(Reply::Toast(String::new()));
                }
                return None;
            }
            Go::Stay => self.blueprint.home,
            Go::Back => {
                self.going_back = true;
                match self.session.trail.pop() {
                    None => self.blueprint.home,
                    Some(place) => {
                        self.session.calls = place.calls;
                        let number = self.step_at(&place.step).unwrap_or(self.blueprint.home);
                        // What it shows may have changed since.
                        match self.kind(number) {
                            Kind::Ask(ask) => ask.reload.unwrap_or(number),
                            _ => number,
                        }
                    }
                }
            }
            Go::Return => {
                let caller = self.session.calls.pop().and_then(|place| self.step_at(&place));
                match caller.map(|number| self.kind(number)) {
                    Some(Kind::Call { go, .. }) => return self.target(*go),
                    _ => self.blueprint.home,
                }
            }
        };
        if number == self.blueprint.home && go != Go::Again {
            self.session.forget_errand(self.blueprint);
        }
        Some(number)
    }

    /// Too many steps without a question: says that it failed, and stands at home.
    fn stop_the_round(&mut self) {
        self.session.forget_errand(self.blueprint);
        let lead = self.phrase(Phrase::Failed);
        self.show(self.blueprint.home, Some(lead));
    }

    fn call(&mut self, number: usize, act: &'b Act) {
        let Some(step) = self.blueprint.steps.get(number) else { return };
        self.visit(&step.place, false);
        let scope = self.scope();
        let args = act.args.iter().map(|arg| (arg.name.clone(), self.fill(&arg.value, &scope))).collect();
        let id = self.session.turn;
        self.session.state = State::Acting { place: step.place.clone(), call: id, back: self.going_back };
        if act.typing {
            self.replies.push(Reply::Typing);
        }
        self.pending = Some(ActionCall { id, name: act.call.clone(), lang: self.lang, args });
    }

    /// Gives variables their values; all are computed before the first is given.
    pub(super) fn assign(&mut self, set: &[Assign]) {
        let scope = self.scope();
        let values: Vec<_> =
            set.iter().map(|assign| (assign.name.clone(), self.fill(&assign.value, &scope))).collect();
        self.session.variables.extend(values);
    }

    /// The value that a filler gives.
    pub(super) fn fill(&self, filler: &Filler, scope: &Scope<'_>) -> Value {
        match filler {
            Filler::Fixed(value) => value.clone(),
            Filler::Expr(expr) => evaluated(expr, scope),
            Filler::Fields(fields) => {
                let value = |field: &Assign| (field.name.clone(), self.fill(&field.value, scope));
                Value::Object(fields.iter().map(value).collect())
            }
            // As long as an answer may be: `a = "{a}{a}"` must not grow without end.
            Filler::Words(template) => Value::from(template.rich(self.writing(), scope, TEXT_UTF16_MAX).text),
        }
    }
}

fn evaluated(expr: &Expr, scope: &Scope<'_>) -> Value {
    expr.eval(scope).into_owned()
}
