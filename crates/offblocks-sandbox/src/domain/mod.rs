//! What the sandbox does: one module for each kind of entity, each operation a function over a
//! [`Work`].
//!
//! A function validates first and writes afterwards, so that a rejection leaves nothing half done:
//! the transaction it runs in is committed whatever the response, except when the sandbox itself
//! fails.
//!
//! The module of customers uses the module of accounts, which uses the module of cards, because a change
//! of an entity also changes what belongs to it. The other direction is in [`lookup`]. [`due`] uses all of
//! them.

pub(crate) mod accounts;
pub(crate) mod authorisations;
pub(crate) mod cards;
pub(crate) mod catalogue;
pub(crate) mod challenges;
mod changes;
pub(crate) mod credentials;
pub(crate) mod customers;
pub(crate) mod due;
pub(crate) mod fixtures;
pub(crate) mod kept;
pub(crate) mod ledger;
mod lookup;
pub(crate) mod population;
mod rules;
pub(crate) mod step;
pub(crate) mod steps;
pub(crate) mod transactions;
pub(crate) mod webhooks;

use chrono::{DateTime, TimeDelta, Utc};

use crate::random::Random;
use crate::secrets::Reach;
use crate::settings::Settings;
use crate::store::Connection;

/// What a running operation works with: a connection inside a transaction, the settings, the
/// instant it runs at, a source of randomness and who can reach the sandbox.
pub(crate) struct Work<'a> {
    pub(crate) conn: &'a mut Connection,
    pub(crate) settings: &'a Settings,
    pub(crate) random: &'a dyn Random,
    pub(crate) now: DateTime<Utc>,
    pub(crate) reach: &'a Reach,
}

impl Work<'_> {
    /// The instant of a change: now, and always later than the change before it.
    fn after(&self, previous: DateTime<Utc>) -> DateTime<Utc> {
        self.now.max(previous + TimeDelta::microseconds(1))
    }
}
