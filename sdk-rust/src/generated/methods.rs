// Generated from openapi/openapi.json by `make spec`; changes made here by hand are lost.

//! The typed calls of [`crate::Client`].

use super::{models, operations};
use crate::{Result, request::Arguments};

impl crate::Client {
    /// Sign up.
    ///
    /// Makes a tenant and its first key. **The key is shown this once.**
    ///
    /// ```no_run
    /// use agent_platform::models::SignUpRequest;
    ///
    /// # async fn example(client: agent_platform::Client) -> agent_platform::Result<()> {
    /// let request = SignUpRequest::new("user@acme.com", "professional");
    /// let response = client.sign_up(request).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`crate::Error`], with these statuses among others:
    /// - 409: The address has signed up before
    /// - 422: Something in the request is wrong
    pub async fn sign_up(
        &self,
        request: models::SignUpRequest,
    ) -> Result<models::SignUpResponse> {
        self.send(&operations::SIGN_UP, Arguments::new().json(&request)?).await
    }

    /// List agents.
    ///
    /// Newest first.
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
    /// [`crate::Error`], with these statuses among others:
    /// - 401: No valid key
    /// - 403: The key's scope is too small
    pub async fn list_agents(
        &self,
        params: models::ListAgentsParams,
    ) -> Result<crate::Page<models::Agent>> {
        self.send(&operations::LIST_AGENTS, params.into_arguments()).await
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
    /// An agent is a prompt, a model and tools.
    ///
    /// It can be used at once.
    ///
    /// ```no_run
    /// use agent_platform::models::CreateAgentRequest;
    ///
    /// # async fn example(client: agent_platform::Client) -> agent_platform::Result<()> {
    /// let request = CreateAgentRequest::new(
    ///     "Support Agent",
    ///     "You answer from the knowledge base.",
    /// );
    /// let agent = client.create_agent(request).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`crate::Error`], with these statuses among others:
    /// - 401: No valid key
    /// - 403: The key's scope is too small
    /// - 422: Something in the request is wrong
    pub async fn create_agent(
        &self,
        request: models::CreateAgentRequest,
    ) -> Result<models::Agent> {
        self.send(&operations::CREATE_AGENT, Arguments::new().json(&request)?).await
    }

    /// Read an agent.
    ///
    /// `agent_id`: The agent's id.
    ///
    /// ```no_run
    /// # async fn example(client: agent_platform::Client) -> agent_platform::Result<()> {
    /// let agent = client.get_agent("agent-…").await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`crate::Error`], with these statuses among others:
    /// - 401: No valid key
    /// - 403: The key's scope is too small
    /// - 404: There is no such agent
    pub async fn get_agent(&self, agent_id: impl Into<String>) -> Result<models::Agent> {
        self.send(&operations::GET_AGENT, Arguments::new().path("agent_id", agent_id))
            .await
    }

    /// Delete an agent.
    ///
    /// Its conversations and executions stay.
    ///
    /// `agent_id`: The agent's id.
    ///
    /// ```no_run
    /// # async fn example(client: agent_platform::Client) -> agent_platform::Result<()> {
    /// client.delete_agent("agent-…").await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`crate::Error`], with these statuses among others:
    /// - 401: No valid key
    /// - 403: The key's scope is too small
    /// - 404: There is no such agent
    pub async fn delete_agent(&self, agent_id: impl Into<String>) -> Result<()> {
        self.send_empty(
                &operations::DELETE_AGENT,
                Arguments::new().path("agent_id", agent_id),
            )
            .await
    }

    /// Change an agent.
    ///
    /// JSON merge patch: what is absent stays, `null` goes back to the default.
    ///
    /// `agent_id`: The agent's id.
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
    /// [`crate::Error`], with these statuses among others:
    /// - 401: No valid key
    /// - 403: The key's scope is too small
    /// - 404: There is no such agent
    pub async fn update_agent(
        &self,
        agent_id: impl Into<String>,
        request: models::UpdateAgentRequest,
    ) -> Result<models::Agent> {
        self.send(
                &operations::UPDATE_AGENT,
                Arguments::new().path("agent_id", agent_id).json(&request)?,
            )
            .await
    }

    /// Execute an agent.
    ///
    /// Sends a message and waits for the answer.
    ///
    /// `agent_id`: The agent's id.
    ///
    /// ```no_run
    /// use agent_platform::models::ExecuteAgentRequest;
    ///
    /// # async fn example(client: agent_platform::Client) -> agent_platform::Result<()> {
    /// let request = ExecuteAgentRequest::new("How do I reset my password?");
    /// let response = client.execute_agent("agent-…", request).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`crate::Error`], with these statuses among others:
    /// - 401: No valid key
    /// - 403: The key's scope is too small
    /// - 404: There is no such agent
    /// - 429: A quota is used up
    pub async fn execute_agent(
        &self,
        agent_id: impl Into<String>,
        request: models::ExecuteAgentRequest,
    ) -> Result<models::ExecuteAgentResponse> {
        self.send(
                &operations::EXECUTE_AGENT,
                Arguments::new().path("agent_id", agent_id).json(&request)?,
            )
            .await
    }

    /// Execute an agent.
    ///
    /// Sends a message and waits for the answer.
    ///
    /// `agent_id`: The agent's id.
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
    /// [`crate::Error`], with these statuses among others:
    /// - 401: No valid key
    /// - 403: The key's scope is too small
    /// - 404: There is no such agent
    /// - 429: A quota is used up
    pub async fn stream_agent(
        &self,
        agent_id: impl Into<String>,
        request: models::ExecuteAgentRequest,
    ) -> Result<crate::EventStream<models::ExecutionEvent>> {
        self.stream(
                &operations::STREAM_AGENT,
                Arguments::new().path("agent_id", agent_id).json(&request)?,
            )
            .await
    }

    /// List executions.
    ///
    /// Newest first.
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
    /// [`crate::Error`], with these statuses among others:
    /// - 401: No valid key
    /// - 403: The key's scope is too small
    pub async fn list_executions(
        &self,
        params: models::ListExecutionsParams,
    ) -> Result<crate::Page<models::Execution>> {
        self.send(&operations::LIST_EXECUTIONS, params.into_arguments()).await
    }

    /// List executions: a stream over the items of all pages, which are fetched as they are needed.
    #[must_use]
    pub fn list_executions_all(
        &self,
        params: models::ListExecutionsParams,
    ) -> crate::Pager<models::Execution> {
        self.pager(&operations::LIST_EXECUTIONS, params.into_arguments())
    }

    /// Search documents.
    ///
    /// ```no_run
    /// use agent_platform::models::SearchDocumentsParams;
    ///
    /// # async fn example(client: agent_platform::Client) -> agent_platform::Result<()> {
    /// let search_results = client
    ///     .search_documents(SearchDocumentsParams::new("reset password"))
    ///     .await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`crate::Error`], with these statuses among others:
    /// - 401: No valid key
    /// - 403: The key's scope is too small
    pub async fn search_documents(
        &self,
        params: models::SearchDocumentsParams,
    ) -> Result<models::SearchResults> {
        self.send(&operations::SEARCH_DOCUMENTS, params.into_arguments()).await
    }

    /// Download an invoice.
    ///
    /// `invoice_id`: The invoice's id.
    ///
    /// ```no_run
    /// # async fn example(client: agent_platform::Client) -> agent_platform::Result<()> {
    /// let file = client.get_invoice_pdf("invoice-…").await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`crate::Error`], with these statuses among others:
    /// - 401: No valid key
    /// - 403: The key's scope is too small
    pub async fn get_invoice_pdf(
        &self,
        invoice_id: impl Into<String>,
    ) -> Result<bytes::Bytes> {
        self.send_bytes(
                &operations::GET_INVOICE_PDF,
                Arguments::new().path("invoice_id", invoice_id),
            )
            .await
    }

    /// Read quota and usage.
    ///
    /// ```no_run
    /// # async fn example(client: agent_platform::Client) -> agent_platform::Result<()> {
    /// let usage_report = client.get_usage().await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`crate::Error`], with these statuses among others:
    /// - 401: No valid key
    /// - 403: The key's scope is too small
    pub async fn get_usage(&self) -> Result<models::UsageReport> {
        self.send(&operations::GET_USAGE, Arguments::new()).await
    }
}
