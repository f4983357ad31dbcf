//! What `#[protected(…)]` says about one handler.

use std::any::TypeId;

use crate::about::{About, ModelAbout};
use crate::access::Access;
use crate::facts::Facts;
use crate::path::Path;

/// The rule of one handler.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// The policy, the scope role, the write role, and the answer for hidden rows.
    pub access: Access,
    /// What is to be loaded of the caller.
    pub facts: Facts,
    /// The handler's own `org_field`: the model that it is for, and the path.
    pub path: Option<(fn() -> TypeId, Path)>,
    /// The handler takes rows of a model, which the policy is asked about again.
    pub rows: bool,
    /// What the permissions of the handler's model are made of, for `model_perms`.
    pub permissions: Option<(&'static str, &'static str)>,
    /// What the access report says.
    pub about: About,
}

impl Rule {
    /// The rule of a handler whose arguments have these models.
    pub const fn new(access: Access, models: &'static [ModelAbout], about: About) -> Rule {
        Rule {
            rows: !models.is_empty(),
            permissions: ModelAbout::permissions(models),
            ..Rule::of_unnamed_models(access, models, about)
        }
    }

    /// The rule of a handler with rows of models that it is generic over.
    pub const fn of_unnamed_models(
        access: Access,
        models: &'static [ModelAbout],
        about: About,
    ) -> Rule {
        Rule {
            access,
            facts: ModelAbout::facts(models, access),
            path: None,
            rows: true,
            permissions: None,
            about: About { models, ..about },
        }
    }

    /// The same, with more to be known of the caller.
    pub const fn asking(self, facts: Facts) -> Rule {
        Rule {
            facts: self.facts.and(facts),
            ..self
        }
    }

    /// The same with another path for one of the models, as it is written.
    pub const fn at_path(self, model: fn() -> TypeId, path: Path, org_field: &'static str) -> Rule {
        Rule {
            path: Some((model, path)),
            about: About {
                org_field: Some(org_field),
                ..self.about
            },
            ..self
        }
    }
}
