//! The case files as they are, and what the loader refuses.
#![expect(clippy::unwrap_used, reason = "a test that meets the unexpected has to fail")]

use std::{collections::BTreeSet, fs, path::Path};

use agent_platform_conformance::{CONTRACT, cases, cases_in};
use serde_json::{Value, json};
use tempfile::TempDir;

#[test]
fn every_case_can_be_read_and_every_row_of_the_contract_has_some() {
    let cases = cases().unwrap_or_else(|error| panic!("{error:#}"));
    assert!(cases.len() >= 200, "{} cases", cases.len());
    for row in CONTRACT {
        let count = cases.iter().filter(|case| case.contract == row).count();
        assert!(count >= 5, "{row} has {count} cases");
    }
}

#[test]
fn every_case_says_something_of_what_comes_of_it() {
    for case in cases().unwrap() {
        let expect = serde_json::to_value(&case.expect).unwrap();
        let said: BTreeSet<_> = expect.as_object().unwrap().keys().cloned().collect();
        let outcomes = ["value", "final", "events", "text", "error", "raw"];
        assert!(outcomes.iter().any(|outcome| said.contains(*outcome)), "{} says nothing of its outcome", case.name);
    }
}

/// A folder with one family, of this one case.
fn family(case: &Value) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "definitions.json", &json!({"word": "w"}));
    write(folder.path(), "some.json", &json!({"about": "a", "contract": "retries", "cases": [case]}));
    folder
}

fn write(folder: &Path, name: &str, content: &Value) {
    fs::write(folder.join(name), content.to_string()).unwrap();
}

fn case() -> Value {
    json!({"name": "a_{{word}}", "shows": "Something.", "call": {"operation": "get_agent"}, "script": [{}], "expect": {}})
}

#[test]
fn words_are_put_in_and_tables_are_multiplied() {
    let mut case = case();
    case["each"] = json!([[{"word": "x"}, {"word": "y"}], [{"size": 1}, {"size": 2}]]);
    case["name"] = json!("a_{{word}}_{{size}}");
    case["script"] = json!([{"status": 503, "split": "{{size}}"}]);
    let cases = cases_in(family(&case).path()).unwrap();
    let names: Vec<_> = cases.iter().map(|case| case.name.as_str()).collect();
    assert_eq!(names, ["a_x_1", "a_x_2", "a_y_1", "a_y_2"]);
    assert_eq!((cases[1].script[0].split, &*cases[1].family, &*cases[1].contract), (Some(2), "some", "retries"));
}

#[test]
fn what_would_test_nothing_is_refused_with_its_place() {
    for (field, value, said) in [
        ("nane", json!("x"), "unknown field `nane`"),
        ("name", json!("No Name"), "a name consists of"),
        ("name", json!("a_{{ward}}"), r#"the word "ward""#),
        ("shows", json!("nothing"), "`shows` is a sentence"),
        ("contract", json!("cooking"), r#"the contract has no row "cooking""#),
        ("script", json!([]), "no script for its attempts"),
        ("script", json!([{"text": "a", "json": 1}]), "one body"),
        ("script", json!([{"then": "reset"}]), "`then` is for a reply with a `stop`"),
        ("script", json!([{"hex": "0g"}]), "not hexadecimal"),
        ("expect", json!({"attempts": 0}), "nothing may be sent"),
        ("expect", json!({"attemps": 1}), "unknown field `attemps`"),
        ("each", json!([{"a": 1}]), "`each` is a list of lists"),
    ] {
        let mut case = case();
        case[field] = value;
        let error = format!("{:#}", cases_in(family(&case).path()).unwrap_err());
        assert!(error.contains(said) && error.contains("some.json"), "{error}");
    }
    let mut twice = case();
    twice["each"] = json!([[{}, {}]]);
    let error = cases_in(family(&twice).path()).unwrap_err().to_string();
    assert_eq!(error, "there are two cases with the name a_w");
}
