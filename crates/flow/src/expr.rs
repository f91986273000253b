//! The small language of conditions and values: `cart and not phone`, `found.page < found.pages`, `page + 1`.
//!
//! Integers only; no calls out, no loops; anything that is not there is nothing (`null`), so evaluation cannot fail.

mod parse;

use std::borrow::Cow;

use kernel::Lang;
use serde_json::{Map, Value};

use crate::value::{count, integer, truth};

/// A read expression.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Expr {
    Literal(Value),
    Path { root: String, rest: Vec<Segment> },
    Not(Box<Self>),
    Count(Box<Self>),
    Binary(Op, Box<Self>, Box<Self>),
}

/// A step into a value: `.name` or `.0`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Segment {
    Field(String),
    Index(usize),
}

/// What stands between two operands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Op {
    Or,
    And,
    Equal,
    Differs,
    Less,
    AtMost,
    More,
    AtLeast,
    Plus,
    Minus,
    Times,
}

/// Names that mean something everywhere and need no declaration.
pub(crate) const SYSTEM_ROOTS: [&str; 2] = ["lang", "today"];

/// Where names are looked up: the variables of the session, then what a list or a result lends for a moment.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Scope<'a> {
    Root { variables: &'a Map<String, Value>, lang: Lang, today: &'a str },
    Local { parent: &'a Self, name: &'a str, value: &'a Value },
}

impl<'a> Scope<'a> {
    /// The same scope with one more name.
    pub(crate) const fn with(&'a self, name: &'a str, value: &'a Value) -> Self {
        Self::Local { parent: self, name, value }
    }

    fn find(&self, wanted: &str) -> Cow<'a, Value> {
        match *self {
            Scope::Local { name, value, .. } if name == wanted => Cow::Borrowed(value),
            Scope::Local { parent, .. } => parent.find(wanted),
            Scope::Root { variables, lang, today } => match (variables.get(wanted), wanted) {
                (Some(value), _) => Cow::Borrowed(value),
                (None, "lang") => Cow::Owned(Value::from(lang.code())),
                (None, "today") => Cow::Owned(Value::from(today)),
                (None, _) => Cow::Owned(Value::Null),
            },
        }
    }
}

impl Expr {
    /// Reads an expression; the error says in a few words what is wrong, for the place that shows it.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        parse::parse(text)
    }

    /// The value of the expression in `scope`.
    pub(crate) fn eval<'a>(&'a self, scope: &Scope<'a>) -> Cow<'a, Value> {
        match self {
            Self::Literal(value) => Cow::Borrowed(value),
            Self::Path { root, rest } => walk(scope.find(root), rest),
            Self::Not(inner) => Cow::Owned(Value::Bool(!truth(&inner.eval(scope)))),
            Self::Count(inner) => Cow::Owned(Value::from(count(&inner.eval(scope)))),
            Self::Binary(Op::And, left, right) => {
                let left = left.eval(scope);
                if truth(&left) { right.eval(scope) } else { left }
            }
            Self::Binary(Op::Or, left, right) => {
                let left = left.eval(scope);
                if truth(&left) { left } else { right.eval(scope) }
            }
            Self::Binary(op, left, right) => Cow::Owned(binary(*op, &left.eval(scope), &right.eval(scope))),
        }
    }

    /// Calls `found` with each name the expression begins a path with.
    pub(crate) fn roots<'a>(&'a self, found: &mut dyn FnMut(&'a str)) {
        match self {
            Self::Literal(_) => {}
            Self::Path { root, .. } => found(root),
            Self::Not(inner) | Self::Count(inner) => inner.roots(found),
            Self::Binary(_, left, right) => {
                left.roots(found);
                right.roots(found);
            }
        }
    }
}

fn walk<'a>(value: Cow<'a, Value>, rest: &[Segment]) -> Cow<'a, Value> {
    match value {
        Cow::Borrowed(start) => {
            rest.iter().try_fold(start, step).map_or(Cow::Owned(Value::Null), Cow::Borrowed)
        }
        Cow::Owned(start) => {
            let end = rest.iter().try_fold(&start, step).cloned();
            Cow::Owned(end.unwrap_or(Value::Null))
        }
    }
}

fn step<'v>(value: &'v Value, segment: &Segment) -> Option<&'v Value> {
    match segment {
        Segment::Field(name) => value.get(name.as_str()),
        Segment::Index(index) => value.get(index),
    }
}

fn binary(op: Op, left: &Value, right: &Value) -> Value {
    let numbers = || integer(left).zip(integer(right));
    let calculated = |calculate: fn(i64, i64) -> Option<i64>| {
        numbers().and_then(|(a, b)| calculate(a, b)).map_or(Value::Null, Value::from)
    };
    let compared = |holds: fn(i64, i64) -> bool| Value::Bool(numbers().is_some_and(|(a, b)| holds(a, b)));
    match op {
        Op::Equal => Value::Bool(equal(left, right)),
        Op::Differs => Value::Bool(!equal(left, right)),
        Op::Less => compared(|a, b| a < b),
        Op::AtMost => compared(|a, b| a <= b),
        Op::More => compared(|a, b| a > b),
        Op::AtLeast => compared(|a, b| a >= b),
        Op::Plus => calculated(i64::checked_add),
        Op::Minus => calculated(i64::checked_sub),
        Op::Times => calculated(i64::checked_mul),
        // Decided lazily in `eval`; here for completeness.
        Op::And => Value::Bool(truth(left) && truth(right)),
        Op::Or => Value::Bool(truth(left) || truth(right)),
    }
}

/// Equal as values; a number equals the text that spells it, because answers arrive as text.
fn equal(left: &Value, right: &Value) -> bool {
    left == right
        || match (left, right) {
            (Value::Number(_), Value::String(_)) | (Value::String(_), Value::Number(_)) => {
                integer(left).is_some() && integer(left) == integer(right)
            }
            _ => false,
        }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn check(expression: &str, expected: Value) {
        let variables = json!({
            "cart": [{"id": 7, "quantity": 2000}], "page": 2, "found": {"pages": 3, "items": []},
            "name": "Ali", "typed": "2", "phone": null,
        });
        let variables = variables.as_object().unwrap().clone();
        let scope = Scope::Root { variables: &variables, lang: Lang::Ru, today: "2026-11-20" };
        let item = json!({"id": 9});
        let scope = scope.with("item", &item);
        assert_eq!(*Expr::parse(expression).unwrap().eval(&scope), expected, "{expression}");
    }

    #[test]
    fn expressions_give_what_they_say() {
        check("cart.0.quantity", json!(2000));
        check("item.id + 1", json!(10));
        check("page < found.pages and not phone", json!(true));
        check("page - 1 > 0", json!(true));
        check("phone or 'none'", json!("none"));
        check("count(cart) == 1", json!(true));
        check("count(found.items) or count(name)", json!(3));
        check("page == typed", json!(true));
        check("name == \"Ali\"", json!(true));
        check("lang == 'ru'", json!(true));
        check("today", json!("2026-11-20"));
        check("2 + 3 * 4", json!(14));
        check("(2 + 3) * 4", json!(20));
        check("-page", json!(-2));
        check("not (page != 2)", json!(true));
        check("true and false", json!(false));
    }

    #[test]
    fn what_is_not_there_is_nothing() {
        check("nobody.knows.0", json!(null));
        check("cart.7.id", json!(null));
        check("name.first", json!(null));
        check("name + 1", json!(null));
        check("phone < 3", json!(false));
        check("9223372036854775807 + 1", json!(null));
    }
}
