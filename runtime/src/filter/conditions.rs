//! What a query string asks, as SQL.

use std::marker::PhantomData;

use diesel::expression::{AppearsOnTable, Expression, SelectableExpression, ValidGrouping};
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::result::QueryResult;
use diesel::sql_types::Bool;

use super::value::Value;
use super::{Condition, Lookup, What};
use crate::dialect::{Dialect, KeyOn, letter_by_letter};
use crate::fragment::Source;
use crate::identity::Layout;
use crate::key::RowKey;
use crate::model::OrgScoped;
use crate::path::{Path, Route};
use crate::relation::{Organization, Relation, Through};

/// The rows of `M` that match a query string.
#[derive(Debug)]
pub struct Matching<M: OrgScoped> {
    pub(super) conditions: Vec<Condition>,
    pub(super) path: Path,
    /// Where organizations are.
    pub(super) layout: &'static Layout,
    pub(super) model: PhantomData<fn() -> M>,
}

/// The order that a query string asks for, and another one where it says no more.
#[derive(Debug)]
pub struct Ordering<M, O> {
    pub(super) columns: Vec<(&'static str, bool)>,
    pub(super) then: O,
    pub(super) model: PhantomData<fn() -> M>,
}

impl<M: OrgScoped> Clone for Matching<M> {
    fn clone(&self) -> Self {
        Matching {
            conditions: self.conditions.clone(),
            path: self.path,
            layout: self.layout,
            model: PhantomData,
        }
    }
}

impl<M, O: Clone> Clone for Ordering<M, O> {
    fn clone(&self) -> Self {
        Ordering {
            columns: self.columns.clone(),
            then: self.then.clone(),
            model: PhantomData,
        }
    }
}

impl<M: OrgScoped> Expression for Matching<M> {
    type SqlType = Bool;
}

impl<M: OrgScoped, QS> AppearsOnTable<QS> for Matching<M> {}
impl<M: OrgScoped, QS> SelectableExpression<QS> for Matching<M> {}

impl<M: OrgScoped> ValidGrouping<()> for Matching<M> {
    type IsAggregate = diesel::expression::is_aggregate::No;
}

impl<M: OrgScoped> QueryId for Matching<M> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<M, O: Expression> Expression for Ordering<M, O> {
    type SqlType = O::SqlType;
}

impl<M, O: AppearsOnTable<QS>, QS> AppearsOnTable<QS> for Ordering<M, O> {}
impl<M, O: SelectableExpression<QS>, QS> SelectableExpression<QS> for Ordering<M, O> {}

impl<M, O: ValidGrouping<G>, G> ValidGrouping<G> for Ordering<M, O> {
    type IsAggregate = O::IsAggregate;
}

impl<M, O> QueryId for Ordering<M, O> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<M: OrgScoped, O: QueryFragment<DB>, DB: Dialect> QueryFragment<DB> for Ordering<M, O> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        for (column, down) in &self.columns {
            Source::Model(M::TABLE).column(column, &mut out)?;
            out.push_sql(if *down { " DESC, " } else { ", " });
        }
        self.then.walk_ast(out)
    }
}

impl<M, DB> QueryFragment<DB> for Matching<M>
where
    M: OrgScoped,
    M::OrgKey: KeyOn<DB>,
    DB: Dialect,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        let source = Source::Model(M::TABLE);
        out.push_sql("(1 = 1");
        if self.conditions.iter().any(Condition::is_list) {
            // It has as many texts as there are lengths: they are not kept.
            out.unsafe_to_cache_prepared();
        }
        for condition in &self.conditions {
            out.push_sql(" AND ");
            match &condition.what {
                What::Organization(key) => {
                    self.organization(source, out.reborrow(), |out| one_key(key, out))?;
                }
                What::Slug(slug) => self.organization(source, out.reborrow(), |out| {
                    self.layout.push(
                        " IN (SELECT orgscope_o.id FROM {organizations} AS orgscope_o WHERE orgscope_o.slug",
                        out,
                    )?;
                    out.push_sql(DB::LETTER_BY_LETTER);
                    out.push_sql(" = ");
                    DB::text(slug, out.reborrow())?;
                    out.push_sql(")");
                    Ok(())
                })?,
                What::Relation(relation, keys) => one_of(relation, keys, source, out.reborrow())?,
                What::RelatedOrganization(relation, key) => {
                    related_organization(relation, key, source, out.reborrow())?;
                }
                What::Column {
                    column,
                    lookup,
                    values,
                } => compare(column, *lookup, values, source, out.reborrow())?,
                What::Search { columns, words } => search(columns, words, source, out.reborrow())?,
            }
        }
        out.push_sql(")");
        Ok(())
    }
}

