//! The model as it is checked: what emission works from.

use proc_macro2::{Ident, TokenStream};
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream};
use syn::{Data, DeriveInput, Field, LitStr, Type};

use super::attributes::Attributes;
use super::chain;
use super::end::End;
use super::relation::Relation;
use crate::keys;
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
        /// The path whose organization the model's own column repeats.
        mirrors: Option<Vec<Ident>>,
    },
}

/// A field that is a column.
pub(super) struct Column<'a> {
    pub(super) member: syn::Member,
    pub(super) name: Ident,
    pub(super) field: &'a Field,
}

impl<'a> Model<'a> {
    /// Checks what the attributes say; `None` after a mistake that leaves nothing to work with.
    pub(crate) fn check(
        input: &'a DeriveInput,
        attributes: &'a Attributes,
        problems: &mut Problems,
    ) -> Option<Model<'a>> {
        let Data::Struct(data) = &input.data else {
            problems.at(
                &input.ident,
                "only a struct can be the model of a table [org50]",
            );
            return None;
        };
        for field in &data.fields {
            let misplaced = field.attrs.iter().find(|a| a.path().is_ident("org_scoped"));
            if let Some(attribute) = misplaced {
                problems.at(
                    attribute,
                    "`org_scoped` goes on the struct, not on a field [org50]",
                );
            }
        }
        let columns: Vec<_> = data.fields.iter().enumerate().filter_map(column).collect();
        let Some(table) = &attributes.table else {
            problems.at(
                &input.ident,
                "name the table of this model: `#[diesel(table_name = …)]` [org51]",
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
        let list = attribute.meta.require_list();
        let keys = list.and_then(|list| keys::split(list.tokens.clone()));
        for (key, rest) in keys.into_iter().flatten() {
            embedded |= key == "embed";
            if key == "column_name" {
                name = keys::assigned::<ColumnName>(rest).map(|column| column.0);
            }
        }
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

/// `tenant` or `"tenant"`.
pub(crate) struct ColumnName(pub(crate) Ident);

impl Parse for ColumnName {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        if input.peek(LitStr) {
            return input.parse::<LitStr>()?.parse().map(ColumnName);
        }
        keys::any_ident(input).map(ColumnName)
    }
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
    // A key that borrows from the struct cannot be handed out of it.
    let owned = |column: &&Column<'_>| !mentions_lifetime(&column.field.ty);
    let fields = fields
        .filter(|fields| fields.iter().all(owned))
        .unwrap_or_default();
    fields
        .into_iter()
        .map(|column| (column.member.clone(), &column.field.ty))
        .collect()
}

fn mentions_lifetime(ty: &Type) -> bool {
    struct Search(bool);
    impl<'ast> syn::visit::Visit<'ast> for Search {
        fn visit_lifetime(&mut self, lifetime: &'ast syn::Lifetime) {
            self.0 |= lifetime.ident != "static";
        }
        fn visit_type_reference(&mut self, reference: &'ast syn::TypeReference) {
            self.0 |= reference
                .lifetime
                .as_ref()
                .is_none_or(|lifetime| lifetime.ident != "static");
        }
    }
    let mut search = Search(false);
    syn::visit::Visit::visit_type(&mut search, ty);
    search.0
}

fn check_global<'a>(
    global: &Ident,
    attributes: &'a Attributes,
    problems: &mut Problems,
) -> Option<Tenant<'a>> {
    if let Some(org_field) = &attributes.org_field {
        problems.at(
            org_field,
            "a global model has no organization; remove `org_field` or `global` [org57]",
        );
    }
    if let Some(shared) = &attributes.shared {
        problems.at(
            shared,
            "a global model has no organization; remove `shared` or `global` [org57]",
        );
    }
    if let Some(mirrors) = &attributes.mirrors {
        problems.at(
            mirrors,
            "a global model has no organization; remove `mirrors` or `global` [org57]",
        );
    }
    match &attributes.reason {
        Some(reason) if !reason.value().trim().is_empty() => Some(Tenant::Global { reason }),
        Some(reason) => {
            problems.at(
                reason,
                "say in a few words why this model has no tenant [org57]",
            );
            None
        }
        None if attributes.tried("reason") => None,
        None => {
            problems.at(
                global,
                "say why this model has no tenant: `global, reason = \"countries belong to nobody\"` [org57]",
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
    if let (Some(reason), false) = (&attributes.reason, attributes.tried("global")) {
        problems.at(reason, "`reason` belongs to `global` [org57]");
    }
    let path = match &attributes.org_field {
        Some(text) => chain::segments(text, problems)?,
        None => vec![Ident::new("organization", proc_macro2::Span::call_site())],
    };
    let end = End::find(input, attributes, &path, columns, problems);
    let is_end = |relation: &&Relation| end.as_ref().is_some_and(|end| end.name == relation.name);
    let relations: Vec<_> = attributes
        .relations
        .iter()
        .filter(|relation| relation.model.is_some() && !is_end(relation))
        .collect();
    check_names(&relations, problems);
    let known = Known {
        input,
        relations: &relations,
        end: end.as_ref(),
        broken: attributes.broken_relation,
    };
    known.check_first_segment(&path, attributes.org_field.as_ref(), problems);
    let mirrors = match &attributes.mirrors {
        Some(text) => check_mirrors(text, &path, &known, problems),
        None => None,
    };
    Some(Tenant::Organization {
        relations,
        end,
        path,
        mirrors,
    })
}

/// An organization that is mirrored is a column of the model, and stands at the end of another path.
fn check_mirrors(
    text: &LitStr,
    path: &[Ident],
    known: &Known<'_>,
    problems: &mut Problems,
) -> Option<Vec<Ident>> {
    let segments = chain::segments(text, problems)?;
    if path.len() > 1 {
        let message = "`mirrors` is for a model with its own organization column, which its `org_field` names: `org_field = \"organization\"` [org58]";
        problems.at(text, message);
        return None;
    }
    if segments.len() < 2 {
        let message = "name the path whose organization the model's own column repeats: `mirrors = \"category.organization\"` [org58]";
        problems.at(text, message);
        return None;
    }
    known.check_first_segment(&segments, Some(text), problems);
    Some(segments)
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
                    "two relations are called `{0}`; name one of them: `relation(name = …, model = …, column = {1})` [org59]",
                    relation.name, relation.column
                ),
            );
        }
    }
}

