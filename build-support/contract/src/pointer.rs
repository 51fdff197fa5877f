//! JSON pointers (RFC 6901) as text: made from keys, taken apart into keys, found in references.

use crate::percent;
use std::borrow::Cow;

/// A key as one token of a pointer: `~` becomes `~0`, `/` becomes `~1`.
///
/// ```
/// assert_eq!(contract::pointer::escape("/cards/~id"), "~1cards~1~0id");
/// ```
#[must_use]
pub fn escape(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

/// The key that a token stands for; the inverse of [`escape`].
#[must_use]
pub fn unescape(token: &str) -> Cow<'_, str> {
    match token.contains('~') {
        // The order matters: `~01` stands for `~1`, and not for `/`.
        true => Cow::Owned(token.replace("~1", "/").replace("~0", "~")),
        false => Cow::Borrowed(token),
    }
}

/// The pointer of a member or an item of what `parent` leads to.
#[must_use]
pub fn join(parent: &str, key: &str) -> String {
    match key.contains(['~', '/']) {
        true => format!("{parent}/{}", escape(key)),
        false => [parent, "/", key].concat(),
    }
}

/// The keys on the way, unescaped, from the root on. The empty pointer has none.
///
/// Text before the first slash is left out: the caller has to check that the pointer is valid.
pub fn tokens(pointer: &str) -> impl Iterator<Item = Cow<'_, str>> {
    pointer.split('/').skip(1).map(unescape)
}

/// The pointer of what holds the value, and the value's own key, unescaped. The root has none.
#[must_use]
pub fn parent(pointer: &str) -> Option<(&str, Cow<'_, str>)> {
    let (above, token) = pointer.rsplit_once('/')?;
    Some((above, unescape(token)))
}

/// The pointer in a reference to the same document, which is percent-encoded there (RFC 6901,
/// section 6): `#/a%20b` holds `/a b`. `None` for references to other files, for anchors and for
/// broken escapes.
#[must_use]
pub fn of_reference(text: &str) -> Option<Cow<'_, str>> {
    let pointer = percent::decode(text.strip_prefix('#')?)?;
    (pointer.is_empty() || pointer.starts_with('/')).then_some(pointer)
}

/// The reference to a pointer in the same document, of which [`of_reference`] is the inverse.
#[must_use]
pub fn to_reference(pointer: &str) -> String {
    format!("#{}", pointer.replace('%', "%25"))
}

/// How a reference to a component schema begins.
const COMPONENTS: &str = "#/components/schemas/";

/// The reference to a component schema.
#[must_use]
pub fn to_component(name: &str) -> String {
    format!("{COMPONENTS}{name}")
}

/// The name of the component schema that a reference leads to; `None` for what stands inside of one,
/// and for everything else.
#[must_use]
pub fn component_of(reference: &str) -> Option<&str> {
    let name = reference.strip_prefix(COMPONENTS)?;
    (!name.contains('/')).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn tokens_are_unescaped_one_by_one() {
        let keys = |pointer| tokens(pointer).collect::<Vec<_>>();
        assert_eq!(keys("/a~1b/~01/"), ["a/b", "~1", ""]);
        assert!(keys("").is_empty());
        assert_eq!(parent("/a/b~1c"), Some(("/a", "b/c".into())));
        assert_eq!(parent(""), None);
    }

    #[test]
    fn references_hold_pointers() {
        assert_eq!(of_reference("#/a%20b").as_deref(), Some("/a b"));
        assert_eq!(of_reference("#").as_deref(), Some(""));
        for other in ["a.yaml#/A", "#anchor", "#/%zz", "", "/a"] {
            assert_eq!(of_reference(other), None, "{other:?}");
        }
    }

    proptest! {
        #[test]
        fn what_is_joined_comes_apart_again(keys in prop::collection::vec("[a~/01é %]{0,4}", 0..4)) {
            let pointer = keys.iter().fold(String::new(), |above, key| join(&above, key));
            prop_assert_eq!(tokens(&pointer).collect::<Vec<_>>(), keys.clone());
            let reference = to_reference(&pointer);
            let again = of_reference(&reference);
            prop_assert_eq!(again.as_deref(), Some(&*pointer));
            let last = keys.last().map(|key| key.as_str().into());
            prop_assert_eq!(parent(&pointer).map(|(_, key)| key), last);
        }
    }
}
