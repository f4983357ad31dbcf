//! What a user's struct says as an input: for rows to be inserted, and for changes.

use super::values::Columns;
use crate::body::Fields;
use crate::choices::{Choice, choices};
use crate::error::Denied;
use crate::field_errors::FieldErrors;
use crate::model::OrgScoped;
use crate::path::Here;
use crate::scoped::Scoped;

/// A struct whose fields are values for the columns of a model. Implemented by `#[derive(OrgInput)]` and
/// `#[derive(OrgChangeset)]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no input of a model [org113]",
    note = "derive `OrgInput` (rows to insert) or `OrgChangeset` (changes) on it, and name the model: `#[org_input(model = Build)]`"
)]
pub trait Writes: Sized + Send + 'static {
    /// The model.
    type Model: OrgScoped;
    /// The values, one for each column.
    type Values: Columns + Send + Sync + 'static;

    /// What the attributes say.
    const OPTIONS: Options;
    /// Whether rows are joined with others, or others are made along with them: a write is a transaction then.
    const IS_SEVERAL: bool = false;

    /// The values.
    fn values(self) -> Self::Values;

    /// Reads the fields of a body. Those that can be read are returned, if others cannot.
    ///
    /// # Errors
    /// The values that could be read; what is wrong with the others is kept with the fields.
    fn read(fields: &mut Fields<'_>) -> Result<Self, Self::Values>;

    /// The rows that a form may offer for a relation: exactly those that a write accepts, as a scope that can be filtered,
    /// searched and paged.
    ///
    /// ```
    /// # use diesel::prelude::*;
    /// # use orgscope::prelude::*;
    /// # use orgscope::write::Writes;
    /// # diesel::table! { categories (id) { id -> Integer, name -> Text, organization_id -> Integer } }
    /// # diesel::table! { builds (id) { id -> Integer, category_id -> Integer } }
    /// # #[derive(Queryable, Selectable, OrgScoped)]
    /// # #[diesel(table_name = categories)]
    /// # struct Category { id: i32, name: String, organization_id: i32 }
    /// # #[derive(Queryable, Selectable, OrgScoped)]
    /// # #[diesel(table_name = builds, belongs_to(Category))]
    /// # #[org_scoped(org_field = "category.organization")]
    /// # struct Build { id: i32, category_id: i32 }
    /// #[derive(OrgInput)]
    /// #[diesel(table_name = builds)]
    /// #[org_input(model = Build)]
    /// struct NewBuild { category_id: i32 }
    ///
    /// # fn offer(builds: Scoped<Build>, conn: &mut SqliteConnection) -> Result<Vec<(i32, String)>, Error> {
    /// let categories = NewBuild::choices::<Category, _>(&builds, |build| build.category())?;
    /// categories.select((categories::id, categories::name)).load(conn)
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Denied::Undecided`] when it cannot be said what the caller may write.
    fn choices<N, T>(
        scope: &Scoped<Self::Model>,
        relation: impl FnOnce(<Self::Model as OrgScoped>::Paths<Here>) -> T,
    ) -> Result<Scoped<N>, Denied>
    where
        N: OrgScoped<OrgKey = <Self::Model as OrgScoped>::OrgKey>,
        T: Choice<N>,
    {
        choices::<Self, N>(scope, &relation(Self::Model::paths()))
    }
}

/// An input for rows to be inserted. Implemented by `#[derive(OrgInput)]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no input for new rows [org113]",
    note = "derive `OrgInput` on it: `#[derive(OrgInput)] #[org_input(model = Build)]`"
)]
pub trait OrgInput: Writes {}

/// Changes of a row. Implemented by `#[derive(OrgChangeset)]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no set of changes [org113]",
    note = "derive `OrgChangeset` on it: `#[derive(OrgChangeset)] #[org_changeset(model = Build)]`"
)]
pub trait OrgChangeset: Writes {}

/// What the attributes of an input say.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Which relations may name shared rows.
    pub shared: Shared,
    /// The relations whose rows may belong to another organization than the row itself.
    pub cross_org: &'static [&'static str],
    /// Fields of a body that are ignored.
    pub ignored: &'static [&'static str],
    /// The names of fields in bodies and errors, by column.
    pub names: &'static [(&'static str, &'static str)],
}

/// Which relations of an input may name shared rows.
#[derive(Clone, Copy, Debug)]
pub enum Shared {
    /// None.
    None,
    /// All.
    All,
    /// These.
    Only(&'static [&'static str]),
}

impl Shared {
    pub(crate) fn includes(self, relation: &str) -> bool {
        match self {
            Shared::None => false,
            Shared::All => true,
            Shared::Only(names) => names.contains(&relation),
        }
    }
}

impl Options {
    /// Nothing said.
    pub const NONE: Options = Options {
        shared: Shared::None,
        cross_org: &[],
        ignored: &[],
        names: &[],
    };

    /// The name of a column in bodies and errors: its own if it was given one.
    pub(crate) fn field(&self, column: &str, name: &'static str) -> &'static str {
        let named = self.names.iter().find(|(named, _)| *named == column);
        named.map_or(name, |(_, name)| name)
    }

    pub(crate) fn may_cross(&self, relation: &str) -> bool {
        self.cross_org.contains(&relation)
    }
}

/// An input as it was read from a request: the values, and what is wrong with them. A write tells that together with what
/// the database finds.
///
/// It takes the place of `Json<…>` as the last argument of a handler, and reads JSON and form-encoded bodies alike. The
/// struct needs no `Deserialize`; the types of its fields do.
pub struct Input<T: Writes> {
    pub(crate) read: Result<T, T::Values>,
    pub(crate) report: Report,
}

/// What was noticed while an input was read.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// What is wrong.
    pub(crate) errors: FieldErrors,
    /// The columns that were given as null, for which the input says nothing therefore.
    pub(crate) nulls: Vec<&'static str>,
    /// The same of nested inputs, by their columns.
    pub(crate) nested: Vec<(&'static str, Report)>,
}

impl Report {
    /// What was noticed about a nested input.
    pub(crate) fn nested(&mut self, column: &str) -> Report {
        let at = self.nested.iter().position(|(nested, _)| *nested == column);
        at.map(|at| self.nested.swap_remove(at).1)
            .unwrap_or_default()
    }
}

impl<T: Writes> Input<T> {
    /// The input.
    ///
    /// # Errors
    /// What is wrong with its fields.
    pub fn into_inner(self) -> Result<T, FieldErrors> {
        let mut errors = self.report.errors;
        for (column, nested) in self.report.nested {
            errors.nest(crate::body::public_name::<T>(column), nested.errors);
        }
        match self.read {
            Ok(input) if errors.is_empty() => Ok(input),
            _ => Err(errors),
        }
    }

    /// Looks at the input, and adds errors of one's own: they are told together with the others.
    pub fn check(mut self, check: impl FnOnce(&T, &mut FieldErrors)) -> Self {
        if let Ok(input) = &self.read {
            check(input, &mut self.report.errors);
        }
        self
    }

    pub(crate) fn take_apart(self) -> (T::Values, Report) {
        let values = match self.read {
            Ok(input) => input.values(),
            Err(values) => values,
        };
        (values, self.report)
    }
}

impl<T: Writes> From<T> for Input<T> {
    fn from(input: T) -> Input<T> {
        Input {
            read: Ok(input),
            report: Report::default(),
        }
    }
}

impl<T: Writes> std::fmt::Debug for Input<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Input")
            .field("model", &T::Model::NAME)
            .field("report", &self.report)
            .finish_non_exhaustive()
    }
}
