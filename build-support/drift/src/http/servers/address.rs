//! Addresses of servers, with their variables filled in.

use crate::at::At;
use contract::Node;
use std::collections::BTreeSet;

/// How many combinations of the values of variables are distinguished.
const MOST: usize = 64;

/// A server: every address it stands for.
#[derive(Debug)]
pub(super) struct Server<'a> {
    /// Where it is listed; nowhere, where it is `/` because none is.
    pub at: Option<At<'a>>,
    /// Its address, with variables whatever they are called.
    pub pattern: Address,
    /// The addresses, with the listed values of variables filled in.
    pub addresses: BTreeSet<Address>,
    /// The names of the variables, in the order of the address.
    pub variables: Vec<&'a str>,
}

/// An address in its plain form.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Address {
    /// Scheme and host; empty, where the address is relative.
    pub host: String,
    /// The path, without a slash at its end.
    pub path: String,
}

impl Default for Server<'_> {
    fn default() -> Self {
        Self {
            at: None,
            pattern: Address::default(),
            addresses: BTreeSet::from([Address::default()]),
            variables: Vec::new(),
        }
    }
}

impl Server<'_> {
    /// Whether all of its addresses are among these.
    pub fn is_in(&self, addresses: &BTreeSet<&Address>) -> bool {
        self.addresses
            .iter()
            .all(|address| addresses.contains(address))
    }

    pub fn host(&self) -> &str {
        &self.pattern.host
    }

    pub fn path(&self) -> &str {
        &self.pattern.path
    }

    /// Its address as it is written.
    pub fn shown(&self) -> &str {
        let written = self.at.as_ref().and_then(|at| at.text("url"));
        written.unwrap_or("/")
    }
}

/// The servers of a list.
pub(super) fn servers<'a>(list: &At<'a>) -> Vec<Server<'a>> {
    list.items().filter_map(server).collect()
}

fn server<'a>(at: At<'a>) -> Option<Server<'a>> {
    let url = at.text("url")?;
    let variables = contract::path_names(url);
    let plain = variables.iter().fold(url.to_owned(), |url, name| {
        url.replacen(&format!("{{{name}}}"), "{}", 1)
    });
    let addresses = filled(&at, url, &variables);
    Some(Server {
        pattern: address(&plain),
        addresses: addresses.iter().map(|url| address(url)).collect(),
        variables,
        at: Some(at),
    })
}

/// The address with each listed value of its variables; one without a list stays open.
fn filled(at: &At<'_>, url: &str, variables: &[&str]) -> Vec<String> {
    let mut filled = vec![url.to_owned()];
    for name in variables {
        let variable = at.get("variables").and_then(|all| all.get(name));
        let values = values(variable.as_ref());
        let values = match values.is_empty() || values.len() * filled.len() > MOST {
            true => BTreeSet::from(["{}"]),
            false => values,
        };
        let hole = format!("{{{name}}}");
        let with = |url: &String| -> Vec<String> {
            let each = values.iter().map(|value| url.replacen(&hole, value, 1));
            each.collect()
        };
        filled = filled.iter().flat_map(with).collect();
    }
    filled
}

/// The values that a variable lists.
pub(super) fn values<'a>(variable: Option<&At<'a>>) -> BTreeSet<&'a str> {
    let list = variable.and_then(|at| at.node.get("enum"));
    let items = list.map(Node::items).unwrap_or_default();
    items.iter().filter_map(Node::as_str).collect()
}

/// An address in its plain form: scheme and host in lower case, without the port that goes with
/// the scheme, and without a slash at the end of the path.
fn address(url: &str) -> Address {
    let Some((scheme, rest)) = url.split_once("://") else {
        return Address {
            host: String::new(),
            path: url.trim_end_matches('/').to_owned(),
        };
    };
    let scheme = scheme.to_ascii_lowercase();
    let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let host = host.to_ascii_lowercase();
    let port = match scheme.as_str() {
        "http" | "ws" => ":80",
        "https" | "wss" => ":443",
        _ => "",
    };
    let host = host.strip_suffix(port).unwrap_or(&host);
    Address {
        host: format!("{scheme}://{host}"),
        path: path.trim_end_matches('/').to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_have_a_plain_form() {
        let table = [
            ("https://A.x:443/V1/", "https://a.x", "/V1"),
            ("http://a.x:443", "http://a.x:443", ""),
            ("/v1", "", "/v1"),
            ("/", "", ""),
            ("{}/v1", "", "{}/v1"),
        ];
        for (url, host, path) in table {
            let found = address(url);
            assert_eq!((&*found.host, &*found.path), (host, path), "for {url}");
        }
    }
}
