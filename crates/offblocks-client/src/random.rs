//! The source of randomness, as a trait. The trait for the time is `offblocks_signature::Clock`.

use std::fmt;

use uuid::Uuid;

/// Makes the keys under which a server recognises a repeated call, and the randomness of pauses.
pub trait Random: fmt::Debug + Send + Sync + 'static {
    /// A new random UUID (version 4).
    fn uuid(&self) -> Uuid;

    /// A number from zero (included) to one (excluded), by which pauses are made random. It uses the bits
    /// of a UUID that are random.
    fn fraction(&self) -> f64 {
        let (_, low) = self.uuid().as_u64_pair();
        // 53 bits fit an `f64` exactly.
        (low & ((1 << 53) - 1)) as f64 / (1_u64 << 53) as f64
    }
}
