//! CPU seconds, user and system.

use std::{error::Error, fs};

/// Clock ticks a second in `/proc/<pid>/stat`: 100 on every Linux that Rust runs on.
const TICKS: f64 = 100.0;

/// This process's own.
pub(crate) fn own() -> Result<f64, Box<dyn Error>> {
    of("self")
}

/// Those of the process with this number.
pub(crate) fn of(process: &str) -> Result<f64, Box<dyn Error>> {
    let stat = fs::read_to_string(format!("/proc/{process}/stat"))?;
    // The name may hold spaces; the fields after it don't.
    let fields: Vec<_> = stat.rsplit_once(')').ok_or("odd stat")?.1.split_whitespace().collect();
    Ok((fields[11].parse::<f64>()? + fields[12].parse::<f64>()?) / TICKS)
}
