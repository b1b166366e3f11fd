//! `generated.rs` of the native module: the type of each argument, so that a slip is told before anything is sent.

use super::{arguments::arguments, spelling::quoted};
use crate::model::{Api, SchemaKind, Type};

const HEADER: &str = "// Generated from openapi/openapi.json by `make spec`; changes made here are lost.\n";

pub(super) fn write(api: &Api) -> String {
    let mut operations = String::new();
    for operation in &api.operations {
        let arguments: String = arguments(api, operation)
            .iter()
            .map(|argument| format!("            ({}, {}),\n", quoted(&argument.wire), kind(api, &argument.ty)))
            .collect();
        let list = if arguments.is_empty() { "&[]".to_owned() } else { format!("&[\n{arguments}        ]") };
        operations += &format!("        {} => {list},\n", quoted(&operation.id));
    }
    format!(
        "{HEADER}\n//! The types of arguments.\n\nuse crate::kind::Kind;\n\n\
         /// The arguments of an operation, with their types.\n\
         pub(crate) fn arguments(operation: &str) -> &'static [(&'static str, Kind)] {{\n\
         \x20   match operation {{\n{operations}        _ => &[],\n    }}\n}}\n"
    )
}

fn kind(api: &Api, ty: &Type) -> String {
    match ty {
        Type::String(crate::model::StringFormat::DateTime) => "Kind::Time".to_owned(),
        Type::String(_) | Type::Literal(_) => "Kind::Text".to_owned(),
        Type::Integer(_) => "Kind::Integer".to_owned(),
        Type::Number => "Kind::Number".to_owned(),
        Type::Boolean => "Kind::Boolean".to_owned(),
        Type::Any => "Kind::Any".to_owned(),
        Type::Array(item) => format!("Kind::List(&{})", kind(api, item)),
        Type::Map(value) => format!("Kind::Map(&{})", kind(api, value)),
        Type::Nullable(inner) => format!("Kind::Nullable(&{})", kind(api, inner)),
        Type::Named(name) => match &api.schema(name).kind {
            SchemaKind::Enum(_) => "Kind::Text".to_owned(),
            SchemaKind::Object(_) | SchemaKind::Union(_) => "Kind::Object".to_owned(),
            SchemaKind::Alias(ty) => kind(api, ty),
        },
    }
}
