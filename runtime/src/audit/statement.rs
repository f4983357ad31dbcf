//! Which tables a statement reads or writes, as far as its text says, and which of them it was marked for.

use super::marks;

/// The tables that a text of SQL names without a mark, each once. `watched` says which tables matter.
///
/// A table has to be marked in its own query block: the mark of a statement does not speak for a subquery. What goes by one of the library's
/// own aliases is part of a predicate.
pub(super) fn unmarked(sql: &str, watched: impl Fn(&str) -> bool) -> Vec<String> {
    let mut reader = Reader::default();
    let mut lexer = Lexer(sql);
    while let Some(token) = lexer.next() {
        match token {
            Token::Comment(text) if marks::is_token(text) => return Vec::new(),
            Token::Comment(text) => {
                if let Some(table) = marks::marked(text).and_then(last_name) {
                    reader.block().marked.push(table);
                }
            }
            Token::Word(word) => reader.word(word),
            Token::Quoted(name) => reader.name(name),
            Token::Symbol(symbol) => reader.symbol(symbol),
        }
    }
    reader.finish(&watched)
}

/// The last of the names in `"schema"."table"`.
pub(super) fn last_name(text: &str) -> Option<String> {
    let mut last = None;
    let mut lexer = Lexer(text);
    while let Some(token) = lexer.next() {
        match token {
            Token::Word(name) | Token::Quoted(name) => last = Some(name.to_owned()),
            Token::Comment(_) | Token::Symbol(_) => {}
        }
    }
    last
}

enum Token<'s> {
    Word(&'s str),
    Quoted(&'s str),
    Comment(&'s str),
    Symbol(char),
}

/// The rest of a text. Values in quotes are left out.
struct Lexer<'s>(&'s str);

impl<'s> Lexer<'s> {
    fn next(&mut self) -> Option<Token<'s>> {
        loop {
            self.0 = self.0.trim_start();
            let rest = self.0;
            let first = rest.chars().next()?;
            let after = &rest[first.len_utf8()..];
            match first {
                '\'' => self.0 = cut(after, "'").1,
                '"' | '`' => {
                    let (name, rest) = cut(after, if first == '"' { "\"" } else { "`" });
                    self.0 = rest;
                    return Some(Token::Quoted(name));
                }
                '-' if after.starts_with('-') => self.0 = cut(after, "\n").1,
                '/' if after.starts_with('*') => {
                    let (text, rest) = cut(&after[1..], "*/");
                    self.0 = rest;
                    return Some(Token::Comment(text.trim()));
                }
                _ if first.is_alphanumeric() || first == '_' => {
                    let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '$'));
                    let (word, rest) = rest.split_at(end.unwrap_or(rest.len()));
                    self.0 = rest;
                    return Some(Token::Word(word));
                }
                _ => {
                    self.0 = after;
                    return Some(Token::Symbol(first));
                }
            }
        }
    }
}

