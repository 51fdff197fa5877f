//! What an operation is called on a command line: a noun and a verb.
//!
//! The noun is the first segment of the path. The verb is the `operationId` in kebab case, without
//! the words of the noun behind its first word, and `list` in place of `get` where a list comes back:
//! `getCardTransactions` of `/cards/{cardId}/transactions` is `cards list-transactions`. A first word
//! that the noun is made of goes too, so that `simulateCardFail` of `/simulator/…` is
//! `simulator card-fail`. The documentation of the command says the same to its users.

use std::collections::BTreeSet;

use heck::ToKebabCase as _;

use crate::model::Operation;

/// The noun and the verb of each operation, in their order. No two are the same.
pub(super) fn names(operations: &[Operation], is_list: impl Fn(&Operation) -> bool) -> Vec<Name> {
    let mut taken = BTreeSet::new();
    let name = |(index, operation): (usize, &Operation)| {
        let noun = noun(operation);
        let short = verb(&operation.id, &noun, is_list(operation));
        let long = operation.id.to_kebab_case();
        let longer = format!("{long}-{}", operation.method.to_lowercase());
        let mut candidates = [short, long, longer]
            .into_iter()
            .filter(|it| !it.is_empty());
        let free = candidates.find(|verb| taken.insert((noun.clone(), verb.clone())));
        let verb = free.unwrap_or_else(|| format!("operation-{index}"));
        Name { noun, verb }
    };
    operations.iter().enumerate().map(name).collect()
}

/// What an operation is called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Name {
    pub noun: String,
    pub verb: String,
}

/// The first segment of the path, or the tag where that is a parameter.
fn noun(operation: &Operation) -> String {
    let mut segments = operation.path.split('/').filter(|it| !it.is_empty());
    let first = segments.next().filter(|it| !it.contains('{'));
    let noun = first.unwrap_or(&operation.tag).to_kebab_case();
    match noun.is_empty() {
        true => "api".to_owned(),
        false => noun,
    }
}

fn verb(id: &str, noun: &str, is_list: bool) -> String {
    let kebab = id.to_kebab_case();
    let mut words: Vec<&str> = kebab.split('-').collect();
    if is_agent(noun, words[0]) {
        words.remove(0);
        return words.join("-");
    }
    let rest = without_noun(&words[1..], noun);
    let first = match (words[0], is_list) {
        ("get", true) => "list",
        (first, _) => first,
    };
    let all: Vec<&str> = std::iter::once(first).chain(rest.iter().copied()).collect();
    all.join("-")
}

/// Whether the noun is what does the verb: a simulator simulates.
fn is_agent(noun: &str, verb: &str) -> bool {
    let stem = verb.strip_suffix('e').unwrap_or(verb);
    let agent = |ending: &str| noun.strip_suffix(ending) == Some(stem);
    !stem.is_empty() && (agent("or") || agent("er"))
}

/// The words without those of the noun at their beginning, whether it is one or several.
fn without_noun<'a>(words: &'a [&'a str], noun: &str) -> &'a [&'a str] {
    let several: Vec<&str> = noun.split('-').collect();
    let length = several.len();
    let Some(begin) = words.get(..length) else {
        return words;
    };
    let (last, before) = (begin[length - 1], &begin[..length - 1]);
    let is_noun = before == &several[..length - 1] && is_one_of(last, several[length - 1]);
    match is_noun {
        true => &words[length..],
        false => words,
    }
}

/// Whether a word is this plural, or one of it.
fn is_one_of(word: &str, plural: &str) -> bool {
    let one = match plural.strip_suffix("ies") {
        Some(stem) => format!("{stem}y"),
        None => plural.strip_suffix('s').unwrap_or(plural).to_owned(),
    };
    word == plural || word == one
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn verbs_are_those_of_the_contract() {
        for (id, noun, is_list, expected) in [
            ("getCustomers", "customers", true, "list"),
            ("getCustomer", "customers", false, "get"),
            ("createCustomer", "customers", false, "create"),
            (
                "createCustomerAccount",
                "customers",
                false,
                "create-account",
            ),
            ("getCustomerAccounts", "customers", true, "list-accounts"),
            ("signAccountChallenge", "accounts", false, "sign-challenge"),
            (
                "getTransactionDetails",
                "transactions",
                false,
                "get-details",
            ),
            ("updateSigningKey", "auth", false, "update-signing-key"),
            ("getExchangeRates", "exchange-rates", true, "list"),
            ("getExchangeRate", "exchange-rates", false, "get"),
            ("getCurrencies", "currencies", true, "list"),
            ("closeCurrency", "currencies", false, "close"),
            ("simulateCardFail", "simulator", false, "card-fail"),
            ("printReport", "printer", false, "report"),
            ("ping", "health", false, "ping"),
        ] {
            assert_eq!(verb(id, noun, is_list), expected, "{id} of {noun}");
        }
    }
}
