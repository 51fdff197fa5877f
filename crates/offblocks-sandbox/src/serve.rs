//! Listening, and stopping cleanly.

use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;

use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use url::Url;

use crate::control;
use crate::listening::{self, Hosts};
use crate::sandbox::{BuildError, ProgrammeError, Sandbox};
use crate::settings::Settings;
use crate::store::StoreError;
use crate::surroundings::Surroundings;
use crate::ticker::Ticker;
use crate::upkeep::{Dependent, Upkeep};
use crate::webhooks::dispatcher::Dispatcher;

/// A sandbox cannot listen, or stopped listening.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ServeError {
    /// It could not be built.
    #[error(transparent)]
    Build(#[from] BuildError),
    /// Others could reach it with credentials that are public.
    #[error(
        "cannot listen on {0} with the default credentials, which are public: give others with --api-key and --api-secret, or listen on 127.0.0.1"
    )]
    DefaultCredentials(SocketAddr),
    /// Others could reach it, and it would not check their signatures.
    #[error(
        "cannot listen on {0} without checking signatures: listen on 127.0.0.1, or leave --no-verify out"
    )]
    Unverified(SocketAddr),
    /// It cannot listen on the address, or cannot accept a connection.
    #[error("the network failed")]
    Network(#[from] std::io::Error),
    /// The database cannot be used.
    #[error("the database cannot be used")]
    Store(#[from] StoreError),
    /// The task that serves ended by a panic.
    #[error("the sandbox's task ended unexpectedly")]
    Task(#[from] tokio::task::JoinError),
}

impl Sandbox {
    /// Whether it may listen on this address: beyond loopback only with credentials of its own.
    ///
    /// # Errors
    /// [`ServeError::DefaultCredentials`] or [`ServeError::Unverified`] where it may not.
    pub async fn check_address(&self, address: SocketAddr) -> Result<(), ServeError> {
        if !address.ip().is_loopback() && !self.world.settings.verify_signatures {
            return Err(ServeError::Unverified(address));
        }
        if !address.ip().is_loopback() && self.has_default_credentials().await? {
            return Err(ServeError::DefaultCredentials(address));
        }
        Ok(())
    }

    /// Serves until `shutdown` completes, then finishes the requests in flight and closes the database.
    /// Requests without a response within [`Settings::patience`] are dropped. So a caller that
    /// never sends the rest of its request cannot keep the sandbox from stopping.
    ///
    /// # Errors
    /// When the address may not be used ([`Sandbox::check_address`]) or the network fails.
    pub async fn serve(
        self,
        listener: TcpListener,
        shutdown: impl Future<Output = ()> + Send + 'static,
    ) -> Result<(), ServeError> {
        let address = listener.local_addr()?;
        self.check_address(address).await?;
        self.world.reach.extend(address);
        if !self.world.settings.verify_signatures {
            tracing::warn!("signatures are not checked: every caller with a token is accepted");
        }
        let ticker = Ticker::start(Arc::clone(&self.world));
        let dispatcher = Dispatcher::start(Arc::clone(&self.world));
        self.programmes.serve_control(control::router);
        let upkeep = Upkeep::start(Arc::clone(&self.world), Some(self.look_after_programmes()));
        let served = self.respond(listener, shutdown).await;
        drop(ticker);
        dispatcher.stop().await;
        upkeep.stop().await;
        self.close().await;
        Ok(served?)
    }

    /// Opens and closes programmes as other processes on the database make and drop them.
    fn look_after_programmes(&self) -> Dependent {
        let programmes = Arc::clone(&self.programmes);
        Box::new(move || {
            let programmes = Arc::clone(&programmes);
            Box::pin(async move {
                match programmes.look().await {
                    Ok(()) => Ok(()),
                    Err(ProgrammeError::Store(error)) => Err(error),
                    Err(error) => {
                        let error: &dyn std::error::Error = &error;
                        tracing::error!(error, "the programmes of other processes are not known");
                        Ok(())
                    }
                }
            })
        })
    }

    async fn respond(
        &self,
        listener: TcpListener,
        shutdown: impl Future<Output = ()> + Send + 'static,
    ) -> std::io::Result<()> {
        let settings = &self.world.settings;
        let (patience, limits) = (settings.patience, settings.limits);
        let loopback = listener.local_addr()?.ip().is_loopback();
        let hosts = Hosts::new(loopback, settings.allowed_hosts.clone());
        let app = self.router_for(hosts, control::BASE_PATH, control::router(self));
        let (told, stopping) = oneshot::channel::<()>();
        let journal = Arc::clone(&self.world.journal);
        let shutdown = async move {
            shutdown.await;
            // Whoever follows the request log would keep it waiting.
            journal.close();
            // Nobody listens any more when serving has failed meanwhile.
            let _ = told.send(());
        };
        let out_of_patience = async move {
            match stopping.await {
                Ok(()) => tokio::time::sleep(patience).await,
                Err(_) => std::future::pending().await,
            }
        };
        tokio::select! {
            () = listening::serve(listener, app, limits, shutdown) => (),
            () = out_of_patience => {
                tracing::warn!(?patience, "stopped without waiting for the last requests");
            }
        }
        Ok(())
    }

    /// Serves on a free port of the loopback interface, in the background.
    ///
    /// # Errors
    /// When no port can be had.
    pub async fn start(self) -> Result<SandboxHandle, ServeError> {
        let listener = TcpListener::bind((std::net::Ipv4Addr::LOCALHOST, 0)).await?;
        let base_url = base_url(listener.local_addr()?);
        let (stop, stopped) = oneshot::channel::<()>();
        // Dropping the handle stops the sandbox, as `stop` does.
        let shutdown = async { stopped.await.unwrap_or_default() };
        let task = tokio::spawn(self.serve(listener, shutdown));
        Ok(SandboxHandle {
            base_url,
            stop,
            task,
        })
    }
}

/// A sandbox that serves in the background. Dropping it stops it.
#[derive(Debug)]
pub struct SandboxHandle {
    base_url: Url,
    stop: oneshot::Sender<()>,
    task: JoinHandle<Result<(), ServeError>>,
}

impl SandboxHandle {
    /// Where it listens, `/v1` included and without a slash behind it.
    pub fn base_url(&self) -> &Url {
        &self.base_url
    }

    /// Lets it finish what is in flight, and waits for that.
    ///
    /// # Errors
    /// What made it stop before.
    pub async fn stop(self) -> Result<(), ServeError> {
        // It may have stopped already; then nobody listens to this.
        let _ = self.stop.send(());
        self.task.await?
    }
}

/// Starts a sandbox on a free port of the loopback interface, with the machine's clock and
/// randomness.
///
/// # Errors
/// When the database cannot be prepared, or no port can be had.
pub async fn start_local(settings: Settings) -> Result<SandboxHandle, ServeError> {
    Sandbox::builder(Surroundings::real())
        .settings(settings)
        .build()
        .await?
        .start()
        .await
}

fn base_url(address: SocketAddr) -> Url {
    let text = format!("http://{address}/v1");
    text.parse().expect("a socket address makes an authority")
}
