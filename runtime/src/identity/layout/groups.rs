//! The tables of groups and permissions.

use std::marker::PhantomData;

use diesel::expression::Expression;
use diesel::query_builder::AstPass;
use diesel::query_source::Column;
use diesel::result::QueryResult;
use diesel::sql_types::{Integer, Text};

use super::view::{ColumnOf, NamedOnce, Plain, Table, Value, View, column};
use crate::dialect::{Database, Dialect};
use crate::key::Key;

/// The table of groups.
#[derive(Debug)]
pub struct Groups {
    table: Table,
    id: &'static str,
    name: &'static str,
    root: Option<&'static str>,
    public: Option<&'static str>,
}

impl Groups {
    /// The table with these columns: the key, and the name.
    pub const fn new<Id, Name>(id: Id, name: Name) -> Self
    where
        Id: Column<Table: NamedOnce> + Expression<SqlType = Integer> + Copy,
        Name: ColumnOf<Id::Table, Text>,
    {
        let _ = name;
        Groups {
            table: Table::of(id),
            id: Id::NAME,
            name: Name::COLUMN,
            root: None,
            public: None,
        }
    }

    /// The name of the root group: its users pass `root`.
    pub const fn root(mut self, name: &'static str) -> Self {
        self.root = Some(name);
        self
    }

    /// The name of the public group: everybody is in it.
    pub const fn public(mut self, name: &'static str) -> Self {
        self.public = Some(name);
        self
    }

    pub(super) const fn view(self) -> View {
        let kind = Value::Kind {
            column: self.name,
            root: self.root,
            public: self.public,
        };
        let view = Plain::new(self.table)
            .with("id", Value::Column(self.id))
            .with("name", Value::Column(self.name))
            .with("kind", kind);
        View::Plain(view)
    }
}

/// The table that says who is in which group.
#[derive(Debug)]
pub struct GroupMembers<U> {
    view: Plain,
    key: PhantomData<fn() -> U>,
}

impl<U: Key> GroupMembers<U> {
    /// The table with these columns.
    pub const fn new<User, Group>(user: User, group: Group) -> Self
    where
        User: Column<Table: NamedOnce> + Expression<SqlType = U::SqlType> + Copy,
        Group: ColumnOf<User::Table, Integer>,
    {
        let _ = group;
        GroupMembers {
            view: Plain::new(Table::of(user))
                .with("user_id", Value::Column(User::NAME))
                .with("group_id", Value::Column(Group::COLUMN)),
            key: PhantomData,
        }
    }

    pub(super) const fn view(self) -> View {
        View::Plain(self.view)
    }
}

/// The table `T` that names permissions: a codename, and the application that it is of.
#[derive(Debug)]
pub struct Codenames<T> {
    names: Names,
    of: PhantomData<fn() -> T>,
}

/// How permissions are named.
#[derive(Clone, Copy, Debug)]
struct Names {
    table: Table,
    id: &'static str,
    codename: &'static str,
    /// The column that refers to it, its table, the key and the label there.
    app: Option<(&'static str, Table, &'static str, &'static str)>,
}

impl<T: NamedOnce> Codenames<T> {
    /// The table with these columns: the key, and the name, which is `app.codename`, or `codename` with an [`app`](Self::app).
    pub const fn new<Id, Name>(id: Id, codename: Name) -> Self
    where
        Id: Column<Table = T> + Copy,
        Name: ColumnOf<T, Text>,
    {
        let _ = codename;
        Codenames {
            names: Names {
                table: Table::of(id),
                id: Id::NAME,
                codename: Name::COLUMN,
                app: None,
            },
            of: PhantomData,
        }
    }

    /// The table where the label of the application is: the column that refers to it, its key, and the label.
    pub const fn app<Fk, Id, Label>(mut self, refers: Fk, id: Id, label: Label) -> Self
    where
        Fk: Column<Table = T> + Copy,
        Id: Column<Table: NamedOnce> + Expression<SqlType = Fk::SqlType> + Copy,
        Label: ColumnOf<Id::Table, Text>,
    {
        let _ = (refers, label);
        self.names.app = Some((Fk::NAME, Table::of(id), Id::NAME, Label::COLUMN));
        self
    }
}

/// The permissions of somebody.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Codes {
    table: Table,
    /// Whose they are, and the bundled name for that.
    holder: (&'static str, &'static str),
    /// The codename itself, or the key of one of the names.
    permission: &'static str,
    names: Option<Names>,
}

