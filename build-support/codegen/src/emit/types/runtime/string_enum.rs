//! What enums over strings have in common.

use std::fmt;

/// A text that is none of an enum's values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownValue {
    /// The enum's name.
    pub expected: &'static str,
    /// The values it has, quoted and separated by commas.
    pub known: String,
}

impl fmt::Display for UnknownValue {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "not a {}; it is one of {}",
            self.expected, self.known
        )
    }
}

impl std::error::Error for UnknownValue {}

/// The traits of an enum that has `ALL` and `as_str`. `open` enums keep a value they do not know
/// in the variant named behind the arrow; `closed` ones reject it.
macro_rules! string_enum {
    (open $name:ident => $unknown:ident) => {
        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                let known = Self::ALL.iter().find(|known| known.as_str() == text);
                known.cloned().unwrap_or_else(|| Self::$unknown(text.to_owned()))
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                let known = Self::ALL.iter().find(|known| known.as_str() == text);
                known.cloned().unwrap_or(Self::$unknown(text))
            }
        }

        impl ::std::str::FromStr for $name {
            type Err = ::std::convert::Infallible;

            // `Self::Err` could be a variant.
            fn from_str(
                text: &str,
            ) -> ::std::result::Result<Self, <Self as ::std::str::FromStr>::Err> {
                ::std::result::Result::Ok(Self::from(text))
            }
        }

        $crate::generated::support::string_enum::string_enum!(both $name);
    };
    (closed $name:ident) => {
        impl ::std::str::FromStr for $name {
            type Err = $crate::generated::support::UnknownValue;

            fn from_str(
                text: &str,
            ) -> ::std::result::Result<Self, <Self as ::std::str::FromStr>::Err> {
                let known = Self::ALL.iter().find(|known| known.as_str() == text);
                known.copied().ok_or_else(|| $crate::generated::support::UnknownValue {
                    expected: stringify!($name),
                    known: Self::ALL
                        .iter()
                        .map(|known| format!("{:?}", known.as_str()))
                        .collect::<Vec<_>>()
                        .join(", "),
                })
            }
        }

        $crate::generated::support::string_enum::string_enum!(both $name);
    };
    (both $name:ident) => {
        impl ::std::fmt::Display for $name {
            fn fmt(&self, formatter: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                formatter.pad(self.as_str())
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                self.as_str()
            }
        }

        impl ::serde::Serialize for $name {
            fn serialize<S: ::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::std::result::Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::std::result::Result<Self, D::Error> {
                $crate::generated::support::text::read(
                    deserializer,
                    concat!("a ", stringify!($name), " in a string"),
                    str::parse,
                )
            }
        }

        #[cfg(feature = "schemars")]
        impl ::schemars::JsonSchema for $name {
            fn schema_name() -> ::std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut ::schemars::SchemaGenerator) -> ::schemars::Schema {
                let known: Vec<_> = Self::ALL.iter().map(Self::as_str).collect();
                ::schemars::json_schema!({ "type": "string", "enum": known })
            }
        }
    };
}

pub(crate) use string_enum;
