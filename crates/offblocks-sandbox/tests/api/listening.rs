//! Where the sandbox may listen, and how it stops.

use std::net::{Ipv4Addr, SocketAddr};

use crate::common::Stage;
use offblocks_sandbox::{Credentials, Sandbox, ServeError, Settings, Surroundings};
use tokio::net::TcpListener;

async fn sandbox(credentials: Credentials) -> Sandbox {
    let mut settings = Settings::default();
    settings.credentials = credentials;
    Sandbox::builder(Surroundings::real())
        .settings(settings)
        .build()
        .await
        .unwrap()
}

#[tokio::test]
async fn beyond_loopback_only_with_credentials_of_its_own() {
    let everywhere = SocketAddr::from((Ipv4Addr::UNSPECIFIED, 8080));
    let here = SocketAddr::from((Ipv4Addr::LOCALHOST, 8080));
    let known = sandbox(Credentials::default()).await;
    known.check_address(here).await.unwrap();
    let refused = known.check_address(everywhere).await.unwrap_err();
    assert!(
        matches!(refused, ServeError::DefaultCredentials(_)),
        "{refused}"
    );
    let own = sandbox(Credentials::new(
        uuid::Uuid::from_u128(1),
        "a secret of our own",
    ))
    .await;
    own.check_address(everywhere).await.unwrap();
}

#[tokio::test]
async fn serving_refuses_what_checking_refuses() {
    let listener = TcpListener::bind((Ipv4Addr::UNSPECIFIED, 0)).await.unwrap();
    let served = sandbox(Credentials::default())
        .await
        .serve(listener, async {})
        .await;
    assert!(matches!(served, Err(ServeError::DefaultCredentials(_))));
}

#[tokio::test]
async fn a_stopped_sandbox_listens_no_more() {
    let stage = Stage::new().await;
    let url = stage.caller.base_url.clone();
    stage.stop().await;
    let address = (url.host_str().unwrap().to_owned(), url.port().unwrap());
    assert!(tokio::net::TcpStream::connect(address).await.is_err());
}
