//! Which certificates are trusted, which one is sent, and which TLS library is used.

use offblocks_types::Secret;
#[cfg(any(feature = "rustls", feature = "native-tls"))]
use reqwest::{Certificate, Identity};

use crate::build_error::BuildError;

/// The settings of TLS.
#[derive(Debug, Default)]
pub(crate) struct Tls {
    roots: Vec<Vec<u8>>,
    identity: Option<(String, Secret)>,
    #[cfg(feature = "native-tls")]
    native: bool,
}

impl Tls {
    pub(crate) fn add_roots(&mut self, pem: Vec<u8>) {
        self.roots.push(pem);
    }

    pub(crate) fn set_identity(&mut self, chain: String, key: Secret) {
        self.identity = Some((chain, key));
    }

    #[cfg(feature = "native-tls")]
    pub(crate) fn use_native(&mut self) {
        self.native = true;
    }

    /// Without TLS there is nothing to apply the settings to.
    #[cfg(not(any(feature = "rustls", feature = "native-tls")))]
    pub(crate) fn apply(
        &self,
        http: reqwest::ClientBuilder,
    ) -> Result<reqwest::ClientBuilder, BuildError> {
        match self.roots.is_empty() && self.identity.is_none() {
            true => Ok(http),
            false => Err(rejected(
                "certificates",
                "this program is built without the features `rustls` and `native-tls`",
            )),
        }
    }
}

#[cfg(any(feature = "rustls", feature = "native-tls"))]
impl Tls {
    /// Whether rustls is used: the default where it is compiled in.
    fn is_rustls(&self) -> bool {
        #[cfg(feature = "native-tls")]
        if self.native {
            return false;
        }
        cfg!(feature = "rustls")
    }

    /// Applies the settings to an HTTP client.
    pub(crate) fn apply(
        &self,
        mut http: reqwest::ClientBuilder,
    ) -> Result<reqwest::ClientBuilder, BuildError> {
        #[cfg(feature = "rustls")]
        if self.is_rustls() {
            http = http.tls_backend_rustls();
        }
        #[cfg(feature = "native-tls")]
        if !self.is_rustls() {
            http = http.tls_backend_native();
        }
        let roots = self.roots()?;
        if !roots.is_empty() {
            http = http.tls_certs_merge(roots);
        }
        match &self.identity {
            Some((chain, key)) => Ok(http.identity(self.identity(chain, key)?)),
            None => Ok(http),
        }
    }

    fn roots(&self) -> Result<Vec<Certificate>, BuildError> {
        let mut all = Vec::new();
        for pem in &self.roots {
            let found = Certificate::from_pem_bundle(pem).unwrap_or_default();
            if found.is_empty() {
                return Err(rejected(
                    "the root certificates",
                    "no PEM certificate is in them",
                ));
            }
            all.extend(found);
        }
        Ok(all)
    }

    fn identity(&self, chain: &str, key: &Secret) -> Result<Identity, BuildError> {
        // The library's own error could quote the key.
        let reason = "the chain or the private key (PKCS #8) is not valid PEM";
        let error = |_| rejected("the client certificate", reason);
        #[cfg(feature = "native-tls")]
        if !self.is_rustls() {
            let key = key.expose().as_bytes();
            return Identity::from_pkcs8_pem(chain.as_bytes(), key).map_err(error);
        }
        #[cfg(feature = "rustls")]
        {
            let both = format!("{chain}\n{}", key.expose());
            Identity::from_pem(both.as_bytes()).map_err(error)
        }
        #[cfg(not(feature = "rustls"))]
        unreachable!("without rustls the TLS of the operating system is used")
    }
}

fn rejected(what: &'static str, reason: &'static str) -> BuildError {
    BuildError::Tls { what, reason }
}
