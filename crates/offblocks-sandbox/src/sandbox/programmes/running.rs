//! A programme at work.

use std::sync::Arc;

use axum::Router;

use crate::sandbox::Sandbox;
use crate::ticker::Ticker;
use crate::upkeep::Upkeep;
use crate::webhooks::dispatcher::Dispatcher;

/// A programme, and what goes on in it by itself.
pub(super) struct Running {
    pub(super) sandbox: Sandbox,
    pub(super) router: Router,
    ticker: Ticker,
    dispatcher: Dispatcher,
    upkeep: Upkeep,
}

impl Running {
    pub(super) fn start(sandbox: Sandbox) -> Self {
        Self {
            router: sandbox.router(),
            ticker: Ticker::start(Arc::clone(&sandbox.world)),
            dispatcher: Dispatcher::start(Arc::clone(&sandbox.world)),
            upkeep: Upkeep::start(Arc::clone(&sandbox.world), None),
            sandbox,
        }
    }

    /// Ends what goes on and closes the database.
    pub(super) async fn stop(self) {
        let Self {
            sandbox,
            router,
            ticker,
            dispatcher,
            upkeep,
        } = self;
        drop((router, ticker));
        dispatcher.stop().await;
        upkeep.stop().await;
        sandbox.world.journal.close();
        // A programme has no programmes that would have to be closed before.
        sandbox.world.store.close().await;
    }
}
