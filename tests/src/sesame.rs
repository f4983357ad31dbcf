//! The replay of token vectors: settings, accounts and tokens as recorded, with the public API.

mod packers;

use std::path::Path;

use orgscope::credential::{Malformed, Presented, read};
use orgscope::sesame::{Account, LastLogin, Lifetime, Packer, Secret, Sesame, Settings, TokenKey};
use serde_json::Value;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// What was replayed: how much, and the differences.
#[derive(Debug, Default)]
pub struct Outcome {
    pub passed: usize,
    pub failures: Vec<String>,
}

impl Outcome {
    fn compare(&mut self, what: &str, expected: &Value, came: &Value) {
        match expected == came {
            true => self.passed += 1,
            false => self
                .failures
                .push(format!("{what}: expected {expected}, came {came}")),
        }
    }
}

/// Replays everything that a file of vectors has.
pub fn replay(file: &Path, outcome: &mut Outcome) {
    let text =
        std::fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    let vectors: Value =
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    for case in list(&vectors, "default_packers") {
        let class = case["pk_field_type"].as_str().unwrap_or_default();
        let same = match (Packer::for_field(class), case["packer"].as_str()) {
            (Some(chosen), Some(name)) => {
                let named = Packer::configured(&format!("sesame.packers.{name}"));
                is_same(&chosen, named.as_ref())
            }
            (chosen, name) => chosen.is_none() && name.is_none(),
        };
        outcome.compare(class, &true.into(), &same.into());
    }
    for case in list(&vectors, "config_errors") {
        let refused = build(&case["settings"]).is_err();
        outcome.compare(why(case), &true.into(), &refused.into());
    }
    for case in list(&vectors, "create_errors") {
        let refused = issue(case, &case["user"], &case["settings"]).is_err();
        outcome.compare(why(case), &true.into(), &refused.into());
    }
    for case in list(&vectors, "sequences") {
        sequence(case, outcome);
    }
    for case in list(&vectors, "vectors") {
        vector(case, outcome);
    }
    for case in list(&vectors, "headers") {
        header(case, list(&vectors, "database"), outcome);
    }
}

fn list<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value[key].as_array().map_or(&[], Vec::as_slice)
}

fn why(case: &Value) -> &str {
    case["why"].as_str().unwrap_or("?")
}

/// Whether two packers write in the same way: they read the same bytes as the same keys.
fn is_same(one: &Packer, other: Option<&Packer>) -> bool {
    let lifetime = Lifetime::unlimited_on_purpose();
    let key = |packer: &Packer, bytes: &str| {
        let settings = Settings::new("secret", packer.clone(), lifetime).build();
        let read = settings.ok()?.read(bytes, 0, None).ok()?;
        Some(read.key().clone())
    };
    // 10 bytes of signature after keys of 2, 4, 8 and 16 bytes; texts and bytes have their length before them.
    let tokens: Vec<String> = [12, 14, 18, 26]
        .iter()
        .flat_map(|size: &usize| [("gIGC", size), ("AmFi", size)])
        .map(|(start, size)| format!("{start}{}", "A".repeat((size * 4).div_ceil(3) - 4)))
        .collect();
    other.is_some_and(|other| {
        tokens
            .iter()
            .all(|token| key(one, token) == key(other, token))
    })
}

/// A secret as the vectors write it.
fn secret(value: &Value) -> Secret {
    match (value["bytes_hex"].as_str(), value["str"].as_str()) {
        (Some(hex), _) => Secret::bytes(&unhex(hex)),
        (_, Some(text)) => Secret::text(text),
        _ => Secret::text(value.as_str().unwrap_or_default()),
    }
}

fn unhex(hex: &str) -> Vec<u8> {
    let pairs = hex.as_bytes().chunks_exact(2);
    pairs
        .map(|pair| {
            let text = std::str::from_utf8(pair).expect("digits");
            u8::from_str_radix(text, 16).expect("digits")
        })
        .collect()
}

/// What the key field of an account is: its name decides the type, but for the primary key.
fn packer(settings: &Value) -> Option<Packer> {
    if let Some(path) = settings["SESAME_PACKER"].as_str() {
        return Packer::configured(path).or_else(|| packers::custom(path));
    }
    match settings["SESAME_PRIMARY_KEY_FIELD"].as_str()? {
        "public_id" => Packer::for_field("UUIDField"),
        "handle" => Packer::for_field("CharField"),
        "pk" | "id" => Packer::for_field(settings["pk_field_type"].as_str()?),
        // The other columns of the accounts are not unique.
        _ => None,
    }
}

