//! Diesel's builder methods: each changes the query and leaves the scope alone.

use diesel::dsl;
use diesel::query_dsl::methods::{
    BoxedDsl, DistinctDsl, FilterDsl, FindDsl, GroupByDsl, LimitDsl, OffsetDsl, OrFilterDsl,
    OrderDsl, SelectDsl, ThenOrderDsl,
};

use super::{Parens, Scoped, Shape};
use crate::model::OrgScoped;
use crate::selection::Chosen;

impl<M: OrgScoped, Q, R> Scoped<M, Q, R> {
    /// The same scope around another query; private, for it must be a narrowing of this one.
    pub(crate) fn map<T>(self, f: impl FnOnce(Q) -> T) -> Scoped<M, T, R> {
        Scoped {
            bounds: self.bounds,
            pending: self.pending,
            one: self.one,
            shape: self.shape,
            query: f(self.query),
            rows: self.rows,
        }
    }

    /// The same query with other rows.
    pub(crate) fn rows<T>(self, rows: T) -> Scoped<M, Q, T> {
        Scoped {
            bounds: self.bounds,
            pending: self.pending,
            one: self.one,
            shape: self.shape,
            query: self.query,
            rows,
        }
    }

    /// [`QueryDsl::filter`](diesel::QueryDsl::filter). Text in the predicate (`dsl::sql`) is taken at its word: it is put in
    /// parentheses, but nothing keeps it from naming other tables.
    pub fn filter<P>(self, predicate: P) -> Scoped<M, dsl::Filter<Q, Parens<P>>, R>
    where
        Q: FilterDsl<Parens<P>>,
    {
        self.map(|query| query.filter(Parens(predicate)))
    }

    /// [`QueryDsl::or_filter`](diesel::QueryDsl::or_filter). It widens the filters, never the scope.
    pub fn or_filter<P>(self, predicate: P) -> Scoped<M, dsl::OrFilter<Q, Parens<P>>, R>
    where
        Q: OrFilterDsl<Parens<P>>,
    {
        let one = false;
        Scoped { one, ..self }.map(|query| query.or_filter(Parens(predicate)))
    }

    /// [`QueryDsl::find`](diesel::QueryDsl::find): the row with this primary key, if it is in scope.
    pub fn find<Pk>(self, key: Pk) -> Scoped<M, dsl::Find<Q, Pk>, R>
    where
        Q: FindDsl<Pk>,
    {
        let one = true;
        Scoped { one, ..self }.map(|query| query.find(key))
    }

    /// [`QueryDsl::order`](diesel::QueryDsl::order).
    pub fn order<E: diesel::Expression>(self, order: E) -> Scoped<M, dsl::Order<Q, E>, R>
    where
        Q: OrderDsl<E>,
    {
        self.map(|query| query.order(order))
    }

    /// [`QueryDsl::then_order_by`](diesel::QueryDsl::then_order_by).
    pub fn then_order_by<E>(self, order: E) -> Scoped<M, dsl::ThenOrderBy<Q, E>, R>
    where
        Q: ThenOrderDsl<E>,
    {
        self.map(|query| query.then_order_by(order))
    }

    /// [`QueryDsl::select`](diesel::QueryDsl::select): the rows become what is selected.
    pub fn select<S: diesel::Expression>(self, selection: S) -> Scoped<M, dsl::Select<Q, S>, Chosen>
    where
        Q: SelectDsl<S>,
    {
        self.map(|query| query.select(selection)).rows(Chosen)
    }

    /// [`QueryDsl::limit`](diesel::QueryDsl::limit).
    pub fn limit(self, rows: i64) -> Scoped<M, dsl::Limit<Q>, R>
    where
        Q: LimitDsl,
    {
        let shape = Shape::Cut;
        Scoped { shape, ..self }.map(|query| query.limit(rows))
    }

    /// [`QueryDsl::offset`](diesel::QueryDsl::offset).
    pub fn offset(self, rows: i64) -> Scoped<M, dsl::Offset<Q>, R>
    where
        Q: OffsetDsl,
    {
        let shape = Shape::Cut;
        Scoped { shape, ..self }.map(|query| query.offset(rows))
    }

    /// [`QueryDsl::distinct`](diesel::QueryDsl::distinct).
    pub fn distinct(self) -> Scoped<M, dsl::Distinct<Q>, R>
    where
        Q: DistinctDsl,
    {
        let shape = self.shape.max(Shape::Distinct);
        Scoped { shape, ..self }.map(|query| query.distinct())
    }

    /// [`QueryDsl::group_by`](diesel::QueryDsl::group_by).
    pub fn group_by<E: diesel::Expression>(self, by: E) -> Scoped<M, dsl::GroupBy<Q, E>, R>
    where
        Q: GroupByDsl<E>,
    {
        self.map(|query| query.group_by(by))
    }

    /// [`QueryDsl::into_boxed`](diesel::QueryDsl::into_boxed), for one backend.
    pub fn into_boxed<'a, DB>(self) -> Scoped<M, dsl::IntoBoxed<'a, Q, DB>, R>
    where
        DB: diesel::backend::Backend,
        Q: BoxedDsl<'a, DB>,
    {
        self.map(|query| query.internal_into_boxed())
    }
}
