// Generated from openapi/openapi.json by `make spec`; changes made here by hand are lost.

//! The typed calls of [`crate::Client`].

use super::{models, operations};
use crate::Arguments;

impl crate::Client {
    /// Sign up.
    ///
    /// Makes a tenant with its first API key, which is shown this once.
    ///
    /// ```no_run
    /// use agent_platform::models::SignUpRequest;
    ///
    /// # async fn example(client: agent_platform::Client) -> agent_platform::Result<()> {
    /// let request = SignUpRequest::new("user@acme.com", "professional");
    /// let signed_up = client.sign_up(request).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// When it is sent: [`crate::Error`], with these statuses among others:
    /// - 400: The body is not JSON, or stopped half way; or the Idempotency-Key is malformed.
    /// - 406: The Accept header allows nothing that this operation answers.
    /// - 409: It exists already, or a request with this Idempotency-Key is being worked on.
    /// - 413: The body is too large.
    /// - 415: The body is not declared to be JSON.
    /// - 422: A field was refused, and `errors` names each; or the Idempotency-Key was used for another request.
    /// - 429: There were too many requests; `Retry-After` says when to try again.
    /// - 500: A fault of the server.
    /// - 503: A part of the platform is down or overloaded; `Retry-After` says when to try again.
    pub fn sign_up(
        &self,
        request: models::SignUpRequest,
    ) -> crate::Request<models::SignedUp> {
        self.send(&operations::SIGN_UP, Arguments::new()).json(&request)
    }

    /// List agents.
    ///
    /// Newest first.
    ///
    /// Needs a key with the scope `read`.
    ///
    /// ```no_run
    /// use agent_platform::models::ListAgentsParams;
    ///
    /// # async fn example(client: agent_platform::Client) -> agent_platform::Result<()> {
    /// let page = client.list_agents(ListAgentsParams::new()).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// When it is sent: [`crate::Error`], with these statuses among others:
    /// - 401: No valid key was given.
    /// - 403: The key lacks the scope, or the tenant is suspended.
    /// - 406: The Accept header allows nothing that this operation answers.
    /// - 422: A field or parameter was refused; `errors` names each.
    /// - 429: There were too many requests; `Retry-After` says when to try again.
    /// - 500: A fault of the server.
    /// - 503: A part of the platform is down or overloaded; `Retry-After` says when to try again.
    pub fn list_agents(
        &self,
        params: models::ListAgentsParams,
    ) -> crate::Request<crate::Page<models::Agent>> {
        self.send(&operations::LIST_AGENTS, params.into_arguments())
    }

    /// List agents: a stream over the items of all pages, which are fetched as they are needed.
    #[must_use]
    pub fn list_agents_all(
        &self,
        params: models::ListAgentsParams,
    ) -> crate::Pager<models::Agent> {
        self.pager(&operations::LIST_AGENTS, params.into_arguments())
    }

    /// Create an agent.
    ///
    /// Its tools must be known and its model configured.
    ///
    /// Needs a key with the scope `admin`.
    ///
    /// ```no_run
    /// use agent_platform::models::CreateAgentRequest;
    ///
    /// # async fn example(client: agent_platform::Client) -> agent_platform::Result<()> {
    /// let request = CreateAgentRequest::new(
    ///     "Support Agent",
    ///     "You are a helpful support agent.",
    /// );
    /// let agent = client.create_agent(request).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// When it is sent: [`crate::Error`], with these statuses among others:
    /// - 400: The body is not JSON, or stopped half way; or the Idempotency-Key is malformed.
    /// - 401: No valid key was given.
    /// - 403: The key lacks the scope, or the tenant is suspended.
    /// - 406: The Accept header allows nothing that this operation answers.
    /// - 409: A request with this Idempotency-Key is being worked on.
    /// - 413: The body is too large.
    /// - 415: The body is not declared to be JSON.
    /// - 422: A field was refused, and `errors` names each; or the Idempotency-Key was used for another request.
    /// - 429: There were too many requests; `Retry-After` says when to try again.
    /// - 500: A fault of the server.
    /// - 503: A part of the platform is down or overloaded; `Retry-After` says when to try again.
    pub fn create_agent(
        &self,
        request: models::CreateAgentRequest,
    ) -> crate::Request<models::Agent> {
        self.send(&operations::CREATE_AGENT, Arguments::new()).json(&request)
    }

    /// Read an agent.
    ///
    /// Needs a key with the scope `read`.
    ///
    /// `agent_id`: The agent.
    ///
    /// ```no_run
    /// # async fn example(client: agent_platform::Client) -> agent_platform::Result<()> {
    /// let agent = client.get_agent("agent-…").await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// When it is sent: [`crate::Error`], with these statuses among others:
    /// - 401: No valid key was given.
    /// - 403: The key lacks the scope, or the tenant is suspended.
    /// - 404: There is no such thing, or it is another tenant's.
    /// - 406: The Accept header allows nothing that this operation answers.
    /// - 429: There were too many requests; `Retry-After` says when to try again.
    /// - 500: A fault of the server.
    /// - 503: A part of the platform is down or overloaded; `Retry-After` says when to try again.
    pub fn get_agent(
        &self,
        agent_id: impl Into<String>,
    ) -> crate::Request<models::Agent> {
        self.send(&operations::GET_AGENT, Arguments::new().path("agent_id", agent_id))
    }

