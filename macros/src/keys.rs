//! The reader of `key`, `key = value` and `key(…)` lists. One table of keys makes the reader, the suggestions and the
//! messages.

use proc_macro2::TokenStream;
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::{Ident, LitStr, Token, Type};

use crate::problems::Problems;
use crate::suggest;
use crate::whole::whole;

/// One key that an attribute knows.
pub(crate) struct Key {
    pub(crate) name: &'static str,
    /// What it looks like, for messages: `shared = read`.
    pub(crate) example: &'static str,
    /// What it says, for the tables of the documentation.
    #[cfg_attr(not(test), expect(dead_code))]
    pub(crate) says: &'static str,
    /// The codes of what is commonly wrong with it, for them as well.
    #[cfg_attr(not(test), expect(dead_code))]
    pub(crate) wrong: &'static str,
    pub(crate) form: Form,
}

/// What follows a key.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Form {
    /// Nothing.
    Flag,
    /// `= "text"`.
    Text,
    /// `= word`.
    Word,
    /// `= Type`.
    Type,
    /// `= path::to::something`.
    Path,
    /// `= [path, path]`.
    Paths,
    /// Nothing, `= word`, or `= [word, word]`.
    Names,
    /// `= table`, or `= table(column, column)`.
    Join,
    /// `(…)`; may be given several times.
    List,
}

/// The value of a key.
pub(crate) enum Value {
    Flag,
    Text(LitStr),
    Word(Ident),
    Type(Box<Type>),
    Path(syn::Path),
    Join(Join),
    Words(Vec<Ident>),
    Paths(Vec<syn::Path>),
    List(TokenStream),
}

/// A join table, and its two columns where they are named.
pub(crate) struct Join {
    pub(crate) table: syn::Path,
    pub(crate) columns: Option<(Ident, Ident)>,
}

/// One key as the user wrote it.
pub(crate) struct Entry {
    pub(crate) name: Ident,
    pub(crate) value: Value,
}

/// The keys that were read.
#[derive(Default)]
pub(crate) struct Keys {
    pub(crate) entries: Vec<Entry>,
    tried: Vec<&'static str>,
}

impl Keys {
    /// Reads the keys of one more attribute. Unknown, repeated and malformed keys are reported and left out.
    pub(crate) fn read(
        &mut self,
        tokens: TokenStream,
        attribute: &str,
        known: &'static [Key],
        problems: &mut Problems,
    ) {
        let raw = whole(tokens, Punctuated::<Raw, Token![,]>::parse_terminated);
        for raw in problems.take(raw).into_iter().flatten() {
            let name = raw.name.unraw().to_string();
            let Some(key) = known.iter().find(|key| key.name == name) else {
                let names = known.iter().map(|key| key.name);
                self.tried.extend(suggest::nearest(&name, names));
                problems.at(&raw.name, unknown(&name, attribute, known));
                continue;
            };
            if key.form != Form::List && self.tried(key.name) {
                let message = format!("`{name}` is given twice; keep one of them [org03]");
                problems.at(&raw.name, message);
                continue;
            }
            self.tried.push(key.name);
            if let Some(value) = problems.take(raw.value(key)) {
                let name = raw.name;
                self.entries.push(Entry { name, value });
            }
        }
    }

    /// How often the user gave this key, or tried to.
    pub(crate) fn count(&self, key: &str) -> usize {
        self.tried.iter().filter(|tried| **tried == key).count()
    }

    /// Whether the user gave this key, or tried to: it is not reported as missing then.
    pub(crate) fn tried(&self, key: &str) -> bool {
        self.count(key) > 0
    }
}

fn unknown(name: &str, attribute: &str, known: &'static [Key]) -> String {
    let names = || known.iter().map(|key| key.name);
    match suggest::nearest(name, names()) {
        Some(nearest) => {
            format!("`{attribute}` has no key `{name}`; did you mean `{nearest}`? [org02]")
        }
        None => format!(
            "`{attribute}` has no key `{name}`; its keys are {} [org02]",
            suggest::list(names())
        ),
    }
}

/// Splits a list into its keys and what follows each, without looking at that.
pub(crate) fn split(tokens: TokenStream) -> syn::Result<Vec<(Ident, TokenStream)>> {
    let raw = Punctuated::<Raw, Token![,]>::parse_terminated.parse2(tokens)?;
    Ok(raw.into_iter().map(|raw| (raw.name, raw.rest)).collect())
}

