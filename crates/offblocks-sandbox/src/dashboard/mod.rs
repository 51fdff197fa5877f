//! The pages at `/_sandbox/`, which show a programme and can change it.
//!
//! Pages are rendered here and work without scripts. A short script keeps them up to date. They
//! call the same functions of the domain as the API. Each change is a form that carries a token of this
//! start of the sandbox, which a page of another origin cannot know.

mod accounts;
mod assets;
mod authorisations;
mod cards;
mod clock;
mod customers;
mod data;
mod deliveries;
mod diagram;
mod faults;
mod forms;
mod guide;
mod layout;
mod log;
mod moved;
mod overview;
mod parts;
mod programmes;
mod routes;
mod search;
mod state;
mod transactions;
mod wallet;
mod webhooks;

pub(crate) use moved::moved;
pub(crate) use routes::router;
