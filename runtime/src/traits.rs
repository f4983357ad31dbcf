//! The traits of a row as SQL: one number that says what the caller holds of it and for which own permissions it qualifies.

use diesel::query_builder::AstPass;
use diesel::result::QueryResult;

use crate::dialect::{Dialect, KeyOn};
use crate::facts::GroupKind;
use crate::fragment::Source;
use crate::identity::Layout;
use crate::key::KeySet;
use crate::model::OrgScoped;
use crate::objects::{GroupTable, Objects};
use crate::policy::{Asked, Hold, Traits};
use crate::reach::Grant;
use crate::rows::AnyRows;

/// What has to be asked of a row of one model to know its traits.
#[derive(Debug)]
pub(crate) struct TraitsOf {
    hold: HoldOf,
    /// For each own permission that depends on rows, its rows.
    own: Vec<AnyRows>,
}

#[derive(Debug)]
enum HoldOf {
    /// The same for every row.
    Known(Hold),
    /// Asked of the row: the alternatives for each hold, the greatest first.
    Asked([(Hold, Vec<Alternative>); 3]),
}

/// One way to hold a row.
#[derive(Debug)]
enum Alternative {
    Rule(AnyRows),
    /// The column holds one of the caller's groups.
    Group(&'static str, Groups),
    /// The join table holds one of the caller's groups.
    Groups(GroupTable, Groups),
}

/// The caller's groups.
#[derive(Debug)]
enum Groups {
    /// Nobody has logged in.
    Public(&'static Layout),
    Keys(KeySet<i32>),
}

impl TraitsOf {
    /// What the grant's policy has to know of the rows of `M`; `None` when that is nothing.
    pub(crate) fn new<M: OrgScoped>(grant: &Grant<M::OrgKey>) -> Option<TraitsOf> {
        let own: Vec<AnyRows> = grant.answers().rows_of::<M::Table>().collect();
        let needs_hold = grant.access().needs().rows;
        if !needs_hold && own.is_empty() {
            return None;
        }
        let hold = if needs_hold {
            let asked = Asked::new(grant.principal(), None);
            hold_of(&M::OBJECTS, &asked, grant.layout())
        } else {
            HoldOf::Known(Hold::Nothing)
        };
        Some(TraitsOf { hold, own })
    }

    /// Writes the number.
    pub(crate) fn number<'b, DB>(
        &'b self,
        source: Source,
        mut out: AstPass<'_, 'b, DB>,
    ) -> QueryResult<()>
    where
        DB: Dialect,
        i32: KeyOn<DB>,
    {
        match &self.hold {
            HoldOf::Known(hold) => out.push_sql(&(*hold as usize).to_string()),
            HoldOf::Asked(alternatives) => {
                out.push_sql("CASE");
                for (hold, alternatives) in alternatives {
                    out.push_sql(" WHEN ");
                    any(alternatives.iter(), source, out.reborrow())?;
                    out.push_sql(" THEN ");
                    out.push_sql(&(*hold as usize).to_string());
                }
                out.push_sql(" ELSE 0 END");
            }
        }
        for (number, rows) in self.own.iter().enumerate() {
            out.push_sql(" + CASE WHEN ");
            rows.write(out.reborrow())?;
            out.push_sql(&format!(" THEN {} ELSE 0 END", 4 << number));
        }
        Ok(())
    }

    /// Writes the condition that a row has one of these traits.
    pub(crate) fn one_of<'b, DB>(
        &'b self,
        wanted: &[Traits],
        source: Source,
        mut out: AstPass<'_, 'b, DB>,
    ) -> QueryResult<()>
    where
        DB: Dialect,
        i32: KeyOn<DB>,
    {
        // What policies mostly ask, "at least this hold", is written so that indexes can serve it.
        if let (HoldOf::Asked(alternatives), Some(least)) = (&self.hold, self.at_least(wanted)) {
            let enough = alternatives.iter().filter(|(hold, _)| *hold >= least);
            return any(enough.flat_map(|(_, one)| one), source, out);
        }
        out.push_sql("(");
        self.number(source, out.reborrow())?;
        let mut separator = ") IN (";
        for traits in wanted {
            out.push_sql(separator);
            out.push_sql(&traits.0.to_string());
            separator = ", ";
        }
        out.push_sql(")");
        Ok(())
    }

    /// The hold of which these traits are all that there are, if there is one.
    fn at_least(&self, wanted: &[Traits]) -> Option<Hold> {
        let least = wanted.iter().map(|traits| traits.hold()).min()?;
        let all = Traits::all(self.own.len()).filter(|traits| traits.hold() >= least);
        (least > Hold::Nothing && all.eq(wanted.iter().copied())).then_some(least)
    }
}

