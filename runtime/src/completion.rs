//! Keys and atoms of attributes as modules, for editors; the tests of orgscope-macros write them.

/// Of the page `org_scoped`.
pub mod org_scoped {
    /// Its foreign key; required.
    pub mod column {}
    /// A row does not move to another organization while rows there refer to it.
    pub mod dependents {}
    /// The join table between rows and the groups that may edit them; its columns are `<model>_id` and `group_id`, or named.
    pub mod edit_groups {}
    /// The model has no tenant; with a `reason`.
    pub mod global {}
    /// The column that it refers to; the primary key by default. Its values must be unique in the whole table, not per organization.
    pub mod key {}
    /// The column by which forms call a row, for everybody who may name it; the key without one.
    pub mod label {}
    /// A relation with many rows, over a join table: for inputs, filters and choices.
    pub mod many {}
    /// The model's own organization column repeats the one at the end of that path: lists need no join, a new row takes it from there, and `orgscope::ddl::mirror` makes the key that keeps both the same.
    pub mod mirrors {}
    /// The other model; required.
    pub mod model {}
    /// What the relation is called; required.
    pub mod name {}
    /// The path of relations that ends at the organization; `"organization"` by default, which is the column `organization_id`.
    pub mod org_field {}
    /// The column that names the group which owns the row.
    pub mod owner_group {}
    /// Why the model has no tenant.
    pub mod reason {}
    /// A relation that `#[diesel(belongs_to(…))]` does not declare; `name` is the column without `_id` by default, `key = table::column` the primary key (its values must be unique in the whole table, not per organization); without `model` it is the organization itself.
    pub mod relation {}
    /// What a row without an organization is: with `read` it is shared, and those who manage something may read it; with `none` it belongs to nobody. Required where the column is nullable.
    pub mod shared {}
    /// The table whose rows refer to this one; required.
    pub mod table {}
    /// The join table, with the column of this row first; required.
    pub mod through {}
    /// The join table between rows and the groups that may view them, in the same way.
    pub mod view_groups {}
}

/// Of the page `org_input`.
pub mod org_input {
    /// The rows of these relations may belong to another organization than the new row.
    pub mod cross_org {}
    /// Fields of a body that are known and not read.
    pub mod ignore {}
    /// Relations may name shared rows: these relations, or all without a list.
    pub mod include_shared {}
    /// The keys of a relation with many rows, of which the model says `many(name = …, model = …, through = …)`: `tags: Vec<i32>`.
    pub mod many {}
    /// The model; required.
    pub mod model {}
    /// An input of its own: the row is inserted first, and the column refers to it. Errors are nested under the field.
    pub mod nested {}
    /// The column looks like a foreign key (`…_id`) and is none.
    pub mod plain {}
    /// The name in bodies and errors.
    pub mod rename {}
}

/// Of the page `org_filter`.
pub mod org_filter {
    /// Parameters that nobody knows are errors.
    pub mod deny_unknown {}
    /// The parameters; required.
    pub mod fields {}
    /// The model; required.
    pub mod model {}
    /// The columns that `ordering=version,-id` may name.
    pub mod order {}
    /// The columns of texts that `search=` looks into: each word in one of them, whatever the case.
    pub mod search {}
}

/// Of the page `protected`.
pub mod protected {
    /// Written `all(manager, subscriber)`.
    pub mod all {}
    /// Written `any(manager, subscriber)`.
    pub mod any {}
    /// The atom `orgscope::policy::Anyone`.
    pub mod anyone {}
    /// Which credentials are accepted, in the order in which they are asked for: `bearer`, `session`, `sesame`, and the constants that name your own [`Authenticator`](https://docs.rs/orgscope/latest/orgscope/authenticate/trait.Authenticator.html)s; all that the service has, unless you say.
    pub mod authenticate {}
    /// The atom `orgscope::policy::Authenticated`.
    pub mod authenticated {}
    /// The atom `orgscope::policy::CanEdit`.
    pub mod can_edit {}
    /// The atom `orgscope::policy::CanView`.
    pub mod can_view {}
    /// The atom `orgscope::policy::FormerSubscriber`.
    pub mod former_subscriber {}
    /// How a row that is not visible answers: `not_found` (the default), 404 as if it did not exist, or `forbidden`, 403.
    pub mod hidden {}
    /// Written `in_group(COUNTER_ADMIN)`.
    pub mod in_group {}
    /// The atom `orgscope::policy::Manager`.
    pub mod manager {}
    /// The atom `orgscope::policy::Member`.
    pub mod member {}
    /// The atom `orgscope::policy::ModelPerms`.
    pub mod model_perms {}
    /// Another path to the organization than the model's, for the model of the first `Scoped` or `Object`.
    pub mod org_field {}
    /// Before the policy, within a controller: replaces what it says.
    pub mod r#override {}
    /// The atom `orgscope::policy::Owner`.
    pub mod owner {}
    /// The atom `orgscope::policy::Owns`.
    pub mod owns {}
    /// Written `perm("app.codename")`.
    pub mod perm {}
    /// The function is no handler; the argument of that name is the caller.
    pub mod principal {}
    /// Why `scope = all`; it stands in the access report.
    pub mod reason {}
    /// The atom `orgscope::policy::Root`.
    pub mod root {}
    /// The role that a row's organization must give the caller for the row to be visible: `member`, `manager` or `owner`; by default what the policy demands, else `member`. `scope = all, reason = "…"`: the rows of every organization, as far as the policy lets the caller reach them.
    pub mod scope {}
    /// The atom `orgscope::policy::Subscriber`.
    pub mod subscriber {}
    /// How often one caller may call; the service says the rate: `Tenancy::throttle("ipam", Rate::per_minute(60))`.
    pub mod throttle {}
    /// The role that changing and deleting take; the scope role by default.
    pub mod write {}
}
