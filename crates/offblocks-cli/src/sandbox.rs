//! `offblocks sandbox`: a local OffBlocks until it is told to stop.

use std::io::{self, Write};
use std::net::SocketAddr;

use offblocks_sandbox::{Credentials, Database, Settings, Surroundings};
use tokio::net::TcpListener;

use crate::arguments::Sandbox as Options;
use crate::failure::Failure;
use crate::logging::{self, Log};
use crate::paint::Paint;

/// Serves until Ctrl-C or SIGTERM, then finishes what is in flight.
pub(crate) async fn run(options: Options, paint: Paint, log: Log) -> Result<(), Failure> {
    logging::start(log);
    let mut settings = Settings::default();
    settings.database = options.database.clone();
    let given = options.credentials.given();
    settings.credentials = given.clone().unwrap_or_default();
    let sandbox = offblocks_sandbox::Sandbox::builder(Surroundings::real()).settings(settings);
    let failed = |error| Failure::new("the sandbox does not start", error);
    let sandbox = sandbox
        .build()
        .await
        .map_err(|error| failed(error.into()))?;
    sandbox
        .check_address(options.listen)
        .await
        .map_err(failed)?;
    let listener = TcpListener::bind(options.listen)
        .await
        .map_err(|error| Failure::new(&format!("cannot listen on {}", options.listen), error))?;
    let address = listener
        .local_addr()
        .map_err(|error| failed(error.into()))?;
    let accepted = accepted(&sandbox, given).await?;
    let stop = stop().map_err(|error| Failure::new("cannot wait for signals", error))?;
    let greeting = Greeting {
        address,
        database: &options.database,
        accepted,
        paint,
    };
    greeting
        .print(&mut io::stdout())
        .map_err(|error| Failure::new("cannot print", error))?;
    sandbox
        .serve(listener, stop)
        .await
        .map_err(|error| Failure::new("the sandbox stopped", error))
}

/// Whose credentials open the sandbox.
enum Accepted {
    Default,
    Given(Credentials),
    /// An existing database keeps its own.
    Kept,
}

async fn accepted(
    sandbox: &offblocks_sandbox::Sandbox,
    given: Option<Credentials>,
) -> Result<Accepted, Failure> {
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
struct Greeting<'a> {
    address: SocketAddr,
    database: &'a Database,
    accepted: Accepted,
    paint: Paint,
}

impl Greeting<'_> {
    fn print(&self, out: &mut impl Write) -> io::Result<()> {
        let (paint, url) = (self.paint, format!("http://{}/v1", self.address));
        writeln!(out, "{}", paint.title("OffBlocks sandbox"))?;
        writeln!(out, "  listening   {}", paint.good(&url))?;
        let fate = if *self.database == Database::Memory {
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
        let quickstart = format!("offblocks quickstart --base-url {url}");
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
