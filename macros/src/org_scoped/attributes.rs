//! What the user wrote: `#[org_scoped(…)]`, and those parts of `#[diesel(…)]` that say what a model is.

use proc_macro2::{Ident, TokenStream};
use syn::parse::{ParseStream, Parser};
use syn::{Data, DeriveInput, LitStr, Token, Type};

use crate::keys::{self, Entry, Form, Key, Keys, Value};
use crate::problems::Problems;
use crate::runtime_path::runtime;
use crate::ungroup;

const KEYS: &[Key] = &[
    Key {
        name: "org_field",
        example: "org_field = \"category.organization\"",
        form: Form::Text,
    },
    Key {
        name: "shared",
        example: "shared = read",
        form: Form::Word,
    },
    Key {
        name: "global",
        example: "global",
        form: Form::Flag,
    },
    Key {
        name: "reason",
        example: "reason = \"countries belong to nobody\"",
        form: Form::Text,
    },
    Key {
        name: "relation",
        example: "relation(name = category, model = Category, column = category_id)",
        form: Form::List,
    },
    Key {
        name: "crate",
        example: "crate = my_crate::orgscope",
        form: Form::Path,
    },
];

const RELATION_KEYS: &[Key] = &[
    Key {
        name: "name",
        example: "name = category",
        form: Form::Word,
    },
    Key {
        name: "model",
        example: "model = Category",
        form: Form::Type,
    },
    Key {
        name: "column",
        example: "column = category_id",
        form: Form::Word,
    },
    Key {
        name: "key",
        example: "key = categories::code",
        form: Form::Path,
    },
];

/// A relation as declared.
pub(crate) struct Relation {
    pub(crate) name: Ident,
    /// `None`: the organization itself.
    pub(crate) model: Option<Type>,
    pub(crate) column: Ident,
    /// The column that it refers to; `None` for the primary key.
    pub(crate) key: Option<syn::Path>,
    /// By `relation(…)`, which wins over a `belongs_to` of the same name.
    declared: bool,
}

/// Everything that the attributes of a model say.
#[derive(Default)]
pub(crate) struct Attributes {
    pub(crate) table: Option<syn::Path>,
    pub(crate) primary_key: Vec<Ident>,
    pub(crate) relations: Vec<Relation>,
    pub(crate) org_field: Option<LitStr>,
    pub(crate) shared: Option<Ident>,
    pub(crate) global: Option<Ident>,
    pub(crate) reason: Option<LitStr>,
    krate: Option<syn::Path>,
    keys: Keys,
    /// A relation could not be read; it is not reported as unknown as well.
    pub(crate) broken_relation: bool,
    /// A field has keys that belong on the struct; what they say is not reported as missing as well.
    pub(crate) misplaced: bool,
}

/// Whether a field has an `org_scoped` attribute.
pub(crate) fn is_annotated(field: &syn::Field) -> bool {
    field
        .attrs
        .iter()
        .any(|attribute| attribute.path().is_ident("org_scoped"))
}

impl Attributes {
    /// Whether the user gave this key, or tried to.
    pub(crate) fn tried(&self, key: &str) -> bool {
        self.keys.tried(key)
    }

    pub(crate) fn runtime(&self) -> TokenStream {
        runtime(self.krate.as_ref())
    }

    pub(crate) fn read(input: &DeriveInput, problems: &mut Problems) -> Attributes {
        let mut attributes = Attributes::default();
        let mut keys = Keys::default();
        for attribute in &input.attrs {
            let Ok(list) = attribute.meta.require_list() else {
                if attribute.path().is_ident("org_scoped") {
                    let message = "write the keys in parentheses: `#[org_scoped(shared = read)]`";
                    problems.at(attribute, message);
                }
                continue;
            };
            if list.path.is_ident("org_scoped") {
                keys.read(list.tokens.clone(), "org_scoped", KEYS, problems);
            } else if list.path.is_ident("diesel") {
                attributes.read_diesel(list.tokens.clone());
            }
        }
        for Entry { name, value } in std::mem::take(&mut keys.entries) {
            attributes.set(name, value, problems);
        }
        let relations = attributes
            .relations
            .iter()
            .filter(|relation| relation.declared)
            .count();
        attributes.broken_relation = keys.count("relation") > relations;
        attributes.keys = keys;
        attributes.prefer_declared();
        attributes.misplaced =
            matches!(&input.data, Data::Struct(data) if data.fields.iter().any(is_annotated));
        attributes
    }

    /// A `relation(…)` of the same name and foreign key says more than a `belongs_to`.
    fn prefer_declared(&mut self) {
        let same = |a: &Relation, b: &Relation| a.name == b.name && a.column == b.column;
        let (declared, found): (Vec<_>, Vec<_>) = std::mem::take(&mut self.relations)
            .into_iter()
            .partition(|relation| relation.declared);
        let others = found
            .into_iter()
            .filter(|one| !declared.iter().any(|other| same(one, other)));
        self.relations = others.collect();
        self.relations.extend(declared);
    }

