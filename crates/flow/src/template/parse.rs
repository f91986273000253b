//! Reading of texts: pieces (words, `{…}`, `<…>`) and then blocks that contain blocks.

use super::{Look, Node, Template};
use crate::{expr::Expr, format::Format, rich::Style};

/// How deep blocks may be nested: deeper is a slip, and recursion must end.
const DEPTH_MAX: usize = 16;

/// What is wrong with a text, and the piece of it where it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TemplateError {
    /// The piece that could not be read.
    pub(crate) piece: String,
}

#[derive(Debug, PartialEq)]
enum Piece<'t> {
    Words(String),
    Braces(&'t str),
    Tag(&'t str),
}

/// Reads `text` into nodes.
pub(super) fn parse(text: &str, marks: bool) -> Result<Vec<Node>, TemplateError> {
    let mut blocks = Blocks { pieces: pieces(text, marks)?.into_iter().peekable(), depth: 0 };
    let nodes = blocks.body()?;
    match blocks.pieces.next() {
        None => Ok(nodes),
        Some(Piece::Braces(piece) | Piece::Tag(piece)) => Err(wrong(piece)),
        Some(Piece::Words(piece)) => Err(wrong(&piece)),
    }
}

fn wrong(piece: &str) -> TemplateError {
    TemplateError { piece: crate::rich::cut(piece, 60) }
}

/// Cuts `text` into words, contents of braces and contents of tags. A line that holds nothing but `{if}`, `{for}`,
/// `{else}`, `{end}` goes with its line break, so that blocks can stand on lines of their own.
fn pieces(text: &str, marks: bool) -> Result<Vec<Piece<'_>>, TemplateError> {
    let mut pieces = Vec::new();
    for line in text.split_inclusive('\n') {
        let from = pieces.len();
        cut_line(line, marks, &mut pieces)?;
        let line_pieces = pieces.get(from..).unwrap_or_default();
        let blocks_only = line_pieces.iter().all(|piece| match piece {
            Piece::Words(words) => words.trim().is_empty(),
            Piece::Braces(inside) => is_block(inside),
            Piece::Tag(_) => false,
        });
        if blocks_only && line_pieces.iter().any(|piece| matches!(piece, Piece::Braces(_))) {
            let mut position = 0;
            pieces.retain(|piece| {
                position += 1;
                position <= from || !matches!(piece, Piece::Words(_))
            });
        }
    }
    Ok(pieces)
}

fn is_block(inside: &str) -> bool {
    let first = inside.split_whitespace().next().unwrap_or_default();
    matches!(first, "if" | "elif" | "else" | "for" | "end")
}

fn cut_line<'t>(line: &'t str, marks: bool, pieces: &mut Vec<Piece<'t>>) -> Result<(), TemplateError> {
    let mut words = String::new();
    let mut rest = line;
    while let Some(c) = rest.chars().next() {
        let after = rest.get(c.len_utf8()..).unwrap_or_default();
        if let Some(doubled) = rest.strip_prefix("{{").or_else(|| rest.strip_prefix("}}")) {
            words.push(c);
            rest = doubled;
            continue;
        }
        let entity = ENTITIES.iter().find(|(entity, _)| marks && rest.starts_with(entity));
        if let Some((entity, meant)) = entity {
            words.push(*meant);
            rest = rest.get(entity.len()..).unwrap_or_default();
            continue;
        }
        let end = match c {
            '{' => '}',
            '<' if marks => '>',
            '}' => return Err(wrong(rest)),
            other => {
                words.push(other);
                rest = after;
                continue;
            }
        };
        let (inside, left) = after.split_once(end).ok_or_else(|| wrong(rest))?;
        if !words.is_empty() {
            pieces.push(Piece::Words(std::mem::take(&mut words)));
        }
        if c == '<' && inside.contains('{') {
            // `<a href="{url}">`: the `>` of an expression cannot end the tag, braces inside are read later.
            let (inside, left) = link_tag(after).ok_or_else(|| wrong(rest))?;
            pieces.push(Piece::Tag(inside));
            rest = left;
        } else {
            pieces.push(if c == '{' { Piece::Braces(inside.trim()) } else { Piece::Tag(inside.trim()) });
            rest = left;
        }
    }
    if !words.is_empty() {
        pieces.push(Piece::Words(words));
    }
    Ok(())
}

const ENTITIES: [(&str, char); 3] = [("&lt;", '<'), ("&gt;", '>'), ("&amp;", '&')];

/// `a href="…">rest` into `a href="…"` and the rest.
fn link_tag(after: &str) -> Option<(&str, &str)> {
    let start = after.find('"')? + 1;
    let end = start + after.get(start..)?.find('"')? + 1;
    let left = after.get(end..)?.strip_prefix('>')?;
    Some((after.get(..end)?, left))
}

