//! Which tables a statement reads or writes, as far as its text says, and which of them it was marked for.

use super::block::{Block, Named};
use super::lexer::{Lexer, Reading, Token};
use super::marks;

/// The tables that a text of SQL names without a mark, each once. `watched` says which tables matter.
///
/// A table has to be marked in its own query block: the mark of a statement does not speak for a subquery. What goes by one of the library's
/// own aliases is part of a predicate.
pub(super) fn unmarked(sql: &str, watched: impl Fn(&str) -> bool) -> Vec<String> {
    let mut readings = Reading::of(sql);
    let Some(first) = readings.next().and_then(|reading| read(sql, reading)) else {
        return Vec::new();
    };
    let mut tables: Vec<String> = Vec::new();
    let unmarked = first.iter().flat_map(Block::unmarked);
    tables.extend(unmarked.map(str::to_owned));
    // Databases do not agree on where a text ends: tables that only another would see count as well.
    for blocks in readings.filter_map(|reading| read(sql, reading)) {
        let others = blocks.iter().flat_map(Block::unmarked);
        let others = others.filter(|table| !first.iter().any(|block| block.names(table)));
        tables.extend(others.map(str::to_owned));
    }
    let mut seen = std::collections::BTreeSet::new();
    tables.retain(|table| watched(table) && seen.insert(table.clone()));
    tables
}

/// The query blocks of a text; `None` if it says that it may touch any table.
fn read(sql: &str, reading: Reading) -> Option<Vec<Block>> {
    let mut reader = Reader::default();
    let mut lexer = Lexer::new(sql, reading);
    while let Some(token) = lexer.next() {
        match token {
            Token::Comment(text) if marks::is_token(text) => return None,
            Token::Comment(text) => {
                if let Some(table) = marks::marked(text).and_then(last_name) {
                    reader.block().marked.push(table);
                }
            }
            Token::Word(word) => reader.word(word),
            Token::Quoted(name) => {
                reader.name(name);
                reader.before = Before::Name;
            }
            Token::Symbol(symbol) => {
                reader.symbol(symbol);
                // After a semicolon, a statement begins.
                reader.before = if symbol == ';' {
                    Before::Nothing
                } else {
                    Before::Symbol
                };
            }
        }
    }
    Some(reader.finish())
}

/// The last of the names in `"schema"."table"`.
fn last_name(text: &str) -> Option<String> {
    let mut last = None;
    let mut lexer = Lexer::new(text, Reading::default());
    while let Some(token) = lexer.next() {
        match token {
            Token::Word(name) | Token::Quoted(name) => last = Some(name.to_owned()),
            Token::Comment(_) | Token::Symbol(_) => {}
        }
    }
    last
}

/// Where tables may stand.
#[derive(Clone, Copy, Default, PartialEq)]
enum Place {
    #[default]
    Elsewhere,
    /// A table comes next.
    Table,
    /// After a table: an alias, a comma and the next one, or a join.
    Alias,
    /// After a list of tables, or a query, in parentheses.
    Closed,
    /// In the condition of a join.
    On,
    /// In a function whose arguments are separated by `FROM`.
    Function,
}

/// What stands before a token.
#[derive(Default, PartialEq)]
enum Before {
    /// Nothing: a statement begins.
    #[default]
    Nothing,
    Name,
    Symbol,
    /// A keyword, in capital letters.
    Keyword(String),
}

impl Before {
    fn is(&self, keyword: &str) -> bool {
        matches!(self, Before::Keyword(word) if word == keyword)
    }
}

/// Parentheses that are open.
struct Open {
    place: Place,
    called: Option<String>,
    /// They hold what is called so: the query of a `WITH`.
    is_query: bool,
}

#[derive(Default)]
struct Reader {
    done: Vec<Block>,
    /// The blocks around this place, each with the depth of its parentheses.
    open: Vec<(usize, Block)>,
    outer: Vec<Open>,
    place: Place,
    /// The tables that come are read, and not written into.
    reads: bool,
    before: Before,
    /// A name goes on after a point.
    goes_on: bool,
    /// The name before, where no table stands: what a `WITH` calls its query.
    called: Option<String>,
    /// `WITH RECURSIVE`: a query may be called within itself.
    recursive: bool,
    /// Names of queries.
    queries: Vec<String>,
}

impl Reader {
    fn block(&mut self) -> &mut Block {
        if self.open.is_empty() {
            self.open.push((self.outer.len(), Block::default()));
        }
        let last = self.open.len() - 1;
        &mut self.open[last].1
    }

    fn begin(&mut self) {
        let depth = self.outer.len();
        if self.open.last().is_some_and(|(at, _)| *at == depth) {
            self.end();
        }
        self.open.push((depth, Block::default()));
        self.place = Place::Elsewhere;
    }

    fn end(&mut self) {
        self.done.extend(self.open.pop().map(|(_, block)| block));
    }

    /// Tables come.
    fn tables(&mut self, reads: bool) {
        self.place = Place::Table;
        self.reads = reads;
    }

    fn word(&mut self, word: &str) {
        if self.goes_on {
            self.name(word);
            self.before = Before::Name;
            return;
        }
        let keyword = word.to_ascii_uppercase();
        if self.before.is("AS") && ["NOT", "MATERIALIZED"].contains(&keyword.as_str()) {
            // `AS MATERIALIZED (…)` is an `AS (…)`.
            return;
        }
        if !self.keyword(&keyword) {
            self.name(word);
        }
        // A function is a name as well.
        self.before = Before::Keyword(keyword);
    }

