//! One field of an input, and what it is to its column.

use proc_macro2::Ident;
use syn::{GenericArgument, LitStr, PathArguments, Type};

use super::Kind;
use super::attributes::{Attributes, none_is_null};
use crate::keys::{self, Form, Key, Keys, Value};
use crate::org_scoped::ColumnName;
use crate::problems::Problems;
use crate::ungroup;

pub(crate) const KEYS: &[Key] = &[
    Key {
        name: "rename",
        example: "rename = \"org\"",
        says: "the name in bodies and errors",
        wrong: "org04",
        form: Form::Text,
    },
    Key {
        name: "plain",
        example: "plain",
        says: "the column looks like a foreign key (`…_id`) and is none",
        wrong: "org78",
        form: Form::Flag,
    },
    Key {
        name: "many",
        example: "many",
        says: "the keys of a relation with many rows, of which the model says `many(name = …, model = …, through = …)`: `tags: Vec<i32>`",
        wrong: "org75, org79",
        form: Form::Flag,
    },
    Key {
        name: "nested",
        example: "nested = shelf_id",
        says: "an input of its own: the row is inserted first, and the column refers to it. Errors are nested under the field",
        wrong: "org76",
        form: Form::Word,
    },
];

/// A field.
pub(super) struct Field<'a> {
    pub(super) kind: Kind,
    pub(super) ident: &'a Ident,
    pub(super) ty: &'a Type,
    pub(super) column: Ident,
    pub(super) shape: Shape<'a>,
    /// The name in bodies and errors.
    pub(super) name: Option<LitStr>,
    /// It is no foreign key, although it looks like one.
    pub(super) plain: bool,
    /// What it is turned into for the database.
    pub(super) serialize_as: Option<Type>,
}

/// What the field's type says about leaving it out. The types are those of the values.
#[derive(Clone, Copy)]
pub(super) enum Shape<'a> {
    /// It is always given.
    Value(&'a Type),
    /// `None` leaves it out.
    Maybe(&'a Type),
    /// `None` leaves it out, `Some(None)` is NULL.
    MaybeNull(&'a Type),
    /// `None` is NULL.
    Null(&'a Type),
    /// The keys of a relation with many rows; `optional`: `None` leaves them as they are.
    Many { key: &'a Type, optional: bool },
    /// A row that is inserted before, and that the column refers to.
    Nested(&'a Type),
}

impl<'a> Field<'a> {
    pub(super) fn read(
        field: &'a syn::Field,
        attributes: &Attributes,
        kind: Kind,
        problems: &mut Problems,
    ) -> Option<Field<'a>> {
        let ident = field.ident.as_ref()?;
        let own = kind.attribute();
        let mut keys = Keys::default();
        let mut column = ident.clone();
        let (mut null, mut serialize_as) = (attributes.none_is_null, None);
        for attribute in &field.attrs {
            let Ok(list) = attribute.meta.require_list() else {
                continue;
            };
            if list.path.is_ident(own) {
                keys.read(list.tokens.clone(), own, KEYS, problems);
            } else if list.path.is_ident("diesel") {
                for (key, rest) in keys::split(list.tokens.clone()).into_iter().flatten() {
                    if key == "column_name" {
                        column = keys::assigned::<ColumnName>(rest).map_or(column, |name| name.0);
                    } else if key == "serialize_as" {
                        serialize_as = keys::assigned::<Type>(rest);
                    } else if key == "embed" || key == "skip_insertion" || key == "skip_update" {
                        let message = format!(
                            "an input has one field for each value: `{key}` is not known here; write the fields out, or leave them out [org74]"
                        );
                        problems.at(key, message);
                    } else {
                        null = none_is_null(&key, rest).unwrap_or(null);
                    }
                }
            }
        }
        let (mut name, mut plain, mut many, mut nested) = (None, false, None, None);
        for entry in keys.entries {
            match (entry.name.to_string().as_str(), entry.value) {
                ("rename", Value::Text(text)) => name = Some(text),
                ("plain", _) => plain = true,
                ("many", _) => many = Some(entry.name),
                ("nested", Value::Word(word)) => nested = Some(word),
                _ => {}
            }
        }
        let shape = match (&many, &nested) {
            (Some(many), None) => many_shape(&field.ty, many, kind, problems)?,
            (None, Some(word)) if kind == Kind::New => {
                column = word.clone();
                Shape::Nested(&field.ty)
            }
            (None, None) => shape(&field.ty, null, kind),
            (_, Some(word)) => {
                problems.at(
                    word,
                    "a nested input is a row that is inserted along with a new one: it goes on a single relation of an `OrgInput` [org76]",
                );
                return None;
            }
        };
        Some(Field {
            kind,
            ident,
            ty: &field.ty,
            column,
            shape,
            name,
            plain,
            serialize_as,
        })
    }

    /// Whether it is the value of a column.
    pub(super) fn is_column(&self) -> bool {
        !matches!(self.shape, Shape::Many { .. } | Shape::Nested(_))
    }
}

fn shape(ty: &Type, null: bool, kind: Kind) -> Shape<'_> {
    let Some(inner) = argument_of(ty, "Option") else {
        return Shape::Value(ty);
    };
    match (kind, argument_of(inner, "Option")) {
        (Kind::Changes, Some(innermost)) => Shape::MaybeNull(innermost),
        _ if null => Shape::Null(inner),
        _ => Shape::Maybe(inner),
    }
}

fn many_shape<'a>(
    ty: &'a Type,
    at: &Ident,
    kind: Kind,
    problems: &mut Problems,
) -> Option<Shape<'a>> {
    let optional = argument_of(ty, "Option");
    let key = argument_of(optional.unwrap_or(ty), "Vec");
    match (key, kind, optional.is_some()) {
        (Some(key), Kind::New, false) | (Some(key), Kind::Changes, _) => Some(Shape::Many {
            key,
            optional: optional.is_some(),
        }),
        _ => {
            let example = match kind {
                Kind::New => "`Vec<i32>`",
                Kind::Changes => "`Option<Vec<i32>>`",
            };
            problems.at(
                at,
                format!("a relation with many rows is a list of their keys: {example} [org75]"),
            );
            None
        }
    }
}

/// `T` of `Option<T>`.
fn argument_of<'a>(ty: &'a Type, name: &str) -> Option<&'a Type> {
    let Type::Path(path) = ungroup::ty(ty) else {
        return None;
    };
    let last = path
        .path
        .segments
        .last()
        .filter(|last| last.ident == name)?;
    match &last.arguments {
        PathArguments::AngleBracketed(arguments) => match arguments.args.first() {
            Some(GenericArgument::Type(inner)) => Some(inner),
            _ => None,
        },
        _ => None,
    }
}
