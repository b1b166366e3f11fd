//! One method an operation, on the async client and on the blocking one.

use std::fmt::Write;

use heck::{ToShoutySnakeCase, ToSnakeCase};

use super::{
    requests::{has_parameters, model_example, parameters_example, parameters_name},
    spelling::{argument, docs, identifier, parameter_example, pretty, spaced, ty},
};
use crate::model::{Answer, Api, Operation, Type};

/// For whom the methods are.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Flavour {
    Async,
    Blocking,
}

impl Flavour {
    /// The function around an example.
    fn function(self) -> &'static str {
        if self == Self::Async { "async fn" } else { "fn" }
    }

    /// What sends a request, in an example.
    fn send(self) -> &'static str {
        if self == Self::Async { ".await" } else { ".send()" }
    }

    /// Where the client of this flavour is, and its streams and pagers.
    fn home(self) -> &'static str {
        if self == Self::Async { "crate" } else { "crate::blocking" }
    }
}

/// `methods.rs` or `blocking.rs`.
pub(super) fn write(api: &Api, flavour: Flavour) -> String {
    let mut methods = String::new();
    for operation in &api.operations {
        methods.push_str(&method(api, operation, flavour));
        if let Some(item) = &operation.page_item {
            methods.push_str(&pager(api, operation, item, flavour));
        }
    }
    let home = flavour.home();
    spaced(&pretty(&format!(
        "//! The typed calls of [`{home}::Client`].
        use super::{{models, operations}};
        use crate::Arguments;

        impl {home}::Client {{ {methods} }}",
    )))
}

fn method(api: &Api, operation: &Operation, flavour: Flavour) -> String {
    let home = flavour.home();
    let (send, answer) = match (&operation.answer, &operation.page_item) {
        (_, Some(item)) => ("send", format!("crate::Page<{}>", ty(item, "models::"))),
        (Answer::Json(answer), None) => ("send", ty(answer, "models::")),
        (Answer::Empty, None) => ("send_empty", "()".to_owned()),
        (Answer::Bytes(_), None) => ("send_bytes", "bytes::Bytes".to_owned()),
        (Answer::Events { event, .. }, None) => ("stream", format!("{home}::EventStream<{}>", ty(event, "models::"))),
    };
    let (parameters, arguments) = signature(api, operation);
    format!(
        "{documentation}{deprecated}
        pub fn {name}(&self, {parameters}) -> {home}::Request<{answer}> {{
            self.{send}(&operations::{constant}, {arguments}){body}
        }}\n",
        documentation = documentation(api, operation, flavour),
        deprecated = if operation.deprecated { "#[deprecated]" } else { "" },
        name = identifier(&operation.id),
        constant = operation.id.to_shouty_snake_case(),
        body = if operation.body.is_some() { ".json(&request)" } else { "" },
    )
}

fn pager(api: &Api, operation: &Operation, item: &Type, flavour: Flavour) -> String {
    let (parameters, arguments) = signature(api, operation);
    format!(
        "/// {summary}: {what} over the items of all pages, which are fetched as they are needed.
        #[must_use]
        pub fn {id}_all(&self, {parameters}) -> {home}::Pager<{item}> {{
            self.pager(&operations::{constant}, {arguments})
        }}\n",
        summary = operation.summary,
        what = if flavour == Flavour::Async { "a stream" } else { "an iterator" },
        id = operation.id,
        home = flavour.home(),
        item = ty(item, "models::"),
        constant = operation.id.to_shouty_snake_case(),
    )
}

