//! Which relation of several is chosen from.

use diesel::prelude::*;

use super::*;
use crate::OrgScoped;

diesel::table! {
    letters (id) { id -> Integer, from_id -> Integer, to_id -> Integer, organization_id -> Integer }
}
diesel::table! { letter_copies (letter_id, copy_id) { letter_id -> Integer, copy_id -> Integer } }
diesel::table! { letter_replies (letter_id, reply_id) { letter_id -> Integer, reply_id -> Integer } }

#[derive(Queryable, Selectable, OrgScoped)]
#[diesel(table_name = letters)]
#[org_scoped(
    relation(model = Letter, column = from_id),
    relation(model = Letter, column = to_id),
    many(name = copies, model = Letter, through = letter_copies(letter_id, copy_id)),
    many(name = replies, model = Letter, through = letter_replies(letter_id, reply_id))
)]
#[allow(dead_code)]
struct Letter {
    id: i32,
    from_id: i32,
    to_id: i32,
    organization_id: i32,
}

#[test]
fn a_relation_is_found_by_its_column_or_its_name() {
    let name = |chosen: Chosen| chosen.of::<Letter>().map(|relation| relation.name);
    for (chosen, expected) in [
        (Chosen::One("from_id"), Some("from")),
        (Chosen::One("to_id"), Some("to")),
        (Chosen::One("copies"), None),
        (Chosen::One("id"), None),
        (Chosen::Many("copies"), Some("copies")),
        (Chosen::Many("replies"), Some("replies")),
        (Chosen::Many("to"), None),
        (Chosen::Organization, None),
    ] {
        assert_eq!(name(chosen), expected, "{chosen:?}");
    }
}