impl<M: OrgScoped> Matching<M> {
    /// Writes a condition on the row's organization: its own, else that at the end of its path.
    fn organization<'b, DB: Dialect>(
        &self,
        source: Source,
        mut out: AstPass<'_, 'b, DB>,
        condition: impl FnOnce(&mut AstPass<'_, 'b, DB>) -> QueryResult<()>,
    ) -> QueryResult<()> {
        match M::ORGANIZATION {
            Some(Organization { column, .. }) => {
                source.column(column, &mut out)?;
                condition(&mut out)
            }
            None => along(self.path.route, source, out, condition),
        }
    }
}

/// Follows a route and writes a condition on the organization at its end.
fn along<'b, DB: Dialect>(
    route: &'static Route,
    source: Source,
    mut out: AstPass<'_, 'b, DB>,
    condition: impl FnOnce(&mut AstPass<'_, 'b, DB>) -> QueryResult<()>,
) -> QueryResult<()> {
    match route {
        Route::Global => {
            out.push_sql("1 = 0");
            Ok(())
        }
        Route::Column { column, .. } => {
            source.column(column, &mut out)?;
            condition(&mut out)
        }
        Route::Hop {
            column,
            parent,
            key,
            rest,
        } => {
            let inner = source.next();
            source.column(column, &mut out)?;
            out.push_sql(" IN (SELECT ");
            inner.column(key, &mut out)?;
            out.push_sql(" FROM ");
            DB::table(*parent, out.reborrow())?;
            out.push_sql(" AS ");
            inner.name(&mut out)?;
            out.push_sql(" WHERE ");
            along(rest, inner, out.reborrow(), condition)?;
            out.push_sql(")");
            Ok(())
        }
    }
}

fn one_key<'b, DB: Dialect>(key: &'b RowKey, out: &mut AstPass<'_, 'b, DB>) -> QueryResult<()> {
    out.push_sql(" = ");
    DB::user(key, out.reborrow())
}

/// Writes that the row refers to one of these, by its foreign key or by a join table.
fn one_of<'b, DB: Dialect>(
    relation: &Relation,
    keys: &'b [RowKey],
    source: Source,
    mut out: AstPass<'_, 'b, DB>,
) -> QueryResult<()> {
    source.column(relation.column, &mut out)?;
    if let Some(Through { table, row, target }) = relation.through {
        let join = source.next();
        out.push_sql(" IN (SELECT ");
        join.column(row, &mut out)?;
        out.push_sql(" FROM ");
        DB::table(table, out.reborrow())?;
        out.push_sql(" AS ");
        join.name(&mut out)?;
        out.push_sql(" WHERE ");
        join.column(target, &mut out)?;
    }
    let mut separator = " IN (";
    for key in keys {
        out.push_sql(separator);
        DB::user(key, out.reborrow())?;
        separator = ", ";
    }
    out.push_sql(if relation.through.is_some() {
        "))"
    } else {
        ")"
    });
    Ok(())
}

fn related_organization<'b, DB: Dialect>(
    relation: &Relation,
    key: &'b RowKey,
    source: Source,
    mut out: AstPass<'_, 'b, DB>,
) -> QueryResult<()> {
    let inner = source.next();
    source.column(relation.column, &mut out)?;
    out.push_sql(" IN (SELECT ");
    inner.column(relation.key, &mut out)?;
    out.push_sql(" FROM ");
    DB::table(relation.path.table, out.reborrow())?;
    out.push_sql(" AS ");
    inner.name(&mut out)?;
    out.push_sql(" WHERE ");
    match relation.organization {
        Some(Organization { column, .. }) => {
            inner.column(column, &mut out)?;
            one_key(key, &mut out)?;
        }
        None => along(relation.path.route, inner, out.reborrow(), |out| {
            one_key(key, out)
        })?,
    }
    out.push_sql(")");
    Ok(())
}

