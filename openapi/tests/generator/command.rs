//! The command line.

use std::{
    fs,
    path::Path,
    process::{Command, Output},
};

use serde_json::json;

use crate::{fixture, set};

const FIXTURE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/agents.json");

fn run(spec: &Path, root: &Path, more: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_agent-platform-codegen"));
    command.arg("--spec").arg(spec).arg("--root").arg(root).args(more);
    command.output().expect("the generator starts")
}

fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn check_passes_after_writing_and_names_what_drifted() {
    let root = tempfile::tempdir().expect("a folder");
    let spec = Path::new(FIXTURE);
    assert!(run(spec, root.path(), &[]).status.success());
    assert!(run(spec, root.path(), &["--check"]).status.success());

    let changed = root.path().join("sdk-rust/src/generated/models.rs");
    fs::write(&changed, "// by hand\n").expect("it can be written");
    fs::remove_file(root.path().join("sdk-rust/src/generated/operations.rs")).expect("it can be removed");
    let check = run(spec, root.path(), &["--check"]);
    assert_eq!(check.status.code(), Some(1));
    let lines = stdout(&check);
    let lines: Vec<&str> = lines.lines().skip(1).collect();
    assert_eq!(
        lines,
        [
            "  sdk-rust/src/generated/models.rs",
            "  sdk-rust/src/generated/operations.rs",
            "`make spec` mends it; commit what it changes",
        ]
    );
    assert_eq!(fs::read_to_string(&changed).expect("it is there"), "// by hand\n", "a check writes nothing");
}

#[test]
fn writing_again_writes_nothing() {
    let root = tempfile::tempdir().expect("a folder");
    run(Path::new(FIXTURE), root.path(), &[]);
    let again = stdout(&run(Path::new(FIXTURE), root.path(), &[]));
    assert!(again.ends_with("generated files, 0 changed\n"), "{again}");
}

#[test]
fn a_refused_document_is_named_with_the_place() {
    let root = tempfile::tempdir().expect("a folder");
    let spec = root.path().join("broken.json");
    let mut document = fixture();
    set(&mut document, "/components/schemas/Agent/properties/name/type", json!("text"));
    fs::write(&spec, document.to_string()).expect("it can be written");
    let output = run(&spec, root.path(), &[]);
    assert_eq!(output.status.code(), Some(1));
    let expected = format!(
        "error: {}#/components/schemas/Agent/properties/name: `text` is no type of JSON Schema\n",
        spec.display()
    );
    assert_eq!(String::from_utf8_lossy(&output.stderr), expected);
    assert_eq!(fs::read_dir(root.path()).expect("it is there").count(), 1, "nothing else is written");
}

#[test]
fn a_missing_document_is_named() {
    let root = tempfile::tempdir().expect("a folder");
    let output = run(&root.path().join("nowhere.json"), root.path(), &[]);
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("nowhere.json can't be read: No such file"));
}

/// What is committed is what the generator makes of the committed document.
#[test]
fn the_committed_clients_are_up_to_date() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the crate has a parent");
    let check = run(&root.join("openapi/openapi.json"), root, &["--check"]);
    assert!(check.status.success(), "{}{}", stdout(&check), String::from_utf8_lossy(&check.stderr));
}
