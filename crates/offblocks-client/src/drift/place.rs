//! A place in a value, written without anything of the value itself.

/// Beyond this many bytes a pointer is cut off.
const LONGEST: usize = 512;

/// What stands for the index of an item or the key of a map.
pub(super) const EACH: &str = "*";

/// What stands for a name that does not look like a name of a contract.
const WITHHELD: &str = "?";

/// A place on the way down, kept on the stack: nothing is written before something is found.
#[derive(Clone, Copy)]
pub(super) enum Place<'p> {
    /// The whole value.
    Root,
    /// A field.
    Field(&'p Place<'p>, &'p str),
    /// Any item of a list, or any value of a map.
    Each(&'p Place<'p>),
}

impl Place<'_> {
    /// Appends the place as a JSON pointer (RFC 6901).
    pub(super) fn write(&self, pointer: &mut String) {
        match self {
            Self::Root => {}
            Self::Field(parent, name) => {
                parent.write(pointer);
                push(pointer, name);
            }
            Self::Each(parent) => {
                parent.write(pointer);
                push(pointer, EACH);
            }
        }
    }
}

/// Appends a segment, unless the pointer is long enough already.
pub(super) fn push(pointer: &mut String, name: &str) {
    if pointer.len() + name.len() > LONGEST {
        return;
    }
    pointer.push('/');
    for character in name.chars() {
        match character {
            '~' => pointer.push_str("~0"),
            '/' => pointer.push_str("~1"),
            other => pointer.push(other),
        }
    }
}

/// A name that the contract does not list, as it may be reported.
///
/// A server may use data (an identifier, an address, a card number) as keys of an object. Such data must
/// not get into a log, so only what looks like a field's name is repeated.
pub(super) fn shown(name: &str) -> &str {
    let plain = |character: char| character.is_ascii_alphanumeric() || "_-.$".contains(character);
    let digits = name.chars().filter(char::is_ascii_digit).count();
    let starts =
        name.starts_with(|first: char| first.is_ascii_alphabetic() || "_$@".contains(first));
    // Where `@` is not first it belongs to an address.
    let rest = name.strip_prefix('@').unwrap_or(name);
    match starts && name.len() <= 48 && digits <= 4 && rest.chars().all(plain) {
        true => name,
        false => WITHHELD,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_a_pointer_without_indices() {
        let root = Place::Root;
        let list = Place::Field(&root, "a/b~c");
        let item = Place::Each(&list);
        let mut pointer = String::new();
        Place::Field(&item, "name").write(&mut pointer);
        assert_eq!(pointer, "/a~1b~0c/*/name");
    }

    #[test]
    fn names_are_shown_and_data_is_not() {
        let table = [
            ("spendingLimit", true),
            ("x-new_field.v2", true),
            ("_links", true),
            ("@type", true),
            ("ada@example.org", false),
            ("iso8601", true),
            ("", false),
            ("4111111111111111", false),
            ("9d36e581-f0b7-4c29-8a54-71e2b60fc9a3", false),
            ("0x30dFcFdEdD5ebe78b03ceFbA9Ef0f7A00d3bA8bd", false),
            ("eip155:300:0x30df", false),
            ("ada@example.org, London", false),
            (
                "a-name-that-is-far-longer-than-any-contract-would-give",
                false,
            ),
            ("*", false),
        ];
        for (name, expected) in table {
            assert_eq!(
                shown(name) == name,
                expected,
                "{name:?} is shown as {:?}",
                shown(name)
            );
        }
    }

    #[test]
    fn pointers_stay_short() {
        let mut pointer = String::new();
        for _ in 0..1000 {
            push(&mut pointer, "segment");
        }
        assert!(pointer.len() <= LONGEST + 1, "{}", pointer.len());
    }
}