struct Blocks<'t, I: Iterator<Item = Piece<'t>>> {
    pieces: std::iter::Peekable<I>,
    depth: usize,
}

impl<'t, I: Iterator<Item = Piece<'t>>> Blocks<'t, I> {
    /// Nodes until a piece that ends a block (`{end}`, `{else}`, `{elif}`, `</…>`), which is left in place.
    fn body(&mut self) -> Result<Vec<Node>, TemplateError> {
        self.depth += 1;
        if self.depth > DEPTH_MAX {
            return Err(wrong("{if {if {if …"));
        }
        let mut nodes = Vec::new();
        loop {
            let ends = match self.pieces.peek() {
                None => true,
                Some(Piece::Words(_)) => false,
                Some(Piece::Tag(tag)) => tag.starts_with('/'),
                Some(Piece::Braces(inside)) => matches!(first_word(inside).0, "end" | "else" | "elif"),
            };
            if ends {
                break;
            }
            match self.pieces.next() {
                Some(Piece::Words(words)) => nodes.push(Node::Words(words)),
                Some(Piece::Tag(tag)) => nodes.push(self.styled(tag)?),
                Some(Piece::Braces(inside)) => nodes.push(match first_word(inside) {
                    ("if", when) => self.condition(when)?,
                    ("for", header) => self.list(header, inside)?,
                    _ => value(inside)?,
                }),
                None => break,
            }
        }
        self.depth -= 1;
        Ok(nodes)
    }

    fn condition(&mut self, when: &str) -> Result<Node, TemplateError> {
        let mut branches = vec![(expression(when)?, self.body()?)];
        loop {
            match self.next_braces(when)? {
                "end" => return Ok(Node::If(branches, Vec::new())),
                "else" => {
                    let otherwise = self.body()?;
                    return match self.next_braces(when)? {
                        "end" => Ok(Node::If(branches, otherwise)),
                        other => Err(wrong(other)),
                    };
                }
                other => match first_word(other) {
                    ("elif", when) => branches.push((expression(when)?, self.body()?)),
                    _ => return Err(wrong(other)),
                },
            }
        }
    }

    fn list(&mut self, header: &str, inside: &str) -> Result<Node, TemplateError> {
        let (name, list) = header.split_once(" in ").ok_or_else(|| wrong(inside))?;
        let name = name.trim();
        if name.is_empty() || !name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
            return Err(wrong(inside));
        }
        let list = expression(list)?;
        let body = self.body()?;
        match self.next_braces(inside)? {
            "end" => Ok(Node::For(name.to_owned(), list, body)),
            other => Err(wrong(other)),
        }
    }

    fn styled(&mut self, tag: &'t str) -> Result<Node, TemplateError> {
        let (name, look) = match tag {
            "b" => ("b", Look::Fixed(Style::Bold)),
            "i" => ("i", Look::Fixed(Style::Italic)),
            "u" => ("u", Look::Fixed(Style::Underline)),
            "s" => ("s", Look::Fixed(Style::Strike)),
            "code" => ("code", Look::Fixed(Style::Code)),
            _ => {
                let url = tag.strip_prefix("a href=\"").and_then(|rest| rest.strip_suffix('"'));
                let url = url.filter(|url| !url.is_empty()).ok_or_else(|| wrong(tag))?;
                ("a", Look::Link(Template::parse(url, false)?))
            }
        };
        let body = self.body()?;
        match self.pieces.next() {
            Some(Piece::Tag(end)) if end.strip_prefix('/') == Some(name) => Ok(Node::Styled(look, body)),
            _ => Err(wrong(tag)),
        }
    }

    fn next_braces(&mut self, opened: &str) -> Result<&'t str, TemplateError> {
        match self.pieces.next() {
            Some(Piece::Braces(inside)) => Ok(inside),
            _ => Err(wrong(opened)),
        }
    }
}

fn first_word(inside: &str) -> (&str, &str) {
    inside.split_once(char::is_whitespace).map_or((inside, ""), |(first, rest)| (first, rest.trim()))
}

/// `expression` or `expression:format`; a colon inside quotes belongs to the expression.
fn value(inside: &str) -> Result<Node, TemplateError> {
    let mut quote = None;
    let colon = inside.char_indices().find(|(_, c)| {
        match (quote, c) {
            (None, '\'' | '"') => quote = Some(*c),
            (Some(open), c) if open == *c => quote = None,
            _ => {}
        }
        quote.is_none() && *c == ':'
    });
    let (expr, format) = match colon {
        None => (inside, Format::Plain),
        Some((at, _)) => {
            let (expr, format) = inside.split_at(at);
            (expr, format.get(1..).and_then(Format::parse).ok_or_else(|| wrong(inside))?)
        }
    };
    Ok(Node::Value(expression(expr)?, format))
}

fn expression(text: &str) -> Result<Expr, TemplateError> {
    Expr::parse(text).map_err(|_| wrong(text))
}