/// The parameters of the method, and the expression that makes the core's arguments of them.
fn signature(api: &Api, operation: &Operation) -> (String, String) {
    let has_parameters = has_parameters(operation);
    let mut arguments = if has_parameters { "params.into_arguments()" } else { "Arguments::new()" }.to_owned();
    let mut parameters = String::new();
    for parameter in &operation.path_parameters {
        let name = identifier(&parameter.name);
        let (kind, value) = match api.resolved(&parameter.ty) {
            Type::String(_) => ("impl Into<String>".to_owned(), name.clone()),
            other => {
                let (kind, value) = argument(api, &name, other, "models::");
                let make = ty(other, "models::");
                (
                    kind,
                    if value == name {
                        format!("{name}.to_string()")
                    } else {
                        format!("{make}::from({value}).to_string()")
                    },
                )
            }
        };
        let _ = write!(parameters, "{name}: {kind}, ");
        let _ = write!(arguments, ".path({:?}, {value})", parameter.name);
    }
    if let Some(body) = &operation.body {
        let _ = write!(parameters, "request: models::{}, ", body.schema);
    }
    if has_parameters {
        let _ = write!(parameters, "params: models::{}, ", parameters_name(operation));
    }
    (parameters, arguments)
}

fn documentation(api: &Api, operation: &Operation, flavour: Flavour) -> String {
    let mut text = format!("{}.\n", operation.summary);
    if !operation.description.is_empty() {
        let _ = write!(text, "\n{}\n", operation.description);
    }
    for parameter in operation.path_parameters.iter().filter(|parameter| !parameter.docs.is_empty()) {
        let _ = write!(text, "\n`{}`: {}\n", identifier(&parameter.name), parameter.docs);
    }
    let mut text = docs(&text);
    text.extend(example(api, operation, flavour));
    text.push_str("///\n/// # Errors\n/// When it is sent: [`crate::Error`]");
    text.push_str(if operation.errors.is_empty() { ".\n" } else { ", with these statuses among others:\n" });
    for error in &operation.errors {
        text.push_str(&docs(&format!("- {}: {}", error.status, error.docs.replace('\n', " "))));
    }
    text
}

/// A call that compiles, as the documentation's example.
fn example(api: &Api, operation: &Operation, flavour: Flavour) -> Option<String> {
    let (mut setup, mut arguments, mut imports) = (String::new(), Vec::new(), Vec::new());
    for parameter in &operation.path_parameters {
        arguments.push(parameter_example(api, parameter)?);
    }
    if let Some(body) = &operation.body {
        let request = model_example(api, &body.schema, &api.body_object(body).fields)?;
        setup = format!("let request = {request};");
        arguments.push("request".to_owned());
        imports.push(body.schema.clone());
    }
    if has_parameters(operation) {
        arguments.push(parameters_example(api, operation)?);
        imports.push(parameters_name(operation));
    }
    let binding = match (&operation.answer, &operation.page_item) {
        (_, Some(_)) => "let page = ".to_owned(),
        (Answer::Json(Type::Named(name)), None) => {
            let name = name.to_snake_case();
            format!("let {} = ", identifier(if name.ends_with("_response") { "response" } else { &name }))
        }
        (Answer::Json(_), None) => "let answer = ".to_owned(),
        (Answer::Empty, None) => String::new(),
        (Answer::Bytes(_), None) => "let file = ".to_owned(),
        (Answer::Events { .. }, None) => "let mut events = ".to_owned(),
    };
    let call = format!("{binding}client.{}({}){}?;", identifier(&operation.id), arguments.join(", "), flavour.send());
    let laid_out = pretty(&format!("fn example() {{ {setup} {call} }}"));
    let mut code = String::from("///\n/// ```no_run\n");
    for import in &imports {
        let _ = writeln!(code, "/// use agent_platform::models::{import};");
    }
    if !imports.is_empty() {
        code.push_str("///\n");
    }
    let client = flavour.home().replace("crate", "agent_platform");
    let function = flavour.function();
    let _ = writeln!(code, "/// # {function} example(client: {client}::Client) -> agent_platform::Result<()> {{");
    for line in laid_out.lines().filter_map(|line| line.strip_prefix("    ")) {
        let _ = writeln!(code, "/// {line}");
    }
    code.push_str("/// # Ok(())\n/// # }\n/// ```\n");
    Some(code)
}
