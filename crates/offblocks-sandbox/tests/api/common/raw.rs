//! HTTP as bytes, for clients that are slow, broken or hostile.

use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;
use url::Url;

/// Longer than anything here takes, and short enough to fail by.
const FOREVER: Duration = Duration::from_secs(20);

/// A connection without a client's help.
pub struct Raw(pub TcpStream);

impl Raw {
    pub async fn to(base_url: &Url) -> Self {
        let (host, port) = (base_url.host_str().unwrap(), base_url.port().unwrap());
        Self(TcpStream::connect((host, port)).await.unwrap())
    }

    pub async fn send(&mut self, bytes: impl AsRef<[u8]>) {
        self.0.write_all(bytes.as_ref()).await.unwrap();
    }

    /// Everything until the server closes; an error where it resets the connection.
    pub async fn try_rest(&mut self) -> std::io::Result<String> {
        let mut bytes = Vec::new();
        let read = timeout(FOREVER, self.0.read_to_end(&mut bytes)).await;
        read.expect("the server closes the connection")?;
        Ok(String::from_utf8(bytes).unwrap())
    }

    pub async fn rest(&mut self) -> String {
        self.try_rest().await.unwrap()
    }

    /// The head of one response.
    pub async fn head(&mut self) -> String {
        let mut bytes = Vec::new();
        while !bytes.ends_with(b"\r\n\r\n") {
            let byte = timeout(FOREVER, self.0.read_u8()).await;
            bytes.push(byte.expect("the server responds").unwrap());
        }
        String::from_utf8(bytes).unwrap()
    }

    /// The status of what is sent as bytes, once the server has closed.
    pub async fn status(base_url: &Url, request: impl AsRef<[u8]>) -> u16 {
        let mut raw = Self::to(base_url).await;
        raw.send(request).await;
        status(&raw.rest().await)
    }
}

/// The status of a response that is text.
#[track_caller]
pub fn status(response: &str) -> u16 {
    let status = response
        .strip_prefix("HTTP/1.1 ")
        .or_else(|| response.strip_prefix("HTTP/1.0 "));
    let status = status
        .and_then(|rest| rest.get(..3))
        .and_then(|code| code.parse().ok());
    status.unwrap_or_else(|| panic!("this is not a response: {response:?}"))
}
