//! `offblocks man`: a man page for each command.

use std::path::{Path, PathBuf};

use clap::Command;
use clap_mangen::Man;

use crate::failure::Failure;

/// Writes the pages of a command and of all below it.
pub(crate) fn write(command: Command, folder: &Path) -> Result<(), Failure> {
    let pages = pages(command)?;
    let pages: Vec<(PathBuf, String)> = pages
        .into_iter()
        .map(|(name, text)| (folder.join(name), text))
        .collect();
    let texts: Vec<(&Path, &str)> = pages
        .iter()
        .map(|(path, text)| (path.as_path(), text.as_str()))
        .collect();
    let written = files::replace(&texts);
    written.map_err(|error| Failure::new("the man pages cannot be written", error))
}

/// The pages with the names of their files.
fn pages(command: Command) -> Result<Vec<(String, String)>, Failure> {
    let mut command = command.disable_help_subcommand(true);
    command.build();
    let mut pages = Vec::new();
    collect(&command, &mut pages)?;
    Ok(pages)
}

fn collect(command: &Command, pages: &mut Vec<(String, String)>) -> Result<(), Failure> {
    let man = Man::new(command.clone());
    let mut text = Vec::new();
    let rendered = man.render(&mut text);
    rendered.map_err(|error| Failure::new("a man page cannot be made", error))?;
    pages.push((
        man.get_filename(),
        String::from_utf8_lossy(&text).into_owned(),
    ));
    let below = command.get_subcommands().filter(|it| !it.is_hide_set());
    below.into_iter().try_for_each(|it| collect(it, pages))
}
