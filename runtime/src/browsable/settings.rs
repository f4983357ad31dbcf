//! What a service says of its pages.

/// The pages of an API: its name, and where browsers log in and out.
#[derive(Clone, Debug)]
pub struct Browsable {
    pub(super) title: String,
    pub(super) login: Option<String>,
    pub(super) logout: Option<String>,
    pub(super) explains: bool,
}

impl Browsable {
    /// Pages under this title.
    pub fn new(title: impl Into<String>) -> Browsable {
        Browsable {
            title: title.into(),
            login: None,
            logout: None,
            explains: false,
        }
    }

    /// Where browsers log in and out: the paths of `login::session_routes()`, which are `/login` and `/logout` unless they are nested. `GET` of the
    /// first shows a page with a form.
    pub fn login(self, login: impl Into<String>, logout: impl Into<String>) -> Browsable {
        Browsable {
            login: Some(login.into()),
            logout: Some(logout.into()),
            ..self
        }
    }

    /// Shows superusers why a caller passed: the reason tree of the decision. For services under development; builds without debug assertions do not show
    /// it.
    pub fn explaining(self) -> Browsable {
        let explains = cfg!(debug_assertions);
        Browsable { explains, ..self }
    }
}
