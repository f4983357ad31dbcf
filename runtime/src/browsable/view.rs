//! The pages as HTML.

use http::{Method, StatusCode, Uri};
use maud::{DOCTYPE, Markup, PreEscaped, html};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;

use super::around::is_local;
use super::field::Field;
use super::inputs::{Form, change, filters, token};
use super::pages::Answer;
use super::settings::Browsable;
use super::style::SHEET;

/// What a page shows.
pub(super) struct View<'a> {
    pub(super) settings: &'a Browsable,
    pub(super) menu: &'a [String],
    pub(super) trail: Vec<String>,
    pub(super) method: &'a Method,
    pub(super) uri: &'a Uri,
    pub(super) summary: &'a str,
    pub(super) policy: Option<&'a str>,
    pub(super) answer: &'a Answer,
    pub(super) json: &'a Value,
    /// Where the rows are, if each can be read: the key follows.
    pub(super) row_path: Option<String>,
    pub(super) filters: Vec<Field>,
    pub(super) forms: Vec<Form>,
    /// What shows that a form comes from the site itself.
    pub(super) token: Option<String>,
    /// Who has passed.
    pub(super) caller: Option<String>,
    pub(super) explanation: Option<String>,
}

pub(super) fn page(view: &View<'_>) -> Markup {
    let path = view.uri.path();
    let title = format!("{} {path}", view.method);
    let content = html! {
        @if !view.trail.is_empty() {
            nav aria-label="Above this" {
                @for above in &view.trail { a href=(above) { (above) } " / " }
            }
        }
        h1 { (title) }
        @if !view.summary.is_empty() { p { (view.summary) } }
        @if let Some(policy) = view.policy { p .quiet { "Policy: " code { (policy) } } }
        (outcome(view.answer, view.json))
        @if !view.filters.is_empty() { (filters(&view.filters, path)) }
        @if view.answer.status.is_success() { (content(view)) }
        @for form in &view.forms { (change(form, path, view.token.as_deref())) }
        (raw(view))
        @if let Some(explanation) = &view.explanation {
            details { summary { "Why you may" } pre { (explanation) } }
        }
    };
    frame(view.settings, view.menu, &title, &session(view), &content)
}

/// The frame of every page.
fn frame(
    settings: &Browsable,
    menu: &[String],
    title: &str,
    session: &Markup,
    content: &Markup,
) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) " · " (settings.title) }
                style { (PreEscaped(SHEET)) }
            }
            body {
                a .skip href="#content" { "To the content" }
                header {
                    strong { (settings.title) }
                    nav aria-label="Lists" {
                        @for path in menu { a href=(path) { (path.trim_start_matches('/')) } }
                    }
                    (session)
                }
                main #content { (content) }
            }
        }
    }
}

/// Who is logged in, and the way in or out.
fn session(view: &View<'_>) -> Markup {
    let here = view.uri.path_and_query().map_or("/", |here| here.as_str());
    let next = form_urlencoded::byte_serialize(here.as_bytes()).collect::<String>();
    html! {
        @if let Some(caller) = &view.caller { span { "User " (caller) } }
        @match (&view.token, &view.settings.login, &view.settings.logout) {
            (Some(_), _, Some(logout)) => form method="post" action=(logout) {
                (token(view.token.as_deref()))
                button .plain { "Log out" }
            },
            (None, Some(login), _) if view.caller.is_none() => a href={ (login) "?next=" (next) } { "Log in" },
            _ => {},
        }
    }
}

/// The status, and what a problem document says.
fn outcome(answer: &Answer, json: &Value) -> Markup {
    let refused = !answer.status.is_success();
    html! {
        p .status .refused[refused] role="status" {
            (answer.status)
            @if refused { @if let Some(detail) = json["detail"].as_str() { ": " (detail) } }
        }
    }
}

