//! Sessions of actix in memory.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use actix_session::storage::{
    LoadError, SaveError, SessionKey, SessionStore, UpdateError, generate_session_key,
};
use actix_web::cookie::time::Duration;

type State = HashMap<String, String>;

/// Sessions by their keys.
#[derive(Clone, Default)]
pub struct Sessions(Arc<Mutex<HashMap<String, State>>>);

impl Sessions {
    fn all<T>(&self, act: impl FnOnce(&mut HashMap<String, State>) -> T) -> T {
        act(&mut self.0.lock().expect("nobody has panicked"))
    }
}

impl SessionStore for Sessions {
    async fn load(&self, key: &SessionKey) -> Result<Option<State>, LoadError> {
        Ok(self.all(|all| all.get(key.as_ref()).cloned()))
    }

    async fn save(&self, state: State, _: &Duration) -> Result<SessionKey, SaveError> {
        let key = generate_session_key();
        self.all(|all| all.insert(key.as_ref().to_owned(), state));
        Ok(key)
    }

    async fn update(
        &self,
        key: SessionKey,
        state: State,
        _: &Duration,
    ) -> Result<SessionKey, UpdateError> {
        self.all(|all| all.insert(key.as_ref().to_owned(), state));
        Ok(key)
    }

    async fn update_ttl(&self, _: &SessionKey, _: &Duration) -> Result<(), anyhow::Error> {
        Ok(())
    }

    async fn delete(&self, key: &SessionKey) -> Result<(), anyhow::Error> {
        self.all(|all| all.remove(key.as_ref()));
        Ok(())
    }
}
