//! Documents, and their passages in the full-text index.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use sqlx::types::Json;

use super::{Database, Result, TenantStore, begin_as};
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
            for (ordinal, (text, terms)) in (0_i64..).zip(passages) {
                sqlx::query(
                    "INSERT INTO passages (tenant_id, document_id, ordinal, text, terms) VALUES ($1, $2, $3, $4, $5)",
                )
                .bind(&self.tenant_id)
                .bind(&document.document_id)
                .bind(ordinal)
                .bind(text)
                .bind(terms)
                .execute(&mut *connection)
                .await?;
            }
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

    /// Passages that hold any of `terms`, at most `limit`, those that the database ranks best.
    ///
    /// Terms are a letter followed by letters and digits of ASCII, which neither index language gives a meaning of its own.
    ///
    /// # Errors
    /// The database failed.
    pub async fn passages_with(&self, terms: &[String], limit: i64) -> Result<Vec<PassageRow>> {
        if terms.is_empty() {
            return Ok(Vec::new());
        }
        match &*self.store.database {
            Database::Sqlite { read, .. } => {
                let any_term = terms.join("\" OR \"");
                // The tenant is a term as well, so that the index walks no other tenant's passages; the condition on the
                // row then holds it to the letter.
                let asked = format!("tenant_id : \"{}\" AND terms : (\"{any_term}\")", self.tenant_id);
                sqlx::query_as(
                    "SELECT p.document_id, d.title, p.ordinal, p.text FROM passages_index i \
                     JOIN passages p ON p.passage_id = i.rowid JOIN documents d ON d.document_id = p.document_id \
                     WHERE passages_index MATCH $1 AND p.tenant_id = $2 AND d.tenant_id = $2 \
                     ORDER BY bm25(passages_index), p.passage_id LIMIT $3",
                )
                .bind(asked)
                .bind(&self.tenant_id)
                .bind(limit)
                .fetch_all(read)
                .await
            }
            Database::Postgres(pool) => {
                let mut transaction = begin_as(pool, &self.tenant_id).await?;
                let rows = sqlx::query_as(
                    "SELECT p.document_id, d.title, p.ordinal, p.text FROM passages p \
                     JOIN documents d ON d.document_id = p.document_id, to_tsquery('simple', $1) q \
                     WHERE p.search @@ q AND p.tenant_id = $2 AND d.tenant_id = $2 \
                     ORDER BY ts_rank(p.search, q) DESC, p.passage_id LIMIT $3",
                )
                .bind(terms.join(" | "))
                .bind(&self.tenant_id)
                .bind(limit)
                .fetch_all(&mut *transaction)
                .await?;
                transaction.commit().await?;
                Ok(rows)
            }
        }
    }
}
