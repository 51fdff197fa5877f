//! A server that can be taken away, without taking it away from other tests.

use std::net::Ipv4Addr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU16, Ordering};

use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// Passes connections on to a port of this machine, while it is open.
pub struct Proxy {
    port: u16,
    server: Arc<AtomicU16>,
    open: Arc<watch::Sender<bool>>,
}

impl Proxy {
    pub async fn to(server: u16) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let open = Arc::new(watch::Sender::new(true));
        let state = open.subscribe();
        let server = Arc::new(AtomicU16::new(server));
        let target = Arc::clone(&server);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let server = target.load(Ordering::Relaxed);
                tokio::spawn(pass(client, server, state.clone()));
            }
        });
        Self { port, server, open }
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    /// Cuts every connection off, and every new one too.
    pub fn close(&self) {
        self.open.send_replace(false);
    }

    pub fn open(&self) {
        self.open.send_replace(true);
    }

    /// Leads to another server from now on; connections that are open are cut off.
    pub fn lead_to(&self, server: u16) {
        self.close();
        self.server.store(server, Ordering::Relaxed);
        self.open();
    }
}

async fn pass(mut client: TcpStream, server: u16, mut open: watch::Receiver<bool>) {
    if !*open.borrow_and_update() {
        return;
    }
    let Ok(mut server) = TcpStream::connect((Ipv4Addr::LOCALHOST, server)).await else {
        return;
    };
    tokio::select! {
        // Either side may end it.
        _ = tokio::io::copy_bidirectional(&mut client, &mut server) => {}
        _ = open.changed() => {}
    }
}
