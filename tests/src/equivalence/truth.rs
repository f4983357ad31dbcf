//! What a rule means, by brute force: written from the rules of `SEMANTICS.md` and not from the library.

use std::collections::BTreeMap;

use orgscope::prelude::*;
use orgscope::{Group, GroupKind, Subscription};

use super::models::Model;
use super::policies::{Atom, Tree, Truth};
use super::worlds::World;

/// Somebody who calls.
#[derive(Clone, Debug)]
pub struct Caller {
    pub id: i32,
    pub superuser: bool,
    /// In enabled organizations and disabled ones.
    pub memberships: BTreeMap<i32, Role>,
    /// In group 1, which may be the root group.
    pub in_group: bool,
    pub in_root: bool,
    pub may_export: bool,
    pub subscription: Subscription,
}

/// What a row belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    Organization(i32),
    /// Everybody who manages something.
    Shared,
    /// Nobody.
    Broken,
}

/// A row as a rule sees it.
#[derive(Clone, Debug)]
pub struct Row<'a> {
    pub world: &'a World,
    pub end: End,
    /// The groups that own it, and that may edit and view it.
    pub groups: [bool; 3],
}

/// A policy with its roles.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    pub tree: Tree,
    /// `None` for the rows of every organization.
    pub scope: Option<Role>,
    pub write: Option<Role>,
}

impl Caller {
    /// The role in an enabled organization.
    fn role_in(&self, world: &World, organization: i32) -> Option<Role> {
        let role = self.memberships.get(&organization)?;
        (world.organizations.get(&organization) == Some(&true)).then_some(*role)
    }

    fn has_anywhere(&self, world: &World, least: Role) -> bool {
        let mut roles = self.memberships.keys();
        roles.any(|key| self.role_in(world, *key).is_some_and(|role| role >= least))
    }

    /// The caller with what it has, without the tables.
    pub fn given(&self, world: &World) -> Principal {
        let enabled = self.memberships.keys();
        let enabled = enabled.filter_map(|key| Some((*key, self.role_in(world, *key)?)));
        let mut groups = Vec::new();
        if self.in_group {
            groups.push(Group::new(1, "one"));
        }
        if self.in_root {
            groups.push(Group::new(2, "two").of_kind(GroupKind::Root));
        }
        let permissions = self.may_export.then_some("app.export");
        Principal::new(self.id, self.superuser, enabled)
            .with_groups(groups)
            .with_permissions(permissions)
            .with_subscription(self.subscription)
    }
}

/// What a caller holds of a row: nothing, 1 to view, 2 to edit, 3 to own it.
fn hold(caller: &Caller, row: &Row<'_>) -> u8 {
    let [owns, edits, views] = row.groups.map(|of_group| of_group && caller.in_group);
    match (caller.in_root || owns, edits, views) {
        (true, _, _) => 3,
        (_, true, _) => 2,
        (_, _, true) => 1,
        _ => 0,
    }
}

impl Rule {
    pub fn of(tree: Tree) -> Rule {
        Rule {
            tree,
            scope: Some(Role::Member),
            write: None,
        }
    }

    /// Whoever has logged in, and the rows of organizations where it has the role.
    pub fn of_role(role: Role) -> Rule {
        Rule {
            scope: Some(role),
            ..Rule::of(Tree::authenticated())
        }
    }

    pub fn random(random: &mut fastrand::Rng) -> Rule {
        let mut role = || match random.u8(..4) {
            0 => None,
            number => Role::from_code(number.into()),
        };
        let (scope, write) = (role(), role());
        Rule {
            tree: Tree::random(random),
            scope,
            write,
        }
    }

    /// Whether an atom holds for a row of which the caller holds this.
    fn atom(&self, atom: Atom, caller: &Caller, row: &Row<'_>, hold: u8) -> bool {
        let role = |least: Role| match row.end {
            End::Organization(key) => caller
                .role_in(row.world, key)
                .is_some_and(|role| role >= least),
            End::Shared => caller.has_anywhere(row.world, Role::Manager),
            End::Broken => false,
        };
        match atom {
            Atom::Anyone | Atom::Authenticated => true,
            Atom::Member => role(Role::Member),
            Atom::Manager => role(Role::Manager),
            Atom::Owner => role(Role::Owner),
            Atom::Root => caller.in_root,
            Atom::Subscriber => caller.subscription == Subscription::Current,
            Atom::FormerSubscriber => caller.subscription != Subscription::Never,
            Atom::InGroup => caller.in_group,
            Atom::MayExport => caller.may_export,
            Atom::CanView => hold >= 1,
            Atom::CanEdit => hold >= 2,
            Atom::Owns => hold >= 3,
        }
    }

