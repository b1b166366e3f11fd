//! Schemas: each that an operation reaches is read once, under its name.

use std::collections::{BTreeMap, VecDeque};

use heck::ToUpperCamelCase;
use serde_json::Value;

use super::{Result, docs, names, node::Node, object, union};
use crate::model::{EnumValue, IntegerFormat, Schema, SchemaKind, StringFormat, Type};

/// What a schema may say here. What is not listed and does not begin with `x-` has no form in the clients.
const KEYWORDS: &[&str] = &[
    "$ref",
    "additionalProperties",
    "allOf",
    "anyOf",
    "const",
    "contentEncoding",
    "contentMediaType",
    "default",
    "deprecated",
    "description",
    "discriminator",
    "enum",
    "example",
    "examples",
    "exclusiveMaximum",
    "exclusiveMinimum",
    "externalDocs",
    "format",
    "items",
    "maxItems",
    "maxLength",
    "maxProperties",
    "maximum",
    "minItems",
    "minLength",
    "minProperties",
    "minimum",
    "multipleOf",
    "oneOf",
    "pattern",
    "properties",
    "propertyNames",
    "readOnly",
    "required",
    "title",
    "type",
    "uniqueItems",
    "writeOnly",
];

const COMPONENTS: &str = "#/components/schemas/";

/// The schemas read so far, and those still to be read.
pub(super) struct Schemas<'a> {
    root: Node<'a>,
    read: BTreeMap<String, (String, Option<Schema>)>,
    waiting: VecDeque<(String, Node<'a>)>,
}

impl<'a> Schemas<'a> {
    pub(super) fn new(root: Node<'a>) -> Self {
        Self { root, read: BTreeMap::new(), waiting: VecDeque::new() }
    }

    /// The type that stands at a node. An object, enum or union that stands there without a name gets `name`.
    pub(super) fn inline(&mut self, node: &Node<'a>, name: &str) -> Result<Type> {
        if let Some(reference) = node.get("$ref") {
            return self.reference(&reference);
        }
        let (kind, nullable) = self.kind(node, name)?;
        let ty = match kind {
            SchemaKind::Alias(ty) => ty,
            SchemaKind::Enum(values) if values.len() == 1 => Type::Literal(values[0].value.clone()),
            kind => match self.original(node)? {
                Some(original) => self.component(original)?,
                None => {
                    self.define(name, node, kind)?;
                    Type::Named(name.to_owned())
                }
            },
        };
        Ok(if nullable { nullable_of(ty) } else { ty })
    }

    /// Gives a schema its name.
    pub(super) fn define(&mut self, name: &str, node: &Node<'a>, kind: SchemaKind) -> Result<()> {
        let pointer = node.pointer().to_owned();
        let taken = self.root.get("components").and_then(|node| node.get("schemas"));
        let taken = taken.and_then(|node| node.get(name)).map(|node| node.pointer().to_owned());
        let other = taken.or_else(|| self.read.get(name).map(|(pointer, _)| pointer.clone()));
        if let Some(other) = other.filter(|other| *other != pointer) {
            let problem = format!("this would be named `{name}`, as is {other}: give it a `title`");
            return Err(node.error(problem));
        }
        let schema = Schema { name: name.to_owned(), docs: docs::of(node)?, kind, in_request: false, in_answer: false };
        self.read.insert(name.to_owned(), (pointer, Some(schema)));
        Ok(())
    }

    /// Reads what is still waiting, and hands out all that was read, sorted by name.
    pub(super) fn finish(mut self) -> Result<Vec<Schema>> {
        self.read_waiting()?;
        Ok(self.read.into_values().filter_map(|(_, schema)| schema).collect())
    }

    /// What a named schema is.
    pub(super) fn named(&mut self, name: &str) -> Result<&SchemaKind> {
        self.read_waiting()?;
        let schema = self.read.get(name).and_then(|(_, schema)| schema.as_ref());
        Ok(&schema.expect("what a type names has been read or was waiting").kind)
    }

