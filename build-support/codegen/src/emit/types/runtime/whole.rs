//! Integers, however they are written: JSON Schema counts `5.0` and `5e0` among them.

use serde::de::{Error, Unexpected, Visitor};
use serde::{Deserialize, Deserializer};
use std::collections::BTreeMap;
use std::fmt;

/// Reads integers.
///
/// # Errors
///
/// When a value is not an integer of its type.
pub fn read<'de, D: Deserializer<'de>, T: Whole>(from: D) -> Result<T, D::Error> {
    T::read(from)
}

/// Reads integers of a property that is there, where absence and null differ.
///
/// # Errors
///
/// When a value is not an integer of its type.
pub fn present<'de, D: Deserializer<'de>, T: Whole>(from: D) -> Result<Option<T>, D::Error> {
    T::read(from).map(Some)
}

/// An integer, or what holds integers.
pub trait Whole: Sized {
    /// Reads integers.
    ///
    /// # Errors
    ///
    /// When a value is not an integer of its type.
    fn read<'de, D: Deserializer<'de>>(from: D) -> Result<Self, D::Error>;
}

macro_rules! whole {
    ($($ty:ident $method:ident,)*) => {$(
        impl Whole for $ty {
            fn read<'de, D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                let value = from.$method(Integer(stringify!($ty)))?;
                let out_of_range = |_| D::Error::invalid_value(found(value), &stringify!($ty));
                Self::try_from(value).map_err(out_of_range)
            }
        }
    )*};
}

// Only `deserialize_any` gives every number as it is. Of `i128` it would give the nearest double.
whole! {
    i8 deserialize_any,
    i16 deserialize_any,
    i32 deserialize_any,
    i64 deserialize_any,
    i128 deserialize_i128,
    u8 deserialize_any,
    u16 deserialize_any,
    u32 deserialize_any,
    u64 deserialize_any,
}

/// An integer, for an error.
fn found(value: i128) -> Unexpected<'static> {
    match (i64::try_from(value), u64::try_from(value)) {
        (Ok(value), _) => Unexpected::Signed(value),
        (_, Ok(value)) => Unexpected::Unsigned(value),
        _ => Unexpected::Other("integer beyond 64 bits"),
    }
}

/// Reads an integer of any size; the name is that of the type that is wanted.
struct Integer(&'static str);

impl Visitor<'_> for Integer {
    type Value = i128;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.0)
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<i128, E> {
        Ok(value.into())
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<i128, E> {
        Ok(value.into())
    }

    fn visit_i128<E: Error>(self, value: i128) -> Result<i128, E> {
        Ok(value)
    }

    fn visit_u128<E: Error>(self, value: u128) -> Result<i128, E> {
        let beyond = Unexpected::Other("integer beyond 127 bits");
        i128::try_from(value).map_err(|_| E::invalid_value(beyond, &self))
    }

    /// A number beyond these bounds may have been another integer before it was rounded.
    fn visit_f64<E: Error>(self, value: f64) -> Result<i128, E> {
        const EXACT: f64 = 9_007_199_254_740_992.0;
        #[allow(clippy::cast_possible_truncation, reason = "the next line checks it")]
        let whole = value as i128;
        match value.fract() == 0.0 && value.abs() <= EXACT {
            true => Ok(whole),
            false => Err(E::invalid_type(Unexpected::Float(value), &self)),
        }
    }
}

impl<T: Whole> Whole for Option<T> {
    fn read<'de, D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let read = Option::<Read<T>>::deserialize(from)?;
        Ok(read.map(|value| value.0))
    }
}

impl<T: Whole> Whole for Vec<T> {
    fn read<'de, D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let read = Vec::<Read<T>>::deserialize(from)?;
        Ok(read.into_iter().map(|value| value.0).collect())
    }
}

impl<T: Whole> Whole for BTreeMap<String, T> {
    fn read<'de, D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let read = BTreeMap::<String, Read<T>>::deserialize(from)?;
        let read = read.into_iter();
        Ok(read.map(|(key, value)| (key, value.0)).collect())
    }
}

/// Integers on their way in.
pub struct Read<T>(pub T);

impl<'de, T: Whole> Deserialize<'de> for Read<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        T::read(from).map(Self)
    }
}
