//! What the auditor hears, and what it lets pass.

fn unmarked(sql: &str) -> Vec<String> {
    super::statement::unmarked(sql, |table| !["other", "x", "b"].contains(&table))
}

#[test]
fn tables_without_a_mark_are_found() {
    for sql in [
        "SELECT * FROM builds",
        r#"SELECT "builds"."id" FROM "builds" WHERE ("builds"."id" = $1)"#,
        "SELECT `builds`.`id` FROM `builds`",
        "select 1 from public.builds where id = 1 for update",
        "SELECT 1 FROM builds AS b",
        "SELECT 1 FROM other, builds",
        "SELECT 1 FROM (other INNER JOIN builds ON (other.id = builds.id))",
        "SELECT 1 FROM other o JOIN x ON x.id = o.id, builds WHERE 1 = 1",
        "SELECT (SELECT COUNT(*) FROM builds) FROM other",
        "SELECT 1 WHERE EXISTS (SELECT 1 FROM builds)",
        "WITH b AS (SELECT * FROM builds) SELECT * FROM b",
        "INSERT INTO builds (id) VALUES (1)",
        "INSERT INTO other SELECT * FROM builds",
        "UPDATE builds SET id = 2",
        "DELETE FROM builds WHERE id = 1 RETURNING id",
        "TRUNCATE TABLE builds",
        "SELECT 1; DELETE FROM builds",
        "UPDATE OR IGNORE builds SET id = 1",
        "REPLACE INTO builds VALUES (1)",
        r#"SELECT DISTINCT "builds"."id" FROM "builds""#,
        "SELECT COUNT(DISTINCT `builds`.`category_id`) FROM `builds`",
        "SELECT DISTINCT * FROM builds",
        r#"WITH b AS (SELECT "id" FROM x WHERE "a" = 1 OR "b" = 2) UPDATE "builds" SET "id" = 1"#,
        "WITH builds AS (SELECT * FROM builds) SELECT * FROM builds",
        "WITH n (i) AS (SELECT 1 FROM builds) SELECT i FROM n",
        "DELETE FROM other USING builds WHERE other.id = builds.id",
        "MERGE INTO other USING builds ON other.id = builds.id",
        "SELECT 1 FROM other JOIN x USING (id), builds",
        "TABLE builds",
        "SELECT 1; TABLE builds",
        "WITH builds AS (SELECT 1) DELETE FROM builds",
        "WITH builds AS (SELECT 1) UPDATE builds SET id = 1",
        r"SELECT 1 FROM other WHERE n = 'it\'s' AND id IN (SELECT id FROM builds) AND m = 'x'",
        r"SELECT 1 FROM other WHERE n = 'C:\' AND id IN (SELECT id FROM builds)",
        "SELECT 1 # it's\nFROM builds",
        "SELECT '/* orgscope builds */' FROM builds",
        "SELECT 1 FROM builds WHERE name = 'it''s' -- binds: [\"/* orgscope builds */\"]",
        // Of another table, of another block, under another name.
        r#"SELECT 1 FROM builds WHERE /* orgscope "categories" */ 1 = 1"#,
        "SELECT 1 FROM other WHERE id IN (SELECT id FROM builds) AND /* orgscope builds */ 1 = 1",
        "SELECT 1 FROM builds WHERE /* orgscope builds */ 1 = 1 UNION SELECT 1 FROM builds",
        "SELECT 1 FROM builds INNER JOIN builds AS b ON 1 = 1 WHERE /* orgscope builds */ 1 = 1",
    ] {
        assert_eq!(unmarked(sql), ["builds"], "{sql}");
    }
}

#[test]
fn marked_tables_and_the_librarys_own_are_not() {
    for sql in [
        "",
        "BEGIN",
        "SELECT 1",
        r#"SELECT 1 FROM "builds" WHERE ((id = 1) AND (/* orgscope "builds" */ 1 = 1))"#,
        "UPDATE `builds` SET `id` = 1 WHERE /* orgscope `builds` */ 1 = 1",
        r#"INSERT INTO "public"."builds" /* orgscope "public"."builds" */ (id) SELECT 1 WHERE 1 = 1"#,
        "SELECT 1 FROM other WHERE id IN (SELECT orgscope_1.id FROM builds AS orgscope_1)",
        "/* orgscope unscoped */ SELECT * FROM builds; DELETE FROM categories",
        "SELECT builds FROM other ORDER BY builds, categories",
        "INSERT INTO other (builds, categories) VALUES ('builds', 'FROM builds')",
        "SELECT REPLACE(a, 'b', 'c') FROM builds WHERE REPLACE(a, 'b', 'c') = '' AND /* orgscope builds */ 1 = 1",
        "SELECT EXTRACT(YEAR FROM created) FROM other",
        "SELECT SUBSTRING(a FROM 2) FROM other WHERE a IS DISTINCT FROM c",
        "SELECT 1 FROM other WHERE id IN (SELECT value FROM json_each(?))",
        "SELECT 1 FROM builds, (SELECT 1 FROM other) AS y WHERE /* orgscope builds */ 1 = 1",
        "/* orgscope identity */ SELECT 1 FROM users",
        "INSERT INTO builds /* orgscope builds */ (id) SELECT 1 FROM DUAL WHERE 1 = 1",
        "INSERT INTO `other` (`id`) VALUES (?) ON DUPLICATE KEY UPDATE `a` = ?, `b2` = ?",
        r#"SELECT DISTINCT ON ("other"."x2") "other"."x2", "other"."name" FROM "other""#,
        "CREATE TABLE sales (id INTEGER, FOREIGN KEY (id) REFERENCES shops (id) ON UPDATE CASCADE, FOREIGN KEY (id) REFERENCES y (id) ON DELETE CASCADE, n INTEGER)",
        "WITH n AS (SELECT 1 FROM other) SELECT * FROM n",
        "WITH n AS NOT MATERIALIZED (SELECT 1 FROM other) SELECT * FROM n",
        "SELECT * FROM (WITH n AS (SELECT 1) SELECT * FROM n) AS t",
        "DELETE FROM other USING x JOIN b USING (id)",
        "CREATE POLICY p ON builds FOR DELETE USING (organization_id = 1)",
        r#"SELECT 1 FROM "builds" WHERE (("builds"."data" #> $1) = $2) AND (/* orgscope "builds" */ 1 = 1)"#,
        r"SELECT 1 FROM builds WHERE name LIKE 'x' ESCAPE '\' AND (/* orgscope builds */ 1 = 1)",
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n",
        "SELECT pg_type.oid FROM pg_type INNER JOIN pg_namespace ON pg_type.typnamespace = pg_namespace.oid",
        "CREATE TABLE builds (id INTEGER REFERENCES categories (id))",
        "INSERT INTO other (id) VALUES (1) ON CONFLICT (id) DO UPDATE SET builds = 1",
        r#"SELECT 1 FROM ("builds" INNER JOIN "categories" ON (("a" = "b") AND (/* orgscope "categories" */ 1 = 1)))
           WHERE /* orgscope "builds" */ 1 = 1"#,
    ] {
        assert_eq!(unmarked(sql), [""; 0], "{sql}");
    }
}

#[test]
fn any_text_is_read_to_its_end() {
    for sql in [
        "'",
        "\"",
        "`",
        "/*",
        "--",
        "(((",
        ")))",
        "FROM .",
        "é.ü FROM ß",
        "FROM \"builds",
        ";;",
    ] {
        unmarked(sql);
    }
}
