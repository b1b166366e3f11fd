//! What a model is shown, and how many tokens that is.

use std::sync::Arc;

use super::{
    models::{ModelError, ModelRequest, ToolSpec, Turn},
    registry::PricedModel,
};

/// Up to this many bytes are counted at once, in well under a millisecond; more, where it holds up nobody.
const QUICKLY_COUNTED: usize = 8 << 10;

/// What stays the same over all rounds of an execution.
#[derive(Debug)]
pub(super) struct Prompt {
    pub(super) system_prompt: String,
    pub(super) tools: Vec<ToolSpec>,
    pub(super) temperature: f64,
}

impl Prompt {
    /// A request with these turns, which may write nothing yet.
    pub(super) fn request<'a>(&'a self, turns: &'a [Turn]) -> ModelRequest<'a> {
        ModelRequest {
            system_prompt: &self.system_prompt,
            turns,
            tools: &self.tools,
            max_output_tokens: 0,
            temperature: self.temperature,
            counted_tokens: None,
        }
    }
}

/// Counts what the model would read.
pub(super) async fn count(
    model: &PricedModel,
    prompt: &Arc<Prompt>,
    turns: Vec<Turn>,
) -> Result<(Vec<Turn>, u32), ModelError> {
    if prompt.system_prompt.len() + turns.iter().map(bytes).sum::<usize>() <= QUICKLY_COUNTED {
        let tokens = model.model.input_tokens(&prompt.request(&turns));
        return Ok((turns, tokens));
    }
    let (model, prompt) = (model.model.clone(), prompt.clone());
    let count = move || {
        let tokens = model.input_tokens(&prompt.request(&turns));
        (turns, tokens)
    };
    tokio::task::spawn_blocking(count).await.map_err(|lost| ModelError::Provider { detail: lost.to_string() })
}

fn bytes(turn: &Turn) -> usize {
    match turn {
        Turn::User { content } | Turn::Assistant { content, .. } => content.len(),
        // A tool's output is short, or was made of what was counted already.
        Turn::Tool { .. } => 0,
    }
}
