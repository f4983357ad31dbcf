//! Login links by mail.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use http::StatusCode;

use super::links::LOGIN;
use crate::body::Body;
use crate::error::Error;
use crate::facts::Facts;
use crate::field_errors::FieldErrors;
use crate::identity::{IdentityStore, LinkOptions, LoginCandidate};
use crate::key::Key;
use crate::problem::Problem;
use crate::signing::SigningKey;
use crate::web::login::passwords::Logins;
use crate::web::{Answered, ApiError};

/// A mail that brings a login link.
#[derive(Clone, Copy)]
pub struct LoginMail<'a> {
    /// The address of the account.
    pub to: &'a str,
    /// The whole link. Whoever has it is logged in: it belongs in no log.
    pub link: &'a str,
    /// How many seconds it is good.
    pub seconds: u32,
}

impl std::fmt::Debug for LoginMail<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LoginMail")
            .field("seconds", &self.seconds)
            .finish_non_exhaustive()
    }
}

/// Sends mails with login links. With [lettre](https://docs.rs/lettre):
///
/// ```no_run
/// use futures_util::future::BoxFuture;
/// use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
/// use orgscope::Error;
/// use orgscope::axum::login::{LinkMails, LoginMail, Mailer, mail_routes};
/// use orgscope::axum::{Router, Tenancy};
///
/// struct Smtp(AsyncSmtpTransport<Tokio1Executor>);
///
/// impl Mailer for Smtp {
///     fn send<'a>(&'a self, mail: LoginMail<'a>) -> BoxFuture<'a, Result<(), Error>> {
///         let unavailable = |error: Box<dyn std::error::Error + Send + Sync>| Error::Unavailable(error);
///         Box::pin(async move {
///             let to = mail.to.parse().map_err(|error| unavailable(Box::new(error)))?;
///             let from = "login@example.org".parse().map_err(|error| unavailable(Box::new(error)))?;
///             let message = Message::builder().from(from).to(to).subject("Your login link");
///             let minutes = mail.seconds / 60;
///             let text = format!("Log in within {minutes} minutes:\n\n{}\n", mail.link);
///             let message = message.body(text).map_err(|error| unavailable(Box::new(error)))?;
///             self.0.send(message).await.map_err(|error| unavailable(Box::new(error)))?;
///             Ok(())
///         })
///     }
/// }
///
/// let smtp = Smtp(AsyncSmtpTransport::<Tokio1Executor>::unencrypted_localhost());
/// let mails = LinkMails::new(smtp, "https://example.org/link");
/// let router: Router<Tenancy> = Router::new().merge(mail_routes(mails));
/// # let _ = router;
/// ```
pub trait Mailer: Send + Sync + 'static {
    /// Sends a mail.
    ///
    /// # Errors
    /// Whatever keeps it from being sent: it is logged, and told nobody.
    fn send<'a>(&'a self, mail: LoginMail<'a>) -> BoxFuture<'a, Result<(), Error>>;
}

/// How login links are sent.
pub struct LinkMails {
    mailer: Box<dyn Mailer>,
    address: String,
    seconds: u32,
}

impl LinkMails {
    /// Links to this address, where `link_routes` are, which are good for 15 minutes.
    pub fn new(mailer: impl Mailer, address: impl Into<String>) -> LinkMails {
        LinkMails {
            mailer: Box::new(mailer),
            address: address.into(),
            seconds: 15 * 60,
        }
    }

    /// The same links, good for so many seconds.
    pub fn good_for(mut self, seconds: u32) -> LinkMails {
        self.seconds = seconds;
        self
    }
}

impl std::fmt::Debug for LinkMails {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LinkMails")
            .field("address", &self.address)
            .finish_non_exhaustive()
    }
}

/// Sends a login link to the account that a body names.
pub(crate) async fn request_link<K: Key>(
    mails: Arc<LinkMails>,
    key: Option<&SigningKey>,
    logins: &Logins<K>,
    body: &Body,
) -> Result<Answered, ApiError> {
    let mut errors = FieldErrors::none();
    let Some(username) = body.text("username", &mut errors) else {
        return Err(errors.into());
    };
    let key = key.cloned().ok_or_else(Problem::unavailable)?;
    let candidate = logins.candidate(&username).await?;
    if let Some(LoginCandidate {
        user,
        is_active: true,
        ..
    }) = candidate
    {
        let identity = logins.identity().clone();
        // Whoever asked is not to see how long it takes: that would say whether there is such an account.
        tokio::spawn(async move {
            let sent = async {
                let account = identity.by_user(&user, Facts::CALLER).await?;
                match account.and_then(|account| account.email) {
                    Some(to) => mails.send(&*identity, &user, &to, &key).await,
                    None => Ok(()),
                }
            };
            if let Err(error) = sent.await {
                tracing::error!(%error, "a login link was not sent");
            }
        });
    }
    Ok(Answered::empty(StatusCode::ACCEPTED))
}

impl LinkMails {
    async fn send<K: Key>(
        &self,
        identity: &dyn IdentityStore<K>,
        user: &crate::key::UserId,
        to: &str,
        key: &SigningKey,
    ) -> Result<(), Error> {
        let options = LinkOptions {
            purpose: LOGIN,
            seconds: self.seconds,
        };
        let link = identity.issue_link(user, options, key).await?;
        let link = format!("{}?token={}", self.address, link.reveal());
        let mail = LoginMail {
            to,
            link: &link,
            seconds: self.seconds,
        };
        self.mailer.send(mail).await
    }
}