    /// Delete an agent.
    ///
    /// Its executions and conversations stay readable; nothing more can be executed with it.
    ///
    /// Needs a key with the scope `admin`.
    ///
    /// `agent_id`: The agent.
    ///
    /// ```no_run
    /// # async fn example(client: agent_platform::Client) -> agent_platform::Result<()> {
    /// client.delete_agent("agent-…").await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// When it is sent: [`crate::Error`], with these statuses among others:
    /// - 400: The Idempotency-Key is malformed.
    /// - 401: No valid key was given.
    /// - 403: The key lacks the scope, or the tenant is suspended.
    /// - 404: There is no such thing, or it is another tenant's.
    /// - 406: The Accept header allows nothing that this operation answers.
    /// - 409: A request with this Idempotency-Key is being worked on.
    /// - 422: The Idempotency-Key was used for another request.
    /// - 429: There were too many requests; `Retry-After` says when to try again.
    /// - 500: A fault of the server.
    /// - 503: A part of the platform is down or overloaded; `Retry-After` says when to try again.
    pub fn delete_agent(&self, agent_id: impl Into<String>) -> crate::Request<()> {
        self.send_empty(
            &operations::DELETE_AGENT,
            Arguments::new().path("agent_id", agent_id),
        )
    }

    /// Change an agent.
    ///
    /// Executions that run go on as they were begun. The change holds on every server within a second.
    ///
    /// Needs a key with the scope `admin`.
    ///
    /// `agent_id`: The agent.
    ///
    /// ```no_run
    /// use agent_platform::models::UpdateAgentRequest;
    ///
    /// # async fn example(client: agent_platform::Client) -> agent_platform::Result<()> {
    /// let request = UpdateAgentRequest::new().name("…");
    /// let agent = client.update_agent("agent-…", request).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// When it is sent: [`crate::Error`], with these statuses among others:
    /// - 400: The body is not JSON, or stopped half way; or the Idempotency-Key is malformed.
    /// - 401: No valid key was given.
    /// - 403: The key lacks the scope, or the tenant is suspended.
    /// - 404: There is no such thing, or it is another tenant's.
    /// - 406: The Accept header allows nothing that this operation answers.
    /// - 409: A request with this Idempotency-Key is being worked on.
    /// - 413: The body is too large.
    /// - 415: The body is not declared to be JSON.
    /// - 422: A field was refused, and `errors` names each; or the Idempotency-Key was used for another request.
    /// - 429: There were too many requests; `Retry-After` says when to try again.
    /// - 500: A fault of the server.
    /// - 503: A part of the platform is down or overloaded; `Retry-After` says when to try again.
    pub fn update_agent(
        &self,
        agent_id: impl Into<String>,
        request: models::UpdateAgentRequest,
    ) -> crate::Request<models::Agent> {
        self.send(&operations::UPDATE_AGENT, Arguments::new().path("agent_id", agent_id))
            .json(&request)
    }

    /// Execute an agent.
    ///
    /// Answers when the execution has ended; or, asked for `text/event-stream`, with its events as they happen. The execution is
    /// charged to the tenant whatever becomes of the connection. Asked for again under its `Idempotency-Key`, it is followed from its
    /// first event while it runs, and answered as it ended afterwards.
    ///
    /// Needs a key with the scope `execute`.
    ///
    /// `agent_id`: The agent.
    ///
    /// ```no_run
    /// use agent_platform::models::ExecuteAgentRequest;
    ///
    /// # async fn example(client: agent_platform::Client) -> agent_platform::Result<()> {
    /// let request = ExecuteAgentRequest::new("How do I reset my password?");
    /// let execution_result = client.execute_agent("agent-…", request).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// When it is sent: [`crate::Error`], with these statuses among others:
    /// - 400: The body is not JSON, or stopped half way; or the Idempotency-Key is malformed.
    /// - 401: No valid key was given.
    /// - 403: The key lacks the scope, or the tenant is suspended.
    /// - 404: There is no such thing, or it is another tenant's.
    /// - 406: The Accept header allows nothing that this operation answers.
    /// - 409: It was cancelled meanwhile, or a request with this Idempotency-Key is being worked on elsewhere.
    /// - 413: The body is too large.
    /// - 415: The body is not declared to be JSON.
    /// - 422: A field was refused, and `errors` names each; or the Idempotency-Key was used for another request.
    /// - 429: A quota does not let this through, and `quota` names it; or there were too many requests.
    /// - 500: A fault of the server.
    /// - 502: The model provider failed.
    /// - 503: A part of the platform is down or overloaded; `Retry-After` says when to try again.
    /// - 504: The execution ran into its deadline.
    pub fn execute_agent(
        &self,
        agent_id: impl Into<String>,
        request: models::ExecuteAgentRequest,
    ) -> crate::Request<models::ExecutionResult> {
        self.send(
                &operations::EXECUTE_AGENT,
                Arguments::new().path("agent_id", agent_id),
            )
            .json(&request)
    }

