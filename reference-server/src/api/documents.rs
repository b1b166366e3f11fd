//! The knowledge base: documents and the search in them.

use std::collections::BTreeMap;

use axum::extract::State;
use chrono::{DateTime, Utc};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    extract::{Admin, Id, Reader},
    idempotency::{Answer, Change, Once},
    page::{Page, PageParams, Query},
};
use crate::{
    app::App,
    error::{Problem, Result},
    ids::DocumentId,
    knowledge::{index_terms, split_passages},
    runtime::tools::{Found, search},
    store::documents::DocumentRow,
};

/// The longest query, in characters.
const MAX_QUERY_CHARS: usize = 1_000;
/// Passages that a search finds where it does not say how many.
const DEFAULT_FOUND: usize = 10;
/// The most passages that a search finds.
const MAX_FOUND: usize = 50;

/// A document to make.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateDocumentRequest {
    /// Its title.
    #[schema(min_length = 1, max_length = 300, example = "Resetting your password")]
    title: String,
    /// Its text, plain or Markdown.
    #[schema(min_length = 1, max_length = 500_000)]
    content: String,
    /// Your own labels: at most 16, values of at most 512 characters.
    #[schema(schema_with = super::metadata_schema)]
    metadata: Option<BTreeMap<String, String>>,
}

/// A document without its text.
#[derive(Debug, Serialize, ToSchema)]
pub struct Document {
    /// Names it.
    document_id: DocumentId,
    /// Its title.
    title: String,
    /// How many bytes title and text take.
    bytes: i64,
    /// Your own labels.
    metadata: BTreeMap<String, String>,
    /// When it was made.
    created_at: DateTime<Utc>,
}

/// A document with its text.
#[derive(Debug, Serialize, ToSchema)]
pub struct DocumentContent {
    /// Names it.
    document_id: DocumentId,
    /// Its title.
    title: String,
    /// Its text.
    content: String,
    /// How many bytes title and text take.
    bytes: i64,
    /// Your own labels.
    metadata: BTreeMap<String, String>,
    /// When it was made.
    created_at: DateTime<Utc>,
}

impl From<DocumentRow> for Document {
    fn from(row: DocumentRow) -> Self {
        let DocumentRow { document_id, title, content: _, bytes, metadata, created_at } = row;
        Self { document_id, title, bytes, metadata: metadata.0, created_at }
    }
}

/// Passages that were found, best first.
#[derive(Debug, Serialize, ToSchema)]
pub struct SearchResults {
    /// The passages.
    data: Vec<FoundPassage>,
}

/// A passage that was found.
#[derive(Debug, Serialize, ToSchema)]
pub struct FoundPassage {
    /// In which document.
    document_id: DocumentId,
    /// Of what title.
    title: String,
    /// The passage's text.
    passage: String,
    /// BM25: higher fits better; comparable within one search alone.
    score: f64,
}

impl From<Found> for FoundPassage {
    fn from(found: Found) -> Self {
        let Found { document_id, title, passage, score } = found;
        Self { document_id, title, passage, score }
    }
}

/// What to search for.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "the query is read by `Query`; this states it in the specification")]
pub struct SearchParams {
    /// Words or a question.
    #[param(min_length = 1, max_length = 1000)]
    q: String,
    /// How many passages at most.
    #[param(minimum = 1, maximum = 50, default = 10, nullable = false)]
    limit: Option<i64>,
}

/// Create a document
///
/// It can be found as soon as the answer is there.
#[utoipa::path(post, path = "/documents", operation_id = "create_document", tag = "documents", request_body = CreateDocumentRequest,
    responses((status = 201, description = "The document.", body = Document)), extensions(("x-scope" = json!("admin"))))]
async fn create_document(
    State(app): State<App>,
    Admin(caller): Admin,
    Change { request, once }: Change<CreateDocumentRequest>,
) -> Result<Answer> {
    let now = app.clock.now();
    let document = DocumentRow {
        document_id: DocumentId::new(now),
        bytes: i64::try_from(request.title.len() + request.content.len()).unwrap_or(i64::MAX),
        title: request.title,
        content: request.content,
        metadata: request.metadata.unwrap_or_default().into(),
        created_at: now,
    };
    let quotas = app.quotas.clone();
    app.to_the_end(async move {
        let hold = quotas.store_bytes(&caller, document.bytes).await?;
        let (document, passages) = tokio::task::spawn_blocking(move || {
            let passages = passages_of(&document);
            (document, passages)
        })
        .await
        .map_err(Problem::internal)?;
        let answer = once.answer(StatusCode::CREATED, &Document::from(document.clone()));
        caller.store.keeping(answer.kept()).insert_document(&document, &passages).await?;
        hold.keep();
        Ok(answer)
    })
    .await
}

