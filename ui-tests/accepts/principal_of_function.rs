// Functions outside of a web framework: the principal by reference, by value and in an `Arc`, with other arguments.
use std::sync::Arc;

use orgscope::prelude::*;

#[derive(Debug)]
enum Failure {
    Denied(Denied),
    Full,
}

impl From<Denied> for Failure {
    fn from(denied: Denied) -> Failure {
        Failure::Denied(denied)
    }
}

#[protected(manager, principal = caller)]
fn by_reference(caller: &Principal) -> Result<i32, Error> {
    Ok(i32::from(caller.is_superuser()))
}

#[protected(manager & !owner, principal = caller)]
fn by_value(rows: &mut Vec<i32>, caller: Principal) -> Result<(), Failure> {
    if rows.len() > 3 {
        return Err(Failure::Full);
    }
    rows.push(i32::from(caller.is_superuser()));
    Ok(())
}

#[protected(owner, principal = caller)]
fn shared<'a, T: Clone>(rows: &'a [T], caller: Arc<Principal<String>>) -> Result<&'a [T], Denied> {
    let _ = caller;
    Ok(rows)
}

#[protected(manager, principal = caller)]
fn boxed(caller: &Principal) -> Result<(), Box<dyn std::error::Error>> {
    let _ = caller;
    Ok(())
}

fn main() {}
