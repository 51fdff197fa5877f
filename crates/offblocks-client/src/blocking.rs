//! Calls that block the thread, for programs without an async runtime.
//!
//! They run on one runtime of the process, which has a thread of its own. So connections, token
//! renewals and timeouts continue between two calls.

use std::future::Future;
use std::io;
use std::sync::OnceLock;

use offblocks_signature::{KeyId, SigningKey};
use tokio::runtime::{Builder, Handle, Runtime};

use crate::error::{Error, Kind};
use crate::generated::Client;
use crate::generated::operations::{Operation, UPDATE_SIGNING_KEY};

/// Runs a call to its end on the runtime of blocking calls.
pub(crate) fn run<T>(
    operation: &'static Operation,
    call: impl Future<Output = Result<T, Error>>,
) -> Result<T, Error> {
    let setup = || Error::new(operation, Kind::Setup);
    if Handle::try_current().is_ok() {
        return Err(setup().because(
            "a call that blocks the thread was made inside an async runtime; await the call instead",
        ));
    }
    match runtime() {
        Ok(runtime) => runtime.block_on(call),
        Err(error) => Err(setup().because(format!("no thread could be started: {error}"))),
    }
}

fn runtime() -> Result<&'static Runtime, &'static io::Error> {
    static RUNTIME: OnceLock<io::Result<Runtime>> = OnceLock::new();
    let started = RUNTIME.get_or_init(|| {
        Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("offblocks-client")
            .enable_all()
            .build()
    });
    started.as_ref()
}

impl Client {
    /// As [`register_signing_key`](Self::register_signing_key), and blocks the thread meanwhile.
    ///
    /// ```
    /// use offblocks_client::{KeyId, SigningKey};
    ///
    /// # let runtime = tokio::runtime::Runtime::new()?;
    /// # let sandbox = runtime.block_on(offblocks_sandbox::testing::start());
    /// # let client = sandbox.client();
    /// let (key, id) = (SigningKey::generate()?, KeyId::new("2a6e9c14-b85f-47d0-a3f2-9046d7e1b85c")?);
    /// client.register_signing_key_blocking(&key, &id)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// As [`register_signing_key`](Self::register_signing_key), and inside an async runtime.
    pub fn register_signing_key_blocking(&self, key: &SigningKey, id: &KeyId) -> Result<(), Error> {
        run(&UPDATE_SIGNING_KEY, self.register_signing_key(key, id))
    }
}
