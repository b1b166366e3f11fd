//! Operations: one for each method of the clients.

use heck::{ToSnakeCase, ToUpperCamelCase};

use super::{Result, answer, docs, names, node::Node, schema::Schemas};
use crate::model::{Answer, Body, DurationClass, HeaderParameter, Method, Operation, Parameter, SchemaKind, Type};

/// Headers that the clients set by themselves or by a call's options; any other is an argument.
const CLIENT_HEADERS: &[&str] = &["accept", "authorization", "content-type", "idempotency-key", "traceparent"];

/// What a path item may hold beside its methods.
const PATH_ITEM_FIELDS: &[&str] = &["parameters", "summary", "description"];

/// Reads all operations of the document that are in the SDKs.
pub(super) fn read_all<'a>(root: &Node<'a>, schemas: &mut Schemas<'a>) -> Result<Vec<Operation>> {
    let mut operations: Vec<Operation> = Vec::new();
    for (path, item) in root.entries("paths")? {
        for (key, node) in root.required("paths")?.entries(path)? {
            if PATH_ITEM_FIELDS.contains(&key) || key.starts_with("x-") || !node.flag("x-sdk", true)? {
                continue;
            }
            let method = match key {
                "get" => Method::Get,
                "post" => Method::Post,
                "put" => Method::Put,
                "patch" => Method::Patch,
                "delete" => Method::Delete,
                _ => {
                    return Err(node.error(format!("the clients have no form for `{key}`; mark it `x-sdk: false`")));
                }
            };
            for operation in read(root, &item, &node, method, path, schemas)? {
                if operations.iter().any(|known| known.id == operation.id) {
                    return Err(node.error(format!("there is another operation `{}`", operation.id)));
                }
                operations.push(operation);
            }
        }
    }
    check_rejoins(root, &operations)?;
    Ok(operations)
}

fn read<'a>(
    root: &Node<'a>,
    item: &Node<'a>,
    node: &Node<'a>,
    method: Method,
    path: &str,
    schemas: &mut Schemas<'a>,
) -> Result<Vec<Operation>> {
    let id = identifier(&node.required("operationId")?)?;
    let name = id.to_upper_camel_case();
    let Parameters { path: path_parameters, query: query_parameters, header: header_parameters } =
        parameters(item, node, path, &name, schemas)?;
    let body = body(node, &name, schemas)?;
    let (json, other) = answer::successes(node, &name, schemas)?;
    let stream = node.get("x-sdk-stream");
    let page_item = answer::page_item(json.as_ref(), &query_parameters, schemas)?;
    let operation = Operation {
        summary: node.required("summary")?.string()?.trim().trim_end_matches('.').to_owned(),
        description: description(node)?,
        tag: node.items("tags")?.first().map_or(Ok(""), Node::string)?.to_owned(),
        method,
        path: path.to_owned(),
        path_parameters,
        query_parameters,
        header_parameters,
        body,
        answer: json.or_else(|| other.clone()).unwrap_or(Answer::Empty),
        errors: answer::errors(node, schemas)?,
        page_item,
        authenticated: authenticated(root, node)?,
        duration: match node.get("x-timeout") {
            None => DurationClass::Call,
            Some(class) if class.value() == "execute" => DurationClass::Execute,
            Some(class) => {
                return Err(class.error("the clients know only the time-out \"execute\""));
            }
        },
        rejoin: None,
        deprecated: node.flag("deprecated", false)?,
        id,
    };
    check_names(node, &operation, schemas)?;
    let rejoin = node.get("x-sdk-rejoin").map(|rejoin| identifier(&rejoin)).transpose()?;
    Ok(match (stream, &operation.answer, other) {
        (Some(stream), Answer::Json(response), Some(Answer::Events { event, .. })) => {
            let answer = Answer::Events { event, response: Some(response.clone()) };
            let streaming = Operation { id: identifier(&stream)?, answer, rejoin, ..operation.clone() };
            vec![operation, streaming]
        }
        (Some(stream), ..) => {
            return Err(stream.error("only an operation that answers JSON and an event stream has a stream"));
        }
        (None, Answer::Json(_), Some(_)) => {
            return Err(node.error("this answers JSON and something else: name the second method with `x-sdk-stream`"));
        }
        (None, Answer::Events { .. }, _) => vec![Operation { rejoin, ..operation }],
        (None, ..) if rejoin.is_some() => {
            return Err(node.error("only an event stream can be rejoined: `x-sdk-rejoin` has no place here"));
        }
        (None, ..) => vec![operation],
    })
}

