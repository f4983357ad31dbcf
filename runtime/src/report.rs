//! The access report: who may do what, route by route, as Markdown for reviewers and as JSON for programs.

use std::fmt;
use std::marker::PhantomData;
use std::path::Path;

use serde::{Serialize, Serializer};

use crate::access::{Access, Hidden};
use crate::axum::Rule;
use crate::facts::Facts;
use crate::model::OrgScoped;

/// What `#[protected(…)]` says of one handler, for the report.
#[derive(Clone, Copy, Debug)]
pub struct About {
    /// The name of the handler.
    pub handler: &'static str,
    /// The module that it is in.
    pub module: &'static str,
    /// The file.
    pub file: &'static str,
    /// The line.
    pub line: u32,
    /// The policy as written, with that of the controller.
    pub policy: &'static str,
    /// The models among its arguments.
    pub models: &'static [ModelAbout],
    /// The handler's own `org_field`.
    pub org_field: Option<&'static str>,
    /// It replaces the policy of its controller.
    pub overrides: bool,
}

/// What the report says of a model.
#[derive(Clone, Copy, Debug)]
pub struct ModelAbout {
    name: &'static str,
    org_field: &'static str,
    global: Option<&'static str>,
    permissions: (&'static str, &'static str),
    has_holders: bool,
    facts: Facts,
}

/// Describes the model `M` if it is one: its own constant comes before that of [`NoModel`], so that a type which is no model
/// is an error in one place only.
pub struct Described<M>(PhantomData<M>);

impl<M: OrgScoped> Described<M> {
    /// The model.
    pub const MODEL: ModelAbout = ModelAbout {
        name: M::NAME,
        org_field: M::ORG_FIELD,
        global: M::GLOBAL,
        permissions: M::PERMISSIONS,
        has_holders: M::OBJECTS.are_declared(),
        facts: M::OBJECTS.facts(),
    };
}

/// What stands for a model in the code of a handler that does not compile.
pub trait NoModel {
    /// No model.
    const MODEL: ModelAbout = ModelAbout {
        name: "",
        org_field: "",
        global: None,
        permissions: ("", ""),
        has_holders: true,
        facts: Facts::CALLER,
    };
}

impl<M> NoModel for Described<M> {}

impl ModelAbout {
    /// The same model, if the policy can be asked about its rows.
    ///
    /// # Panics
    /// At compile time, when the policy asks who holds a row and the model does not say.
    #[track_caller]
    pub const fn under(self, access: Access) -> ModelAbout {
        assert!(
            !access.needs().rows || self.has_holders,
            "the policy asks `can_view`, `can_edit` or `owns`, but the model does not say who holds its rows: \
             `#[org_scoped(owner_group = …, edit_groups = …, view_groups = …)]`, or `impl ObjectPermissions for` it"
        );
        self
    }

    /// What is to be known of the caller for a rule and these models.
    pub const fn facts(models: &[ModelAbout], access: Access) -> Facts {
        let (mut facts, mut at) = (access.needs().facts, 0);
        while access.needs().rows && at < models.len() {
            facts = facts.and(models[at].facts);
            at += 1;
        }
        facts
    }

    /// What the permissions of the first model are made of, for `model_perms`.
    ///
    /// # Panics
    /// At compile time, when the policy asks for a model or a row and there is none.
    #[track_caller]
    pub const fn permissions(
        models: &[ModelAbout],
        access: Access,
    ) -> Option<(&'static str, &'static str)> {
        match models {
            [first, ..] => Some(first.permissions),
            [] => {
                assert!(
                    !access.needs().model,
                    "the policy has `model_perms`, which asks about a model; this handler has no argument `Scoped<Model>` or `Object<Model>`"
                );
                assert!(
                    !access.needs().rows,
                    "the policy asks `can_view`, `can_edit` or `owns` about a row; this handler has no argument `Scoped<Model>` or `Object<Model>`"
                );
                None
            }
        }
    }
}

/// One route of a router.
#[derive(Clone, Debug)]
pub(crate) struct Route {
    pub(crate) methods: String,
    pub(crate) path: String,
    pub(crate) who: Who,
}

/// Who may call a route.
#[doc(hidden)]
#[derive(Clone, Debug)]
pub enum Who {
    Policy(Rule),
    Public {
        handler: &'static str,
        reason: &'static str,
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
    overrides: bool,
    reason: Option<&'static str>,
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
            overrides: about.overrides,
            reason: access.reason(),
            module: about.module,
            file: about.file,
            line: about.line,
        }
    }

    fn notes(&self) -> String {
        let overrides = self.overrides.then(|| "**override**".to_owned());
        let reason = self.reason.map(|reason| format!("scope all: {reason}"));
        let notes: Vec<_> = overrides.into_iter().chain(reason).collect();
        notes.join("; ")
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
                Who::Public { handler, reason } => report.public.push(PublicLine {
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
