//! Templates of paths.

/// A path of a contract, taken apart. OpenAPI gives it neither a query nor a fragment, but documents
/// write both: a query that is always sent, a fragment that tells two operations of one path apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PathTemplate<'a> {
    /// What stands in a request: `/cards/{cardId}`.
    pub path: &'a str,
    /// What stands behind a question mark.
    pub query: &'a str,
    /// What stands behind a number sign. It is never sent.
    pub fragment: &'a str,
}

impl<'a> PathTemplate<'a> {
    /// Takes the key of a path item apart. Signs between braces belong to a name.
    #[must_use]
    pub fn new(key: &'a str) -> Self {
        let (whole, fragment) = cut(key, '#');
        let (path, query) = cut(whole, '?');
        Self {
            path,
            query,
            fragment,
        }
    }

    /// The names between the braces of the path, in their order.
    #[must_use]
    pub fn names(&self) -> Vec<&'a str> {
        path_names(self.path)
    }

    /// The pairs of the query that are always sent, as they stand: `beta=true`.
    pub fn fixed(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        self.pairs().filter(|pair| !pair.contains('{'))
    }

    /// The pairs of the query whose value is a parameter, `page={number}`: the key, and the name
    /// between the braces.
    pub fn named(&self) -> impl Iterator<Item = (&'a str, &'a str)> + use<'a> {
        self.pairs().filter_map(|pair| {
            let (key, value) = pair.split_once('=')?;
            Some((key, value.strip_prefix('{')?.strip_suffix('}')?))
        })
    }

    fn pairs(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        self.query.split('&').filter(|pair| !pair.is_empty())
    }
}

/// What stands before a sign, and what stands behind it.
fn cut(text: &str, sign: char) -> (&str, &str) {
    let mut inside = false;
    let found = text.char_indices().find(|(_, character)| {
        inside = (inside || *character == '{') && *character != '}';
        !inside && *character == sign
    });
    found.map_or((text, ""), |(at, _)| {
        (&text[..at], &text[at + sign.len_utf8()..])
    })
}

/// The names between the braces of a path (`/cards/{cardId}`), in their order. What follows a brace
/// that is never closed is not a name.
#[must_use]
pub fn path_names(template: &str) -> Vec<&str> {
    let parts = template.split('{').skip(1);
    parts
        .filter_map(|part| part.split_once('}').map(|(name, _)| name))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{PathTemplate, path_names};

    #[test]
    fn names_stand_between_braces() {
        for (template, names) in [
            ("/", &[][..]),
            ("/cards/{id}", &["id"]),
            ("/{a}/{b}.{c}", &["a", "b", "c"]),
            ("/{a}/{b", &["a"]),
        ] {
            assert_eq!(path_names(template), names, "{template}");
        }
    }

    #[test]
    fn queries_and_fragments_are_cut_off() {
        for (key, parts) in [
            ("/a", ["/a", "", ""]),
            ("/a?b=1", ["/a", "b=1", ""]),
            ("/a#b?c", ["/a", "", "b?c"]),
            ("/a?b=1#c", ["/a", "b=1", "c"]),
            ("/a/{b?}/{#c}?d={e?}", ["/a/{b?}/{#c}", "d={e?}", ""]),
            ("/#", ["/", "", ""]),
        ] {
            let found = PathTemplate::new(key);
            assert_eq!([found.path, found.query, found.fragment], parts, "{key}");
        }
        let template = PathTemplate::new("/a/{id}?fixed=1&flag&page={number}&odd=x{y}&");
        assert_eq!(template.names(), ["id"]);
        assert_eq!(template.fixed().collect::<Vec<_>>(), ["fixed=1", "flag"]);
        assert_eq!(template.named().collect::<Vec<_>>(), [("page", "number")]);
    }
}
