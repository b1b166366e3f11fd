// Generated from openapi/openapi.json by `make spec`; changes made here by hand are lost.

//! The typed calls of [`crate::blocking::Client`].

use super::{models, operations};
use crate::{Result, request::Arguments};

impl crate::blocking::Client {
    /// Sign up.
    ///
    /// Makes a tenant and its first key. **The key is shown this once.**
    ///
    /// ```no_run
    /// use agent_platform::models::SignUpRequest;
    ///
    /// # fn example(client: agent_platform::blocking::Client) -> agent_platform::Result<()> {
    /// let request = SignUpRequest::new("user@acme.com", "professional");
    /// let response = client.sign_up(request)?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`crate::Error`], with these statuses among others:
    /// - 409: The address has signed up before
    /// - 422: Something in the request is wrong
    pub fn sign_up(
        &self,
        request: models::SignUpRequest,
    ) -> Result<models::SignUpResponse> {
        self.send(&operations::SIGN_UP, Arguments::new().json(&request)?)
    }

    /// List agents.
    ///
    /// Newest first.
    ///
    /// ```no_run
    /// use agent_platform::models::ListAgentsParams;
    ///
    /// # fn example(client: agent_platform::blocking::Client) -> agent_platform::Result<()> {
    /// let page = client.list_agents(ListAgentsParams::new())?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`crate::Error`], with these statuses among others:
    /// - 401: No valid key
    /// - 403: The key's scope is too small
    pub fn list_agents(
        &self,
        params: models::ListAgentsParams,
    ) -> Result<crate::Page<models::Agent>> {
        self.send(&operations::LIST_AGENTS, params.into_arguments())
    }

