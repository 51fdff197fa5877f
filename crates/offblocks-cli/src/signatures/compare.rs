//! Two signature bases, component by component. Pure.

/// A component whose lines differ.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Difference {
    pub(super) component: String,
    /// What the captured request gives; nothing where it is not covered.
    pub(super) captured: Option<String>,
    /// What the signer signed; nothing where it was not covered.
    pub(super) signed: Option<String>,
}

/// The components that differ between the base of a request and that of its signer.
pub(super) fn compare(ours: &str, theirs: &str) -> Vec<Difference> {
    let (ours, theirs) = (components(ours), components(theirs));
    let value = |all: &[(String, String)], name: &str| {
        let found = all.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.clone())
    };
    let only_theirs = theirs
        .iter()
        .filter(|(name, _)| value(&ours, name).is_none());
    let names = ours.iter().chain(only_theirs).map(|(name, _)| name);
    let differences = names.map(|name| Difference {
        component: name.trim_matches('"').to_owned(),
        captured: value(&ours, name),
        signed: value(&theirs, name),
    });
    differences.filter(|it| it.captured != it.signed).collect()
}

/// The lines of a base, each as its component and its value.
fn components(base: &str) -> Vec<(String, String)> {
    let lines = base.lines().filter(|line| !line.trim().is_empty());
    let split = |line: &str| match line.trim().split_once(": ") {
        Some((name, value)) => (name.to_owned(), value.to_owned()),
        None => (line.trim().trim_end_matches(':').to_owned(), String::new()),
    };
    lines.map(split).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn components_that_differ_are_named() {
        let ours = "\"@method\": POST\n\"@path\": /v1/cards\n\"@signature-params\": (1)";
        let theirs =
            "\"@method\": POST\n\"@path\": /cards\n\"@query\": ?a\n\"@signature-params\": (1)\n";
        let difference =
            |component: &str, captured: Option<&str>, signed: Option<&str>| Difference {
                component: component.to_owned(),
                captured: captured.map(str::to_owned),
                signed: signed.map(str::to_owned),
            };
        assert_eq!(
            compare(ours, theirs),
            [
                difference("@path", Some("/v1/cards"), Some("/cards")),
                difference("@query", None, Some("?a")),
            ]
        );
        assert_eq!(compare(ours, ours), []);
    }
}
