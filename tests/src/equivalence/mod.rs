//! Lists, single rows and writes are one rule: random worlds, decided by the library and by brute force.
//!
//! A world has organizations, callers and rows of every shape: chains of up to four foreign keys, which may be NULL or not, to an
//! organization that is required, may be missing, or is shared when it is missing. Each of its lists is compared with what brute force in memory
//! says of each row, and rows picked at random are looked at, changed, deleted and added.

mod mirrored;
mod models;
mod policies;
mod truth;
mod worlds;

use orgscope::ddl::rls::Walls;
use orgscope::dialect::Database;
use orgscope::identity::principal;
use orgscope::pool::Pool;
use orgscope::prelude::*;
use orgscope::transaction::Transaction;
use orgscope::{Access, AnyConnection, Facts};

use self::models::{MODELS, Model};
use self::policies::{Tree, shapes};
use self::truth::{Caller, Rule};
use self::worlds::World;
use orgscope_suite::databases::Fresh;
use orgscope_suite::progress::Progress;

/// How many rows were decided, and where the library and brute force disagreed.
#[derive(Debug, Default)]
pub struct Outcome {
    pub decisions: u64,
    pub differences: Vec<String>,
}

/// How many rules each caller of a world is asked about, for each model.
const RULES: usize = 12;

/// Decides at least so many rows of random worlds; `None` if there is no server for the database.
pub async fn random(database: Database, seed: u64, rows: u64) -> Option<Outcome> {
    let mut random = fastrand::Rng::with_seed(seed);
    let mut outcome = Outcome::default();
    let mut progress = Progress::of("decisions", rows);
    while outcome.decisions < rows {
        let fresh = Fresh::make(database).await?;
        let world = World::random(&mut random);
        world.store(&fresh).await;
        let mut conn = fresh.pool.connection().await.expect("a connection");
        let mut behind = match database {
            Database::Postgres => Some(world.walled(&fresh).await),
            _ => None,
        };
        for caller in &world.callers {
            for model in MODELS {
                if let Some(behind) = &mut behind {
                    let rule = Rule::of_role(random.choice(Role::ALL).expect("a role"));
                    let asking = Asking::of(&world, caller, model, &rule);
                    asking.behind_walls(behind, &mut outcome).await;
                }
                for _ in 0..RULES {
                    let rule = Rule::random(&mut random);
                    let asking = Asking::of(&world, caller, model, &rule);
                    asking.ask(&mut random, &mut conn, &mut outcome).await;
                }
            }
        }
        drop((conn, behind));
        fresh.remove().await;
        progress.is_at(outcome.decisions);
    }
    Some(outcome)
}

/// Decides every row of a small world, for every caller that there can be in two organizations, by every policy of up to so many atoms.
pub async fn exhaustive(database: Database, atoms: usize) -> Option<Outcome> {
    let mut outcome = Outcome::default();
    let fresh = Fresh::make(database).await?;
    let world = World::small();
    world.store(&fresh).await;
    let mut conn = fresh.pool.connection().await.expect("a connection");
    let trees = Tree::all(atoms).count();
    let rules = world.callers.len() * trees;
    let mut progress = Progress::of("rules", rules as u64);
    for (at, caller) in world.callers.iter().enumerate() {
        for (number, tree) in Tree::all(atoms).enumerate() {
            progress.is_at((at * trees + number) as u64);
            let rule = Rule::of(tree);
            for model in MODELS.iter().filter(|model| model.hops <= 2) {
                let asking = Asking::of(&world, caller, model, &rule);
                let caller = caller.given(&world);
                asking.list(&caller, &mut conn, &mut outcome).await;
            }
        }
    }
    drop(conn);
    fresh.remove().await;
    Some(outcome)
}

/// One caller, one model, one rule.
struct Asking<'a> {
    world: &'a World,
    caller: &'a Caller,
    model: &'a Model,
    rule: &'a Rule,
}

impl<'a> Asking<'a> {
    fn of(world: &'a World, caller: &'a Caller, model: &'a Model, rule: &'a Rule) -> Self {
        Asking {
            world,
            caller,
            model,
            rule,
        }
    }

    /// The rule, as the library has it.
    fn access(&self) -> Access {
        shapes::use_atoms(&self.rule.tree);
        let mut access = self.rule.tree.access();
        access = match self.rule.scope {
            Some(role) => access.scope(role),
            None => access.scope_all("the equivalence of every rule"),
        };
        match self.rule.write {
            Some(role) => access.write(role),
            None => access,
        }
    }

