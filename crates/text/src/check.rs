//! Whether the three files of a crate hold the same messages with the same arguments.

use std::collections::{BTreeMap, BTreeSet};

use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement};
use kernel::Lang;

use crate::TextFiles;

/// What is wrong with a crate's messages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The crate.
    pub file: &'static str,
    /// The language of the file that is wrong.
    pub lang: Lang,
    /// The message, where one is meant.
    pub key: String,
    /// What is wrong, for developers.
    pub what: String,
}

/// Every message's arguments, by key.
type Messages = BTreeMap<String, BTreeSet<String>>;

/// Finds messages that a language lacks, arguments that differ, and files that are no Fluent.
pub fn check(files: &TextFiles) -> Vec<Problem> {
    let mut problems = Vec::new();
    let read = Lang::ALL.map(|lang| {
        let (messages, errors) = messages(files.of(lang));
        for what in errors {
            problems.push(Problem { file: files.name, lang, key: String::new(), what });
        }
        (lang, messages)
    });
    let keys: BTreeSet<&String> = read.iter().flat_map(|(_, messages)| messages.keys()).collect();
    for key in keys {
        let wanted: BTreeSet<&String> =
            read.iter().filter_map(|(_, messages)| messages.get(key)).flatten().collect();
        for (lang, messages) in &read {
            let what = match messages.get(key) {
                None => "missing".to_owned(),
                Some(args) if args.iter().collect::<BTreeSet<_>>() != wanted => {
                    format!("uses {args:?}, another language uses {wanted:?}")
                }
                Some(_) => continue,
            };
            problems.push(Problem { file: files.name, lang: *lang, key: key.clone(), what });
        }
    }
    problems
}

fn messages(source: &str) -> (Messages, Vec<String>) {
    let (resource, errors) = match fluent_syntax::parser::parse(source) {
        Ok(resource) => (resource, Vec::new()),
        Err((resource, errors)) => (resource, errors.iter().map(ToString::to_string).collect()),
    };
    let mut found = Messages::new();
    let mut errors: Vec<String> = errors;
    for entry in &resource.body {
        match entry {
            Entry::Message(message) => {
                let mut args = BTreeSet::new();
                if let Some(pattern) = &message.value {
                    in_pattern(pattern, &mut args);
                }
                if found.insert(message.id.name.to_owned(), args).is_some() {
                    errors.push(format!("{} stands twice", message.id.name));
                }
            }
            Entry::Junk { content } => errors.push(format!("not Fluent: {content}")),
            _ => {}
        }
    }
    (found, errors)
}

fn in_pattern(pattern: &Pattern<&str>, args: &mut BTreeSet<String>) {
    for element in &pattern.elements {
        if let PatternElement::Placeable { expression } = element {
            in_expression(expression, args);
        }
    }
}

fn in_expression(expression: &Expression<&str>, args: &mut BTreeSet<String>) {
    match expression {
        Expression::Inline(inline) => in_inline(inline, args),
        Expression::Select { selector, variants } => {
            in_inline(selector, args);
            for variant in variants {
                in_pattern(&variant.value, args);
            }
        }
    }
}

fn in_inline(inline: &InlineExpression<&str>, args: &mut BTreeSet<String>) {
    match inline {
        InlineExpression::VariableReference { id } => {
            args.insert(id.name.to_owned());
        }
        InlineExpression::FunctionReference { arguments, .. } => {
            for argument in &arguments.positional {
                in_inline(argument, args);
            }
        }
        InlineExpression::Placeable { expression } => in_expression(expression, args),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_that_a_language_lacks_or_fills_differently_is_found() {
        let files =
            TextFiles { name: "t", uz: "a = { $n }\nb = x", ru: "a = { $m }\nb = x", en: "a = { $n }" };
        let found: Vec<_> = check(&files).into_iter().map(|p| (p.lang, p.key)).collect();
        assert_eq!(
            found,
            [
                (Lang::Uz, "a".to_owned()),
                (Lang::Ru, "a".to_owned()),
                (Lang::En, "a".to_owned()),
                (Lang::En, "b".to_owned()),
            ]
        );
    }

    #[test]
    fn the_base_messages_are_complete() {
        assert_eq!(check(&crate::BASE), []);
    }
}
