//! `agent-platform-codegen`: writes the three clients from the OpenAPI document.

fn main() {}
