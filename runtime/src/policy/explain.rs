//! Why a policy decided as it did: for logs and tests, never for the public answer.

use std::fmt;

use super::Verdict;

/// The reason tree of a decision. Its `Display` form is one line per node, indented:
///
/// ```text
/// all of: no
///   manager of org 7: no, member only
///   perm("ipam.export"): yes
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    text: String,
    verdict: Verdict,
    /// What is so instead, shown where the verdict is "no".
    instead: Option<String>,
    parts: Vec<Explanation>,
}

impl Explanation {
    pub(crate) fn leaf(text: impl Into<String>, verdict: Verdict, instead: Option<String>) -> Self {
        let (text, parts) = (text.into(), Vec::new());
        Explanation {
            text,
            verdict,
            instead,
            parts,
        }
    }

    pub(crate) fn node(text: impl Into<String>, verdict: Verdict, parts: Vec<Explanation>) -> Self {
        Explanation {
            parts,
            ..Explanation::leaf(text, verdict, None)
        }
    }

    /// Two policies joined; nested ones of the same kind become one list.
    pub(super) fn joined(
        text: &str,
        join: fn(Verdict, Verdict) -> Verdict,
        a: Explanation,
        b: Explanation,
    ) -> Self {
        let verdict = join(a.verdict, b.verdict);
        let flat = |part: Explanation| match part.text == text {
            true => part.parts,
            false => vec![part],
        };
        Explanation::node(text, verdict, [flat(a), flat(b)].concat())
    }

    /// A policy under its name.
    pub fn named(self, name: &str) -> Self {
        let verdict = self.verdict;
        Explanation::node(name, verdict, vec![self])
    }

    /// What this node came to.
    pub fn verdict(&self) -> Verdict {
        self.verdict
    }

    /// What this node says, without its verdict.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The nodes below.
    pub fn parts(&self) -> &[Explanation] {
        &self.parts
    }

    fn write(&self, depth: usize, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = match self.verdict {
            Verdict::Granted => "yes",
            Verdict::Denied(_) => "no",
            Verdict::Possible => "depends on the row",
            Verdict::Unavailable => "unknown",
        };
        write!(f, "{:1$}{2}: {word}", "", depth * 2, self.text)?;
        if let (Some(instead), Verdict::Denied(_)) = (&self.instead, self.verdict) {
            write!(f, ", {instead}")?;
        }
        for part in &self.parts {
            f.write_str("\n")?;
            part.write(depth + 1, f)?;
        }
        Ok(())
    }
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(0, f)
    }
}
