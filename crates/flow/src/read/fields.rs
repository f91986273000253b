//! Reading of one table of the file: each field once, by type, with every fault reported where it stands.

mod texts;

use std::{
    cell::RefCell,
    collections::{BTreeSet, HashMap},
};

use kernel::Text;
use serde_json::Value;
use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use crate::{
    blueprint::{Assign, Filler, Go},
    expr::{Expr, SYSTEM_ROOTS},
    problem::Problem,
};

/// The file being read, with the faults found so far.
pub(super) struct Source {
    pub(super) file: String,
    line_starts: Vec<usize>,
    pub(super) problems: RefCell<Vec<Problem>>,
    pub(super) names: Names,
    /// The fields that were asked for: step, path inside it, name.
    #[cfg(test)]
    pub(super) asked: RefCell<BTreeSet<(Option<String>, String, String)>>,
}

/// What the file declares: known before the steps are read, so that each use is checked where it stands.
#[derive(Default)]
pub(super) struct Names {
    pub(super) variables: BTreeSet<String>,
    /// The dictionaries under `[words]`.
    pub(super) words: BTreeSet<String>,
    pub(super) notifications: BTreeSet<String>,
    pub(super) commands: BTreeSet<String>,
    /// Number of a step by `flow.step`.
    pub(super) steps: HashMap<String, usize>,
    /// Number of a flow's first step.
    pub(super) flows: HashMap<String, usize>,
    /// Number of the home step.
    pub(super) home: Option<usize>,
}

impl Source {
    pub(super) fn new(file: &str, source: &str) -> Self {
        let starts = source.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1);
        Self {
            file: file.to_owned(),
            line_starts: std::iter::once(0).chain(starts).collect(),
            problems: RefCell::default(),
            names: Names::default(),
            #[cfg(test)]
            asked: RefCell::default(),
        }
    }

    /// The line, from one, of a byte of the file.
    pub(super) fn line(&self, at: usize) -> u32 {
        u32::try_from(self.line_starts.partition_point(|start| *start <= at)).unwrap_or(u32::MAX)
    }

    pub(super) fn report(&self, line: u32, step: Option<&str>, field: &str, text: Text) {
        let problem = Problem {
            file: self.file.clone(),
            line,
            step: step.map(str::to_owned),
            field: field.to_owned(),
            text,
        };
        self.problems.borrow_mut().push(problem);
    }
}

/// A table of the file and which of its fields were read.
pub(super) struct Fields<'t> {
    pub(super) source: &'t Source,
    /// The step as `flow.step`.
    pub(super) step: Option<&'t str>,
    /// The table's path inside the step, with a dot at its end.
    path: String,
    pub(super) line: u32,
    table: &'t DeTable<'t>,
    read: RefCell<BTreeSet<&'t str>>,
}

impl<'t> Fields<'t> {
    pub(super) fn new(
        source: &'t Source,
        step: Option<&'t str>,
        path: String,
        line: u32,
        table: &'t DeTable<'t>,
    ) -> Self {
        Self { source, step, path, line, table, read: RefCell::default() }
    }

    /// Reports a fault of `field` on its line.
    pub(super) fn report(&self, field: &str, text: Text) {
        let root = field.split('.').next().unwrap_or_default();
        let line = self.table.get(root).map_or(self.line, |value| self.source.line(value.span().start));
        self.source.report(line, self.step, &format!("{}{field}", self.path), text);
    }

    /// Reports a field that must be there and is not.
    pub(super) fn missing(&self, field: &str) {
        self.report(field, Text::new("flow-field-missing"));
    }

    fn wrong_type(&self, field: &str, expected: &'static str) {
        self.report(field, Text::new("flow-field-type").with("expected", expected));
    }

    pub(super) fn has(&self, field: &str) -> bool {
        #[cfg(test)]
        self.note_asked(field);
        self.table.contains_key(field)
    }

    pub(super) fn raw(&self, field: &'t str) -> Option<&'t Spanned<DeValue<'t>>> {
        #[cfg(test)]
        self.note_asked(field);
        self.read.borrow_mut().insert(field);
        self.table.get(field)
    }

    #[cfg(test)]
    fn note_asked(&self, field: &str) {
        let place = (self.step.map(str::to_owned), self.path.clone(), field.to_owned());
        self.source.asked.borrow_mut().insert(place);
    }

    /// Reports the fields that nobody asked for. Call last.
    pub(super) fn finish(&self) {
        for name in self.table.keys() {
            if !self.read.borrow().contains(name.get_ref().as_ref()) {
                self.report(name.get_ref(), Text::new("flow-field-unknown"));
            }
        }
    }

    pub(super) fn string(&self, field: &'t str) -> Option<String> {
        let value = self.raw(field)?;
        let text = value.get_ref().as_str().map(str::to_owned);
        if text.is_none() {
            self.wrong_type(field, "text");
        }
        text
    }

