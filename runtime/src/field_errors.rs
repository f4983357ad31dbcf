//! What is wrong with an input, by field.

use std::collections::BTreeMap;

use serde::Serialize;

/// The codes of what is wrong, by the names of the fields. It is written as
/// `{"category": ["does_not_exist"], "shelf": {"organization": ["required"]}}`.
///
/// ```
/// use orgscope::FieldErrors;
/// let errors = FieldErrors::one("version", "taken");
/// assert_eq!(serde_json::to_string(&errors).unwrap(), r#"{"version":["taken"]}"#);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct FieldErrors(BTreeMap<String, FieldError>);

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
enum FieldError {
    Codes(Vec<&'static str>),
    Nested(FieldErrors),
}

/// The codes that orgscope gives.
pub mod codes {
    /// The field is missing.
    pub const REQUIRED: &str = "required";
    /// The field is null where it may not be.
    pub const NULL: &str = "null";
    /// The text is empty.
    pub const BLANK: &str = "blank";
    /// A login is refused, whatever is wrong with it.
    pub const AUTHORIZATION: &str = "authorization";
    /// What is wrong with no single field stands under this name.
    pub const NON_FIELD: &str = "non_field_errors";
    /// The value has another type or form.
    pub const INVALID: &str = "invalid";
    /// There is no such row, or the caller may not refer to it.
    pub const DOES_NOT_EXIST: &str = "does_not_exist";
    /// The row and what it refers to belong to different organizations.
    pub const ORGANIZATION_MISMATCH: &str = "organization_mismatch";
    /// The filter's value is none that the caller can see.
    pub const INVALID_CHOICE: &str = "invalid_choice";
    /// There is no such field.
    pub const UNKNOWN: &str = "unknown";
    /// The field is given twice.
    pub const DUPLICATE: &str = "duplicate";
}

impl FieldErrors {
    /// No errors.
    pub fn none() -> FieldErrors {
        FieldErrors::default()
    }

    /// One error.
    pub fn one(field: impl Into<String>, code: &'static str) -> FieldErrors {
        let mut errors = FieldErrors::none();
        errors.add(field, code);
        errors
    }

    /// Adds an error of a field.
    pub fn add(&mut self, field: impl Into<String>, code: &'static str) {
        let error = self
            .0
            .entry(field.into())
            .or_insert_with(|| FieldError::Codes(Vec::new()));
        if let FieldError::Codes(codes) = error
            && !codes.contains(&code)
        {
            codes.push(code);
        }
    }

    /// Adds the errors of what is nested in a field.
    pub fn nest(&mut self, field: impl Into<String>, errors: FieldErrors) {
        if !errors.is_empty() {
            self.0.insert(field.into(), FieldError::Nested(errors));
        }
    }

    /// Adds the errors of others.
    pub fn merge(&mut self, others: FieldErrors) {
        for (field, error) in others.0 {
            match error {
                FieldError::Nested(errors) => self.nest(field, errors),
                FieldError::Codes(codes) => {
                    codes
                        .into_iter()
                        .for_each(|code| self.add(field.clone(), code));
                }
            }
        }
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether a field has one.
    pub fn has(&self, field: &str) -> bool {
        self.0.contains_key(field)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_of_two_readers_are_told_together() {
        let mut errors = FieldErrors::one("name", codes::BLANK);
        errors.nest("shelf", FieldErrors::none());
        assert!(errors.has("name") && !errors.has("shelf"));
        let mut others = FieldErrors::one("name", codes::DUPLICATE);
        others.add("name", codes::BLANK);
        others.nest("shelf", FieldErrors::one("organization", codes::REQUIRED));
        errors.merge(others);
        assert_eq!(
            serde_json::to_value(&errors).ok(),
            Some(serde_json::json!({
                "name": ["blank", "duplicate"],
                "shelf": { "organization": ["required"] },
            }))
        );
        errors.merge(FieldErrors::none());
        assert!(!errors.is_empty() && FieldErrors::none().is_empty());
    }
}
