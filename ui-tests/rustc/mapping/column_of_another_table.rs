// A column of another table.
use orgscope::identity::{Mapping, Memberships, Organizations, Tables, Users};

diesel::table! { people (id) { id -> Integer, login -> Text, enabled -> Bool, admin -> Bool, changed -> Date } }
diesel::table! { firms (id) { id -> Integer, slug -> Text, enabled -> Bool } }
diesel::table! { staff (id) { id -> Integer, person -> Integer, firm -> BigInt, is_head -> Bool } }

struct Own;

impl Tables for Own {
    type User = i32;
    type Organization = i32;
    const MAPPING: Mapping<i32, i32> = Mapping::new(
        Users::new(people::id, people::login, people::enabled, people::admin),
        Organizations::new(firms::id, firms::slug, firms::enabled),
        Memberships::by_flag(staff::person, firms::id, staff::is_head),
    );
}

fn main() {}