    pub(super) fn required_string(&self, field: &'t str) -> Option<String> {
        if !self.has(field) {
            self.missing(field);
        }
        self.string(field)
    }

    pub(super) fn int(&self, field: &'t str) -> Option<i64> {
        let value = self.raw(field)?;
        let number = whole(value.get_ref());
        if number.is_none() {
            self.wrong_type(field, "number");
        }
        number
    }

    /// A number that must lie in a range; outside it is reported and `default` taken.
    pub(super) fn size(
        &self,
        field: &'t str,
        range: std::ops::RangeInclusive<usize>,
        default: usize,
    ) -> usize {
        let Some(number) = self.int(field) else { return default };
        match usize::try_from(number).ok().filter(|number| range.contains(number)) {
            Some(number) => number,
            None => {
                let text =
                    Text::new("flow-number-range").with("min", *range.start()).with("max", *range.end());
                self.report(field, text);
                default
            }
        }
    }

    pub(super) fn bool(&self, field: &'t str) -> Option<bool> {
        let value = self.raw(field)?;
        let yes = value.get_ref().as_bool();
        if yes.is_none() {
            self.wrong_type(field, "true/false");
        }
        yes
    }

    /// One of several words, each with its meaning.
    pub(super) fn one_of<T: Copy>(&self, field: &'t str, meanings: &[(&str, T)]) -> Option<T> {
        let word = self.string(field)?;
        let meaning = meanings.iter().find(|(name, _)| *name == word).map(|(_, meaning)| *meaning);
        if meaning.is_none() {
            let known: Vec<&str> = meanings.iter().map(|(name, _)| *name).collect();
            self.report(
                field,
                Text::new("flow-word-unknown").with("word", word).with("known", known.join(", ")),
            );
        }
        meaning
    }

    pub(super) fn strings(&self, field: &'t str) -> Option<Vec<String>> {
        let value = self.raw(field)?;
        let words: Option<Vec<String>> = value
            .get_ref()
            .as_array()
            .and_then(|items| items.iter().map(|item| item.get_ref().as_str().map(str::to_owned)).collect());
        if words.is_none() {
            self.wrong_type(field, "[text]");
        }
        words
    }

    pub(super) fn table(&self, field: &'t str) -> Option<Self> {
        let value = self.raw(field)?;
        match value.get_ref().as_table() {
            Some(table) => {
                let line = self.source.line(value.span().start);
                Some(Self::new(self.source, self.step, format!("{}{field}.", self.path), line, table))
            }
            None => {
                self.wrong_type(field, "{…}");
                None
            }
        }
    }

    pub(super) fn tables(&self, field: &'t str) -> Vec<Self> {
        let Some(value) = self.raw(field) else { return Vec::new() };
        let Some(items) = value.get_ref().as_array() else {
            self.wrong_type(field, "[{…}]");
            return Vec::new();
        };
        let tables = items.iter().enumerate().filter_map(|(position, item)| {
            let path = format!("{}{field}.{position}.", self.path);
            match item.get_ref().as_table() {
                Some(table) => {
                    let line = self.source.line(item.span().start);
                    Some(Self::new(self.source, self.step, path, line, table))
                }
                None => {
                    self.wrong_type(field, "[{…}]");
                    None
                }
            }
        });
        tables.collect()
    }

    /// The fields of this table in the order of the file.
    pub(super) fn entries(&self) -> Vec<(&'t str, &'t Spanned<DeValue<'t>>)> {
        let mut entries: Vec<_> = self.table.iter().collect();
        entries.sort_by_key(|(name, _)| name.span().start);
        entries.into_iter().map(|(name, value)| (name.get_ref().as_ref(), value)).collect()
    }

    /// An expression over variables and the names in `lent`.
    pub(super) fn expr(&self, field: &'t str, lent: &[&str]) -> Option<Expr> {
        let text = self.string(field)?;
        match Expr::parse(&text) {
            Ok(expr) => {
                expr.roots(&mut |root| self.check_root(field, root, lent));
                Some(expr)
            }
            Err(_) => {
                self.report(field, Text::new("flow-expression-malformed").with("piece", text));
                None
            }
        }
    }

    fn check_root(&self, field: &str, root: &str, lent: &[&str]) {
        let known = self.source.names.variables.contains(root)
            || SYSTEM_ROOTS.contains(&root)
            || lent.contains(&root);
        if !known {
            self.report(field, Text::new("flow-variable-unknown").with("name", root));
        }
    }

    /// The name of a declared variable.
    pub(super) fn variable(&self, field: &'t str) -> Option<String> {
        let name = self.string(field)?;
        if !self.source.names.variables.contains(&name) {
            self.report(field, Text::new("flow-variable-unknown").with("name", &name));
        }
        Some(name)
    }

