//! The credentials with which a caller is accepted.

use super::{Listed, Requirement};
use crate::at::At;
use crate::schema::side::Side;
use crate::text::quoted;
use std::collections::{BTreeMap, BTreeSet};

/// Credentials that together are enough: what each is on the wire or where it is obtained, and the
/// scopes it needs.
pub(super) type Together = BTreeMap<String, BTreeSet<String>>;

/// Schemes that count as the same on both sides, whatever they are; and whether the scopes of each
/// still matter, which they do not where a finding already says that its credentials are rejected.
pub(super) type Alike<'a> = BTreeMap<&'a str, bool>;

/// How many combinations of flows are distinguished.
const MOST: usize = 256;

/// The flows of OAuth 2.
pub(super) const FLOWS: [&str; 5] = [
    "implicit",
    "password",
    "clientCredentials",
    "authorizationCode",
    "deviceAuthorization",
];

/// The addresses at which a flow obtains a token.
pub(super) const ADDRESSES: [&str; 3] = ["authorizationUrl", "deviceAuthorizationUrl", "tokenUrl"];

/// A scheme by its name, or in 3.2 by a reference to it.
pub(super) fn scheme<'a>(side: &Side<'a>, name: &str) -> Option<At<'a>> {
    let named = side.named("securitySchemes", name);
    side.follow(named.or_else(|| side.inside(name))?)
}

/// What a scheme is, whatever it is called: one entry, and for OAuth 2 one for each flow, since
/// who has one flow in the code cannot take another.
pub(super) fn ways(side: &Side<'_>, name: &str) -> BTreeSet<String> {
    let named = || BTreeSet::from([format!("`{name}`")]);
    let Some(at) = scheme(side, name) else {
        return named();
    };
    let text = |key: &str| at.text(key).unwrap_or_default();
    let one = match text("type") {
        "apiKey" if text("in") == "header" => {
            format!("header `{}`", text("name").to_ascii_lowercase())
        }
        "apiKey" => format!("{} `{}`", text("in"), text("name")),
        "http" => format!("HTTP {}", text("scheme").to_ascii_lowercase()),
        "openIdConnect" => format!("OpenID Connect by {}", text("openIdConnectUrl")),
        "mutualTLS" => "mutual TLS".to_owned(),
        "oauth2" => {
            let flows = flows(&at);
            return if flows.is_empty() { named() } else { flows };
        }
        _ => return named(),
    };
    BTreeSet::from([one])
}

fn flows(scheme: &At<'_>) -> BTreeSet<String> {
    let Some(flows) = scheme.get("flows") else {
        return BTreeSet::new();
    };
    let described = FLOWS.iter().filter_map(|name| {
        let flow = flows.get(name)?;
        let addresses = ADDRESSES.iter().filter_map(|key| flow.text(key));
        let addresses: Vec<&str> = addresses.collect();
        Some(format!("OAuth 2 `{name}` by {}", addresses.join(" and ")))
    });
    described.collect()
}

/// The combinations of credentials that are enough.
pub(super) fn expand(side: &Side<'_>, any: &[Requirement<'_>], alike: &Alike<'_>) -> Vec<Listed> {
    let none = BTreeSet::new();
    let of = |requirement: &Requirement<'_>| {
        let part = |(name, scopes)| match alike.get(name) {
            Some(true) => (vec![format!("`{name}`")], scopes),
            Some(false) => (vec![format!("`{name}`")], &none),
            None => (ways(side, name).into_iter().collect(), scopes),
        };
        let parts: Vec<(Vec<String>, &BTreeSet<&str>)> = requirement
            .schemes
            .iter()
            .map(|(name, scopes)| part((*name, scopes)))
            .collect();
        let counts = parts.iter().map(|(ways, _)| ways.len());
        let count = counts.fold(1, usize::saturating_mul);
        let all = combinations(&parts, count > MOST).into_iter();
        let at = requirement.at.clone();
        all.map(move |together| (at.clone(), together))
    };
    any.iter().flat_map(of).collect()
}

/// Each choice of one way for every part; where there are too many, all ways of a part as one.
fn combinations(parts: &[(Vec<String>, &BTreeSet<&str>)], as_one: bool) -> Vec<Together> {
    let mut all = vec![Together::new()];
    for (ways, scopes) in parts {
        let joined = [ways.join(" or ")];
        let ways: &[String] = if as_one { &joined } else { ways };
        let with = |together: &Together, way: &String| {
            let mut together = together.clone();
            let held = together.entry(way.clone()).or_default();
            held.extend(scopes.iter().map(|scope| (*scope).to_owned()));
            together
        };
        let longer = all
            .iter()
            .flat_map(|together| ways.iter().map(move |way| with(together, way)));
        all = longer.collect();
    }
    all
}

/// Credentials of which any are enough, by the first thing that each asks for.
pub(super) struct Enough<'l> {
    of_all: bool,
    by_first: BTreeMap<&'l str, Vec<&'l Together>>,
}

impl<'l> Enough<'l> {
    pub fn of(any: &'l [Listed]) -> Self {
        let mut by_first: BTreeMap<&str, Vec<&Together>> = BTreeMap::new();
        for (_, wanted) in any {
            if let Some(first) = wanted.keys().next() {
                by_first.entry(first).or_default().push(wanted);
            }
        }
        let of_all = any.iter().any(|(_, wanted)| wanted.is_empty());
        Self { of_all, by_first }
    }

    /// Whether a caller with these credentials is accepted.
    pub fn let_in(&self, have: &Together) -> bool {
        let is_met = |wanted: &&Together| {
            let mut wanted = wanted.iter();
            wanted.all(|(way, scopes)| have.get(way).is_some_and(|held| scopes.is_subset(held)))
        };
        let likely = have
            .keys()
            .filter_map(|way| self.by_first.get(way.as_str()));
        self.of_all || likely.flatten().any(is_met)
    }
}

/// Credentials in words.
pub(super) fn words(together: &Together) -> String {
    if together.is_empty() {
        return "calling without credentials".to_owned();
    }
    let one = |(way, scopes): (&String, &BTreeSet<String>)| match scopes.is_empty() {
        true => way.clone(),
        false => format!("{way} with {}", quoted(scopes)),
    };
    together.iter().map(one).collect::<Vec<_>>().join(" and ")
}