/// What takes up a stream again is a stream itself, found by an execution's id and the last event's.
fn check_rejoins(root: &Node, operations: &[Operation]) -> Result<()> {
    for operation in operations {
        let Some(rejoin) = &operation.rejoin else { continue };
        let fits = |other: &&Operation| {
            other.id == *rejoin
                && other.method == Method::Get
                && matches!(other.answer, Answer::Events { .. })
                && matches!(&*other.path_parameters, [only] if only.name == "execution_id")
                && matches!(&*other.header_parameters, [only] if only.header.eq_ignore_ascii_case("last-event-id"))
        };
        if operations.iter().find(fits).is_none() {
            return Err(root.error(format!(
                "`{}` cannot be rejoined by `{rejoin}`: it takes a GET that answers events, with the parameters \
                 `execution_id` in its path and `Last-Event-ID` in a header",
                operation.id
            )));
        }
    }
    Ok(())
}

/// The description, and what a key must be allowed to do.
fn description(node: &Node) -> Result<String> {
    let text = node.text("description")?.trim();
    Ok(match (text, node.text("x-scope")?) {
        (text, "") => text.to_owned(),
        ("", scope) => format!("Needs a key with the scope `{scope}`."),
        (text, scope) => format!("{text}\n\nNeeds a key with the scope `{scope}`."),
    })
}

fn identifier(node: &Node) -> Result<String> {
    let id = node.string()?;
    if id.is_empty() || id != id.to_snake_case() {
        return Err(node.error(format!("`{id}` is not in snake_case, as the name of a method must be")));
    }
    Ok(id.to_owned())
}

/// The parameters of an operation, by where they go.
#[derive(Default)]
struct Parameters {
    path: Vec<Parameter>,
    query: Vec<Parameter>,
    header: Vec<HeaderParameter>,
}

fn parameters<'a>(
    item: &Node<'a>,
    node: &Node<'a>,
    path: &str,
    operation: &str,
    schemas: &mut Schemas<'a>,
) -> Result<Parameters> {
    let Parameters { path: mut in_path, query: mut in_query, header: mut in_header } = Parameters::default();
    for place in item.items("parameters")?.into_iter().chain(node.items("parameters")?) {
        let parameter = place.resolve()?;
        let name = parameter.required("name")?.string()?;
        let place = parameter.required("in")?.string()?;
        if place == "header" && CLIENT_HEADERS.contains(&name.to_ascii_lowercase().as_str()) {
            continue;
        }
        let schema = parameter.required("schema")?;
        let ty = schemas.inline(&schema, &format!("{operation}{}", name.to_upper_camel_case()))?;
        let ty = ty.non_null().clone();
        check_parameter_type(&schema, &ty, schemas)?;
        let (said, limits) = (parameter.text("description")?.trim(), docs::of(&schema)?);
        let docs = [said, limits.as_str()].into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join("\n\n");
        let example = docs::example(&parameter).or_else(|| docs::example(&schema));
        let required = parameter.flag("required", false)?;
        let mut read = Parameter { name: name.to_owned(), docs, ty, required, example };
        match place {
            "path" | "query" => {
                let list = if place == "path" { &mut in_path } else { &mut in_query };
                list.retain(|known| known.name != name);
                list.push(read);
            }
            "header" if !required && !matches!(read.ty, Type::Array(_)) => {
                read.name = name.to_snake_case();
                in_header.retain(|known| known.header != name);
                in_header.push(HeaderParameter { header: name.to_owned(), parameter: read });
            }
            _ => return Err(parameter.error(format!("the clients have no form for the {place} parameter `{name}`"))),
        }
    }
    let places: Vec<&str> = path.split('{').skip(1).filter_map(|rest| rest.split('}').next()).collect();
    if let Some(unknown) = in_path.iter().find(|parameter| !places.contains(&parameter.name.as_str())) {
        return Err(node.error(format!("the path has no place for the parameter `{}`", unknown.name)));
    }
    if let Some(missing) = places.iter().find(|place| in_path.iter().all(|parameter| parameter.name != **place)) {
        return Err(node.error(format!("the path's parameter `{missing}` is not described")));
    }
    in_path.sort_by_key(|parameter| places.iter().position(|place| *place == parameter.name));
    Ok(Parameters { path: in_path, query: in_query, header: in_header })
}

