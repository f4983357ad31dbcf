//! Relations: those of `#[diesel(belongs_to(…))]` and those of `#[org_scoped(relation(…))]`.

use proc_macro2::{Ident, TokenStream};
use syn::parse::ParseStream;
use syn::{LitStr, Token, Type};

use crate::keys::{Form, Key, Keys, Value};
use crate::problems::Problems;
use crate::ungroup;

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
    pub(super) declared: bool,
}

/// `belongs_to(Category)`, `belongs_to(Node, foreign_key = parent_id)`, `belongs_to(parent = Node)`.
pub(super) fn belongs_to(input: ParseStream<'_>) -> syn::Result<Option<Relation>> {
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
pub(super) fn snake_case(ident: &Ident) -> String {
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

pub(super) fn relation(at: &Ident, list: TokenStream, problems: &mut Problems) -> Option<Relation> {
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
