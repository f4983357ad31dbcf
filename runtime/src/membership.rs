//! The caller's memberships as SQL: the tables that answer "which role has this user in that organization?".

use diesel::query_builder::AstPass;
use diesel::result::QueryResult;

use crate::dialect::Dialect;
use crate::identity::Layout;
use crate::key::UserId;
use crate::role::Role;

/// A user, and the tables that know its memberships.
#[derive(Clone, Debug)]
pub(crate) struct Member {
    pub(crate) user: UserId,
    pub(crate) layout: &'static Layout,
}

/// Writes the memberships of a user in enabled organizations, from `FROM` on: `m` is the membership, `o` the organization.
pub(crate) fn of_user<'b, DB: Dialect>(
    member: &'b Member,
    mut out: AstPass<'_, 'b, DB>,
) -> QueryResult<()> {
    member.layout.push(
        " FROM {memberships} AS orgscope_m \
         INNER JOIN {organizations} AS orgscope_o ON orgscope_o.id = orgscope_m.organization_id \
         WHERE orgscope_o.is_active AND orgscope_m.user_id = ",
        &mut out,
    )?;
    DB::user(&member.user, out)
}

/// Writes the condition that a membership `orgscope_m` has one of the roles.
pub(crate) fn has_role<DB: Dialect>(roles: [bool; 3], out: &mut AstPass<'_, '_, DB>) {
    let mut separator = " AND orgscope_m.role IN (";
    for role in Role::ALL {
        if roles[role.index()] {
            out.push_sql(separator);
            out.push_sql(match role {
                Role::Member => "1",
                Role::Manager => "2",
                Role::Owner => "3",
            });
            separator = ", ";
        }
    }
    out.push_sql(")");
}
