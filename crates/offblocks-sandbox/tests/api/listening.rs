//! Where the sandbox may listen, and how it stops.

use std::net::{Ipv4Addr, SocketAddr};

use crate::common::Stage;
use offblocks_sandbox::{
    BuildError, Credentials, Database, Sandbox, ServeError, Settings, StoreError, Surroundings,
};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

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
    let rejected = known.check_address(everywhere).await.unwrap_err();
    assert!(
        matches!(rejected, ServeError::DefaultCredentials(_)),
        "{rejected}"
    );
    let own = sandbox(Credentials::new(
        uuid::Uuid::from_u128(1),
        "a secret of our own",
    ))
    .await;
    own.check_address(everywhere).await.unwrap();
}

#[tokio::test]
async fn serving_rejects_what_checking_rejects() {
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
    let address = address(&stage);
    stage.stop().await;
    assert!(TcpStream::connect(address).await.is_err());
}

#[tokio::test]
async fn a_request_that_never_ends_does_not_keep_it_from_stopping() {
    let stage = Stage::with(|settings| settings.patience = std::time::Duration::ZERO).await;
    let mut half = TcpStream::connect(address(&stage)).await.unwrap();
    half.write_all(
        b"POST /v1/auth/token HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n\
          expect: 100-continue\r\ncontent-length: 99\r\n\r\n",
    )
    .await
    .unwrap();
    // Once the server asks for the body it is busy with the request.
    let mut asked = [0; 12];
    half.read_exact(&mut asked).await.unwrap();
    assert_eq!(&asked, b"HTTP/1.1 100");
    stage.stop().await;
}

#[tokio::test]
async fn two_sandboxes_do_not_share_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("sandbox.db");
    let mut settings = Settings::default();
    settings.database = Database::File(file.clone());
    let build = || {
        Sandbox::builder(Surroundings::real())
            .settings(settings.clone())
            .build()
    };
    let first = build().await.unwrap();
    let BuildError::Store(rejected) = build().await.unwrap_err() else {
        panic!("the store rejects");
    };
    assert!(
        matches!(&rejected, StoreError::InUse(path) if *path == file),
        "{rejected}"
    );
    first.close().await;
    drop(first);
    build().await.unwrap();
}

#[tokio::test]
async fn a_database_that_cannot_be_opened_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let text = folder.path().join("notes.txt");
    std::fs::File::create(&text)
        .and_then(|mut file| std::io::Write::write_all(&mut file, &[b'x'; 4096]))
        .unwrap();
    for path in [
        folder.path().join("no/such/folder.db"),
        folder.path().to_owned(),
        text,
    ] {
        let mut settings = Settings::default();
        settings.database = Database::File(path.clone());
        let built = Sandbox::builder(Surroundings::real()).settings(settings);
        let rejected = built.build().await.unwrap_err().to_string();
        assert!(rejected.contains(path.to_str().unwrap()), "{rejected}");
    }
}

fn address(stage: &Stage) -> (String, u16) {
    let url = &stage.caller.base_url;
    (
        url.host_str().expect("an address").to_owned(),
        url.port().expect("a port"),
    )
}