/// What a path of the model may begin with.
struct Known<'a> {
    input: &'a DeriveInput,
    relations: &'a [&'a Relation],
    end: Option<&'a End>,
    /// A relation could not be read.
    broken: bool,
}

impl Known<'_> {
    /// The first segment is a relation of this model, which the macro knows; the compiler checks the others.
    fn check_first_segment(&self, path: &[Ident], text: Option<&LitStr>, problems: &mut Problems) {
        let Some(first) = path.first() else { return };
        let relations = self.relations.iter().map(|relation| &relation.name);
        let names = relations.chain(self.end.map(|end| &end.name));
        let names: Vec<String> = names.map(Ident::to_string).collect();
        if names.iter().any(|name| first == name) || self.broken {
            return;
        }
        let what = format!("`{}` has no relation `{first}`", self.input.ident);
        let help = match suggest::nearest(&first.to_string(), names.iter().map(String::as_str)) {
            Some(nearest) => format!("did you mean `{nearest}`?"),
            None => format!(
                "declare it: `#[diesel(belongs_to(…, foreign_key = {first}_id))]`, or `#[org_scoped(relation(model = …, column = {first}_id))]`"
            ),
        };
        match text {
            Some(text) => problems.at(text, format!("{what}; {help} [org54]")),
            None => problems.at(
                self.input.ident.to_token_stream(),
                format!("{what}; {help} [org54]"),
            ),
        }
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
