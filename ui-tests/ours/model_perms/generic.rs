// `model_perms` about a model that is a parameter of the handler.
use orgscope::prelude::*;

#[protected(manager & model_perms)]
async fn show<M>(row: Object<M>)
where
    M: OrgScoped,
{
    let _ = row;
}

fn main() {}
