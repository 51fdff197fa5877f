//! Which server is called, and over which connections.

use std::time::Duration;

use offblocks_types::Secret;

use super::{ClientBuilder, Configure};
use crate::environment::Environment;
use crate::proxy::ProxySetting;

impl ClientBuilder {
    /// The address of the API with its base path (`https://api.sandbox.offblocks.xyz/v1`); a slash
    /// at its end makes no difference. Plain http to other machines is rejected, unless
    /// [`allow_plain_http`](Self::allow_plain_http) is called.
    ///
    /// ```
    /// let builder = offblocks_client::Client::builder().base_url("https://api.offblocks.xyz/v1");
    /// ```
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.base_url = Some(url.into());
        self
    }

    /// Which API is called: [`base_url`](Self::base_url) with the address of the environment.
    ///
    /// ```
    /// use offblocks_client::{Client, Environment};
    ///
    /// let client = Client::builder().environment(Environment::Sandbox).build()?;
    /// assert_eq!(client.base_url(), "https://api.sandbox.offblocks.xyz/v1");
    /// # Ok::<(), offblocks_client::BuildError>(())
    /// ```
    pub fn environment(self, environment: Environment) -> Self {
        self.base_url(environment.base_url())
    }

    /// Sends through this HTTP client, with its own settings (proxy, roots, redirects, user agent).
    /// It should not follow redirects, because a signature holds for one URL only, and it should not
    /// use a proxy for this machine's own addresses. [`configure_http`](Self::configure_http) takes care
    /// of both.
    ///
    /// ```
    /// use offblocks_client::reqwest::{self, redirect::Policy};
    ///
    /// let http = reqwest::Client::builder().redirect(Policy::none()).build()?;
    /// let builder = offblocks_client::Client::builder().http_client(http);
    /// # Ok::<(), reqwest::Error>(())
    /// ```
    pub fn http_client(mut self, http: reqwest::Client) -> Self {
        self.http = Some(http);
        self
    }

    /// Changes the settings of the HTTP client before it is built: proxies, additional roots, client
    /// certificates, connection pools. Its builder is that of the [`reqwest`](crate::reqwest) this
    /// crate exports. Redirects are switched off afterwards, because a signature holds for one URL
    /// only. It has no effect on a client given with [`http_client`](Self::http_client).
    ///
    /// Proxies of the environment (`HTTPS_PROXY`, …) are used for other machines, and never for this
    /// machine's own addresses. See [`proxy`](Self::proxy) for another one.
    ///
    /// ```
    /// # use offblocks_client::Client;
    /// let client = Client::builder()
    ///     .base_url("https://api.sandbox.offblocks.xyz/v1")
    ///     .configure_http(|http| http.tcp_nodelay(true).pool_max_idle_per_host(8))
    ///     .build()?;
    /// # Ok::<(), offblocks_client::BuildError>(())
    /// ```
    pub fn configure_http(
        mut self,
        configure: impl FnOnce(reqwest::ClientBuilder) -> reqwest::ClientBuilder + Send + Sync + 'static,
    ) -> Self {
        self.configure_http.push(Configure(Box::new(configure)));
        self
    }

    /// Sends everything through this proxy, also calls to this machine's own addresses. Proxies of the
    /// environment are then not used. Errors name the proxy without user and password. It has no effect on
    /// a client given with [`http_client`](Self::http_client).
    ///
    /// ```
    /// let client = offblocks_client::Client::builder()
    ///     .base_url("https://api.sandbox.offblocks.xyz/v1")
    ///     .proxy("http://user:password@proxy.example:3128")
    ///     .build()?;
    /// # Ok::<(), offblocks_client::BuildError>(())
    /// ```
    pub fn proxy(mut self, url: impl Into<Secret>) -> Self {
        self.proxy = ProxySetting::Given(url.into());
        self
    }

    /// Uses no proxy, also where the environment names one.
    ///
    /// ```
    /// let builder = offblocks_client::Client::builder().no_proxy();
    /// ```
    pub fn no_proxy(mut self) -> Self {
        self.proxy = ProxySetting::Off;
        self
    }

    /// Trusts these certificates too, besides those of the operating system: one or more, as PEM
    /// text. It has no effect on a client given with [`http_client`](Self::http_client).
    ///
    /// ```no_run
    /// # fn example() -> Result<(), Box<dyn std::error::Error>> {
    /// let client = offblocks_client::Client::builder()
    ///     .base_url("https://offblocks.internal.example/v1")
    ///     .root_certificates(std::fs::read("/etc/ssl/internal-authority.pem")?)
    ///     .build()?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn root_certificates(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.tls.add_roots(pem.into());
        self
    }

    /// Sends this certificate to the server (mutual TLS): the chain with the client's own certificate
    /// first, and its private key in PKCS #8, both as PEM text. It has no effect on a client given with
    /// [`http_client`](Self::http_client).
    ///
    /// ```
    /// let builder = offblocks_client::Client::builder()
    ///     .client_certificate("-----BEGIN CERTIFICATE-----\n…", "-----BEGIN PRIVATE KEY-----\n…");
    /// ```
    pub fn client_certificate(
        mut self,
        chain_pem: impl Into<String>,
        key_pem: impl Into<Secret>,
    ) -> Self {
        self.tls.set_identity(chain_pem.into(), key_pem.into());
        self
    }

    /// Uses the TLS of the operating system instead of rustls.
    ///
    /// ```
    /// let builder = offblocks_client::Client::builder().use_native_tls();
    /// ```
    #[cfg(feature = "native-tls")]
    pub fn use_native_tls(mut self) -> Self {
        self.tls.use_native();
        self
    }

    /// How long a connection is kept without a request;
    /// [`DEFAULT_IDLE_TIMEOUT`](crate::DEFAULT_IDLE_TIMEOUT) unless this is called. Choose less
    /// than the load balancer in front of the API allows: a request that is sent while the balancer
    /// closes the connection is lost. It has no effect on a client given with
    /// [`http_client`](Self::http_client).
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// let builder = offblocks_client::Client::builder().idle_timeout(Duration::from_secs(20));
    /// ```
    pub fn idle_timeout(mut self, timeout: Duration) -> Self {
        self.idle_timeout = Some(timeout);
        self
    }

    /// The `User-Agent`; this crate's name and version unless this is called. It has no effect on
    /// a client given with [`http_client`](Self::http_client).
    ///
    /// ```
    /// let builder = offblocks_client::Client::builder().user_agent("acme-cards/3.1");
    /// ```
    pub fn user_agent(mut self, user_agent: impl Into<String>) -> Self {
        self.user_agent = Some(user_agent.into());
        self
    }

    /// Allows plain http to other machines. Anyone on the network path can then read the token and
    /// the API secret. It is meant for test networks and for gateways that add TLS themselves.
    ///
    /// ```
    /// let builder = offblocks_client::Client::builder()
    ///     .base_url("http://gateway.internal.example/v1")
    ///     .allow_plain_http();
    /// assert!(builder.build().is_ok());
    /// ```
    pub fn allow_plain_http(mut self) -> Self {
        self.plain_http = true;
        self
    }
}
