//! What a router knows of its routes, whatever serves them.

#[cfg(feature = "openapi")]
use super::HasTenancy;
use crate::report::{AccessReport, Route, Who};

/// The routes of a router, as the access report tells them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Routes(Vec<Route>);

impl Routes {
    /// Adds one.
    ///
    /// # Panics
    /// For a path that names a parent: it would not be checked.
    pub(crate) fn add(&mut self, methods: String, path: &str, who: Who) {
        refuse_parents(path, path);
        let path = path.to_owned();
        self.0.push(Route {
            methods,
            path,
            who,
            #[cfg(feature = "browsable")]
            enter: None,
        });
    }

    /// How pages ask about the route that was added last.
    #[cfg(feature = "browsable")]
    pub(crate) fn entered_by(&mut self, enter: Option<crate::report::Entrance>) {
        if let Some(last) = self.0.last_mut() {
            last.enter = enter;
        }
    }

    #[cfg(feature = "browsable")]
    pub(crate) fn all(&self) -> &[Route] {
        &self.0
    }

    /// Adds those of another router.
    pub(crate) fn merge(&mut self, other: Routes) {
        self.0.extend(other.0);
    }

    /// Adds those of another router under a prefix that names no parent.
    ///
    /// # Panics
    /// For one that does: it would not be checked.
    pub(crate) fn nest(&mut self, prefix: &str, other: Routes) {
        refuse_parents(prefix, &format!("{prefix}/"));
        self.under(prefix, other);
    }

    /// Adds those of another router under a prefix.
    pub(crate) fn under(&mut self, prefix: &str, other: Routes) {
        self.0.extend(other.0.into_iter().map(|route| Route {
            path: below(prefix, &route.path),
            ..route
        }));
    }

    /// The documentation of the API.
    #[cfg(feature = "openapi")]
    pub(crate) fn openapi<S: HasTenancy>(
        &self,
        info: utoipa::openapi::Info,
        state: &S,
    ) -> utoipa::openapi::OpenApi {
        crate::openapi::document(&self.0, info, state)
    }

    /// The access report.
    pub(crate) fn report(&self) -> AccessReport {
        AccessReport::of(&self.0)
    }
}

/// A path under a prefix.
pub(crate) fn below(prefix: &str, path: &str) -> String {
    match (prefix.strip_suffix('/'), path) {
        (Some(prefix), path) => format!("{prefix}{path}"),
        (None, "/") => prefix.to_owned(),
        (None, path) => format!("{prefix}{path}"),
    }
}

/// The segments of a path; what stands in braces (a regular expression of actix may hold a slash) is one.
pub(crate) fn segments(path: &str) -> Vec<&str> {
    let mut depth = 0_usize;
    let at_slash = move |letter: char| {
        match letter {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        letter == '/' && depth == 0
    };
    path.split(at_slash).collect()
}

/// The names of the parameters in a segment.
fn names(segment: &str) -> impl Iterator<Item = &str> {
    let opened = segment.split('{').skip(1);
    opened.map(|name| name.split([':', '}']).next().unwrap_or_default())
}

fn refuse_parents(path: &str, with_more: &str) {
    let segments = segments(with_more);
    let before_the_last = segments.split_last().map_or(&[][..], |(_, before)| before);
    let mut names = before_the_last.iter().flat_map(|segment| names(segment));
    assert!(
        !names.any(|name| name.ends_with("_id")),
        "the path `{path}` names a parent; route it with `.under(…)`, and take the `Parent<Model>` in the handler"
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parents_are_found_in_either_syntax() {
        let names_one =
            |path: &'static str| std::panic::catch_unwind(|| refuse_parents(path, path)).is_err();
        for path in [
            "/devices/{device_id}/configs",
            "/d/{device_id:[^/]+}/c",
            "/d/{a}-{b_id}/c",
        ] {
            assert!(names_one(path), "{path}");
        }
        for path in [
            "/devices/{device_id}",
            "/d/{id}/c",
            "/d/{device_id:[^/]+}",
            "/{valid}/c",
        ] {
            assert!(!names_one(path), "{path}");
        }
        assert!(
            std::panic::catch_unwind(|| Routes::default().nest("/d/{d_id}", Routes::default()))
                .is_err()
        );
    }
}