/// Each passage with its terms. Half a megabyte of text takes a while, so this runs where it holds up nobody.
fn passages_of(document: &DocumentRow) -> Vec<(String, String)> {
    let with_terms = |passage: String| {
        let terms = index_terms(&document.title, &passage);
        (passage, terms)
    };
    split_passages(&document.title, &document.content).into_iter().map(with_terms).collect()
}

/// List documents
///
/// Without their text, newest first.
#[utoipa::path(get, path = "/documents", operation_id = "list_documents", tag = "documents", params(PageParams),
    responses((status = 200, description = "A page of documents.", body = Page<Document>)), extensions(("x-scope" = json!("read"))))]
async fn list_documents(Reader(caller): Reader, mut query: Query) -> Result<axum::Json<Page<Document>>> {
    let page = query.page::<DocumentId>();
    query.finish()?;
    let rows = caller.store.documents(page.before.as_deref(), page.rows()).await?;
    Ok(axum::Json(page.of(rows, |row| row.document_id.to_string(), Document::from)))
}

/// Search the documents
///
/// Finds the passages that fit best, as the tool `search_kb` does.
#[utoipa::path(get, path = "/documents/search", operation_id = "search_documents", tag = "documents", params(SearchParams),
    responses((status = 200, description = "The passages, best first.", body = SearchResults)), extensions(("x-scope" = json!("read"))))]
async fn search_documents(Reader(caller): Reader, mut query: Query) -> Result<axum::Json<SearchResults>> {
    let q = query.text("q").unwrap_or_default();
    if q.trim().is_empty() {
        query.refuse("q", "is required and must not be empty: say what to search for.");
    } else if q.chars().count() > MAX_QUERY_CHARS {
        query.refuse("q", &format!("must have at most {MAX_QUERY_CHARS} characters."));
    }
    let limit = query.parse("limit", "a whole number from 1 to 50").unwrap_or(DEFAULT_FOUND);
    if !(1..=MAX_FOUND).contains(&limit) {
        query.refuse("limit", &format!("must be from 1 to {MAX_FOUND}; it is {limit}."));
    }
    query.finish()?;
    let found = search(&caller.store, &q, limit).await?;
    Ok(axum::Json(SearchResults { data: found.into_iter().map(FoundPassage::from).collect() }))
}

/// Read a document
///
/// With its text.
#[utoipa::path(get, path = "/documents/{document_id}", operation_id = "get_document", tag = "documents",
    params(("document_id" = DocumentId, Path, description = "The document.")),
    responses((status = 200, description = "The document.", body = DocumentContent)), extensions(("x-scope" = json!("read"))))]
async fn get_document(Reader(caller): Reader, Id(document_id): Id<DocumentId>) -> Result<axum::Json<DocumentContent>> {
    let document = caller.store.document(&document_id).await?;
    let document = document.ok_or_else(|| Problem::not_found("document", document_id.as_str()))?;
    let DocumentRow { document_id, title, content, bytes, metadata, created_at } = document;
    Ok(axum::Json(DocumentContent { document_id, title, content, bytes, metadata: metadata.0, created_at }))
}

/// Delete a document
///
/// It is found no more as soon as the answer is there.
#[utoipa::path(delete, path = "/documents/{document_id}", operation_id = "delete_document", tag = "documents",
    params(("document_id" = DocumentId, Path, description = "The document.")),
    responses((status = 204, description = "It is deleted.")), extensions(("x-scope" = json!("admin"))))]
async fn delete_document(
    State(app): State<App>,
    Admin(caller): Admin,
    Id(document_id): Id<DocumentId>,
    once: Once,
) -> Result<Answer> {
    let counters = app.quotas.load(&caller.store).await?;
    app.to_the_end(async move {
        let answer = once.no_content();
        let bytes = caller.store.keeping(answer.kept()).delete_document(&document_id).await?;
        let bytes = bytes.ok_or_else(|| Problem::not_found("document", document_id.as_str()))?;
        counters.storage_changed(-bytes);
        Ok(answer)
    })
    .await
}

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(create_document, list_documents))
        .routes(routes!(search_documents))
        .routes(routes!(get_document, delete_document))
}
