//! Completion of keys and atoms in editors.
//!
//! rust-analyzer knows nothing of what stands in an attribute, but expands it while it is typed, and completes paths in what comes out. So for an
//! editor, and only there, each key that was written is imported from a module in which every key is a module (`orgscope::macros::completion`).

use std::sync::OnceLock;

use proc_macro2::{Delimiter, Ident, Span, TokenStream, TokenTree};
use quote::quote;
use syn::DeriveInput;
use syn::ext::IdentExt;

use crate::keys;
use crate::runtime_path::runtime;

/// Words whose parentheses have keys or atoms in them.
const LISTS: &[&str] = &["all", "any", "relation", "many", "dependents"];

/// What an editor wants beside the expansion of an attribute.
pub(crate) fn of_attribute(of: &str, arguments: &TokenStream) -> TokenStream {
    match is_editor() {
        true => uses(of, std::slice::from_ref(arguments)),
        false => TokenStream::new(),
    }
}

/// The same for the attributes of a derive.
pub(crate) fn of_derive(attribute: &str, of: &str, item: &TokenStream) -> TokenStream {
    if !is_editor() {
        return TokenStream::new();
    }
    let Ok(input) = syn::parse2::<DeriveInput>(item.clone()) else {
        return TokenStream::new();
    };
    let fields = match &input.data {
        syn::Data::Struct(data) => data.fields.iter().flat_map(|field| &field.attrs).collect(),
        _ => Vec::new(),
    };
    let lists = input.attrs.iter().chain(fields);
    let lists = lists.filter(|written| written.path().is_ident(attribute));
    let lists = lists.filter_map(|written| written.meta.require_list().ok());
    uses(
        of,
        &lists.map(|list| list.tokens.clone()).collect::<Vec<_>>(),
    )
}

/// Whether this runs in rust-analyzer's server of macros, and not in a compiler.
fn is_editor() -> bool {
    static IS_EDITOR: OnceLock<bool> = OnceLock::new();
    *IS_EDITOR.get_or_init(|| {
        let program = std::env::current_exe().ok();
        let name = program.as_deref().and_then(|program| program.file_name());
        name.is_some_and(|name| name.to_string_lossy().starts_with("rust-analyzer"))
    })
}

fn uses(of: &str, lists: &[TokenStream]) -> TokenStream {
    let mut words = Vec::new();
    for list in lists {
        collect(list.clone(), &mut words);
    }
    let runtime = runtime(lists.iter().find_map(own_path).as_ref());
    let module = Ident::new(of, Span::call_site());
    quote! {
        const _: () = {
            mod words {
                use #runtime::completion::#module::*;
                use self::{#(#words as _,)*};
            }
        };
    }
}

/// The path of `crate = path`.
fn own_path(list: &TokenStream) -> Option<syn::Path> {
    let keys = keys::split(list.clone()).ok()?;
    let (_, rest) = keys.into_iter().find(|(name, _)| name == "crate")?;
    let path: TokenStream = rest.into_iter().skip(1).collect();
    syn::parse2(path).ok()
}

/// A word as the last part of a path, where some keys are no names (`override`).
fn as_path(name: &str, written: &Ident) -> Ident {
    match syn::parse_str::<Ident>(name) {
        Ok(_) => Ident::new(name, written.span()),
        Err(_) => Ident::new_raw(name, written.span()),
    }
}

/// The words where a key or an atom stands. Whatever is half typed: what is no word is passed over.
fn collect(list: TokenStream, words: &mut Vec<Ident>) {
    let mut tokens = list.into_iter().peekable();
    let (mut is_value, mut before) = (false, None::<String>);
    while let Some(token) = tokens.next() {
        let mut word = None;
        match token {
            TokenTree::Ident(ident)
                if !is_value && before.as_deref().is_none_or(|word| word == "override") =>
            {
                let name = ident.unraw().to_string();
                let is_path =
                    matches!(tokens.peek(), Some(TokenTree::Punct(sign)) if sign.as_char() == ':');
                if !is_path && name != "crate" && name.starts_with(char::is_lowercase) {
                    words.push(as_path(&name, &ident));
                }
                word = Some(name);
            }
            TokenTree::Punct(sign) => match sign.as_char() {
                ',' => is_value = false,
                '&' | '|' | '!' => {}
                '=' => is_value = true,
                // The rest of a path is no word.
                _ => word = Some(String::new()),
            },
            TokenTree::Group(group) if group.delimiter() == Delimiter::Parenthesis && !is_value => {
                let of_list = before.as_deref().is_none_or(|name| LISTS.contains(&name));
                if of_list {
                    collect(group.stream(), words);
                }
            }
            _ => {}
        }
        before = word;
    }
}

#[cfg(test)]
#[allow(clippy::expect_used)]
mod tests {
    use super::*;

    fn words(of: &str) -> Vec<String> {
        let mut words = Vec::new();
        collect(of.parse().expect("tokens"), &mut words);
        words.iter().map(Ident::to_string).collect()
    }

    #[test]
    fn words_stand_where_a_key_or_an_atom_does() {
        assert_eq!(
            words(
                "(manager | !can_v) & any(owner, perm(\"a.b\")) & in_group(ADMINS) & IpamApi & own::permission, org_field = \"a.b\", sco"
            ),
            [
                "manager",
                "can_v",
                "any",
                "owner",
                "perm",
                "in_group",
                "org_field",
                "sco"
            ]
        );
        assert_eq!(
            words(
                "relation(name = fits, model = Part, col), fields(name, size), crate = my::own, shared = rea"
            ),
            ["relation", "name", "model", "col", "fields", "shared"]
        );
        assert_eq!(
            words("override manager, , = & x::, "),
            ["r#override", "manager"]
        );
    }
}
