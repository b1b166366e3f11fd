//! Lists: one page, or a walk through all of them.

use std::{
    fmt,
    future::Future,
    pin::Pin,
    task::{Context, Poll, ready},
    vec,
};

use futures_util::{Stream, StreamExt};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::{
    arguments::Arguments,
    client::Client,
    error::{Error, Result},
    operation::Operation,
};

/// One page of a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Page<T> {
    /// The items of this page.
    pub data: Vec<T>,
    /// Whether there is a page after this one.
    pub has_more: bool,
    /// What to pass as `cursor` to get the next page.
    #[serde(default)]
    pub next_cursor: Option<String>,
}

type PageFuture<T> = Pin<Box<dyn Future<Output = Result<Page<T>>> + Send>>;

/// All items of a list, fetched page by page as they are asked for. After an error it ends.
pub struct Pager<T> {
    client: Client,
    operation: &'static Operation,
    arguments: Arguments,
    items: vec::IntoIter<T>,
    fetching: Option<PageFuture<T>>,
    /// Where the page that is asked for begins, as far as a page before it said.
    cursor: Option<String>,
    /// There is more, and nobody knows where.
    is_lost: bool,
    last: bool,
}

impl<T: DeserializeOwned + Send + 'static> Pager<T> {
    pub(crate) fn new(client: Client, operation: &'static Operation, arguments: Arguments) -> Self {
        Self {
            client,
            operation,
            arguments,
            items: Vec::new().into_iter(),
            fetching: None,
            cursor: None,
            is_lost: false,
            last: false,
        }
    }

    /// The next whole page, or `None` after the last.
    ///
    /// # Errors
    /// As [`Client::call`].
    pub async fn next_page(&mut self) -> Result<Option<Page<T>>> {
        if self.last {
            return Ok(None);
        }
        let page = std::future::poll_fn(|cx| self.poll_page(cx)).await?;
        Ok(Some(page))
    }

    /// The next item, `None` after the last: what [`StreamExt::next`] does, without the need to import it.
    pub async fn next(&mut self) -> Option<Result<T>> {
        StreamExt::next(self).await
    }

    fn poll_page(&mut self, cx: &mut Context<'_>) -> Poll<Result<Page<T>>> {
        if self.is_lost {
            self.last = true;
            return Poll::Ready(Err(Error::decode(format!(
                "{}: the server's answer says there is more, and not where",
                self.operation.id
            ))));
        }
        let fetching = self.fetching.get_or_insert_with(|| {
            let (client, operation, arguments) = (self.client.clone(), self.operation, self.arguments.clone());
            Box::pin(async move { client.send(operation, arguments).await })
        });
        let page: Result<Page<T>> = ready!(fetching.as_mut().poll(cx));
        self.fetching = None;
        let more = page.as_ref().ok().filter(|page| page.has_more);
        let next = more.and_then(|page| page.next_cursor.clone()).filter(|next| self.cursor.as_ref() != Some(next));
        // To end here would pass for the end of the list, and to go on would fetch the same page without end: the items of
        // this page are given, and then the error.
        self.is_lost = more.is_some() && next.is_none();
        self.last = next.is_none() && !self.is_lost;
        self.cursor.clone_from(&next);
        self.arguments.query.retain(|(name, _)| *name != "cursor");
        self.arguments.query.extend(next.map(|cursor| ("cursor", cursor)));
        Poll::Ready(page)
    }
}

// The future is boxed and items are never pinned.
impl<T> Unpin for Pager<T> {}

impl<T: DeserializeOwned + Send + 'static> Stream for Pager<T> {
    type Item = Result<T>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let pager = self.get_mut();
        loop {
            if let Some(item) = pager.items.next() {
                return Poll::Ready(Some(Ok(item)));
            }
            if pager.last {
                return Poll::Ready(None);
            }
            match ready!(pager.poll_page(cx)) {
                Ok(page) => pager.items = page.data.into_iter(),
                Err(error) => return Poll::Ready(Some(Err(error))),
            }
        }
    }
}

impl<T> fmt::Debug for Pager<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pager").field("operation", &self.operation.id).finish_non_exhaustive()
    }
}
