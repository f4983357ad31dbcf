//! Relations: those of `#[diesel(belongs_to(…))]` and those of `#[org_scoped(relation(…))]`.

use proc_macro2::{Ident, TokenStream};
use syn::parse::ParseStream;
use syn::{LitStr, Token, Type};

use crate::keys::{Form, Key, Keys, Value};
use crate::problems::Problems;
use crate::ungroup;

pub(crate) const RELATION_KEYS: &[Key] = &[
    Key {
        name: "name",
        example: "name = category",
        says: "what the relation is called; the column without `_id` by default",
        wrong: "org59",
        form: Form::Word,
    },
    Key {
        name: "model",
        example: "model = Category",
        says: "the other model; without it, the organization itself",
        wrong: "org105",
        form: Form::Type,
    },
    Key {
        name: "column",
        example: "column = category_id",
        says: "the foreign key; required",
        wrong: "org60",
        form: Form::Word,
    },
    Key {
        name: "key",
        example: "key = categories::code",
        says: "the column that it refers to; the primary key by default. Its values must be unique in the whole table, not per organization",
        wrong: "org04",
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
            "a relation needs its foreign key: `relation(model = Category, column = category_id)` [org60]",
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

pub(crate) const MANY_KEYS: &[Key] = &[
    Key {
        name: "name",
        example: "name = tags",
        says: "what the relation is called; required",
        wrong: "org61",
        form: Form::Word,
    },
    Key {
        name: "model",
        example: "model = Tag",
        says: "the other model; required",
        wrong: "org61",
        form: Form::Type,
    },
    Key {
        name: "through",
        example: "through = shelf_tags(shelf_id, tag_id)",
        says: "the join table, with the column of this row first; required",
        wrong: "org61",
        form: Form::Join,
    },
];

/// A relation with many rows, over a join table.
pub(crate) struct Many {
    pub(crate) name: Ident,
    pub(crate) model: Type,
    pub(crate) table: syn::Path,
    pub(crate) row: Ident,
    pub(crate) target: Ident,
}

pub(super) fn many(at: &Ident, list: TokenStream, problems: &mut Problems) -> Option<Many> {
    let (mut name, mut model, mut through) = (None, None, None);
    let mut keys = Keys::default();
    keys.read(list, "many", MANY_KEYS, problems);
    let tried = MANY_KEYS.iter().filter(|key| keys.tried(key.name)).count();
    for entry in keys.entries {
        match entry.value {
            Value::Word(word) => name = super::chain::identifier(&word.to_string(), word.span()),
            Value::Type(ty) => model = Some(*ty),
            Value::Join(join) => through = Some(join),
            _ => {}
        }
    }
    if let (Some(name), Some(model), Some(join)) = (name, model, through) {
        if let Some((row, target)) = join.columns {
            let table = join.table;
            return Some(Many {
                name,
                model,
                table,
                row,
                target,
            });
        }
        problems.at(&join.table, MANY_EXAMPLE);
    } else if tried < MANY_KEYS.len() {
        problems.at(at, MANY_EXAMPLE);
    }
    None
}

const MANY_EXAMPLE: &str = "a relation with many rows needs a name, the other model, and the join table with its two columns: \
     `many(name = tags, model = Tag, through = shelf_tags(shelf_id, tag_id))` [org61]";

pub(crate) const DEPENDENT_KEYS: &[Key] = &[
    Key {
        name: "table",
        example: "table = configs",
        says: "the table whose rows refer to this one; required",
        wrong: "org62",
        form: Form::Path,
    },
    Key {
        name: "column",
        example: "column = template_id",
        says: "its foreign key; required",
        wrong: "org62",
        form: Form::Word,
    },
];

/// Rows that pin a row to its organization while they refer to it.
pub(crate) struct Dependents {
    pub(crate) table: syn::Path,
    pub(crate) column: Ident,
}

pub(super) fn dependents(
    at: &Ident,
    list: TokenStream,
    problems: &mut Problems,
) -> Option<Dependents> {
    let (mut table, mut column) = (None, None);
    let mut keys = Keys::default();
    keys.read(list, "dependents", DEPENDENT_KEYS, problems);
    let tried = DEPENDENT_KEYS
        .iter()
        .filter(|key| keys.tried(key.name))
        .count();
    for entry in keys.entries {
        match entry.value {
            Value::Path(path) => table = Some(path),
            Value::Word(word) => column = Some(word),
            _ => {}
        }
    }
    match (table, column) {
        (Some(table), Some(column)) => Some(Dependents { table, column }),
        _ => {
            if tried < DEPENDENT_KEYS.len() {
                problems.at(
                    at,
                    "dependents are a table and its column that refers here: `dependents(table = configs, column = template_id)` [org62]",
                );
            }
            None
        }
    }
}