/// A key with its value still as tokens.
struct Raw {
    name: Ident,
    rest: TokenStream,
}

impl Parse for Raw {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let name = input.call(Ident::parse_any)?;
        let mut rest = TokenStream::new();
        let mut angles = 0_usize;
        while !input.is_empty() && (angles > 0 || !input.peek(Token![,])) {
            if input.peek(Token![<]) {
                angles += 1;
            } else if input.peek(Token![>]) {
                angles = angles.saturating_sub(1);
            }
            rest.extend([input.parse::<proc_macro2::TokenTree>()?]);
        }
        Ok(Raw { name, rest })
    }
}

impl Raw {
    fn value(&self, key: &Key) -> syn::Result<Value> {
        let rest = self.rest.clone();
        let value = match key.form {
            Form::Flag => rest.is_empty().then_some(Value::Flag),
            Form::List => syn::parse2::<proc_macro2::Group>(rest)
                .ok()
                .map(|group| Value::List(group.stream())),
            Form::Text => assigned(rest).map(Value::Text),
            Form::Word => assigned::<AnyIdent>(rest).map(|word| Value::Word(word.0)),
            Form::Type => assigned(rest).map(|ty| Value::Type(Box::new(ty))),
            Form::Path => assigned::<ModPath>(rest).map(|path| Value::Path(path.0)),
            Form::Join => assigned(rest).map(Value::Join),
            Form::Names if rest.is_empty() => Some(Value::Flag),
            Form::Names => match assigned::<AnyIdent>(rest.clone()) {
                Some(word) => Some(Value::Words(vec![word.0])),
                None => assigned::<Words>(rest).map(|words| Value::Words(words.0)),
            },
            Form::Paths => assigned::<Paths>(rest).map(|paths| Value::Paths(paths.0)),
        };
        value.ok_or_else(|| {
            let message = format!("write it like this: `{}` [org04]", key.example);
            syn::Error::new_spanned(self, message)
        })
    }
}

impl quote::ToTokens for Raw {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        self.name.to_tokens(tokens);
        self.rest.to_tokens(tokens);
    }
}

/// Parses `= value`, whole.
pub(crate) fn assigned<T: Parse>(tokens: TokenStream) -> Option<T> {
    let parser = |input: ParseStream<'_>| {
        input.parse::<Token![=]>()?;
        input.parse()
    };
    parser.parse2(tokens).ok()
}

/// A name, raw if it is a keyword, as the column or the field that it names is.
pub(crate) fn any_ident(input: ParseStream<'_>) -> syn::Result<Ident> {
    let name = input.call(Ident::parse_any)?;
    let text = name.to_string();
    let is_keyword = syn::parse_str::<Ident>(&text).is_err();
    match is_keyword && !matches!(text.as_str(), "self" | "Self" | "super" | "crate" | "_") {
        true => Ok(Ident::new_raw(&text, name.span())),
        false => Ok(name),
    }
}

struct AnyIdent(Ident);

impl Parse for AnyIdent {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        any_ident(input).map(AnyIdent)
    }
}

struct Words(Vec<Ident>);

impl Parse for Words {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let inner;
        syn::bracketed!(inner in input);
        let words = Punctuated::<AnyIdent, Token![,]>::parse_terminated(&inner)?;
        Ok(Words(words.into_iter().map(|word| word.0).collect()))
    }
}

struct Paths(Vec<syn::Path>);

impl Parse for Paths {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let inner;
        syn::bracketed!(inner in input);
        let paths = Punctuated::<ModPath, Token![,]>::parse_terminated(&inner)?;
        Ok(Paths(paths.into_iter().map(|path| path.0).collect()))
    }
}

impl Parse for Join {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let table = input.call(syn::Path::parse_mod_style)?;
        if input.is_empty() {
            let columns = None;
            return Ok(Join { table, columns });
        }
        let inner;
        syn::parenthesized!(inner in input);
        let columns = Punctuated::<Ident, Token![,]>::parse_terminated(&inner)?;
        let mut columns = columns.into_iter();
        match (columns.next(), columns.next(), columns.next()) {
            (Some(row), Some(group), None) => {
                let columns = Some((row, group));
                Ok(Join { table, columns })
            }
            _ => Err(inner.error("two columns: that of the row and that of the group [org04]")),
        }
    }
}

struct ModPath(syn::Path);

impl Parse for ModPath {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        input.call(syn::Path::parse_mod_style).map(ModPath)
    }
}
