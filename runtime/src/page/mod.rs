//! Pages of lists: [by number](Paging), with a total, or [by cursor](Cursor), without one.

mod cursor;
mod number;
mod order;

pub use cursor::{Cursor, CursorPage};
pub use number::{Page, Paging};
pub use order::{After, CursorColumn, CursorOrder, CursorOrdering, OrderColumns};

/// How many rows are on a page unless `page_size` says otherwise.
pub const DEFAULT_SIZE: u32 = 20;
/// How many rows `page_size` can ask for.
pub const MAX_SIZE: u32 = 100;

/// A query parameter of a page that is no number in range.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a whole number in range")]
pub struct InvalidPaging(pub &'static str);

/// Where a list is: the path, and the parameters of the query string but for the one that names the page.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Address {
    path: String,
    others: Vec<(String, String)>,
    /// The value of `page_size`.
    size: u32,
}

impl Address {
    /// Reads a path and query string; the parameter of this name, given last, is the position.
    fn read(
        path: &str,
        query: &str,
        name: &str,
    ) -> Result<(Address, Option<String>), InvalidPaging> {
        let mut address = Address {
            path: path.to_owned(),
            others: Vec::new(),
            size: DEFAULT_SIZE,
        };
        let mut position = None;
        for (key, value) in form_urlencoded::parse(query.as_bytes()) {
            if key == name {
                position = Some(value.into_owned());
                continue;
            }
            if key == "page_size" {
                address.size = whole(&value, MAX_SIZE, "page_size")?;
            }
            address.others.push((key.into_owned(), value.into_owned()));
        }
        Ok((address, position))
    }

    /// The same list at another position.
    fn link(&self, name: &str, position: &str) -> String {
        let query = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(&self.others)
            .append_pair(name, position)
            .finish();
        format!("{}?{query}", self.path)
    }
}

/// A whole number from 1 to `max`.
fn whole(text: &str, max: u32, name: &'static str) -> Result<u32, InvalidPaging> {
    match text.parse() {
        Ok(number) if (1..=max).contains(&number) => Ok(number),
        _ => Err(InvalidPaging(name)),
    }
}
