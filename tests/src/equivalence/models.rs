//! Chains of tables of every shape: up to four foreign keys to an organization that is required, may be missing, or is shared when it is
//! missing; the foreign keys may be NULL, or not. What they refer to need not exist.

use diesel::prelude::*;
use futures_util::future::BoxFuture;
use orgscope::connection::Asynchronous;
use orgscope::ddl::rls::policies;
use orgscope::prelude::*;
use orgscope::transaction::Transaction;
use orgscope::{Access, AnyConnection};

use super::mirrored::Mirrored;

/// What a missing organization means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Missing {
    /// There is none.
    Never,
    Broken,
    Shared,
}

type Listing<'c> = BoxFuture<'c, Result<Vec<i32>, Error>>;
type Deciding<'c> = BoxFuture<'c, Result<bool, Error>>;

/// A model, and what can be done with it.
pub struct Model {
    pub name: &'static str,
    /// The table of the model, and that of what it refers to, if that is no organization.
    pub table: &'static str,
    pub above: Option<&'static str>,
    /// How many foreign keys lead to the table with the organization.
    pub hops: usize,
    pub missing: Missing,
    /// Whether what it refers to may be missing.
    pub is_nullable: bool,
    /// The walls around its table.
    pub walls: fn() -> String,
    /// Whether rows are held by groups.
    pub has_groups: bool,
    /// Whether rows repeat the organization of what they refer to.
    pub mirrors: bool,
    pub list: for<'c> fn(Access, &Principal, &'c mut AnyConnection) -> Listing<'c>,
    /// Every row that the connection can see.
    pub all: for<'c> fn(&'c mut AnyConnection) -> Listing<'c>,
    pub get: for<'c> fn(Access, &Principal, i32, &'c mut AnyConnection) -> Deciding<'c>,
    pub delete: for<'c> fn(Access, &Principal, i32, &'c mut AnyConnection) -> Deciding<'c>,
    pub insert: for<'c> fn(Access, &Principal, Option<i32>, &'c mut AnyConnection) -> Deciding<'c>,
    pub change:
        for<'c> fn(Access, &Principal, i32, Option<i32>, &'c mut AnyConnection) -> Deciding<'c>,
}

/// The key of rows that are added.
pub(super) const NEW: i32 = 100_000;

/// Runs a write, and undoes it.
pub(super) async fn undone<'c>(
    conn: &'c mut AnyConnection,
    write: impl for<'a> FnOnce(&'a mut AnyConnection) -> BoxFuture<'a, Result<usize, Error>>,
) -> Result<bool, Error> {
    conn.begin().await?;
    let written = write(conn).await;
    conn.roll_back().await?;
    decided(written.map(|rows| rows > 0))
}

/// Whether it was allowed; what is neither yes nor no is an error.
pub(super) fn decided(outcome: Result<bool, Error>) -> Result<bool, Error> {
    match outcome {
        Err(Error::Denied(Denied::NotFound | Denied::Forbidden(_)) | Error::Invalid(_)) => {
            Ok(false)
        }
        outcome => outcome,
    }
}

/// A column of a foreign key.
macro_rules! table {
    ($table:ident $column:ident null) => {
        diesel::table! { $table (id) { id -> Integer, $column -> Nullable<Integer> } }
    };
    ($table:ident $column:ident not_null) => {
        diesel::table! { $table (id) { id -> Integer, $column -> Integer } }
    };
}

