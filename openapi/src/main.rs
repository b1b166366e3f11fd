//! `agent-platform-codegen`: writes the three clients from the OpenAPI document.

use std::{
    fs,
    io::{self, Write},
    path::PathBuf,
    process::ExitCode,
};

use agent_platform_codegen::{generate, out_of_date, read, write};
use anyhow::{Context, anyhow};
use clap::Parser;

/// Writes the Rust, Python and TypeScript clients from the OpenAPI document.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    /// The OpenAPI document, 3.1 or later, as JSON.
    #[arg(long, value_name = "FILE", default_value = "openapi/openapi.json")]
    spec: PathBuf,
    /// The root of the repository.
    #[arg(long, value_name = "FOLDER", default_value = ".")]
    root: PathBuf,
    /// Write nothing: list the files that are out of date, and fail if there are any.
    #[arg(long)]
    check: bool,
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(status) => status,
        Err(error) => {
            // There is nothing left to do when even this can't be written.
            let _ = writeln!(io::stderr(), "error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let spec = arguments.spec.display();
    let text = fs::read(&arguments.spec).with_context(|| format!("{spec} can't be read"))?;
    let document = serde_json::from_slice(&text).with_context(|| format!("{spec} is no JSON"))?;
    let api = read(&document).map_err(|error| anyhow!("{spec}{error}"))?;
    let files = generate(&api);
    let mut out = io::stdout().lock();
    if arguments.check {
        let stale = out_of_date(&arguments.root, &files)?;
        if stale.is_empty() {
            writeln!(out, "{} generated files are up to date with {spec}", files.len())?;
            return Ok(ExitCode::SUCCESS);
        }
        writeln!(out, "out of date with {spec}:")?;
        for path in stale {
            writeln!(out, "  {}", path.display())?;
        }
        writeln!(out, "`make spec` mends it; commit what it changes")?;
        return Ok(ExitCode::FAILURE);
    }
    let written = write(&arguments.root, &files)?;
    for path in &written {
        writeln!(out, "wrote {}", path.display())?;
    }
    writeln!(out, "{} generated files, {} changed", files.len(), written.len())?;
    Ok(ExitCode::SUCCESS)
}
