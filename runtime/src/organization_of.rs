//! What stands at the end of a path, looked up key by key: the organization of one row.

use diesel::query_builder::AstPass;
use diesel::result::QueryResult;

use crate::dialect::Dialect;
use crate::fragment::{Operand, Source};
use crate::path::Route;

/// Writes something of the table at the end of a route: NULL where the way breaks.
pub(crate) fn end<DB: Dialect>(
    route: &'static Route,
    source: Source,
    mut out: AstPass<'_, '_, DB>,
    write: &mut impl FnMut(&str, Source, &mut AstPass<'_, '_, DB>) -> QueryResult<()>,
) -> QueryResult<()> {
    match route {
        Route::Global => {
            out.push_sql("NULL");
            Ok(())
        }
        Route::Column { column, .. } => write(column, source, &mut out),
        Route::Hop { column, .. } => hop(
            route,
            source.next(),
            Operand::Column(source, column),
            out,
            write,
        ),
    }
}

/// The same where the first foreign key of the route has this value.
pub(crate) fn hop<'b, DB: Dialect>(
    route: &'static Route,
    inner: Source,
    value: Operand<'b, DB>,
    mut out: AstPass<'_, 'b, DB>,
    write: &mut impl FnMut(&str, Source, &mut AstPass<'_, '_, DB>) -> QueryResult<()>,
) -> QueryResult<()> {
    let Route::Hop {
        parent, key, rest, ..
    } = route
    else {
        return value.write(&mut out);
    };
    out.push_sql("(SELECT ");
    end(rest, inner, out.reborrow(), write)?;
    out.push_sql(" FROM ");
    DB::table(*parent, out.reborrow())?;
    out.push_sql(" AS ");
    inner.name(&mut out)?;
    out.push_sql(" WHERE ");
    inner.column(key, &mut out)?;
    out.push_sql(" = ");
    value.write(&mut out)?;
    out.push_sql(")");
    Ok(())
}