/// What stands before an end, and what follows it.
fn cut<'s>(text: &'s str, end: &str) -> (&'s str, &'s str) {
    text.split_once(end).unwrap_or((text, ""))
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

/// One `SELECT`, `INSERT`, `UPDATE` or `DELETE`.
#[derive(Default)]
struct Block {
    sources: Vec<Named>,
    marked: Vec<String>,
}

struct Named {
    table: String,
    alias: Option<String>,
    /// With parentheses, it is a function.
    read: bool,
}

impl Named {
    fn is_function(&self) -> bool {
        self.read && self.alias.is_none()
    }
}

#[derive(Default)]
struct Reader {
    done: Vec<Block>,
    /// The blocks around this place, each with the depth of its parentheses.
    open: Vec<(usize, Block)>,
    /// Where tables may stand, at each depth.
    outer: Vec<Place>,
    place: Place,
    /// The tables that come are read, and not written into.
    reads: bool,
    /// The keyword before.
    before: String,
    /// A name goes on after a point.
    goes_on: bool,
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

    fn word(&mut self, word: &str) {
        if self.goes_on {
            return self.name(word);
        }
        let before = std::mem::replace(&mut self.before, word.to_ascii_uppercase());
        match (self.before.as_str(), before.as_str()) {
            ("SELECT" | "INSERT" | "DELETE" | "MERGE", _) | ("REPLACE", "") => self.begin(),
            ("UPDATE", "FOR" | "KEY" | "DO" | "OR" | "ON" | "NO") => {}
            ("UPDATE", _) => {
                self.begin();
                self.place = Place::Table;
            }
            // What comes is the other side of a comparison, or an argument.
            ("FROM", "DISTINCT") => {}
            ("FROM", _) if self.place == Place::Function => {}
            ("FROM" | "JOIN" | "STRAIGHT_JOIN", _) => {
                self.place = Place::Table;
                self.reads = true;
            }
            ("INTO" | "TRUNCATE" | "COPY", _) => {
                self.place = Place::Table;
                self.reads = false;
            }
            ("ON", _) => self.place = Place::On,
            ("AS" | "ONLY" | "LATERAL" | "TABLE" | "OR" | "IGNORE", _) => {}
            (
                "WHERE" | "SET" | "VALUES" | "GROUP" | "ORDER" | "HAVING" | "LIMIT" | "RETURNING"
                | "UNION" | "INTERSECT" | "EXCEPT" | "DEFAULT" | "USING" | "FOR" | "WINDOW"
                | "LOCK" | "OFFSET" | "FETCH",
                _,
            ) => self.place = Place::Elsewhere,
            ("INNER" | "LEFT" | "RIGHT" | "FULL" | "CROSS" | "NATURAL" | "OUTER", _) => {}
            _ => self.name(word),
        }
    }

    fn name(&mut self, name: &str) {
        let goes_on = std::mem::take(&mut self.goes_on);
        let (place, read) = (self.place, self.reads);
        let sources = &mut self.block().sources;
        match (place, sources.last_mut()) {
            (Place::Table, _) => {
                let (table, alias) = (name.to_owned(), None);
                sources.push(Named { table, alias, read });
                self.place = Place::Alias;
            }
            // It was the name of the schema.
            (Place::Alias, Some(last)) if goes_on => name.clone_into(&mut last.table),
            (Place::Alias, Some(last)) => last.alias = Some(name.to_owned()),
            _ => {}
        }
    }

    fn symbol(&mut self, symbol: char) {
        self.goes_on = symbol == '.';
        let place = self.place;
        match symbol {
            '(' => {
                self.outer.push(place);
                let sources = &mut self.block().sources;
                if place == Place::Alias && sources.last().is_some_and(Named::is_function) {
                    sources.pop();
                }
                self.place = match self.before.as_str() {
                    _ if place == Place::Table => Place::Table,
                    "EXTRACT" | "SUBSTRING" | "TRIM" | "OVERLAY" => Place::Function,
                    _ => Place::Elsewhere,
                };
            }
            ')' => {
                let depth = self.outer.len();
                while self.open.last().is_some_and(|(at, _)| *at == depth) {
                    self.end();
                }
                self.place = match self.outer.pop() {
                    Some(Place::Table) => Place::Closed,
                    outer => outer.unwrap_or_default(),
                };
            }
            ',' if matches!(place, Place::Alias | Place::Closed | Place::On) => {
                self.place = Place::Table
            }
            ';' => {
                while !self.open.is_empty() {
                    self.end();
                }
                self.outer.clear();
                self.before.clear();
                self.place = Place::Elsewhere;
            }
            _ => {}
        }
    }

    fn finish(mut self, watched: &impl Fn(&str) -> bool) -> Vec<String> {
        while !self.open.is_empty() {
            self.end();
        }
        let mut tables = Vec::new();
        for block in self.done {
            for Named { table, alias, .. } in block.sources {
                let is_ours = alias
                    .as_deref()
                    .is_some_and(|alias| alias.starts_with("orgscope_"));
                let is_other = alias.is_some_and(|alias| alias != table);
                let is_marked = block.marked.contains(&table) && !is_other;
                let is_none = table.eq_ignore_ascii_case("dual");
                let is_new = !is_none && !tables.contains(&table);
                if !is_ours && !is_marked && is_new && watched(&table) {
                    tables.push(table);
                }
            }
        }
        tables
    }
}

#[cfg(test)]
mod tests {
    fn unmarked(sql: &str) -> Vec<String> {
        super::unmarked(sql, |table| !["other", "x", "b"].contains(&table))
    }

    #[test]
    fn tables_without_a_mark_are_found() {
        for sql in [
            "SELECT * FROM builds",
            r#"SELECT "builds"."id" FROM "builds" WHERE ("builds"."id" = $1)"#,
            "SELECT `builds`.`id` FROM `builds`",
            "select 1 from public.builds where id = 1 for update",
            "SELECT 1 FROM builds AS b",
            "SELECT 1 FROM other, builds",
            "SELECT 1 FROM (other INNER JOIN builds ON (other.id = builds.id))",
            "SELECT 1 FROM other o JOIN x ON x.id = o.id, builds WHERE 1 = 1",
            "SELECT (SELECT COUNT(*) FROM builds) FROM other",
            "SELECT 1 WHERE EXISTS (SELECT 1 FROM builds)",
            "WITH b AS (SELECT * FROM builds) SELECT * FROM b",
            "INSERT INTO builds (id) VALUES (1)",
            "INSERT INTO other SELECT * FROM builds",
            "UPDATE builds SET id = 2",
            "DELETE FROM builds WHERE id = 1 RETURNING id",
            "TRUNCATE TABLE builds",
            "SELECT 1; DELETE FROM builds",
            "UPDATE OR IGNORE builds SET id = 1",
            "REPLACE INTO builds VALUES (1)",
            "SELECT '/* orgscope builds */' FROM builds",
            "SELECT 1 FROM builds WHERE name = 'it''s' -- binds: [\"/* orgscope builds */\"]",
            // Of another table, of another block, under another name.
            r#"SELECT 1 FROM builds WHERE /* orgscope "categories" */ 1 = 1"#,
            "SELECT 1 FROM other WHERE id IN (SELECT id FROM builds) AND /* orgscope builds */ 1 = 1",
            "SELECT 1 FROM builds WHERE /* orgscope builds */ 1 = 1 UNION SELECT 1 FROM builds",
            "SELECT 1 FROM builds INNER JOIN builds AS b ON 1 = 1 WHERE /* orgscope builds */ 1 = 1",
        ] {
            assert_eq!(unmarked(sql), ["builds"], "{sql}");
        }
    }

    #[test]
    fn marked_tables_and_the_librarys_own_are_not() {
        for sql in [
            "",
            "BEGIN",
            "SELECT 1",
            r#"SELECT 1 FROM "builds" WHERE ((id = 1) AND (/* orgscope "builds" */ 1 = 1))"#,
            "UPDATE `builds` SET `id` = 1 WHERE /* orgscope `builds` */ 1 = 1",
            r#"INSERT INTO "public"."builds" /* orgscope "public"."builds" */ (id) SELECT 1 WHERE 1 = 1"#,
            "SELECT 1 FROM other WHERE id IN (SELECT orgscope_1.id FROM builds AS orgscope_1)",
            "/* orgscope unscoped */ SELECT * FROM builds; DELETE FROM categories",
            "SELECT builds FROM other ORDER BY builds, categories",
            "INSERT INTO other (builds, categories) VALUES ('builds', 'FROM builds')",
            "SELECT REPLACE(a, 'b', 'c') FROM builds WHERE REPLACE(a, 'b', 'c') = '' AND /* orgscope builds */ 1 = 1",
            "SELECT EXTRACT(YEAR FROM created) FROM other",
            "SELECT SUBSTRING(a FROM 2) FROM other WHERE a IS DISTINCT FROM c",
            "SELECT 1 FROM other WHERE id IN (SELECT value FROM json_each(?))",
            "SELECT 1 FROM builds, (SELECT 1 FROM other) AS y WHERE /* orgscope builds */ 1 = 1",
            "/* orgscope identity */ SELECT 1 FROM users",
            "INSERT INTO builds /* orgscope builds */ (id) SELECT 1 FROM DUAL WHERE 1 = 1",
            "CREATE TABLE builds (id INTEGER REFERENCES categories (id))",
            "INSERT INTO other (id) VALUES (1) ON CONFLICT (id) DO UPDATE SET builds = 1",
            r#"SELECT 1 FROM ("builds" INNER JOIN "categories" ON (("a" = "b") AND (/* orgscope "categories" */ 1 = 1)))
               WHERE /* orgscope "builds" */ 1 = 1"#,
        ] {
            assert_eq!(unmarked(sql), [""; 0], "{sql}");
        }
    }

    #[test]
    fn any_text_is_read_to_its_end() {
        for sql in [
            "'",
            "\"",
            "`",
            "/*",
            "--",
            "(((",
            ")))",
            "FROM .",
            "é.ü FROM ß",
            "FROM \"builds",
            ";;",
        ] {
            unmarked(sql);
        }
    }
}
