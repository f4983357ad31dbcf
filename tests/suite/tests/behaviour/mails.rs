//! Login links by mail, as an inbox gets them.

use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex};

use futures_util::future::BoxFuture;
use orgscope::axum::login::{LinkMails, LinkPages, LoginMail, Mailer};
use orgscope::axum::{Router, login};
use orgscope::identity::{set_email, set_user_active};
use orgscope::prelude::*;
use orgscope::throttle::Rate;
use orgscope_suite::databases::on_each;
use orgscope_suite::http::Http;
use serde_json::json;
use tower_sessions::{MemoryStore, SessionManagerLayer};

use crate::support::*;

/// The mails that have come, as address and link.
#[derive(Clone, Default)]
struct Inbox(Arc<Mutex<Vec<(String, String)>>>);

impl Mailer for Inbox {
    fn send<'a>(&'a self, mail: LoginMail<'a>) -> BoxFuture<'a, Result<(), Error>> {
        assert_eq!(mail.seconds, 60);
        assert!(!format!("{mail:?}").contains(mail.link));
        let mut mails = self.0.lock().unwrap();
        mails.push((mail.to.to_owned(), mail.link.to_owned()));
        Box::pin(async { Ok(()) })
    }
}

#[test]
fn a_login_link_is_sent_to_the_account_and_nobody_is_told_whether_there_is_one() {
    on_each(async |fresh| {
        seed(&fresh).await;
        let conn = &mut connection(&fresh).await;
        for user in [MEMBER_A.0, MANAGER_B.0] {
            let email = Some(format!("user{user}@example.org"));
            set_email(user, email, conn).await.unwrap();
        }
        set_user_active(MANAGER_B.0, false, conn).await.unwrap();
        let inbox = Inbox::default();
        let mails = LinkMails::new(inbox.clone(), "https://example.org/link").good_for(60);
        let routes: Router<Tenancy> = Router::new()
            .merge(login::mail_routes(mails))
            .merge(login::link_routes(LinkPages::leading_to("/home")));
        let tenancy =
            Tenancy::new(fresh.pool.clone()).login_rates(Rate::per_day(3), Rate::per_day(9));
        let sessions = SessionManagerLayer::new(MemoryStore::default()).with_secure(false);
        let app = routes.into_axum().layer(sessions).with_state(tenancy);
        let http = Http::serve(app).await;
        let json = vec![("content-type", b"application/json".to_vec())];
        let request = async |username: &str| {
            let body = json!({ "username": username }).to_string();
            let from = Ipv4Addr::LOCALHOST;
            http.raw("POST", "/link/request", &json, &body, from).await
        };
        let first = request("user2@example.org").await;
        assert_eq!(first.status, 202);
        // By the name as well; nobody else gets one, and everybody the same answer.
        for name in ["user 2", "user 1", "user 4", "nobody@example.org"] {
            assert_eq!(request(name).await, first, "{name}");
        }
        let missing = http
            .raw("POST", "/link/request", &json, "{}", Ipv4Addr::LOCALHOST)
            .await;
        assert_eq!(missing.body["errors"], json!({ "username": ["required"] }));
        let deadline = std::time::Instant::now() + std::time::Duration::from_secs(10);
        while inbox.0.lock().unwrap().len() < 2 && std::time::Instant::now() < deadline {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        // Time for mails that should not come.
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
        let mails = inbox.0.lock().unwrap().clone();
        let to: Vec<&str> = mails.iter().map(|(to, _)| to.as_str()).collect();
        assert_eq!(to, ["user2@example.org"; 2]);
        let (_, link) = &mails[0];
        let query = link.strip_prefix("https://example.org").unwrap();
        assert_eq!(http.ask("GET", query, None).status, 200);
        let (_, token) = query.split_once('?').unwrap();
        let form = vec![(
            "content-type",
            b"application/x-www-form-urlencoded".to_vec(),
        )];
        for status in [303, 400] {
            let used = http
                .raw("POST", "/link", &form, token, Ipv4Addr::LOCALHOST)
                .await;
            assert_eq!(used.status, status);
        }
        // Asking counts as an attempt to log in, under whatever name.
        assert_eq!(request("USER2@example.org").await.status, 202);
        assert_eq!(request("user 2").await.status, 429);
        fresh
    });
}
