//! The access report: who may do what, route by route, as Markdown for reviewers and as JSON for programs.

use std::fmt;
use std::path::Path;

use serde::{Serialize, Serializer};

use crate::about::ModelAbout;
use crate::access::Hidden;
use crate::documented::Part;
use crate::web::Rule;

/// One route of a router.
#[derive(Clone, Debug)]
pub(crate) struct Route {
    pub(crate) methods: String,
    pub(crate) path: String,
    pub(crate) who: Who,
    /// The caller's check and the first argument without the handler, of the type that pages of the router's state have.
    #[cfg(feature = "browsable")]
    pub(crate) enter: Option<Entrance>,
}

/// What pages ask instead of a handler; only they know its type.
#[cfg(feature = "browsable")]
#[doc(hidden)]
#[derive(Clone)]
pub struct Entrance(std::sync::Arc<dyn std::any::Any + Send + Sync>);

#[cfg(feature = "browsable")]
impl Entrance {
    pub(crate) fn new<T: Send + Sync + 'static>(enter: T) -> Entrance {
        Entrance(std::sync::Arc::new(enter))
    }

    /// It, if it is of this type.
    pub(crate) fn of<T: Copy + 'static>(&self) -> Option<T> {
        self.0.downcast_ref::<T>().copied()
    }
}

#[cfg(feature = "browsable")]
impl fmt::Debug for Entrance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Entrance")
    }
}

/// Who may call a route.
#[doc(hidden)]
#[derive(Clone, Debug)]
pub enum Who {
    Policy(Box<Rule>),
    Public {
        handler: &'static str,
        reason: &'static str,
        part: Part,
    },
}

/// Every route of a router with its rule; made by [`Router::access_report`](crate::axum::Router::access_report).
///
/// Its `Display` form is Markdown, its `Serialize` form has the same fields. Commit the first, and let a test compare it: a
/// change of who may do what then shows in the review.
///
/// ```
/// use orgscope::axum::{Router, Tenancy};
/// use orgscope::prelude::*;
///
/// #[protected(manager)]
/// async fn restart() -> &'static str { "restarted" }
///
/// let router: Router<Tenancy> = Router::new().post("/restart", restart);
/// let report = router.access_report().to_string();
/// assert!(report.contains("| POST | `/restart` | `restart` | `manager` |"));
/// ```
#[derive(Clone, Debug, Serialize)]
pub struct AccessReport {
    routes: Vec<Line>,
    public: Vec<PublicLine>,
    global_models: Vec<GlobalLine>,
}

#[derive(Clone, Debug, Serialize)]
struct Line {
    methods: String,
    path: String,
    handler: &'static str,
    policy: &'static str,
    models: Vec<&'static str>,
    org_paths: Vec<&'static str>,
    scope: String,
    write: String,
    #[serde(serialize_with = "hidden")]
    hidden: Hidden,
    throttle: Option<&'static str>,
    authenticate: &'static [&'static str],
    overrides: bool,
    reason: Option<&'static str>,
    unscoped: Vec<String>,
    module: &'static str,
    file: &'static str,
    line: u32,
}

#[derive(Clone, Debug, Serialize)]
struct PublicLine {
    methods: String,
    path: String,
    handler: &'static str,
    reason: &'static str,
}

#[derive(Clone, Debug, Serialize)]
struct GlobalLine {
    model: &'static str,
    reason: &'static str,
}

fn hidden<S: Serializer>(hidden: &Hidden, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(hidden_word(*hidden))
}

fn hidden_word(hidden: Hidden) -> &'static str {
    match hidden {
        Hidden::NotFound => "not_found",
        Hidden::Forbidden => "forbidden",
    }
}

impl Line {
    fn new(route: &Route, rule: &Rule) -> Line {
        let (about, access) = (rule.about, rule.access);
        let mut models: Vec<(&'static str, &'static str)> = Vec::new();
        for model in about.models {
            let org_path = match (model.global, about.org_field, models.as_slice()) {
                (Some(_), ..) => "none",
                (None, Some(own), []) => own,
                _ => model.org_field,
            };
            // A handler may take a model as an object and as a scope.
            if models.iter().all(|(name, _)| *name != model.name) {
                models.push((model.name, org_path));
            }
        }
        let (models, org_paths) = models.into_iter().unzip();
        // Roles in the organization of a row are asked only where there is one.
        let tenant = about.models.iter().any(|model| model.global.is_none());
        let role = |role: String| if tenant { role } else { String::new() };
        let scope = access.scope_role().map(|role| role.to_string());
        Line {
            methods: route.methods.clone(),
            path: route.path.clone(),
            handler: about.handler,
            policy: about.policy,
            models,
            org_paths,
            scope: role(scope.unwrap_or_else(|| "all".to_owned())),
            write: role(access.write_role().to_string()),
            hidden: access.hidden_rows(),
            throttle: access.needs().throttle,
            authenticate: access.needs().authenticate,
            overrides: about.overrides,
            reason: access.reason(),
            unscoped: about.unscoped.iter().map(ToString::to_string).collect(),
            module: about.module,
            file: about.file,
            line: about.line,
        }
    }

