//! One request, read and checked, of which nothing has begun.

use std::{future::Future, sync::Arc};

use agent_platform::{Arguments, Client, Error, RawResponse, RawStream, RequestOptions, operation::Operation};

use crate::{pool::Pool, runtime::Mode};

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

    /// The call itself.
    pub(crate) fn call(self) -> Result<impl Future<Output = Result<RawResponse, Error>> + Send + use<>, Error> {
        let (client, Self { operation, arguments, options, .. }) = (self.client()?, self);
        Ok(async move { client.call(operation, arguments, &options).await })
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
