//! Lists: `{data, has_more, next_cursor}`, newest first, with `?limit=` and `?cursor=`.

use std::str::FromStr;

use axum::extract::FromRequestParts;
use http::request::Parts;
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use crate::{
    app::App,
    error::{FieldError, Problem},
};

/// Rows of a page where the request does not say.
const DEFAULT_LIMIT: i64 = 20;
/// The most rows of a page.
const MAX_LIMIT: i64 = 100;
/// What a cursor begins with, so that its form can change later.
const CURSOR_PREFIX: &str = "c1.";

/// Which page of a list.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "the query is read by `Query`; this states it in the specification")]
pub struct PageParams {
    /// How many rows at most.
    #[param(minimum = 1, maximum = 100, default = 20, nullable = false)]
    limit: Option<i64>,
    /// Where the page begins: `next_cursor` of the page before.
    #[param(nullable = false)]
    cursor: Option<String>,
}

/// The query's parameters, taken one by one; what is left over is refused by name.
#[derive(Debug)]
pub struct Query {
    pairs: Vec<(String, String)>,
    errors: Vec<FieldError>,
}

impl FromRequestParts<App> for Query {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Problem> {
        let pairs =
            url::form_urlencoded::parse(parts.uri.query().unwrap_or_default().as_bytes()).into_owned().collect();
        Ok(Self { pairs, errors: Vec::new() })
    }
}

impl Query {
    /// Takes a parameter's text; a parameter that is given twice is refused.
    pub fn text(&mut self, name: &str) -> Option<String> {
        let at = self.pairs.iter().position(|(key, _)| key == name)?;
        let (_, value) = self.pairs.remove(at);
        if self.pairs.iter().any(|(key, _)| key == name) {
            self.refuse(name, "is given more than once.");
        }
        if value.contains('\0') {
            self.refuse(name, "contains the character U+0000; leave it out.");
        }
        Some(value)
    }

    /// Takes a parameter that parses as `T`; `expected` says what it should have been.
    pub fn parse<T: FromStr>(&mut self, name: &str, expected: &str) -> Option<T> {
        let text = self.text(name)?;
        let parsed = text.parse().ok();
        if parsed.is_none() {
            let shown: String = text.chars().take(60).collect();
            self.refuse(name, &format!("must be {expected}; it is `{shown}`."));
        }
        parsed
    }

    /// Adds an error about a parameter.
    pub fn refuse(&mut self, name: &str, detail: &str) {
        self.errors.push(FieldError::new(format!("?{name}"), detail));
    }

    /// Takes `limit` and `cursor`.
    pub fn page<T: FromStr + ToString>(&mut self) -> PageOf {
        let limit = self.parse::<i64>("limit", "a whole number from 1 to 100").unwrap_or(DEFAULT_LIMIT);
        if !(1..=MAX_LIMIT).contains(&limit) {
            self.refuse("limit", &format!("must be from 1 to {MAX_LIMIT}; it is {limit}."));
        }
        let before = self.text("cursor").and_then(|cursor| {
            let id = cursor.strip_prefix(CURSOR_PREFIX).and_then(|id| id.parse::<T>().ok());
            if id.is_none() {
                self.refuse("cursor", "is not a cursor of this list; use `next_cursor` of the page before, unchanged.");
            }
            id.map(|id| id.to_string())
        });
        PageOf { limit, before }
    }

    /// Ends the reading.
    ///
    /// # Errors
    /// 422 with every parameter that was refused or is unknown.
    pub fn finish(mut self) -> Result<(), Problem> {
        for (name, _) in std::mem::take(&mut self.pairs) {
            let shown: String = name.chars().take(60).collect();
            self.refuse(&shown, "is not a parameter of this operation; check its spelling or leave it out.");
        }
        if self.errors.is_empty() { Ok(()) } else { Err(Problem::invalid(self.errors)) }
    }
}

/// Which rows a page holds.
#[derive(Clone, Debug)]
pub struct PageOf {
    limit: i64,
    /// Rows are older than this one.
    pub before: Option<String>,
}

impl PageOf {
    /// How many rows to ask for: one more than the page holds, which tells whether there is another.
    #[must_use]
    pub fn rows(&self) -> i64 {
        self.limit + 1
    }

    /// Makes the page.
    pub fn of<R, T: Serialize>(&self, mut rows: Vec<R>, id: impl Fn(&R) -> String, show: impl Fn(R) -> T) -> Page<T> {
        let size = usize::try_from(self.limit).unwrap_or(0);
        let has_more = rows.len() > size;
        rows.truncate(size);
        let next_cursor = rows.last().filter(|_| has_more).map(|last| format!("{CURSOR_PREFIX}{}", id(last)));
        Page { data: rows.into_iter().map(show).collect(), has_more, next_cursor }
    }
}

/// One page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct Page<T> {
    /// The rows, newest first.
    pub data: Vec<T>,
    /// Whether there are older ones.
    pub has_more: bool,
    /// What to send as `cursor` for the next page; `null` on the last.
    #[schema(required = true)]
    pub next_cursor: Option<String>,
}