    /// What stands at a node, and whether it may be `null`.
    pub(super) fn kind(&mut self, node: &Node<'a>, name: &str) -> Result<(SchemaKind, bool)> {
        if node.value() == &Value::Bool(true) {
            return Ok((SchemaKind::Alias(Type::Any), false));
        }
        if let Some(unknown) =
            node.object()?.keys().find(|key| !key.starts_with("x-") && !KEYWORDS.contains(&key.as_str()))
        {
            let unknown = node.required(unknown)?;
            return Err(unknown.error("the clients have no form for this keyword"));
        }
        let (types, mut nullable) = types(node)?;
        if node.get("$ref").is_some() {
            return Ok((SchemaKind::Alias(self.inline(node, name)?), false));
        }
        let kind = if node.get("oneOf").is_some() || node.get("anyOf").is_some() {
            let (members, null) = union::members(node)?;
            nullable |= null;
            match members.as_slice() {
                [member] => SchemaKind::Alias(self.inline(member, name)?),
                _ if members.iter().all(|member| member.get("const").is_some()) => enum_of_constants(node, &members)?,
                _ => union::read(self, node, &members, name)?,
            }
        } else if node.get("allOf").is_some() {
            match node.items("allOf")?.as_slice() {
                [member] if node.get("properties").is_none() => SchemaKind::Alias(self.inline(member, name)?),
                _ => object::read(self, node, name)?,
            }
        } else if let Some(constant) = node.get("const") {
            SchemaKind::Enum(vec![EnumValue { value: constant.string()?.to_owned(), docs: String::new() }])
        } else if node.get("enum").is_some() {
            enum_of_values(node, &mut nullable)?
        } else {
            match types.as_slice() {
                [] if node.get("properties").is_some() => object::read(self, node, name)?,
                [] => SchemaKind::Alias(Type::Any),
                ["object"] => object::read(self, node, name)?,
                [ty] => SchemaKind::Alias(self.scalar_or_array(node, ty, name)?),
                several => {
                    return Err(node.error(format!("the clients have no form for one of {}", several.join(", "))));
                }
            }
        };
        Ok((kind, nullable))
    }

    fn scalar_or_array(&mut self, node: &Node<'a>, ty: &str, name: &str) -> Result<Type> {
        Ok(match ty {
            "boolean" => Type::Boolean,
            "integer" => Type::Integer(integer_format(node)?),
            "number" => Type::Number,
            "string" => Type::String(match node.text("format")? {
                "" => StringFormat::Plain,
                "date-time" => StringFormat::DateTime,
                "date" => StringFormat::Date,
                other => StringFormat::Other(other.to_owned()),
            }),
            "array" => {
                let items = node.required("items")?;
                Type::Array(Box::new(self.inline(&items, &format!("{name}Item"))?))
            }
            other => return Err(node.error(format!("`{other}` is no type of JSON Schema"))),
        })
    }

    fn reference(&mut self, reference: &Node<'a>) -> Result<Type> {
        let target = reference.string()?;
        let key = target
            .strip_prefix(COMPONENTS)
            .ok_or_else(|| reference.error(format!("`{target}` does not begin with {COMPONENTS}")))?;
        if self.components()?.get(key).is_none() {
            return Err(reference.error(format!("`{target}` leads to nothing in the document")));
        }
        self.component(key)
    }

    /// The type that a schema under `components` is, which will be read if it has not been.
    fn component(&mut self, key: &str) -> Result<Type> {
        let name = type_name(key);
        let node = self.components()?.required(key)?;
        match self.read.get(&name) {
            Some((pointer, _)) if pointer != node.pointer() => {
                return Err(node.error(format!("this would be named `{name}`, as is {pointer}")));
            }
            Some(_) => {}
            None => {
                self.read.insert(name.clone(), (node.pointer().to_owned(), None));
                self.waiting.push_back((name.clone(), node));
            }
        }
        Ok(Type::Named(name))
    }

