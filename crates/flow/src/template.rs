//! Texts with places for values: `{product.name}`, `{price:money}`, `{if …}…{end}`, `{for item in list}…{end}`, `<b>…</b>`.
//!
//! Read once when the blueprint is compiled. A value is put in as words, never read again, so it can hold no markup.

mod parse;

use std::{borrow::Cow, collections::BTreeMap};

use kernel::{Lang, Zone};
use serde_json::Value;

use crate::{
    blueprint::Texts,
    expr::{Expr, Scope},
    format::{self, Format},
    rich::{RichText, Style, Writer},
    value::{integer, truth},
};

pub(crate) use parse::TemplateError;

/// A read text.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Template {
    nodes: Vec<Node>,
}

#[derive(Debug, Clone, PartialEq)]
enum Node {
    Words(String),
    Value(Expr, Format),
    If(Vec<(Expr, Vec<Self>)>, Vec<Self>),
    For(String, Expr, Vec<Self>),
    Styled(Look, Vec<Self>),
}

#[derive(Debug, Clone, PartialEq)]
enum Look {
    Fixed(Style),
    Link(Template),
}

/// Words for the codes of the host, by dictionary and code.
pub(crate) type Dictionaries = BTreeMap<String, BTreeMap<String, Texts>>;

/// What writing needs besides the values: the language, the zone of moments, and the currency's phrase.
#[derive(Clone, Copy)]
pub(crate) struct Writing<'a> {
    pub(crate) lang: Lang,
    pub(crate) zone: Zone,
    /// `{amount} soʻm` in this language.
    pub(crate) money: &'a Template,
    /// Words for codes.
    pub(crate) words: &'a Dictionaries,
}

impl Template {
    /// Reads a text. `marks` says whether tags such as `<b>` are known here (messages) or are words (buttons).
    pub(crate) fn parse(text: &str, marks: bool) -> Result<Self, TemplateError> {
        parse::parse(text, marks).map(|nodes| Self { nodes })
    }

    /// The text with its values, in at most `units_max` UTF-16 units.
    pub(crate) fn rich(&self, writing: Writing<'_>, scope: &Scope<'_>, units_max: usize) -> RichText {
        let mut writer = Writer::default();
        self.write(&mut writer, writing, scope);
        writer.finish(units_max)
    }

    /// The text with its values, without marks.
    pub(crate) fn plain(&self, writing: Writing<'_>, scope: &Scope<'_>) -> String {
        if let [Node::Words(words)] = self.nodes.as_slice() {
            return words.trim().to_owned();
        }
        self.rich(writing, scope, usize::MAX).text
    }

    /// Appends the text to `writer`.
    pub(crate) fn write(&self, writer: &mut Writer, writing: Writing<'_>, scope: &Scope<'_>) {
        write_nodes(&self.nodes, writer, writing, scope);
    }

    /// The words that stand there whatever the values are: what the shortest outcome holds.
    pub(crate) fn fixed_units(&self) -> usize {
        fixed_units(&self.nodes)
    }

    /// Calls `found` with each name that must come from outside.
    pub(crate) fn roots<'a>(&'a self, found: &mut dyn FnMut(&'a str)) {
        roots(&self.nodes, &mut Vec::new(), found);
    }

    /// Calls `found` with each format in the text.
    pub(crate) fn formats(&self, found: &mut dyn FnMut(&Format)) {
        each_format(&self.nodes, found);
    }

    /// The expression, when the text is one bare `{expression}` and nothing else: a value, not words.
    pub(crate) fn into_bare(self) -> Result<Expr, Self> {
        match <[Node; 1]>::try_from(self.nodes) {
            Ok([Node::Value(expr, Format::Plain)]) => Ok(expr),
            Ok(nodes) => Err(Self { nodes: nodes.into() }),
            Err(nodes) => Err(Self { nodes }),
        }
    }
}

