fn purge(caller: &Principal, conn: &mut PgConnection) -> Result<usize, Error> {
    const __ACCESS: Access = { Access::of::<policy::Manager>() };
    const _: () = __ACCESS.check_without_rows();
    if let ::core::result::Result::Err(denied) = Principal::admitted(&caller, __ACCESS) {
        return ::core::result::Result::Err(::core::convert::From::from(denied));
    }
    { Scope::<Build>::new::<policy::Manager>(caller).delete().execute(conn) }
}
