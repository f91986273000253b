//! Rust source in three sorts of pieces: code, comments, and the contents of string literals.
//!
//! Not a parser: enough that a word in a comment is not taken for code, and that the strings of a call are
//! found. Characters and lifetimes stay in the code.

/// What a piece is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    /// Everything else, quotes of literals not included.
    Code,
    /// A comment with its marks.
    Comment,
    /// What stands between the quotes of a string, escapes as written.
    Literal,
}

/// A stretch of one sort.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Piece<'a> {
    /// What it is.
    pub sort: Sort,
    /// The line it begins in, the first is 1.
    pub line: usize,
    /// Its text.
    pub text: &'a str,
}

/// The pieces of a source, in order.
pub fn pieces(source: &str) -> Vec<Piece<'_>> {
    let mut reader = Reader { source, at: 0, code_from: 0, line: 1, pieces: Vec::new() };
    while reader.step() {}
    reader.end_code(source.len());
    reader.pieces
}

/// The source up to its inline module of tests, which is its last item by convention.
pub fn before_tests(source: &str) -> &str {
    for (at, _) in source.match_indices("#[cfg(test)]") {
        let rest = source.get(at..).unwrap_or_default();
        let item = rest.find(['{', ';']).and_then(|end| rest.get(..=end)).unwrap_or_default();
        if item.ends_with('{') && item.lines().any(|line| line.trim_start().starts_with("mod ")) {
            return source.get(..at).unwrap_or_default();
        }
    }
    source
}

/// True for files that are no part of the program: tests, benchmarks, examples.
pub fn is_test_file(path: &str) -> bool {
    path.ends_with("/tests.rs")
        || ["/tests/", "/benches/", "/examples/"].iter().any(|folder| path.contains(folder))
}

struct Reader<'a> {
    source: &'a str,
    /// The byte to look at next.
    at: usize,
    /// Where the code began that is not yet a piece.
    code_from: usize,
    /// The line that `code_from` stands in.
    line: usize,
    pieces: Vec<Piece<'a>>,
}

impl<'a> Reader<'a> {
    fn rest(&self) -> &'a str {
        self.source.get(self.at..).unwrap_or_default()
    }

    /// Takes one token's worth; false at the end.
    fn step(&mut self) -> bool {
        let rest = self.rest();
        let Some(first) = rest.chars().next() else { return false };
        if rest.starts_with("//") {
            let length = rest.find('\n').unwrap_or(rest.len());
            self.piece(Sort::Comment, 0, length, 0);
        } else if rest.starts_with("/*") {
            self.piece(Sort::Comment, 0, block_comment_length(rest), 0);
        } else if first == '"' {
            self.string(1);
        } else if first == '\'' {
            self.at += character_length(rest);
        } else if first.is_alphanumeric() || first == '_' {
            self.word(rest);
        } else {
            self.at += first.len_utf8();
        }
        true
    }

    /// A word, or a literal that begins with one: `r#"…"#`, `b"…"`, `b'…'`.
    fn word(&mut self, rest: &str) {
        let length = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
        let (word, after) = rest.split_at(length);
        let hashes = after.len() - after.trim_start_matches('#').len();
        let quoted = after.get(hashes..).is_some_and(|text| text.starts_with('"'));
        self.at += length;
        match word {
            "r" | "br" | "cr" if quoted => {
                let close = format!("\"{}", "#".repeat(hashes));
                let body = after.get(hashes + 1..).unwrap_or_default();
                let inside = body.find(&close).unwrap_or(body.len());
                self.piece(Sort::Literal, hashes + 1, inside, close.len());
            }
            "b" | "c" if after.starts_with('"') => self.string(1),
            _ => {}
        }
    }

    /// An ordinary string whose opening is as long as said.
    fn string(&mut self, opening: usize) {
        let body = self.rest().get(opening..).unwrap_or_default();
        let mut escaped = false;
        let inside = body
            .find(|c| {
                let closes = c == '"' && !escaped;
                escaped = c == '\\' && !escaped;
                closes
            })
            .unwrap_or(body.len());
        self.piece(Sort::Literal, opening, inside, 1);
    }

    /// Ends the code before, adds a piece of a length, and goes on behind it.
    fn piece(&mut self, sort: Sort, opening: usize, length: usize, closing: usize) {
        self.end_code(self.at);
        let from = self.at + opening;
        let text = self.source.get(from..from + length).unwrap_or_default();
        self.pieces.push(Piece { sort, line: self.line, text });
        self.line += text.matches('\n').count();
        self.at = (from + length + closing).min(self.source.len());
        self.code_from = self.at;
    }

    fn end_code(&mut self, end: usize) {
        let text = self.source.get(self.code_from..end).unwrap_or_default();
        if !text.is_empty() {
            self.pieces.push(Piece { sort: Sort::Code, line: self.line, text });
            self.line += text.matches('\n').count();
        }
        self.code_from = end;
    }
}

