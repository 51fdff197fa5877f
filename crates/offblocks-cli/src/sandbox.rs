//! `offblocks sandbox`: a local OffBlocks that runs until it is stopped.

use std::io::{self, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use offblocks_sandbox::{Credentials, Database, Sandbox, Settings, Surroundings};
use tokio::net::TcpListener;
use uuid::Uuid;

use crate::OutputStyle;
use crate::arguments::Sandbox as Options;
use crate::control;
use crate::data;
use crate::failure::Failure;
use crate::logging::{self, Log};
use crate::ready::ReadyFile;
use crate::settings::SettingOptions;
use crate::stop::stop;
use crate::system::random_id;

/// Where it listens unless it is told otherwise.
const DEFAULT_ADDRESS: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 8080);

/// Serves until Ctrl-C or SIGTERM, then finishes what is in flight. With a subcommand it calls a
/// sandbox that runs instead.
pub(crate) async fn run(mut options: Options, style: OutputStyle, log: Log) -> Result<(), Failure> {
    logging::start(log);
    if let Some(command) = options.control.take() {
        return control::run(command, &style).await;
    }
    let given = options.credentials.given();
    let mut settings = Settings::default();
    let surroundings = options.repeatable.surroundings(&mut settings);
    let mut address = DEFAULT_ADDRESS;
    if let Some(file) = &options.config {
        let file = SettingOptions::read(file)?;
        address = file.listen.unwrap_or(address);
        file.apply(&mut settings)?;
    }
    options.settings.apply(&mut settings)?;
    settings.database = options.database.unwrap_or(settings.database);
    let address = options.listen.unwrap_or(address);
    settings.credentials = given.clone().unwrap_or_default();
    let (database, unverified) = (settings.database.clone(), !settings.verify_signatures);
    // In this order: a start that is rejected leaves no database behind.
    let (listener, address) = listen(address).await?;
    let sandbox = open(settings, surroundings, address).await?;
    data::begin(&sandbox, &options.populated, style.paint).await?;
    let accepted = accepted(&sandbox, given).await?;
    let stop = stop().map_err(|error| Failure::new("cannot wait for signals", error))?;
    let greeting = Greeting {
        address,
        database,
        accepted,
        unverified,
        key_id: random_id()?,
        style,
    };
    let ready = options.ready_file.map(|file| {
        let written = ReadyFile::write(&file, &greeting.base_url());
        written.map_err(|error| Failure::new(&format!("cannot write {}", file.display()), error))
    });
    let _ready = ready.transpose()?;
    let out = &mut io::stdout();
    let printed = if options.json {
        greeting.print_json(out)
    } else {
        greeting.print(out)
    };
    printed.map_err(Failure::unprinted)?;
    let served = sandbox.serve(listener, stop).await;
    served.map_err(|error| Failure::new("the sandbox stopped", error))
}

/// A sandbox that may be reached at this address.
async fn open(
    settings: Settings,
    surroundings: Surroundings,
    address: SocketAddr,
) -> Result<Sandbox, Failure> {
    let sandbox = Sandbox::builder(surroundings)
        .settings(settings)
        .reachable_at(address);
    let unopened = |error| Failure::new("the sandbox does not start", error);
    let sandbox = sandbox.build().await.map_err(unopened)?;
    let rejected = |error| Failure::new("the sandbox does not start", error);
    sandbox.check_address(address).await.map_err(rejected)?;
    Ok(sandbox)
}

/// Listens, and returns the address: the system may have chosen the port.
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

/// Which credentials the sandbox accepts.
enum Accepted {
    Default,
    Given(Credentials),
    /// Those of the existing database.
    Kept,
    /// They were deleted, and cannot be restored.
    Deleted,
}

async fn accepted(sandbox: &Sandbox, given: Option<Credentials>) -> Result<Accepted, Failure> {
    let unknown = |error| Failure::new("cannot read the current credentials", error);
    let credentials = given.clone().unwrap_or_default();
    let accepted = sandbox.accepts(&credentials).await.map_err(unknown)?;
    if !accepted && !sandbox.has_credentials().await.map_err(unknown)? {
        return Ok(Accepted::Deleted);
    }
    Ok(match given {
        _ if !accepted => Accepted::Kept,
        Some(given) if given != Credentials::default() => Accepted::Given(given),
        _ => Accepted::Default,
    })
}

/// Where it listens and how to call it.
struct Greeting {
    address: SocketAddr,
    database: Database,
    accepted: Accepted,
    /// Whether signatures are not checked.
    unverified: bool,
    /// The id under which a key can be registered.
    key_id: Uuid,
    style: OutputStyle,
}

