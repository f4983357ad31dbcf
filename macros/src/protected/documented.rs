//! What the documentation of an API is told of a handler: its own words, and the types of its arguments and of its answer.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::{
    Expr, ExprLit, FnArg, GenericArgument, Lit, Meta, PathArguments, ReturnType, Type, parse_quote,
};

use super::arguments::inner;
use super::item::Function;
use crate::org_scoped::chain;
use crate::ungroup;

/// The arguments that have nothing to say.
const SILENT: &[&str] = &["Db", "Principal", "Scoped", "Unscoped", "UnscopedSql"];

/// What the types say: `Takes::<Paging>::DOC`, `Gives::<Json<Build>>::DOC`.
pub(super) fn parts(function: &Function, runtime: &TokenStream) -> Vec<TokenStream> {
    let unnamed = unnamed(function);
    let part = |of: &str, ty: &Type, part: &str| {
        let span = Span::mixed_site().located_at(ty.span());
        let runtime = chain::respan(runtime.clone(), span);
        let (of, part) = (Ident::new(of, span), Ident::new(part, span));
        has_a_name(ty, &unnamed).then(|| quote_spanned!(span=> #runtime::#of::<#ty>::#part))
    };
    let arguments = function.sig.inputs.iter().filter_map(|argument| {
        let FnArg::Typed(argument) = argument else {
            return None;
        };
        let says = match last(&argument.ty) {
            Some(last) if SILENT.iter().any(|name| last.ident == name) => None,
            // Without the wrapper: of one around something else, the compiler has told once.
            Some(last) if last.ident == "Filtered" => part("Takes", inner(last)?, "FILTERS"),
            _ => part("Takes", &argument.ty, "DOC"),
        }?;
        let conditions = argument.attrs.iter();
        let conditions = conditions.filter(|attribute| attribute.path().is_ident("cfg"));
        Some(quote!(#(#conditions)* #says))
    });
    let answers = answers(&function.sig.output);
    let answers = answers
        .iter()
        .filter_map(|answer| part("Gives", answer, "DOC"));
    arguments.chain(answers).collect()
}

/// The last segment of a type that is a path.
fn last(ty: &Type) -> Option<&syn::PathSegment> {
    match ungroup::ty(ty) {
        Type::Path(path) => path.path.segments.last(),
        _ => None,
    }
}

/// The answer, and the error of a `Result` that is one of the service's own.
fn answers(output: &ReturnType) -> Vec<Type> {
    let ReturnType::Type(_, answer) = output else {
        return vec![parse_quote!(())];
    };
    let arguments = match last(answer) {
        Some(result) if result.ident == "Result" => &result.arguments,
        _ => &PathArguments::None,
    };
    let error = match arguments {
        PathArguments::AngleBracketed(arguments) => arguments.args.get(1),
        _ => None,
    };
    let error = match error {
        Some(GenericArgument::Type(error)) => Some(error),
        _ => None,
    };
    [&**answer].into_iter().chain(error).cloned().collect()
}

/// The doc comment, line by line, without the space that begins each.
pub(super) fn docs(function: &Function) -> String {
    let lines = function.attrs.iter().filter_map(|attribute| {
        let Meta::NameValue(named) = &attribute.meta else {
            return None;
        };
        let Expr::Lit(ExprLit {
            lit: Lit::Str(text),
            ..
        }) = &named.value
        else {
            return None;
        };
        named.path.is_ident("doc").then(|| text.value())
    });
    let written: Vec<String> = lines.map(|text| unstarred(&text)).collect();
    let lines = written.iter().flat_map(|text| text.split('\n'));
    let lines = lines.map(|line| line.strip_prefix(' ').unwrap_or(line));
    lines.collect::<Vec<_>>().join("\n").trim().to_owned()
}

/// A comment of one block may have a star before each line but the first.
fn unstarred(text: &str) -> String {
    let mut lines = text.lines();
    let first = lines.next().unwrap_or_default();
    let others: Vec<&str> = lines.map(str::trim_start).collect();
    let is_starred = |line: &&str| line.is_empty() || line.starts_with('*');
    if others.is_empty() || !others.iter().all(is_starred) {
        return text.to_owned();
    }
    let others = others
        .iter()
        .map(|line| line.strip_prefix('*').unwrap_or(line));
    [first]
        .into_iter()
        .chain(others)
        .collect::<Vec<_>>()
        .join("\n")
}

/// What the handler is generic over: outside of it these have no name.
fn unnamed(function: &Function) -> Vec<Ident> {
    let generics = function.sig.generics.params.iter();
    let names = generics.map(|parameter| match parameter {
        syn::GenericParam::Lifetime(lifetime) => lifetime.lifetime.ident.clone(),
        syn::GenericParam::Type(ty) => ty.ident.clone(),
        syn::GenericParam::Const(constant) => constant.ident.clone(),
    });
    names.collect()
}

/// Whether the type can be written outside of the handler.
fn has_a_name(ty: &Type, unnamed: &[Ident]) -> bool {
    fn every_word(tokens: TokenStream, fits: &dyn Fn(&Ident) -> bool) -> bool {
        tokens.into_iter().all(|token| match token {
            TokenTree::Ident(word) => fits(&word),
            TokenTree::Group(group) => every_word(group.stream(), fits),
            TokenTree::Punct(_) | TokenTree::Literal(_) => true,
        })
    }
    let fits = |word: &Ident| {
        let word = word.unraw();
        word != "impl" && word != "Self" && unnamed.iter().all(|name| name.unraw() != word)
    };
    every_word(ty.to_token_stream(), &fits)
}

#[cfg(test)]
#[allow(clippy::expect_used)]
mod tests {
    use super::*;

    #[test]
    fn comments_are_read_as_they_are_meant() {
        let read = |source: &str| docs(&syn::parse_str::<Function>(source).expect("a function"));
        let handler = "async fn handler() {}";
        let lines = format!("/// One.\n///\n/// * two\n/// * three\n{handler}");
        assert_eq!(read(&lines), "One.\n\n* two\n* three");
        let block = format!("/** One.\n *\n * Two.\n */\n{handler}");
        assert_eq!(read(&block), "One.\n\nTwo.");
        assert_eq!(read(handler), "");
    }
}