/// The length of a block comment, comments inside it counted.
fn block_comment_length(rest: &str) -> usize {
    let mut depth = 0_usize;
    let mut at = 0;
    while let Some(text) = rest.get(at..).filter(|text| !text.is_empty()) {
        if text.starts_with("/*") {
            depth += 1;
            at += 2;
        } else if text.starts_with("*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += text.chars().next().map_or(1, char::len_utf8);
        }
    }
    rest.len()
}

/// The length of a character literal, or 1 for the quote of a lifetime.
fn character_length(rest: &str) -> usize {
    let mut inside = rest.chars().skip(1);
    match (inside.next(), inside.next()) {
        (Some('\\'), _) => rest.get(3..).and_then(|text| text.find('\'')).map_or(1, |close| close + 4),
        (Some(c), Some('\'')) => c.len_utf8() + 2,
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(source: &str, expected: &[(Sort, usize, &str)]) {
        let found: Vec<_> = pieces(source).iter().map(|piece| (piece.sort, piece.line, piece.text)).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn strings_comments_and_code_are_told_apart() {
        use Sort::{Code, Comment, Literal};
        check(
            "let a = \"one // no\"; // yes \"no\"\nb",
            &[
                (Code, 1, "let a = "),
                (Literal, 1, "one // no"),
                (Code, 1, "; "),
                (Comment, 1, "// yes \"no\""),
                (Code, 1, "\nb"),
            ],
        );
        check("\"a\\\"b\\\\\"c", &[(Literal, 1, "a\\\"b\\\\"), (Code, 1, "c")]);
        check("r#\"a\"b\"#;", &[(Code, 1, "r"), (Literal, 1, "a\"b"), (Code, 1, ";")]);
        check("/* a /* b */\n*/\"c\"", &[(Comment, 1, "/* a /* b */\n*/"), (Literal, 2, "c")]);
    }

    #[test]
    fn a_quote_character_and_a_lifetime_open_no_string() {
        use Sort::{Code, Literal};
        check("'\"' \"a\"", &[(Code, 1, "'\"' "), (Literal, 1, "a")]);
        check("'\\'' b'\\\\' '\\u{1F}' \"a\"", &[(Code, 1, "'\\'' b'\\\\' '\\u{1F}' "), (Literal, 1, "a")]);
        check("&'a str, \"a\"", &[(Code, 1, "&'a str, "), (Literal, 1, "a")]);
    }

    #[test]
    fn broken_source_ends_without_a_panic() {
        for source in ["\"", "/*", "'", "'\\", "r#\"", "b'", "ʻ'ʻ", "r##"] {
            let whole: usize = pieces(source).iter().map(|piece| piece.text.len()).sum();
            assert!(whole <= source.len());
        }
    }

    #[test]
    fn the_module_of_tests_is_cut_off() {
        assert_eq!(before_tests("a\n#[cfg(test)]\nmod tests {\nb"), "a\n");
        assert_eq!(before_tests("a\n#[cfg(test)]\n#[allow(x)]\nmod tests {\nb"), "a\n");
        assert_eq!(before_tests("#[cfg(test)]\nmod tests;\nb {"), "#[cfg(test)]\nmod tests;\nb {");
        assert_eq!(before_tests("#[cfg(test)]\nfn a() {\nb"), "#[cfg(test)]\nfn a() {\nb");
    }
}
