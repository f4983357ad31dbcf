//! Object permissions: what `can_view`, `can_edit` and `owns` mean for the rows of a model.
//!
//! The rules are the Sith's: a caller *owns* a row by the model's own [`is_owned_by`](ObjectPermissions::is_owned_by), by the
//! row's owner group, or as root; *may edit* it by [`can_be_edited_by`](ObjectPermissions::can_be_edited_by), by one of its edit
//! groups, or by owning it; *may view* it by [`can_be_viewed_by`](ObjectPermissions::can_be_viewed_by), by one of its view groups,
//! or by editing it. Each is a condition that the database is asked, so that a list and the check of one row are the same.

use std::fmt;
use std::marker::PhantomData;

use diesel::query_source::Column;

use crate::facts::Facts;
use crate::model::OrgScoped;
use crate::policy::Asked;
use crate::rows::Rows;
use crate::table_name::TableName;

/// A model's own rules about who holds its rows. Each is a condition on the row; by default none holds.
///
/// ```
/// use diesel::prelude::*;
/// use orgscope::key::UserId;
/// use orgscope::policy::Asked;
/// use orgscope::prelude::*;
///
/// diesel::table! {
///     counters (id) { id -> Integer, kind -> Text, keeper_id -> Nullable<Integer>, organization_id -> Integer }
/// }
///
/// #[derive(Queryable, Selectable, OrgScoped)]
/// #[diesel(table_name = counters)]
/// struct Counter { id: i32, kind: String, keeper_id: Option<i32>, organization_id: i32 }
///
/// impl ObjectPermissions for Counter {
///     fn is_owned_by(asked: &Asked<'_>) -> Rows<Self> {
///         match asked.user_id() {
///             Some(UserId::Int(user)) => Rows::matching(counters::keeper_id.eq(*user)),
///             _ => Rows::none(),
///         }
///     }
///
///     fn can_be_viewed_by(_: &Asked<'_>) -> Rows<Self> {
///         Rows::matching(counters::kind.eq("bar"))
///     }
/// }
///
/// #[protected(can_view)]
/// async fn get_counter(counter: Object<Counter>) -> String { counter.kind.clone() }
/// ```
pub trait ObjectPermissions: OrgScoped {
    /// What is to be known of the caller beside the groups. What the rules ask and this does not name may not be loaded.
    const FACTS: Facts = Facts::CALLER;

    /// The rows that the caller owns. Not asked for callers without a login, nor is the next.
    fn is_owned_by(_asked: &Asked<'_>) -> Rows<Self> {
        Rows::none()
    }

    /// The rows that the caller may edit.
    fn can_be_edited_by(_asked: &Asked<'_>) -> Rows<Self> {
        Rows::none()
    }

    /// The rows that the caller may view. It is asked for callers without a login as well.
    fn can_be_viewed_by(_asked: &Asked<'_>) -> Rows<Self> {
        Rows::none()
    }
}

/// What a model declares about its rows' holders. Made by the derive.
pub struct Objects<M> {
    pub(crate) owner_group: Option<&'static str>,
    pub(crate) edit_groups: Option<GroupTable>,
    pub(crate) view_groups: Option<GroupTable>,
    pub(crate) rules: Option<Rules<M>>,
}

/// A model's three rules: owned, edited, viewed.
pub struct Rules<M> {
    pub(crate) rows: [fn(&Asked<'_>) -> Rows<M>; 3],
    facts: Facts,
}

/// A join table between rows and groups.
#[derive(Clone, Copy)]
pub struct GroupTable {
    pub(crate) table: &'static dyn TableName,
    pub(crate) row: &'static str,
    pub(crate) group: &'static str,
    /// The column of the model that `row` refers to.
    pub(crate) key: &'static str,
}

impl fmt::Debug for GroupTable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} and {}", self.row, self.group)
    }
}

impl GroupTable {
    /// The join table with its column for the row, its column for the group, and the model's primary key `Key`.
    pub const fn new<Row: Column + Copy, Group: Column + Copy, Key: Column>(
        table: &'static dyn TableName,
        _row: Row,
        _group: Group,
    ) -> GroupTable {
        GroupTable {
            table,
            row: Row::NAME,
            group: Group::NAME,
            key: Key::NAME,
        }
    }
}

impl<M> Objects<M> {
    /// Nothing is declared.
    pub const NONE: Objects<M> = Objects {
        owner_group: None,
        edit_groups: None,
        view_groups: None,
        rules: None,
    };

    /// The column of the row's owner group.
    pub const fn owner_group(mut self, column: &'static str) -> Self {
        self.owner_group = Some(column);
        self
    }

    /// The table of the row's edit groups.
    pub const fn edit_groups(mut self, table: GroupTable) -> Self {
        self.edit_groups = Some(table);
        self
    }

    /// The table of the row's view groups.
    pub const fn view_groups(mut self, table: GroupTable) -> Self {
        self.view_groups = Some(table);
        self
    }

    /// What is to be known of the caller beside the groups.
    pub const fn facts(&self) -> Facts {
        match &self.rules {
            Some(rules) => rules.facts,
            None => Facts::CALLER,
        }
    }

    /// The model's own rules.
    pub const fn rules(mut self, rules: Option<Rules<M>>) -> Self {
        self.rules = rules;
        self
    }

    /// Whether anything is declared.
    pub const fn are_declared(&self) -> bool {
        self.owner_group.is_some()
            || self.edit_groups.is_some()
            || self.view_groups.is_some()
            || self.rules.is_some()
    }
}

/// Finds the [`ObjectPermissions`] of a model if there are any: its own constant comes before that of [`Undeclared`]. Used by
/// the derive.
pub struct Declared<M>(PhantomData<M>);

impl<M: ObjectPermissions> Declared<M> {
    /// The model's rules.
    pub const RULES: Option<Rules<M>> = Some(Rules {
        rows: [M::is_owned_by, M::can_be_edited_by, M::can_be_viewed_by],
        facts: M::FACTS,
    });
}

/// The rules of a model that has none.
pub trait Undeclared<M> {
    /// None.
    const RULES: Option<Rules<M>> = None;
}

impl<M> Undeclared<M> for Declared<M> {}
