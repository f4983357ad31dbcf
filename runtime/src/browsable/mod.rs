//! Pages for people: the API as a browser shows it, made of what the service runs. A request that accepts `text/html` is answered by the same
//! handler as any other, and the answer is shown as a page: rows, pages, filters, and a form for each change that the caller may ask for here.
//! Its selects offer exactly what a write accepts ([`choices`](crate::write::Writes::choices)).
//!
//! | of | the page shows |
//! | --- | --- |
//! | `Page`, `CursorPage`, lists | the rows, with links to each where there is a route, and to the pages before and after |
//! | `Filtered`, other parameters of the query string | a form for them |
//! | `Input` | a form, if the caller's check and the handler's first argument pass: a shared row has none for whoever only reads it |
//! | `DELETE` | a button, under the same condition |
//! | the request and the answer | as they are, below |
//!
//! Pages run no scripts and load nothing. A form of a browser knows `POST` alone: it says the method in the field `_method`, which is only
//! looked at in requests that accept `text/html`.
//!
//! Browsers log in with a session: the application has a layer for sessions, the routes of `login::session_routes()`, and the authenticator
//! [`Sessions`](crate::authenticate::Sessions).

mod around;
pub(crate) mod csrf;
mod field;
mod form;
mod inputs;
mod negotiate;
mod offered;
mod pages;
mod served;
mod settings;
mod style;
mod view;

pub(crate) use around::{Asked, LARGEST, TOO_LARGE, is_shown};
pub(crate) use form::InputForm;
pub(crate) use negotiate::{Submitted, is_form, wants_page};
pub use offered::{Offered, OffersRows};
pub(crate) use pages::{Answer, Pages};
pub(crate) use served::Enter;
pub use settings::Browsable;
