//! Entities as they were read last, for callers that poll.
//!
//! What was read is valid until the next commit, and only this process commits to an SQLite database. So
//! everything is dropped with each commit, and nothing is kept while a commit is under way.

use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use uuid::Uuid;

/// How many entities are held at most.
const MOST: usize = 1_024;

/// What was read since the last commit.
#[derive(Debug, Default)]
pub(crate) struct Entities(Mutex<Held>);

#[derive(Debug, Default)]
struct Held {
    /// As of which commit.
    version: u64,
    /// By what they are and by their id.
    all: HashMap<(TypeId, Uuid), Box<dyn Any + Send>>,
}

impl Entities {
    /// An entity, where it was read as of this commit.
    pub(crate) fn get<T: Clone + Send + 'static>(&self, version: u64, id: Uuid) -> Option<T> {
        let held = self.of(version);
        held.all
            .get(&(TypeId::of::<T>(), id))?
            .downcast_ref()
            .cloned()
    }

    /// Holds an entity. It was read after this commit.
    pub(crate) fn hold<T: Clone + Send + 'static>(&self, version: u64, id: Uuid, entity: &T) {
        let mut held = self.of(version);
        if held.all.len() >= MOST {
            held.all.clear();
        }
        let entity = Box::new(entity.clone());
        held.all.insert((TypeId::of::<T>(), id), entity);
    }

    /// What is held as of this commit; nothing where there was another one.
    fn of(&self, version: u64) -> MutexGuard<'_, Held> {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if held.version != version {
            held.version = version;
            held.all.clear();
        }
        held
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entity_is_held_until_the_next_commit() {
        let (entities, id) = (Entities::default(), Uuid::from_u128(1));
        entities.hold(2, id, &"a card".to_owned());
        assert_eq!(entities.get::<String>(2, id).as_deref(), Some("a card"));
        assert_eq!(entities.get::<u32>(2, id), None, "it is something else");
        assert_eq!(entities.get::<String>(2, Uuid::from_u128(2)), None);
        assert_eq!(entities.get::<String>(4, id), None);
        assert_eq!(entities.get::<String>(2, id), None, "it was forgotten");
        for number in 0..5_000 {
            entities.hold(6, Uuid::from_u128(number), &1_u32);
        }
        assert!(entities.of(6).all.len() <= MOST);
    }
}
