//! The operations table.

use std::fmt::Write;

use heck::ToShoutySnakeCase;

use super::spelling::{docs, pretty, spaced};
use crate::model::{Answer, Api, HeaderParameter, Parameter};

/// `operations.rs`.
pub(super) fn write(api: &Api) -> String {
    let mut code = String::from(
        "//! The operations of the API, as data.
        use crate::operation::{Answer, DurationClass, Method, Operation};\n",
    );
    let (mut all, mut arms) = (String::new(), String::new());
    for operation in &api.operations {
        let name = operation.id.to_shouty_snake_case();
        let answer = match operation.answer {
            Answer::Json(_) => "Json",
            Answer::Empty => "Empty",
            Answer::Bytes(_) => "Bytes",
            Answer::Events { .. } => "Events",
        };
        let _ = write!(
            code,
            "{docs}
            pub static {name}: Operation = Operation {{
                id: {id:?},
                method: Method::{method:?},
                path: {path:?},
                path_parameters: &[{path_parameters}],
                query_parameters: &[{query_parameters}],
                header_parameters: &[{header_parameters}],
                has_body: {has_body},
                needs_api_key: {needs_api_key},
                answer: Answer::{answer},
                duration: DurationClass::{duration:?},
                rejoin: {rejoin},
            }};\n",
            docs = docs(&format!("{}.", operation.summary)),
            id = operation.id,
            method = operation.method,
            path = operation.path,
            path_parameters = names(&operation.path_parameters),
            query_parameters = names(&operation.query_parameters),
            header_parameters = headers(&operation.header_parameters),
            has_body = operation.body.is_some(),
            needs_api_key = operation.authenticated,
            duration = operation.duration,
            rejoin = match &operation.rejoin {
                Some(rejoin) => format!("Some(&{})", rejoin.to_shouty_snake_case()),
                None => "None".to_owned(),
            },
        );
        let _ = write!(all, "&{name}, ");
        let _ = writeln!(arms, "{:?} => Some(&{name}),", operation.id);
    }
    let _ = write!(
        code,
        "/// Every operation, in the order of the document.
        pub static OPERATIONS: &[&Operation] = &[{all}];

        /// The operation of that id.
        #[must_use]
        pub fn find(id: &str) -> Option<&'static Operation> {{
            match id {{
                {arms}
                _ => None,
            }}
        }}"
    );
    spaced(&pretty(&code))
}

fn headers(parameters: &[HeaderParameter]) -> String {
    parameters.iter().map(|header| format!("({:?}, {:?}), ", header.parameter.name, header.header)).collect()
}

fn names(parameters: &[Parameter]) -> String {
    parameters.iter().map(|parameter| format!("{:?}, ", parameter.name)).collect()
}
