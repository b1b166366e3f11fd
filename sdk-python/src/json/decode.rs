//! JSON bytes → Python objects.

use std::{
    fmt,
    sync::{Mutex, TryLockError},
};

use pyo3::{
    IntoPyObjectExt,
    exceptions::PyValueError,
    prelude::*,
    types::{PyBool, PyDict, PyFloat, PyList, PyString},
};
use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};

/// Builds the Python value that `bytes` describe.
///
/// # Errors
/// For what is not JSON: where, and what is wrong there.
pub(crate) fn decode<'py>(py: Python<'py>, bytes: &[u8]) -> Result<Bound<'py, PyAny>, serde_json::Error> {
    let mut document = serde_json::Deserializer::from_slice(bytes);
    let value = with_keys(|keys| Build { py, keys }.deserialize(&mut document));
    value.and_then(|value| document.end().map(|()| value))
}

/// Builds the Python value of a tree that is there already, such as an error's body.
pub(crate) fn value_to_python<'py>(py: Python<'py>, value: &serde_json::Value) -> PyResult<Bound<'py, PyAny>> {
    with_keys(|keys| Build { py, keys }.deserialize(value)).map_err(|error| PyValueError::new_err(error.to_string()))
}

/// As many keys as a direct-mapped table can hold before the fields of this API's answers collide much.
const KEY_SLOTS: usize = 512;
/// Longer keys are data, such as those of `metadata`, and would push field names out.
const LONGEST_KEY: usize = 32;

/// Keys repeat from answer to answer: making each Python string once saves its allocation and its hash. Two keys of
/// one slot displace each other, so the table cannot grow.
struct Keys {
    slots: Vec<Option<Py<PyString>>>,
    texts: Vec<Box<str>>,
}

static KEYS: Mutex<Option<Keys>> = Mutex::new(None);

/// Lends the table. Building objects may run a garbage collection, and so any Python code, even this function on this
/// very thread: whoever comes second does without the table, instead of waiting for ever.
fn with_keys<T>(build: impl FnOnce(Option<&mut Keys>) -> T) -> T {
    match KEYS.try_lock() {
        Ok(mut keys) => build(Some(keys.get_or_insert_with(Keys::new))),
        Err(TryLockError::Poisoned(keys)) => build(keys.into_inner().as_mut()),
        Err(TryLockError::WouldBlock) => build(None),
    }
}

impl Keys {
    fn new() -> Self {
        Self { slots: (0..KEY_SLOTS).map(|_| None).collect(), texts: vec![Box::default(); KEY_SLOTS] }
    }

    fn get<'py>(&mut self, py: Python<'py>, text: &str) -> Bound<'py, PyString> {
        if text.len() > LONGEST_KEY {
            return PyString::new(py, text);
        }
        let slot = slot(text);
        if *self.texts[slot] == *text
            && let Some(key) = &self.slots[slot]
        {
            return key.bind(py).clone();
        }
        let key = PyString::new(py, text);
        self.texts[slot] = text.into();
        // Held while it goes: dropping it here could run Python code with the table half changed.
        let displaced = self.slots[slot].replace(key.clone().unbind());
        drop(displaced);
        key
    }
}

/// FNV-1a. A server that makes its keys collide only makes them be built anew.
fn slot(text: &str) -> usize {
    let hash = text.bytes().fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    hash as usize % KEY_SLOTS
}

struct Build<'keys, 'py> {
    py: Python<'py>,
    keys: Option<&'keys mut Keys>,
}

impl<'py> Build<'_, 'py> {
    fn again(&mut self) -> Build<'_, 'py> {
        Build { py: self.py, keys: self.keys.as_deref_mut() }
    }
}

impl<'de, 'py> DeserializeSeed<'de> for Build<'_, 'py> {
    type Value = Bound<'py, PyAny>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de, 'py> Visitor<'de> for Build<'_, 'py> {
    type Value = Bound<'py, PyAny>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(self.py.None().into_bound(self.py))
    }

    fn visit_bool<E>(self, value: bool) -> Result<Self::Value, E> {
        Ok(PyBool::new(self.py, value).to_owned().into_any())
    }

    fn visit_i64<E: serde::de::Error>(self, value: i64) -> Result<Self::Value, E> {
        value.into_bound_py_any(self.py).map_err(E::custom)
    }

    fn visit_u64<E: serde::de::Error>(self, value: u64) -> Result<Self::Value, E> {
        value.into_bound_py_any(self.py).map_err(E::custom)
    }

    fn visit_f64<E>(self, value: f64) -> Result<Self::Value, E> {
        Ok(PyFloat::new(self.py, value).into_any())
    }

    fn visit_str<E>(self, value: &str) -> Result<Self::Value, E> {
        Ok(PyString::new(self.py, value).into_any())
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut items: A) -> Result<Self::Value, A::Error> {
        let list = PyList::empty(self.py);
        while let Some(item) = items.next_element_seed(self.again())? {
            list.append(item).map_err(A::Error::custom)?;
        }
        Ok(list.into_any())
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut fields: A) -> Result<Self::Value, A::Error> {
        let dict = PyDict::new(self.py);
        while let Some(key) = fields.next_key_seed(Key(self.again()))? {
            let value = fields.next_value_seed(self.again())?;
            dict.set_item(key, value).map_err(A::Error::custom)?;
        }
        Ok(dict.into_any())
    }
}

struct Key<'keys, 'py>(Build<'keys, 'py>);

impl<'de, 'py> DeserializeSeed<'de> for Key<'_, 'py> {
    type Value = Bound<'py, PyString>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de, 'py> Visitor<'de> for Key<'_, 'py> {
    type Value = Bound<'py, PyString>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a field name")
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(match self.0.keys {
            Some(keys) => keys.get(self.0.py, text),
            None => PyString::new(self.0.py, text),
        })
    }
}
