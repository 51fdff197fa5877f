//! Certificates that cannot be used are named, and no key is shown.

use offblocks_client::{BuildError, Client, ClientBuilder};

fn builder() -> ClientBuilder {
    Client::builder().base_url("https://api.example/v1")
}

fn rejected(builder: ClientBuilder) -> String {
    let error = builder.build().unwrap_err();
    assert!(matches!(error, BuildError::Tls { .. }), "{error:?}");
    error.to_string()
}

#[test]
fn certificates_that_are_not_pem_are_rejected() {
    let error = rejected(builder().root_certificates("hunter2"));
    assert!(error.contains("root certificates"), "{error}");
    let error = rejected(builder().client_certificate("hunter2", "hunter2"));
    assert!(error.contains("client certificate"), "{error}");
    assert!(!error.contains("hunter2"), "{error}");
}
