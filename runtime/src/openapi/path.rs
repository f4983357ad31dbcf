//! Paths of routes, and their parameters.

use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::{RefOr, Required, Schema};

use super::kinds;

/// A path with nothing but names in its braces, and these names: axum has `{*rest}`, actix `{id:\d+}`.
pub(super) fn plain(path: &str) -> (String, Vec<String>) {
    let (mut text, mut names, mut depth) = (String::new(), Vec::new(), 0_usize);
    let mut name = String::new();
    for letter in path.chars() {
        match (letter, depth) {
            ('{', 0) => depth = 1,
            ('}', 1) => {
                depth = 0;
                let whole = std::mem::take(&mut name);
                let named = whole.split(':').next().unwrap_or_default();
                let named = named.trim_start_matches('*').to_owned();
                text.push_str(&format!("{{{named}}}"));
                names.push(named);
            }
            // actix writes what takes the rest of a path as `{rest}*`.
            ('*', 0) if text.ends_with('}') => {}
            (letter, 0) => text.push(letter),
            (letter, _) => {
                match letter {
                    '{' => depth += 1,
                    '}' => depth -= 1,
                    _ => {}
                }
                name.push(letter);
            }
        }
    }
    (text, names)
}

/// The parameters of a path with these names: the arguments find theirs by the same rules.
pub(super) fn parameters(
    names: &[String],
    key: Option<&RefOr<Schema>>,
    parent: Option<(String, RefOr<Schema>)>,
) -> Vec<Parameter> {
    let (parent, parent_key) = match parent {
        Some((name, key)) if names.contains(&name) => (Some(name), Some(key)),
        Some((_, key)) => (only(names.iter()), Some(key)),
        None => (None, None),
    };
    let others = || names.iter().filter(|name| parent.as_ref() != Some(name));
    let own = others().find(|name| *name == "id").cloned();
    let own = own.or_else(|| only(others()));
    let parameter = |name: &String| {
        let schema = match name {
            name if parent.as_ref() == Some(name) => parent_key.as_ref(),
            name if own.as_ref() == Some(name) => key,
            _ => None,
        };
        let parameter = ParameterBuilder::new().name(name);
        let parameter = parameter.parameter_in(ParameterIn::Path);
        let parameter = parameter.required(Required::True);
        let schema = schema.cloned().unwrap_or_else(kinds::text);
        parameter.schema(Some(schema)).build()
    };
    names.iter().map(parameter).collect()
}

/// The only one, if there is one only.
fn only<'a>(mut names: impl Iterator<Item = &'a String>) -> Option<String> {
    let first = names.next()?;
    names.next().is_none().then(|| first.clone())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_those_of_openapi() {
        for (path, as_it_is, names) in [
            ("/builds", "/builds", vec![]),
            ("/builds/{id}", "/builds/{id}", vec!["id"]),
            ("/files/{*rest}", "/files/{rest}", vec!["rest"]),
            ("/files/{rest}*", "/files/{rest}", vec!["rest"]),
            (r"/b/{id:\d{1,3}}/c/{x}", "/b/{id}/c/{x}", vec!["id", "x"]),
        ] {
            let (text, found) = plain(path);
            assert_eq!(
                (text.as_str(), found),
                (
                    as_it_is,
                    names.iter().map(|name| (*name).to_owned()).collect()
                )
            );
        }
    }

    #[test]
    fn arguments_and_the_documentation_find_the_same_parameters() {
        use crate::filter::ValueKind;

        let key = kinds::of_column(ValueKind::Integer);
        let parent_key = kinds::of_column(ValueKind::BigInt);
        let formats = |names: &[&str], parent: Option<&str>| -> Vec<String> {
            let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
            let parent = parent.map(|name| (name.to_owned(), parent_key.clone()));
            let parameters = parameters(&names, Some(&key), parent);
            let format = |parameter: &Parameter| {
                let json = serde_json::to_value(parameter).unwrap();
                json["schema"]["format"]
                    .as_str()
                    .unwrap_or("text")
                    .to_owned()
            };
            parameters.iter().map(format).collect()
        };
        assert_eq!(formats(&["id"], None), ["int32"]);
        assert_eq!(formats(&["id", "rest"], None), ["int32", "text"]);
        assert_eq!(formats(&["a", "b"], None), ["text", "text"]);
        assert_eq!(
            formats(&["device_id", "port_id"], Some("device_id")),
            ["int64", "int32"]
        );
        assert_eq!(formats(&["id"], Some("device_id")), ["int64"]);
    }
}
