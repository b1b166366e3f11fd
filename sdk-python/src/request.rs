//! One request, read and checked, of which nothing has begun.

use std::{future::Future, sync::Arc};

use agent_platform::{Arguments, Client, Error, RawResponse, RawStream, RequestOptions, operation::Operation};
use bytes::Bytes;
use http::HeaderMap;

use crate::{pool::Pool, runtime::Mode};

/// A longer body has buffers of its own.
const MOST_COPIED: usize = 4096;

/// What a generated method asks for.
pub(crate) struct Request {
    pub(crate) pool: Arc<Pool>,
    /// What `with_options` said, under the options of the call.
    pub(crate) base: Option<Arc<RequestOptions>>,
    pub(crate) operation: &'static Operation,
    pub(crate) arguments: Arguments,
    pub(crate) options: RequestOptions,
}

impl Request {
    pub(crate) fn mode(&self) -> Mode {
        self.pool.mode
    }

    /// The call itself. Unless the answer is to be handed out raw, it comes without its headers.
    pub(crate) fn call(
        self,
        raw: bool,
    ) -> Result<impl Future<Output = Result<RawResponse, Error>> + Send + use<>, Error> {
        let (client, Self { operation, arguments, options, .. }) = (self.client()?, self);
        Ok(async move {
            let mut answer = client.call(operation, arguments, &options).await?;
            if !raw {
                // Headers and body are parts of what the connection reads into: let go of here, it is read into again, and
                // no other thread frees it.
                answer.headers = HeaderMap::new();
                if answer.body.len() <= MOST_COPIED {
                    answer.body = Bytes::copy_from_slice(&answer.body);
                }
            }
            Ok(answer)
        })
    }

    /// The opening of a stream.
    pub(crate) fn open(self) -> Result<impl Future<Output = Result<RawStream, Error>> + Send + use<>, Error> {
        let (client, Self { operation, arguments, options, .. }) = (self.client()?, self);
        Ok(async move { client.open(operation, arguments, &options).await })
    }

    fn client(&self) -> Result<Client, Error> {
        let client = self.pool.client()?;
        Ok(match &self.base {
            Some(base) => client.with_options(RequestOptions::clone(base)),
            None => client,
        })
    }
}