impl Codes {
    pub(super) fn write<DB: Dialect>(
        &'static self,
        out: &mut AstPass<'_, '_, DB>,
    ) -> QueryResult<()> {
        let (holder, name) = self.holder;
        column("orgscope_v", holder, out)?;
        out.push_sql(&format!(" AS {name}, "));
        match &self.names {
            None => column("orgscope_v", self.permission, out)?,
            Some(names) => names.write(out)?,
        }
        out.push_sql(" AS codename FROM ");
        self.table.write(out)?;
        out.push_sql(" AS orgscope_v");
        let Some(names) = &self.names else {
            return Ok(());
        };
        out.push_sql(" INNER JOIN ");
        names.table.write(out)?;
        out.push_sql(" AS orgscope_p ON ");
        column("orgscope_p", names.id, out)?;
        out.push_sql(" = ");
        column("orgscope_v", self.permission, out)?;
        if let Some((refers, table, id, _)) = &names.app {
            out.push_sql(" INNER JOIN ");
            table.write(out)?;
            out.push_sql(" AS orgscope_a ON ");
            column("orgscope_a", id, out)?;
            out.push_sql(" = ");
            column("orgscope_p", refers, out)?;
        }
        Ok(())
    }
}

impl Names {
    /// Writes the whole name.
    fn write<DB: Dialect>(&'static self, out: &mut AstPass<'_, '_, DB>) -> QueryResult<()> {
        let Some((_, _, _, label)) = &self.app else {
            return column("orgscope_p", self.codename, out);
        };
        let [before, between, after] = match DB::DATABASE {
            Database::Mysql => ["CONCAT(", ", '.', ", ")"],
            _ => ["", " || '.' || ", ""],
        };
        out.push_sql(before);
        column("orgscope_a", label, out)?;
        out.push_sql(between);
        column("orgscope_p", self.codename, out)?;
        out.push_sql(after);
        Ok(())
    }
}

macro_rules! permissions_of {
    ($(#[$doc:meta])* $type:ident<$($key:ident)?>, $name:literal, $holder:ty) => {
        $(#[$doc])*
        #[derive(Debug)]
        pub struct $type<$($key)?> {
            codes: Codes,
            key: PhantomData<fn() -> ($($key,)?)>,
        }

        impl<$($key: Key)?> $type<$($key)?> {
            /// The table with these columns: whose the permission is, and its codename (`app.codename`).
            pub const fn new<Holder, Code>(holder: Holder, codename: Code) -> Self
            where
                Holder: Column<Table: NamedOnce> + Expression<SqlType = $holder> + Copy,
                Code: ColumnOf<Holder::Table, Text>,
            {
                let _ = codename;
                let codes = Codes {
                    table: Table::of(holder),
                    holder: (Holder::NAME, $name),
                    permission: Code::COLUMN,
                    names: None,
                };
                $type { codes, key: PhantomData }
            }

            /// The table with these columns: whose the permission is, and the key of one that is named elsewhere.
            pub const fn named<Holder, Permission, Names>(
                holder: Holder,
                permission: Permission,
                names: Codenames<Names>,
            ) -> Self
            where
                Holder: Column<Table: NamedOnce> + Expression<SqlType = $holder> + Copy,
                Permission: Column<Table = Holder::Table> + Copy,
            {
                let _ = permission;
                let codes = Codes {
                    table: Table::of(holder),
                    holder: (Holder::NAME, $name),
                    permission: Permission::NAME,
                    names: Some(names.names),
                };
                $type { codes, key: PhantomData }
            }

            pub(super) const fn view(self) -> View {
                View::Codes(self.codes)
            }
        }
    };
}

permissions_of! {
    /// The table of the permissions of users.
    UserPermissions<U>, "user_id", U::SqlType
}
permissions_of! {
    /// The table of the permissions of groups.
    GroupPermissions<>, "group_id", Integer
}
