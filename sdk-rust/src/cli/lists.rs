//! Lists, as a table or as JSON, an item a line.

use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use super::{
    failure::Failure,
    output::{Output, table},
};
use crate::{Arguments, Client, operation::Operation};

/// The most that a page of the API holds.
const PAGE: usize = 100;

/// What of which list is shown.
pub(super) struct List {
    pub(super) operation: &'static Operation,
    pub(super) arguments: Arguments,
    /// How many items at most.
    pub(super) limit: usize,
}

impl List {
    /// Prints the items: as they came with `json`, otherwise under `titles` what `row` makes of each.
    pub(super) async fn show<T: DeserializeOwned + Send + 'static, const COLUMNS: usize>(
        self,
        client: &Client,
        json: bool,
        output: &mut Output,
        titles: [&str; COLUMNS],
        row: fn(T) -> [String; COLUMNS],
    ) -> Result<(), Failure> {
        let arguments = self.arguments.query("limit", Some(self.limit.clamp(1, PAGE)));
        if json {
            let mut items = client.pager::<Box<RawValue>>(self.operation, arguments);
            for _ in 0..self.limit {
                let Some(item) = items.next().await else { break };
                output.json(item?.get().as_bytes()).await?;
            }
            return Ok(());
        }
        let mut items = client.pager::<T>(self.operation, arguments);
        let mut rows = Vec::new();
        while rows.len() < self.limit
            && let Some(item) = items.next().await
        {
            rows.push(row(item?));
        }
        output.text(&table(titles, &rows)).await
    }
}