    /// Execute an agent.
    ///
    /// Answers when the execution has ended; or, asked for `text/event-stream`, with its events as they happen. The execution is
    /// charged to the tenant whatever becomes of the connection. Asked for again under its `Idempotency-Key`, it is followed from its
    /// first event while it runs, and answered as it ended afterwards.
    ///
    /// Needs a key with the scope `execute`.
    ///
    /// `agent_id`: The agent.
    ///
    /// ```no_run
    /// use agent_platform::models::ExecuteAgentRequest;
    ///
    /// # async fn example(client: agent_platform::Client) -> agent_platform::Result<()> {
    /// let request = ExecuteAgentRequest::new("How do I reset my password?");
    /// let mut events = client.stream_agent("agent-…", request).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// When it is sent: [`crate::Error`], with these statuses among others:
    /// - 400: The body is not JSON, or stopped half way; or the Idempotency-Key is malformed.
    /// - 401: No valid key was given.
    /// - 403: The key lacks the scope, or the tenant is suspended.
    /// - 404: There is no such thing, or it is another tenant's.
    /// - 406: The Accept header allows nothing that this operation answers.
    /// - 409: It was cancelled meanwhile, or a request with this Idempotency-Key is being worked on elsewhere.
    /// - 413: The body is too large.
    /// - 415: The body is not declared to be JSON.
    /// - 422: A field was refused, and `errors` names each; or the Idempotency-Key was used for another request.
    /// - 429: A quota does not let this through, and `quota` names it; or there were too many requests.
    /// - 500: A fault of the server.
    /// - 502: The model provider failed.
    /// - 503: A part of the platform is down or overloaded; `Retry-After` says when to try again.
    /// - 504: The execution ran into its deadline.
    pub fn stream_agent(
        &self,
        agent_id: impl Into<String>,
        request: models::ExecuteAgentRequest,
    ) -> crate::Request<crate::EventStream<models::ExecutionEvent>> {
        self.stream(
                &operations::STREAM_AGENT,
                Arguments::new().path("agent_id", agent_id),
            )
            .json(&request)
    }

    /// List executions.
    ///
    /// Newest first.
    ///
    /// Needs a key with the scope `read`.
    ///
    /// ```no_run
    /// use agent_platform::models::ListExecutionsParams;
    ///
    /// # async fn example(client: agent_platform::Client) -> agent_platform::Result<()> {
    /// let page = client.list_executions(ListExecutionsParams::new()).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// When it is sent: [`crate::Error`], with these statuses among others:
    /// - 401: No valid key was given.
    /// - 403: The key lacks the scope, or the tenant is suspended.
    /// - 406: The Accept header allows nothing that this operation answers.
    /// - 422: A field or parameter was refused; `errors` names each.
    /// - 429: There were too many requests; `Retry-After` says when to try again.
    /// - 500: A fault of the server.
    /// - 503: A part of the platform is down or overloaded; `Retry-After` says when to try again.
    pub fn list_executions(
        &self,
        params: models::ListExecutionsParams,
    ) -> crate::Request<crate::Page<models::Execution>> {
        self.send(&operations::LIST_EXECUTIONS, params.into_arguments())
    }

    /// List executions: a stream over the items of all pages, which are fetched as they are needed.
    #[must_use]
    pub fn list_executions_all(
        &self,
        params: models::ListExecutionsParams,
    ) -> crate::Pager<models::Execution> {
        self.pager(&operations::LIST_EXECUTIONS, params.into_arguments())
    }

    /// Read an execution.
    ///
    /// With every step.
    ///
    /// Needs a key with the scope `read`.
    ///
    /// `execution_id`: The execution.
    ///
    /// ```no_run
    /// # async fn example(client: agent_platform::Client) -> agent_platform::Result<()> {
    /// let execution = client.get_execution("execution-…").await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// When it is sent: [`crate::Error`], with these statuses among others:
    /// - 401: No valid key was given.
    /// - 403: The key lacks the scope, or the tenant is suspended.
    /// - 404: There is no such thing, or it is another tenant's.
    /// - 406: The Accept header allows nothing that this operation answers.
    /// - 429: There were too many requests; `Retry-After` says when to try again.
    /// - 500: A fault of the server.
    /// - 503: A part of the platform is down or overloaded; `Retry-After` says when to try again.
    pub fn get_execution(
        &self,
        execution_id: impl Into<String>,
    ) -> crate::Request<models::Execution> {
        self.send(
            &operations::GET_EXECUTION,
            Arguments::new().path("execution_id", execution_id),
        )
    }

