//! The sandbox's only source of randomness: ids, nonces, salts, card digits.

use std::fmt::Debug;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use aws_lc_rs::digest::{self, SHA256};
use uuid::Uuid;

/// Fills buffers with random bytes.
pub trait Random: Debug + Send + Sync + 'static {
    /// Overwrites every byte of `buffer`.
    fn fill(&self, buffer: &mut [u8]);

    /// A source of its own for one purpose. What is drawn from it does not change what comes from
    /// this one, so that a repeated run does not depend on how often something unrelated happens.
    fn fork(&self, purpose: &str) -> Arc<dyn Random>;
}

/// The operating system's generator. Only [`crate::Surroundings::real`] constructs it.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemRandom;

impl Random for SystemRandom {
    fn fill(&self, buffer: &mut [u8]) {
        #[expect(
            clippy::disallowed_methods,
            reason = "this is where randomness is injected from"
        )]
        let filled = aws_lc_rs::rand::fill(buffer);
        // aws-lc ends the process itself where the system has no randomness. An identifier or a key
        // that is not random must not be used, so the process cannot continue.
        filled.expect("aws-lc cannot fail here: without randomness it ends the process");
    }

    fn fork(&self, _: &str) -> Arc<dyn Random> {
        Arc::new(Self)
    }
}

/// A generator that yields the same bytes for the same seed, for runs that must repeat.
///
/// Its output is predictable by design: never use it where secrets matter.
#[derive(Debug)]
pub struct SeededRandom {
    seed: u64,
    /// What it was forked for, one purpose after the other.
    purpose: Vec<u8>,
    blocks: AtomicU64,
}

impl SeededRandom {
    /// A generator that starts from `seed`.
    pub const fn new(seed: u64) -> Self {
        Self {
            seed,
            purpose: Vec::new(),
            blocks: AtomicU64::new(0),
        }
    }

    fn next_block(&self) -> digest::Digest {
        let number = self.blocks.fetch_add(1, Ordering::Relaxed);
        let mut context = digest::Context::new(&SHA256);
        context.update(&self.seed.to_be_bytes());
        context.update(&number.to_be_bytes());
        context.update(&self.purpose);
        context.finish()
    }
}

impl Random for SeededRandom {
    fn fill(&self, buffer: &mut [u8]) {
        for chunk in buffer.chunks_mut(32) {
            chunk.copy_from_slice(&self.next_block().as_ref()[..chunk.len()]);
        }
    }

    fn fork(&self, purpose: &str) -> Arc<dyn Random> {
        // The length keeps "a" forked for "b" apart from "ab".
        let length = (purpose.len() as u64).to_be_bytes();
        Arc::new(Self {
            seed: self.seed,
            purpose: [&self.purpose, &length[..], purpose.as_bytes()].concat(),
            blocks: AtomicU64::new(0),
        })
    }
}

/// What is made from random bytes.
pub(crate) trait RandomExt {
    fn bytes<const N: usize>(&self) -> [u8; N];
    /// A version 4 UUID.
    fn uuid(&self) -> Uuid;
    /// `length` characters, each one of `alphabet`.
    fn text(&self, alphabet: &[u8], length: usize) -> String;
}

impl<R: Random + ?Sized> RandomExt for R {
    fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.fill(&mut bytes);
        bytes
    }

    fn uuid(&self) -> Uuid {
        uuid::Builder::from_random_bytes(self.bytes()).into_uuid()
    }

    fn text(&self, alphabet: &[u8], length: usize) -> String {
        // Four bytes a character keep the bias of the remainder below one in fifty million.
        (0..length)
            .map(|_| u32::from_be_bytes(self.bytes()) as usize % alphabet.len())
            .map(|index| char::from(alphabet[index]))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_bytes() {
        let (one, other) = (SeededRandom::new(7), SeededRandom::new(7));
        assert_eq!(one.bytes::<50>(), other.bytes::<50>());
        assert_ne!(one.bytes::<50>(), SeededRandom::new(8).bytes::<50>());
    }

    #[test]
    fn a_fork_repeats_and_draws_nothing_from_where_it_comes() {
        let (one, other) = (SeededRandom::new(7), SeededRandom::new(7));
        let first = one.fork("a").bytes::<40>();
        assert_eq!(first, other.fork("a").bytes::<40>());
        assert_eq!(one.bytes::<32>(), SeededRandom::new(7).bytes::<32>());
        let others = [one.fork("b"), one.fork("a").fork("b"), one.fork("ab")];
        let others = others.map(|random| random.bytes::<40>());
        for (index, bytes) in others.iter().enumerate() {
            assert_ne!(*bytes, first);
            assert!(!others[..index].contains(bytes));
        }
    }

    #[test]
    fn uuids_are_version_four() {
        assert_eq!(SystemRandom.uuid().get_version_num(), 4);
        assert_ne!(SystemRandom.uuid(), SystemRandom.uuid());
    }

    #[test]
    fn text_keeps_to_its_alphabet() {
        let text = SystemRandom.text(b"ab", 40);
        assert_eq!(text.len(), 40);
        assert!(
            text.bytes().all(|byte| matches!(byte, b'a' | b'b')),
            "got {text}"
        );
    }
}