impl Greeting {
    fn print(&self, out: &mut impl Write) -> io::Result<()> {
        let (paint, url) = (self.style.paint, self.base_url());
        writeln!(out, "{}", paint.title("OffBlocks sandbox"))?;
        let everywhere = match self.address.ip().is_unspecified() {
            true => " (and at every other address of this machine)",
            false => "",
        };
        writeln!(out, "  listening   {}{everywhere}", paint.good(&url))?;
        writeln!(out, "  pages       http://{}/_sandbox/", self.own_address())?;
        let lifetime = if self.database == Database::Memory {
            " (deleted when the sandbox stops)"
        } else {
            ""
        };
        writeln!(out, "  database    {}{lifetime}", self.database)?;
        writeln!(out, "  API key     {}", self.key())?;
        writeln!(out, "  API secret  {}", self.secret())?;
        if self.unverified {
            let warning = "NOT CHECKED: every caller with a token is accepted. Leave --no-verify out to check \
                           them.";
            writeln!(out, "  signatures  {}", paint.bad(warning))?;
        }
        let steps = [
            (
                "Walk the whole issuance guide against it",
                self.quickstart(&url),
            ),
            ("Or call it yourself: get a token", self.token(&url)),
            (
                "Then register a key to sign calls with",
                self.register(&url),
            ),
        ];
        for (title, commands) in steps {
            if matches!(self.accepted, Accepted::Deleted) {
                break;
            }
            writeln!(out, "\n{}", paint.title(title))?;
            for command in commands {
                writeln!(out, "  {}", paint.command(&command))?;
            }
        }
        writeln!(out, "\n{}", paint.faint("Stop it with Ctrl-C."))?;
        out.flush()
    }

    fn key(&self) -> String {
        match &self.accepted {
            Accepted::Default => offblocks_sandbox::DEFAULT_API_KEY.to_string(),
            Accepted::Given(credentials) => credentials.api_key.to_string(),
            Accepted::Kept => "the one this database was created with".to_owned(),
            Accepted::Deleted => {
                "none: its credentials were deleted, so signing in is not possible; start \
                                  with another database"
                    .to_owned()
            }
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
            Accepted::Kept => "the one this database was created with".to_owned(),
            Accepted::Deleted => {
                "none: its credentials were deleted, so signing in is not possible; start \
                                  with another database"
                    .to_owned()
            }
        }
    }

    fn base_url(&self) -> String {
        format!("http://{}/v1", self.own_address())
    }

    /// The address by which this machine can call it. Of one that listens at every address, such as
    /// 0.0.0.0, that is the loopback address.
    fn own_address(&self) -> SocketAddr {
        let ip = match self.address.ip() {
            IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
            IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
            ip => ip,
        };
        SocketAddr::new(ip, self.address.port())
    }

    /// One line for programs.
    fn print_json(&self, out: &mut impl Write) -> io::Result<()> {
        let credentials = match self.accepted {
            Accepted::Default => "example",
            Accepted::Given(_) => "given",
            Accepted::Kept => "kept",
            Accepted::Deleted => "deleted",
        };
        let signatures = if self.unverified {
            "unchecked"
        } else {
            "checked"
        };
        let line = serde_json::json!({
            "baseUrl": self.base_url(),
            "signatures": signatures,
            "database": self.database.to_string(),
            "credentials": credentials,
        });
        writeln!(out, "{line}")?;
        out.flush()
    }

    fn quickstart(&self, url: &str) -> Vec<String> {
        let quickstart = format!("quickstart --base-url {url}");
        let quickstart = self.style.program.with(&quickstart);
        match &self.accepted {
            Accepted::Default => vec![quickstart],
            _ => vec![
                "export OFFBLOCKS_API_KEY=… OFFBLOCKS_API_SECRET=…".to_owned(),
                quickstart,
            ],
        }
    }

    fn token(&self, url: &str) -> Vec<String> {
        let token = format!("curl {url}/auth/token -H 'content-type: application/json' -d");
        let body = match &self.accepted {
            Accepted::Default => {
                let (key, secret) = (
                    offblocks_sandbox::DEFAULT_API_KEY,
                    offblocks_sandbox::DEFAULT_API_SECRET,
                );
                format!(r#"'{{"apiKey": "{key}", "apiSecret": "{secret}"}}'"#)
            }
            _ => r#""{\"apiKey\": \"$OFFBLOCKS_API_KEY\", \"apiSecret\": \"$OFFBLOCKS_API_SECRET\"}""#
                .to_owned(),
        };
        vec![format!("{token} {body}")]
    }

    fn register(&self, url: &str) -> Vec<String> {
        let generate = self.style.program.with("keys new signing-key.pem");
        let help = self.style.program.with("keys sign --help");
        vec![
            format!(
                "export OFFBLOCKS_TOKEN=… OFFBLOCKS_SIGNING_KEY_FILE=signing-key.pem OFFBLOCKS_SIGNING_KEY_ID={}",
                self.key_id
            ),
            format!("KEY=$({generate})"),
            format!(
                r#"curl -X PUT {url}/auth/signing -H "authorization: Bearer $OFFBLOCKS_TOKEN" -H 'content-type: application/json' -d "{{\"signingKeyId\": \"$OFFBLOCKS_SIGNING_KEY_ID\", \"signingKey\": \"$KEY\"}}""#
            ),
            help,
        ]
    }
}
