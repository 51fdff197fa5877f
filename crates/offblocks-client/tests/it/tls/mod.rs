//! TLS with roots and certificates of one's own, and HTTP/2 where the server offers it.
//!
//! The certificates beside this file are good for a hundred years. `ca.pem` has signed the others; its
//! key was deleted.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::http::{Version, header};
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use hyper_util::service::TowerToHyperService;
use offblocks_client::{BuildError, Client, ClientBuilder, KeyId, RetryPolicy, SigningKey};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::server::WebPkiClientVerifier;
use tokio_rustls::rustls::{RootCertStore, ServerConfig};

use crate::server::KEY_ID;

const ROOT: &str = include_str!("ca.pem");
const CLIENT: &str = include_str!("client.pem");
const CLIENT_KEY: &str = include_str!("client.key.pem");

/// The versions of HTTP that requests came with.
type Versions = Arc<Mutex<Vec<Version>>>;

fn certificates(pem: &str) -> Vec<CertificateDer<'static>> {
    let all: Result<_, _> = CertificateDer::pem_slice_iter(pem.as_bytes()).collect();
    all.unwrap()
}

/// Offers these protocols, and demands a certificate of the client.
fn acceptor(protocols: &[&str]) -> TlsAcceptor {
    let provider = Arc::new(aws_lc_rs::default_provider());
    let mut roots = RootCertStore::empty();
    for root in certificates(ROOT) {
        roots.add(root).unwrap();
    }
    let verifier = WebPkiClientVerifier::builder_with_provider(roots.into(), provider.clone());
    let key = include_str!("server.key.pem");
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_client_cert_verifier(verifier.build().unwrap())
        .with_single_cert(
            certificates(include_str!("server.pem")),
            PrivateKeyDer::from_pem_slice(key.as_bytes()).unwrap(),
        )
        .unwrap();
    config.alpn_protocols = protocols.iter().map(|it| it.as_bytes().to_vec()).collect();
    TlsAcceptor::from(Arc::new(config))
}

/// A server that has no chains, over TLS.
async fn serve(protocols: &[&str]) -> (SocketAddr, Versions) {
    let versions = Versions::default();
    let seen = versions.clone();
    let router = Router::new().fallback(move |request: axum::extract::Request| {
        seen.lock().unwrap().push(request.version());
        std::future::ready(([(header::CONTENT_TYPE, "application/json")], "[]"))
    });
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let acceptor = acceptor(protocols);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let (acceptor, router) = (acceptor.clone(), router.clone());
            tokio::spawn(async move {
                // A client that is not trusted, or does not trust, ends the handshake.
                let Ok(stream) = acceptor.accept(stream).await else {
                    return;
                };
                let server = auto::Builder::new(TokioExecutor::new());
                let service = TowerToHyperService::new(router);
                let _ = server.serve_connection(TokioIo::new(stream), service).await;
            });
        }
    });
    (address, versions)
}

fn builder(address: SocketAddr) -> ClientBuilder {
    let key = SigningKey::generate().unwrap();
    Client::builder()
        .base_url(format!("https://{address}"))
        .bearer_token("token-1")
        .signing_key(key, KeyId::new(KEY_ID).unwrap())
        .retry(RetryPolicy::none())
}

#[tokio::test]
async fn own_roots_and_a_client_certificate_are_used() {
    let cases: [(&[&str], Version); 2] = [
        (&["h2", "http/1.1"], Version::HTTP_2),
        (&["http/1.1"], Version::HTTP_11),
    ];
    for (protocols, expected) in cases {
        let (address, versions) = serve(protocols).await;
        let client = builder(address)
            .root_certificates(ROOT)
            .client_certificate(CLIENT, CLIENT_KEY)
            .build()
            .unwrap();
        assert!(client.get_chains().await.unwrap().is_empty());
        assert_eq!(*versions.lock().unwrap(), [expected]);
    }
}

#[tokio::test]
async fn without_the_root_or_the_certificate_there_is_no_connection() {
    let (address, versions) = serve(&["http/1.1"]).await;
    let without_root = builder(address).client_certificate(CLIENT, CLIENT_KEY);
    let error = without_root.build().unwrap().get_chains().await;
    assert!(error.unwrap_err().is_connect());
    let anonymous = builder(address).root_certificates(ROOT);
    let error = anonymous.build().unwrap().get_chains().await.unwrap_err();
    // With TLS 1.3 the server rejects the client after the client's part of the handshake.
    assert_eq!(error.status(), None, "{error}");
    assert!(versions.lock().unwrap().is_empty());
}

fn rejected(builder: ClientBuilder) -> String {
    let error = builder.build().unwrap_err();
    assert!(matches!(error, BuildError::Tls { .. }), "{error:?}");
    error.to_string()
}

#[test]
fn certificates_that_are_not_pem_are_rejected() {
    let builder = || Client::builder().base_url("https://api.example/v1");
    let error = rejected(builder().root_certificates("hunter2"));
    assert!(error.contains("root certificates"), "{error}");
    let error = rejected(builder().client_certificate("hunter2", "hunter2"));
    assert!(error.contains("client certificate"), "{error}");
    assert!(!error.contains("hunter2"), "{error}");
}