/// The rows of a list, or the fields of one row.
fn content(view: &View<'_>) -> Markup {
    let rows = view
        .json
        .as_array()
        .or_else(|| view.json["results"].as_array());
    match (rows, view.json) {
        (Some(rows), json) => {
            html! { (table(rows, view.row_path.as_deref(), json)) (turning(json)) }
        }
        (None, Value::Object(fields)) => html! {
            div .wide { table {
                caption { "Fields" }
                @for (name, value) in fields {
                    tr { th scope="row" { (name) } td { (text(value)) } }
                }
            } }
        },
        _ => html! {},
    }
}

fn table(rows: &[Value], row_path: Option<&str>, json: &Value) -> Markup {
    let first = rows.iter().find_map(Value::as_object);
    let mut columns: Vec<&String> = first.map(|row| row.keys().collect()).unwrap_or_default();
    columns.sort_by_key(|column| *column != "id");
    let count = json["count"].as_u64();
    html! {
        @if rows.is_empty() { p .quiet { "There are no rows." } }
        @else {
            div .wide { table {
                caption { @match count {
                    Some(count) => { (rows.len()) " of " (count) " rows" },
                    None => { (rows.len()) " rows" },
                } }
                thead { tr { @for column in &columns { th scope="col" { (column) } } } }
                tbody { @for row in rows { tr {
                    @if columns.is_empty() { td { (text(row)) } }
                    @for column in &columns {
                        td { @match (row_path, column.as_str()) {
                            (Some(path), "id") => a href={ (path) (segment(&text(&row["id"]))) } { (text(&row["id"])) },
                            _ => { (text(&row[column.as_str()])) },
                        } }
                    }
                } } }
            } }
        }
    }
}

/// The links to the pages before and after.
fn turning(json: &Value) -> Markup {
    let link = |name: &str| json[name].as_str().filter(|address| is_local(address));
    let (previous, next) = (link("previous"), link("next"));
    html! {
        @if previous.or(next).is_some() {
            nav .pages aria-label="Pages" {
                @if let Some(previous) = previous { a rel="prev" href=(previous) { "Previous page" } }
                @if let Some(next) = next { a rel="next" href=(next) { "Next page" } }
            }
        }
    }
}

/// The request and the answer as they are.
fn raw(view: &View<'_>) -> Markup {
    let whole = match view.json {
        Value::Null => String::from_utf8_lossy(&view.answer.body).into_owned(),
        json => serde_json::to_string_pretty(json).unwrap_or_default(),
    };
    let headers = view.answer.headers.iter();
    let headers = headers.filter(|(name, _)| *name != http::header::SET_COOKIE);
    html! {
        h2 { "Request" }
        pre tabindex="0" { (view.method) " " (view.uri.path_and_query().map_or("/", |uri| uri.as_str())) "\naccept: application/json" }
        h2 { "Answer" }
        pre tabindex="0" {
            (view.answer.status) "\n"
            @for (name, value) in headers { (name) ": " (String::from_utf8_lossy(value.as_bytes())) "\n" }
            "\n" (whole)
        }
    }
}

/// The page of a login.
pub(super) fn login(
    settings: &Browsable,
    menu: &[String],
    next: &str,
    refused: Option<StatusCode>,
) -> Markup {
    let says = refused.map(|status| match status {
        StatusCode::TOO_MANY_REQUESTS => "Too many attempts. Try again later.",
        status if status.is_server_error() => {
            "The service cannot answer right now. Try again later."
        }
        _ => "The name or the password is not right.",
    });
    let action = settings.login.as_deref().unwrap_or_default();
    let content = html! {
        h1 { "Log in" }
        @if let Some(says) = says { p .status .refused role="alert" { (says) } }
        form .fields method="post" action=(action) {
            input type="hidden" name="next" value=(next);
            div .field {
                label for="username" { "User name, or e-mail address" }
                input type="text" id="username" name="username" autocomplete="username" required;
            }
            div .field {
                label for="password" { "Password" }
                input type="password" id="password" name="password" autocomplete="current-password" required;
            }
            button { "Log in" }
        }
    };
    frame(settings, menu, "Log in", &html! {}, &content)
}

/// A text as a segment of a path.
fn segment(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}

/// A value as text.
pub(super) fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
