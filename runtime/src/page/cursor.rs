//! Pages by cursor: `?cursor=…&page_size=50`. A page costs as much at the end of a long list as at its beginning, and rows
//! that come or go meanwhile neither repeat nor hide others.

use std::marker::PhantomData;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use diesel::dsl;
use diesel::query_dsl::methods::{FilterDsl, LimitDsl, OrderDsl};
use diesel::query_source::Table;
use serde::{Deserialize, Serialize};

use super::order::{After, CursorOrder, CursorOrdering, OrderColumns};
use super::{Address, InvalidPaging};
use crate::connection::{Answers, Kind};
use crate::error::Error;
use crate::field_errors::{FieldErrors, codes};
use crate::filter::value::Value;
use crate::model::OrgScoped;
use crate::scoped::{RunScoped, Scoped, WhenEmpty};
use crate::selection::WithColumns;
use crate::signing::{self, SigningKey};

/// What a signature is for.
const PURPOSE: &str = "cursor";

/// A position in a list, and which way to read from it. It is signed: a client cannot make one up, nor use one of another list
/// or another order.
#[derive(Clone, Debug)]
pub struct Cursor {
    address: Address,
    text: Option<String>,
    key: SigningKey,
}

/// What a cursor says: behind (or, backwards, before) which values.
#[derive(Serialize, Deserialize)]
struct Position<V>(bool, V);

/// One page of a list that is read by cursor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CursorPage<T> {
    /// The path and query of the next page; `None` on the last one.
    pub next: Option<String>,
    /// The path and query of the page before; `None` on the first one.
    pub previous: Option<String>,
    /// The rows.
    pub results: Vec<T>,
}

impl<T> CursorPage<T> {
    /// The same page with other rows, as they are to be shown.
    pub fn map<U>(self, f: impl FnMut(T) -> U) -> CursorPage<U> {
        CursorPage {
            next: self.next,
            previous: self.previous,
            results: self.results.into_iter().map(f).collect(),
        }
    }
}

impl Cursor {
    /// Reads the path and query string of a request. Other parameters are kept for the links.
    ///
    /// # Errors
    /// [`InvalidPaging`] for a `page_size` outside 1 to [`MAX_SIZE`](super::MAX_SIZE), or text. Whether the cursor is good is told
    /// when the page is loaded.
    ///
    /// ```
    /// use orgscope::page::Cursor;
    /// use orgscope::signing::SigningKey;
    /// let key = SigningKey::random().unwrap();
    /// assert!(Cursor::read("/builds", "page_size=50", key.clone()).is_ok());
    /// assert!(Cursor::read("/builds", "page_size=0", key).is_err());
    /// ```
    pub fn read(path: &str, query: &str, key: SigningKey) -> Result<Cursor, InvalidPaging> {
        let (address, text) = Address::read(path, query, "cursor")?;
        Ok(Cursor { address, text, key })
    }

    /// Signs what the cursor says, for this list in this order.
    fn signed<O: OrderColumns, T>(&self, json: &[u8], sign: impl FnOnce(&[&[u8]]) -> T) -> T {
        let order: Vec<String> = O::COLUMNS
            .iter()
            .map(|(column, down)| format!("{column} {down}"))
            .collect();
        sign(&[
            self.address.path.as_bytes(),
            order.join(",").as_bytes(),
            json,
        ])
    }

    /// The position that the request names.
    fn position<O: OrderColumns>(&self) -> Result<Option<Position<O::Values>>, Error> {
        let Some(text) = self.text.as_deref().filter(|text| !text.is_empty()) else {
            return Ok(None);
        };
        let position = || {
            let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
            let (signature, json) = bytes.split_at_checked(signing::LENGTH)?;
            let good =
                self.signed::<O, _>(json, |parts| self.key.verify(PURPOSE, parts, signature));
            good.then(|| serde_json::from_slice(json).ok())?
        };
        let invalid = || FieldErrors::one("cursor", codes::INVALID);
        Ok(Some(position().ok_or_else(invalid)?))
    }

