//! What the user wrote: `#[org_filter(…)]`, and the table.

use proc_macro2::{Ident, TokenStream};
use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::{DeriveInput, Token, Type};

use crate::keys::{self, Form, Key, Keys, Value};
use crate::problems::Problems;
use crate::runtime_path::runtime;
use crate::suggest;
use crate::ungroup;

pub(crate) const KEYS: &[Key] = &[
    Key {
        name: "model",
        example: "model = Build",
        says: "the model; required",
        wrong: "org81",
        form: Form::Type,
    },
    Key {
        name: "fields",
        example: "fields(organization, category, version(exact, contains))",
        says: "the parameters; required",
        wrong: "org79, org81, org82, org83",
        form: Form::List,
    },
    Key {
        name: "order",
        example: "order = [version, id]",
        says: "the columns that `ordering=version,-id` may name",
        wrong: "org73",
        form: Form::Names,
    },
    Key {
        name: "search",
        example: "search = [version]",
        says: "the columns of texts that `search=` looks into: each word in one of them, whatever the case",
        wrong: "org73, org83",
        form: Form::Names,
    },
    Key {
        name: "deny_unknown",
        example: "deny_unknown",
        says: "parameters that nobody knows are errors",
        wrong: "org04",
        form: Form::Flag,
    },
    Key {
        name: "crate",
        example: "crate = my_crate::orgscope",
        says: "where `orgscope` is, if it is re-exported",
        wrong: "org04",
        form: Form::Path,
    },
];

/// The lookups and their variants in the runtime.
const LOOKUPS: &[(&str, &str)] = &[
    ("exact", "Exact"),
    ("iexact", "Iexact"),
    ("contains", "Contains"),
    ("icontains", "Icontains"),
    ("in", "In"),
    ("lt", "Lt"),
    ("lte", "Lte"),
    ("gt", "Gt"),
    ("gte", "Gte"),
    ("range", "Range"),
    ("isnull", "Isnull"),
];

/// A parameter as written.
pub(super) struct Field {
    pub(super) name: Ident,
    /// The variants of its lookups; empty if none are named.
    pub(super) lookups: Vec<Ident>,
}

/// Everything that the attributes say.
#[derive(Default)]
pub(super) struct Attributes {
    pub(super) model: Option<Type>,
    pub(super) table: Option<syn::Path>,
    pub(super) fields: Vec<Field>,
    pub(super) order: Vec<Ident>,
    pub(super) search: Vec<Ident>,
    pub(super) deny_unknown: bool,
    krate: Option<syn::Path>,
}

impl Attributes {
    pub(super) fn runtime(&self) -> TokenStream {
        runtime(self.krate.as_ref())
    }

    pub(super) fn read(input: &DeriveInput, problems: &mut Problems) -> Attributes {
        let mut attributes = Attributes::default();
        let mut keys = Keys::default();
        for attribute in &input.attrs {
            let Ok(list) = attribute.meta.require_list() else {
                if attribute.path().is_ident("org_filter") {
                    let message = "write the keys in parentheses: `#[org_filter(model = Build, fields(…))]` [org05]";
                    problems.at(attribute, message);
                }
                continue;
            };
            if list.path.is_ident("org_filter") {
                keys.read(list.tokens.clone(), "org_filter", KEYS, problems);
            } else if list.path.is_ident("diesel") {
                for (key, rest) in keys::split(list.tokens.clone()).into_iter().flatten() {
                    if key == "table_name" {
                        attributes.table = keys::assigned::<ungroup::Path>(rest).map(|path| path.0);
                    }
                }
            }
        }
        for entry in std::mem::take(&mut keys.entries) {
            match (entry.name.to_string().as_str(), entry.value) {
                ("model", Value::Type(ty)) => attributes.model = Some(*ty),
                ("fields", Value::List(list)) => attributes.read_fields(list, problems),
                ("order", Value::Words(words)) => attributes.order = words,
                ("search", Value::Words(words)) => attributes.search = words,
                ("deny_unknown", Value::Flag) => attributes.deny_unknown = true,
                ("order" | "search", Value::Flag) => {
                    let key = &entry.name;
                    let message = format!("name the columns: `{key} = [first, second]` [org73]");
                    problems.at(key, message);
                }
                (_, Value::Path(path)) => attributes.krate = Some(path),
                _ => {}
            }
        }
        attributes.check(input, &keys, problems);
        attributes
    }

    fn check(&self, input: &DeriveInput, keys: &Keys, problems: &mut Problems) {
        for (missing, message) in [
            (
                "model",
                "name the model that is filtered: `#[org_filter(model = …)]` [org81]",
            ),
            (
                "fields",
                "name the parameters: `#[org_filter(fields(organization, category, version))]` [org81]",
            ),
        ] {
            if !keys.tried(missing) {
                problems.at(&input.ident, message);
            }
        }
        if self.table.is_none() {
            problems.at(
                &input.ident,
                "name the table of the model: `#[diesel(table_name = …)]` [org81]",
            );
        }
    }

    fn read_fields(&mut self, list: TokenStream, problems: &mut Problems) {
        let entries = problems.take(keys::split(list));
        for (name, rest) in entries.into_iter().flatten() {
            if self.fields.iter().any(|field| field.name == name) {
                problems.at(
                    &name,
                    format!("`{name}` is given twice; keep one of them [org03]"),
                );
                continue;
            }
            let lookups = lookups(rest, &name, problems);
            self.fields.push(Field { name, lookups });
        }
    }
}

fn lookups(rest: TokenStream, name: &Ident, problems: &mut Problems) -> Vec<Ident> {
    if rest.is_empty() {
        return Vec::new();
    }
    let group = syn::parse2::<proc_macro2::Group>(rest);
    let words = group.and_then(|group| {
        let words = Punctuated::<AnyIdent, Token![,]>::parse_terminated;
        words.parse2(group.stream())
    });
    let Ok(words) = words else {
        problems.at(
            name,
            format!("lookups stand in parentheses: `{name}(exact, contains)` [org82]"),
        );
        return Vec::new();
    };
    let mut found = Vec::new();
    for AnyIdent(word) in words {
        let text = word.to_string();
        match LOOKUPS.iter().find(|(known, _)| *known == text) {
            Some((_, variant)) => {
                let variant = Ident::new(variant, word.span());
                match found.contains(&variant) {
                    true => problems.at(&word, format!("`{word}` is given twice [org03]")),
                    false => found.push(variant),
                }
            }
            None => {
                let names = || LOOKUPS.iter().map(|(known, _)| *known);
                let help = match suggest::nearest(&text, names()) {
                    Some(nearest) => format!("did you mean `{nearest}`?"),
                    None => format!("there are {}", suggest::list(names())),
                };
                problems.at(
                    &word,
                    format!("there is no lookup `{word}`; {help} [org82]"),
                );
            }
        }
    }
    found
}

struct AnyIdent(Ident);

impl syn::parse::Parse for AnyIdent {
    fn parse(input: syn::parse::ParseStream<'_>) -> syn::Result<Self> {
        use syn::ext::IdentExt;
        input.call(Ident::parse_any).map(AnyIdent)
    }
}
