// Authenticators of the service and of one's own, for a handler, a bundle and a controller.
use orgscope::prelude::*;

pub mod auth {
    pub const API_KEY: &str = "api-key";
}
const OTHER: &str = "other";

policy! {
    pub IpamApi = manager;
    authenticate = [session, bearer];
}

#[protected(IpamApi, authenticate = [sesame, auth::API_KEY, OTHER])]
async fn handler() {}

#[protected(member, authenticate = [bearer,])]
mod controller {
    use orgscope::prelude::*;

    #[protected]
    pub async fn inherits() {}

    #[protected(authenticate = [session])]
    pub async fn says() {}
}

fn main() {
    let _ = (handler, controller::inherits, controller::says);
}
