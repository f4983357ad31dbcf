//! Unusual but right uses. Compiling them is the test.
#![allow(dead_code, missing_docs, unused)]

#[path = "../accepts/argument_patterns.rs"]
mod argument_patterns;
#[path = "../accepts/attribute_by_cfg.rs"]
mod attribute_by_cfg;
#[path = "../accepts/attributes_between.rs"]
mod attributes_between;
#[path = "../accepts/authenticators.rs"]
mod authenticators;
#[path = "../accepts/belongs_to_organization.rs"]
mod belongs_to_organization;
#[path = "../accepts/body_only.rs"]
mod body_only;
#[path = "../accepts/bundles.rs"]
mod bundles;
#[path = "../accepts/choices.rs"]
mod choices;
#[path = "../accepts/composite_key.rs"]
mod composite_key;
#[path = "../accepts/controller_attributes.rs"]
mod controller_attributes;
#[path = "../accepts/controller_impl.rs"]
mod controller_impl;
#[path = "../accepts/controller_module.rs"]
mod controller_module;
#[path = "../accepts/debug_handler_above.rs"]
mod debug_handler_above;
#[path = "../accepts/debug_handler_below.rs"]
mod debug_handler_below;
#[path = "../accepts/debug_handler_no_arguments_below.rs"]
mod debug_handler_no_arguments_below;
#[path = "../accepts/denied_lints.rs"]
mod denied_lints;
#[path = "../accepts/denied_lints_inputs.rs"]
mod denied_lints_inputs;
#[path = "../accepts/denied_lints_policies.rs"]
mod denied_lints_policies;
#[path = "../accepts/diesel_attributes.rs"]
mod diesel_attributes;
#[path = "../accepts/documented.rs"]
mod documented;
#[path = "../accepts/embedded_columns.rs"]
mod embedded_columns;
#[path = "../accepts/every_atom.rs"]
mod every_atom;
#[path = "../accepts/explicit_relation.rs"]
mod explicit_relation;
#[path = "../accepts/filter_column_named_like_a_module.rs"]
mod filter_column_named_like_a_module;
#[path = "../accepts/filter_every_lookup.rs"]
mod filter_every_lookup;
#[path = "../accepts/generic_handler.rs"]
mod generic_handler;
#[path = "../accepts/generic_model.rs"]
mod generic_model;
#[path = "../accepts/global_model.rs"]
mod global_model;
#[path = "../accepts/handler_org_field.rs"]
mod handler_org_field;
#[path = "../accepts/input_beside_columns.rs"]
mod input_beside_columns;
#[path = "../accepts/input_beside_diesel.rs"]
mod input_beside_diesel;
#[path = "../accepts/input_column_name_as_text.rs"]
mod input_column_name_as_text;
#[path = "../accepts/input_field_called_fields.rs"]
mod input_field_called_fields;
#[path = "../accepts/input_many.rs"]
mod input_many;
#[path = "../accepts/input_names_in_other_cases.rs"]
mod input_names_in_other_cases;
#[path = "../accepts/input_nested.rs"]
mod input_nested;
#[path = "../accepts/input_nested_twice.rs"]
mod input_nested_twice;
#[path = "../accepts/input_options.rs"]
mod input_options;
#[path = "../accepts/input_raw_identifiers.rs"]
mod input_raw_identifiers;
#[path = "../accepts/input_renamed_column.rs"]
mod input_renamed_column;
#[path = "../accepts/input_serialize_as.rs"]
mod input_serialize_as;
#[path = "../accepts/instrument_above.rs"]
mod instrument_above;
#[path = "../accepts/instrument_below.rs"]
mod instrument_below;
#[path = "../accepts/joins.rs"]
mod joins;
#[path = "../accepts/key_i64.rs"]
mod key_i64;
#[path = "../accepts/key_string.rs"]
mod key_string;
#[path = "../accepts/keyword_relation.rs"]
mod keyword_relation;
#[path = "../accepts/keyword_relation_inputs.rs"]
mod keyword_relation_inputs;
#[path = "../accepts/lifetime_key.rs"]
mod lifetime_key;
#[path = "../accepts/lifetime_model.rs"]
mod lifetime_model;
#[path = "../accepts/local_items.rs"]
mod local_items;
#[path = "../accepts/local_items_inputs.rs"]
mod local_items_inputs;
#[path = "../accepts/macro_rules.rs"]
mod macro_rules;
#[path = "../accepts/macro_rules_block.rs"]
mod macro_rules_block;
#[path = "../accepts/macro_rules_fragments.rs"]
mod macro_rules_fragments;
#[path = "../accepts/macro_rules_inputs.rs"]
mod macro_rules_inputs;
#[path = "../accepts/macro_rules_nullable.rs"]
mod macro_rules_nullable;
#[path = "../accepts/many_and_dependents.rs"]
mod many_and_dependents;
#[path = "../accepts/no_arguments.rs"]
mod no_arguments;
#[path = "../accepts/no_implicit_prelude.rs"]
mod no_implicit_prelude;
#[path = "../accepts/no_implicit_prelude_inputs.rs"]
mod no_implicit_prelude_inputs;
#[path = "../accepts/no_implicit_prelude_policies.rs"]
mod no_implicit_prelude_policies;
#[path = "../accepts/object_permissions.rs"]
mod object_permissions;
#[path = "../accepts/object_rules.rs"]
mod object_rules;
#[path = "../accepts/one_name_in_two_modules.rs"]
mod one_name_in_two_modules;
#[path = "../accepts/optional_principal.rs"]
mod optional_principal;
#[path = "../accepts/organization_column.rs"]
mod organization_column;
#[path = "../accepts/own_policy.rs"]
mod own_policy;
#[path = "../accepts/own_state.rs"]
mod own_state;
#[path = "../accepts/parent_include_shared.rs"]
mod parent_include_shared;
#[path = "../accepts/permission_facts.rs"]
mod permission_facts;
#[path = "../accepts/permission_later.rs"]
mod permission_later;
#[path = "../accepts/permission_of_rows.rs"]
mod permission_of_rows;
#[path = "../accepts/policy_expressions.rs"]
mod policy_expressions;
#[path = "../accepts/principal_of_async_function.rs"]
mod principal_of_async_function;
#[path = "../accepts/principal_of_function.rs"]
mod principal_of_function;
#[path = "../accepts/principal_of_method.rs"]
mod principal_of_method;
#[path = "../accepts/qualified_table.rs"]
mod qualified_table;
#[path = "../accepts/raw_identifiers.rs"]
mod raw_identifiers;
#[path = "../accepts/raw_relation.rs"]
mod raw_relation;
#[path = "../accepts/renamed_column.rs"]
mod renamed_column;
#[path = "../accepts/renamed_crate.rs"]
mod renamed_crate;
#[path = "../accepts/renamed_crate_inputs.rs"]
mod renamed_crate_inputs;
#[path = "../accepts/renamed_crate_policies.rs"]
mod renamed_crate_policies;
#[path = "../accepts/scope_all.rs"]
mod scope_all;
#[path = "../accepts/self_reference.rs"]
mod self_reference;
#[path = "../accepts/shadowed_names.rs"]
mod shadowed_names;
#[path = "../accepts/shadowed_names_inputs.rs"]
mod shadowed_names_inputs;
#[path = "../accepts/some_columns.rs"]
mod some_columns;
#[path = "../accepts/three_hops.rs"]
mod three_hops;
#[path = "../accepts/trailing_comma.rs"]
mod trailing_comma;
#[path = "../accepts/tuple_struct.rs"]
mod tuple_struct;
#[path = "../accepts/two_foreign_keys.rs"]
mod two_foreign_keys;
#[path = "../accepts/utoipa_above.rs"]
mod utoipa_above;
#[path = "../accepts/utoipa_below.rs"]
mod utoipa_below;
#[path = "../accepts/write_role.rs"]
mod write_role;

#[test]
fn every_case_is_compiled() {
    let listed = include_str!("accepts.rs");
    let cases = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/accepts"));
    for case in cases.into_iter().flatten().flatten() {
        let name = case.file_name().to_string_lossy().into_owned();
        assert!(
            listed.contains(&format!("accepts/{name}")),
            "{name} is not listed"
        );
    }
}