    fn set(&mut self, name: Ident, value: Value, problems: &mut Problems) {
        match (name.to_string().as_str(), value) {
            ("org_field", Value::Text(text)) => self.org_field = Some(text),
            ("reason", Value::Text(text)) => self.reason = Some(text),
            ("shared", Value::Word(word)) => self.shared = Some(word),
            ("global", Value::Flag) => self.global = Some(name),
            ("relation", Value::List(list)) => {
                self.relations.extend(relation(&name, list, problems));
            }
            (_, Value::Path(path)) => self.krate = Some(path),
            _ => {}
        }
    }

    /// Reads `table_name`, `primary_key` and `belongs_to`. What else Diesel knows, and every mistake in it, is Diesel's.
    fn read_diesel(&mut self, tokens: TokenStream) {
        let Ok(entries) = keys::split(tokens) else {
            return;
        };
        for (key, rest) in entries {
            if key == "table_name" {
                let path = keys::assigned::<ungroup::Path>(rest);
                self.table = path.map(|path| path.0).or(self.table.take());
            } else if let Ok(list) = syn::parse2::<proc_macro2::Group>(rest) {
                self.read_diesel_list(&key, list.stream());
            }
        }
    }

    fn read_diesel_list(&mut self, key: &Ident, tokens: TokenStream) {
        if key == "primary_key" {
            let names = syn::punctuated::Punctuated::<Ident, Token![,]>::parse_terminated;
            if let Ok(names) = names.parse2(tokens) {
                self.primary_key = names.into_iter().collect();
            }
        } else if key == "belongs_to" {
            self.relations
                .extend(belongs_to.parse2(tokens).ok().flatten());
        }
    }
}

/// `belongs_to(Category)`, `belongs_to(Node, foreign_key = parent_id)`, `belongs_to(parent = Node)`.
fn belongs_to(input: ParseStream<'_>) -> syn::Result<Option<Relation>> {
    if input.peek(syn::Ident) && input.peek2(Token![=]) {
        input.parse::<Ident>()?;
        input.parse::<Token![=]>()?;
    }
    let model: Type = input.parse()?;
    let mut column = None;
    if input.peek(Token![,]) {
        input.parse::<Token![,]>()?;
        if !input.is_empty() {
            input.parse::<Ident>()?;
            input.parse::<Token![=]>()?;
            column = Some(if input.peek(LitStr) {
                input.parse::<LitStr>()?.parse()?
            } else {
                input.parse::<Ident>()?
            });
        }
        input.parse::<TokenStream>()?;
    }
    let model = ungroup::ty(&model).clone();
    let Type::Path(path) = &model else {
        return Ok(None);
    };
    let Some(last) = path.path.segments.last() else {
        return Ok(None);
    };
    let column = column.unwrap_or_else(|| {
        Ident::new(
            &format!("{}_id", snake_case(&last.ident)),
            last.ident.span(),
        )
    });
    Ok(relation_name(&column).map(|name| Relation {
        name,
        model: Some(model),
        column,
        key: None,
        declared: false,
    }))
}

/// The name of a relation: its foreign key without `_id`.
pub(crate) fn relation_name(column: &Ident) -> Option<Ident> {
    let text = column.to_string();
    let text = text.strip_prefix("r#").unwrap_or(&text);
    super::chain::identifier(text.strip_suffix("_id").unwrap_or(text), column.span())
}

/// `HTTPServer` is `h_t_t_p_server`, as Diesel has it.
fn snake_case(ident: &Ident) -> String {
    let mut out = String::new();
    for (at, letter) in ident
        .to_string()
        .trim_start_matches("r#")
        .chars()
        .enumerate()
    {
        if letter.is_uppercase() && at > 0 {
            out.push('_');
        }
        out.extend(letter.to_lowercase());
    }
    out
}

fn relation(at: &Ident, list: TokenStream, problems: &mut Problems) -> Option<Relation> {
    let (mut name, mut model, mut column, mut key) = (None, None, None, None);
    let mut keys = Keys::default();
    keys.read(list, "relation", RELATION_KEYS, problems);
    for entry in keys.entries {
        match (entry.name.to_string().as_str(), entry.value) {
            ("name", Value::Word(word)) => {
                name = super::chain::identifier(&word.to_string(), word.span());
            }
            ("model", Value::Type(ty)) => model = Some(*ty),
            ("column", Value::Word(word)) => column = Some(word),
            ("key", Value::Path(path)) => key = Some(path),
            _ => {}
        }
    }
    let Some(column) = column else {
        problems.at(
            at,
            "a relation needs its foreign key: `relation(model = Category, column = category_id)`",
        );
        return None;
    };
    let name = name.or_else(|| relation_name(&column))?;
    Some(Relation {
        name,
        model,
        column,
        key,
        declared: true,
    })
}
