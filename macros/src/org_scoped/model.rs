//! The model as it is checked: what emission works from.

use proc_macro2::{Ident, Span, TokenStream};
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::{Data, DeriveInput, Field, LitStr, Type};

use super::attributes::{Attributes, Relation};
use super::chain;
use crate::problems::Problems;
use crate::suggest;

/// A model without mistakes.
pub(crate) struct Model<'a> {
    pub(crate) input: &'a DeriveInput,
    pub(crate) runtime: TokenStream,
    pub(crate) table: &'a syn::Path,
    pub(crate) tenant: Tenant<'a>,
    /// The fields of the primary key; empty if the struct does not hold it.
    pub(crate) key: Vec<(syn::Member, &'a Type)>,
}

pub(crate) enum Tenant<'a> {
    Global {
        reason: &'a LitStr,
    },
    Organization {
        relations: Vec<&'a Relation>,
        end: Option<End>,
        path: Vec<Ident>,
    },
}

/// The model's own organization column.
pub(crate) struct End {
    pub(crate) name: Ident,
    pub(crate) column: Ident,
    /// What `shared` says of NULL there; `None`: it is never NULL.
    pub(crate) shared: Option<bool>,
    /// Where the user declares it.
    pub(crate) span: Span,
}

/// A field that is a column.
struct Column<'a> {
    member: syn::Member,
    name: Ident,
    field: &'a Field,
}

impl<'a> Model<'a> {
    /// Checks what the attributes say; `None` after a mistake that leaves nothing to work with.
    pub(crate) fn check(
        input: &'a DeriveInput,
        attributes: &'a Attributes,
        problems: &mut Problems,
    ) -> Option<Model<'a>> {
        let Data::Struct(data) = &input.data else {
            problems.at(&input.ident, "only a struct can be the model of a table");
            return None;
        };
        let columns: Vec<_> = data.fields.iter().enumerate().filter_map(column).collect();
        let Some(table) = &attributes.table else {
            problems.at(
                &input.ident,
                "name the table of this model: `#[diesel(table_name = …)]`",
            );
            return None;
        };
        let tenant = match &attributes.global {
            Some(global) => check_global(global, attributes, problems),
            None => check_tenant(input, attributes, &columns, problems),
        };
        Some(Model {
            input,
            runtime: attributes.runtime(),
            table,
            tenant: tenant?,
            key: key(attributes, &columns),
        })
    }
}

fn column((index, field): (usize, &Field)) -> Option<Column<'_>> {
    let mut name = field.ident.clone();
    let mut embedded = false;
    for attribute in field.attrs.iter().filter(|a| a.path().is_ident("diesel")) {
        // Diesel reports what is wrong in its own attributes.
        let _ = attribute.parse_nested_meta(|meta| {
            embedded |= meta.path.is_ident("embed");
            if let Ok(value) = meta.value() {
                if meta.path.is_ident("column_name") && value.peek(syn::LitStr) {
                    name = Some(value.parse::<LitStr>()?.parse()?);
                } else if meta.path.is_ident("column_name") {
                    name = Some(value.call(Ident::parse_any)?);
                } else {
                    value.parse::<syn::Expr>()?;
                }
            }
            Ok(())
        });
    }
    let member = match &field.ident {
        Some(ident) => syn::Member::Named(ident.clone()),
        None => syn::Member::Unnamed(syn::Index::from(index)),
    };
    let name = name.filter(|_| !embedded)?;
    Some(Column {
        member,
        name,
        field,
    })
}

/// The fields of the primary key, if the struct holds all of them.
fn key<'a>(attributes: &Attributes, columns: &[Column<'a>]) -> Vec<(syn::Member, &'a Type)> {
    let find = |name: &str| columns.iter().find(|column| column.name.unraw() == name);
    let fields: Option<Vec<_>> = match attributes.primary_key.as_slice() {
        [] => find("id").map(|id| vec![id]),
        names => names
            .iter()
            .map(|name| find(&name.unraw().to_string()))
            .collect(),
    };
    let fields = fields.unwrap_or_default();
    fields
        .into_iter()
        .map(|column| (column.member.clone(), &column.field.ty))
        .collect()
}

fn check_global<'a>(
    global: &Ident,
    attributes: &'a Attributes,
    problems: &mut Problems,
) -> Option<Tenant<'a>> {
    if let Some(org_field) = &attributes.org_field {
        problems.at(
            org_field,
            "a global model has no organization; remove `org_field` or `global`",
        );
    }
    if let Some(shared) = &attributes.shared {
        problems.at(
            shared,
            "a global model has no organization; remove `shared` or `global`",
        );
    }
    match &attributes.reason {
        Some(reason) if !reason.value().trim().is_empty() => Some(Tenant::Global { reason }),
        Some(reason) => {
            problems.at(reason, "say in a few words why this model has no tenant");
            None
        }
        None => {
            problems.at(
                global,
                "say why this model has no tenant: `global, reason = \"countries belong to nobody\"`",
            );
            None
        }
    }
}

