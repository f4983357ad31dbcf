//! What the user wrote: `#[org_scoped(…)]`, and those parts of `#[diesel(…)]` that say what a model is.

use proc_macro2::{Ident, TokenStream};
use syn::parse::Parser;
use syn::{Data, DeriveInput, LitStr, Token};

use super::relation::{Dependents, Many, Relation, belongs_to, dependents, many, relation};
use crate::keys::{self, Entry, Form, Join, Key, Keys, Value};
use crate::problems::Problems;
use crate::runtime_path::runtime;
use crate::ungroup;

pub(crate) const KEYS: &[Key] = &[
    Key {
        name: "org_field",
        example: "org_field = \"category.organization\"",
        says: "the path of relations that ends at the organization; `\"organization\"` by default, which is the column `organization_id`",
        wrong: "org52, org53, org54",
        form: Form::Text,
    },
    Key {
        name: "shared",
        example: "shared = read",
        says: "what a row without an organization is: with `read` it is shared, and those who manage something may read it; with `none` it belongs to nobody. Required where the column is nullable",
        wrong: "org55, org56",
        form: Form::Word,
    },
    Key {
        name: "global",
        example: "global",
        says: "the model has no tenant; with a `reason`",
        wrong: "org57",
        form: Form::Flag,
    },
    Key {
        name: "reason",
        example: "reason = \"countries belong to nobody\"",
        says: "why the model has no tenant",
        wrong: "org57",
        form: Form::Text,
    },
    Key {
        name: "mirrors",
        example: "mirrors = \"category.organization\"",
        says: "the model's own organization column repeats the one at the end of that path: lists need no join, a new row takes it from there, and `orgscope::ddl::mirror` makes the key that keeps both the same",
        wrong: "org58",
        form: Form::Text,
    },
    Key {
        name: "relation",
        example: "relation(name = category, model = Category, column = category_id)",
        says: "a relation that `#[diesel(belongs_to(…))]` does not declare; `name` is the column without `_id` by default, `key = table::column` the primary key (its values must be unique in the whole table, not per organization); without `model` it is the organization itself",
        wrong: "org59, org60",
        form: Form::List,
    },
    Key {
        name: "many",
        example: "many(name = tags, model = Tag, through = shelf_tags(shelf_id, tag_id))",
        says: "a relation with many rows, over a join table: for inputs, filters and choices",
        wrong: "org61",
        form: Form::List,
    },
    Key {
        name: "dependents",
        example: "dependents(table = configs, column = template_id)",
        says: "a row does not move to another organization while rows there refer to it",
        wrong: "org62",
        form: Form::List,
    },
    Key {
        name: "owner_group",
        example: "owner_group = owner_group_id",
        says: "the column that names the group which owns the row",
        wrong: "org46",
        form: Form::Word,
    },
    Key {
        name: "edit_groups",
        example: "edit_groups = counter_edit_groups(counter_id, group_id)",
        says: "the join table between rows and the groups that may edit them; its columns are `<model>_id` and `group_id`, or named",
        wrong: "org04",
        form: Form::Join,
    },
    Key {
        name: "view_groups",
        example: "view_groups = counter_view_groups(counter_id, group_id)",
        says: "the join table between rows and the groups that may view them, in the same way",
        wrong: "org04",
        form: Form::Join,
    },
    Key {
        name: "label",
        example: "label = version",
        says: "the column by which forms call a row, for everybody who may name it; the key without one",
        wrong: "org04",
        form: Form::Word,
    },
    Key {
        name: "crate",
        example: "crate = my_crate::orgscope",
        says: "where `orgscope` is, if it is re-exported",
        wrong: "org04",
        form: Form::Path,
    },
];

/// Everything that the attributes of a model say.
#[derive(Default)]
pub(crate) struct Attributes {
    pub(crate) table: Option<syn::Path>,
    pub(crate) primary_key: Vec<Ident>,
    pub(crate) relations: Vec<Relation>,
    pub(crate) many: Vec<Many>,
    pub(crate) dependents: Vec<Dependents>,
    pub(crate) org_field: Option<LitStr>,
    pub(crate) mirrors: Option<LitStr>,
    pub(crate) shared: Option<Ident>,
    pub(crate) global: Option<Ident>,
    pub(crate) reason: Option<LitStr>,
    pub(crate) owner_group: Option<Ident>,
    pub(crate) edit_groups: Option<Join>,
    pub(crate) view_groups: Option<Join>,
    pub(crate) label: Option<Ident>,
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
                    let message =
                        "write the keys in parentheses: `#[org_scoped(shared = read)]` [org05]";
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
            ("mirrors", Value::Text(text)) => self.mirrors = Some(text),
            ("reason", Value::Text(text)) => self.reason = Some(text),
            ("shared", Value::Word(word)) => self.shared = Some(word),
            ("global", Value::Flag) => self.global = Some(name),
            ("relation", Value::List(list)) => {
                self.relations.extend(relation(&name, list, problems));
            }
            ("many", Value::List(list)) => self.many.extend(many(&name, list, problems)),
            ("dependents", Value::List(list)) => {
                self.dependents.extend(dependents(&name, list, problems));
            }
            ("owner_group", Value::Word(word)) => self.owner_group = Some(word),
            ("label", Value::Word(word)) => self.label = Some(word),
            ("edit_groups", Value::Join(join)) => self.edit_groups = Some(join),
            ("view_groups", Value::Join(join)) => self.view_groups = Some(join),
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
