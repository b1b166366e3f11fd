//! Standard output, written through at once: whoever waits for the next word should not wait for a buffer.

use std::{
    borrow::Cow,
    io::{self, Write},
    time::Duration,
};

use super::failure::Failure;

/// How long to wait for a pipe that is full and that another process has set to not block.
const FULL_PIPE_PAUSE: Duration = Duration::from_millis(5);

pub(super) struct Output {
    stdout: Box<dyn Write + Send>,
    is_terminal: bool,
    within_line: bool,
}

impl Output {
    pub(super) fn new(stdout: Box<dyn Write + Send>, is_terminal: bool) -> Self {
        Self { stdout, is_terminal, within_line: false }
    }

    /// Writes what a person reads. What a model says must not steer their terminal.
    pub(super) async fn text(&mut self, text: &str) -> Result<(), Failure> {
        if text.is_empty() {
            return Ok(());
        }
        let harmless = if self.is_terminal { printable(text, &['\n', '\t']) } else { Cow::Borrowed(text) };
        self.within_line = !text.ends_with('\n');
        self.write(harmless.as_bytes()).await
    }

    /// Ends the line that has been begun, if one has.
    pub(super) async fn end_line(&mut self) -> Result<(), Failure> {
        if self.within_line { self.text("\n").await } else { Ok(()) }
    }

    /// Writes a line for people.
    pub(super) async fn line(&mut self, line: &str) -> Result<(), Failure> {
        self.text(&format!("{line}\n")).await
    }

    /// Writes JSON on a line of its own. What breaks its lines is space between tokens: in its strings it is escaped.
    pub(super) async fn json(&mut self, json: &[u8]) -> Result<(), Failure> {
        let mut line = json.to_vec();
        line.iter_mut().filter(|byte| matches!(byte, b'\n' | b'\r')).for_each(|byte| *byte = b' ');
        line.push(b'\n');
        self.write(&line).await
    }

    async fn write(&mut self, mut bytes: &[u8]) -> Result<(), Failure> {
        while !bytes.is_empty() {
            match self.stdout.write(bytes) {
                Ok(0) => return Err(Failure::Output(io::ErrorKind::WriteZero.into())),
                Ok(written) => bytes = &bytes[written..],
                Err(error) => pause(error).await?,
            }
        }
        while let Err(error) = self.stdout.flush() {
            pause(error).await?;
        }
        Ok(())
    }
}

/// Waits where that helps. Node and other shells of this program may have made its standard output one that does not block.
async fn pause(error: io::Error) -> Result<(), Failure> {
    match error.kind() {
        io::ErrorKind::Interrupted => Ok(()),
        io::ErrorKind::WouldBlock => {
            tokio::time::sleep(FULL_PIPE_PAUSE).await;
            Ok(())
        }
        _ => Err(Failure::Output(error)),
    }
}

/// The text without control characters, but for those that are allowed.
fn printable<'a>(text: &'a str, allowed: &[char]) -> Cow<'a, str> {
    let harmful = |character: char| character.is_control() && !allowed.contains(&character);
    if text.contains(harmful) { text.replace(harmful, "\u{FFFD}").into() } else { text.into() }
}

/// The text on one line.
pub(super) fn single_line(text: &str) -> String {
    printable(&text.split_whitespace().collect::<Vec<_>>().join(" "), &[]).into_owned()
}

/// Rows under their titles, each column as wide as its widest cell.
pub(super) fn table<const COLUMNS: usize>(titles: [&str; COLUMNS], rows: &[[String; COLUMNS]]) -> String {
    let rows: Vec<[String; COLUMNS]> = std::iter::once(titles.map(str::to_owned))
        .chain(rows.iter().map(|row| row.each_ref().map(|cell| single_line(cell))))
        .collect();
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or_default();
    let widths: [usize; COLUMNS] = std::array::from_fn(width);
    let mut out = String::new();
    for row in &rows {
        let line: String = row.iter().zip(widths).map(|(cell, width)| format!("{cell:width$}  ")).collect();
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out
}
