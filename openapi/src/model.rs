//! What the three writers see of an OpenAPI document: a small, language-neutral model.
//!
//! Everything that OpenAPI lets one say in several ways is said in one way here: references are names, inline objects,
//! enums and union members have names of their own, nullability is a type, an operation that answers JSON or an event
//! stream is two operations. A writer therefore only decides how its language spells things.

use std::path::PathBuf;

use serde_json::Value;

/// A whole API, in the order of the document.
#[derive(Debug, Clone, PartialEq)]
pub struct Api {
    /// The API's title.
    pub title: String,
    /// The API's version.
    pub version: String,
    /// Every schema that an operation of the SDKs reaches, sorted by name.
    pub schemas: Vec<Schema>,
    /// Every operation that is in the SDKs, in the order of the document.
    pub operations: Vec<Operation>,
}

impl Api {
    /// The schema that a [`Type::Named`] names.
    ///
    /// # Panics
    /// When there is none: the reader refuses a document with a dangling reference.
    pub fn schema(&self, name: &str) -> &Schema {
        self.schemas.iter().find(|schema| schema.name == name).expect("the reader resolved every reference")
    }

    /// The type itself, where its name is only another one for it ([`SchemaKind::Alias`]).
    pub fn resolved<'a>(&'a self, ty: &'a Type) -> &'a Type {
        match ty {
            Type::Named(name) => match &self.schema(name).kind {
                SchemaKind::Alias(ty) => self.resolved(ty),
                _ => ty,
            },
            _ => ty,
        }
    }

    /// The object that an operation takes as its body.
    ///
    /// # Panics
    /// When it is no object: the reader refuses such a body.
    pub fn body_object(&self, body: &Body) -> &Object {
        match &self.schema(&body.schema).kind {
            SchemaKind::Object(object) => object,
            other => panic!("the reader lets only objects be bodies, not {other:?}"),
        }
    }
}

/// A named schema.
#[derive(Debug, Clone, PartialEq)]
pub struct Schema {
    /// In PascalCase: `CreateAgentRequest`.
    pub name: String,
    /// Markdown; empty where the document says nothing.
    pub docs: String,
    /// What it is.
    pub kind: SchemaKind,
    /// Whether a request body leads to it.
    pub in_request: bool,
    /// Whether an answer, event or error leads to it.
    pub in_answer: bool,
}

/// What a named schema is.
#[derive(Debug, Clone, PartialEq)]
pub enum SchemaKind {
    /// A JSON object with known fields.
    Object(Object),
    /// A string of known values; later versions of the server may send others.
    Enum(Vec<EnumValue>),
    /// Objects told apart by the value of one field; later versions may send others.
    Union(Union),
    /// Another name for a type.
    Alias(Type),
}

/// A JSON object with known fields.
#[derive(Debug, Clone, PartialEq)]
pub struct Object {
    /// In the order of the document.
    pub fields: Vec<Field>,
    /// `additionalProperties: false`: the server refuses fields that are not listed. True for requests.
    pub closed: bool,
}

/// A field of an object.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    /// As on the wire.
    pub name: String,
    /// Markdown, limits and default included; empty where the document says nothing.
    pub docs: String,
    /// [`Type::Nullable`] where `null` is allowed, which is another matter than being absent.
    pub ty: Type,
    /// Whether it is always there.
    pub required: bool,
    /// The first example of the document.
    pub example: Option<Value>,
    /// Whether the document marks it as deprecated.
    pub deprecated: bool,
}

/// A value of an enum.
#[derive(Debug, Clone, PartialEq)]
pub struct EnumValue {
    /// As on the wire.
    pub value: String,
    /// Markdown; empty where the document says nothing.
    pub docs: String,
}

/// Objects told apart by the value of one field.
#[derive(Debug, Clone, PartialEq)]
pub struct Union {
    /// The field that tells them apart: `type`.
    pub tag: String,
    /// In the order of the document.
    pub variants: Vec<Variant>,
}

/// A member of a union.
#[derive(Debug, Clone, PartialEq)]
pub struct Variant {
    /// The value of the tag: `message.delta`.
    pub tag_value: String,
    /// The name of the object's schema, whose tag field is a [`Type::Literal`].
    pub schema: String,
}

/// The type of a field, a parameter, an item or an answer.
#[derive(Debug, Clone, PartialEq)]
pub enum Type {
    /// Text; see the format for what kind.
    String(StringFormat),
    /// Exactly this string.
    Literal(String),
    /// A whole number.
    Integer(IntegerFormat),
    /// A number; money is one.
    Number,
    /// `true` or `false`.
    Boolean,
    /// Any JSON value.
    Any,
    /// Any number of items.
    Array(Box<Type>),
    /// An object with any names and values of one type.
    Map(Box<Type>),
    /// This, or `null`.
    Nullable(Box<Type>),
    /// A schema of [`Api::schemas`].
    Named(String),
}

