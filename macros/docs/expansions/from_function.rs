#[protected(manager, principal = caller)]
fn purge(caller: &Principal, conn: &mut PgConnection) -> Result<usize, Error> {
    Scope::<Build>::new::<policy::Manager>(caller).delete().execute(conn)
}
