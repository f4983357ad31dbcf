//! The keys of `#[protected(policy, …)]`.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote};
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::{Expr, LitStr, Token};

use super::inherited::Inherited;
use super::words::{HIDDEN, KEYS, ROLES, SCOPES, rank, variant};
use crate::authenticators;
use crate::keys::{Entry, Keys, Value};
use crate::policy::{Emitted, Policy};
use crate::problems::Problems;
use crate::runtime_path::runtime;
use crate::whole::whole;

/// What a `#[protected(…)]` stands on.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Place {
    Function,
    /// A module or an `impl` block.
    Controller,
}

/// What a `#[protected(…)]` says, with what it inherits. After a mistake some of it is missing.
#[derive(Default)]
pub(crate) struct Attributes {
    pub(crate) policy: Option<Policy>,
    pub(crate) org_field: Option<LitStr>,
    pub(crate) scope: Option<Ident>,
    pub(crate) write: Option<Ident>,
    pub(crate) hidden: Option<Ident>,
    pub(crate) principal: Option<Ident>,
    pub(crate) reason: Option<LitStr>,
    pub(crate) throttle: Option<LitStr>,
    /// The names of authenticators, as code.
    pub(crate) authenticate: Option<TokenStream>,
    /// It replaces what it would inherit, or its controller does.
    pub(crate) overrides: Option<Ident>,
    /// The keys about rows that are written here, not inherited.
    pub(crate) own_keys: Vec<Ident>,
    krate: Option<syn::Path>,
}

impl Attributes {
    pub(crate) fn runtime(&self) -> TokenStream {
        runtime(self.krate.as_ref())
    }

    /// The runtime of some arguments, whatever else is wrong with them.
    pub(crate) fn runtime_of(tokens: &TokenStream) -> TokenStream {
        let ignored = &mut Problems::default();
        Attributes::read(tokens.clone(), &"", Place::Function, ignored).runtime()
    }

