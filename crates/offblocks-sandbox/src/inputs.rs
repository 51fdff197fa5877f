//! Limits of the sandbox for values, in addition to the contract's schemas. They are its own choices, so
//! they are here and not in the contract.

use offblocks_types::{Address, BlockchainAccountId};

use crate::challenge;
use crate::countries::is_country;
use crate::failure::Failure;

/// The longest external id, in characters.
const EXTERNAL_ID: usize = 255;

/// The longest part of an address, in characters.
const ADDRESS_PART: usize = 255;

/// An external id: not longer than 255 characters, none of them a control character.
pub(crate) fn external_id(text: &str) -> Result<(), Failure> {
    bounded("/externalId", "the external id", text, EXTERNAL_ID)
}

/// The parts that every address has. A country may have no post codes.
const NEEDED: [&str; 2] = ["firstLine", "city"];

/// A postal address: parts of up to 255 characters without control characters, a country as
/// ISO 3166-1 has it, and a first line and a city that are not empty.
pub(crate) fn address(name: &str, address: &Address) -> Result<(), Failure> {
    let parts = serde_json::to_value(address).unwrap_or_default();
    for (part, value) in parts.as_object().into_iter().flatten() {
        let Some(text) = value.as_str() else { continue };
        let place = format!("/{name}/{part}");
        bounded(&place, &place, text, ADDRESS_PART)?;
        if text.trim().is_empty() && NEEDED.contains(&part.as_str()) {
            let reason = format!("{place} is empty");
            return Err(Failure::at(place, reason));
        }
        if part == "country" && !is_country(text) {
            let reason = format!(
                "{place} is not the code of a country: write two capital letters of ISO 3166-1 \
                 alpha-2, such as GB"
            );
            return Err(Failure::at(place, reason));
        }
    }
    Ok(())
}

/// An account of a chain at this JSON pointer: an address in letters of both cases has to carry the right
/// checksum.
pub(crate) fn wallet(pointer: &str, account: &BlockchainAccountId) -> Result<(), Failure> {
    if challenge::has_wrong_checksum(account.address()) {
        return Err(Failure::at(
            pointer,
            "the address has a wrong checksum (EIP-55); check it, or write it in lower case",
        ));
    }
    Ok(())
}

fn bounded(pointer: &str, name: &str, text: &str, most: usize) -> Result<(), Failure> {
    let wrong = |what: String| Err(Failure::at(pointer, format!("{name} {what}")));
    if text.len() > most && text.chars().count() > most {
        return wrong(format!("is longer than {most} characters"));
    }
    if text.chars().any(char::is_control) {
        return wrong("has a control character".to_owned());
    }
    Ok(())
}
