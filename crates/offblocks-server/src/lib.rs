//! Server traits, router and verification layers of the OffBlocks API.

mod generated;

pub use generated::support;
pub use generated::support::{
    ApiRouter, Operation, Problem, Rejection, RequestContext, RequestId, Violation,
};
