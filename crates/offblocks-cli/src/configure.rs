//! `offblocks configure`: which API is called, and with what, as a profile.

use std::io::{self, IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};

use offblocks_client::{Environment, Profile};
use serde_json::json;
use uuid::Uuid;

use crate::arguments::{Configure, ConfigureCommand};
use crate::failure::Failure;
use crate::key_file;
use crate::print::print;
use crate::profiles::Profiles;
use crate::secret_file::secret_in_file;

/// A setting and its text, which may be a secret.
type Setting = (&'static str, String);

/// Stores, lists or removes profiles.
pub(crate) fn run(options: &Configure) -> Result<(), Failure> {
    let mut profiles = Profiles::read()?;
    match &options.command {
        Some(ConfigureCommand::List) => list(&profiles, options.json),
        Some(ConfigureCommand::Remove { name }) => {
            if !profiles.remove(name) {
                return Err(no_profile(&profiles, name));
            }
            profiles.write()?;
            let line = format!("the profile `{name}` is removed");
            print(options.json, &json!({ "profile": name }), &[line])
        }
        None => store(options, &mut profiles),
    }
}

fn store(options: &Configure, profiles: &mut Profiles) -> Result<(), Failure> {
    let name = &options.profile;
    let mut settings = given(options)?;
    if io::stdin().is_terminal() && !options.no_input {
        ask(options, profiles, &mut settings)?;
    }
    if settings.is_empty() {
        return Err(Failure::usage(
            "nothing is given to store: give --environment, --api-key and so on (see --help), or run \
             it on a terminal, which asks for them",
        ));
    }
    profiles.set(name, &settings)?;
    if profiles.get(name, "environment").is_none() {
        return Err(Failure::usage(format!(
            "the profile `{name}` says not which API is called: give --environment"
        )));
    }
    profiles.write()?;
    usable(name, profiles)?;
    let names: Vec<&str> = settings.iter().map(|(name, _)| *name).collect();
    let file = profiles.path().display().to_string();
    let lines = [
        format!("the profile `{name}` is stored in {file}"),
        format!("check it: offblocks auth check --profile {name}"),
    ];
    let value = json!({ "profile": name, "file": file, "settings": names });
    print(options.json, &value, &lines)
}

/// Whether the client can use what is stored now.
fn usable(name: &str, profiles: &Profiles) -> Result<(), Failure> {
    let loaded = Profile::load(name);
    loaded.map(drop).map_err(|error| {
        let file = profiles.path().display();
        Failure::because(format!(
            "the profile `{name}` is stored in {file}, but it cannot be used yet: {error}"
        ))
    })
}

/// What the options say.
fn given(options: &Configure) -> Result<Vec<Setting>, Failure> {
    let mut settings = Vec::new();
    let mut add = |name, text: Option<String>| settings.extend(text.map(|text| (name, text)));
    add("environment", options.environment.as_ref().map(spelt));
    add("api_key", options.api_key.map(|key| key.to_string()));
    let secret = options.api_secret_file.as_deref().map(secret_file);
    add("api_secret_file", secret.transpose()?);
    let secret = options.api_secret.as_ref();
    add(
        "api_secret",
        secret.map(|secret| secret.expose().to_owned()),
    );
    let key = options.signing_key.as_deref().map(signing_key_file);
    add("signing_key_file", key.transpose()?);
    add("signing_key_id", options.key_id.map(|id| id.to_string()));
    Ok(settings)
}

/// Asks for what is neither given nor stored. An empty line leaves a setting out.
fn ask(
    options: &Configure,
    profiles: &Profiles,
    settings: &mut Vec<Setting>,
) -> Result<(), Failure> {
    let stored = |name: &str| profiles.get(&options.profile, name).is_some();
    let known = |settings: &[Setting], name: &str| {
        stored(name) || settings.iter().any(|(given, _)| *given == name)
    };
    if !known(settings, "environment") {
        let text = line("API to call (sandbox, live or a URL) [sandbox]")?;
        let text = if text.is_empty() { "sandbox" } else { &text };
        let environment: Environment = text
            .parse()
            .map_err(|error| Failure::new("the environment cannot be used", error))?;
        settings.push(("environment", spelt(&environment)));
    }
    if !known(settings, "api_key") {
        push_id(
            settings,
            "api_key",
            &line("API key (a UUID; empty for none)")?,
        )?;
    }
    let has_secret = known(settings, "api_secret") || known(settings, "api_secret_file");
    if !has_secret && known(settings, "api_key") {
        let secret = rpassword::prompt_password("API secret (not shown): ");
        let secret = secret.map_err(|error| Failure::new("the secret cannot be read", error))?;
        if !secret.trim().is_empty() {
            settings.push(("api_secret", secret.trim().to_owned()));
        }
    }
    if !known(settings, "signing_key") && !known(settings, "signing_key_file") {
        let text = line("File with the signing key (empty for none)")?;
        if !text.is_empty() {
            settings.push(("signing_key_file", signing_key_file(Path::new(&text))?));
        }
    }
    let has_key = known(settings, "signing_key") || known(settings, "signing_key_file");
    if has_key && !known(settings, "signing_key_id") {
        let id = line("Id of the signing key (a UUID)")?;
        push_id(settings, "signing_key_id", &id)?;
    }
    Ok(())
}

fn push_id(settings: &mut Vec<Setting>, name: &'static str, text: &str) -> Result<(), Failure> {
    if text.is_empty() {
        return Ok(());
    }
    // What is not a UUID may be a secret in the wrong place, so it is not shown.
    let id = Uuid::try_parse(text);
    let id = id.map_err(|_| Failure::because("this is not a UUID; nothing is stored"))?;
    settings.push((name, id.to_string()));
    Ok(())
}

/// A line that is typed. The question goes to the error stream, so that the output can be piped.
fn line(question: &str) -> Result<String, Failure> {
    let _ = write!(io::stderr(), "{question}: ");
    let _ = io::stderr().flush();
    let mut text = String::new();
    let read = io::stdin().read_line(&mut text);
    read.map_err(|error| Failure::new("the standard input cannot be read", error))?;
    Ok(text.trim().to_owned())
}

fn spelt(environment: &Environment) -> String {
    match environment {
        Environment::Sandbox => "sandbox",
        Environment::Live => "live",
        other => other.base_url(),
    }
    .to_owned()
}

/// The whole path of a file that holds a secret.
fn secret_file(path: &Path) -> Result<String, Failure> {
    let shown = path.display();
    let read = secret_in_file(&path.to_string_lossy());
    read.map_err(|reason| Failure::because(format!("{shown} cannot be used: {reason}")))?;
    whole(path)
}

/// The whole path of a file that holds a signing key.
fn signing_key_file(path: &Path) -> Result<String, Failure> {
    key_file::read(path)?;
    whole(path)
}

fn whole(path: &Path) -> Result<String, Failure> {
    let whole: io::Result<PathBuf> = std::path::absolute(path);
    let whole = whole.map_err(|error| Failure::new("the path cannot be used", error))?;
    let text = whole.to_str().map(str::to_owned);
    text.ok_or_else(|| Failure::because(format!("the path {} is not UTF-8", path.display())))
}

fn list(profiles: &Profiles, json: bool) -> Result<(), Failure> {
    let shown = profiles.shown();
    let mut lines = Vec::new();
    let mut values = Vec::new();
    for (name, settings) in &shown {
        lines.push(name.clone());
        lines.extend(
            settings
                .iter()
                .map(|(name, text)| format!("  {name:<16}  {text}")),
        );
        let settings: serde_json::Map<_, _> = settings
            .iter()
            .map(|(name, text)| (name.clone(), text.clone().into()))
            .collect();
        values.push(json!({ "name": name, "settings": settings }));
    }
    if lines.is_empty() {
        lines.push("there is no profile; `offblocks configure` makes one".to_owned());
    }
    let file = profiles.path().display().to_string();
    print(json, &json!({ "file": file, "profiles": values }), &lines)
}

fn no_profile(profiles: &Profiles, name: &str) -> Failure {
    let names: Vec<_> = profiles.shown().into_iter().map(|(name, _)| name).collect();
    let there = match names.is_empty() {
        true => "there is none at all".to_owned(),
        false => format!("there are: {}", names.join(", ")),
    };
    Failure::because(format!("there is no profile `{name}`; {there}"))
}