    /// Follow an execution.
    ///
    /// Its events as they happen, or as they happened: from the first, or from behind the one that `Last-Event-ID` names. They are kept
    /// for 24 hours after its end. The same events have the same ids and the same bytes each time.
    ///
    /// After a crash of the server the ids may have one gap: the terminal event's lies beyond every id that was sent.
    ///
    /// Needs a key with the scope `execute`.
    ///
    /// `execution_id`: The execution.
    ///
    /// ```no_run
    /// use agent_platform::models::StreamExecutionEventsParams;
    ///
    /// # async fn example(client: agent_platform::Client) -> agent_platform::Result<()> {
    /// let mut events = client
    ///     .stream_execution_events("execution-…", StreamExecutionEventsParams::new())
    ///     .await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// When it is sent: [`crate::Error`], with these statuses among others:
    /// - 400: The header `Last-Event-ID` is no event's id.
    /// - 401: No valid key was given.
    /// - 403: The key lacks the scope, or the tenant is suspended.
    /// - 404: There is no such thing, or it is another tenant's.
    /// - 406: The Accept header allows nothing that this operation answers.
    /// - 410: The events are not kept any more: the execution ended over 24 hours ago.
    /// - 429: There were too many requests; `Retry-After` says when to try again.
    /// - 500: A fault of the server.
    /// - 503: A part of the platform is down or overloaded; `Retry-After` says when to try again.
    pub fn stream_execution_events(
        &self,
        execution_id: impl Into<String>,
        params: models::StreamExecutionEventsParams,
    ) -> crate::Request<crate::EventStream<models::ExecutionEvent>> {
        self.stream(
            &operations::STREAM_EXECUTION_EVENTS,
            params.into_arguments().path("execution_id", execution_id),
        )
    }

    /// Cancel an execution.
    ///
    /// Answers with the execution once its end is settled: what it used until then is charged. One that has ended already stays as it
    /// is, and is the answer.
    ///
    /// Needs a key with the scope `execute`.
    ///
    /// `execution_id`: The execution.
    ///
    /// ```no_run
    /// # async fn example(client: agent_platform::Client) -> agent_platform::Result<()> {
    /// let execution = client.cancel_execution("execution-…").await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// When it is sent: [`crate::Error`], with these statuses among others:
    /// - 400: The Idempotency-Key is malformed.
    /// - 401: No valid key was given.
    /// - 403: The key lacks the scope, or the tenant is suspended.
    /// - 404: There is no such thing, or it is another tenant's.
    /// - 406: The Accept header allows nothing that this operation answers.
    /// - 409: A request with this Idempotency-Key is being worked on.
    /// - 422: The Idempotency-Key was used for another request.
    /// - 429: There were too many requests; `Retry-After` says when to try again.
    /// - 500: A fault of the server.
    /// - 503: A part of the platform is down or overloaded; `Retry-After` says when to try again.
    pub fn cancel_execution(
        &self,
        execution_id: impl Into<String>,
    ) -> crate::Request<models::Execution> {
        self.send(
            &operations::CANCEL_EXECUTION,
            Arguments::new().path("execution_id", execution_id),
        )
    }

    /// List conversations.
    ///
    /// Newest first, without their messages.
    ///
    /// Needs a key with the scope `read`.
    ///
    /// ```no_run
    /// use agent_platform::models::ListConversationsParams;
    ///
    /// # async fn example(client: agent_platform::Client) -> agent_platform::Result<()> {
    /// let page = client.list_conversations(ListConversationsParams::new()).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// When it is sent: [`crate::Error`], with these statuses among others:
    /// - 401: No valid key was given.
    /// - 403: The key lacks the scope, or the tenant is suspended.
    /// - 406: The Accept header allows nothing that this operation answers.
    /// - 422: A field or parameter was refused; `errors` names each.
    /// - 429: There were too many requests; `Retry-After` says when to try again.
    /// - 500: A fault of the server.
    /// - 503: A part of the platform is down or overloaded; `Retry-After` says when to try again.
    pub fn list_conversations(
        &self,
        params: models::ListConversationsParams,
    ) -> crate::Request<crate::Page<models::ConversationSummary>> {
        self.send(&operations::LIST_CONVERSATIONS, params.into_arguments())
    }

    /// List conversations: a stream over the items of all pages, which are fetched as they are needed.
    #[must_use]
    pub fn list_conversations_all(
        &self,
        params: models::ListConversationsParams,
    ) -> crate::Pager<models::ConversationSummary> {
        self.pager(&operations::LIST_CONVERSATIONS, params.into_arguments())
    }

    /// Read a conversation.
    ///
    /// With its messages.
    ///
    /// Needs a key with the scope `read`.
    ///
    /// `conversation_id`: The conversation.
    ///
    /// ```no_run
    /// # async fn example(client: agent_platform::Client) -> agent_platform::Result<()> {
    /// let conversation = client.get_conversation("conversation-…").await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// When it is sent: [`crate::Error`], with these statuses among others:
    /// - 401: No valid key was given.
    /// - 403: The key lacks the scope, or the tenant is suspended.
    /// - 404: There is no such thing, or it is another tenant's.
    /// - 406: The Accept header allows nothing that this operation answers.
    /// - 429: There were too many requests; `Retry-After` says when to try again.
    /// - 500: A fault of the server.
    /// - 503: A part of the platform is down or overloaded; `Retry-After` says when to try again.
    pub fn get_conversation(
        &self,
        conversation_id: impl Into<String>,
    ) -> crate::Request<models::Conversation> {
        self.send(
            &operations::GET_CONVERSATION,
            Arguments::new().path("conversation_id", conversation_id),
        )
    }

