//! Documents, and their passages in the full-text index.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use sqlx::types::Json;

use super::{Database, InItsWords, Result, TenantStore, begin_as};
use crate::ids::DocumentId;

/// A document as it is stored.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct DocumentRow {
    /// Names it.
    pub document_id: DocumentId,
    /// Its title.
    pub title: String,
    /// Its text.
    pub content: String,
    /// How many bytes title and text take.
    pub bytes: i64,
    /// The owner's own labels.
    pub metadata: Json<BTreeMap<String, String>>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
}

/// A passage of a document, as it is found.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct PassageRow {
    /// Its place among all passages.
    pub passage_id: i64,
    /// Of which document.
    pub document_id: DocumentId,
    /// Of what title.
    pub title: String,
    /// Its place in the document, from 0.
    pub ordinal: i64,
    /// Its text.
    pub text: String,
}

impl TenantStore {
    /// Writes a new document with its passages: each a text, and its terms for the index.
    ///
    /// # Errors
    /// The database failed; then nothing of it is written.
    pub async fn insert_document(&self, document: &DocumentRow, passages: &[(String, String)]) -> Result<()> {
        let passages = serde_json::to_string(passages).expect("passages are texts");
        write!(self, |connection| {
            sqlx::query(
                "INSERT INTO documents (document_id, tenant_id, title, content, bytes, metadata, created_at) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7)",
            )
            .bind(&document.document_id)
            .bind(&self.tenant_id)
            .bind(&document.title)
            .bind(&document.content)
            .bind(document.bytes)
            .bind(&document.metadata)
            .bind(document.created_at)
            .execute(&mut *connection)
            .await?;
            sqlx::query(connection.in_its_words(SQLITE_PASSAGES, POSTGRES_PASSAGES))
                .bind(&self.tenant_id)
                .bind(&document.document_id)
                .bind(&passages)
                .execute(&mut *connection)
                .await?;
        });
        Ok(())
    }

    /// The document of this id.
    ///
    /// # Errors
    /// The database failed.
    pub async fn document(&self, document_id: &DocumentId) -> Result<Option<DocumentRow>> {
        Ok(read!(self, |connection| {
            sqlx::query_as("SELECT * FROM documents WHERE tenant_id = $1 AND document_id = $2")
                .bind(&self.tenant_id)
                .bind(document_id)
                .fetch_optional(connection)
                .await?
        }))
    }

    /// Documents without their text, newest first, before the one named `before`.
    ///
    /// # Errors
    /// The database failed.
    pub async fn documents(&self, before: Option<&str>, limit: i64) -> Result<Vec<DocumentRow>> {
        Ok(read!(self, |connection| {
            sqlx::query_as(
                "SELECT document_id, title, '' AS content, bytes, metadata, created_at FROM documents \
                 WHERE tenant_id = $1 AND ($2 IS NULL OR document_id < $2) ORDER BY document_id DESC LIMIT $3",
            )
            .bind(&self.tenant_id)
            .bind(before)
            .bind(limit)
            .fetch_all(connection)
            .await?
        }))
    }

    /// Deletes a document with its passages and tells how many bytes it took; `None` where there is none.
    ///
    /// # Errors
    /// The database failed.
    pub async fn delete_document(&self, document_id: &DocumentId) -> Result<Option<i64>> {
        Ok(write!(self, |connection| {
            sqlx::query("DELETE FROM passages WHERE tenant_id = $1 AND document_id = $2")
                .bind(&self.tenant_id)
                .bind(document_id)
                .execute(&mut *connection)
                .await?;
            sqlx::query_scalar("DELETE FROM documents WHERE tenant_id = $1 AND document_id = $2 RETURNING bytes")
                .bind(&self.tenant_id)
                .bind(document_id)
                .fetch_optional(&mut *connection)
                .await?
        }))
    }

    /// How many passages the tenant has.
    ///
    /// # Errors
    /// The database failed.
    pub async fn passage_count(&self) -> Result<i64> {
        Ok(read!(self, |connection| {
            sqlx::query_scalar("SELECT COUNT(*) FROM passages WHERE tenant_id = $1")
                .bind(&self.tenant_id)
                .fetch_one(connection)
                .await?
        }))
    }

