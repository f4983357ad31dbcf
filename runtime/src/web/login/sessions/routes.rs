//! The endpoints of logins as routes, once for all frameworks: their routers have the same methods, but no common trait, because what each
//! takes as a handler is its own.

/// The routes of logins with sessions.
macro_rules! session_routes {
    ($framework:literal, $Session:ty) => {
        /// `POST /login` begins a session and answers with its CSRF token, `GET /csrf` tells that token again, and `POST /logout` ends the
        /// session. The application needs a layer for sessions, and the authenticator [`Sessions`](crate::authenticate::Sessions).
        ///
        /// ```
        #[doc = concat!("use orgscope::", $framework, "::{Router, Tenancy, login};")]
        /// let router: Router<Tenancy> = Router::new().merge(login::session_routes());
        /// # let _ = router;
        /// ```
        pub fn session_routes<S, K>() -> Router<S>
        where
            S: HasTenancy<OrgKey = K> + Clone + 'static,
            K: Key,
        {
            let entering = public("who logs in is not yet known", log_in::<S, K, $Session>);
            let own = public("the session's own token", csrf::<$Session>);
            let leaving = public("whoever leaves, leaves", log_out::<S, $Session>);
            Router::new()
                .post("/login", documented::begun(entering))
                .get("/csrf", documented::own_token(own))
                .post("/logout", documented::ended(leaving))
        }

        /// `GET /link?token=…` shows a page with a button, and `POST /link` logs in with a session; the application needs a layer for
        /// sessions. Links are issued by [`issue_link`](crate::identity::issue_link) for the purpose [`LOGIN`].
        ///
        /// ```
        #[doc = concat!("use orgscope::", $framework, "::{Router, Tenancy, login};")]
        #[doc = concat!("use orgscope::", $framework, "::login::LinkPages;")]
        /// let router: Router<Tenancy> = Router::new().merge(login::link_routes(LinkPages::leading_to("/")));
        /// # let _ = router;
        /// ```
        pub fn link_routes<S, K>(pages: LinkPages) -> Router<S>
        where
            S: HasTenancy<OrgKey = K> + Clone + 'static,
            K: Key,
        {
            let reason = "whoever has the link is not yet logged in";
            let pages = Arc::new(pages);
            let used = move |session: $Session, asking: Asking<S>, body: Body| {
                let pages = pages.clone();
                async move { use_link(&pages, &session, &asking, &body).await }
            };
            Router::new()
                .get("/link", documented::shown(public(reason, page)))
                .post("/link", documented::used(public(reason, used)))
        }

        /// `POST /link/request` sends a login link to the account with a `username`, or with an e-mail address in its place. It answers 202 whether there is
        /// such an account or not, and counts as an attempt to log in.
        pub fn mail_routes<S, K>(mails: LinkMails) -> Router<S>
        where
            S: HasTenancy<OrgKey = K> + Clone + 'static,
            K: Key,
        {
            let reason = "whoever asks for a link is not yet logged in";
            let mails = Arc::new(mails);
            let requested = move |asking: Asking<S>, logins: Logins<K>, body: Body| {
                let (mails, key) = (mails.clone(), asking.state.tenancy().signing().cloned());
                async move { request_link(mails, key.as_ref(), &logins, &body).await }
            };
            let handler = documented::requested(public(reason, requested));
            Router::new().post("/link/request", handler)
        }
    };
}

pub(crate) use session_routes;