    /// Delete a conversation.
    ///
    /// With its messages. Its executions stay in the log, and what they cost in the ledger.
    ///
    /// Needs a key with the scope `admin`.
    ///
    /// `conversation_id`: The conversation.
    ///
    /// ```no_run
    /// # async fn example(client: agent_platform::Client) -> agent_platform::Result<()> {
    /// client.delete_conversation("conversation-…").await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// When it is sent: [`crate::Error`], with these statuses among others:
    /// - 400: The Idempotency-Key is malformed.
    /// - 401: No valid key was given.
    /// - 403: The key lacks the scope, or the tenant is suspended.
    /// - 404: There is no such thing, or it is another tenant's.
    /// - 406: The Accept header allows nothing that this operation answers.
    /// - 409: A request with this Idempotency-Key is being worked on.
    /// - 422: The Idempotency-Key was used for another request.
    /// - 429: There were too many requests; `Retry-After` says when to try again.
    /// - 500: A fault of the server.
    /// - 503: A part of the platform is down or overloaded; `Retry-After` says when to try again.
    pub fn delete_conversation(
        &self,
        conversation_id: impl Into<String>,
    ) -> crate::Request<()> {
        self.send_empty(
            &operations::DELETE_CONVERSATION,
            Arguments::new().path("conversation_id", conversation_id),
        )
    }

    /// List documents.
    ///
    /// Without their text, newest first.
    ///
    /// Needs a key with the scope `read`.
    ///
    /// ```no_run
    /// use agent_platform::models::ListDocumentsParams;
    ///
    /// # async fn example(client: agent_platform::Client) -> agent_platform::Result<()> {
    /// let page = client.list_documents(ListDocumentsParams::new()).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// When it is sent: [`crate::Error`], with these statuses among others:
    /// - 401: No valid key was given.
    /// - 403: The key lacks the scope, or the tenant is suspended.
    /// - 406: The Accept header allows nothing that this operation answers.
    /// - 422: A field or parameter was refused; `errors` names each.
    /// - 429: A quota does not let this through, and `quota` names it; or there were too many requests.
    /// - 500: A fault of the server.
    /// - 503: A part of the platform is down or overloaded; `Retry-After` says when to try again.
    pub fn list_documents(
        &self,
        params: models::ListDocumentsParams,
    ) -> crate::Request<crate::Page<models::Document>> {
        self.send(&operations::LIST_DOCUMENTS, params.into_arguments())
    }

    /// List documents: a stream over the items of all pages, which are fetched as they are needed.
    #[must_use]
    pub fn list_documents_all(
        &self,
        params: models::ListDocumentsParams,
    ) -> crate::Pager<models::Document> {
        self.pager(&operations::LIST_DOCUMENTS, params.into_arguments())
    }

    /// Create a document.
    ///
    /// It can be found as soon as the answer is there.
    ///
    /// Needs a key with the scope `admin`.
    ///
    /// ```no_run
    /// use agent_platform::models::CreateDocumentRequest;
    ///
    /// # async fn example(client: agent_platform::Client) -> agent_platform::Result<()> {
    /// let request = CreateDocumentRequest::new("Resetting your password", "…");
    /// let document = client.create_document(request).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// When it is sent: [`crate::Error`], with these statuses among others:
    /// - 400: The body is not JSON, or stopped half way; or the Idempotency-Key is malformed.
    /// - 401: No valid key was given.
    /// - 403: The key lacks the scope, or the tenant is suspended.
    /// - 406: The Accept header allows nothing that this operation answers.
    /// - 409: A request with this Idempotency-Key is being worked on.
    /// - 413: The body is too large.
    /// - 415: The body is not declared to be JSON.
    /// - 422: A field was refused, and `errors` names each; or the Idempotency-Key was used for another request.
    /// - 429: A quota does not let this through, and `quota` names it; or there were too many requests.
    /// - 500: A fault of the server.
    /// - 503: A part of the platform is down or overloaded; `Retry-After` says when to try again.
    pub fn create_document(
        &self,
        request: models::CreateDocumentRequest,
    ) -> crate::Request<models::Document> {
        self.send(&operations::CREATE_DOCUMENT, Arguments::new()).json(&request)
    }

    /// Search the documents.
    ///
    /// Finds the passages that fit best, as the tool `search_kb` does.
    ///
    /// Needs a key with the scope `read`.
    ///
    /// ```no_run
    /// use agent_platform::models::SearchDocumentsParams;
    ///
    /// # async fn example(client: agent_platform::Client) -> agent_platform::Result<()> {
    /// let search_results = client
    ///     .search_documents(SearchDocumentsParams::new("…"))
    ///     .await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// When it is sent: [`crate::Error`], with these statuses among others:
    /// - 401: No valid key was given.
    /// - 403: The key lacks the scope, or the tenant is suspended.
    /// - 406: The Accept header allows nothing that this operation answers.
    /// - 422: A field or parameter was refused; `errors` names each.
    /// - 429: There were too many requests; `Retry-After` says when to try again.
    /// - 500: A fault of the server.
    /// - 503: A part of the platform is down or overloaded; `Retry-After` says when to try again.
    pub fn search_documents(
        &self,
        params: models::SearchDocumentsParams,
    ) -> crate::Request<models::SearchResults> {
        self.send(&operations::SEARCH_DOCUMENTS, params.into_arguments())
    }