    /// The list from these values on.
    fn link<O: OrderColumns>(&self, backwards: bool, values: &O::Values) -> Option<String> {
        let json = serde_json::to_vec(&Position(backwards, values)).ok()?;
        let mut bytes = self
            .signed::<O, _>(&json, |parts| self.key.sign(PURPOSE, parts))
            .to_vec();
        bytes.extend(json);
        Some(self.address.link("cursor", &URL_SAFE_NO_PAD.encode(bytes)))
    }

    /// The page with these rows, one more than fit if there are more.
    fn page<O: OrderColumns, M>(
        &self,
        from: Option<bool>,
        mut rows: Vec<(M, O::Values)>,
    ) -> CursorPage<M> {
        let backwards = from == Some(true);
        let more = rows.len() > self.address.size as usize;
        rows.truncate(self.address.size as usize);
        if backwards {
            rows.reverse();
        }
        // Where the client comes from there is a page; in the other direction only if there are more rows.
        let link = |at: Option<&(M, O::Values)>, towards_start: bool| {
            let there = match towards_start == backwards {
                true => more,
                false => from.is_some(),
            };
            at.filter(|_| there)
                .and_then(|(_, values)| self.link::<O>(towards_start, values))
        };
        let (previous, next) = (link(rows.first(), true), link(rows.last(), false));
        CursorPage {
            next,
            previous,
            results: rows.into_iter().map(|(row, _)| row).collect(),
        }
    }
}

/// The query of one page.
type CursorQuery<Q, M> = dsl::Limit<dsl::Order<dsl::Filter<Q, After<M>>, CursorOrdering<M>>>;

impl<M: OrgScoped, Q> Scoped<M, Q> {
    /// One page of the rows in scope, from a cursor on, in an order of columns that are never NULL and that ends with the primary
    /// key. The scope is that of this request, whoever was given the cursor.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a cursor that was not made for this list and order; else as [`load`](Self::load).
    pub fn cursor_page<'q, 'c, C, K, O>(
        self,
        cursor: Cursor,
        order: O,
        conn: &'c mut C,
    ) -> K::Answer<'c, CursorPage<M>>
    where
        C: Answers<K> + Send,
        K: Kind,
        O: CursorOrder<<M::Table as Table>::PrimaryKey> + 'c,
        M: Send + 'c,
        Q: FilterDsl<After<M>> + 'c,
        dsl::Filter<Q, After<M>>: OrderDsl<CursorOrdering<M>>,
        dsl::Order<dsl::Filter<Q, After<M>>, CursorOrdering<M>>: LimitDsl,
        Scoped<M, CursorQuery<Q, M>, WithColumns<M, O::Columns>>:
            RunScoped<'q, C, K, (M, O::Values)> + 'c,
        'q: 'c,
    {
        let _: O = order;
        let position = match cursor.position::<O>() {
            Ok(position) => position,
            Err(error) => return K::ready(Err(error)),
        };
        let (from, values) = match position {
            Some(Position(backwards, values)) => (Some(backwards), O::keys(values)),
            None => (None, Vec::new()),
        };
        let (columns, reversed, model) = (O::COLUMNS, from == Some(true), PhantomData);
        let after = After {
            columns,
            reversed,
            values: values.into_iter().map(Value::Key).collect(),
            model,
        };
        let ordering = CursorOrdering {
            columns,
            reversed,
            model,
        };
        let limit = i64::from(cursor.address.size) + 1;
        let query = self.map(|query| query.filter(after).order(ordering).limit(limit));
        let rows = query.rows(WithColumns::new(O::columns()));
        K::map(rows.run(conn, WhenEmpty::Skip), move |rows| {
            Ok(cursor.page::<O, M>(from, rows?))
        })
    }
}
