//! JSON of the server's, as types.

use std::fmt;

use serde::de::DeserializeOwned;

/// Why JSON is not the type that was expected, and where in it.
#[derive(Debug)]
pub(crate) struct Mismatch {
    path: String,
    error: serde_json::Error,
}

/// The value that the JSON stands for.
pub(crate) fn json<T: DeserializeOwned>(text: &[u8]) -> Result<T, Mismatch> {
    serde_json::from_slice(text).map_err(|error| {
        // To keep track of the place costs time, so it is found in a second reading.
        let deserializer = &mut serde_json::Deserializer::from_slice(text);
        let place = serde_path_to_error::deserialize::<_, T>(deserializer).err();
        let path = place.map(|place| place.path().to_string()).unwrap_or_default();
        Mismatch { path, error }
    })
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &*self.path {
            "" | "." | "?" => self.error.fmt(f),
            path => write!(f, "at {path}: {}", self.error),
        }
    }
}

impl std::error::Error for Mismatch {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.error)
    }
}