    /// Read a document.
    ///
    /// With its text.
    ///
    /// Needs a key with the scope `read`.
    ///
    /// `document_id`: The document.
    ///
    /// ```no_run
    /// # async fn example(client: agent_platform::Client) -> agent_platform::Result<()> {
    /// let document_content = client.get_document("document-…").await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// When it is sent: [`crate::Error`], with these statuses among others:
    /// - 401: No valid key was given.
    /// - 403: The key lacks the scope, or the tenant is suspended.
    /// - 404: There is no such thing, or it is another tenant's.
    /// - 406: The Accept header allows nothing that this operation answers.
    /// - 429: There were too many requests; `Retry-After` says when to try again.
    /// - 500: A fault of the server.
    /// - 503: A part of the platform is down or overloaded; `Retry-After` says when to try again.
    pub fn get_document(
        &self,
        document_id: impl Into<String>,
    ) -> crate::Request<models::DocumentContent> {
        self.send(
            &operations::GET_DOCUMENT,
            Arguments::new().path("document_id", document_id),
        )
    }

    /// Delete a document.
    ///
    /// It is found no more as soon as the answer is there.
    ///
    /// Needs a key with the scope `admin`.
    ///
    /// `document_id`: The document.
    ///
    /// ```no_run
    /// # async fn example(client: agent_platform::Client) -> agent_platform::Result<()> {
    /// client.delete_document("document-…").await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// When it is sent: [`crate::Error`], with these statuses among others:
    /// - 400: The Idempotency-Key is malformed.
    /// - 401: No valid key was given.
    /// - 403: The key lacks the scope, or the tenant is suspended.
    /// - 404: There is no such thing, or it is another tenant's.
    /// - 406: The Accept header allows nothing that this operation answers.
    /// - 409: A request with this Idempotency-Key is being worked on.
    /// - 422: The Idempotency-Key was used for another request.
    /// - 429: There were too many requests; `Retry-After` says when to try again.
    /// - 500: A fault of the server.
    /// - 503: A part of the platform is down or overloaded; `Retry-After` says when to try again.
    pub fn delete_document(&self, document_id: impl Into<String>) -> crate::Request<()> {
        self.send_empty(
            &operations::DELETE_DOCUMENT,
            Arguments::new().path("document_id", document_id),
        )
    }

    /// List tickets.
    ///
    /// What agents made with `create_ticket`, newest first.
    ///
    /// Needs a key with the scope `read`.
    ///
    /// ```no_run
    /// use agent_platform::models::ListTicketsParams;
    ///
    /// # async fn example(client: agent_platform::Client) -> agent_platform::Result<()> {
    /// let page = client.list_tickets(ListTicketsParams::new()).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// When it is sent: [`crate::Error`], with these statuses among others:
    /// - 401: No valid key was given.
    /// - 403: The key lacks the scope, or the tenant is suspended.
    /// - 406: The Accept header allows nothing that this operation answers.
    /// - 422: A field or parameter was refused; `errors` names each.
    /// - 429: There were too many requests; `Retry-After` says when to try again.
    /// - 500: A fault of the server.
    /// - 503: A part of the platform is down or overloaded; `Retry-After` says when to try again.
    pub fn list_tickets(
        &self,
        params: models::ListTicketsParams,
    ) -> crate::Request<crate::Page<models::Ticket>> {
        self.send(&operations::LIST_TICKETS, params.into_arguments())
    }

    /// List tickets: a stream over the items of all pages, which are fetched as they are needed.
    #[must_use]
    pub fn list_tickets_all(
        &self,
        params: models::ListTicketsParams,
    ) -> crate::Pager<models::Ticket> {
        self.pager(&operations::LIST_TICKETS, params.into_arguments())
    }

    /// Read a ticket.
    ///
    /// Needs a key with the scope `read`.
    ///
    /// `ticket_id`: The ticket.
    ///
    /// ```no_run
    /// # async fn example(client: agent_platform::Client) -> agent_platform::Result<()> {
    /// let ticket = client.get_ticket("ticket-…").await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// When it is sent: [`crate::Error`], with these statuses among others:
    /// - 401: No valid key was given.
    /// - 403: The key lacks the scope, or the tenant is suspended.
    /// - 404: There is no such thing, or it is another tenant's.
    /// - 406: The Accept header allows nothing that this operation answers.
    /// - 429: There were too many requests; `Retry-After` says when to try again.
    /// - 500: A fault of the server.
    /// - 503: A part of the platform is down or overloaded; `Retry-After` says when to try again.
    pub fn get_ticket(
        &self,
        ticket_id: impl Into<String>,
    ) -> crate::Request<models::Ticket> {
        self.send(&operations::GET_TICKET, Arguments::new().path("ticket_id", ticket_id))
    }

