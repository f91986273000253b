//! What a process has one of and domains reach by its type: the search index, the sender of messages.

use std::{
    any::{Any, TypeId},
    collections::HashMap,
    sync::Arc,
};

use kernel::{Error, Result};

/// A map from a type to the one value of it. Filled at start-up, never changed after.
#[derive(Clone, Default)]
pub struct Services(Arc<HashMap<TypeId, Arc<dyn Any + Send + Sync>>>);

impl std::fmt::Debug for Services {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Services({})", self.0.len())
    }
}

impl Services {
    /// The same with one more.
    #[must_use]
    pub fn with<T: Any + Send + Sync>(self, service: Arc<T>) -> Self {
        let mut map = Arc::unwrap_or_clone(self.0);
        map.insert(TypeId::of::<T>(), service);
        Self(Arc::new(map))
    }

    /// The `T` of this process; an error of ours when start-up made none.
    pub fn get<T: Any + Send + Sync>(&self) -> Result<Arc<T>> {
        self.0
            .get(&TypeId::of::<T>())
            .and_then(|service| Arc::clone(service).downcast().ok())
            .ok_or_else(|| Error::internal(format!("no {} in this process", std::any::type_name::<T>())))
    }
}
