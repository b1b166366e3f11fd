//! What a caller fills in: constructors with what is required, a setter for each of the rest.

use std::fmt::Write;

use heck::ToUpperCamelCase;

use super::spelling::{argument, docs, example, identifier, pretty, spaced, ty};
use crate::model::{Api, Field, Operation, Parameter, StringFormat, Type};

/// A field of a model.
pub(super) struct Input<'a> {
    pub(super) name: &'a str,
    pub(super) identifier: String,
    pub(super) required: bool,
    /// Whether it is an `Option`.
    pub(super) option: bool,
    /// Without its `null`.
    ty: &'a Type,
    /// Absent and `null` are told apart.
    patch: bool,
    /// In an object that would hold itself.
    boxed: bool,
    docs: String,
}

impl<'a> Input<'a> {
    pub(super) fn of_field(api: &Api, field: &'a Field, patch: bool, boxed: bool) -> Self {
        let mut text = field.docs.clone();
        if let (true, Type::Named(name)) = (text.is_empty(), field.ty.non_null()) {
            text = api.schema(name).docs.lines().next().unwrap_or_default().to_owned();
        }
        if let Some(example) = field.example.as_ref().filter(|example| !example.is_object() && !example.is_null()) {
            let space = if text.is_empty() { "" } else { "\n\n" };
            let _ = write!(text, "{space}For example `{example}`.");
        }
        if field.deprecated {
            text.push_str("\n\n**Deprecated.**");
        }
        Self {
            name: &field.name,
            identifier: identifier(&field.name),
            required: field.required,
            option: !field.required || field.ty.is_nullable(),
            ty: field.ty.non_null(),
            patch: patch && !field.required && field.ty.is_nullable(),
            boxed,
            docs: text,
        }
    }

    fn of_parameter(parameter: &'a Parameter) -> Self {
        Self {
            name: &parameter.name,
            identifier: identifier(&parameter.name),
            required: parameter.required,
            option: !parameter.required,
            ty: &parameter.ty,
            patch: false,
            boxed: false,
            docs: parameter.docs.clone(),
        }
    }

    /// The documentation, or the name where the document says nothing.
    fn docs(&self) -> String {
        if self.docs.is_empty() { docs(&format!("`{}`", self.name)) } else { docs(&self.docs) }
    }

    fn rust_type(&self) -> String {
        let mut rust = ty(self.ty, "");
        if self.boxed {
            rust = format!("Box<{rust}>");
        }
        if self.patch {
            rust = format!("Option<{rust}>");
        }
        if self.option { format!("Option<{rust}>") } else { rust }
    }

    /// The field in the struct of a JSON object.
    pub(super) fn field(&self) -> String {
        let mut attributes = String::new();
        if self.identifier.trim_start_matches("r#") != self.name {
            let _ = writeln!(attributes, "#[serde(rename = {:?})]", self.name);
        }
        if !self.required {
            attributes.push_str("#[serde(skip_serializing_if = \"Option::is_none\")]\n");
        }
        self.field_with(&attributes)
    }

    fn field_with(&self, attributes: &str) -> String {
        format!("{}{attributes}pub {}: {},\n", self.docs(), self.identifier, self.rust_type())
    }

    /// The argument of the constructor or setter, and the value it becomes.
    fn argument(&self, api: &Api) -> (String, String) {
        let name = &self.identifier;
        if self.option && self.required {
            return (format!("{name}: {}", self.rust_type()), name.clone());
        }
        let (kind, value) = argument(api, name, self.ty, "");
        let value = if self.boxed { format!("Box::new({value})") } else { value };
        (format!("{name}: {kind}"), value)
    }

    fn setters(&self, api: &Api) -> String {
        let (argument, value) = self.argument(api);
        let (name, docs) = (&self.identifier, self.docs());
        let value = if self.patch { format!("Some(Some({value}))") } else { format!("Some({value})") };
        let mut setters = format!(
            "{docs}#[must_use]
            pub fn {name}(mut self, {argument}) -> Self {{
                self.{name} = {value};
                self
            }}\n"
        );
        if self.patch {
            let _ = writeln!(
                setters,
                "/// Sends `null` for `{wire}`, which is not the same as leaving it out.
                #[must_use]
                pub fn reset_{bare}(mut self) -> Self {{
                    self.{name} = Some(None);
                    self
                }}",
                wire = self.name,
                bare = name.trim_start_matches("r#"),
            );
        }
        setters
    }

