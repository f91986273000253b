//! Reads one Fluent file: its messages, the arguments each takes, and what each refers to.

use std::collections::{BTreeMap, BTreeSet};

use fluent_syntax::ast::{CallArguments, Entry, Expression, InlineExpression, Pattern, PatternElement};

use super::super::{
    finding::Finding,
    tree::{line_at, line_where},
};

/// What is known of a message.
#[derive(Debug)]
pub struct Message {
    /// Where it stands.
    pub line: usize,
    /// The variables in it.
    pub arguments: BTreeSet<String>,
    /// Keys of the messages in it.
    pub references: BTreeSet<String>,
}

/// The messages of a file; what is no Fluent, is empty or stands twice becomes a finding.
pub fn read(path: &str, text: &str, findings: &mut Vec<Finding>) -> BTreeMap<String, Message> {
    let resource = match fluent_syntax::parser::parse(text) {
        Ok(resource) => resource,
        Err((resource, errors)) => {
            for error in errors {
                findings.push(Finding::new(path, line_at(text, error.pos.start), error.kind.to_string()));
            }
            resource
        }
    };
    let mut messages = BTreeMap::new();
    for entry in &resource.body {
        let Entry::Message(message) = entry else { continue };
        let key = message.id.name;
        let line = line_of_key(text, key);
        let mut known = Message { line, arguments: BTreeSet::new(), references: BTreeSet::new() };
        match &message.value {
            Some(pattern) => in_pattern(pattern, &mut known),
            None => findings.push(Finding::new(path, line, format!("`{key}` says nothing"))),
        }
        for attribute in &message.attributes {
            let message = format!("`{key}.{}`: write a message of its own", attribute.id.name);
            findings.push(Finding::new(path, line, message));
        }
        if messages.insert(key.to_owned(), known).is_some() {
            findings.push(Finding::new(path, line, format!("`{key}` stands twice")));
        }
    }
    messages
}

fn line_of_key(text: &str, key: &str) -> usize {
    line_where(text, |line| line.strip_prefix(key).is_some_and(|rest| rest.trim_start().starts_with('=')))
}

fn in_pattern(pattern: &Pattern<&str>, known: &mut Message) {
    for element in &pattern.elements {
        if let PatternElement::Placeable { expression } = element {
            in_expression(expression, known);
        }
    }
}

fn in_expression(expression: &Expression<&str>, known: &mut Message) {
    match expression {
        Expression::Inline(inline) => in_inline(inline, known),
        Expression::Select { selector, variants } => {
            in_inline(selector, known);
            variants.iter().for_each(|variant| in_pattern(&variant.value, known));
        }
    }
}

fn in_inline(inline: &InlineExpression<&str>, known: &mut Message) {
    match inline {
        InlineExpression::VariableReference { id } => {
            known.arguments.insert(id.name.to_owned());
        }
        InlineExpression::MessageReference { id, .. } => {
            known.references.insert(id.name.to_owned());
        }
        InlineExpression::FunctionReference { arguments, .. } => in_arguments(arguments, known),
        InlineExpression::TermReference { arguments, .. } => {
            arguments.iter().for_each(|arguments| in_arguments(arguments, known));
        }
        InlineExpression::Placeable { expression } => in_expression(expression, known),
        InlineExpression::StringLiteral { .. } | InlineExpression::NumberLiteral { .. } => {}
    }
}

fn in_arguments(arguments: &CallArguments<&str>, known: &mut Message) {
    arguments.positional.iter().for_each(|inline| in_inline(inline, known));
    arguments.named.iter().for_each(|argument| in_inline(&argument.value, known));
}
