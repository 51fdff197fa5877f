//! The `serde` of types that are objects. It differs from the real one in one thing: a list is not
//! read as an object.
//!
//! The code that serde derives for a struct takes a list as well, its properties in their order, as
//! formats without property names need. In JSON Schema a list is not an object, and what a contract
//! forbids must not become a value. Types name this module with `#[serde(crate = "…")]`, so that the
//! derived code asks the trait below.

pub use serde::*;

use serde::de::{MapAccess, Visitor};
use std::fmt;

/// What derived code asks of a deserialiser. Each deserialiser has it.
pub trait Deserializer<'de>: serde::Deserializer<'de> {
    /// Reads an object.
    ///
    /// # Errors
    ///
    /// When the value is not an object, and whatever the visitor reports.
    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Self::Error>;

    /// Reads the name of a property.
    ///
    /// # Errors
    ///
    /// Whatever the visitor reports.
    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error>;
}

impl<'de, D: serde::Deserializer<'de>> Deserializer<'de> for D {
    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Self::Error> {
        serde::Deserializer::deserialize_struct(self, name, fields, Object(visitor))
    }

    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
        serde::Deserializer::deserialize_identifier(self, visitor)
    }
}

/// A visitor of objects alone.
struct Object<V>(V);

impl<'de, V: Visitor<'de>> Visitor<'de> for Object<V> {
    type Value = V::Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.expecting(formatter)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<V::Value, A::Error> {
        self.0.visit_map(map)
    }
}
