//! What services test their own models with: one rule for lists, single rows and writes, and no way from one organization to another.
//!
//! * [`equivalence!`](crate::testing::equivalence!) compares lists, single rows and deletes with the rules, for the rows of a database.
//! * [`isolation_matrix!`](crate::testing::isolation_matrix!) asks callers of two organizations for everything, and prints who got what.
//! * `World` (feature `async`) is a database for a test, in one line: organizations, users with roles, logins, and what it was asked.
//! * [`Auditor`] listens to connections for statements without their scope.

mod callers;
mod equivalence;
mod matrix;
mod steps;
mod subject;
mod truth;
#[cfg(feature = "async")]
mod world;

pub use crate::audit::{Auditor, Finding};
pub use crate::{__equivalence as equivalence, __isolation_matrix as isolation_matrix};
pub use equivalence::{Equivalence, equivalence};
pub use matrix::{Asked, Isolation, Matrix};
pub use steps::{Creating, Filtering, Offering, Step, Updating};
pub use subject::Subject;
#[cfg(feature = "async")]
pub use world::World;

/// Panics unless lists, single rows and deletes of a model agree with the rules, for the rows of a database (see
/// [`equivalence`](fn@crate::testing::equivalence)). On an asynchronous connection:
/// `equivalence!(async Device, &mut conn)`.
///
/// ```
/// use diesel::prelude::*;
/// use orgscope::prelude::*;
/// use orgscope::testing::equivalence;
///
/// diesel::table! { devices (id) { id -> Integer, organization_id -> Integer } }
///
/// #[derive(Queryable, Selectable, OrgScoped)]
/// #[diesel(table_name = devices)]
/// struct Device { id: i32, organization_id: i32 }
///
/// let mut conn = SqliteConnection::establish(":memory:")?;
/// diesel::sql_query("CREATE TABLE devices (id INTEGER PRIMARY KEY, organization_id INTEGER NOT NULL)").execute(&mut conn)?;
/// diesel::sql_query("INSERT INTO devices VALUES (1, 10), (2, 20)").execute(&mut conn)?;
///
/// equivalence!(Device, &mut conn);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[macro_export]
#[doc(hidden)]
macro_rules! __equivalence {
    (async $model:ty, $connection:expr $(,)?) => {
        $crate::testing::equivalence!(@ $crate::testing::equivalence::<$model, _, _>($connection).await)
    };
    (@ $report:expr) => {
        match $report {
            ::core::result::Result::Ok(report) => report.assert_holds(),
            ::core::result::Result::Err(error) => ::core::panic!("{error}"),
        }
    };
    ($model:ty, $connection:expr $(,)?) => {
        $crate::testing::equivalence!(@ $crate::testing::equivalence::<$model, _, _>($connection))
    };
}

/// Asks the managers of two organizations, a superuser, somebody without a role and nobody for the rows of a model, and panics unless each gets what
/// the rules give (see [`Isolation`]). It returns the [`Matrix`], to be printed. On an asynchronous connection the
/// first word is `async`.
///
/// ```
/// use diesel::prelude::*;
/// use orgscope::prelude::*;
/// use orgscope::testing::isolation_matrix;
///
/// diesel::table! { devices (id) { id -> Integer, name -> Text, organization_id -> Integer } }
///
/// #[derive(Queryable, Selectable, OrgScoped)]
/// #[diesel(table_name = devices)]
/// struct Device { id: i32, organization_id: i32 }
///
/// #[derive(OrgInput)]
/// #[diesel(table_name = devices)]
/// #[org_input(model = Device)]
/// struct NewDevice { name: String, organization_id: i32 }
///
/// #[derive(OrgChangeset)]
/// #[diesel(table_name = devices)]
/// #[org_changeset(model = Device)]
/// struct DeviceChanges { name: String }
///
/// #[derive(OrgFilter)]
/// #[diesel(table_name = devices)]
/// #[org_filter(model = Device, fields(organization))]
/// struct DeviceFilter;
///
/// let mut conn = SqliteConnection::establish(":memory:")?;
/// # use diesel::connection::SimpleConnection;
/// let identity = orgscope::identity::Migrations::<i32, i32>::new().up(orgscope::dialect::Database::Sqlite);
/// conn.batch_execute(&identity)?;
/// conn.batch_execute(
///     "INSERT INTO organizations VALUES (10, 'acme', 'acme', TRUE), (20, 'bolt', 'bolt', TRUE);
///      CREATE TABLE devices (id INTEGER PRIMARY KEY, name TEXT NOT NULL, organization_id INTEGER NOT NULL);
///      INSERT INTO devices VALUES (1, 'a', 10), (2, 'b', 20);",
/// )?;
///
/// let matrix = isolation_matrix!(
///     Device, &mut conn, 10, 20,
///     create = |organization| NewDevice { name: "new".to_owned(), organization_id: *organization },
///     update = || DeviceChanges { name: "changed".to_owned() },
///     filter = DeviceFilter,
/// );
/// println!("{matrix}");
/// # assert!(matrix.to_string().starts_with("manager of 10\n    rows of 10: list, detail, delete, create, update, filter\n    rows of 20: nothing\n"), "{matrix}");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// Where organizations are in tables of the service's own, use [`Isolation`] and [`stored_in`](Isolation::stored_in). For what forms offer: `choices = NewBuild => category: Category`, with the input, the relation and the model of its rows.
#[macro_export]
#[doc(hidden)]
macro_rules! __isolation_matrix {
    (async $($asked:tt)*) => {
        $crate::testing::isolation_matrix!(@ (.await) $($asked)*)
    };
    (
        @ ($($await:tt)*) $model:ty, $connection:expr, $a:expr, $b:expr
        $(, create = $create:expr)?
        $(, update = $update:expr)?
        $(, filter = $filter:ty)?
        $(, choices = $input:ty => $relation:ident: $other:ty)*
        $(,)?
    ) => {{
        let isolation = $crate::testing::Isolation::<$model>::between($a, $b);
        $(let isolation = isolation.creating($create);)?
        $(let isolation = isolation.updating($update);)?
        $(let isolation = isolation.filtering::<$filter>();)?
        $(let isolation = isolation.offering::<$input, $other, _, _>(|model| model.$relation());)*
        match isolation.run($connection)$($await)* {
            ::core::result::Result::Ok(matrix) => {
                matrix.assert_isolated();
                matrix
            }
            ::core::result::Result::Err(error) => ::core::panic!("{error}"),
        }
    }};
    ($($asked:tt)*) => {
        $crate::testing::isolation_matrix!(@ () $($asked)*)
    };
}
