//! The model's own organization column: the end of a path.

use proc_macro2::{Ident, Span};
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::{DeriveInput, Field, Type};

use super::attributes::Attributes;
use super::model::Column;
use crate::problems::Problems;
use crate::ungroup;

/// The model's own organization column.
pub(crate) struct End {
    pub(crate) name: Ident,
    pub(crate) column: Ident,
    /// What `shared` says of NULL there; `None`: it is never NULL.
    pub(crate) shared: Option<bool>,
    /// Where the user declares it.
    pub(crate) span: Span,
}

impl End {
    /// Finds it: a relation without a model, the single segment of the path, or a column `organization_id`.
    pub(super) fn find(
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
        let organization = Ident::new("organization", input.ident.span());
        let (name, column, field) = if let Some(relation) = declared {
            let field = columns.iter().find(|column| column.name == relation.column);
            let field = field.map(|found| found.field);
            (relation.name.clone(), relation.column.clone(), field)
        } else if let [only] = path {
            if is_other_model(only, attributes, problems) {
                return None;
            }
            let found = field_of(only, columns);
            // The struct may hold only some columns; the compiler checks whether the table has this one.
            let assumed = || Ident::new(&format!("{}_id", only.unraw()), only.span());
            let column = found.map_or_else(assumed, |found| found.name.clone());
            (only.clone(), column, found.map(|found| found.field))
        } else if let Some(found) = field_of(&organization, columns) {
            (organization, found.name.clone(), Some(found.field))
        } else {
            if let Some(shared) = &attributes.shared {
                problems.at(
                    shared,
                    "`shared` goes on the model that holds the organization column, at the end of the path [org55]",
                );
            }
            return None;
        };
        let shared = shared(attributes, field, problems);
        let span = field.map_or_else(|| input.ident.span(), |field| field.ty.span());
        Some(End {
            name,
            column,
            shared,
            span,
        })
    }
}

/// The field of a relation: `organization_id`, or a column of that name, or one without the `_id`.
fn field_of<'a, 'c>(name: &Ident, columns: &'a [Column<'c>]) -> Option<&'a Column<'c>> {
    let field = |wanted: &str| {
        columns.iter().find(|column| {
            let named = |field: &Ident| field.unraw() == wanted;
            let by_field = matches!(&column.member, syn::Member::Named(field) if named(field));
            column.name.unraw() == wanted || by_field
        })
    };
    field(&format!("{}_id", name.unraw())).or_else(|| field(&name.unraw().to_string()))
}

/// A path of one segment ends there: `category` must not be taken for an organization.
fn is_other_model(only: &Ident, attributes: &Attributes, problems: &mut Problems) -> bool {
    let relation = attributes
        .relations
        .iter()
        .find(|relation| relation.name == *only);
    let (Some(relation), Some(text)) = (relation, &attributes.org_field) else {
        return false;
    };
    if only == "organization" {
        return false;
    }
    problems.at(
        text,
        format!(
            "`{only}` is a relation to another model; the path goes on to the organization: `\"{only}.organization\"`. \
             If `{0}` is the organization's key, say `relation(name = {only}, column = {0})` [org53]",
            relation.column
        ),
    );
    true
}

/// What `shared` says; asked for where the field shows that the column is nullable.
fn shared(attributes: &Attributes, field: Option<&Field>, problems: &mut Problems) -> Option<bool> {
    match &attributes.shared {
        Some(word) if word == "read" => return Some(true),
        Some(word) if word == "none" => return Some(false),
        Some(word) => problems.at(
            word,
            "`shared` is `read` (NULL rows are shared, read-only) or `none` (they belong to nobody) [org55]",
        ),
        None if attributes.tried("shared") || attributes.misplaced => {}
        None => {
            if let Some(field) = field.filter(|field| is_option(&field.ty)) {
                problems.at(
                    &field.ty,
                    "the organization is nullable: say what NULL means, `#[org_scoped(shared = read)]` (shared, read-only) or `#[org_scoped(shared = none)]` (nobody's) [org56]",
                );
            }
        }
    }
    None
}

fn is_option(ty: &Type) -> bool {
    match ungroup::ty(ty) {
        Type::Path(path) => path
            .path
            .segments
            .last()
            .is_some_and(|last| last.ident == "Option"),
        _ => false,
    }
}