    fn in_scope(&self, caller: &Caller, row: &Row<'_>) -> bool {
        match (self.scope, row.end) {
            (_, End::Broken) => false,
            (None, _) => true,
            (Some(least), End::Organization(key)) => caller
                .role_in(row.world, key)
                .is_some_and(|role| role >= least),
            (Some(_), End::Shared) => caller.has_anywhere(row.world, Role::Manager),
        }
    }

    /// Whether the caller could pass for any row at all.
    fn admits(&self, caller: &Caller, world: &World) -> bool {
        let anywhere = |least| match caller.has_anywhere(world, least) {
            true => Truth::Maybe,
            false => Truth::No,
        };
        let nowhere = Row {
            world,
            end: End::Broken,
            groups: [false; 3],
        };
        let policy = self.tree.says(&|atom| match atom {
            // Root owns every row: which one need not be asked.
            Atom::CanView | Atom::CanEdit | Atom::Owns if caller.in_root => Truth::Yes,
            Atom::Member | Atom::CanView | Atom::CanEdit | Atom::Owns => Truth::Maybe,
            Atom::Manager => anywhere(Role::Manager),
            Atom::Owner => anywhere(Role::Owner),
            global => self.atom(global, caller, &nowhere, 0).into(),
        });
        policy > Truth::No
    }

    /// Whether the policy holds for a row of which the caller holds this.
    fn holds(&self, caller: &Caller, row: &Row<'_>, hold: u8) -> bool {
        let policy = self
            .tree
            .says(&|atom| self.atom(atom, caller, row, hold).into());
        self.admits(caller, row.world) && policy == Truth::Yes
    }

    /// Whether the caller sees the row.
    pub fn shows(&self, caller: &Caller, row: &Row<'_>) -> bool {
        let policy = || self.holds(caller, row, hold(caller, row));
        caller.superuser || self.in_scope(caller, row) && policy()
    }

    /// Whether the caller may change or delete the row.
    pub fn changes(&self, caller: &Caller, row: &Row<'_>) -> bool {
        let role = self.write.or(self.scope).unwrap_or(Role::Member);
        let may = || match row.end {
            End::Organization(key) => caller
                .role_in(row.world, key)
                .is_some_and(|held| held >= role),
            End::Shared | End::Broken => false,
        };
        caller.superuser || self.shows(caller, row) && may()
    }

    /// Whether the caller may write into what a row belongs to, whatever the row is otherwise.
    fn accepts(&self, caller: &Caller, world: &World, end: End) -> bool {
        let row = Row {
            world,
            end,
            groups: [false; 3],
        };
        // What would be held of a row that is not there yet, nobody knows but root, who owns all.
        let mut held = if caller.in_root { 3..4 } else { 0..4 };
        let policy = held.all(|hold| self.holds(caller, &row, hold));
        let least = self.write.or(self.scope).unwrap_or(Role::Member);
        let role = match end {
            End::Organization(key) => caller.role_in(world, key),
            End::Shared | End::Broken => None,
        };
        self.in_scope(caller, &row) && policy && role.is_some_and(|role| role >= least)
    }

    /// Whether the caller may add a row that refers to this.
    pub fn adds(
        &self,
        caller: &Caller,
        world: &World,
        model: &Model,
        refers_to: Option<i32>,
    ) -> bool {
        let Some(key) = refers_to else {
            return caller.superuser && model.is_nullable;
        };
        match (world.exists(model, key), caller.superuser) {
            (false, _) => false,
            (true, true) => true,
            (true, false) => self.accepts(caller, world, world.end_above(model, key)),
        }
    }

    /// Whether the caller may make a row refer to this.
    pub fn moves(
        &self,
        caller: &Caller,
        world: &World,
        model: &Model,
        id: i32,
        refers_to: Option<i32>,
    ) -> bool {
        let exists = world.rows(model).contains_key(&id);
        let row = || world.row(model, id);
        exists
            && self.changes(caller, &row())
            && self.adds(caller, world, model, refers_to)
            && (!model.mirrors || world.ends_somewhere(model, refers_to))
    }
}
