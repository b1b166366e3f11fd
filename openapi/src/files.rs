//! Generated files on the disk.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use anyhow::Context;

use crate::model::GeneratedFile;

/// Writes what differs from what is there, so that builds see only real changes. Hands out the paths written.
///
/// # Errors
/// When a file can't be read or written.
pub fn write(root: &Path, files: &[GeneratedFile]) -> anyhow::Result<Vec<PathBuf>> {
    let stale = out_of_date(root, files)?;
    for file in files.iter().filter(|file| stale.contains(&file.path)) {
        let path = root.join(&file.path);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).with_context(|| format!("{} can't be made", folder.display()))?;
        }
        fs::write(&path, &file.contents).with_context(|| format!("{} can't be written", path.display()))?;
    }
    Ok(stale)
}

/// The paths of the files that are missing or differ from what they should be.
///
/// # Errors
/// When a file is there and can't be read.
pub fn out_of_date(root: &Path, files: &[GeneratedFile]) -> anyhow::Result<Vec<PathBuf>> {
    let mut stale = Vec::new();
    for file in files {
        let path = root.join(&file.path);
        match fs::read(&path) {
            Ok(contents) if contents == file.contents.as_bytes() => {}
            Ok(_) => stale.push(file.path.clone()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => stale.push(file.path.clone()),
            Err(error) => {
                return Err(error).with_context(|| format!("{} can't be read", path.display()));
            }
        }
    }
    Ok(stale)
}
