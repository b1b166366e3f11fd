//! Whether what a client was told and what the server has on record are the same.

use std::{
    collections::{BTreeMap, BTreeSet},
    net::SocketAddr,
};

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::call::call;

/// What a client was told in the end of one execute: drivers print one a line, as JSON.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Answer {
    /// Which of the calls it was.
    pub n: usize,
    /// How it ended.
    #[serde(flatten)]
    pub ended: Ended,
}

/// How an execute ended for the client.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(untagged)]
pub enum Ended {
    /// With an answer.
    Well {
        /// The execution.
        execution_id: String,
        /// What it used.
        tokens_used: i64,
    },
    /// With an error.
    Badly {
        /// Its class.
        error: String,
        /// The problem's word.
        #[serde(default)]
        code: Option<String>,
        /// What it says.
        #[serde(default)]
        message: String,
    },
}

/// What a server has on record.
#[derive(Clone, Debug, Default)]
pub struct Ledger {
    /// Ledger entries.
    pub entries: i64,
    /// Those of executions that failed.
    pub failed: i64,
    /// Tokens of all entries.
    pub tokens: i64,
    /// Executions and where they stand.
    pub executions: BTreeMap<String, String>,
}

impl Ledger {
    pub(super) async fn read(server: SocketAddr, key: &str) -> Result<Self> {
        let history = call(server, "GET", "/usage/history?granularity=hour", Some(key), None).await?;
        let sum = |name: &str| -> i64 {
            history["data"].as_array().into_iter().flatten().filter_map(|hour| hour[name].as_i64()).sum()
        };
        let mut executions = BTreeMap::new();
        let mut cursor = String::new();
        loop {
            let page = call(server, "GET", &format!("/executions?limit=100{cursor}"), Some(key), None).await?;
            for execution in page["data"].as_array().into_iter().flatten() {
                let field = |name: &str| execution[name].as_str().unwrap_or_default().to_owned();
                executions.insert(field("execution_id"), field("status"));
            }
            if page["has_more"] != Value::Bool(true) {
                break;
            }
            cursor = format!("&cursor={}", page["next_cursor"].as_str().context("more, without saying where")?);
        }
        Ok(Self { entries: sum("requests"), failed: sum("errors"), tokens: sum("tokens"), executions })
    }

    /// What contradicts "each of `count` executes ran once, was entered once and answered once"; an execution that the
    /// server's end interrupted counts as the one failure that it is.
    #[must_use]
    pub fn contradictions(&self, answers: &[Answer], count: usize) -> Vec<String> {
        let mut found = Vec::new();
        let mut expect = |what: &str, expected: usize, seen: usize| {
            if expected != seen {
                found.push(format!("{what}: expected {expected}, got {seen}"));
            }
        };
        let calls: BTreeSet<_> = answers.iter().map(|answer| answer.n).collect();
        let well: BTreeMap<_, _> = answers
            .iter()
            .filter_map(|answer| match &answer.ended {
                Ended::Well { execution_id, tokens_used } => Some((execution_id.clone(), *tokens_used)),
                Ended::Badly { .. } => None,
            })
            .collect();
        let with = |status: &str| self.executions.values().filter(|seen| *seen == status).count();
        expect("answers", count, answers.len());
        expect("calls that were answered", count, calls.len());
        expect("ledger entries", count, usize::try_from(self.entries).unwrap_or_default());
        expect("executions", count, self.executions.len());
        expect("completed executions", well.len(), with("completed"));
        expect("failed executions", count - well.len().min(count), with("failed"));
        expect("failures in the ledger", with("failed"), usize::try_from(self.failed).unwrap_or_default());
        for id in well.keys().filter(|id| self.executions.get(*id).is_none_or(|status| status != "completed")) {
            found.push(format!("the client was told that {id} had completed, and it had not"));
        }
        let told: i64 = well.values().sum();
        if self.failed == 0 && told != self.tokens || told > self.tokens {
            found.push(format!("tokens: the client was told of {told}, the ledger has {}", self.tokens));
        }
        for answer in answers {
            if let Ended::Badly { error, code, message } = &answer.ended
                && !is_interruption(error, code.as_deref())
            {
                found.push(format!("call {} ended with {error} {code:?}: {message}", answer.n));
            }
        }
        found
    }
}

/// Whether an error tells that the server's end interrupted an execution. Without a code it may: then the proxy has cut the
/// problem, and what is left is its status. How many executions failed is compared elsewhere.
fn is_interruption(error: &str, code: Option<&str>) -> bool {
    code == Some("interrupted") || (code.is_none() && error == "InternalServerError")
}