    fn notes(&self) -> String {
        let overrides = self.overrides.then(|| "**override**".to_owned());
        let reason = self.reason.map(|reason| format!("scope all: {reason}"));
        let names = self.authenticate.join(", ");
        let authenticate = (!names.is_empty()).then(|| format!("authenticate: {names}"));
        let unscoped = self
            .unscoped
            .iter()
            .map(|what| format!("**unscoped** {what}"));
        let notes = overrides.into_iter().chain(reason).chain(authenticate);
        let notes = notes.chain(unscoped);
        notes.collect::<Vec<_>>().join("; ")
    }
}

impl AccessReport {
    pub(crate) fn of(routes: &[Route]) -> AccessReport {
        let mut report = AccessReport {
            routes: Vec::new(),
            public: Vec::new(),
            global_models: Vec::new(),
        };
        for route in routes {
            match &route.who {
                Who::Policy(rule) => {
                    report.routes.push(Line::new(route, rule));
                    for model in rule.about.models {
                        report.add_global(model);
                    }
                }
                Who::Public {
                    handler, reason, ..
                } => report.public.push(PublicLine {
                    methods: route.methods.clone(),
                    path: route.path.clone(),
                    handler,
                    reason,
                }),
            }
        }
        report
    }

    fn add_global(&mut self, model: &ModelAbout) {
        let known = self
            .global_models
            .iter()
            .any(|line| line.model == model.name);
        if let (Some(reason), false) = (model.global, known) {
            let model = model.name;
            self.global_models.push(GlobalLine { model, reason });
        }
    }

    /// Compares the report with a file; with the environment variable `ORGSCOPE_BLESS` set, writes it there.
    ///
    /// # Errors
    /// What differs, for a test to show.
    pub fn agrees_with(&self, file: impl AsRef<Path>) -> Result<(), OutOfDate> {
        let (file, now) = (file.as_ref(), self.to_string());
        if std::env::var_os("ORGSCOPE_BLESS").is_some() {
            return std::fs::write(file, now).map_err(|error| OutOfDate(error.to_string()));
        }
        let committed = std::fs::read_to_string(file)
            .unwrap_or_default()
            .replace("\r\n", "\n");
        if committed == now {
            return Ok(());
        }
        let lines = |text: &str| text.lines().map(str::to_owned).collect::<Vec<_>>();
        let (before, after) = (lines(&committed), lines(&now));
        let only = |sign: &str, these: &[String], those: &[String]| {
            let only = these.iter().filter(|line| !those.contains(line));
            only.map(|line| format!("{sign} {line}\n"))
                .collect::<String>()
        };
        Err(OutOfDate(format!(
            "{} is out of date; ORGSCOPE_BLESS=1 writes it anew\n{}{}",
            file.display(),
            only("-", &before, &after),
            only("+", &after, &before),
        )))
    }
}

/// A committed access report differs from what the code says.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct OutOfDate(String);

impl fmt::Display for AccessReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "# Who may do what\n")?;
        writeln!(f, "Made from the code; a test keeps it up to date.\n")?;
        writeln!(
            f,
            "| method | path | handler | policy | model | org path | scope | write | hidden | throttle | notes | source |"
        )?;
        writeln!(
            f,
            "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |"
        )?;
        for line in &self.routes {
            writeln!(
                f,
                "| {} | `{}` | `{}` | `{}` | {} | {} | {} | {} | {} | {} | {} | {}:{} |",
                line.methods,
                cell(&line.path),
                line.handler,
                cell(line.policy),
                line.models.join(", "),
                line.org_paths.join(", "),
                line.scope,
                line.write,
                hidden_word(line.hidden),
                line.throttle.unwrap_or_default(),
                cell(&line.notes()),
                line.file,
                line.line,
            )?;
        }
        if !self.public.is_empty() {
            writeln!(
                f,
                "\n## Public routes\n\n| method | path | handler | reason |\n| --- | --- | --- | --- |"
            )?;
        }
        for line in &self.public {
            let PublicLine {
                methods,
                path,
                handler,
                reason,
            } = line;
            writeln!(
                f,
                "| {methods} | `{}` | `{handler}` | {} |",
                cell(path),
                cell(reason)
            )?;
        }
        if !self.global_models.is_empty() {
            writeln!(
                f,
                "\n## Models without a tenant\n\n| model | reason |\n| --- | --- |"
            )?;
        }
        for GlobalLine { model, reason } in &self.global_models {
            writeln!(f, "| {model} | {} |", cell(reason))?;
        }
        Ok(())
    }
}

/// A `|` would end a cell of a table, within code as well.
fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}