    /// Whether the word is a keyword here.
    fn keyword(&mut self, word: &str) -> bool {
        let begins = self.before == Before::Nothing;
        match word {
            "SELECT" | "INSERT" => self.begin(),
            "DELETE" | "MERGE" if self.before.is("ON") => self.place = Place::Elsewhere,
            "DELETE" | "MERGE" => {
                self.begin();
                self.block().uses_tables = true;
                self.block().deletes = word == "DELETE";
            }
            "REPLACE" if begins => self.begin(),
            "TABLE" if begins => {
                self.begin();
                self.tables(true);
            }
            "UPDATE" if self.before.is("ON") => self.place = Place::Elsewhere,
            "UPDATE"
                if ["FOR", "KEY", "DO", "OR", "NO"]
                    .iter()
                    .any(|word| self.before.is(word)) => {}
            "UPDATE" => {
                self.begin();
                self.tables(false);
            }
            // What comes is the other side of a comparison, or an argument.
            "FROM" if self.before.is("DISTINCT") || self.place == Place::Function => {}
            "FROM" | "JOIN" | "STRAIGHT_JOIN" => self.tables(true),
            "INTO" | "TRUNCATE" | "COPY" => self.tables(false),
            "USING"
                if matches!(self.place, Place::Alias | Place::Closed)
                    && self.block().uses_tables =>
            {
                self.block().uses_tables = false;
                self.tables(true);
            }
            // The columns of a join.
            "USING" => {}
            "ON" if matches!(self.place, Place::Alias | Place::Closed) => self.place = Place::On,
            "DUPLICATE" | "CONFLICT" if self.before.is("ON") => self.place = Place::Elsewhere,
            "WITH" if self.place == Place::Table => self.place = Place::Elsewhere,
            "RECURSIVE" if self.before.is("WITH") => self.recursive = true,
            "ON" | "WITH" | "AS" | "ONLY" | "LATERAL" | "TABLE" | "OR" | "IGNORE" | "INNER"
            | "LEFT" | "RIGHT" | "FULL" | "CROSS" | "NATURAL" | "OUTER" => {}
            "WHERE" | "SET" | "VALUES" | "GROUP" | "ORDER" | "HAVING" | "LIMIT" | "RETURNING"
            | "UNION" | "INTERSECT" | "EXCEPT" | "DEFAULT" | "FOR" | "WINDOW" | "LOCK"
            | "OFFSET" | "FETCH" => self.place = Place::Elsewhere,
            _ => return false,
        }
        true
    }

    fn name(&mut self, name: &str) {
        let goes_on = std::mem::take(&mut self.goes_on);
        let (place, read) = (self.place, self.reads);
        let is_written = !read || (self.block().deletes && self.block().sources.is_empty());
        let is_query = !is_written && self.queries.iter().any(|query| query == name);
        let sources = &mut self.block().sources;
        match (place, sources.last_mut()) {
            (Place::Table, _) => {
                let (table, alias) = (name.to_owned(), None);
                sources.push(Named {
                    table,
                    alias,
                    read,
                    is_query,
                });
                self.place = Place::Alias;
            }
            // It was the name of the schema.
            (Place::Alias, Some(last)) if goes_on => {
                name.clone_into(&mut last.table);
                last.is_query = false;
            }
            (Place::Alias, Some(last)) => last.alias = Some(name.to_owned()),
            _ => self.called = Some(name.to_owned()),
        }
    }

    fn symbol(&mut self, symbol: char) {
        self.goes_on = symbol == '.';
        let place = self.place;
        match symbol {
            '(' => self.parenthesis(),
            ')' => {
                let depth = self.outer.len();
                while self.open.last().is_some_and(|(at, _)| *at == depth) {
                    self.end();
                }
                let Some(Open {
                    place,
                    called,
                    is_query,
                }) = self.outer.pop()
                else {
                    return;
                };
                self.queries.extend(called.clone().filter(|_| is_query));
                self.called = called;
                self.place = match place {
                    Place::Table => Place::Closed,
                    place => place,
                };
            }
            ',' if matches!(place, Place::Alias | Place::Closed | Place::On) => {
                self.place = Place::Table
            }
            ';' => {
                while !self.open.is_empty() {
                    self.end();
                }
                *self = Reader {
                    done: std::mem::take(&mut self.done),
                    ..Reader::default()
                };
            }
            _ => {}
        }
    }

    fn parenthesis(&mut self) {
        let place = self.place;
        let is_called =
            matches!(&self.before, Before::Name | Before::Keyword(_)) && !self.before.is("USING");
        let sources = &mut self.block().sources;
        let last = sources.last();
        if place == Place::Alias
            && is_called
            && last.is_some_and(|last| last.read && last.alias.is_none())
        {
            // A function that yields rows.
            sources.pop();
        }
        let called = self.called.clone();
        let is_query = self.before.is("AS") && place == Place::Elsewhere;
        self.queries
            .extend(called.clone().filter(|_| is_query && self.recursive));
        self.outer.push(Open {
            place,
            called,
            is_query,
        });
        let is_function = ["EXTRACT", "SUBSTRING", "TRIM", "OVERLAY"]
            .iter()
            .any(|word| self.before.is(word));
        self.place = match place {
            Place::Table => Place::Table,
            _ if is_function => Place::Function,
            _ => Place::Elsewhere,
        };
    }

    fn finish(mut self) -> Vec<Block> {
        while !self.open.is_empty() {
            self.end();
        }
        self.done
    }
}
