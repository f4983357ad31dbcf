//! What the macros know of a handler and of the models among its arguments.

use std::marker::PhantomData;

use crate::access::Access;
use crate::documented::{Docs, Part};
use crate::facts::Facts;
use crate::model::OrgScoped;
use crate::unscoped::UnscopedAbout;

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
    /// What it does without a scope.
    pub unscoped: &'static [UnscopedAbout],
    /// The handler's own `org_field`.
    pub org_field: Option<&'static str>,
    /// It replaces the policy of its controller.
    pub overrides: bool,
    /// What the documentation of the API says of it.
    pub docs: Docs,
}

impl About {
    /// A handler, the module, file and line that it is in, its policy, and its documentation.
    pub const fn new(
        handler: &'static str,
        (module, file, line): (&'static str, &'static str, u32),
        policy: &'static str,
        docs: Docs,
    ) -> About {
        About {
            handler,
            module,
            file,
            line,
            policy,
            models: &[],
            unscoped: &[],
            org_field: None,
            overrides: false,
            docs,
        }
    }

    /// The same with what it does without a scope.
    pub const fn unscoped(self, unscoped: &'static [UnscopedAbout]) -> About {
        About { unscoped, ..self }
    }

    /// The same in the place of its controller's policy.
    pub const fn overriding(self) -> About {
        let overrides = true;
        About { overrides, ..self }
    }
}

/// What the report says of a model.
#[derive(Clone, Copy, Debug)]
pub struct ModelAbout {
    pub(crate) name: &'static str,
    pub(crate) org_field: &'static str,
    pub(crate) global: Option<&'static str>,
    permissions: (&'static str, &'static str),
    has_holders: bool,
    facts: Facts,
}

/// Describes the model `M` if it is one: its own constant comes before that of [`Undescribed`], so that a type which is no model
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

/// What stands for a model in the code of a handler that does not compile, and for an argument or answer that says nothing.
pub trait Undescribed {
    /// Nothing is said.
    const DOC: Part = Part::NONE;
    /// Nothing is said of filters.
    const FILTERS: Part = Part::NONE;
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

impl<M> Undescribed for Described<M> {}

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
             `#[org_scoped(owner_group = …, edit_groups = …, view_groups = …)]`, or `impl ObjectPermissions for` it [org46]"
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

    /// The models of a handler, if there are some for a policy that asks about them.
    ///
    /// # Panics
    /// At compile time, when the policy asks for a model or a row and there is none.
    #[track_caller]
    pub const fn checked(access: Access, models: &'static [ModelAbout]) -> &'static [ModelAbout] {
        assert!(
            !(models.is_empty() && access.needs().model),
            "the policy has `model_perms`, which asks about a model; this handler has no argument `Scoped<Model>` or `Object<Model>` [org34]"
        );
        assert!(
            !(models.is_empty() && access.needs().rows),
            "the policy asks `can_view`, `can_edit` or `owns` about a row; this handler has no argument `Scoped<Model>` or `Object<Model>` [org34]"
        );
        models
    }

    /// What the permissions of the first model are made of, for `model_perms`.
    pub(crate) const fn permissions(models: &[ModelAbout]) -> Option<(&'static str, &'static str)> {
        match models {
            [first, ..] => Some(first.permissions),
            [] => None,
        }
    }
}