impl Type {
    /// The type without its `null`.
    pub fn non_null(&self) -> &Type {
        match self {
            Type::Nullable(inner) => inner.non_null(),
            other => other,
        }
    }

    /// Whether `null` is allowed.
    pub fn is_nullable(&self) -> bool {
        matches!(self, Type::Nullable(_))
    }
}

/// What kind of text a string is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StringFormat {
    /// Any text.
    Plain,
    /// RFC 3339: `2026-01-31T12:00:00Z`.
    DateTime,
    /// `2026-01-31`.
    Date,
    /// Another format of the document, such as `email` or `uri`.
    Other(String),
}

/// The range of a whole number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IntegerFormat {
    /// 32 bits, signed.
    I32,
    /// 64 bits, signed; also where the document gives no format.
    I64,
    /// 32 bits, never negative.
    U32,
    /// 64 bits, never negative.
    U64,
}

/// A call of the API.
///
/// One that answers JSON or an event stream is there twice: as itself with [`Answer::Json`] and, right after, under its
/// `x-sdk-stream` name with [`Answer::Events`].
#[derive(Debug, Clone, PartialEq)]
pub struct Operation {
    /// In snake_case: `create_agent`.
    pub id: String,
    /// One line, without a full stop.
    pub summary: String,
    /// Markdown; empty where the document says nothing beyond the summary.
    pub description: String,
    /// The resource it belongs to.
    pub tag: String,
    /// The HTTP method.
    pub method: Method,
    /// With the parameters in braces: `/agents/{agent_id}`.
    pub path: String,
    /// In the order of the path. Always required.
    pub path_parameters: Vec<Parameter>,
    /// In the order of the document.
    pub query_parameters: Vec<Parameter>,
    /// In the order of the document, without those that the clients set by themselves.
    pub header_parameters: Vec<HeaderParameter>,
    /// What is sent.
    pub body: Option<Body>,
    /// What comes back when it succeeds.
    pub answer: Answer,
    /// What can come back when it fails, by status.
    pub errors: Vec<ErrorAnswer>,
    /// For a list that comes in pages (`limit` and `cursor` in the query): the type of its items.
    pub page_item: Option<Type>,
    /// Whether it needs an API key.
    pub authenticated: bool,
    /// How long it may take.
    pub duration: DurationClass,
    /// For an event stream that can be taken up again after a cut: the operation that does so (`x-sdk-rejoin`).
    pub rejoin: Option<String>,
    /// Whether the document marks it as deprecated.
    pub deprecated: bool,
}

/// An HTTP method.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "they are the methods of HTTP")]
pub enum Method {
    Get,
    Post,
    Put,
    Patch,
    Delete,
}

/// A parameter in the path or the query.
#[derive(Debug, Clone, PartialEq)]
pub struct Parameter {
    /// As on the wire.
    pub name: String,
    /// Markdown, limits and default included; empty where the document says nothing.
    pub docs: String,
    /// A scalar, a named enum, or, in a query, an array of these (sent as a repeated parameter). Never nullable.
    pub ty: Type,
    /// Whether it must be given.
    pub required: bool,
    /// The first example of the document.
    pub example: Option<Value>,
}

/// A parameter in a header. In the clients it is an optional argument beside those of the query.
#[derive(Debug, Clone, PartialEq)]
pub struct HeaderParameter {
    /// As on the wire: `Last-Event-ID`.
    pub header: String,
    /// With the argument's name, in snake_case: `last_event_id`.
    pub parameter: Parameter,
}

/// The body of a request, always JSON.
#[derive(Debug, Clone, PartialEq)]
pub struct Body {
    /// The name of its schema, always an object.
    pub schema: String,
    /// Markdown; empty where the document says nothing.
    pub docs: String,
    /// Whether a body must be sent.
    pub required: bool,
}

/// What a successful call answers.
#[derive(Debug, Clone, PartialEq)]
pub enum Answer {
    /// A JSON document.
    Json(Type),
    /// Nothing: 204.
    Empty,
    /// Bytes of this media type.
    Bytes(String),
    /// Server-sent events.
    Events {
        /// The type of an event, a named union.
        event: Type,
        /// What the same call answers as JSON: the answer that the stream adds up to.
        response: Option<Type>,
    },
}

/// A documented failure, always `application/problem+json`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ErrorAnswer {
    /// The HTTP status.
    pub status: u16,
    /// When it happens. Markdown.
    pub docs: String,
}

/// How long a call may take before the client gives up; the SDKs know the figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DurationClass {
    /// An ordinary call.
    Call,
    /// The work of a model: `x-timeout: "execute"`.
    Execute,
}

/// A file that a writer made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GeneratedFile {
    /// From the root of the repository.
    pub path: PathBuf,
    /// The whole text, formatted, ending in a line break.
    pub contents: String,
}
