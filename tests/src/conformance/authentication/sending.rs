//! What a case about credentials sends.

use std::net::Ipv4Addr;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};

use orgscope_suite::http::{Answer, Http};

/// The header of a template: characters above U+007F stand for one byte each.
pub(super) fn header(template: &str, given: &Value, token: &str) -> Vec<u8> {
    let scheme = given["header_scheme"].as_str().unwrap_or("Bearer");
    let mixed: String = (0..)
        .zip(scheme.chars())
        .map(|(at, letter)| match at % 2 {
            0 => letter.to_ascii_lowercase(),
            _ => letter.to_ascii_uppercase(),
        })
        .collect();
    let swapped: String = token
        .chars()
        .map(|letter| match letter.is_ascii_lowercase() {
            true => letter.to_ascii_uppercase(),
            false => letter.to_ascii_lowercase(),
        })
        .collect();
    let (half, last) = (token.len() / 2, token.len().saturating_sub(1));
    let (lower, upper) = (scheme.to_lowercase(), scheme.to_uppercase());
    let (wrong, long) = ("0".repeat(40), "a".repeat(5_000));
    let replacements: [(&str, &str); 14] = [
        ("{k}", scheme),
        ("{kl}", &lower),
        ("{ku}", &upper),
        ("{km}", &mixed),
        ("{kp}", &scheme[..scheme.len() - 1]),
        ("{t}", token),
        ("{t1}", &token[..half]),
        ("{t2}", &token[half..]),
        ("{trunc}", &token[..last]),
        ("{swap}", &swapped),
        ("{wrong}", &wrong),
        ("{long}", &long),
        ("{basic}", "YWxhZGRpbjpvcGVuc2VzYW1l"),
        ("{null}", "null"),
    ];
    let text = replacements
        .iter()
        .fold(template.to_owned(), |text, (name, value)| {
            text.replace(name, value)
        });
    let bytes = text.chars().map(|letter| u8::try_from(u32::from(letter)));
    bytes.map(|byte| byte.unwrap_or(b'?')).collect()
}

/// The path of the endpoint, with the query string of the case.
pub(super) fn path(given: &Value, token: &str) -> String {
    let schemes = given["accepted_schemes"].as_array().into_iter().flatten();
    let schemes: Vec<&str> = schemes
        .map(|scheme| scheme.as_str().expect("a scheme"))
        .collect();
    let policy = given["policy"].as_str().unwrap_or("authenticated");
    let mut path = format!("/{}/{policy}", schemes.join("+"));
    let mut separator = '?';
    for (name, value) in given["query"].as_object().into_iter().flatten() {
        let value = value.as_str().unwrap_or_default();
        let value = value.replace("<valid credential>", token);
        path.push_str(&format!("{separator}{name}={value}"));
        separator = '&';
    }
    path
}

/// A login that asks for a token.
pub(super) struct Login(Value);

/// The password of everybody.
pub(super) const PASSWORD: &str = "correct horse battery staple";

impl Login {
    /// `identifier` and `password`, as words that say what they are.
    pub(super) fn of(given: &Value) -> Login {
        let mut body = json!({});
        let state = given["credential_state"].as_str().unwrap_or_default();
        if given["identifier"].is_string() {
            body["username"] = given["identifier"].clone();
        }
        match given["password"].as_str() {
            None | Some("missing-password") => {}
            Some("empty-password") => body["password"] = "".into(),
            Some("correct") => body["password"] = PASSWORD.into(),
            Some(wrong) => body["password"] = wrong.into(),
        }
        if state == "empty-username" {
            body["username"] = "".into();
        }
        Login(body)
    }

    pub(super) async fn send(&self, http: &Http, from: Ipv4Addr) -> Answer {
        let json = vec![("content-type", b"application/json".to_vec())];
        http.raw("POST", "/token", &json, &self.0.to_string(), from)
            .await
    }
}

/// The address of loopback that stands for an address: different ones for different ones.
pub(super) fn peer(request: &Value) -> Ipv4Addr {
    let address = request["peer"].as_str().unwrap_or("127.0.0.1");
    match address.parse::<Ipv4Addr>().expect("an address").octets() {
        [127, b, c, d] => Ipv4Addr::new(127, b, c, d),
        [a, b, c, d] => Ipv4Addr::new(127, a, b ^ c, d),
    }
}

/// Ages are counted in whole seconds: what is asked at the beginning of one is answered within it.
pub(super) async fn wait_for_a_new_second() {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .expect("after 1970");
    let left = 1_000_000_000 - since.subsec_nanos();
    tokio::time::sleep(Duration::from_nanos(left.into()) + Duration::from_millis(5)).await;
}
