//! JavaScript's values as Rust's and back, by way of serde: events and effects, and what is stored.
//!
//! What crosses here are objects whose names are known, lists of them, text, whole numbers and names of variants. serde-wasm-bindgen
//! reads anything, and says of anything that it did not expect what it was, floating-point numbers too: in the mind, eleven kilobytes
//! more after brotli. Here a struct is read as the list of its fields, in their order, and a variant by its place: all that serde
//! generates for finding out which is which is left out.

use std::cell::RefCell;
use std::fmt::{self, Display};

use composure_few::Map;
use js_sys::{Array, JsString, Object, Reflect};
use serde::de::value::U64Deserializer;
use serde::de::{self, DeserializeOwned, DeserializeSeed, Expected, IntoDeserializer as _, Unexpected, Visitor};
use serde::ser::{self, Serialize};
use wasm_bindgen::prelude::*;

/// Reads a value.
pub(crate) fn read<T: DeserializeOwned>(value: JsValue) -> Result<T, Error> {
    T::deserialize(Read::from(value))
}

/// Writes a value, as JSON would be: what is not there is null.
pub(crate) fn write<T: Serialize>(value: &T) -> Result<JsValue, Error> {
    value.serialize(Write)
}

/// Why a value cannot be read or written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Error {
    /// Nothing is there. What has a default takes that.
    Missing,
    /// In words.
    Wrong(String),
}

impl Error {
    /// Says which field it is about.
    #[cold]
    fn of(self, field: &str) -> Error {
        Error::Wrong(match self {
            Error::Missing => format!("{field} is missing"),
            Error::Wrong(why) => format!("{field}: {why}"),
        })
    }

    #[cold]
    fn expected(expected: &dyn Expected) -> Error {
        Error::Wrong(format!("expected {expected}"))
    }
}

impl Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Error::Missing => "nothing is there",
            Error::Wrong(why) => why,
        })
    }
}

impl std::error::Error for Error {}

impl de::Error for Error {
    fn custom<T: Display>(why: T) -> Self {
        Error::Wrong(why.to_string())
    }

    fn invalid_type(_: Unexpected, expected: &dyn Expected) -> Self {
        Error::expected(expected)
    }

    fn invalid_value(_: Unexpected, expected: &dyn Expected) -> Self {
        Error::expected(expected)
    }

    /// What serde says where a field without a default is not there: to it, fields are a list.
    fn invalid_length(_: usize, _: &dyn Expected) -> Self {
        Error::Missing
    }
}

impl ser::Error for Error {
    fn custom<T: Display>(why: T) -> Self {
        Error::Wrong(why.to_string())
    }
}

impl From<Error> for JsValue {
    fn from(error: Error) -> Self {
        js_sys::Error::new(&error.to_string()).into()
    }
}

thread_local! {
    /// The names of fields as JavaScript has them, by where they stand: making one anew takes longer than all else with it.
    static NAMES: RefCell<Map<(usize, usize), JsString>> = const { RefCell::new(Map::new()) };
}

/// Calls `with` with a field's name as JavaScript has it.
fn named(name: &'static str, with: &mut dyn FnMut(&JsValue)) {
    NAMES.with_borrow_mut(|names| {
        let place = (name.as_ptr() as usize, name.len());
        match names.get(&place) {
            Some(known) => with(known),
            None => {
                let new = JsString::from(name);
                with(&new);
                names.insert(place, new);
            }
        }
    });
}

/// What an object has under a name, undefined if nothing.
fn field(object: &JsValue, name: &'static str) -> JsValue {
    let mut value = JsValue::UNDEFINED;
    named(name, &mut |name| value = Reflect::get(object, name).unwrap_or_default());
    value
}

/// The largest whole number up to which JavaScript knows all of them.
const LARGEST: u64 = (1 << 53) - 1;

/// A value to be read.
struct Read {
    value: JsValue,
    /// Whether it is of a field that is not there.
    missing: bool,
}

impl From<JsValue> for Read {
    fn from(value: JsValue) -> Self {
        Read { value, missing: false }
    }
}

impl Read {
    #[cold]
    fn wrong(&self, expected: &dyn Expected) -> Error {
        if self.missing { Error::Missing } else { Error::expected(expected) }
    }

