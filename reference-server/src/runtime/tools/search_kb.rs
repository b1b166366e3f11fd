//! Searches the tenant's documents: the database finds candidates, BM25 ranks them.

use serde::Serialize;
use serde_json::{Value, json};

use super::{ToolContext, ToolError, object_schema, text};
use crate::{
    ids::DocumentId,
    knowledge::{Candidate, fts_query_terms, rank},
    store::{Result, TenantStore},
};

/// Candidates that the database gives for each term of the question: enough that the best are among them, a rare term's too.
const CANDIDATES_PER_TERM: i64 = 64;
/// Passages that the model is shown.
const SHOWN: usize = 5;

/// A passage that was found.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Found {
    /// In which document.
    pub document_id: DocumentId,
    /// Of what title.
    pub title: String,
    /// Its text.
    pub passage: String,
    /// BM25: higher is better; comparable within one search alone.
    pub score: f64,
}

/// The passages that speak of `query`, best first.
///
/// # Errors
/// The database failed.
pub async fn search(store: &TenantStore, query: &str, limit: usize) -> Result<Vec<Found>> {
    let hits = store.passages_with(&fts_query_terms(query), CANDIDATES_PER_TERM).await?;
    let rows: Vec<_> = hits.passages.into_values().collect();
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let total = u64::try_from(store.passage_count().await?).unwrap_or(0);
    let candidates: Vec<_> = rows
        .iter()
        .map(|row| Candidate {
            document_id: row.document_id.as_str(),
            ordinal: row.ordinal,
            title: &row.title,
            passage: &row.text,
        })
        .collect();
    let best = rank(query, &candidates, total, &hits.frequencies).into_iter().take(limit);
    Ok(best
        .map(|ranked| {
            let row = &rows[ranked.index];
            Found {
                document_id: row.document_id.clone(),
                title: row.title.clone(),
                passage: row.text.clone(),
                score: ranked.score,
            }
        })
        .collect())
}

pub(super) fn describe() -> (&'static str, Value) {
    (
        "Searches the knowledge base and returns the passages that fit best.",
        object_schema(&[("query", "What to look for.")]),
    )
}

pub(super) async fn call(context: &ToolContext<'_>, arguments: &Value) -> Result<Value, ToolError> {
    let results = search(context.store, text(arguments, "query")?, SHOWN).await?;
    Ok(json!({ "results": results }))
}
