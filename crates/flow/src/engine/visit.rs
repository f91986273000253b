//! Which steps a turn came to and got through: where people leave a dialogue is counted by them.

use super::Run;
use crate::blueprint::Go;

/// A step that a person came to in an errand: a question, an action, a hand-over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Visit {
    /// The errand: from one time at home to the next. No other errand of this conversation has the number.
    pub errand: u64,
    /// The step, as `flow.step`.
    pub step: String,
    /// Whether it was got through: the question was answered, the action answered `ok`.
    pub passed: bool,
}

impl Visit {
    /// Puts the visit among others, so that each step stands there once.
    pub fn put(self, among: &mut Vec<Self>) {
        match among.iter_mut().find(|visit| visit.errand == self.errand && visit.step == self.step) {
            Some(visit) => visit.passed |= self.passed,
            None => among.push(self),
        }
    }
}

impl Run<'_> {
    /// Notes that a step was come to, or got through.
    pub(super) fn visit(&mut self, step: &str, passed: bool) {
        let visit = Visit { errand: self.session.errand, step: step.to_owned(), passed };
        visit.put(&mut self.visits);
    }

    /// Notes that the question was got through when what was pressed on it leads on, not back and not home, or says
    /// something.
    pub(super) fn pass_by_button(&mut self, go: Go, says: bool) {
        let leads_on = match go {
            Go::Step(number) => says || number != self.blueprint.home,
            Go::Return => true,
            Go::Home => says,
            Go::Back | Go::Again | Go::Stay => false,
        };
        if leads_on {
            self.pass();
        }
    }

    /// Notes that the question that waits was got through.
    pub(super) fn pass(&mut self) {
        if let Some(question) = &self.session.question {
            let step = question.step.clone();
            self.visit(&step, true);
        }
    }
}
