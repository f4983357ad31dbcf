//! What a database lacks for its models.

use orgscope::ddl::lint::{Finding, Lint};
use orgscope::dialect::Database;
use orgscope_suite::databases::{Fresh, on_each};

use crate::models::*;
use crate::support::*;

fn lint() -> Lint {
    Lint::new()
        .model::<Group>()
        .model::<Item>()
        .model::<Part>()
        .model::<Country>()
}

async fn with_tables(fresh: &Fresh, sql: &str) -> Vec<String> {
    let quoted = match fresh.database {
        Database::Mysql => sql.replace('"', "`"),
        _ => sql.to_owned(),
    };
    fresh.batch(&quoted).await;
    found(fresh, lint())
        .await
        .iter()
        .map(Finding::to_string)
        .collect()
}

async fn found(fresh: &Fresh, lint: Lint) -> Vec<Finding> {
    lint.run(&mut connection(fresh).await).await.unwrap()
}

const COUNTRIES: &str =
    "CREATE TABLE countries (id INTEGER NOT NULL PRIMARY KEY, name VARCHAR(20) NOT NULL UNIQUE);";

#[test]
fn a_database_that_lacks_nothing_is_told_nothing() {
    on_each(async |fresh| {
        seed(&fresh).await;
        let found = with_tables(
            &fresh,
            &format!(
                r#"{COUNTRIES}
                CREATE TABLE "groups" (id INTEGER NOT NULL PRIMARY KEY, organization_id INTEGER);
                CREATE TABLE items (id INTEGER NOT NULL PRIMARY KEY, name VARCHAR(20) NOT NULL, group_id INTEGER);
                CREATE TABLE parts (id INTEGER NOT NULL PRIMARY KEY, item_id INTEGER NOT NULL);
                CREATE INDEX a ON "groups" (organization_id);
                CREATE UNIQUE INDEX b ON items (group_id, name);
                CREATE UNIQUE INDEX c ON parts (item_id, id);"#
            ),
        )
        .await;
        assert_eq!(found, [""; 0]);
        fresh
    });
}

#[test]
fn what_a_database_lacks_is_told_with_what_mends_it() {
    on_each(async |fresh| {
        seed(&fresh).await;
        let mut told = with_tables(
            &fresh,
            r#"CREATE TABLE "groups" (id INTEGER NOT NULL PRIMARY KEY, organization_id INTEGER, code VARCHAR(20) NOT NULL UNIQUE);
               CREATE TABLE items (id INTEGER NOT NULL PRIMARY KEY, name VARCHAR(20) NOT NULL, group_id VARCHAR(20));
               CREATE INDEX half ON items (name, group_id);
               CREATE TABLE parts (id INTEGER NOT NULL PRIMARY KEY);
               CREATE TABLE secrets (id INTEGER NOT NULL PRIMARY KEY);"#,
        )
        .await;
        let lints = |told: &[String]| {
            let names = told
                .iter()
                .map(|one| one.split(':').next().unwrap().to_owned());
            names.collect::<Vec<_>>()
        };
        assert_eq!(
            lints(&told),
            [
                "missing_index",
                "unique_without_organization",
                "missing_index",
                "type_mismatch",
                "missing_column",
                "missing_table",
                "undeclared_table"
            ],
            "{told:#?}"
        );
        assert!(told[1].contains("(code)"), "{told:#?}");
        assert!(told[6].contains("secrets"), "{told:#?}");

        // What can be mended by SQL is.
        let fixes = found(&fresh, lint())
            .await
            .into_iter()
            .filter_map(|one| one.fix);
        for fix in fixes.collect::<Vec<_>>() {
            fresh.batch(&fix).await;
        }
        told.retain(|one| !one.starts_with("missing_index"));
        let left = found(&fresh, lint()).await;
        assert_eq!(
            left.iter().map(Finding::to_string).collect::<Vec<_>>(),
            told
        );
        let known = lint()
            .except("parts")
            .except("groups")
            .except("items")
            .except("secrets")
            .except("countries");
        assert_eq!(found(&fresh, known).await, []);
        fresh
    });
}

#[test]
fn null_is_found_where_it_means_nobody() {
    on_each(async |fresh| {
        seed(&fresh).await;
        fresh.batch(&rows(fresh.database)).await;
        let found = found(&fresh, Lint::new().model::<PrivateGroup>()).await;
        let null = found
            .iter()
            .filter(|finding| finding.lint == "null_organization");
        let null: Vec<_> = null.collect();
        assert_eq!(null.len(), 1, "{found:?}");
        if let Some(fix) = &null[0].fix {
            fresh
                .batch(&format!(
                    "UPDATE {0} SET organization_id = 10 WHERE organization_id IS NULL",
                    match fresh.database {
                        Database::Mysql => "`groups`",
                        _ => "\"groups\"",
                    }
                ))
                .await;
            fresh.batch(fix).await;
        }
        fresh
    });
}
