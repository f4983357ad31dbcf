//! A text in a body, given in every way in which it can be wrong.

use super::*;

fn text(body: &Body) -> Result<String, FieldErrors> {
    let mut errors = FieldErrors::none();
    let read = body.text("name", &mut errors);
    read.ok_or(errors)
}

fn wrong(code: &'static str) -> Result<String, FieldErrors> {
    Err(FieldErrors::one("name", code))
}

#[test]
fn a_text_is_given_once_and_says_something() {
    for (json, expected) in [
        (r#"{"name": "ann"}"#, Ok("ann".to_owned())),
        (r#"{"other": "", "name": " "}"#, Ok(" ".to_owned())),
        (r#"{"name": "null"}"#, Ok("null".to_owned())),
        (r#"{"other": "ann"}"#, wrong(codes::REQUIRED)),
        (r#"{"name": "ann", "name": "ann"}"#, wrong(codes::DUPLICATE)),
        (r#"{"name": null}"#, wrong(codes::NULL)),
        (r#"{"name": ""}"#, wrong(codes::BLANK)),
        (r#"{"name": 7}"#, wrong(codes::INVALID)),
        (r#"{"name": ["ann"]}"#, wrong(codes::INVALID)),
        (r#"{"name": "a\u0000b"}"#, wrong(codes::INVALID)),
    ] {
        let body = Body::json(json.as_bytes());
        assert_eq!(body.map(|body| text(&body)), Ok(expected), "{json}");
    }
    for (form, expected) in [
        ("name=ann", Ok("ann".to_owned())),
        ("name=null", Ok("null".to_owned())),
        ("name=7", Ok("7".to_owned())),
        ("other=ann", wrong(codes::REQUIRED)),
        ("name=ann&name=bob", wrong(codes::DUPLICATE)),
        ("name=", wrong(codes::BLANK)),
        ("name=a%00b", wrong(codes::INVALID)),
    ] {
        assert_eq!(text(&Body::form(form.as_bytes())), expected, "{form}");
    }
}

#[test]
fn a_body_is_one_object() {
    for text in [
        "",
        "{",
        "[]",
        "7",
        "\"name\"",
        "{} {}",
        "{\"a\": 1,}",
        "{a: 1}",
    ] {
        assert_eq!(Body::json(text.as_bytes()).err(), Some(Malformed), "{text}");
    }
    assert!(Body::json(b" {} ").is_ok());
}
