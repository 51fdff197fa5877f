//! A programme at work.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use axum::Router;

use crate::sandbox::Sandbox;
use crate::ticker::Ticker;
use crate::upkeep::Upkeep;
use crate::webhooks::dispatcher::Dispatcher;

/// A programme, and its background tasks.
pub(super) struct Running {
    pub(super) sandbox: Sandbox,
    pub(super) router: Router,
    /// Its control plane, made when it is first called.
    control: OnceLock<Router>,
    ticker: Ticker,
    dispatcher: Dispatcher,
    upkeep: Upkeep,
    /// Whether it is dropped. Calls that are under way then fail for that reason, whatever they meet.
    pub(super) is_dropped: Arc<AtomicBool>,
}

impl Running {
    pub(super) fn start(sandbox: Sandbox) -> Self {
        Self {
            router: sandbox.router(),
            control: OnceLock::new(),
            ticker: Ticker::start(Arc::clone(&sandbox.world)),
            dispatcher: Dispatcher::start(Arc::clone(&sandbox.world)),
            upkeep: Upkeep::start(Arc::clone(&sandbox.world), None),
            sandbox,
            is_dropped: Arc::default(),
        }
    }

    /// Its control plane: the same one each time, since its pages know each other's forms.
    pub(super) fn control(&self, make: fn(&Sandbox) -> Router) -> Router {
        let control = self.control.get_or_init(|| make(&self.sandbox));
        control.clone()
    }

    /// Ends it, because it is dropped.
    pub(super) async fn drop_with_its_data(self) {
        self.is_dropped.store(true, Ordering::Release);
        self.stop().await;
    }

    /// Ends the background tasks and closes the database.
    pub(super) async fn stop(self) {
        let Self {
            sandbox,
            router,
            control,
            ticker,
            dispatcher,
            upkeep,
            is_dropped: _,
        } = self;
        drop((router, control, ticker));
        dispatcher.stop().await;
        upkeep.stop().await;
        sandbox.world.journal.close();
        // A programme has no programmes that would have to be closed before.
        sandbox.world.store.close().await;
    }
}
