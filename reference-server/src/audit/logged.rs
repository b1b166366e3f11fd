//! Anchors that a collector has from the server's log: whoever owns the database can rewrite a whole chain with its anchor, but
//! not these.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

/// What the log says of each tenant's entries: the hash of each, in hexadecimal digits, by its place.
#[derive(Debug, Default)]
pub struct Logged(BTreeMap<String, BTreeMap<i64, String>>);

#[derive(Deserialize)]
struct Anchored {
    tenant_id: String,
    seq: i64,
    hash: String,
}

impl Logged {
    /// Reads a log of JSON lines, as `serve --log-json` writes them; collectors may have taken the fields out. Other lines are
    /// passed over.
    #[must_use]
    pub fn of(log: &str) -> Self {
        let mut logged = Self::default();
        for line in log.lines() {
            let Ok(mut line) = serde_json::from_str::<Value>(line) else { continue };
            let fields = line.get_mut("fields").map(Value::take).unwrap_or(line);
            if let Ok(anchored) = serde_json::from_value::<Anchored>(fields) {
                logged.0.entry(anchored.tenant_id).or_default().insert(anchored.seq, anchored.hash);
            }
        }
        logged
    }

    /// How many entries there are in all.
    #[must_use]
    pub fn entries(&self) -> usize {
        self.0.values().map(BTreeMap::len).sum()
    }

    /// Takes out what is known of a tenant.
    #[must_use]
    pub fn take(&mut self, tenant_id: &str) -> BTreeMap<i64, String> {
        self.0.remove(tenant_id).unwrap_or_default()
    }

    /// The tenants of which something is left.
    pub fn rest(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn anchors_are_found_among_other_lines() {
        let log = "plain text\n{\"message\":\"ready\"}\n\
                   {\"level\":\"INFO\",\"fields\":{\"message\":\"x\",\"tenant_id\":\"acme\",\"seq\":1,\"hash\":\"aa\"},\"target\":\"t\"}\n\
                   {\"tenant_id\":\"acme\",\"seq\":2,\"hash\":\"bb\",\"level\":\"INFO\"}\n{\"tenant_id\":\"acme\",\"status\":200}\n[1]\n";
        let mut logged = Logged::of(log);
        assert_eq!(logged.entries(), 2);
        assert_eq!(logged.take("acme"), BTreeMap::from([(1, "aa".to_owned()), (2, "bb".to_owned())]));
        assert_eq!(logged.rest().count(), 0);
    }
}
