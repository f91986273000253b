//! Faults of a blueprint in the words of the reader, for pages, the API and the editor.

use flow::{Problem, limits::PROBLEMS_MAX};
use kernel::{Error, FieldError, Result, Text};
use serde::Serialize;
use utoipa::ToSchema;
use web::pages::Words;

use crate::version::problems;

/// One fault of a blueprint.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct Fault {
    /// The line, from 1.
    #[schema(example = 42)]
    pub(crate) line: u32,
    /// The step as `flow.step`; empty when it is about the file.
    #[schema(example = "main.menu")]
    pub(crate) step: String,
    /// The field's path inside the step or the file.
    #[schema(example = "buttons.0.go")]
    pub(crate) field: String,
    /// The stable code.
    #[schema(example = "flow-step-unknown")]
    pub(crate) code: &'static str,
    /// What is wrong, in the caller's language.
    pub(crate) message: String,
}

impl Fault {
    fn of(words: &Words, problem: &Problem) -> Self {
        let Problem { file: _, line, step, field, text } = problem;
        Self {
            line: *line,
            step: step.clone().unwrap_or_default(),
            field: field.clone(),
            code: text.key(),
            message: words.say(text),
        }
    }

    /// `12 · main.menu · buttons.0.go: There is no step “basket”.`
    pub(crate) fn sentence(&self) -> String {
        let Self { line, step, field, code: _, message } = self;
        let place: Vec<&str> =
            [step.as_str(), field.as_str()].into_iter().filter(|part| !part.is_empty()).collect();
        match place.as_slice() {
            [] => format!("{line}: {message}"),
            place => format!("{line} · {}: {message}", place.join(" · ")),
        }
    }
}

/// Everything that is wrong with a blueprint, in the order of its lines; at most [`PROBLEMS_MAX`].
pub(crate) fn of(words: &Words, source: &str) -> Vec<Fault> {
    problems(source).iter().take(PROBLEMS_MAX).map(|problem| Fault::of(words, problem)).collect()
}

/// Refuses a faulty blueprint with all its faults as errors of `field`.
pub(crate) fn refuse(words: &Words, field: &str, source: &str) -> Result<()> {
    let error = |fault: Fault| {
        let text = Text::new("bots-blueprint-fault").with("fault", fault.sentence());
        FieldError { field: field.to_owned(), text }
    };
    let errors: Vec<FieldError> = of(words, source).into_iter().map(error).collect();
    if errors.is_empty() { Ok(()) } else { Err(Error::fields(errors)) }
}
