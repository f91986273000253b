//! What is wrong with a blueprint, and where: the file, the line, the step, the field.

use std::fmt;

use kernel::Text;

/// One fault of a blueprint. The text is a key of this crate's messages; all faults of a file are found at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The file's name, as the caller gave it.
    pub file: String,
    /// The line, counted from one.
    pub line: u32,
    /// The step as `flow.step`, when it is about a step.
    pub step: Option<String>,
    /// The field's path inside the step or the file: `buttons.2.text.ru`.
    pub field: String,
    /// What is wrong.
    pub text: Text,
}

/// For logs and tests: `shop.toml:12 main.menu buttons.0.go: flow-step-unknown name=basket`.
impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.file, self.line)?;
        if let Some(step) = &self.step {
            write!(f, " {step}")?;
        }
        write!(f, " {}: {}", self.field, self.text.key())?;
        for (name, value) in self.text.args() {
            match value {
                kernel::Arg::Text(text) => write!(f, " {name}={text}")?,
                kernel::Arg::Int(number) => write!(f, " {name}={number}")?,
                other => write!(f, " {name}={other:?}")?,
            }
        }
        Ok(())
    }
}
