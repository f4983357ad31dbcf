//! What the user wrote above the struct: `#[org_input(…)]`, and what `#[diesel(…)]` says about NULL.

use proc_macro2::{Ident, TokenStream};
use syn::{Attribute, DeriveInput, LitBool, Type};

use super::Kind;
use crate::keys::{self, Form, Key, Keys, Value};
use crate::problems::Problems;
use crate::runtime_path::runtime;
use crate::ungroup;

pub(crate) const KEYS: &[Key] = &[
    Key {
        name: "model",
        example: "model = Build",
        says: "the model; required",
        wrong: "org72",
        form: Form::Type,
    },
    Key {
        name: "include_shared",
        example: "include_shared = [category]",
        says: "relations may name shared rows: these relations, or all without a list",
        wrong: "org79",
        form: Form::Names,
    },
    Key {
        name: "cross_org",
        example: "cross_org = [template]",
        says: "the rows of these relations may belong to another organization than the new row",
        wrong: "org73, org79",
        form: Form::Names,
    },
    Key {
        name: "ignore",
        example: "ignore = [organization]",
        says: "fields of a body that are known and not read",
        wrong: "org73",
        form: Form::Names,
    },
    Key {
        name: "crate",
        example: "crate = my_crate::orgscope",
        says: "where `orgscope` is, if it is re-exported",
        wrong: "org04",
        form: Form::Path,
    },
];

/// Everything that the attributes of the struct say.
#[derive(Default)]
pub(super) struct Attributes {
    pub(super) model: Option<Type>,
    pub(super) table: Option<syn::Path>,
    pub(super) all_shared: bool,
    pub(super) shared: Vec<Ident>,
    pub(super) cross_org: Vec<Ident>,
    pub(super) ignored: Vec<Ident>,
    /// `treat_none_as_default_value = false`, or `treat_none_as_null = true`.
    pub(super) none_is_null: bool,
    krate: Option<syn::Path>,
    keys: Keys,
}

impl Attributes {
    pub(super) fn runtime(&self) -> TokenStream {
        runtime(self.krate.as_ref())
    }

    pub(super) fn read(written: &[Attribute], kind: Kind, problems: &mut Problems) -> Attributes {
        let mut attributes = Attributes::default();
        let mut keys = Keys::default();
        let own = kind.attribute();
        for attribute in written {
            let Ok(list) = attribute.meta.require_list() else {
                if attribute.path().is_ident(own) {
                    let message =
                        format!("write the keys in parentheses: `#[{own}(model = Build)]` [org05]");
                    problems.at(attribute, message);
                }
                continue;
            };
            if list.path.is_ident(own) {
                keys.read(list.tokens.clone(), own, KEYS, problems);
            } else if list.path.is_ident("diesel") {
                attributes.read_diesel(list.tokens.clone());
            }
        }
        for entry in std::mem::take(&mut keys.entries) {
            let name = entry.name;
            match (name.to_string().as_str(), entry.value) {
                ("model", Value::Type(ty)) => attributes.model = Some(*ty),
                ("include_shared", Value::Flag) => attributes.all_shared = true,
                ("include_shared", Value::Words(words)) => attributes.shared = words,
                ("cross_org", Value::Words(words)) => attributes.cross_org = words,
                ("ignore", Value::Words(words)) => attributes.ignored = words,
                (key @ ("cross_org" | "ignore"), Value::Flag) => {
                    let what = if key == "ignore" {
                        "fields"
                    } else {
                        "relations"
                    };
                    problems.at(
                        &name,
                        format!("name the {what}: `{key} = [first, second]` [org73]"),
                    );
                }
                (_, Value::Path(path)) => attributes.krate = Some(path),
                _ => {}
            }
        }
        attributes.keys = keys;
        attributes
    }

    /// What is missing.
    pub(super) fn check(&self, input: &DeriveInput, kind: Kind, problems: &mut Problems) {
        let own = kind.attribute();
        if self.model.is_none() && !self.keys.tried("model") {
            problems.at(
                &input.ident,
                format!("name the model that this is an input of: `#[{own}(model = …)]` [org72]"),
            );
        }
        if self.table.is_none() {
            problems.at(
                &input.ident,
                "name the table of this input: `#[diesel(table_name = …)]` [org72]",
            );
        }
    }

    fn read_diesel(&mut self, tokens: TokenStream) {
        for (key, rest) in keys::split(tokens).into_iter().flatten() {
            if key == "table_name" {
                let path = keys::assigned::<ungroup::Path>(rest);
                self.table = path.map(|path| path.0).or(self.table.take());
            } else if let Some(null) = none_is_null(&key, rest) {
                self.none_is_null = null;
            }
        }
    }
}

/// What Diesel's keys about `None` say: whether it stands for NULL.
pub(super) fn none_is_null(key: &Ident, rest: TokenStream) -> Option<bool> {
    let said = keys::assigned::<LitBool>(rest)?.value;
    match key.to_string().as_str() {
        "treat_none_as_null" => Some(said),
        "treat_none_as_default_value" => Some(!said),
        _ => None,
    }
}
