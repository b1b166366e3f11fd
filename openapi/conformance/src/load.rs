//! Reads the case files, and refuses what would test nothing.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail, ensure};
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::{
    answer,
    case::Case,
    expect::Attempts,
    words::{self, Known},
};

/// The rows of the contract's SDK table. `from_the_spec` and `client` have most of their tests beside their code.
pub const CONTRACT: [&str; 11] = [
    "retries",
    "retry_after",
    "idempotency",
    "timeouts",
    "streams",
    "errors",
    "options",
    "raw",
    "lists",
    "forward_compatible",
    "client",
];

/// What all files may use; itself no family.
const DEFINITIONS: &str = "definitions.json";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Family {
    #[serde(rename = "about")]
    _about: String,
    contract: String,
    #[serde(default)]
    define: Map<String, Value>,
    cases: Vec<Map<String, Value>>,
}

/// All cases of this repository.
///
/// # Errors
/// As [`cases_in`].
pub fn cases() -> Result<Vec<Case>> {
    cases_in(&Path::new(env!("CARGO_MANIFEST_DIR")).join("cases"))
}

/// All cases of a folder, in the order of the files' names.
///
/// # Errors
/// When a file is not what it should be; the message names the file and the case.
pub fn cases_in(folder: &Path) -> Result<Vec<Case>> {
    let entries = fs::read_dir(folder).with_context(|| format!("{} could not be read", folder.display()))?;
    let mut files: Vec<PathBuf> = entries.map(|entry| Ok(entry?.path())).collect::<Result<_>>()?;
    files.sort();
    let definitions: Map<String, Value> = read(&folder.join(DEFINITIONS))?;
    let mut cases = Vec::new();
    for file in files.iter().filter(|file| !file.ends_with(DEFINITIONS)) {
        let name = file.file_stem().and_then(|name| name.to_str()).unwrap_or_default();
        let family: Family = read(file)?;
        for entry in &family.cases {
            let of_entry = || format!("{}, case {}", file.display(), entry.get("name").unwrap_or(&Value::Null));
            cases.extend(expand(entry, name, &family, &definitions).with_context(of_entry)?);
        }
    }
    let mut names = BTreeSet::new();
    for case in &cases {
        ensure!(names.insert(&case.name), "there are two cases with the name {}", case.name);
    }
    Ok(cases)
}

fn read<T: for<'de> Deserialize<'de>>(file: &Path) -> Result<T> {
    let text = fs::read_to_string(file).with_context(|| format!("{} could not be read", file.display()))?;
    serde_json::from_str(&text).with_context(|| format!("{} is not what it should be", file.display()))
}

/// The cases of an entry: one for each combination of the rows of its tables.
fn expand(
    entry: &Map<String, Value>,
    family: &str,
    file: &Family,
    definitions: &Map<String, Value>,
) -> Result<Vec<Case>> {
    let mut entry = entry.clone();
    let tables = entry.remove("each").unwrap_or(Value::Array(Vec::new()));
    let tables: Vec<Vec<Map<String, Value>>> =
        serde_json::from_value(tables).context("`each` is a list of lists of objects")?;
    let mut rows = vec![Map::new()];
    for table in tables {
        let with = |words: &Map<String, Value>| -> Vec<Map<String, Value>> {
            table.iter().map(|row| words.clone().into_iter().chain(row.clone()).collect()).collect()
        };
        rows = rows.iter().flat_map(with).collect();
    }
    let template = Value::Object(entry);
    rows.iter()
        .map(|row| {
            let known = Known(&[row, &file.define, definitions]);
            let mut case: Case = serde_json::from_value(words::fill(&template, known)?)?;
            family.clone_into(&mut case.family);
            if case.contract.is_empty() {
                case.contract.clone_from(&file.contract);
            }
            check(&case).with_context(|| case.name.clone())?;
            Ok(case)
        })
        .collect()
}

/// What the types cannot say.
fn check(case: &Case) -> Result<()> {
    let is_name = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    ensure!(!case.name.is_empty() && case.name.chars().all(is_name), "a name consists of a-z, 0-9 and _");
    ensure!(CONTRACT.contains(&&*case.contract), "the contract has no row {:?}: {CONTRACT:?}", case.contract);
    ensure!(case.shows.ends_with('.'), "`shows` is a sentence");
    for reply in &case.script {
        answer::check(reply)?;
    }
    if let Attempts::Count(0) = case.expect.attempts {
        ensure!(case.script.is_empty(), "nothing may be sent, yet there is a script");
    } else if case.script.is_empty() {
        bail!("there is no script for its attempts");
    }
    Ok(())
}
