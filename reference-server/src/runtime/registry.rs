//! Which models there are, and what each costs.

use std::{collections::BTreeMap, fmt, sync::Arc};

use super::{
    breaker::Breaker,
    models::{Model, builtin::Builtin},
};
use crate::money::Micros;

/// The model of an agent that names none.
pub const DEFAULT_MODEL: &str = "builtin";

/// A model with its price: without one there is no such value, for what has no price can't be metered.
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

/// The models that agents can have, by name.
#[derive(Clone, Debug)]
pub struct Registry(BTreeMap<String, Registered>);

/// One of them.
#[derive(Clone, Debug)]
pub(super) struct Registered {
    pub(super) priced: PricedModel,
    pub(super) breaker: Arc<Breaker>,
}

impl Default for Registry {
    /// The built-in model alone.
    fn default() -> Self {
        // $0.05 for each thousand tokens, read or written.
        const BUILTIN_PRICE: Micros = Micros(50);
        let builtin = PricedModel { model: Arc::new(Builtin), input_price: BUILTIN_PRICE, output_price: BUILTIN_PRICE };
        Self(BTreeMap::new()).with(DEFAULT_MODEL, builtin)
    }
}

impl Registry {
    /// The same with another model, in place of the one that had this name.
    #[must_use]
    pub fn with(mut self, name: &str, priced: PricedModel) -> Self {
        let breaker = Arc::new(Breaker::new(name.to_owned()));
        self.0.insert(name.to_owned(), Registered { priced, breaker });
        self
    }

    /// Whether an agent can have this model.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    pub(super) fn find(&self, name: &str) -> Option<&Registered> {
        self.0.get(name)
    }

    /// The names of the models, for an error that lists them.
    #[must_use]
    pub fn names(&self) -> Vec<&str> {
        self.0.keys().map(String::as_str).collect()
    }
}
