//! Forms as HTML.

use http::Method;
use maud::{Markup, html};

use super::field::{Field, Kind};
use super::negotiate::{CSRF, IF_ANY, METHOD};

/// The form of a change.
pub(super) struct Form {
    pub(super) method: Method,
    pub(super) summary: &'static str,
    pub(super) fields: Vec<Field>,
}

/// The filters of a list, whose path this is.
pub(super) fn filters(fields: &[Field], path: &str) -> Markup {
    let is_used = fields
        .iter()
        .any(|field| field.values.iter().any(|value| !value.is_empty()));
    html! {
        details open[is_used] {
            summary { "Filters" }
            form .fields method="get" action=(path) {
                @for field in fields { (input(field, "filter")) }
                button { "Filter" }
            }
        }
    }
}

/// A change, asked for at this path.
pub(super) fn change(form: &Form, path: &str, csrf: Option<&str>) -> Markup {
    let (verb, is_deletion) = match form.method {
        Method::DELETE => ("Delete", true),
        Method::POST => ("Create", false),
        Method::PUT => ("Replace", false),
        _ => ("Change", false),
    };
    let is_refused = form.fields.iter().any(|field| !field.errors.is_empty());
    html! {
        section aria-label=(verb) {
            details open[!is_deletion || is_refused] {
                summary { (verb) }
                @if !form.summary.is_empty() { p .quiet { (form.summary) } }
                form .fields method="post" action=(path) {
                    input type="hidden" name=(METHOD) value=(form.method);
                    (token(csrf))
                    @for field in &form.fields { (input(field, form.method.as_str())) }
                    button .danger[is_deletion] { (form.method) }
                }
            }
        }
    }
}

/// A field with its label, and what is wrong with it.
fn input(field: &Field, of: &str) -> Markup {
    let id = format!("{of}-{}", field.name);
    let (hint, wrong) = (format!("{id}-hint"), format!("{id}-wrong"));
    let described = match (field.hint.is_empty(), field.errors.is_empty()) {
        (true, true) => None,
        (false, true) => Some(hint.clone()),
        (true, false) => Some(wrong.clone()),
        (false, false) => Some(format!("{hint} {wrong}")),
    };
    let invalid = (!field.errors.is_empty()).then_some("true");
    let first = field.values.first().map_or("", String::as_str);
    html! {
        div .field {
            label for=(id) { (field.name) @if field.required { " (required)" } }
            @match &field.kind {
                Kind::OneOf(offered) => select id=(id) name=(field.name) multiple[field.several] aria-describedby=[described] aria-invalid=[invalid] {
                    @if !field.several { option value="" { "" } }
                    @for (value, label) in offered {
                        option value=(value) selected[field.values.contains(value)] {
                            (label) @if label != value && !["true", "false"].contains(&value.as_str()) { " (" (value) ")" }
                        }
                    }
                    // What is there stays there unless another one is chosen.
                    @for value in field.values.iter().filter(|value| !value.is_empty() && offered.iter().all(|(known, _)| known != *value)) {
                        option value=(value) selected { (value) }
                    }
                },
                Kind::Number(whole) => input type="number" step=(if *whole { "1" } else { "any" }) id=(id) name=(field.name) value=(first)
                    aria-describedby=[described] aria-invalid=[invalid];,
                Kind::Text | Kind::Other => @if first.contains('\n') {
                    textarea rows="6" id=(id) name=(field.name) aria-describedby=[described] aria-invalid=[invalid] { "\n" (first) }
                } @else {
                    input type="text" id=(id) name=(field.name) value=(first) aria-describedby=[described] aria-invalid=[invalid];
                },
            }
            @if field.if_any { input type="hidden" name=(IF_ANY) value=(field.name); }
            @if !field.hint.is_empty() { p .hint id=(hint) { (field.hint) } }
            @if !field.errors.is_empty() { p .wrong id=(wrong) { (field.errors.join(", ")) } }
        }
    }
}

/// What shows that a form comes from the site itself.
pub(super) fn token(csrf: Option<&str>) -> Markup {
    html! { @if let Some(csrf) = csrf { input type="hidden" name=(CSRF) value=(csrf); } }
}
