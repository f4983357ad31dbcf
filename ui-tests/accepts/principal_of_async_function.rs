// Asynchronous functions outside of a web framework, one of them under another attribute macro.
use orgscope::prelude::*;

#[protected(manager, principal = caller)]
async fn purge(caller: &Principal) -> Result<(), Error> {
    std::future::ready(()).await;
    let _ = caller;
    Ok(())
}

#[protected(manager, principal = caller)]
#[tracing::instrument]
async fn archive(caller: Principal, name: String) -> Result<String, Error> {
    std::future::ready(()).await;
    Ok(format!("{name} of {caller:?}"))
}

#[tracing::instrument(skip(caller))]
#[protected(manager, principal = caller)]
async fn restore(caller: &Principal, name: String) -> Result<String, Error> {
    Ok(format!("{name} of {caller:?}"))
}

fn main() {}
