//! Keeps a value for a while that is expensive to compute.

use std::future::Future;

use tokio::sync::Mutex;
use tokio::time::Instant;

/// Finding out may take this share of the time at most: one part in so many.
const SHARE: u32 = 50;

/// A value that is remembered for fifty times as long as it took to find it out.
#[derive(Debug)]
pub(crate) struct Remembered<T>(Mutex<Option<(Instant, T)>>);

impl<T> Default for Remembered<T> {
    fn default() -> Self {
        Self(Mutex::new(None))
    }
}

impl<T: Clone> Remembered<T> {
    /// The value that is remembered, else the one that `find` finds. A call that asks meanwhile waits
    /// for it.
    pub(crate) async fn get_or<E>(&self, find: impl Future<Output = Result<T, E>>) -> Result<T, E> {
        let mut known = self.0.lock().await;
        if let Some((until, value)) = known.as_ref()
            && Instant::now() < *until
        {
            return Ok(value.clone());
        }
        let begun = Instant::now();
        let value = find.await?;
        *known = Some((Instant::now() + begun.elapsed() * SHARE, value.clone()));
        Ok(value)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn what_took_long_is_remembered_for_longer() {
        let remembered = Remembered::default();
        let find = async |value: u8| {
            let slow = async {
                tokio::time::sleep(Duration::from_millis(10)).await;
                Ok::<_, ()>(value)
            };
            remembered.get_or(slow).await
        };
        assert_eq!(find(1).await, Ok(1));
        tokio::time::advance(Duration::from_millis(499)).await;
        assert_eq!(find(2).await, Ok(1));
        tokio::time::advance(Duration::from_millis(2)).await;
        assert_eq!(find(3).await, Ok(3));
        let failed = remembered.get_or(std::future::ready(Err("broken"))).await;
        assert_eq!(failed, Ok(3), "what is remembered needs no finding");
    }
}
