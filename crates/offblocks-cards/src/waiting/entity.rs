//! The entities that can be waited for.

use std::fmt;
use std::future::Future;

use offblocks_client::{Client, Error};
use offblocks_types::chrono::{DateTime, Utc};
use offblocks_types::{
    Account, AccountId, Authorisation, AuthorisationId, Card, CardId, Customer, CustomerId,
    Transaction, TransactionId, WebhookEvent,
};

use crate::rules::{
    AccountState, AuthorisationState, CardState, CustomerState, Lifecycle, TransactionState,
};

/// An entity of the contract that changes on the server: a customer, an account, a card, an
/// authorisation or a transaction. This crate implements it for all of them; it is sealed.
pub trait Entity: sealed::Sealed + Clone + fmt::Debug + Send + Sync + Sized + 'static {
    /// What identifies it.
    type Id: Copy + Eq + fmt::Display + Send + Sync;
    /// Its states.
    type State: Lifecycle;

    /// Its id.
    fn id(&self) -> Self::Id;

    /// Its status, as the server names it.
    fn status(&self) -> &str;

    /// Its state; `None` when this version does not know it.
    fn state(&self) -> Option<Self::State> {
        self.status().parse().ok()
    }

    /// When it changed last.
    fn updated_at(&self) -> DateTime<Utc>;

    /// The entity as it is now.
    fn fetch(client: &Client, id: Self::Id) -> impl Future<Output = Result<Self, Error>> + Send;

    /// The entity as an event shows it; `None` when the event is about another kind.
    fn in_event(event: &WebhookEvent) -> Option<Self>;
}

pub(super) mod sealed {
    /// Keeps [`Entity`](super::Entity) to this module.
    pub trait Sealed {}
}

/// An entity: its id and states, the call that fetches it, and its event.
macro_rules! entity {
    (
        $entity:ident, $id:ty, $state:ty, $fetch:ident, $event:ident
    ) => {
        impl sealed::Sealed for $entity {}

        impl Entity for $entity {
            type Id = $id;
            type State = $state;

            fn id(&self) -> $id {
                self.id
            }

            fn status(&self) -> &str {
                self.status.as_str()
            }

            fn updated_at(&self) -> DateTime<Utc> {
                self.updated_at
            }

            async fn fetch(client: &Client, id: $id) -> Result<Self, Error> {
                Ok(client.$fetch(id).send().await?.into_inner())
            }

            fn in_event(event: &WebhookEvent) -> Option<Self> {
                match event {
                    // An event shows the whole entity.
                    WebhookEvent::$event(event) => Some(event.clone().into()),
                    _ => None,
                }
            }
        }
    };
}

entity!(
    Customer,
    CustomerId,
    CustomerState,
    get_customer,
    CustomerUpdate
);
entity!(Account, AccountId, AccountState, get_account, AccountUpdate);
entity!(Card, CardId, CardState, get_card, CardUpdate);
entity!(
    Authorisation,
    AuthorisationId,
    AuthorisationState,
    get_authorisation_details,
    AuthorisationUpdate
);
entity!(
    Transaction,
    TransactionId,
    TransactionState,
    get_transaction_details,
    TransactionUpdate
);