fn check_parameter_type(node: &Node, ty: &Type, schemas: &mut Schemas) -> Result<()> {
    match ty {
        Type::String(_) | Type::Literal(_) | Type::Integer(_) | Type::Number | Type::Boolean => Ok(()),
        Type::Array(items) if !matches!(**items, Type::Array(_)) => check_parameter_type(node, items, schemas),
        Type::Named(name) => match schemas.named(name)?.clone() {
            SchemaKind::Enum(_) => Ok(()),
            SchemaKind::Alias(ty) => check_parameter_type(node, &ty, schemas),
            _ => Err(node.error("a parameter is text, a number, a flag, an enum or a list of these")),
        },
        _ => Err(node.error("a parameter is text, a number, a flag, an enum or a list of these")),
    }
}

fn body<'a>(node: &Node<'a>, operation: &str, schemas: &mut Schemas<'a>) -> Result<Option<Body>> {
    let Some(body) = node.get("requestBody") else {
        return Ok(None);
    };
    let body = body.resolve()?;
    let content = body.required("content")?;
    if let Some((media, other)) = body.entries("content")?.into_iter().find(|(media, _)| *media != "application/json") {
        return Err(other.error(format!("the clients send JSON only, not {media}")));
    }
    let schema = content.required("application/json")?.required("schema")?;
    let ty = schemas.inline(&schema, &format!("{operation}Request"))?;
    let Type::Named(name) = ty else {
        return Err(schema.error("a body must be an object with known fields"));
    };
    if !matches!(schemas.named(&name)?, SchemaKind::Object(_)) {
        return Err(schema.error("a body must be an object with known fields"));
    }
    let docs = body.text("description")?.trim().to_owned();
    Ok(Some(Body { schema: name, docs, required: body.flag("required", false)? }))
}

/// Whether the operation, or else the document, demands a key.
fn authenticated(root: &Node, node: &Node) -> Result<bool> {
    let place = if node.get("security").is_some() { node } else { root };
    let schemes = place.items("security")?;
    Ok(!schemes.is_empty() && schemes.iter().all(|scheme| scheme.object().is_ok_and(|scheme| !scheme.is_empty())))
}

/// In the clients the parameters and the body's fields stand side by side.
fn check_names(node: &Node, operation: &Operation, schemas: &mut Schemas) -> Result<()> {
    let headers = operation.header_parameters.iter().map(|header| &header.parameter);
    let parameters = operation.path_parameters.iter().chain(&operation.query_parameters).chain(headers);
    let mut all: Vec<&str> = parameters.map(|parameter| parameter.name.as_str()).collect();
    if let Some(body) = &operation.body
        && let SchemaKind::Object(object) = schemas.named(&body.schema)?
    {
        all.extend(object.fields.iter().map(|field| field.name.as_str()));
    }
    names::check(node, all.into_iter())
}
