//! The number by which a process is known to the others on its schema.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

/// The number of this process among those on the schema, while its session is open.
#[derive(Debug, Clone, Default)]
pub(in crate::store) struct Instance(Arc<AtomicI64>);

impl Instance {
    pub(in crate::store) fn number(&self) -> Option<i64> {
        Some(self.0.load(Ordering::Acquire)).filter(|number| *number != 0)
    }

    pub(super) fn set(&self, number: i64) {
        self.0.store(number, Ordering::Release);
    }
}
