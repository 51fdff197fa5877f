//! `offblocks sandbox`: a local OffBlocks until it is told to stop.

use std::io::{self, Write};
use std::net::SocketAddr;
use std::time::Duration;

use offblocks_sandbox::{Credentials, Database, Sandbox, Settings, Surroundings};
use tokio::net::TcpListener;

use crate::Voice;
use crate::arguments::Sandbox as Options;
use crate::failure::Failure;
use crate::logging::{self, Log};

/// Serves until Ctrl-C or SIGTERM, then finishes what is in flight.
pub(crate) async fn run(options: Options, voice: Voice, log: Log) -> Result<(), Failure> {
    logging::start(log);
    let given = options.credentials.given();
    let mut settings = Settings::default();
    settings.database = options.database;
    settings.follow_up_delay = Duration::from_millis(options.follow_up_delay);
    settings.allow_webhook_hosts = options.allow_webhook_hosts.into_iter().collect();
    settings.credentials = given.clone().unwrap_or_default();
    let database = settings.database.clone();
    // In this order: a start that is rejected leaves no database behind.
    let (listener, address) = listen(options.listen).await?;
    let sandbox = open(settings, address).await?;
    let accepted = accepted(&sandbox, given).await?;
    let stop = stop().map_err(|error| Failure::new("cannot wait for signals", error))?;
    let greeting = Greeting {
        address,
        database,
        accepted,
        voice,
    };
    greeting
        .print(&mut io::stdout())
        .map_err(|error| Failure::new("cannot print", error))?;
    let served = sandbox.serve(listener, stop).await;
    served.map_err(|error| Failure::new("the sandbox stopped", error))
}

/// A sandbox that may be reached at this address.
async fn open(settings: Settings, address: SocketAddr) -> Result<Sandbox, Failure> {
    let sandbox = Sandbox::builder(Surroundings::real())
        .settings(settings)
        .reachable_at(address);
    let unopened = |error| Failure::new("the sandbox does not start", error);
    let sandbox = sandbox.build().await.map_err(unopened)?;
    let refused = |error| Failure::new("the sandbox does not start", error);
    sandbox.check_address(address).await.map_err(refused)?;
    Ok(sandbox)
}

/// Listens, and says where: the port may have been left to the system.
async fn listen(address: SocketAddr) -> Result<(TcpListener, SocketAddr), Failure> {
    let listening = async {
        let listener = TcpListener::bind(address).await?;
        let address = listener.local_addr()?;
        Ok((listener, address))
    };
    listening.await.map_err(|error: io::Error| {
        Failure::because(format!(
            "cannot listen on {address}: {error}; name another address with --listen, with port 0 \
             for any that is free"
        ))
    })
}

/// Whose credentials open the sandbox.
enum Accepted {
    Default,
    Given(Credentials),
    /// An existing database keeps its own.
    Kept,
}

async fn accepted(sandbox: &Sandbox, given: Option<Credentials>) -> Result<Accepted, Failure> {
    let unknown = |error| Failure::new("the credentials in force cannot be found out", error);
    let credentials = given.clone().unwrap_or_default();
    let accepted = sandbox.accepts(&credentials).await.map_err(unknown)?;
    Ok(match given {
        _ if !accepted => Accepted::Kept,
        Some(given) if given != Credentials::default() => Accepted::Given(given),
        _ => Accepted::Default,
    })
}

/// Completes at the first signal to stop. The handlers are in place when this returns.
#[cfg(unix)]
fn stop() -> io::Result<impl Future<Output = ()> + Send + 'static> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut interrupt, mut terminate) = (
        signal(SignalKind::interrupt())?,
        signal(SignalKind::terminate())?,
    );
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => (),
            _ = terminate.recv() => (),
        }
    })
}

/// Completes at Ctrl-C.
#[cfg(not(unix))]
fn stop() -> io::Result<impl Future<Output = ()> + Send + 'static> {
    Ok(async {
        // Without a handler there is no clean way to stop; it then serves until it is ended.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    })
}

/// Where it listens and how to call it.
struct Greeting {
    address: SocketAddr,
    database: Database,
    accepted: Accepted,
    voice: Voice,
}

impl Greeting {
    fn print(&self, out: &mut impl Write) -> io::Result<()> {
        let (paint, url) = (self.voice.paint, format!("http://{}/v1", self.address));
        writeln!(out, "{}", paint.title("OffBlocks sandbox"))?;
        writeln!(out, "  listening   {}", paint.good(&url))?;
        let fate = if self.database == Database::Memory {
            " (gone when this ends)"
        } else {
            ""
        };
        writeln!(out, "  database    {}{fate}", self.database)?;
        writeln!(out, "  API key     {}", self.key())?;
        writeln!(out, "  API secret  {}", self.secret())?;
        writeln!(out, "\n{}", paint.title("Call it"))?;
        for command in self.commands(&url) {
            writeln!(out, "  {}", paint.command(&command))?;
        }
        writeln!(out, "\n{}", paint.faint("Stop it with Ctrl-C."))?;
        out.flush()
    }

    fn key(&self) -> String {
        match &self.accepted {
            Accepted::Default => offblocks_sandbox::DEFAULT_API_KEY.to_string(),
            Accepted::Given(credentials) => credentials.api_key.to_string(),
            Accepted::Kept => "the one this database was made with".to_owned(),
        }
    }

    fn secret(&self) -> String {
        match &self.accepted {
            Accepted::Default => {
                format!(
                    "{} (the contract's example)",
                    offblocks_sandbox::DEFAULT_API_SECRET
                )
            }
            Accepted::Given(_) => "as you gave it".to_owned(),
            Accepted::Kept => "the one this database was made with".to_owned(),
        }
    }

    fn commands(&self, url: &str) -> Vec<String> {
        let quickstart = format!("quickstart --base-url {url}");
        let quickstart = self.voice.program.with(&quickstart);
        let token = format!("curl {url}/auth/token -H 'content-type: application/json' -d");
        match &self.accepted {
            Accepted::Default => {
                let (key, secret) = (
                    offblocks_sandbox::DEFAULT_API_KEY,
                    offblocks_sandbox::DEFAULT_API_SECRET,
                );
                let body = format!(r#"'{{"apiKey": "{key}", "apiSecret": "{secret}"}}'"#);
                vec![quickstart, format!("{token} {body}")]
            }
            Accepted::Given(_) | Accepted::Kept => vec![
                "export OFFBLOCKS_API_KEY=… OFFBLOCKS_API_SECRET=…".to_owned(),
                quickstart,
            ],
        }
    }
}