fn hold_of<M>(objects: &Objects<M>, asked: &Asked<'_>, layout: &'static Layout) -> HoldOf {
    let caller = asked.caller();
    if caller.is_root() == Some(true) {
        return HoldOf::Known(Hold::Own);
    }
    let groups = || match (caller.is_authenticated(), caller.groups()) {
        (true, groups) => {
            let groups = groups.unwrap_or_default().iter();
            Groups::Keys(KeySet::new(groups.map(|group| group.id).collect()))
        }
        (false, _) => Groups::Public(layout),
    };
    let rule = |number: usize| {
        let rules = objects.rules.as_ref();
        rules.map(|rules| Alternative::Rule(rules.rows[number](asked).any()))
    };
    let owner = objects
        .owner_group
        .map(|column| Alternative::Group(column, groups()));
    let join = |table: Option<GroupTable>| table.map(|table| Alternative::Groups(table, groups()));
    let view = rule(2)
        .into_iter()
        .chain(join(objects.view_groups))
        .collect();
    // Without a login nobody owns or edits anything, whatever the groups of a row.
    if !caller.is_authenticated() {
        return HoldOf::Asked([
            (Hold::Own, Vec::new()),
            (Hold::Edit, Vec::new()),
            (Hold::View, view),
        ]);
    }
    HoldOf::Asked([
        (Hold::Own, rule(0).into_iter().chain(owner).collect()),
        (
            Hold::Edit,
            rule(1)
                .into_iter()
                .chain(join(objects.edit_groups))
                .collect(),
        ),
        (Hold::View, view),
    ])
}

/// Writes the alternatives joined by `OR`.
fn any<'b, DB>(
    alternatives: impl Iterator<Item = &'b Alternative>,
    source: Source,
    mut out: AstPass<'_, 'b, DB>,
) -> QueryResult<()>
where
    DB: Dialect,
    i32: KeyOn<DB>,
{
    let mut separator = "(";
    for alternative in alternatives.filter(|alternative| alternative.is_possible()) {
        out.push_sql(separator);
        match alternative {
            Alternative::Rule(rows) => rows.write(out.reborrow())?,
            Alternative::Group(column, groups) => {
                source.column(column, &mut out)?;
                groups.write(out.reborrow())?;
            }
            Alternative::Groups(table, groups) => table.holds(source, groups, out.reborrow())?,
        }
        separator = " OR ";
    }
    out.push_sql(if separator == "(" { "(1 = 0)" } else { ")" });
    Ok(())
}

impl Alternative {
    /// Nobody is in no group, and an empty list is no SQL.
    fn is_possible(&self) -> bool {
        match self {
            Alternative::Rule(rows) => !matches!(rows, AnyRows::None),
            Alternative::Group(_, groups) | Alternative::Groups(_, groups) => {
                !matches!(groups, Groups::Keys(keys) if keys.keys().is_empty())
            }
        }
    }
}

impl AnyRows {
    fn write<'b, DB: Dialect>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        match self {
            AnyRows::All => out.push_sql("1 = 1"),
            AnyRows::None => out.push_sql("1 = 0"),
            AnyRows::Matching(condition) => {
                out.push_sql("(");
                DB::condition(&**condition, out.reborrow())?;
                out.push_sql(")");
            }
            AnyRows::Either(several) => {
                let mut separator = "(";
                for rows in several.iter() {
                    out.push_sql(separator);
                    rows.write(out.reborrow())?;
                    separator = " OR ";
                }
                out.push_sql(")");
            }
        }
        Ok(())
    }
}

impl Groups {
    /// Writes the condition that whatever stands to the left is one of the groups.
    fn write<'b, DB>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()>
    where
        DB: Dialect,
        i32: KeyOn<DB>,
    {
        match self {
            Groups::Keys(keys) => i32::is_one_of(keys, out),
            Groups::Public(layout) => {
                layout.push(
                    " IN (SELECT orgscope_g.id FROM {access_groups} AS orgscope_g WHERE orgscope_g.kind = ",
                    &mut out,
                )?;
                out.push_sql(&format!("{})", GroupKind::Public.code()));
                Ok(())
            }
        }
    }
}

impl GroupTable {
    /// Writes `key IN (SELECT row FROM table WHERE group …)`.
    fn holds<'b, DB>(
        &self,
        source: Source,
        groups: &'b Groups,
        mut out: AstPass<'_, 'b, DB>,
    ) -> QueryResult<()>
    where
        DB: Dialect,
        i32: KeyOn<DB>,
    {
        let inner = source.next();
        source.column(self.key, &mut out)?;
        out.push_sql(" IN (SELECT ");
        inner.column(self.row, &mut out)?;
        out.push_sql(" FROM ");
        DB::table(self.table, out.reborrow())?;
        out.push_sql(" AS ");
        inner.name(&mut out)?;
        out.push_sql(" WHERE ");
        inner.column(self.group, &mut out)?;
        groups.write(out.reborrow())?;
        out.push_sql(")");
        Ok(())
    }
}