macro_rules! model {
    (null $($model:tt)*) => {
        model!(@ null, true, [Option<i32>], [Option<Option<i32>>], |key| key, $($model)*);
    };
    (not_null $($model:tt)*) => {
        model!(@ not_null, false, [i32], [Option<i32>], Option::unwrap_or_default, $($model)*);
    };
    (
        @ $null:ident, $is_nullable:literal, [$($key:tt)*], [$($change:tt)*], $value:expr,
        $model:ident $new:ident $changes:ident $table:ident $column:ident,
        above $above:expr, hops $hops:literal, missing $missing:ident, [$($attribute:tt)*]
    ) => {
        table!($table $column $null);

        #[allow(dead_code)]
        #[derive(Queryable, Selectable, OrgScoped)]
        #[diesel(table_name = $table)]
        #[org_scoped($($attribute)*)]
        pub struct $model {
            pub id: i32,
            pub $column: $($key)*,
        }

        #[derive(OrgInput)]
        #[diesel(table_name = $table)]
        #[org_input(model = $model)]
        pub struct $new {
            id: i32,
            $column: $($key)*,
        }

        #[derive(OrgChangeset)]
        #[diesel(table_name = $table)]
        #[org_changeset(model = $model)]
        pub struct $changes {
            $column: $($change)*,
        }

        impl $model {
            const MODEL: Model = Model {
                name: stringify!($model),
                table: stringify!($table),
                above: $above,
                hops: $hops,
                missing: Missing::$missing,
                is_nullable: $is_nullable,
                walls: || policies::<$model>().expect("no circle"),
                has_groups: false,
                mirrors: false,
                list: |access, caller, conn| {
                    let rows = Scope::<$model>::with_access(access, caller);
                    rows.select($table::id).order($table::id).load(conn)
                },
                all: |conn| {
                    let everybody = Principal::new(0, true, []);
                    let rows = Scope::<$model>::new::<policy::Anyone>(&everybody);
                    rows.select($table::id).order($table::id).load(conn)
                },
                get: |access, caller, id, conn| {
                    let got = Scope::<$model>::with_access(access, caller).get(id, conn);
                    Box::pin(async move { decided(got.await.map(|_| true)) })
                },
                delete: |access, caller, id, conn| {
                    let rows = Scope::<$model>::with_access(access, caller).find(id).delete();
                    Box::pin(undone(conn, |conn| Box::pin(rows.execute::<_, Asynchronous>(conn))))
                },
                insert: |access, caller, key, conn| {
                    let into: fn(Option<i32>) -> $($key)* = $value;
                    let new = $new { id: NEW, $column: into(key) };
                    let rows = Scope::<$model>::with_access(access, caller).insert(new);
                    Box::pin(undone(conn, |conn| Box::pin(rows.execute::<_, Asynchronous>(conn))))
                },
                change: |access, caller, id, key, conn| {
                    let into: fn(Option<i32>) -> $($key)* = $value;
                    let changes = $changes { $column: Some(into(key)) };
                    let rows = Scope::<$model>::with_access(access, caller);
                    let rows = rows.find(id).update(changes);
                    Box::pin(undone(conn, |conn| Box::pin(rows.execute::<_, Asynchronous>(conn))))
                },
            };
        }
    };
}

/// A table with the organization, and four levels above it by foreign keys that may be NULL, and by such that may not.
macro_rules! family {
    (
        $missing:ident $null:ident [$($attribute:tt)*] $root:ident $new:ident $changes:ident $table:ident,
        $($chain:ident [$(
            $model:ident $new_model:ident $changes_model:ident $of:ident $below:ident $below_table:ident
            $hops:literal $path:literal
        ),*],)*
    ) => {
        model!(
            $null $root $new $changes $table organization_id,
            above None, hops 0, missing $missing, [$($attribute)*]
        );
        $($(
            model!(
                $chain $model $new_model $changes_model $of parent_id,
                above Some(stringify!($below_table)), hops $hops, missing $missing,
                [relation(model = $below, column = parent_id), org_field = $path]
            );
        )*)*
    };
}

family! {
    Never not_null [org_field = "organization"] Required NewRequired RequiredChanges required,
    null [
        RequiredNull1 NewRequiredNull1 RequiredNull1Changes required_null1 Required required 1 "parent.organization",
        RequiredNull2 NewRequiredNull2 RequiredNull2Changes required_null2 RequiredNull1 required_null1 2 "parent.parent.organization",
        RequiredNull3 NewRequiredNull3 RequiredNull3Changes required_null3 RequiredNull2 required_null2 3 "parent.parent.parent.organization",
        RequiredNull4 NewRequiredNull4 RequiredNull4Changes required_null4 RequiredNull3 required_null3 4 "parent.parent.parent.parent.organization"
    ],
    not_null [
        RequiredFirm1 NewRequiredFirm1 RequiredFirm1Changes required_firm1 Required required 1 "parent.organization",
        RequiredFirm2 NewRequiredFirm2 RequiredFirm2Changes required_firm2 RequiredFirm1 required_firm1 2 "parent.parent.organization",
        RequiredFirm3 NewRequiredFirm3 RequiredFirm3Changes required_firm3 RequiredFirm2 required_firm2 3 "parent.parent.parent.organization",
        RequiredFirm4 NewRequiredFirm4 RequiredFirm4Changes required_firm4 RequiredFirm3 required_firm3 4 "parent.parent.parent.parent.organization"
    ],
}

family! {
    Broken null [shared = none] Orphanable NewOrphanable OrphanableChanges orphanable,
    null [
        OrphanableNull1 NewOrphanableNull1 OrphanableNull1Changes orphanable_null1 Orphanable orphanable 1 "parent.organization",
        OrphanableNull2 NewOrphanableNull2 OrphanableNull2Changes orphanable_null2 OrphanableNull1 orphanable_null1 2 "parent.parent.organization"
    ],
    not_null [
        OrphanableFirm1 NewOrphanableFirm1 OrphanableFirm1Changes orphanable_firm1 Orphanable orphanable 1 "parent.organization",
        OrphanableFirm2 NewOrphanableFirm2 OrphanableFirm2Changes orphanable_firm2 OrphanableFirm1 orphanable_firm1 2 "parent.parent.organization"
    ],
}

