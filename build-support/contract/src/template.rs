//! Templates of paths.

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
    use super::path_names;

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
}