    /// Read the usage.
    ///
    /// The figures that the quotas go by. Those of tokens and spend are sums over the ledger.
    ///
    /// Needs a key with the scope `read`.
    ///
    /// ```no_run
    /// # async fn example(client: agent_platform::Client) -> agent_platform::Result<()> {
    /// let usage_report = client.get_usage().await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// When it is sent: [`crate::Error`], with these statuses among others:
    /// - 401: No valid key was given.
    /// - 403: The key lacks the scope, or the tenant is suspended.
    /// - 406: The Accept header allows nothing that this operation answers.
    /// - 429: There were too many requests; `Retry-After` says when to try again.
    /// - 500: A fault of the server.
    /// - 503: A part of the platform is down or overloaded; `Retry-After` says when to try again.
    pub fn get_usage(&self) -> crate::Request<models::UsageReport> {
        self.send(&operations::GET_USAGE, Arguments::new())
    }

    /// Read the usage over time.
    ///
    /// Every figure is a sum over the ledger, so an execution counts once it has ended, in the hour or day in which it was started. Hours
    /// and days are whole, in UTC; one answer has at most 1,000 of them. Work of test keys is left out.
    ///
    /// Needs a key with the scope `read`.
    ///
    /// ```no_run
    /// use agent_platform::models::GetUsageHistoryParams;
    ///
    /// # async fn example(client: agent_platform::Client) -> agent_platform::Result<()> {
    /// let usage_history = client.get_usage_history(GetUsageHistoryParams::new()).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// When it is sent: [`crate::Error`], with these statuses among others:
    /// - 401: No valid key was given.
    /// - 403: The key lacks the scope, or the tenant is suspended.
    /// - 406: The Accept header allows nothing that this operation answers.
    /// - 422: A field or parameter was refused; `errors` names each.
    /// - 429: There were too many requests; `Retry-After` says when to try again.
    /// - 500: A fault of the server.
    /// - 503: A part of the platform is down or overloaded; `Retry-After` says when to try again.
    pub fn get_usage_history(
        &self,
        params: models::GetUsageHistoryParams,
    ) -> crate::Request<models::UsageHistory> {
        self.send(&operations::GET_USAGE_HISTORY, params.into_arguments())
    }

    /// List API keys.
    ///
    /// Those that are not revoked, newest first, without their secrets.
    ///
    /// Needs a key with the scope `admin`.
    ///
    /// ```no_run
    /// use agent_platform::models::ListApiKeysParams;
    ///
    /// # async fn example(client: agent_platform::Client) -> agent_platform::Result<()> {
    /// let page = client.list_api_keys(ListApiKeysParams::new()).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// When it is sent: [`crate::Error`], with these statuses among others:
    /// - 401: No valid key was given.
    /// - 403: The key lacks the scope, or the tenant is suspended.
    /// - 406: The Accept header allows nothing that this operation answers.
    /// - 422: A field or parameter was refused; `errors` names each.
    /// - 429: There were too many requests; `Retry-After` says when to try again.
    /// - 500: A fault of the server.
    /// - 503: A part of the platform is down or overloaded; `Retry-After` says when to try again.
    pub fn list_api_keys(
        &self,
        params: models::ListApiKeysParams,
    ) -> crate::Request<crate::Page<models::ApiKeySummary>> {
        self.send(&operations::LIST_API_KEYS, params.into_arguments())
    }

    /// List API keys: a stream over the items of all pages, which are fetched as they are needed.
    #[must_use]
    pub fn list_api_keys_all(
        &self,
        params: models::ListApiKeysParams,
    ) -> crate::Pager<models::ApiKeySummary> {
        self.pager(&operations::LIST_API_KEYS, params.into_arguments())
    }

    /// Create an API key.
    ///
    /// The key is shown this once.
    ///
    /// Needs a key with the scope `admin`.
    ///
    /// ```no_run
    /// use agent_platform::models::CreateApiKeyRequest;
    ///
    /// # async fn example(client: agent_platform::Client) -> agent_platform::Result<()> {
    /// let request = CreateApiKeyRequest::new().name("…");
    /// let created_api_key = client.create_api_key(request).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// When it is sent: [`crate::Error`], with these statuses among others:
    /// - 400: The body is not JSON, or stopped half way; or the Idempotency-Key is malformed.
    /// - 401: No valid key was given.
    /// - 403: The key lacks the scope, or the tenant is suspended.
    /// - 406: The Accept header allows nothing that this operation answers.
    /// - 409: A request with this Idempotency-Key is being worked on.
    /// - 413: The body is too large.
    /// - 415: The body is not declared to be JSON.
    /// - 422: A field was refused, and `errors` names each; or the Idempotency-Key was used for another request.
    /// - 429: There were too many requests; `Retry-After` says when to try again.
    /// - 500: A fault of the server.
    /// - 503: A part of the platform is down or overloaded; `Retry-After` says when to try again.
    pub fn create_api_key(
        &self,
        request: models::CreateApiKeyRequest,
    ) -> crate::Request<models::CreatedApiKey> {
        self.send(&operations::CREATE_API_KEY, Arguments::new()).json(&request)
    }