/// The service of these settings.
fn build(settings: &Value) -> Result<Sesame, String> {
    if !list(settings, "SESAME_TOKENS").contains(&"v2".into()) {
        return Err("only the older format is accepted, which is refused here".into());
    }
    let flag = |name: &str| settings[name].as_bool().unwrap_or_default();
    let field = settings["SESAME_PRIMARY_KEY_FIELD"].as_str();
    let packer = packer(settings).ok_or("no packer for this column")?;
    let lifetime = match settings["SESAME_MAX_AGE"].as_f64() {
        Some(seconds) => Lifetime::seconds(seconds),
        None => Lifetime::unlimited_on_purpose(),
    };
    let size = settings["SESAME_SIGNATURE_SIZE"].as_u64().unwrap_or(10);
    let fallbacks = list(settings, "SECRET_KEY_FALLBACKS").iter().map(secret);
    Settings::new(secret(&settings["SECRET_KEY"]), packer, lifetime)
        .fallbacks(fallbacks)
        .key(secret(&settings["SESAME_KEY"]))
        .one_time(flag("SESAME_ONE_TIME"))
        .invalidate_on_password_change(flag("SESAME_INVALIDATE_ON_PASSWORD_CHANGE"))
        .invalidate_on_email_change(flag("SESAME_INVALIDATE_ON_EMAIL_CHANGE"))
        .primary_key_field(field.unwrap_or("pk"))
        .signature_size(usize::try_from(size).expect("a size"))
        .weak_signatures_on_purpose()
        .build()
        .map_err(|error| error.to_string())
}

/// The value of the key field of an account.
fn key(user: &Value, settings: &Value) -> TokenKey {
    match settings["SESAME_PRIMARY_KEY_FIELD"].as_str() {
        Some("public_id") => uuid(&user["public_id"]),
        Some("handle") => TokenKey::Text(user["handle"].as_str().unwrap_or_default().to_owned()),
        _ => tagged(&user["pk"]),
    }
}

fn uuid(text: &Value) -> TokenKey {
    let uuid: uuid::Uuid = text
        .as_str()
        .and_then(|text| text.parse().ok())
        .expect("a UUID");
    TokenKey::Uuid(*uuid.as_bytes())
}

fn tagged(key: &Value) -> TokenKey {
    match (&key["int"], &key["uuid"], &key["str"], &key["bytes_hex"]) {
        (Value::String(int), ..) => TokenKey::Int(int.parse().expect("a number")),
        (_, text @ Value::String(_), ..) => uuid(text),
        (.., Value::String(text), _) => TokenKey::Text(text.clone()),
        (.., Value::String(hex)) => TokenKey::Bytes(unhex(hex)),
        _ => panic!("no key: {key}"),
    }
}

fn account(user: &Value) -> Account {
    let text = |name: &str| user[name].as_str().map(str::to_owned);
    Account {
        password: text("password"),
        email: text("email"),
        last_login: user["last_login"].as_str().map(last_login),
    }
}

/// A time as Python's `isoformat` writes it.
fn last_login(text: &str) -> LastLogin {
    let has_offset = text.len() > 19 && text[19..].contains(['+', '-', 'Z']);
    let complete = match has_offset {
        true => text.to_owned(),
        false => format!("{text}Z"),
    };
    let at = OffsetDateTime::parse(&complete, &Rfc3339)
        .unwrap_or_else(|error| panic!("{text}: {error}"));
    LastLogin {
        unix_micros: i64::try_from(at.unix_timestamp_nanos() / 1000).expect("a time"),
        utc_offset: has_offset.then(|| at.offset().whole_seconds()),
    }
}

fn issue(case: &Value, user: &Value, settings: &Value) -> Result<String, String> {
    if is_older(settings) {
        return Err("the older format is not issued".into());
    }
    let scope = case["scope"].as_str().unwrap_or_default();
    let now = seconds(case.get("issued_at").unwrap_or(&case["at"]));
    build(settings)?
        .issue(&key(user, settings), &account(user), scope, now)
        .map_err(|error| error.to_string())
}

/// The clock: whole seconds.
#[allow(clippy::cast_possible_truncation)]
fn seconds(at: &Value) -> i64 {
    at.as_f64().expect("a time").floor() as i64
}

/// The account that a token is good for.
fn resolve<'a>(
    sesame: &Sesame,
    check: &Value,
    token: &str,
    users: &'a [Value],
    settings: &Value,
) -> Option<&'a Value> {
    let max_age = check["max_age"].as_f64();
    let read = sesame.read(token, seconds(&check["at"]), max_age).ok()?;
    let user = users
        .iter()
        .find(|user| key(user, settings) == *read.key())?;
    if user["is_active"] != true || user["deleted"] == true {
        return None;
    }
    let scope = check["scope"].as_str().unwrap_or_default();
    sesame.verify(&read, &account(user), scope).ok()?;
    Some(user)
}

