//! A journal in PostgreSQL behind TLS, and what is rejected there.
//!
//! They run where `OFFBLOCKS_TEST_POSTGRES` names a server: `.ci/postgres run cargo test …`. TLS ends in
//! front of that server, as it does at a connection pooler.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Runtime;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use url::Url;

use crate::cards::Stage;
use crate::cards_shared::schema;
use crate::offblocks::{Said, Sandbox, run};

/// Certificates for 127.0.0.1, which the tests of the client have too.
const SERVER: &str = include_str!("../../../offblocks-client/tests/it/tls/server.pem");
const SERVER_KEY: &str = include_str!("../../../offblocks-client/tests/it/tls/server.key.pem");
const ROOT: &str = include_str!("../../../offblocks-client/tests/it/tls/ca.pem");

/// How a client of PostgreSQL asks for TLS.
const SSL_REQUEST: [u8; 8] = [0, 0, 0, 8, 4, 210, 22, 47];

/// A server of PostgreSQL that takes connections by TLS only. It ends with its runtime.
struct Encrypted {
    _runtime: Runtime,
    address: SocketAddr,
    /// How many connections came by TLS, and how many did not ask for it.
    seen: Arc<[AtomicUsize; 2]>,
}

impl Encrypted {
    fn in_front_of(server: &Url) -> Self {
        let authority = format!("{}:{}", server.host_str().unwrap(), server.port().unwrap());
        let runtime = Runtime::new().unwrap();
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
        let address = listener.local_addr().unwrap();
        let seen = Arc::new([AtomicUsize::new(0), AtomicUsize::new(0)]);
        let (acceptor, counted) = (acceptor(), Arc::clone(&seen));
        runtime.spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (acceptor, counted) = (acceptor.clone(), Arc::clone(&counted));
                tokio::spawn(serve(stream, acceptor, authority.clone(), counted));
            }
        });
        Self {
            _runtime: runtime,
            address,
            seen,
        }
    }

    fn seen(&self) -> [usize; 2] {
        [0, 1].map(|kind| self.seen[kind].load(Ordering::SeqCst))
    }
}

async fn serve(
    mut stream: TcpStream,
    acceptor: TlsAcceptor,
    authority: String,
    seen: Arc<[AtomicUsize; 2]>,
) {
    let mut asked = [0; 8];
    if stream.read_exact(&mut asked).await.is_err() {
        return;
    }
    let encrypted = asked == SSL_REQUEST;
    seen[usize::from(!encrypted)].fetch_add(1, Ordering::SeqCst);
    if !encrypted || stream.write_all(b"S").await.is_err() {
        return;
    }
    // A client that does not trust the certificate ends the handshake.
    if let Ok(mut stream) = acceptor.accept(stream).await {
        let mut server = TcpStream::connect(authority).await.unwrap();
        // Either side may end it.
        let _ = copy_bidirectional(&mut stream, &mut server).await;
    }
}

fn acceptor() -> TlsAcceptor {
    let certificates: Result<Vec<_>, _> =
        CertificateDer::pem_slice_iter(SERVER.as_bytes()).collect();
    let key = PrivateKeyDer::from_pem_slice(SERVER_KEY.as_bytes()).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(certificates.unwrap(), key)
        .unwrap();
    TlsAcceptor::from(Arc::new(config))
}

#[test]
fn a_journal_is_reached_by_tls_and_only_where_the_server_is_who_it_says() {
    let Some(journal) = schema("tls") else {
        return;
    };
    let mut journal: Url = journal.parse().unwrap();
    let server = Encrypted::in_front_of(&journal);
    journal.set_port(Some(server.address.port())).unwrap();
    let stage = Stage::new(2);
    let rows = stage.write_rows(&stage.accounts);
    let root = stage.write("ca.pem", ROOT);
    let root = root.to_str().unwrap();
    let with = |parameters: &[(&str, &str)]| {
        let mut url = journal.clone();
        // The schema stays last, where the name can be made a longer one.
        let schema = url.query().unwrap_or_default().to_owned();
        url.query_pairs_mut().clear().extend_pairs(parameters);
        format!("{url}&{schema}")
    };
    let issue = |journal: &str| stage.run(&rows, &["--journal", journal, "--json"]);
    let issued = |said: &Said| {
        assert_eq!(said.code, Some(0), "{}", said.err);
        let total = "\"total\":{\"failed\":0,\"issued\":2}";
        assert!(said.out.contains(total), "{}", said.out);
    };

    let checked = with(&[("sslmode", "verify-full"), ("sslrootcert", root)]);
    issued(&issue(&checked));
    issued(&issue(&with(&[("sslmode", "require")])));
    // Without the parameter, what the server offers is taken.
    issued(&issue(journal.as_str()));
    let status = run(&[
        "cards",
        "job",
        "status",
        "--journal",
        &checked,
        "--job",
        "cards",
    ]);
    assert_eq!(status.code, Some(0), "{}", status.err);
    let [encrypted, plain] = server.seen();
    assert!(encrypted >= 4 && plain == 0, "{encrypted} and {plain}");
    // The sandbox has its database there too.
    let sandbox = Sandbox::start(&["--database", &format!("{checked}_sandbox")]);
    sandbox.signal("TERM");
    assert_eq!(sandbox.wait().code, Some(0));
    assert!(server.seen()[0] > encrypted && server.seen()[1] == 0);

    for (parameters, expected) in [
        (&[("sslmode", "verify-full")][..], "certificate"),
        (
            &[("sslmode", "verify-full"), ("sslrootcert", "nowhere.pem")],
            "nowhere.pem, which sslrootcert names, cannot be read",
        ),
        (&[("sslmode", "disable")], "the database of the job failed"),
    ] {
        let said = issue(&with(parameters));
        assert_eq!(said.code, Some(1), "{parameters:?}: {}", said.out);
        assert!(said.err.contains(expected), "{parameters:?}: {}", said.err);
    }
    assert_eq!(server.seen()[1], 1, "the last one did not ask for TLS");
}
