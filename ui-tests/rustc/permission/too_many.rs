// More own permissions than a list can ask for in every combination.
use orgscope::policy::{Asked, Check, Permission};
use orgscope::prelude::*;

macro_rules! permissions {
    ($($name:ident)*) => {$(
        struct $name;

        impl Permission for $name {
            fn check<'a>(asked: &'a Asked<'a>) -> Check<'a> {
                asked.caller().is_authenticated().into()
            }
        }
    )*};
}

permissions! { One Two Three Four Five Six Seven Eight Nine }

#[protected(One | Two | Three | Four | Five | Six | Seven | Eight | Nine)]
async fn show() {}

fn main() {}