    /// The rule as code: the items that the policy needs, and the value.
    pub(crate) fn access(&self, runtime: &TokenStream) -> Emitted {
        let mut emitted = match &self.policy {
            Some(policy) => policy.emit(runtime),
            None => Emitted::stand_in(runtime),
        };
        let ty = emitted.ty;
        let reason = self.reason.as_ref().map(LitStr::value).unwrap_or_default();
        let scope = self.scope.iter().map(|scope| match scope == "All" {
            true => quote!(.scope_all(#reason)),
            false => quote!(.scope(#runtime::Role::#scope)),
        });
        let (write, hidden, throttle) =
            (self.write.iter(), self.hidden.iter(), self.throttle.iter());
        let authenticate = &self.authenticate;
        emitted.ty = quote! {
            #runtime::Access::of::<#ty>()
                #(#scope)*
                #(.write(#runtime::Role::#write))*
                #(.hidden(#runtime::Hidden::#hidden))*
                #(.throttle(#throttle))*
                #authenticate
        };
        emitted
    }

    /// Reads what is inherited (written by a controller), the policy, and the keys behind it. `at` is where a missing
    /// policy is reported.
    pub(crate) fn read(
        tokens: TokenStream,
        at: &dyn ToTokens,
        place: Place,
        problems: &mut Problems,
    ) -> Attributes {
        let (inherited, own) = Inherited::split(tokens);
        let outer = inherited.map(Inherited::read);
        let mut attributes = Attributes::default();
        let rest = attributes.read_override(own, outer.is_some(), problems);
        let rest = attributes.read_policy(rest, at, outer.as_ref(), problems);
        let scope_tried = attributes.read_keys(rest, place, problems);
        if attributes.scope.is_some() || !scope_tried {
            attributes.check_reason(problems);
        }
        attributes.within(outer.as_ref(), problems)
    }

    /// What is said here, on top of what the controller says.
    fn within(mut self, outer: Option<&Attributes>, problems: &mut Problems) -> Attributes {
        let Some(outer) = outer else { return self };
        self.krate = self.krate.take().or_else(|| outer.krate.clone());
        if self.overrides.is_some() {
            return self;
        }
        self.overrides = outer.overrides.clone();
        self.policy = match (self.policy.take(), &outer.policy) {
            (Some(own), Some(outer)) => own.within(outer, problems),
            (own, outer) => own.or_else(|| outer.clone()),
        };
        for (own, outer) in [(&self.scope, &outer.scope), (&self.write, &outer.write)] {
            if let (Some(own), Some(outer)) = (own, outer)
                && rank(own) < rank(outer)
            {
                let outer = outer.to_string().to_lowercase();
                let message = format!(
                    "weaker than the controller's `{outer}`; `override` replaces that [org40]"
                );
                problems.at(own, message);
            }
        }
        if self.scope.is_none() {
            self.scope = outer.scope.clone();
            self.reason = outer.reason.clone();
        }
        self.write = self.write.take().or_else(|| outer.write.clone());
        self.hidden = self.hidden.take().or_else(|| outer.hidden.clone());
        self.throttle = self.throttle.take().or_else(|| outer.throttle.clone());
        let outer_names = || outer.authenticate.clone();
        self.authenticate = self.authenticate.take().or_else(outer_names);
        self
    }

    fn read_override(
        &mut self,
        tokens: TokenStream,
        inherits: bool,
        problems: &mut Problems,
    ) -> TokenStream {
        let parser = |input: ParseStream<'_>| {
            let flag = input.peek(Token![override]) && !input.peek2(Token![=]);
            let flag = match flag {
                true => Some(input.call(Ident::parse_any)?),
                false => None,
            };
            if flag.is_some() && !input.is_empty() {
                input.parse::<Token![,]>()?;
            }
            Ok((flag, input.parse::<TokenStream>()?))
        };
        let Some((flag, rest)) = problems.take(whole(tokens, parser)) else {
            return TokenStream::new();
        };
        if let (Some(flag), false) = (&flag, inherits) {
            problems.at(
                flag,
                "there is no controller here whose policy could be replaced; remove `override` [org38]",
            );
        }
        self.overrides = flag;
        rest
    }

    fn read_policy(
        &mut self,
        tokens: TokenStream,
        at: &dyn ToTokens,
        outer: Option<&Attributes>,
        problems: &mut Problems,
    ) -> TokenStream {
        const MISSING: &str = "say who may call this: `#[protected(manager)]`, or `authenticated`, `member`, `owner` [org10]";
        // Within a controller there is a policy already, unless it is to be replaced.
        let required = outer.is_none() || self.overrides.is_some();
        if tokens.is_empty() {
            if required {
                problems.at(at, MISSING);
            }
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
        match problems.take(whole(tokens, parser)) {
            None => TokenStream::new(),
            Some((None, rest)) => {
                if required {
                    problems.at(
                        &rest,
                        MISSING.replace("say who may call this", "the policy comes first"),
                    );
                }
                rest
            }
            Some((Some(policy), rest)) => {
                self.policy = Policy::read(&policy, problems);
                rest
            }
        }
    }

    /// Whether `scope` was given, rightly or not.
    fn read_keys(&mut self, tokens: TokenStream, place: Place, problems: &mut Problems) -> bool {
        let mut keys = Keys::default();
        keys.read(tokens, "protected", KEYS, problems);
        let scope_tried = keys.tried("scope");
        for Entry { name, value } in keys.entries {
            let key = name.to_string();
            if place == Place::Controller && matches!(&*key, "org_field" | "principal") {
                problems.at(
                    &name,
                    format!(
                        "`{key}` belongs to one function; write it on the functions inside [org39]"
                    ),
                );
                continue;
            }
            if matches!(
                &*key,
                "scope" | "write" | "hidden" | "throttle" | "authenticate"
            ) {
                self.own_keys.push(name.clone());
            }
            match (&*key, value) {
                ("org_field", Value::Text(text)) => self.org_field = Some(text),
                ("reason", Value::Text(text)) => self.reason = Some(text),
                ("throttle", Value::Text(text)) => {
                    authenticators::check_throttle(&text, problems);
                    self.throttle = Some(text);
                }
                ("authenticate", Value::Paths(names)) => {
                    self.authenticate = Some(authenticators::read(&name, &names, problems));
                }
                ("scope", Value::Word(word)) => {
                    self.scope = variant(&word, "scope", SCOPES, problems);
                }
                ("write", Value::Word(word)) => {
                    self.write = variant(&word, "write", ROLES, problems);
                }
                ("hidden", Value::Word(word)) => {
                    self.hidden = variant(&word, "hidden", HIDDEN, problems);
                }
                ("principal", Value::Word(word)) => self.principal = Some(word),
                ("override", _) => problems.at(
                    &name,
                    "`override` comes first: `#[protected(override, policy)]` [org38]",
                ),
                (_, Value::Path(path)) => self.krate = Some(path),
                _ => {}
            }
        }
        scope_tried
    }

    /// `scope = all` and `reason` go together.
    fn check_reason(&self, problems: &mut Problems) {
        let all = self.scope.as_ref().filter(|scope| *scope == "All");
        match (all, &self.reason) {
            (Some(all), None) => problems.at(
                all,
                "say why this handler sees every organization: `scope = all, reason = \"…\"` [org37]",
            ),
            (None, Some(reason)) => problems.at(reason, "`reason` belongs to `scope = all` [org37]"),
            (Some(_), Some(reason)) if reason.value().trim().is_empty() => {
                problems.at(
                    reason,
                    "say in a few words why this handler sees every organization [org37]",
                );
            }
            _ => {}
        }
    }
}
