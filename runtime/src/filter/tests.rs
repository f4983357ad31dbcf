//! What a query string asks of a list, and where it asks too much.

use diesel::prelude::*;

use super::*;
use crate::field_errors::codes;
use crate::{OrgFilter, OrgScoped};

diesel::table! {
    parcels (id) { id -> Integer, label -> Text, weight -> Integer, parent_id -> Integer, organization_id -> Integer }
}

#[derive(Queryable, Selectable, OrgScoped)]
#[diesel(table_name = parcels)]
#[org_scoped(relation(model = Parcel, column = parent_id))]
#[allow(dead_code)]
struct Parcel {
    id: i32,
    label: String,
    weight: i32,
    parent_id: i32,
    organization_id: i32,
}

#[derive(OrgFilter)]
#[diesel(table_name = parcels)]
#[org_filter(
    model = Parcel,
    fields(organization, organization_slug, parent, label(exact, icontains), weight(exact, in, range, isnull)),
    order = [weight, label],
    search = [label],
    deny_unknown
)]
struct ParcelFilter;

fn read(query: &str) -> Filters<ParcelFilter> {
    Filters::read(query)
}

/// What is wrong with a query string: one parameter, one code.
fn refused(query: &str, parameter: &str, code: &'static str) {
    let filters = read(query);
    assert_eq!(filters.errors, FieldErrors::one(parameter, code), "{query}");
    assert_eq!(filters.conditions.len(), 0, "{query}");
}

fn accepted(query: &str, conditions: usize) {
    let filters = read(query);
    assert_eq!(filters.errors, FieldErrors::none(), "{query}");
    assert_eq!(filters.conditions.len(), conditions, "{query}");
}

#[test]
fn what_is_asked_becomes_a_condition() {
    for (query, conditions) in [
        ("", 0),
        (
            "organization=&organization_slug=&parent=&label=&weight=&search=&ordering=",
            0,
        ),
        ("organization=7", 1),
        ("organization_slug=a", 1),
        ("parent=x&parent=7", 1),
        ("label=a&label=b&label__icontains=c", 2),
        (
            "weight=1&weight__in=1,%202&weight__range=1,2&weight__isnull=true",
            4,
        ),
        ("search=%20a%20b", 1),
        ("page=1&page_size=2&cursor=x", 0),
    ] {
        accepted(query, conditions);
    }
}

#[test]
fn what_cannot_be_read_is_refused_by_name() {
    for (query, parameter, code) in [
        ("organization=a", "organization", codes::INVALID_CHOICE),
        (
            "organization_slug=a%00",
            "organization_slug",
            codes::INVALID,
        ),
        ("parent=a", "parent", codes::INVALID_CHOICE),
        ("label=a%00", "label", codes::INVALID),
        ("weight=a", "weight", codes::INVALID),
        ("weight__in=1,a", "weight__in", codes::INVALID),
        ("weight__range=1", "weight__range", codes::INVALID),
        ("weight__range=1,2,3", "weight__range", codes::INVALID),
        ("weight__isnull=7", "weight__isnull", codes::INVALID),
        ("search=a%00", "search", codes::INVALID),
        ("ordering=id", "ordering", codes::INVALID_CHOICE),
        ("weight__gt=7", "weight__gt", codes::UNKNOWN),
        ("organisation=7", "organisation", codes::UNKNOWN),
    ] {
        refused(query, parameter, code);
    }
}

#[test]
fn a_parameter_has_two_hundred_values_at_most() {
    let numbers = |separator: &str, many: usize| vec!["1"; many].join(separator);
    accepted(&format!("weight__in={}", numbers(",", 200)), 1);
    refused(
        &format!("weight__in={}", numbers(",", 201)),
        "weight__in",
        codes::INVALID,
    );
    accepted(&format!("search={}", numbers("+", 200)), 1);
    refused(
        &format!("search={}", numbers("+", 201)),
        "search",
        codes::INVALID,
    );
}

#[test]
fn an_order_names_each_column_once() {
    for (asked, expected) in [
        ("", &[][..]),
        ("weight", &[("weight", false)]),
        ("-weight, label", &[("weight", true), ("label", false)]),
        (
            "label,-label,,weight",
            &[("label", false), ("weight", false)],
        ),
    ] {
        let filters = read(&format!("ordering={asked}"));
        assert_eq!(filters.order, expected, "{asked}");
        assert_eq!(filters.errors, FieldErrors::none(), "{asked}");
    }
}
