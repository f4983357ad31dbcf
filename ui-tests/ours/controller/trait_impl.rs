// The `impl` of a trait as a controller.
use orgscope::prelude::*;

trait Api {
    async fn list();
}

struct Devices;

#[protected(manager)]
impl Api for Devices {
    async fn list() {}
}

fn main() {}