    /// The schema under `components` of which this is a copy: utoipa puts the arguments of generic types in place.
    fn original(&self, node: &Node<'a>) -> Result<Option<&'a str>> {
        let Ok(components) = self.components() else { return Ok(None) };
        if node.pointer().starts_with(COMPONENTS) && !node.pointer()[COMPONENTS.len()..].contains('/') {
            return Ok(None);
        }
        let original = components.object()?.iter().find(|(_, schema)| *schema == node.value());
        Ok(original.map(|(key, _)| key.as_str()))
    }

    fn components(&self) -> Result<Node<'a>> {
        self.root.required("components")?.required("schemas")
    }

    fn read_waiting(&mut self) -> Result<()> {
        while let Some((name, node)) = self.waiting.pop_front() {
            let kind = match self.kind(&node, &name)? {
                (kind, false) => kind,
                (SchemaKind::Alias(ty), true) => SchemaKind::Alias(nullable_of(ty)),
                (_, true) => {
                    return Err(node.error("a named schema can't be nullable: make the references to it so"));
                }
            };
            self.define(&name, &node, kind)?;
        }
        Ok(())
    }
}

/// `Page_Agent`, as utoipa calls a `Page<Agent>`, is an `AgentPage`.
fn type_name(key: &str) -> String {
    key.rsplit('_').map(ToUpperCamelCase::to_upper_camel_case).collect()
}

fn nullable_of(ty: Type) -> Type {
    if ty.is_nullable() || ty == Type::Any { ty } else { Type::Nullable(Box::new(ty)) }
}

/// The values of `type` other than `null`, and whether `null` is one.
fn types<'a>(node: &Node<'a>) -> Result<(Vec<&'a str>, bool)> {
    let mut types = match node.get("type") {
        None => Vec::new(),
        Some(ty) if ty.value().is_string() => vec![ty.string()?],
        Some(_) => node.items("type")?.iter().map(Node::string).collect::<Result<_>>()?,
    };
    let all = types.len();
    types.retain(|ty| *ty != "null");
    let nullable = types.len() < all;
    Ok((types, nullable))
}

fn integer_format(node: &Node) -> Result<IntegerFormat> {
    // utoipa says `minimum: 0` of unsigned types; a larger one is a rule, not a type.
    let minimum = node.value().get("minimum").and_then(Value::as_f64);
    let unsigned = minimum == Some(0.0);
    Ok(match (node.text("format")?, unsigned) {
        ("int32", false) => IntegerFormat::I32,
        ("int32", true) | ("uint32" | "uint16" | "uint8", _) => IntegerFormat::U32,
        ("int64" | "", true) | ("uint64", _) => IntegerFormat::U64,
        ("int64" | "", false) => IntegerFormat::I64,
        (other, _) => {
            return Err(node.error(format!("`{other}` is no format of an integer that is known here")));
        }
    })
}

fn enum_of_values(node: &Node, nullable: &mut bool) -> Result<SchemaKind> {
    let descriptions = node.items("x-enum-descriptions")?;
    let mut values = Vec::new();
    for (index, value) in node.items("enum")?.iter().enumerate() {
        if value.value().is_null() {
            *nullable = true;
            continue;
        }
        let docs = descriptions.get(index).map_or(Ok(""), Node::string)?.to_owned();
        values.push(EnumValue { value: value.string()?.to_owned(), docs });
    }
    open_enum(node, values)
}

fn enum_of_constants(node: &Node, members: &[Node]) -> Result<SchemaKind> {
    let values = members.iter().map(|member| {
        let value = member.required("const")?.string()?.to_owned();
        Ok(EnumValue { value, docs: docs::of(member)? })
    });
    open_enum(node, values.collect::<Result<_>>()?)
}

fn open_enum(node: &Node, values: Vec<EnumValue>) -> Result<SchemaKind> {
    if values.is_empty() {
        return Err(node.error("there is no value to choose"));
    }
    names::check(node, values.iter().map(|value| value.value.as_str()))?;
    Ok(SchemaKind::Enum(values))
}
