//! The versions of a contract, each compared with the one before.

use super::compared::Contract;

/// The versions of a contract, oldest first.
#[derive(Debug)]
pub struct History<E> {
    contracts: Vec<Contract>,
    /// Why the versions that cannot be read cannot be, in their order.
    pub unreadable: Vec<E>,
}

impl<E> FromIterator<Result<Contract, E>> for History<E> {
    fn from_iter<T: IntoIterator<Item = Result<Contract, E>>>(versions: T) -> Self {
        let (mut contracts, mut unreadable) = (Vec::new(), Vec::new());
        for version in versions {
            match version {
                Ok(contract) => contracts.push(contract),
                Err(why) => unreadable.push(why),
            }
        }
        Self {
            contracts,
            unreadable,
        }
    }
}

impl<E> History<E> {
    /// Every two neighbouring versions, as base and revision. A version that cannot be read is left
    /// out, and its neighbours become neighbours.
    pub fn pairs(&self) -> impl Iterator<Item = (&Contract, &Contract)> {
        self.contracts.windows(2).map(|pair| (&pair[0], &pair[1]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(name: &str) -> Result<Contract, &str> {
        let text = "openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths: {}\n";
        match name.ends_with('!') {
            true => Err(name),
            false => Ok(Contract::read(name, text).unwrap()),
        }
    }

    #[test]
    fn neighbours_are_compared_across_what_cannot_be_read() {
        for (versions, pairs, unreadable) in [
            (&[][..], &[][..], &[][..]),
            (&["a"], &[], &[]),
            (&["a", "b!"], &[], &["b!"]),
            (&["a", "b"], &["a b"], &[]),
            (&["a!", "b", "c!", "d", "e"], &["b d", "d e"], &["a!", "c!"]),
        ] {
            let history: History<&str> = versions.iter().map(|it| version(it)).collect();
            let found = history.pairs().map(|(base, revision)| {
                let (base, revision) = (base.info().name, revision.info().name);
                format!("{base} {revision}")
            });
            assert_eq!(found.collect::<Vec<_>>(), pairs, "{versions:?}");
            assert_eq!(history.unreadable, unreadable, "{versions:?}");
        }
    }
}