/// An object with the entries of another one in place of its own.
fn patched(value: &Value, patch: &Value) -> Value {
    let mut value = value.clone();
    for (key, entry) in patch.as_object().into_iter().flatten() {
        value[key] = entry.clone();
    }
    value
}

/// Whether tokens are issued in the older format, which is refused here, whatever the reference answers.
fn is_older(settings: &Value) -> bool {
    settings["SESAME_TOKENS"][0] == "v1"
}

fn vector(case: &Value, outcome: &mut Outcome) {
    let id = case["id"].as_str().unwrap_or("?");
    if !is_older(&case["settings"]) {
        let issued = issue(case, &case["user"], &case["settings"]);
        let issued = issued.map_or_else(Value::from, Value::from);
        outcome.compare(&format!("{id} issued"), &case["token"], &issued);
    }
    for check in list(case, "checks") {
        let settings = patched(&case["settings"], &check["settings_overrides"]);
        let mut users = vec![patched(&case["user"], &check["user_overrides"])];
        users.extend(list(check, "other_users").iter().cloned());
        let token = check["token"].as_str().or(case["token"].as_str());
        let found = build(&settings).ok().and_then(|sesame| {
            let found = resolve(&sesame, check, token.expect("a token"), &users, &settings);
            found.cloned()
        });
        let is_own_and_older = check["token"].is_null() && is_older(&case["settings"]);
        let is_valid = check["expect"] == "valid" && !is_own_and_older;
        let what = format!("{id}: {}", why(check));
        match found {
            Some(user) if is_valid => outcome.compare(&what, &check["resolved_pk"], &user["pk"]),
            found => outcome.compare(&what, &is_valid.into(), &found.is_some().into()),
        }
    }
}

fn sequence(case: &Value, outcome: &mut Outcome) {
    let settings = &case["settings"];
    let sesame = build(settings).unwrap_or_else(|error| panic!("{}: {error}", why(case)));
    let (mut user, mut tokens) = (case["user"].clone(), Vec::new());
    for (number, step) in list(case, "steps").iter().enumerate() {
        let what = format!("{}, step {number}", why(case));
        if step["do"] == "get_token" {
            let issued = issue(step, &user, settings).unwrap_or_else(|error| error);
            outcome.compare(&what, &step["token"], &issued.as_str().into());
            tokens.push(issued);
            continue;
        }
        let index = step["token_index"].as_u64().unwrap_or_default();
        let token = usize::try_from(index)
            .ok()
            .and_then(|index| tokens.get(index));
        let users = std::slice::from_ref(&user);
        let found = resolve(&sesame, step, token.expect("a token"), users, settings).is_some();
        outcome.compare(&what, &(step["expect"] == "valid").into(), &found.into());
        let logs_in = step["update_last_login"].as_bool();
        if found && logs_in.unwrap_or(sesame.is_one_time()) {
            // Exact: the clock is within the 53 bits of a double to the microsecond.
            #[allow(clippy::cast_possible_truncation)]
            let nanos = (step["at"].as_f64().expect("a time") * 1e6).round() as i128 * 1000;
            let at = OffsetDateTime::from_unix_timestamp_nanos(nanos).expect("a time");
            user["last_login"] = at.format(&Rfc3339).expect("a text").into();
        }
        let (after, came) = (&step["last_login_after"], &user["last_login"]);
        let micros = |time: &Value| time.as_str().map(|text| last_login(text).unix_micros);
        outcome.compare(&what, &micros(after).into(), &micros(came).into());
    }
}

/// A header of the scheme `Bearer`, and whom the keys of the recorded database let in.
fn header(case: &Value, database: &[Value], outcome: &mut Outcome) {
    let bytes = unhex(case["header_hex"].as_str().unwrap_or_default());
    let scheme = case["keyword"].as_str().unwrap_or_default();
    let came = match read(scheme, &bytes) {
        Presented::Nothing => "none",
        Presented::Malformed(Malformed::NoCredentials) => "error:no_credentials",
        Presented::Malformed(Malformed::ContainsSpaces) => "error:contains_spaces",
        Presented::Malformed(Malformed::InvalidCharacters) => "error:invalid_characters",
        Presented::Token(token) => match database.iter().find(|row| row["key"] == token) {
            None => "error:unknown_key",
            Some(row) if row["is_active"] == true => "authenticated",
            Some(_) => "error:inactive_user",
        },
    };
    let what = format!("header {}", case["header_latin1"]);
    outcome.compare(&what, &case["outcome"], &came.into());
}
