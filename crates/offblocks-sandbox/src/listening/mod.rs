//! Connections: accepted, bounded, timed, and closed so that clients see their last response.
//!
//! hyper reads and writes HTTP/1.1. Around it stand the rules of [`Limits`], the guard against DNS
//! rebinding ([`hosts`]), and the care for requests that are rejected before their body was read
//! ([`bodies`]).

mod accept;
mod bodies;
mod connection;
mod cut;
pub(crate) mod front;
mod hosts;
mod idle;
mod response;

use std::future::Future;
use std::net::IpAddr;
use std::sync::Arc;

use axum::Router;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinSet;

use self::accept::{Accepted, Door};
use self::bodies::Room;
use self::idle::Idle;
use crate::settings::Limits;

pub(crate) use bodies::Held;
pub(crate) use cut::Cut;
pub(crate) use hosts::Hosts;

/// The other end of a connection. Requests carry it in their extensions.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Peer(pub(crate) IpAddr);

/// What all connections of a listener share.
struct Shared {
    app: Router,
    limits: Limits,
    room: Arc<Room>,
    idle: Arc<Idle>,
}

/// Serves until `shutdown` completes, then waits for the requests in flight. Dropped, it ends them.
pub(crate) async fn serve(
    listener: TcpListener,
    app: Router,
    limits: Limits,
    shutdown: impl Future<Output = ()>,
) {
    let idle = Arc::new(Idle::default());
    let shared = Arc::new(Shared {
        app,
        limits,
        room: Room::new(limits.body_bytes),
        idle: Arc::clone(&idle),
    });
    let (close, closing) = watch::channel(());
    let mut door = Door::new(listener, idle, limits.connections);
    let mut connections = JoinSet::new();
    let mut shutdown = std::pin::pin!(shutdown);
    loop {
        let accepted = tokio::select! {
            biased;
            () = &mut shutdown => break,
            accepted = door.next() => accepted,
        };
        // What has ended is forgotten here and not in the choice above: that would drop a
        // connection which waits for a place.
        while connections.try_join_next().is_some() {}
        match accepted {
            Accepted::Client(stream, place) => {
                let connection = connection::run(stream, Arc::clone(&shared), closing.clone());
                connections.spawn(async move {
                    connection.await;
                    drop(place);
                });
            }
            Accepted::Surplus(stream, place) => {
                connections.spawn(async move {
                    connection::turn_away(stream).await;
                    drop(place);
                });
            }
        }
    }
    drop(door);
    // Nobody listens to this when there is no connection.
    let _ = close.send(());
    while connections.join_next().await.is_some() {}
}
