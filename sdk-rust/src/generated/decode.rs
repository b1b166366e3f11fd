// Generated from openapi/openapi.json by `make spec`; changes made here by hand are lost.

//! How the models are decoded: in one pass, keeping what this version does not know.
//!
//! serde's `flatten` and internally tagged enums would do the same, but buffer every value before they look at it,
//! which costs a stream three to five times as much.

use std::{borrow::Cow, fmt};

use serde::{
    Deserialize, Deserializer,
    de::{Error, MapAccess, Visitor},
};
use serde_json::{Map, Value};

/// A string that is borrowed from the input where that is possible.
pub(super) struct Text<'de>(pub(super) Cow<'de, str>);

impl<'de> Deserialize<'de> for Text<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TextVisitor;
        impl<'de> Visitor<'de> for TextVisitor {
            type Value = Text<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string")
            }

            fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Borrowed(text)))
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Owned(text.to_owned())))
            }

            fn visit_string<E: Error>(self, text: String) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Owned(text)))
            }
        }
        deserializer.deserialize_str(TextVisitor)
    }
}

/// What is left of an object, after a key that has been read already.
pub(super) fn rest<'de, A: MapAccess<'de>>(
    mut object: A,
    first: Option<(Text<'de>, Option<Value>)>,
) -> Result<Map<String, Value>, A::Error> {
    let mut rest = Map::new();
    if let Some((key, value)) = first {
        let value = match value {
            Some(value) => value,
            None => object.next_value()?,
        };
        rest.insert(key.0.into_owned(), value);
    }
    while let Some((key, value)) = object.next_entry::<Text<'de>, Value>()? {
        rest.insert(key.0.into_owned(), value);
    }
    Ok(rest)
}

/// Decodes an object: known keys into fields, unknown ones into the last field, which is a map.
macro_rules! object {
    ($name:ident { $($field:ident: $kind:ident $key:literal,)* .. $extra:ident }) => {
        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Fields;
                impl<'de> serde::de::Visitor<'de> for Fields {
                    type Value = $name;

                    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        f.write_str(concat!("an object, ", stringify!($name)))
                    }

                    fn visit_map<A: serde::de::MapAccess<'de>>(self, mut object: A) -> Result<$name, A::Error> {
                        $(let mut $field = None;)*
                        let mut unknown = serde_json::Map::new();
                        while let Some(key) = object.next_key::<decode::Text<'de>>()? {
                            match &*key.0 {
                                $($key => $field = Some(object.next_value()?),)*
                                _ => {
                                    unknown.insert(key.0.into_owned(), object.next_value()?);
                                }
                            }
                        }
                        Ok($name { $($field: decode::object!(@$kind $field $key),)* $extra: unknown })
                    }
                }
                deserializer.deserialize_map(Fields)
            }
        }
    };
    (@required $field:ident $key:literal) => {
        $field.ok_or_else(|| <A::Error as serde::de::Error>::missing_field($key))?
    };
    // Absent and `null` are the same to who reads.
    (@optional $field:ident $key:literal) => {
        $field.flatten()
    };
}
pub(super) use object;

/// Decodes objects that are told apart by the value of one key. Where that key comes first, as the server writes it,
/// nothing is buffered.
macro_rules! union {
    ($name:ident by $tag:literal { $($variant:ident($content:ty) = $value:literal,)* }) => {
        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Members;
                impl<'de> serde::de::Visitor<'de> for Members {
                    type Value = $name;

                    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        f.write_str(concat!("an object with `", $tag, "`, ", stringify!($name)))
                    }

                    fn visit_map<A: serde::de::MapAccess<'de>>(self, mut object: A) -> Result<$name, A::Error> {
                        use serde::{Deserialize as _, de::{Error as _, value::MapAccessDeserializer}};
                        let first = object.next_key::<decode::Text<'de>>()?;
                        if let Some(key) = first.as_ref().filter(|key| key.0 == $tag) {
                            let tag = object.next_value::<decode::Text<'de>>()?;
                            return match &*tag.0 {
                                $($value => <$content>::deserialize(MapAccessDeserializer::new(object)).map($name::$variant),)*
                                _ => {
                                    let first = (decode::Text(key.0.clone()), Some(tag.0.into_owned().into()));
                                    Ok($name::Unknown(decode::rest(object, Some(first))?.into()))
                                }
                            };
                        }
                        let mut object = decode::rest(object, first.map(|key| (key, None)))?;
                        let tag = object.remove($tag).ok_or_else(|| A::Error::missing_field($tag))?;
                        match tag.as_str() {
                            $(Some($value) => {
                                <$content>::deserialize(serde_json::Value::from(object)).map($name::$variant).map_err(A::Error::custom)
                            })*
                            _ => {
                                object.insert($tag.to_owned(), tag);
                                Ok($name::Unknown(object.into()))
                            }
                        }
                    }
                }
                deserializer.deserialize_map(Members)
            }
        }
    };
}
pub(super) use union;

/// What a string of known values can do. One that is not known is kept as it came.
macro_rules! open_enum {
    ($name:ident { $($variant:ident = $value:literal,)* }) => {
        impl $name {
            /// The value as it stands on the wire.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $value,)*
                    Self::Unknown(value) => value,
                }
            }
        }

        impl From<&str> for $name {
            fn from(value: &str) -> Self {
                match value {
                    $($value => Self::$variant,)*
                    _ => Self::Unknown(value.to_owned()),
                }
            }
        }

        impl From<String> for $name {
            fn from(value: String) -> Self {
                match &*value {
                    $($value => Self::$variant,)*
                    _ => Self::Unknown(value),
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                <decode::Text<'de> as serde::Deserialize<'de>>::deserialize(deserializer).map(|text| Self::from(&*text.0))
            }
        }
    };
}
pub(super) use open_enum;
