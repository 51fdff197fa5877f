//! `offblocks keys register` and `offblocks keys rotate`: register and replace public keys on the server.

use offblocks_client::{Client, SigningKey};
use offblocks_types::{Base64, DeleteSigningKeyRequest, UpdateSigningKeyRequest};
use serde_json::json;
use uuid::Uuid;

use crate::arguments::{ApiOptions, Rotate};
use crate::failure::Failure;
use crate::print::print;
use crate::profiles::Profiles;
use crate::secret_file::secret_in_file;
use crate::system::random_id;
use crate::{key_file, keyring};

/// Registers the public half of the signing key.
pub(crate) async fn register(options: ApiOptions) -> Result<(), Failure> {
    let connection = options.connection.resolve()?;
    let key = connection.signing_key.clone().ok_or_else(|| {
        Failure::because(
            "there is no signing key to register: give --signing-key or a --profile; `offblocks keys \
             new` makes one",
        )
    })?;
    let id = connection.key_id.map_or_else(random_id, Ok)?;
    let client = connection.client(false, options.allow_plain_http)?;
    put(&client, &key, id).await?;
    let public = key.public_key().to_base64_pem();
    let value = json!({ "signingKeyId": id, "signingKey": public });
    print(options.json, &value, &[format!("registered under {id}")])
}

/// Puts a new key in place of the one that is configured.
pub(crate) async fn rotate(options: Rotate) -> Result<(), Failure> {
    let api = &options.api;
    let connection = api.connection.resolve()?;
    let old = connection.key_id.ok_or_else(|| {
        Failure::because(
            "there is no signing key to replace: give --signing-key and --key-id, or a --profile; \
             `offblocks keys register` registers a first one",
        )
    })?;
    let id = options.new_key_id.map_or_else(random_id, Ok)?;
    if id == old {
        return Err(Failure::usage(
            "the new key needs an id of its own: calls signed with the old one would fail at once",
        ));
    }
    let client = connection.client(true, api.allow_plain_http)?;
    let key = key_file::create()?;
    key_file::write(&key, &options.out)?;
    put(&client, &key, id).await?;
    accepted(&client, key, id).await?;
    let profile = keep(&options, id)?;
    if !options.keep_old {
        let removed = client.delete_signing_key(DeleteSigningKeyRequest::new(old));
        removed.send().await.map_err(|error| {
            let failure = Failure::of_call(&error);
            failure.after(&format!(
                "the new key is {id} and works, but the old one stays"
            ))
        })?;
    }
    report(&options, old, id, profile)
}

async fn put(client: &Client, key: &SigningKey, id: Uuid) -> Result<(), Failure> {
    let public = Base64::from(key.public_key().to_spki_pem().into_bytes());
    let request = UpdateSigningKeyRequest::new(id, public);
    let registered = client.update_signing_key(request).send().await;
    registered.map_err(|error| Failure::of_call(&error))?;
    Ok(())
}

/// Whether a call signed with the new key is accepted.
async fn accepted(client: &Client, key: SigningKey, id: Uuid) -> Result<(), Failure> {
    client.replace_signing_key(key, key_file::key_id(id));
    let called = client.get_chains().send().await;
    called.map_err(|error| {
        let failure = Failure::of_call(&error);
        failure.after(&format!(
            "the new key {id} is registered but not accepted; the old one stays"
        ))
    })?;
    Ok(())
}

/// Lets the profile that was named name the new key.
fn keep(options: &Rotate, id: Uuid) -> Result<Option<String>, Failure> {
    let named = options.api.connection.profile.as_ref();
    let Some(name) = named.filter(|name| !name.is_empty()) else {
        return Ok(None);
    };
    let file = std::path::absolute(&options.out);
    let file = file.map_err(|error| Failure::new("the path cannot be used", error))?;
    let mut profiles = Profiles::read()?;
    // A key that is kept in the keyring is replaced there.
    let place = match profiles.get(name, "signing_key_keyring").map(str::to_owned) {
        Some(entry) => {
            let pem = secret_in_file(&options.out.to_string_lossy());
            let kept = pem.and_then(|pem| {
                let kept = keyring::store(&entry, &pem);
                kept.map_err(|error| error.to_string())
            });
            kept.map_err(|reason| {
                Failure::because(format!(
                    "the new key {id} is registered, and the old one stays: {reason}"
                ))
            })?;
            ("signing_key_keyring", entry)
        }
        None => ("signing_key_file", file.to_string_lossy().into_owned()),
    };
    profiles.set(name, &[place, ("signing_key_id", id.to_string())])?;
    profiles.write()?;
    Ok(Some(name.clone()))
}

fn report(options: &Rotate, old: Uuid, id: Uuid, profile: Option<String>) -> Result<(), Failure> {
    let removed = (!options.keep_old).then_some(old);
    let file = options.out.display();
    let mut lines = vec![format!("new key   {id}, in {file}")];
    lines.push(match removed {
        Some(old) => format!("old key   {old}, removed"),
        None => format!("old key   {old}, still registered"),
    });
    lines.extend(
        profile
            .iter()
            .map(|name| format!("profile   {name} names the new key")),
    );
    let value = json!({
        "signingKeyId": id,
        "signingKeyFile": file.to_string(),
        "removedKeyId": removed,
        "profile": profile,
    });
    print(options.api.json, &value, &lines)
}