    /// List agents: an iterator over the items of all pages, which are fetched as they are needed.
    #[must_use]
    pub fn list_agents_all(
        &self,
        params: models::ListAgentsParams,
    ) -> crate::blocking::Pager<models::Agent> {
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
    /// # fn example(client: agent_platform::blocking::Client) -> agent_platform::Result<()> {
    /// let request = CreateAgentRequest::new(
    ///     "Support Agent",
    ///     "You answer from the knowledge base.",
    /// );
    /// let agent = client.create_agent(request)?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`crate::Error`], with these statuses among others:
    /// - 401: No valid key
    /// - 403: The key's scope is too small
    /// - 422: Something in the request is wrong
    pub fn create_agent(
        &self,
        request: models::CreateAgentRequest,
    ) -> Result<models::Agent> {
        self.send(&operations::CREATE_AGENT, Arguments::new().json(&request)?)
    }

    /// Read an agent.
    ///
    /// `agent_id`: The agent's id.
    ///
    /// ```no_run
    /// # fn example(client: agent_platform::blocking::Client) -> agent_platform::Result<()> {
    /// let agent = client.get_agent("agent-…")?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`crate::Error`], with these statuses among others:
    /// - 401: No valid key
    /// - 403: The key's scope is too small
    /// - 404: There is no such agent
    pub fn get_agent(&self, agent_id: impl Into<String>) -> Result<models::Agent> {
        self.send(&operations::GET_AGENT, Arguments::new().path("agent_id", agent_id))
    }

    /// Delete an agent.
    ///
    /// Its conversations and executions stay.
    ///
    /// `agent_id`: The agent's id.
    ///
    /// ```no_run
    /// # fn example(client: agent_platform::blocking::Client) -> agent_platform::Result<()> {
    /// client.delete_agent("agent-…")?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`crate::Error`], with these statuses among others:
    /// - 401: No valid key
    /// - 403: The key's scope is too small
    /// - 404: There is no such agent
    pub fn delete_agent(&self, agent_id: impl Into<String>) -> Result<()> {
        self.send_empty(
            &operations::DELETE_AGENT,
            Arguments::new().path("agent_id", agent_id),
        )
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
    /// # fn example(client: agent_platform::blocking::Client) -> agent_platform::Result<()> {
    /// let request = UpdateAgentRequest::new().name("…");
    /// let agent = client.update_agent("agent-…", request)?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`crate::Error`], with these statuses among others:
    /// - 401: No valid key
    /// - 403: The key's scope is too small
    /// - 404: There is no such agent
    pub fn update_agent(
        &self,
        agent_id: impl Into<String>,
        request: models::UpdateAgentRequest,
    ) -> Result<models::Agent> {
        self.send(
            &operations::UPDATE_AGENT,
            Arguments::new().path("agent_id", agent_id).json(&request)?,
        )
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
    /// # fn example(client: agent_platform::blocking::Client) -> agent_platform::Result<()> {
    /// let request = ExecuteAgentRequest::new("How do I reset my password?");
    /// let response = client.execute_agent("agent-…", request)?;
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
    pub fn execute_agent(
        &self,
        agent_id: impl Into<String>,
        request: models::ExecuteAgentRequest,
    ) -> Result<models::ExecuteAgentResponse> {
        self.send(
            &operations::EXECUTE_AGENT,
            Arguments::new().path("agent_id", agent_id).json(&request)?,
        )
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
    /// # fn example(client: agent_platform::blocking::Client) -> agent_platform::Result<()> {
    /// let request = ExecuteAgentRequest::new("How do I reset my password?");
    /// let mut events = client.stream_agent("agent-…", request)?;
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
    pub fn stream_agent(
        &self,
        agent_id: impl Into<String>,
        request: models::ExecuteAgentRequest,
    ) -> Result<crate::blocking::EventStream<models::ExecutionEvent>> {
        self.stream(
            &operations::STREAM_AGENT,
            Arguments::new().path("agent_id", agent_id).json(&request)?,
        )
    }

    /// List executions.
    ///
    /// Newest first.
    ///
    /// ```no_run
    /// use agent_platform::models::ListExecutionsParams;
    ///
    /// # fn example(client: agent_platform::blocking::Client) -> agent_platform::Result<()> {
    /// let page = client.list_executions(ListExecutionsParams::new())?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`crate::Error`], with these statuses among others:
    /// - 401: No valid key
    /// - 403: The key's scope is too small
    pub fn list_executions(
        &self,
        params: models::ListExecutionsParams,
    ) -> Result<crate::Page<models::Execution>> {
        self.send(&operations::LIST_EXECUTIONS, params.into_arguments())
    }

    /// List executions: an iterator over the items of all pages, which are fetched as they are needed.
    #[must_use]
    pub fn list_executions_all(
        &self,
        params: models::ListExecutionsParams,
    ) -> crate::blocking::Pager<models::Execution> {
        self.pager(&operations::LIST_EXECUTIONS, params.into_arguments())
    }

    /// Search documents.
    ///
    /// ```no_run
    /// use agent_platform::models::SearchDocumentsParams;
    ///
    /// # fn example(client: agent_platform::blocking::Client) -> agent_platform::Result<()> {
    /// let search_results = client
    ///     .search_documents(SearchDocumentsParams::new("reset password"))?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`crate::Error`], with these statuses among others:
    /// - 401: No valid key
    /// - 403: The key's scope is too small
    pub fn search_documents(
        &self,
        params: models::SearchDocumentsParams,
    ) -> Result<models::SearchResults> {
        self.send(&operations::SEARCH_DOCUMENTS, params.into_arguments())
    }

    /// Download an invoice.
    ///
    /// `invoice_id`: The invoice's id.
    ///
    /// ```no_run
    /// # fn example(client: agent_platform::blocking::Client) -> agent_platform::Result<()> {
    /// let file = client.get_invoice_pdf("invoice-…")?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`crate::Error`], with these statuses among others:
    /// - 401: No valid key
    /// - 403: The key's scope is too small
    pub fn get_invoice_pdf(
        &self,
        invoice_id: impl Into<String>,
    ) -> Result<bytes::Bytes> {
        self.send_bytes(
            &operations::GET_INVOICE_PDF,
            Arguments::new().path("invoice_id", invoice_id),
        )
    }

    /// Read quota and usage.
    ///
    /// ```no_run
    /// # fn example(client: agent_platform::blocking::Client) -> agent_platform::Result<()> {
    /// let usage_report = client.get_usage()?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`crate::Error`], with these statuses among others:
    /// - 401: No valid key
    /// - 403: The key's scope is too small
    pub fn get_usage(&self) -> Result<models::UsageReport> {
        self.send(&operations::GET_USAGE, Arguments::new())
    }
}