fn compare<'b, DB: Dialect>(
    column: &'static str,
    lookup: Lookup,
    values: &'b [Value],
    source: Source,
    mut out: AstPass<'_, 'b, DB>,
) -> QueryResult<()> {
    let [first, rest @ ..] = values else {
        out.push_sql("1 = 0");
        return Ok(());
    };
    if let (Lookup::Iexact | Lookup::Contains | Lookup::Icontains, Value::Key(RowKey::Text(text))) =
        (lookup, first)
    {
        return text_in(column, lookup, text, source, out);
    }
    source.column(column, &mut out)?;
    let text = match first {
        Value::Key(RowKey::Text(_)) => letter_by_letter::<DB, String>(),
        _ => "",
    };
    let operator = match (lookup, first) {
        (Lookup::Isnull, Value::Bool(true)) => {
            out.push_sql(" IS NULL");
            return Ok(());
        }
        (Lookup::Isnull, _) => {
            out.push_sql(" IS NOT NULL");
            return Ok(());
        }
        (Lookup::In, _) => {
            out.push_sql(text);
            let mut separator = " IN (";
            for value in values {
                out.push_sql(separator);
                value.bind(out.reborrow())?;
                separator = ", ";
            }
            out.push_sql(")");
            return Ok(());
        }
        (Lookup::Range, _) => " BETWEEN ",
        (Lookup::Lt, _) => " < ",
        (Lookup::Lte, _) => " <= ",
        (Lookup::Gt, _) => " > ",
        (Lookup::Gte, _) => " >= ",
        (Lookup::Exact | Lookup::Iexact | Lookup::Contains | Lookup::Icontains, _) => " = ",
    };
    out.push_sql(text);
    out.push_sql(operator);
    first.bind(out.reborrow())?;
    if let (Lookup::Range, [second, ..]) = (lookup, rest) {
        out.push_sql(" AND ");
        second.bind(out.reborrow())?;
    }
    Ok(())
}

fn text_in<'b, DB: Dialect>(
    column: &'static str,
    lookup: Lookup,
    text: &'b str,
    source: Source,
    mut out: AstPass<'_, 'b, DB>,
) -> QueryResult<()> {
    let any_case = lookup != Lookup::Contains;
    let (lower, end) = if any_case { ("LOWER(", ")") } else { ("", "") };
    if lookup == Lookup::Iexact {
        out.push_sql(lower);
        source.column(column, &mut out)?;
        out.push_sql(") = LOWER(");
        DB::text(text, out.reborrow())?;
        out.push_sql(end);
        return Ok(());
    }
    // A position, not LIKE: what is looked for has no wildcards.
    out.push_sql(DB::POSITION);
    out.push_sql("(");
    out.push_sql(lower);
    source.column(column, &mut out)?;
    out.push_sql(end);
    out.push_sql(if any_case { "" } else { DB::LETTER_BY_LETTER });
    out.push_sql(", ");
    out.push_sql(lower);
    DB::text(text, out.reborrow())?;
    out.push_sql(end);
    out.push_sql(") > 0");
    Ok(())
}

/// Writes that each word is in one of the columns, whatever the case.
fn search<'b, DB: Dialect>(
    columns: &'static [&'static str],
    words: &'b [String],
    source: Source,
    mut out: AstPass<'_, 'b, DB>,
) -> QueryResult<()> {
    let mut between = "(";
    for word in words {
        out.push_sql(between);
        let mut separator = "(";
        for column in columns {
            out.push_sql(separator);
            text_in(column, Lookup::Icontains, word, source, out.reborrow())?;
            separator = " OR ";
        }
        out.push_sql(")");
        between = " AND ";
    }
    out.push_sql(")");
    Ok(())
}
