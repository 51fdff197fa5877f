//! The control plane over real HTTP. Every response is checked against `openapi/sandbox.yaml`.

mod guard;
mod plane;

pub use plane::Plane;
