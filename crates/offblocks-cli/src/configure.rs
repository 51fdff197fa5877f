//! `offblocks configure`: which API is called, and with what, as a profile.

use std::io::{self, IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};

use offblocks_client::{Environment, Profile};
use offblocks_types::Secret;
use serde_json::json;
use uuid::Uuid;

use crate::arguments::{Configure, ConfigureCommand};
use crate::failure::Failure;
use crate::key_file;
use crate::keyring::{self, KeyringError};
use crate::print::print;
use crate::profiles::Profiles;
use crate::secret_file::secret_in_file;
use crate::system::random_id;

/// A setting and its text, which may be a secret.
type Setting = (&'static str, String);

const KEY_ID: &str = "signing_key_id";

/// The settings that hold a signing key or say where it is.
const SIGNING_KEY: [&str; 3] = ["signing_key", "signing_key_file", "signing_key_keyring"];

/// Stores, lists or removes profiles.
pub(crate) fn run(options: &Configure) -> Result<(), Failure> {
    let mut profiles = Profiles::read()?;
    match &options.command {
        Some(ConfigureCommand::List) => list(&profiles, options.json),
        Some(ConfigureCommand::Remove { name }) => {
            let entries = profiles.keyring_entries(name);
            if !profiles.remove(name) {
                return Err(no_profile(&profiles, name));
            }
            profiles.write()?;
            forget(&format!("the profile `{name}` is removed"), &entries)?;
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
    if options.keyring {
        settings = kept_in_keyring(name, settings)?;
    }
    let before = profiles.keyring_entries(name);
    profiles.set(name, &settings)?;
    let new_id = id_for_key(name, profiles)?;
    if profiles.get(name, "environment").is_none() {
        return Err(Failure::usage(format!(
            "the profile `{name}` says not which API is called: give --environment"
        )));
    }
    profiles.write()?;
    let after = profiles.keyring_entries(name);
    let gone: Vec<String> = before
        .into_iter()
        .filter(|it| !after.contains(it))
        .collect();
    forget(&format!("the profile `{name}` is stored"), &gone)?;
    usable(name, profiles)?;
    let mut names: Vec<&str> = settings.iter().map(|(name, _)| *name).collect();
    let file = profiles.path().display().to_string();
    let mut lines = vec![format!("the profile `{name}` is stored in {file}")];
    if let Some(id) = new_id {
        names.push(KEY_ID);
        lines.push(format!(
            "the signing key has the new id {id}; register it: offblocks keys register --profile {name}"
        ));
    }
    lines.push(format!("check it: offblocks auth check --profile {name}"));
    let value = json!({ "profile": name, "file": file, "settings": names });
    print(options.json, &value, &lines)
}

/// An id for a signing key that has none yet. The caller who registers a key chooses its id.
fn id_for_key(profile: &str, profiles: &mut Profiles) -> Result<Option<Uuid>, Failure> {
    let has = |setting: &str| profiles.get(profile, setting).is_some();
    if has(KEY_ID) || !SIGNING_KEY.iter().any(|form| has(form)) {
        return Ok(None);
    }
    let id = random_id()?;
    profiles.set(profile, &[(KEY_ID, id.to_string())])?;
    Ok(Some(id))
}

/// Whether the client can use what is stored now.
fn usable(name: &str, profiles: &Profiles) -> Result<(), Failure> {
    let loaded = Profile::load_with(name, keyring::find);
    loaded.map(drop).map_err(|error| {
        let file = profiles.path().display();
        Failure::because(format!(
            "the profile `{name}` is stored in {file}, but it cannot be used yet: {error}"
        ))
    })
}

/// Puts the secrets among these settings into the keyring, and names its entries instead.
fn kept_in_keyring(profile: &str, settings: Vec<Setting>) -> Result<Vec<Setting>, Failure> {
    let kept = |setting: &str, as_setting, secret: &Secret| -> Result<Setting, Failure> {
        let entry = keyring::entry_of(profile, setting);
        keyring::store(&entry, secret).map_err(not_in_keyring)?;
        Ok((as_setting, entry))
    };
    let read = |file: &str| secret_in_file(file).map_err(|reason| unreadable(file, &reason));
    let one = |(name, text): Setting| match name {
        "api_secret" => kept("api_secret", "api_secret_keyring", &text.into()),
        "api_secret_file" => kept("api_secret", "api_secret_keyring", &read(&text)?),
        "signing_key_file" => kept("signing_key", "signing_key_keyring", &read(&text)?),
        other => Ok((other, text)),
    };
    settings.into_iter().map(one).collect()
}

/// Removes entries of the keyring that no profile names any more.
fn forget(happened: &str, entries: &[String]) -> Result<(), Failure> {
    for entry in entries {
        keyring::remove(entry).map_err(|error| {
            Failure::because(format!(
                "{happened}, but the keyring keeps the entry `{entry}` of the service `offblocks`: \
                 {error}"
            ))
        })?;
    }
    Ok(())
}

fn not_in_keyring(error: KeyringError) -> Failure {
    let text = format!("nothing is stored: {error}");
    match error {
        KeyringError::NotBuilt => Failure::usage(text),
        _ => Failure::because(text),
    }
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
    add(KEY_ID, options.key_id.map(|id| id.to_string()));
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
    let any = |settings: &[Setting], names: [&str; 3]| names.iter().any(|it| known(settings, it));
    let has_secret = any(
        settings,
        ["api_secret", "api_secret_file", "api_secret_keyring"],
    );
    if !has_secret && known(settings, "api_key") {
        let secret = rpassword::prompt_password("API secret (not shown): ");
        let secret = secret.map_err(|error| Failure::new("the secret cannot be read", error))?;
        if !secret.trim().is_empty() {
            settings.push(("api_secret", secret.trim().to_owned()));
        }
    }
    if !any(settings, SIGNING_KEY) {
        let text = line("File with the signing key (empty for none)")?;
        if !text.is_empty() {
            settings.push(("signing_key_file", signing_key_file(Path::new(&text))?));
        }
    }
    if any(settings, SIGNING_KEY) && !known(settings, KEY_ID) {
        let id = line("Id of the signing key (a UUID; empty for a new one)")?;
        push_id(settings, KEY_ID, &id)?;
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
    read.map_err(|reason| unreadable(&shown.to_string(), &reason))?;
    whole(path)
}

fn unreadable(file: &str, reason: &str) -> Failure {
    Failure::because(format!("{file} cannot be used: {reason}"))
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
    let names = shown.iter().flat_map(|(_, settings)| settings);
    let width = names.map(|(name, _)| name.len()).max().unwrap_or_default();
    for (name, settings) in &shown {
        lines.push(name.clone());
        lines.extend(
            settings
                .iter()
                .map(|(name, text)| format!("  {name:<width$}  {text}")),
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
