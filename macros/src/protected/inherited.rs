//! What a handler inherits from its controller.

use proc_macro2::{Delimiter, TokenStream, TokenTree};

use super::attributes::{Attributes, Place};
use crate::problems::Problems;

/// What a controller hands down: `@{ [type] (arguments) }`, its arguments, and the type that its policy has been made into.
/// The arguments begin with what the controller itself inherits.
pub(super) struct Inherited {
    ty: Option<syn::Path>,
    arguments: TokenStream,
}

impl Inherited {
    /// Splits what is inherited from what the user wrote.
    pub(super) fn split(tokens: TokenStream) -> (Option<Inherited>, TokenStream) {
        let mut rest = tokens.clone().into_iter();
        match (rest.next(), rest.next()) {
            (Some(TokenTree::Punct(at)), Some(TokenTree::Group(group))) if at.as_char() == '@' => {
                (Some(Inherited::parse(group.stream())), rest.collect())
            }
            _ => (None, tokens),
        }
    }

    fn parse(tokens: TokenStream) -> Inherited {
        let (mut ty, mut arguments) = (None, TokenStream::new());
        for token in tokens {
            match token {
                TokenTree::Group(group) if group.delimiter() == Delimiter::Bracket => {
                    ty = syn::parse2(group.stream()).ok();
                }
                TokenTree::Group(group) => arguments = group.stream(),
                _ => {}
            }
        }
        Inherited { ty, arguments }
    }

    /// The controller has reported its own mistakes.
    pub(super) fn read(self) -> Attributes {
        let ignored = &mut Problems::default();
        let mut read = Attributes::read(self.arguments, &"", Place::Controller, ignored);
        if let Some(ty) = self.ty {
            read.policy = read.policy.take().map(|policy| policy.at_path(ty));
        }
        read
    }
}
