//! The keys of `#[protected(policy, …)]`.

use proc_macro2::{Ident, TokenStream};
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::{Expr, ItemFn, LitStr, Token};

use crate::keys::{self, Entry, Form, Key, Keys, Value};
use crate::policy::Policy;
use crate::problems::Problems;
use crate::runtime_path::runtime;
use crate::suggest;
use crate::ungroup;

const KEYS: &[Key] = &[
    Key {
        name: "org_field",
        example: "org_field = \"category.organization\"",
        form: Form::Text,
    },
    Key {
        name: "scope",
        example: "scope = manager",
        form: Form::Word,
    },
    Key {
        name: "hidden",
        example: "hidden = forbidden",
        form: Form::Word,
    },
    Key {
        name: "principal",
        example: "principal = caller",
        form: Form::Word,
    },
    Key {
        name: "crate",
        example: "crate = my_crate::orgscope",
        form: Form::Path,
    },
];

/// The variants of `scope =` and of `hidden =`, and what they are in the runtime.
const ROLES: &[(&str, &str)] = &[
    ("member", "Member"),
    ("manager", "Manager"),
    ("owner", "Owner"),
];
const HIDDEN: &[(&str, &str)] = &[("not_found", "NotFound"), ("forbidden", "Forbidden")];

/// What a `#[protected(…)]` says. After a mistake some of it is missing.
pub(crate) struct Attributes {
    pub(crate) policy: Option<Policy>,
    pub(crate) org_field: Option<LitStr>,
    pub(crate) scope: Option<Ident>,
    pub(crate) hidden: Option<Ident>,
    pub(crate) principal: Option<Ident>,
    krate: Option<syn::Path>,
}

impl Attributes {
    pub(crate) fn runtime(&self) -> TokenStream {
        runtime(self.krate.as_ref())
    }

    /// The runtime of some arguments, whatever else is wrong with them.
    pub(crate) fn runtime_of(tokens: &TokenStream) -> TokenStream {
        let comma = |token: &proc_macro2::TokenTree| !matches!(token, proc_macro2::TokenTree::Punct(punct) if punct.as_char() == ',');
        let behind_policy = tokens.clone().into_iter().skip_while(comma).skip(1);
        let keys = keys::split(behind_policy.collect()).unwrap_or_default();
        let krate = keys.into_iter().find(|(name, _)| name == "crate");
        let krate = krate.and_then(|(_, rest)| keys::assigned::<ungroup::Path>(rest));
        runtime(krate.map(|path| path.0).as_ref())
    }

    /// Reads the policy, which comes first, and the keys behind it.
    pub(crate) fn read(
        tokens: TokenStream,
        function: &ItemFn,
        problems: &mut Problems,
    ) -> Attributes {
        let mut attributes = Attributes {
            policy: None,
            org_field: None,
            scope: None,
            hidden: None,
            principal: None,
            krate: None,
        };
        let rest = attributes.read_policy(tokens, function, problems);
        let mut keys = Keys::default();
        keys.read(rest, "protected", KEYS, problems);
        for Entry { name, value } in keys.entries {
            match (name.to_string().as_str(), value) {
                ("org_field", Value::Text(text)) => attributes.org_field = Some(text),
                ("scope", Value::Word(word)) => {
                    attributes.scope = variant(&word, "scope", ROLES, problems);
                }
                ("hidden", Value::Word(word)) => {
                    attributes.hidden = variant(&word, "hidden", HIDDEN, problems);
                }
                ("principal", Value::Word(word)) => attributes.principal = Some(word),
                (_, Value::Path(path)) => attributes.krate = Some(path),
                _ => {}
            }
        }
        attributes
    }

    fn read_policy(
        &mut self,
        tokens: TokenStream,
        function: &ItemFn,
        problems: &mut Problems,
    ) -> TokenStream {
        const MISSING: &str =
            "say who may call this: `#[protected(manager)]`, or `authenticated`, `member`, `owner`";
        if tokens.is_empty() {
            problems.at(&function.sig.ident, MISSING);
            return tokens;
        }
        let parser = |input: ParseStream<'_>| {
            let key_first =
                input.peek(Ident::peek_any) && input.peek2(Token![=]) && !input.peek2(Token![==]);
            let policy = if key_first {
                None
            } else {
                Some(input.parse::<Expr>()?)
            };
            if policy.is_some() && !input.is_empty() {
                input.parse::<Token![,]>()?;
            }
            Ok((policy, input.parse::<TokenStream>()?))
        };
        match problems.take(parser.parse2(tokens)) {
            None => TokenStream::new(),
            Some((None, rest)) => {
                problems.at(
                    &rest,
                    MISSING.replace("say who may call this", "the policy comes first"),
                );
                rest
            }
            Some((Some(policy), rest)) => {
                self.policy = Policy::read(&policy, problems);
                rest
            }
        }
    }
}

fn variant(
    word: &Ident,
    key: &str,
    variants: &[(&str, &str)],
    problems: &mut Problems,
) -> Option<Ident> {
    let found = variants.iter().find(|(name, _)| word == name);
    if found.is_none() {
        let names = suggest::list(variants.iter().map(|(name, _)| *name));
        problems.at(word, format!("`{key}` is {names}"));
    }
    found.map(|(_, variant)| Ident::new(variant, word.span()))
}