    /// Passages that hold any of `terms`: for each term the `per_term` that it weighs most in, and how many hold it in all.
    ///
    /// Terms are a letter followed by letters and digits of ASCII, which neither index language gives a meaning of its own.
    ///
    /// # Errors
    /// The database failed.
    pub async fn passages_with(&self, terms: &[String], per_term: i64) -> Result<Hits> {
        let mut hits = Hits { passages: BTreeMap::new(), frequencies: vec![0; terms.len()] };
        let reached = self.reach().await?;
        match &*reached {
            Database::Sqlite { read, .. } => {
                let mut connection = read.acquire().await?;
                for (number, term) in terms.iter().enumerate() {
                    // CROSS JOIN fixes the order: the index first. Turned round, it would be asked for each passage.
                    let rows: Vec<PassageRow> = sqlx::query_as(
                        "SELECT p.passage_id, p.document_id, d.title, p.ordinal, p.text FROM passages_index i \
                         CROSS JOIN passages p ON p.passage_id = i.rowid \
                         CROSS JOIN documents d ON d.document_id = p.document_id \
                         WHERE passages_index MATCH $1 AND p.tenant_id = $2 AND d.tenant_id = $2 \
                         ORDER BY bm25(passages_index, 0.0, 1.0), p.passage_id LIMIT $3",
                    )
                    .bind(self.fts_query(term))
                    .bind(&self.tenant_id)
                    .bind(per_term)
                    .fetch_all(&mut *connection)
                    .await?;
                    let frequency: i64 = sqlx::query_scalar(
                        "SELECT COUNT(*) FROM passages_index i CROSS JOIN passages p ON p.passage_id = i.rowid \
                         WHERE passages_index MATCH $1 AND p.tenant_id = $2",
                    )
                    .bind(self.fts_query(term))
                    .bind(&self.tenant_id)
                    .fetch_one(&mut *connection)
                    .await?;
                    hits.add(number, frequency, rows);
                }
            }
            Database::Postgres(pool) => {
                let mut transaction = begin_as(pool, &self.tenant_id).await?;
                let rows: Vec<NumberedRow> = sqlx::query_as("SELECT * FROM tenant_passages($1, $2)")
                    .bind(terms)
                    .bind(per_term)
                    .fetch_all(&mut *transaction)
                    .await?;
                transaction.commit().await?;
                for row in rows {
                    hits.add(usize::try_from(row.term_number - 1).unwrap_or(0), row.frequency, [row.passage]);
                }
            }
        }
        Ok(hits)
    }

    /// The tenant's passages with this term, in the language of FTS5.
    fn fts_query(&self, term: &str) -> String {
        format!("tenant_id : \"{}\" AND terms : \"{term}\"", self.tenant_id)
    }
}

/// What a search in the index gives.
#[derive(Clone, Debug)]
pub struct Hits {
    /// The passages by their ids, each once.
    pub passages: BTreeMap<i64, PassageRow>,
    /// How many passages hold each of the terms.
    pub frequencies: Vec<u64>,
}

impl Hits {
    fn add(&mut self, term: usize, frequency: i64, rows: impl IntoIterator<Item = PassageRow>) {
        self.frequencies[term] = u64::try_from(frequency).unwrap_or(0);
        self.passages.extend(rows.into_iter().map(|row| (row.passage_id, row)));
    }
}

/// A passage with the term that found it.
#[derive(sqlx::FromRow)]
struct NumberedRow {
    term_number: i64,
    frequency: i64,
    #[sqlx(flatten)]
    passage: PassageRow,
}

/// The statement for a document's passages, which come as one parameter: `[[text, terms], …]`.
const SQLITE_PASSAGES: &str = "INSERT INTO passages (tenant_id, document_id, ordinal, text, terms) \
    SELECT $1, $2, key, value ->> 0, value ->> 1 FROM json_each($3)";
/// The same in PostgreSQL's words.
const POSTGRES_PASSAGES: &str = "INSERT INTO passages (tenant_id, document_id, ordinal, text, terms) \
    SELECT $1, $2, position - 1, passage ->> 0, passage ->> 1 \
    FROM json_array_elements($3::json) WITH ORDINALITY AS p (passage, position)";
