//! The form of an input: its fields, and what its relations may name.

use std::any::{Any, TypeId};

use http::request::Parts;
use serde_json::Value;

use super::field::{Field, Kind};
use super::offered::{MOST, Offered, OffersRows};
use super::view;
use crate::body::{Asked, Fields as BodyFields};
use crate::error::{Denied, Error};
use crate::model::OrgScoped;
use crate::pool::Pool;
use crate::relation::Relation;
use crate::web::{HasTenancy, Passed};
use crate::write::Writes;

/// What is known of an input's form when the service starts.
pub(crate) struct InputForm {
    fields: Vec<Asked>,
    /// The columns of relations and of the organization, by the names of their fields.
    columns: Vec<(&'static str, &'static str)>,
    /// An [`Offers`] for the key type of the input's organizations.
    offers: Box<dyn Any + Send + Sync>,
}

/// What fields may name, for a caller who has passed.
struct Offers<K>(fn(&Passed<K>) -> Result<OfFields<K>, Denied>);

/// The names of fields, and what they may name.
type OfFields<K> = Vec<(&'static str, Offered<K>)>;

impl InputForm {
    /// That of the input `T`.
    pub(crate) fn of<T: Writes<Model: 'static>>() -> InputForm {
        let named = named::<T>();
        InputForm {
            fields: BodyFields::asked::<T>(),
            columns: named.map(|(column, name, _)| (name, column)).collect(),
            offers: Box::new(Offers(offers::<T>)),
        }
    }

    /// The fields, with what this caller may choose; `None` if a form cannot say all that has to be said.
    ///
    /// # Errors
    /// What the database says.
    pub(super) async fn fields<S>(
        &self,
        parts: &Parts,
        state: &S,
    ) -> Result<Option<Vec<Field>>, Error>
    where
        S: HasTenancy<Pool: OffersRows<S::OrgKey>>,
    {
        let known = self.fields.iter().map(|one| {
            let mut field = Field::of(one.name, Some(&one.schema), one.is_required);
            if one.is_nested {
                field.kind = Kind::Other;
            }
            field.if_any = !one.is_required;
            field
        });
        let mut fields: Vec<Field> = known.collect();
        let offers = self.offers.downcast_ref::<Offers<S::OrgKey>>();
        let passed = parts.extensions.get::<Passed<S::OrgKey>>();
        if let (Some(Offers(offers)), Some(passed)) = (offers, passed) {
            let mut conn = state.tenancy().pool().connection().await?;
            for (name, offered) in offers(passed)? {
                let Some(field) = fields.iter_mut().find(|field| field.name == name) else {
                    continue;
                };
                let parse = offered.parse;
                let rows = S::Pool::rows(offered, &mut conn).await?;
                if rows.len() <= MOST {
                    // As the API writes keys, which databases may keep otherwise.
                    let written = |key: String| parse(&key).map_or(key, |key| key.to_string());
                    let rows = rows.into_iter().map(|(key, label)| (written(key), label));
                    field.kind = Kind::OneOf(rows.collect());
                }
            }
        }
        let is_said = |field: &Field| field.kind != Kind::Other;
        if fields.iter().any(|field| field.required && !is_said(field)) {
            return Ok(None);
        }
        fields.retain(is_said);
        Ok(Some(fields))
    }

    /// Fills fields with a row as it is. What the row does not show stays as it is, and has no field.
    pub(super) fn fill(&self, fields: &mut Vec<Field>, row: &Value) {
        fields.retain_mut(|field| {
            let column = self.columns.iter().find(|(name, _)| *name == field.name);
            let by_column = || row.get(column?.1);
            let Some(value) = row.get(&field.name).or_else(by_column) else {
                return false;
            };
            field.values = match value {
                Value::Null => Vec::new(),
                Value::Array(values) => values.iter().map(view::text).collect(),
                value => vec![view::text(value)],
            };
            // What is there may be taken away; what is not stays away.
            field.if_any = field.values.is_empty() && !field.several;
            true
        });
    }
}

/// Relations and the organization: the column, the name of the field, and the relation.
fn named<T: Writes>()
-> impl Iterator<Item = (&'static str, &'static str, Option<&'static Relation>)> {
    let organization = T::Model::ORGANIZATION.map(|one| (one.column, one.name, None));
    let relations = T::Model::RELATIONS.iter().map(|one| match one.through {
        Some(_) => (one.name, one.name, Some(one)),
        None => (one.column, one.name, Some(one)),
    });
    let all = relations.chain(organization);
    all.map(|(column, name, relation)| (column, T::OPTIONS.field(column, name), relation))
}

/// What the relations of an input may name, and which organizations.
fn offers<T: Writes<Model: 'static>>(
    passed: &Passed<<T::Model as OrgScoped>::OrgKey>,
) -> Result<OfFields<<T::Model as OrgScoped>::OrgKey>, Denied> {
    let path = match passed.path {
        Some((model, path)) if model() == TypeId::of::<T::Model>() => path,
        _ => T::Model::PATH,
    };
    let offered = named::<T>().map(|(_, name, relation)| {
        let offered = Offered::by::<T>(&passed.grant, path, relation)?;
        Ok((name, offered))
    });
    offered.collect()
}