    fn whole(&self) -> Option<u64> {
        let number = self.value.as_f64()?;
        // `as` saturates: what is no whole number is another one afterwards.
        Some(number as u64).filter(|whole| *whole as f64 == number && *whole <= LARGEST)
    }

    /// The place among all variants of the one that is meant: a variant stands for itself by its name, with fields it is an object
    /// whose `type` it is.
    fn variant(&self, variants: &[&str]) -> Option<u64> {
        let name = self.value.as_string().or_else(|| field(&self.value, "type").as_string())?;
        variants.iter().position(|variant| *variant == name).map(|place| place as u64)
    }
}

/// Several kinds of numbers are read as the widest; serde sees to it that they fit.
macro_rules! whole_numbers {
    ($($method:ident)*) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
            match self.whole() {
                Some(number) => visitor.visit_u64(number),
                None => Err(self.wrong(&visitor)),
            }
        })*
    };
}

impl<'de> de::Deserializer<'de> for Read {
    type Error = Error;

    /// For whatever asks what is there. Nothing that crosses here does.
    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        Err(self.wrong(&visitor))
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.value.as_bool() {
            Some(value) => visitor.visit_bool(value),
            None => Err(self.wrong(&visitor)),
        }
    }

    whole_numbers! { deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64 }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_string(visitor)
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.value.as_string() {
            Some(text) => visitor.visit_string(text),
            None => Err(self.wrong(&visitor)),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        if self.value.is_undefined() || self.value.is_null() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.value.dyn_ref::<Array>() {
            Some(list) => visitor.visit_seq(List { list, next: 0 }),
            None => Err(self.wrong(&visitor)),
        }
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        if !self.value.is_object() {
            return Err(self.wrong(&visitor));
        }
        let mut fields = Fields { object: &self.value, rest: fields.iter(), last: "" };
        // What is missing and has no default ends the reading: it is the last that was asked for.
        visitor
            .visit_seq(&mut fields)
            .map_err(|error| if error == Error::Missing { error.of(fields.last) } else { error })
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        match self.variant(variants) {
            Some(place) => visitor.visit_enum(Variant { place, fields: self }),
            None => Err(self.wrong(&visitor)),
        }
    }

    serde::forward_to_deserialize_any! {
        i8 i16 i32 i64 i128 u128 f32 f64 char bytes byte_buf unit unit_struct newtype_struct tuple tuple_struct map identifier
        ignored_any
    }
}

struct List<'a> {
    list: &'a Array,
    next: u32,
}

impl List<'_> {
    fn next(&mut self) -> Option<Read> {
        let at = self.next;
        self.next += 1;
        (at < self.list.length()).then(|| self.list.get(at).into())
    }
}

impl<'de> de::SeqAccess<'de> for List<'_> {
    type Error = Error;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Error> {
        self.next().map(|value| seed.deserialize(value)).transpose()
    }
}

/// The fields of a struct, one after the other.
struct Fields<'a> {
    object: &'a JsValue,
    rest: std::slice::Iter<'static, &'static str>,
    last: &'static str,
}

impl Fields<'_> {
    fn next(&mut self) -> Read {
        self.last = self.rest.next().unwrap_or(&"");
        let value = field(self.object, self.last);
        Read { missing: value.is_undefined(), value }
    }
}

impl<'de> de::SeqAccess<'de> for Fields<'_> {
    type Error = Error;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Error> {
        match seed.deserialize(self.next()) {
            Ok(value) => Ok(Some(value)),
            Err(Error::Missing) => Ok(None),
            Err(error) => Err(error.of(self.last)),
        }
    }
}

struct Variant {
    place: u64,
    fields: Read,
}

impl<'de> de::EnumAccess<'de> for Variant {
    type Error = Error;
    type Variant = Read;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Read), Error> {
        let place: U64Deserializer<Error> = self.place.into_deserializer();
        Ok((seed.deserialize(place)?, self.fields))
    }
}

impl<'de> de::VariantAccess<'de> for Read {
    type Error = Error;

