//! A value of the document together with the place where it stands.

use serde_json::{Map, Value};

use super::{Result, SpecError};

#[derive(Debug, Clone)]
pub(super) struct Node<'a> {
    document: &'a Value,
    value: &'a Value,
    pointer: String,
}

impl<'a> Node<'a> {
    pub(super) fn root(document: &'a Value) -> Self {
        Self { document, value: document, pointer: "#".to_owned() }
    }

    pub(super) fn value(&self) -> &'a Value {
        self.value
    }

    pub(super) fn pointer(&self) -> &str {
        &self.pointer
    }

    pub(super) fn error(&self, problem: impl Into<String>) -> SpecError {
        SpecError { pointer: self.pointer.clone(), problem: problem.into() }
    }

    pub(super) fn get(&self, key: &str) -> Option<Self> {
        Some(self.child(key, self.value.get(key)?))
    }

    pub(super) fn required(&self, key: &str) -> Result<Self> {
        self.get(key).ok_or_else(|| self.error(format!("`{key}` is missing")))
    }

    pub(super) fn string(&self) -> Result<&'a str> {
        self.value.as_str().ok_or_else(|| self.error("a string is needed here"))
    }

    /// The string under this key, or an empty one.
    pub(super) fn text(&self, key: &str) -> Result<&'a str> {
        self.get(key).map_or(Ok(""), |node| node.string())
    }

    /// Whether the flag under this key is set; `default` where it is absent.
    pub(super) fn flag(&self, key: &str, default: bool) -> Result<bool> {
        self.get(key).map_or(Ok(default), |node| {
            node.value.as_bool().ok_or_else(|| node.error("`true` or `false` is needed here"))
        })
    }

    pub(super) fn object(&self) -> Result<&'a Map<String, Value>> {
        self.value.as_object().ok_or_else(|| self.error("an object is needed here"))
    }

    /// The members of the object under this key; none where it is absent.
    pub(super) fn entries(&self, key: &str) -> Result<Vec<(&'a str, Self)>> {
        let Some(node) = self.get(key) else {
            return Ok(Vec::new());
        };
        Ok(node.object()?.iter().map(|(name, value)| (name.as_str(), node.child(name, value))).collect())
    }

    /// The items of the array under this key; none where it is absent.
    pub(super) fn items(&self, key: &str) -> Result<Vec<Self>> {
        let Some(node) = self.get(key) else {
            return Ok(Vec::new());
        };
        let items = node.value.as_array().ok_or_else(|| node.error("an array is needed here"))?;
        Ok(items.iter().enumerate().map(|(index, value)| node.child(&index.to_string(), value)).collect())
    }

    /// What a `$ref` here leads to, this node otherwise.
    pub(super) fn resolve(&self) -> Result<Self> {
        let mut node = self.clone();
        // A chain longer than this is a circle.
        for _ in 0..16 {
            let Some(reference) = node.get("$ref") else {
                return Ok(node);
            };
            let target = reference.string()?;
            let pointer = target
                .strip_prefix('#')
                .ok_or_else(|| reference.error(format!("`{target}` leads out of the document")))?;
            let value = self
                .document
                .pointer(pointer)
                .ok_or_else(|| reference.error(format!("`{target}` leads to nothing in the document")))?;
            node = Self { document: self.document, value, pointer: target.to_owned() };
        }
        Err(self.error("this reference leads in a circle"))
    }

    fn child(&self, key: &str, value: &'a Value) -> Self {
        let key = key.replace('~', "~0").replace('/', "~1");
        Self { document: self.document, value, pointer: format!("{}/{key}", self.pointer) }
    }
}