    /// The caller as the library knows it: from the tables, or as it was given.
    async fn principal(&self, given: bool, conn: &mut AnyConnection) -> Principal {
        if given {
            return self.caller.given(self.world);
        }
        let loaded = principal(self.caller.id, Facts::ALL, conn).await;
        loaded.expect("an answer").expect("a user")
    }

    async fn ask(
        &self,
        random: &mut fastrand::Rng,
        conn: &mut AnyConnection,
        outcome: &mut Outcome,
    ) {
        let caller = self.principal(random.bool(), conn).await;
        self.list(&caller, conn, outcome).await;
        let ids: Vec<i32> = self.world.rows(self.model).keys().copied().collect();
        if let Some(id) = random.choice(&ids) {
            let row = self.world.row(self.model, *id);
            let expected = self.rule.shows(self.caller, &row);
            let came = (self.model.get)(self.access(), &caller, *id, conn).await;
            outcome.compare(self, "get", *id, expected, came);
            let expected = self.rule.changes(self.caller, &row);
            let came = (self.model.delete)(self.access(), &caller, *id, conn).await;
            outcome.compare(self, "delete", *id, expected, came);
        }
        let refers_to = self.world.referred(self.model, random);
        let expected = self
            .rule
            .adds(self.caller, self.world, self.model, refers_to);
        let came = (self.model.insert)(self.access(), &caller, refers_to, conn).await;
        outcome.compare(
            self,
            "insert under",
            refers_to.unwrap_or(-1),
            expected,
            came,
        );
        let target = random.choice(&ids).copied().unwrap_or(0);
        let expected = self
            .rule
            .moves(self.caller, self.world, self.model, target, refers_to);
        let came = (self.model.change)(self.access(), &caller, target, refers_to, conn).await;
        outcome.compare(self, "move", target, expected, came);
    }

    /// What a statement without any condition sees behind the walls.
    async fn behind_walls(&self, conn: &mut AnyConnection, outcome: &mut Outcome) {
        let rows = self.world.rows(self.model);
        let shown = rows.keys().filter(|id| {
            self.rule
                .shows(self.caller, &self.world.row(self.model, **id))
        });
        let expected: Vec<i32> = shown.copied().collect();
        outcome.decisions += rows.len() as u64;
        let role = self.rule.scope.unwrap_or(Role::Member);
        let seeing = async {
            conn.begin().await?;
            let caller = self.caller.given(self.world);
            Walls::of(&caller, role, role).bind(conn).await?;
            let seen = (self.model.all)(conn).await;
            conn.roll_back().await?;
            seen
        };
        match seeing.await {
            Ok(came) if came == expected => {}
            came => outcome.differs(
                self,
                "walls",
                &format!("{expected:?}"),
                &format!("{came:?}"),
            ),
        }
    }

    async fn list(&self, caller: &Principal, conn: &mut AnyConnection, outcome: &mut Outcome) {
        let rows = self.world.rows(self.model);
        let shown = rows.keys().filter(|id| {
            let row = self.world.row(self.model, **id);
            self.rule.shows(self.caller, &row)
        });
        let expected: Vec<i32> = shown.copied().collect();
        outcome.decisions += rows.len() as u64;
        let came = (self.model.list)(self.access(), caller, conn).await;
        match came {
            Ok(came) if came == expected => {}
            came => outcome.differs(self, "list", &format!("{expected:?}"), &format!("{came:?}")),
        }
    }
}

impl Outcome {
    fn compare(
        &mut self,
        asking: &Asking<'_>,
        what: &str,
        id: i32,
        expected: bool,
        came: Result<bool, Error>,
    ) {
        self.decisions += 1;
        if !matches!(came, Ok(came) if came == expected) {
            let what = format!("{what} {id}");
            self.differs(asking, &what, &expected.to_string(), &format!("{came:?}"));
        }
    }

    fn differs(&mut self, asking: &Asking<'_>, what: &str, expected: &str, came: &str) {
        self.differences.push(format!(
            "{what} of {}: expected {expected}, came {came}; {:?}; {:?}",
            asking.model.name, asking.rule, asking.caller
        ));
    }
}