    /// What adds it to the query, or sets it as a header.
    fn setting(&self, api: &Api, header: Option<&str>) -> String {
        let (name, place) = (header.unwrap_or(self.name), format!("self.{}", self.identifier));
        let method = if header.is_some() { "header" } else { "query" };
        let text = |ty: &Type, value: &str| match ty {
            Type::String(StringFormat::DateTime) => {
                format!("{value}.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true)")
            }
            _ => value.to_owned(),
        };
        let value = match api.resolved(self.ty) {
            Type::Array(items) => {
                let values = if self.required { place } else { format!("{place}.into_iter().flatten()") };
                let item = text(api.resolved(items), "item");
                return format!("for item in {values} {{ arguments = arguments.query({name:?}, Some({item})); }}\n");
            }
            ty if self.required => format!("Some({})", text(ty, &place)),
            ty @ Type::String(StringFormat::DateTime) => {
                format!("{place}.map(|time| {})", text(ty, "time"))
            }
            _ => place,
        };
        format!("arguments = arguments.{method}({name:?}, {value});\n")
    }
}

/// The constructor and the setters of a model.
pub(super) fn builder(api: &Api, name: &str, inputs: &[Input], extra: Option<&str>) -> String {
    let (mut arguments, mut values, mut setters) = (Vec::new(), String::new(), String::new());
    for input in inputs {
        let (argument, mut value) = input.argument(api);
        if input.required {
            arguments.push(argument);
        } else {
            value = "None".to_owned();
            setters.push_str(&input.setters(api));
        }
        let short = value == input.identifier;
        let _ = if short { write!(values, "{value}, ") } else { write!(values, "{}: {value}, ", input.identifier) };
    }
    values.extend(extra.map(|extra| format!("{extra}: serde_json::Map::new(),")));
    let (text, body) = match (arguments.is_empty(), extra) {
        (true, None) => ("With nothing set yet.", "Self::default()".to_owned()),
        (true, Some(_)) => ("With nothing set yet.", format!("Self {{ {values} }}")),
        (false, _) => ("With what is required.", format!("Self {{ {values} }}")),
    };
    format!(
        "impl {name} {{
            /// {text}
            #[must_use]
            pub fn new({arguments}) -> Self {{ {body} }}
            {setters}
        }}\n",
        arguments = arguments.join(", "),
    )
}

/// Whether an operation is asked for more than its path and body say.
pub(super) fn has_parameters(operation: &Operation) -> bool {
    !operation.query_parameters.is_empty() || !operation.header_parameters.is_empty()
}

/// The name of the struct that holds an operation's query and headers.
pub(super) fn parameters_name(operation: &Operation) -> String {
    format!("{}Params", operation.id.to_upper_camel_case())
}

/// The struct that holds an operation's query and headers.
pub(super) fn parameters(api: &Api, operation: &Operation) -> String {
    let name = parameters_name(operation);
    let query = operation.query_parameters.iter().map(|parameter| (parameter, None));
    let headers = operation.header_parameters.iter().map(|header| (&header.parameter, Some(header.header.as_str())));
    let (inputs, headers): (Vec<_>, Vec<_>) =
        query.chain(headers).map(|(parameter, header)| (Input::of_parameter(parameter), header)).unzip();
    let default = if inputs.iter().any(|input| input.required) { "" } else { ", Default" };
    let fields: String = inputs.iter().map(|input| input.field_with("")).collect();
    let settings: String = inputs.iter().zip(headers).map(|(input, header)| input.setting(api, header)).collect();
    spaced(&pretty(&format!(
        "/// What [`Client::{id}`](crate::Client::{id}) may be asked.
        #[derive(Clone, Debug, PartialEq{default})]
        #[non_exhaustive]
        pub struct {name} {{ {fields} }}
        {builder}
        impl {name} {{
            pub(crate) fn into_arguments(self) -> Arguments {{
                let mut arguments = Arguments::new();
                {settings}
                arguments
            }}
        }}",
        id = operation.id,
        builder = builder(api, &name, &inputs, None),
    )))
}

/// An expression that makes an example of a model: with what is required or, where nothing is, with the first field.
pub(super) fn model_example(api: &Api, name: &str, fields: &[Field]) -> Option<String> {
    let value = |field: &Field| example(api, &field.ty, field.example.as_ref());
    let required = fields.iter().filter(|field| field.required);
    let arguments = required.map(value).collect::<Option<Vec<_>>>()?;
    let first = fields.first().filter(|_| arguments.is_empty());
    let setter = first.and_then(|field| Some(format!(".{}({})", identifier(&field.name), value(field)?)));
    Some(format!("{name}::new({}){}", arguments.join(", "), setter.unwrap_or_default()))
}

/// An expression that makes an example of an operation's query.
pub(super) fn parameters_example(api: &Api, operation: &Operation) -> Option<String> {
    let required = operation.query_parameters.iter().filter(|parameter| parameter.required);
    let arguments = required.map(|parameter| example(api, &parameter.ty, parameter.example.as_ref()));
    let arguments = arguments.collect::<Option<Vec<_>>>()?;
    Some(format!("{}::new({})", parameters_name(operation), arguments.join(", ")))
}
