//! Which models there are, and what each costs.

use std::{fmt, sync::Arc};

use super::models::{Model, builtin::Builtin};
use crate::money::Micros;

/// The model of an agent that names none.
pub const DEFAULT_MODEL: &str = "builtin";

/// A model with its price.
#[derive(Clone)]
pub struct PricedModel {
    /// Answers.
    pub model: Arc<dyn Model>,
    /// Dollars for one token read.
    pub input_price: Micros,
    /// Dollars for one token written.
    pub output_price: Micros,
}

impl fmt::Debug for PricedModel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PricedModel")
            .field("input_price", &self.input_price)
            .field("output_price", &self.output_price)
            .finish_non_exhaustive()
    }
}

/// The model of this name; `None` where there is none with a price, for what has no price can't be metered.
#[must_use]
pub fn find(name: &str) -> Option<PricedModel> {
    // $0.05 for each thousand tokens, read or written.
    const BUILTIN_PRICE: Micros = Micros(50);
    (name == DEFAULT_MODEL).then(|| PricedModel {
        model: Arc::new(Builtin),
        input_price: BUILTIN_PRICE,
        output_price: BUILTIN_PRICE,
    })
}

/// The names of the models, for an error that lists them.
#[must_use]
pub fn names() -> Vec<&'static str> {
    vec![DEFAULT_MODEL]
}