    fn unit_variant(self) -> Result<(), Error> {
        Ok(())
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Error> {
        seed.deserialize(self)
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Error> {
        Err(self.wrong(&visitor))
    }

    fn struct_variant<V: Visitor<'de>>(self, fields: &'static [&'static str], visitor: V) -> Result<V::Value, Error> {
        de::Deserializer::deserialize_struct(self, "", fields, visitor)
    }
}

/// Where values are written to.
struct Write;

/// What does not cross here.
#[cold]
fn unknown<T>(what: &str) -> Result<T, Error> {
    Err(Error::Wrong(format!("{what} is not written")))
}

macro_rules! numbers {
    ($($method:ident $kind:ty)*) => {
        $(fn $method(self, number: $kind) -> Result<JsValue, Error> {
            Ok(JsValue::from_f64(number as f64))
        })*
    };
}

impl ser::Serializer for Write {
    type Ok = JsValue;
    type Error = Error;
    type SerializeSeq = WriteList;
    type SerializeTuple = ser::Impossible<JsValue, Error>;
    type SerializeTupleStruct = ser::Impossible<JsValue, Error>;
    type SerializeTupleVariant = ser::Impossible<JsValue, Error>;
    type SerializeMap = WriteMap;
    type SerializeStruct = WriteFields;
    type SerializeStructVariant = ser::Impossible<JsValue, Error>;

    numbers! {
        serialize_i8 i8 serialize_i16 i16 serialize_i32 i32 serialize_i64 i64
        serialize_u8 u8 serialize_u16 u16 serialize_u32 u32 serialize_u64 u64 serialize_f32 f32 serialize_f64 f64
    }

    fn serialize_bool(self, value: bool) -> Result<JsValue, Error> {
        Ok(value.into())
    }

    fn serialize_char(self, value: char) -> Result<JsValue, Error> {
        Ok(String::from(value).into())
    }

    fn serialize_str(self, value: &str) -> Result<JsValue, Error> {
        Ok(value.into())
    }

    fn serialize_bytes(self, _: &[u8]) -> Result<JsValue, Error> {
        unknown("a row of bytes")
    }

    fn serialize_none(self) -> Result<JsValue, Error> {
        Ok(JsValue::NULL)
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<JsValue, Error> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<JsValue, Error> {
        Ok(JsValue::NULL)
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<JsValue, Error> {
        Ok(JsValue::NULL)
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Result<JsValue, Error> {
        Ok(variant.into())
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Result<JsValue, Error> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: &T,
    ) -> Result<JsValue, Error> {
        unknown(variant)
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<WriteList, Error> {
        Ok(WriteList(Array::new()))
    }

    fn serialize_tuple(self, _: usize) -> Result<Self::SerializeTuple, Error> {
        unknown("a tuple")
    }

    fn serialize_tuple_struct(self, name: &'static str, _: usize) -> Result<Self::SerializeTupleStruct, Error> {
        unknown(name)
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant, Error> {
        unknown(variant)
    }

    fn serialize_map(self, _: Option<usize>) -> Result<WriteMap, Error> {
        Ok(WriteMap { object: Object::new(), key: JsValue::UNDEFINED })
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<WriteFields, Error> {
        Ok(WriteFields(Object::new()))
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Self::SerializeStructVariant, Error> {
        unknown(variant)
    }
}

struct WriteList(Array);

impl ser::SerializeSeq for WriteList {
    type Ok = JsValue;
    type Error = Error;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        self.0.push(&value.serialize(Write)?);
        Ok(())
    }

    fn end(self) -> Result<JsValue, Error> {
        Ok(self.0.into())
    }
}

struct WriteMap {
    object: Object,
    key: JsValue,
}

impl ser::SerializeMap for WriteMap {
    type Ok = JsValue;
    type Error = Error;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Error> {
        self.key = key.serialize(Write)?;
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        put(&self.object, &self.key, &value.serialize(Write)?);
        Ok(())
    }

    fn end(self) -> Result<JsValue, Error> {
        Ok(self.object.into())
    }
}

struct WriteFields(Object);

impl WriteFields {
    fn set(&self, name: &'static str, value: &JsValue) {
        named(name, &mut |name| put(&self.0, name, value));
    }
}

/// An object of our own making refuses nothing.
fn put(object: &Object, key: &JsValue, value: &JsValue) {
    Reflect::set(object, key, value).unwrap_or_default();
}

impl ser::SerializeStruct for WriteFields {
    type Ok = JsValue;
    type Error = Error;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), Error> {
        self.set(name, &value.serialize(Write)?);
        Ok(())
    }

    fn end(self) -> Result<JsValue, Error> {
        Ok(self.0.into())
    }
}
