//! The words, names, comments and symbols of SQL.

/// What databases do not agree on.
#[derive(Clone, Copy, Default)]
pub(super) struct Reading {
    /// MySQL: a backslash in a text takes the next letter along, and `#` begins a comment.
    mysql: bool,
}

impl Reading {
    /// The ways in which a text may be read.
    pub(super) fn of(sql: &str) -> impl Iterator<Item = Reading> {
        let differs = sql.contains(['\\', '#']);
        let readings = [Reading { mysql: false }, Reading { mysql: true }];
        readings.into_iter().take(if differs { 2 } else { 1 })
    }
}

pub(super) enum Token<'s> {
    Word(&'s str),
    Quoted(&'s str),
    Comment(&'s str),
    Symbol(char),
}

/// The rest of a text. Values in quotes are left out.
pub(super) struct Lexer<'s> {
    rest: &'s str,
    reading: Reading,
}

impl<'s> Lexer<'s> {
    pub(super) fn new(rest: &'s str, reading: Reading) -> Self {
        Lexer { rest, reading }
    }

    pub(super) fn next(&mut self) -> Option<Token<'s>> {
        loop {
            let rest = self.rest.trim_start();
            let first = rest.chars().next()?;
            let after = &rest[first.len_utf8()..];
            match first {
                '\'' => self.rest = self.after_text(after),
                '"' | '`' => {
                    let (name, rest) = cut(after, if first == '"' { "\"" } else { "`" });
                    self.rest = rest;
                    return Some(Token::Quoted(name));
                }
                '-' if after.starts_with('-') => self.rest = cut(after, "\n").1,
                '#' if self.reading.mysql => self.rest = cut(after, "\n").1,
                '/' if after.starts_with('*') => {
                    let (text, rest) = cut(&after[1..], "*/");
                    self.rest = rest;
                    return Some(Token::Comment(text.trim()));
                }
                _ if first.is_alphanumeric() || first == '_' => {
                    let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '$'));
                    let (word, rest) = rest.split_at(end.unwrap_or(rest.len()));
                    self.rest = rest;
                    return Some(Token::Word(word));
                }
                _ => {
                    self.rest = after;
                    return Some(Token::Symbol(first));
                }
            }
        }
    }

    /// What follows a text in quotes.
    fn after_text(&self, text: &'s str) -> &'s str {
        let mut escaped = false;
        for (at, letter) in text.char_indices() {
            match letter {
                _ if escaped => escaped = false,
                '\\' => escaped = self.reading.mysql,
                '\'' => return &text[at + 1..],
                _ => {}
            }
        }
        ""
    }
}

/// What stands before an end, and what follows it.
fn cut<'s>(text: &'s str, end: &str) -> (&'s str, &'s str) {
    text.split_once(end).unwrap_or((text, ""))
}