family! {
    Shared null [shared = read] Shareable NewShareable ShareableChanges shareable,
    null [
        ShareableNull1 NewShareableNull1 ShareableNull1Changes shareable_null1 Shareable shareable 1 "parent.organization",
        ShareableNull2 NewShareableNull2 ShareableNull2Changes shareable_null2 ShareableNull1 shareable_null1 2 "parent.parent.organization",
        ShareableNull3 NewShareableNull3 ShareableNull3Changes shareable_null3 ShareableNull2 shareable_null2 3 "parent.parent.parent.organization",
        ShareableNull4 NewShareableNull4 ShareableNull4Changes shareable_null4 ShareableNull3 shareable_null3 4 "parent.parent.parent.parent.organization"
    ],
    not_null [
        ShareableFirm1 NewShareableFirm1 ShareableFirm1Changes shareable_firm1 Shareable shareable 1 "parent.organization",
        ShareableFirm2 NewShareableFirm2 ShareableFirm2Changes shareable_firm2 ShareableFirm1 shareable_firm1 2 "parent.parent.organization"
    ],
}

// The same rows again, by groups that own, edit and view them.
diesel::table! {
    held (id) { id -> Integer, organization_id -> Nullable<Integer>, owner_group_id -> Nullable<Integer> }
}
diesel::table! { held_editors (held_id, group_id) { held_id -> Integer, group_id -> Integer } }
diesel::table! { held_viewers (held_id, group_id) { held_id -> Integer, group_id -> Integer } }

#[allow(dead_code)]
#[derive(Queryable, Selectable, OrgScoped)]
#[diesel(table_name = held)]
#[org_scoped(
    shared = read,
    owner_group = owner_group_id,
    edit_groups = held_editors,
    view_groups = held_viewers
)]
pub struct Held {
    pub id: i32,
    pub organization_id: Option<i32>,
    pub owner_group_id: Option<i32>,
}

#[derive(OrgInput)]
#[diesel(table_name = held)]
#[org_input(model = Held)]
pub struct NewHeld {
    id: i32,
    organization_id: Option<i32>,
}

#[derive(OrgChangeset)]
#[diesel(table_name = held)]
#[org_changeset(model = Held)]
pub struct HeldChanges {
    organization_id: Option<Option<i32>>,
}

impl Held {
    const MODEL: Model = Model {
        name: "Held",
        table: "held",
        above: None,
        hops: 0,
        missing: Missing::Shared,
        is_nullable: true,
        walls: || policies::<Held>().expect("no circle"),
        has_groups: true,
        mirrors: false,
        list: |access, caller, conn| {
            let rows = Scope::<Held>::with_access(access, caller);
            rows.select(held::id).order(held::id).load(conn)
        },
        all: |conn| {
            let everybody = Principal::new(0, true, []);
            let rows = Scope::<Held>::new::<policy::Anyone>(&everybody);
            rows.select(held::id).order(held::id).load(conn)
        },
        get: |access, caller, id, conn| {
            let got = Scope::<Held>::with_access(access, caller).get(id, conn);
            Box::pin(async move { decided(got.await.map(|_| true)) })
        },
        delete: |access, caller, id, conn| {
            let rows = Scope::<Held>::with_access(access, caller).find(id).delete();
            Box::pin(undone(conn, |conn| {
                Box::pin(rows.execute::<_, Asynchronous>(conn))
            }))
        },
        insert: |access, caller, key, conn| {
            let new = NewHeld {
                id: NEW,
                organization_id: key,
            };
            let rows = Scope::<Held>::with_access(access, caller).insert(new);
            Box::pin(undone(conn, |conn| {
                Box::pin(rows.execute::<_, Asynchronous>(conn))
            }))
        },
        change: |access, caller, id, key, conn| {
            let changes = HeldChanges {
                organization_id: Some(key),
            };
            let rows = Scope::<Held>::with_access(access, caller);
            let rows = rows.find(id).update(changes);
            Box::pin(undone(conn, |conn| {
                Box::pin(rows.execute::<_, Asynchronous>(conn))
            }))
        },
    };
}

/// All of them; what one refers to comes before it.
pub const MODELS: &[Model] = &[
    Required::MODEL,
    RequiredNull1::MODEL,
    RequiredNull2::MODEL,
    RequiredNull3::MODEL,
    RequiredNull4::MODEL,
    RequiredFirm1::MODEL,
    RequiredFirm2::MODEL,
    RequiredFirm3::MODEL,
    RequiredFirm4::MODEL,
    Orphanable::MODEL,
    OrphanableNull1::MODEL,
    OrphanableNull2::MODEL,
    OrphanableFirm1::MODEL,
    OrphanableFirm2::MODEL,
    Shareable::MODEL,
    ShareableNull1::MODEL,
    ShareableNull2::MODEL,
    ShareableNull3::MODEL,
    ShareableNull4::MODEL,
    ShareableFirm1::MODEL,
    ShareableFirm2::MODEL,
    Held::MODEL,
    Mirrored::MODEL,
];
