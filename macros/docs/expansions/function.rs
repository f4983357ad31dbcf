fn purge(caller: &Principal, conn: &mut PgConnection) -> Result<usize, Error> {
    const __ACCESS: Access = { Access::of::<policy::Manager>() };
    const _: () = __ACCESS.check_without_rows();
    if let Result::Err(denied) = Principal::admitted(&caller, __ACCESS) {
        return Result::Err(From::from(denied));
    }
    { Scope::<Build>::new::<policy::Manager>(caller).delete().execute(conn) }
}
