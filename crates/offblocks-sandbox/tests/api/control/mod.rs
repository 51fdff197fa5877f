//! The control plane over real HTTP. Every response is checked against `openapi/sandbox.yaml`.

mod clock;
mod coverage;
mod decisions;
mod deliveries;
mod faults;
mod guard;
mod money;
mod plane;
mod progression;

pub use plane::Plane;
