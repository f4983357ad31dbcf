// Methods and associated functions outside of a web framework, in an `impl` and in a trait's `impl`.
use orgscope::prelude::*;

struct Archive {
    rows: Vec<i32>,
}

trait Purge {
    fn purge(&mut self, caller: &Principal) -> Result<usize, Error>;
}

impl Archive {
    #[protected(owner, principal = caller)]
    fn take(self, caller: &Principal) -> Result<Vec<i32>, Error> {
        let _ = caller;
        Ok(self.rows)
    }

    /// Makes an archive, for managers.
    #[protected(manager, principal = caller)]
    pub async fn open(caller: &Principal) -> Result<Self, Error> {
        let _ = caller;
        Ok(Archive { rows: Vec::new() })
    }
}

impl Purge for Archive {
    #[protected(manager, principal = caller)]
    fn purge(&mut self, caller: &Principal) -> Result<usize, Error> {
        let _ = caller;
        Ok(self.rows.drain(..).count())
    }
}

fn main() {}
