//! What the user wrote: `#[org_scoped(…)]`, and those parts of `#[diesel(…)]` that say what a model is.

use proc_macro2::{Ident, TokenStream};
use syn::parse::{ParseStream, Parser};
use syn::{DeriveInput, LitStr, Token, Type};

use crate::keys::{self, Form, Key, Value};
use crate::problems::Problems;
use crate::runtime_path::runtime;

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
}

impl Attributes {
    pub(crate) fn runtime(&self) -> TokenStream {
        runtime(self.krate.as_ref())
    }

    pub(crate) fn read(input: &DeriveInput, problems: &mut Problems) -> Attributes {
        let mut attributes = Attributes::default();
        for attribute in &input.attrs {
            let Ok(list) = attribute.meta.require_list() else {
                if attribute.path().is_ident("org_scoped") {
                    problems.at(
                        attribute,
                        "write the keys in parentheses: `#[org_scoped(shared = read)]`",
                    );
                }
                continue;
            };
            if list.path.is_ident("org_scoped") {
                attributes.read_own(list.tokens.clone(), problems);
            } else if list.path.is_ident("diesel") {
                attributes.read_diesel(list.tokens.clone());
            }
        }
        attributes
    }

    fn read_own(&mut self, tokens: TokenStream, problems: &mut Problems) {
        for entry in keys::read(tokens, "org_scoped", KEYS, problems) {
            match (entry.name.to_string().as_str(), entry.value) {
                ("org_field", Value::Text(text)) => self.org_field = Some(text),
                ("reason", Value::Text(text)) => self.reason = Some(text),
                ("shared", Value::Word(word)) => self.shared = Some(word),
                ("global", Value::Flag) => self.global = Some(entry.name),
                ("relation", Value::List(list)) => {
                    let relation = relation(&entry.name, list, problems);
                    self.relations.extend(relation);
                }
                (_, Value::Path(path)) => self.krate = Some(path),
                _ => {}
            }
        }
    }

    /// Reads `table_name`, `primary_key` and `belongs_to`. What else Diesel knows, and every mistake in it, is Diesel's.
    fn read_diesel(&mut self, tokens: TokenStream) {
        let parser = |input: ParseStream<'_>| {
            while !input.is_empty() {
                let key: syn::Path = input.call(syn::Path::parse_mod_style)?;
                if input.peek(Token![=]) {
                    input.parse::<Token![=]>()?;
                    let value: syn::Expr = input.parse()?;
                    if let (true, syn::Expr::Path(path)) = (key.is_ident("table_name"), value) {
                        self.table = Some(path.path);
                    }
                } else if input.peek(syn::token::Paren) {
                    let group: proc_macro2::Group = input.parse()?;
                    self.read_diesel_list(&key, group.stream());
                }
                if !input.is_empty() {
                    input.parse::<Token![,]>()?;
                }
            }
            Ok(())
        };
        let _ = Parser::parse2(parser, tokens);
    }

    fn read_diesel_list(&mut self, key: &syn::Path, tokens: TokenStream) {
        if key.is_ident("primary_key") {
            let names = syn::punctuated::Punctuated::<Ident, Token![,]>::parse_terminated;
            if let Ok(names) = names.parse2(tokens) {
                self.primary_key = names.into_iter().collect();
            }
        } else if key.is_ident("belongs_to") {
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
    for entry in keys::read(list, "relation", RELATION_KEYS, problems) {
        match (entry.name.to_string().as_str(), entry.value) {
            ("name", Value::Word(word)) => name = Some(word),
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
    })
}