fn write_nodes(nodes: &[Node], writer: &mut Writer, writing: Writing<'_>, scope: &Scope<'_>) {
    for node in nodes {
        match node {
            Node::Words(words) => writer.push(words),
            Node::Value(expr, format) => write_value(&expr.eval(scope), format, writer, writing),
            Node::If(branches, otherwise) => {
                let branch = branches.iter().find(|(when, _)| truth(&when.eval(scope)));
                write_nodes(branch.map_or(otherwise, |(_, body)| body), writer, writing, scope);
            }
            Node::For(name, list, body) => {
                let list = list.eval(scope);
                for (position, item) in list.as_array().into_iter().flatten().enumerate() {
                    let index = Value::from(position + 1);
                    let scope = scope.with("index", &index);
                    write_nodes(body, writer, writing, &scope.with(name, item));
                }
            }
            Node::Styled(look, body) => {
                let style = match look {
                    Look::Fixed(style) => style.clone(),
                    Look::Link(url) => Style::Link(url.plain(writing, scope)),
                };
                let mark = writer.open(style);
                write_nodes(body, writer, writing, scope);
                writer.close(mark);
            }
        }
    }
}

fn write_value(value: &Value, format: &Format, writer: &mut Writer, writing: Writing<'_>) {
    let lang = writing.lang;
    let written = match format {
        Format::Plain | Format::Plural(_) => None,
        Format::Money => {
            if let Some(tiyin) = integer(value) {
                let amount = Value::from(format::som(lang, tiyin));
                let nothing = serde_json::Map::new();
                let scope = Scope::Root { variables: &nothing, lang, today: "" };
                writing.money.write(writer, writing, &scope.with("amount", &amount));
                return;
            }
            None
        }
        Format::Quantity => integer(value).map(|thousandths| format::quantity(lang, thousandths)),
        Format::Number => integer(value).map(|number| format::number(lang, number)),
        Format::Date => format::date(value, writing.zone),
        Format::DateTime => format::moment(value, writing.zone),
        Format::Phone => format::phone(value),
        Format::Word(dictionary) => {
            let word = writing.words.get(dictionary).and_then(|words| words.get(plain(value).as_ref()));
            if let Some(word) = word {
                let nothing = serde_json::Map::new();
                word.get(lang).write(writer, writing, &Scope::Root { variables: &nothing, lang, today: "" });
                return;
            }
            None
        }
        Format::Cut(chars) => Some(crate::rich::cut(&plain(value), *chars)),
    };
    match (written, format) {
        (Some(written), _) => writer.push_value(&written),
        (None, Format::Plural(forms)) => {
            let form = format::plural_form(lang, integer(value).unwrap_or_default());
            writer.push(forms.get(form).or_else(|| forms.last()).map_or("", String::as_str));
        }
        // A value that the format does not fit (no date, no number) is shown as it is rather than lost.
        (None, _) => writer.push_value(&plain(value)),
    }
}

/// A value as words: nothing for nothing, a list with commas.
fn plain(value: &Value) -> Cow<'_, str> {
    match value {
        Value::Null | Value::Object(_) => Cow::Borrowed(""),
        Value::String(text) => Cow::Borrowed(text),
        Value::Bool(_) | Value::Number(_) => Cow::Owned(value.to_string()),
        Value::Array(items) => Cow::Owned(items.iter().map(plain).collect::<Vec<_>>().join(", ")),
    }
}

fn fixed_units(nodes: &[Node]) -> usize {
    nodes
        .iter()
        .map(|node| match node {
            Node::Words(words) => crate::rich::units(words),
            Node::Value(..) | Node::For(..) => 0,
            Node::If(branches, otherwise) => branches
                .iter()
                .map(|(_, body)| fixed_units(body))
                .chain([fixed_units(otherwise)])
                .min()
                .unwrap_or(0),
            Node::Styled(_, body) => fixed_units(body),
        })
        .sum()
}

fn roots<'a>(nodes: &'a [Node], lent: &mut Vec<&'a str>, found: &mut dyn FnMut(&'a str)) {
    for node in nodes {
        match node {
            Node::Words(_) => {}
            Node::Value(expr, _) => expr_roots(expr, lent, found),
            Node::If(branches, otherwise) => {
                for (when, body) in branches {
                    expr_roots(when, lent, found);
                    roots(body, lent, found);
                }
                roots(otherwise, lent, found);
            }
            Node::For(name, list, body) => {
                expr_roots(list, lent, found);
                lent.extend([name.as_str(), "index"]);
                roots(body, lent, found);
                lent.truncate(lent.len() - 2);
            }
            Node::Styled(look, body) => {
                if let Look::Link(url) = look {
                    roots(&url.nodes, lent, found);
                }
                roots(body, lent, found);
            }
        }
    }
}

fn expr_roots<'a>(expr: &'a Expr, lent: &[&'a str], found: &mut dyn FnMut(&'a str)) {
    expr.roots(&mut |root| {
        if !lent.contains(&root) {
            found(root);
        }
    });
}

