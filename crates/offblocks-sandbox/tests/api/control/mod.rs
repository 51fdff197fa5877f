//! The control plane over real HTTP. Every response is checked against `openapi/sandbox.yaml`.

mod clock;
mod coverage;
mod data;
mod decisions;
mod deliveries;
mod faults;
mod guard;
mod money;
mod moves;
mod plane;
mod programmes;
mod progression;

pub use plane::Plane;
