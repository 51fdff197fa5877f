//! What every page works with.

use std::sync::Arc;

use axum::extract::FromRef;

use super::forms::Forms;
use crate::Sandbox;

/// What every page works with.
#[derive(Clone)]
pub(super) struct Dashboard {
    pub(super) sandbox: Sandbox,
    pub(super) forms: Arc<Forms>,
}

impl Dashboard {
    pub(super) fn new(sandbox: &Sandbox) -> Self {
        Self {
            sandbox: sandbox.clone(),
            forms: Arc::new(Forms::new(&*sandbox.world.surroundings.random)),
        }
    }
}

impl FromRef<Dashboard> for Arc<Forms> {
    fn from_ref(dashboard: &Dashboard) -> Self {
        Self::clone(&dashboard.forms)
    }
}
