//! Reading of expressions: words into tokens, tokens into a tree by precedence.

use serde_json::Value;

use super::{Expr, Op, Segment};

/// How deep brackets and `not` may be nested: deeper is a slip, and recursion must end.
const DEPTH_MAX: usize = 32;

#[derive(Debug, Clone, PartialEq)]
enum Token {
    Name(String),
    Literal(Value),
    Op(Op),
    Not,
    Open,
    Close,
}

/// Longest expression, bytes: a longer one is logic that belongs into an action.
const EXPRESSION_BYTES_MAX: usize = 400;

/// Reads `text` whole.
pub(super) fn parse(text: &str) -> Result<Expr, String> {
    if text.len() > EXPRESSION_BYTES_MAX {
        return Err("…".to_owned());
    }
    let mut parser = Parser { tokens: tokens(text)?, at: 0 };
    let expr = parser.binary(0, 0)?;
    match parser.next() {
        None => Ok(expr),
        Some(token) => Err(format!("{token:?}")),
    }
}

struct Parser {
    tokens: Vec<Token>,
    at: usize,
}

impl Parser {
    fn next(&mut self) -> Option<Token> {
        let token = self.tokens.get(self.at).cloned();
        self.at += 1;
        token
    }

    fn binary(&mut self, power_min: u8, depth: usize) -> Result<Expr, String> {
        let mut left = self.unary(depth)?;
        while let Some(Token::Op(op)) = self.tokens.get(self.at) {
            let op = *op;
            let power = power(op);
            if power < power_min {
                break;
            }
            self.at += 1;
            let right = self.binary(power + 1, depth + 1)?;
            left = Expr::Binary(op, Box::new(left), Box::new(right));
        }
        Ok(left)
    }

    fn unary(&mut self, depth: usize) -> Result<Expr, String> {
        if depth > DEPTH_MAX {
            return Err("(((".to_owned());
        }
        match self.next() {
            // `not` binds looser than a comparison: `not page == 2` is `not (page == 2)`.
            Some(Token::Not) => Ok(Expr::Not(Box::new(self.binary(power(Op::Equal), depth + 1)?))),
            Some(Token::Op(Op::Minus)) => {
                let operand = self.unary(depth + 1)?;
                Ok(Expr::Binary(Op::Minus, Box::new(Expr::Literal(Value::from(0))), Box::new(operand)))
            }
            Some(Token::Open) => {
                let inner = self.binary(0, depth + 1)?;
                self.close()?;
                Ok(inner)
            }
            Some(Token::Literal(value)) => Ok(Expr::Literal(value)),
            Some(Token::Name(name)) if name == "count" && self.tokens.get(self.at) == Some(&Token::Open) => {
                self.at += 1;
                let inner = self.binary(0, depth + 1)?;
                self.close()?;
                Ok(Expr::Count(Box::new(inner)))
            }
            Some(Token::Name(name)) => path(&name),
            Some(token) => Err(format!("{token:?}")),
            None => Err("…".to_owned()),
        }
    }

    fn close(&mut self) -> Result<(), String> {
        if self.next() == Some(Token::Close) { Ok(()) } else { Err(")".to_owned()) }
    }
}

const fn power(op: Op) -> u8 {
    match op {
        Op::Or => 1,
        Op::And => 2,
        Op::Equal | Op::Differs | Op::Less | Op::AtMost | Op::More | Op::AtLeast => 3,
        Op::Plus | Op::Minus => 4,
        Op::Times => 5,
    }
}

/// Reads a dotted path such as `cart.0.id`.
fn path(name: &str) -> Result<Expr, String> {
    let mut parts = name.split('.');
    let root = parts.next().unwrap_or_default();
    if root.is_empty() || name.ends_with('.') || name.contains("..") {
        return Err(name.to_owned());
    }
    let rest = parts.map(|part| match part.parse() {
        Ok(index) => Segment::Index(index),
        Err(_) => Segment::Field(part.to_owned()),
    });
    Ok(Expr::Path { root: root.to_owned(), rest: rest.collect() })
}

fn tokens(text: &str) -> Result<Vec<Token>, String> {
    let mut tokens = Vec::new();
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let mut followed_by = |wanted: char| chars.next_if(|(_, next)| *next == wanted).is_some();
        tokens.push(match c {
            ' ' | '\n' | '\t' => continue,
            '(' => Token::Open,
            ')' => Token::Close,
            '+' => Token::Op(Op::Plus),
            '-' => Token::Op(Op::Minus),
            '*' => Token::Op(Op::Times),
            '=' if followed_by('=') => Token::Op(Op::Equal),
            '!' if followed_by('=') => Token::Op(Op::Differs),
            '<' if followed_by('=') => Token::Op(Op::AtMost),
            '>' if followed_by('=') => Token::Op(Op::AtLeast),
            '<' => Token::Op(Op::Less),
            '>' => Token::Op(Op::More),
            '\'' | '"' => {
                let rest = text.get(at + 1..).unwrap_or_default();
                let (literal, _) = rest.split_once(c).ok_or_else(|| c.to_string())?;
                while chars.next_if(|(next, _)| *next <= at + 1 + literal.len()).is_some() {}
                Token::Literal(Value::from(literal))
            }
            '0'..='9' => {
                let digits = word(text, at, |c| c.is_ascii_digit());
                while chars.next_if(|(next, _)| *next < at + digits.len()).is_some() {}
                Token::Literal(Value::from(digits.parse::<i64>().map_err(|_| digits.to_owned())?))
            }
            c if c.is_ascii_alphabetic() || c == '_' => {
                let name = word(text, at, |c| c.is_ascii_alphanumeric() || c == '_' || c == '.');
                while chars.next_if(|(next, _)| *next < at + name.len()).is_some() {}
                match name {
                    "and" => Token::Op(Op::And),
                    "or" => Token::Op(Op::Or),
                    "not" => Token::Not,
                    "true" => Token::Literal(Value::Bool(true)),
                    "false" => Token::Literal(Value::Bool(false)),
                    "null" => Token::Literal(Value::Null),
                    name => Token::Name(name.to_owned()),
                }
            }
            other => return Err(other.to_string()),
        });
    }
    Ok(tokens)
}

/// The stretch of `text` from `at` on of which each character `belongs`.
fn word(text: &str, at: usize, belongs: impl Fn(char) -> bool) -> &str {
    let rest = text.get(at..).unwrap_or_default();
    rest.split_once(|c| !belongs(c)).map_or(rest, |(word, _)| word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_an_expression_is_refused_with_the_place() {
        for wrong in [
            "",
            "page +",
            "(page",
            "page page",
            "'open",
            "a..b",
            "a = b",
            "§",
            "count(page",
            ".id",
            "99999999999999999999",
        ] {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
        assert!(parse(&"(".repeat(100_000)).is_err());
        assert!(parse(&"not ".repeat(100_000)).is_err());
        assert!(parse(&"-".repeat(100_000)).is_err());
    }
}