    /// Revoke an API key.
    ///
    /// It is refused everywhere within a second. Executions that it started go on. A test key revokes test keys alone.
    ///
    /// Needs a key with the scope `admin`.
    ///
    /// `key_id`: The key.
    ///
    /// ```no_run
    /// # async fn example(client: agent_platform::Client) -> agent_platform::Result<()> {
    /// client.revoke_api_key("key-…").await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// When it is sent: [`crate::Error`], with these statuses among others:
    /// - 400: The Idempotency-Key is malformed.
    /// - 401: No valid key was given.
    /// - 403: The key lacks the scope, or the tenant is suspended.
    /// - 404: There is no such thing, or it is another tenant's.
    /// - 406: The Accept header allows nothing that this operation answers.
    /// - 409: A request with this Idempotency-Key is being worked on.
    /// - 422: The Idempotency-Key was used for another request.
    /// - 429: There were too many requests; `Retry-After` says when to try again.
    /// - 500: A fault of the server.
    /// - 503: A part of the platform is down or overloaded; `Retry-After` says when to try again.
    pub fn revoke_api_key(&self, key_id: impl Into<String>) -> crate::Request<()> {
        self.send_empty(
            &operations::REVOKE_API_KEY,
            Arguments::new().path("key_id", key_id),
        )
    }

    /// Rotate an API key.
    ///
    /// Gives a new key with the same name, scopes and mode, which is shown this once; it expires when the old one would have. The old key
    /// stays valid until the grace ends, which the list of keys shows as its `expires_at`.
    ///
    /// Needs a key with the scope `admin`.
    ///
    /// `key_id`: The key.
    ///
    /// ```no_run
    /// use agent_platform::models::RotateApiKeyRequest;
    ///
    /// # async fn example(client: agent_platform::Client) -> agent_platform::Result<()> {
    /// let request = RotateApiKeyRequest::new().grace_seconds(1);
    /// let created_api_key = client.rotate_api_key("key-…", request).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// When it is sent: [`crate::Error`], with these statuses among others:
    /// - 400: The body is not JSON, or stopped half way; or the Idempotency-Key is malformed.
    /// - 401: No valid key was given.
    /// - 403: The key lacks the scope, or does test work alone; or the tenant is suspended.
    /// - 404: There is no such thing, or it is another tenant's.
    /// - 406: The Accept header allows nothing that this operation answers.
    /// - 409: The key has expired or was replaced already, or a request with this Idempotency-Key is being worked on.
    /// - 413: The body is too large.
    /// - 415: The body is not declared to be JSON.
    /// - 422: A field was refused, and `errors` names each; or the Idempotency-Key was used for another request.
    /// - 429: There were too many requests; `Retry-After` says when to try again.
    /// - 500: A fault of the server.
    /// - 503: A part of the platform is down or overloaded; `Retry-After` says when to try again.
    pub fn rotate_api_key(
        &self,
        key_id: impl Into<String>,
        request: models::RotateApiKeyRequest,
    ) -> crate::Request<models::CreatedApiKey> {
        self.send(&operations::ROTATE_API_KEY, Arguments::new().path("key_id", key_id))
            .json(&request)
    }

    /// Read the audit log.
    ///
    /// Every change to the tenant's keys, agents, quotas, tier and status, and every refused sign-in with one of its keys, newest first.
    /// Refusals of one kind are written together: the first at once, the rest with their number each minute.
    ///
    /// Needs a key with the scope `admin`.
    ///
    /// ```no_run
    /// use agent_platform::models::ListAuditEntriesParams;
    ///
    /// # async fn example(client: agent_platform::Client) -> agent_platform::Result<()> {
    /// let page = client.list_audit_entries(ListAuditEntriesParams::new()).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// When it is sent: [`crate::Error`], with these statuses among others:
    /// - 401: No valid key was given.
    /// - 403: The key lacks the scope, or the tenant is suspended.
    /// - 406: The Accept header allows nothing that this operation answers.
    /// - 422: A field or parameter was refused; `errors` names each.
    /// - 429: There were too many requests; `Retry-After` says when to try again.
    /// - 500: A fault of the server.
    /// - 503: A part of the platform is down or overloaded; `Retry-After` says when to try again.
    pub fn list_audit_entries(
        &self,
        params: models::ListAuditEntriesParams,
    ) -> crate::Request<crate::Page<models::AuditEntry>> {
        self.send(&operations::LIST_AUDIT_ENTRIES, params.into_arguments())
    }

    /// Read the audit log: a stream over the items of all pages, which are fetched as they are needed.
    #[must_use]
    pub fn list_audit_entries_all(
        &self,
        params: models::ListAuditEntriesParams,
    ) -> crate::Pager<models::AuditEntry> {
        self.pager(&operations::LIST_AUDIT_ENTRIES, params.into_arguments())
    }
}