fn check_tenant<'a>(
    input: &DeriveInput,
    attributes: &'a Attributes,
    columns: &[Column<'_>],
    problems: &mut Problems,
) -> Option<Tenant<'a>> {
    if let Some(reason) = &attributes.reason {
        problems.at(reason, "`reason` belongs to `global`");
    }
    let path = match &attributes.org_field {
        Some(text) => chain::segments(text, problems)?,
        None => vec![Ident::new("organization", input.ident.span())],
    };
    let end = check_end(input, attributes, &path, columns, problems);
    let is_end = |relation: &&Relation| end.as_ref().is_some_and(|end| end.name == relation.name);
    let relations: Vec<_> = attributes
        .relations
        .iter()
        .filter(|relation| relation.model.is_some() && !is_end(relation))
        .collect();
    check_names(&relations, problems);
    check_first_segment(input, attributes, &path, &relations, end.as_ref(), problems);
    Some(Tenant::Organization {
        relations,
        end,
        path,
    })
}

/// Finds the model's own organization column: a relation without a model, the single segment of the path, or a column
/// `organization_id`.
fn check_end(
    input: &DeriveInput,
    attributes: &Attributes,
    path: &[Ident],
    columns: &[Column<'_>],
    problems: &mut Problems,
) -> Option<End> {
    let declared = attributes
        .relations
        .iter()
        .find(|relation| relation.model.is_none());
    let named = |name: &Ident| {
        let id = format!("{}_id", name.unraw());
        let field = |wanted: &str| {
            columns.iter().find(|column| {
                let by_field =
                    matches!(&column.member, syn::Member::Named(field) if field.unraw() == wanted);
                column.name.unraw() == wanted || by_field
            })
        };
        (field(&id).or_else(|| field(&name.unraw().to_string())), id)
    };
    let (name, column, field) = if let Some(relation) = declared {
        let field = columns.iter().find(|column| column.name == relation.column);
        (
            relation.name.clone(),
            relation.column.clone(),
            field.map(|found| found.field),
        )
    } else if let [only] = path {
        let (found, id) = named(only);
        let column = match found {
            Some(found) => found.name.clone(),
            // The struct may hold only some columns; the compiler checks whether the table has this one.
            None => Ident::new(&id, only.span()),
        };
        (only.clone(), column, found.map(|found| found.field))
    } else {
        let organization = Ident::new("organization", input.ident.span());
        let (found, _) = named(&organization);
        match found {
            Some(found) => (organization, found.name.clone(), Some(found.field)),
            None => {
                if let Some(shared) = &attributes.shared {
                    problems.at(
                        shared,
                        "`shared` goes on the model that holds the organization column, at the end of the path",
                    );
                }
                return None;
            }
        }
    };
    let nullable = field.is_some_and(|field| is_option(&field.ty));
    let shared = match &attributes.shared {
        Some(word) if word == "read" => Some(true),
        Some(word) if word == "none" => Some(false),
        Some(word) => {
            problems.at(word, "`shared` is `read` (NULL rows are shared, read-only) or `none` (they belong to nobody)");
            None
        }
        None => {
            if let (true, Some(field)) = (nullable, field) {
                problems.at(
                    &field.ty,
                    "the organization is nullable: say what NULL means, `#[org_scoped(shared = read)]` (shared, read-only) or `#[org_scoped(shared = none)]` (nobody's)",
                );
            }
            None
        }
    };
    let span = field.map_or_else(|| input.ident.span(), |field| field.ty.span());
    Some(End {
        name,
        column,
        shared,
        span,
    })
}

fn is_option(ty: &Type) -> bool {
    match ty {
        Type::Path(path) => path
            .path
            .segments
            .last()
            .is_some_and(|last| last.ident == "Option"),
        _ => false,
    }
}

/// Two relations cannot have one name.
fn check_names(relations: &[&Relation], problems: &mut Problems) {
    for (at, relation) in relations.iter().enumerate() {
        if relations
            .iter()
            .take(at)
            .any(|other| other.name == relation.name)
        {
            problems.at(
                &relation.name,
                format!(
                    "two relations are called `{0}`; name one of them: `relation(name = …, model = …, column = {1})`",
                    relation.name, relation.column
                ),
            );
        }
    }
}

/// The first segment is a relation of this model, which the macro knows; the compiler checks the others.
fn check_first_segment(
    input: &DeriveInput,
    attributes: &Attributes,
    path: &[Ident],
    relations: &[&Relation],
    end: Option<&End>,
    problems: &mut Problems,
) {
    let Some(first) = path.first() else { return };
    let known = || {
        let relations = relations.iter().map(|relation| &relation.name);
        relations
            .chain(end.map(|end| &end.name))
            .map(Ident::to_string)
    };
    if known().any(|name| first == &name) {
        return;
    }
    let names: Vec<String> = known().collect();
    let names = || names.iter().map(String::as_str);
    let what = format!("`{}` has no relation `{first}`", input.ident);
    let help = match suggest::nearest(&first.to_string(), names()) {
        Some(nearest) => format!("did you mean `{nearest}`?"),
        None => format!(
            "declare it: `#[diesel(belongs_to(…, foreign_key = {first}_id))]`, or `#[org_scoped(relation(model = …, column = {first}_id))]`"
        ),
    };
    match &attributes.org_field {
        Some(text) => problems.at(text, format!("{what}; {help}")),
        None => problems.at(input.ident.to_token_stream(), format!("{what}; {help}")),
    }
}

/// Whether a relation leads back to the model itself.
pub(crate) fn is_self(model: &Type, input: &DeriveInput) -> bool {
    match model {
        Type::Path(path) => {
            path.path.is_ident("Self") || path.path.get_ident() == Some(&input.ident)
        }
        _ => false,
    }
}
