//! What stands at the end of a path, looked up key by key: the organization of one row.

use diesel::query_builder::AstPass;
use diesel::result::QueryResult;

use crate::dialect::Dialect;
use crate::fragment::{Operand, Source};
use crate::path::Route;

/// Writes something of the table at the end of a route: NULL where the way breaks. `lock` follows each subselect.
pub(crate) fn end<DB: Dialect>(
    route: &'static Route,
    source: Source,
    lock: &str,
    mut out: AstPass<'_, '_, DB>,
    write: &mut impl FnMut(&str, Source, &mut AstPass<'_, '_, DB>) -> QueryResult<()>,
) -> QueryResult<()> {
    match route {
        Route::Global => {
            out.push_sql("NULL");
            Ok(())
        }
        Route::Column { column, .. } => write(column, source, &mut out),
        Route::Hop { column, .. } => {
            let key = Operand::Column(source, column);
            hop(route, key, source.next(), lock, &mut out, write)
        }
    }
}

/// Writes the same of the row whose key this is, by the first hop of a route.
fn hop<'b, DB: Dialect>(
    route: &'static Route,
    value: Operand<'b, DB>,
    inner: Source,
    lock: &str,
    out: &mut AstPass<'_, 'b, DB>,
    write: &mut impl FnMut(&str, Source, &mut AstPass<'_, '_, DB>) -> QueryResult<()>,
) -> QueryResult<()> {
    let Route::Hop {
        parent, key, rest, ..
    } = route
    else {
        return value.write(out);
    };
    out.push_sql("(SELECT ");
    end(rest, inner, lock, out.reborrow(), write)?;
    out.push_sql(" FROM ");
    DB::table(*parent, out.reborrow())?;
    out.push_sql(" AS ");
    inner.name(out)?;
    out.push_sql(" WHERE ");
    inner.column(key, out)?;
    out.push_sql(" = ");
    value.write(out)?;
    out.push_sql(lock);
    out.push_sql(")");
    Ok(())
}

/// Writes the organization of a row whose first foreign key on the route has this value.
pub(crate) fn of_key<'b, DB: Dialect>(
    route: &'static Route,
    value: Operand<'b, DB>,
    lock: &str,
    out: &mut AstPass<'_, 'b, DB>,
) -> QueryResult<()> {
    let mut column =
        |column: &str, source: Source, out: &mut AstPass<'_, '_, DB>| source.column(column, out);
    hop(route, value, Source::Alias(1), lock, out, &mut column)
}