fn each_format(nodes: &[Node], found: &mut dyn FnMut(&Format)) {
    for node in nodes {
        match node {
            Node::Words(_) => {}
            Node::Value(_, format) => found(format),
            Node::If(branches, otherwise) => {
                branches.iter().for_each(|(_, body)| each_format(body, found));
                each_format(otherwise, found);
            }
            Node::For(_, _, body) | Node::Styled(_, body) => each_format(body, found),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn write(template: &str, lang: Lang, variables: Value) -> String {
        let template = Template::parse(template, true).unwrap();
        let money = Template::parse("{amount} soʻm", false).unwrap();
        let writing = Writing { lang, zone: Zone::default(), money: &money, words: &Dictionaries::new() };
        let variables = variables.as_object().unwrap().clone();
        let scope = Scope::Root { variables: &variables, lang, today: "2026-11-20" };
        template.rich(writing, &scope, 4096).to_html().replace('\u{a0}', " ")
    }

    #[track_caller]
    fn check(template: &str, variables: Value, expected: &str) {
        assert_eq!(write(template, Lang::Ru, variables), expected, "{template}");
    }

    #[test]
    fn values_are_put_in_by_their_format() {
        check("{n} {n:plural товар|товара|товаров}", json!({"n": 3}), "3 товара");
        check(
            "<s>{old:money}</s> {new:money}",
            json!({"old": 25_000_000, "new": 19_900_050}),
            "<s>250 000 soʻm</s> 199 000,50 soʻm",
        );
        check(
            "{when:date} {at:datetime}",
            json!({"when": "2026-11-20", "at": 1_795_157_100_000_i64}),
            "20.11.2026 20.11.2026 11:45",
        );
        check(
            "{phone:phone}, {long:cut 5}",
            json!({"phone": "+998901234567", "long": "abcdefg"}),
            "+998 90 123 45 67, abcd…",
        );
        check("{{a}} &lt;b&gt; {x}{list}", json!({"list": ["a", 1]}), "{a} &lt;b&gt; a, 1");
    }

    #[test]
    fn a_value_can_hold_no_markup_and_no_place_for_another_value() {
        check(
            "<b>{name}</b>",
            json!({"name": "</b><a href='x'>{phone}"}),
            "<b>&lt;/b&gt;&lt;a href='x'&gt;{phone}</b>",
        );
        check(
            "<a href=\"{url}\">x</a>",
            json!({"url": "http://a/\"><b>"}),
            "<a href=\"http://a/&quot;&gt;&lt;b&gt;\">x</a>",
        );
    }

    #[test]
    fn lists_and_conditions_leave_no_empty_lines_behind() {
        let text = "Savat:\n{for line in lines}\n{index}. {line.name}{if line.old} (eski){end}\n{end}\n{if total}\nJami {total}\n{elif lines}\n?\n{else}\nboʻsh\n{end}\n";
        check(
            text,
            json!({"lines": [{"name": "A", "old": 1}, {"name": "B"}], "total": 5}),
            "Savat:\n1. A (eski)\n2. B\nJami 5",
        );
        check(text, json!({"lines": []}), "Savat:\nboʻsh");
        check(text, json!({"lines": [{"name": "A"}]}), "Savat:\n1. A\n?");
    }

    #[test]
    fn a_wrong_text_is_refused() {
        for wrong in [
            "{",
            "}",
            "{a",
            "{if a}",
            "{end}",
            "{for a}{end}",
            "{else}",
            "<b>",
            "</b>",
            "<b><i></b></i>",
            "<script>",
            "{a:loud}",
            "{}",
            "{if a}<b>{end}</b>",
            "<a>x</a>",
            "{if a}{else}{else}{end}",
            "{for item.x in a}{end}",
        ] {
            assert!(Template::parse(wrong, true).is_err(), "{wrong}");
        }
        assert!(Template::parse(&"<b>".repeat(50_000), true).is_err());
    }

    #[test]
    fn the_names_a_text_needs_are_known() {
        let template =
            Template::parse("{a.b}{for x in list}{x.name}{index}{y}{end}{if c}{d:money}{end}", true).unwrap();
        let mut names = Vec::new();
        template.roots(&mut |root| names.push(root));
        assert_eq!(names, ["a", "list", "y", "c", "d"]);
    }
}
