//! A server that can be taken away, without taking it away from other tests.

use std::net::Ipv4Addr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU16, AtomicUsize, Ordering};

use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// Passes connections on to a port of this machine, while it is open.
pub struct Proxy {
    port: u16,
    server: Arc<AtomicU16>,
    open: Arc<watch::Sender<bool>>,
    count: Arc<Count>,
}

#[derive(Default)]
struct Count {
    now: AtomicUsize,
    most: AtomicUsize,
}

impl Proxy {
    pub async fn to(server: u16) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let open = Arc::new(watch::Sender::new(true));
        let state = open.subscribe();
        let server = Arc::new(AtomicU16::new(server));
        let target = Arc::clone(&server);
        let count = Arc::new(Count::default());
        let counted = Arc::clone(&count);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let server = target.load(Ordering::Relaxed);
                let (state, counted) = (state.clone(), Arc::clone(&counted));
                tokio::spawn(async move {
                    let now = counted.now.fetch_add(1, Ordering::Relaxed) + 1;
                    counted.most.fetch_max(now, Ordering::Relaxed);
                    pass(client, server, state).await;
                    counted.now.fetch_sub(1, Ordering::Relaxed);
                });
            }
        });
        Self {
            port,
            server,
            open,
            count,
        }
    }

    /// How many connections there were at most at the same time.
    pub fn most(&self) -> usize {
        self.count.most.load(Ordering::Relaxed)
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
