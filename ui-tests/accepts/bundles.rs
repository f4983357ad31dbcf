// Named policies: alone, as atoms, of one another, several at once, and wherever an item can stand.
use orgscope::axum::Router;
use orgscope::prelude::*;

const ADMIN: i32 = 4;

policy! {
    /// What every endpoint of the address management requires.
    ///
    /// It is documented.
    #[derive(Clone, Copy, Debug)]
    pub IpamApi = manager & perm("ipam.use");

    // One of its own, for this crate only.
    pub(crate) Exports = IpamApi & (perm(["ipam.export", "ipam.dump"], any) | in_group(ADMIN));

    #[allow(dead_code)]
    Alone = anyone;

    pub(self) Negated = !IpamApi;
}

orgscope::policy! { pub Licensed = member & Checked; }

struct Checked;

impl policy::Permission for Checked {
    fn check<'a>(_: &'a policy::Asked<'a>) -> policy::Check<'a> {
        true.into()
    }
}

mod policies {
    orgscope::policy! {
        pub Board = in_group("board") | root;
        pub Readers = super::IpamApi | self::Board;
    }
}

#[protected(IpamApi)]
async fn alone() {}

#[protected(Exports & subscriber)]
async fn joined() {}

#[protected(any(policies::Readers, crate::bundles::Negated, Licensed))]
async fn by_path() {}

#[protected(Exports, principal = caller)]
fn purge(caller: &Principal) -> Result<(), Error> {
    let _ = caller;
    Ok(())
}

// The names in a controller's policy are those of where it is written.
#[protected(policies::Board & !in_group(ADMIN))]
mod api {
    use orgscope::prelude::*;

    const ADMIN: &str = "another one of this name";

    policy! {
        /// Stands between handlers.
        pub Chair = super::IpamApi & perm("board.chair");
    }

    pub async fn list() {}

    #[protected(Chair & !in_group(ADMIN))]
    pub async fn purge() {}

    #[protected(override, super::Alone)]
    pub async fn health() {}
}

/// A policy is a type like any other.
fn in_a_scope(caller: &Principal) -> bool {
    caller.decide::<IpamApi>(&7).is_granted()
}

fn router() -> Router<Tenancy> {
    policy! { Local = owner | Inner; }
    policy! { Inner = subscriber; }

    #[protected(Local)]
    async fn local() {}

    Router::new()
        .get("/alone", alone)
        .get("/joined", joined)
        .get("/by_path", by_path)
        .get("/api", api::list)
        .delete("/api", api::purge)
        .get("/health", api::health)
        .get("/local", local)
}

fn main() {}