    /// The step that a field names: `step` of this flow, `flow.step`, or the first step of `flow`.
    pub(super) fn step_named(&self, field: &'t str, name: &str) -> Option<usize> {
        let names = &self.source.names;
        let flow = self.step.and_then(|step| step.split_once('.')).map_or("", |(flow, _)| flow);
        let own = names.steps.get(&format!("{flow}.{name}"));
        let found = own.or_else(|| names.steps.get(name)).or_else(|| names.flows.get(name)).copied();
        if found.is_none() {
            self.report(field, Text::new("flow-step-unknown").with("name", name));
        }
        found
    }

    /// A step, required.
    pub(super) fn step_field(&self, field: &'t str) -> Option<usize> {
        let name = self.required_string(field)?;
        self.step_named(field, &name)
    }

    /// A target: a step or one of the words with a meaning.
    pub(super) fn go(&self, field: &'t str) -> Option<Go> {
        let name = self.string(field)?;
        self.go_named(field, &name)
    }

    pub(super) fn go_named(&self, field: &'t str, name: &str) -> Option<Go> {
        match name {
            "back" => Some(Go::Back),
            "home" => Some(Go::Home),
            "again" => Some(Go::Again),
            "stay" => Some(Go::Stay),
            "return" => Some(Go::Return),
            name => self.step_named(field, name).map(Go::Step),
        }
    }

    pub(super) fn required_go(&self, field: &'t str) -> Option<Go> {
        if !self.has(field) {
            self.report(field, Text::new("flow-dead-end"));
        }
        self.go(field)
    }

    /// A table of values for variables or arguments.
    pub(super) fn assigns(&self, field: &'t str, lent: &[&str], to_variables: bool) -> Vec<Assign> {
        let Some(fields) = self.table(field) else { return Vec::new() };
        let assign = |(name, value): (&'t str, &'t Spanned<DeValue<'t>>)| {
            if to_variables && !self.source.names.variables.contains(name) {
                fields.report(name, Text::new("flow-variable-unknown").with("name", name));
            }
            Some(Assign { name: name.to_owned(), value: fields.filler(name, value.get_ref(), lent)? })
        };
        fields.entries().into_iter().filter_map(assign).collect()
    }

    /// The arguments of a call: values, and tables of values. A table is made anew at each call and kept by nobody, so
    /// that none can grow from turn to turn.
    pub(super) fn arguments(&self, field: &'t str) -> Vec<Assign> {
        let Some(fields) = self.table(field) else { return Vec::new() };
        let argument = |(name, value): (&'t str, &'t Spanned<DeValue<'t>>)| {
            let value = match value.get_ref() {
                DeValue::Table(_) => Filler::Fields(fields.arguments(name)),
                value => fields.filler(name, value, &[])?,
            };
            Some(Assign { name: name.to_owned(), value })
        };
        fields.entries().into_iter().filter_map(argument).collect()
    }

    /// A value: `"{expression}"`, `"words with {values}"`, or a fixed number, yes/no, list.
    pub(super) fn filler(&self, field: &str, value: &DeValue<'_>, lent: &[&str]) -> Option<Filler> {
        let Some(text) = value.as_str() else {
            let fixed = json(value);
            if fixed.is_none() {
                self.wrong_type(field, "text, number, true/false, []");
            }
            return fixed.map(Filler::Fixed);
        };
        if text == "null" {
            return Some(Filler::Fixed(Value::Null));
        }
        let template = self.template(field, text, None, false, lent, crate::limits::TEXT_UTF16_MAX)?;
        Some(match template.into_bare() {
            Ok(expr) => Filler::Expr(expr),
            Err(_) if !text.contains('{') => Filler::Fixed(Value::from(text)),
            Err(template) => Filler::Words(template),
        })
    }
}

pub(super) fn whole(value: &DeValue<'_>) -> Option<i64> {
    let number = value.as_integer()?;
    i64::from_str_radix(number.as_str(), number.radix()).ok()
}

/// A value of the file as JSON; `None` for floats and dates, which dialogues do not know.
pub(super) fn json(value: &DeValue<'_>) -> Option<Value> {
    match value {
        DeValue::String(text) => Some(Value::from(text.as_ref())),
        DeValue::Integer(_) => whole(value).map(Value::from),
        DeValue::Boolean(yes) => Some(Value::from(*yes)),
        DeValue::Array(items) => {
            items.iter().map(|item| json(item.get_ref())).collect::<Option<Vec<_>>>().map(Value::Array)
        }
        DeValue::Table(fields) => {
            let fields =
                fields.iter().map(|(name, value)| Some((name.get_ref().to_string(), json(value.get_ref())?)));
            fields.collect::<Option<serde_json::Map<_, _>>>().map(Value::Object)
        }
        DeValue::Float(_) | DeValue::Datetime(_) => None,
    }
}
