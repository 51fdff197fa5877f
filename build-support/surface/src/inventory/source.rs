//! The generated files, parsed, with a way back to their places.

use super::fact::{Aspect, Fact, Facts, Found, place};
use crate::generated_crate::GeneratedCrate;
use codegen::generate::OWNED;
use contract::Place;
use contract::{FileId, Sources, Span};
use files::FileSet;

/// All files.
pub(super) struct Code {
    pub(super) files: Vec<File>,
    pub(super) sources: Sources,
    /// Files that are not valid Rust, and why.
    pub(super) faults: Vec<(Place, String)>,
}

/// One file.
pub(super) struct File {
    pub(super) krate: GeneratedCrate,
    /// Relative to the crate's generated folder.
    pub(super) path: String,
    pub(super) items: Vec<syn::Item>,
    id: FileId,
}

/// Where the first item begins that is not valid Rust. The parser has no places, so that items are
/// tried one after another; what stands before an item is passed over.
fn fault(text: &str) -> usize {
    let (mut good, mut end) = (0, 0);
    for line in text.split_inclusive('\n') {
        end += line.len();
        let closes = line.trim_end().ends_with([';', '}']) && !line.starts_with(' ');
        if closes && syn::parse_file(&text[good..end]).is_ok() {
            good = end;
        }
    }
    let lines = text[good..].split_inclusive('\n');
    let before = lines.take_while(|line| {
        let line = line.trim();
        line.is_empty() || line.starts_with("//") || line.starts_with("#[")
    });
    let item = good + before.map(str::len).sum::<usize>();
    if item < text.len() { item } else { good }
}

impl Code {
    pub(super) fn new(files: &FileSet) -> Self {
        let mut code = Self {
            files: Vec::new(),
            sources: Sources::default(),
            faults: Vec::new(),
        };
        let crates = OWNED.into_iter().zip([
            GeneratedCrate::Types,
            GeneratedCrate::Client,
            GeneratedCrate::Server,
        ]);
        for (folder, krate) in crates {
            for (path, text) in files.iter() {
                let inner = path
                    .strip_prefix(folder)
                    .and_then(|rest| rest.strip_prefix('/'));
                if let Some(inner) = inner.filter(|inner| inner.ends_with(".rs")) {
                    code.add(krate, path, inner, text);
                }
            }
        }
        code
    }

    fn add(&mut self, krate: GeneratedCrate, path: &str, inner: &str, text: &str) {
        let id = self.sources.add(path, text);
        match syn::parse_file(text) {
            Ok(parsed) => self.files.push(File {
                krate,
                path: inner.to_owned(),
                items: parsed.items,
                id,
            }),
            Err(error) => {
                let at = fault(text);
                let place = place(&self.sources, "", Span::new(id, at, at));
                self.faults.push((place, error.to_string()));
            }
        }
    }

    /// The files of a crate that are made from the contract; what is copied along is not.
    pub(super) fn of(&self, krate: GeneratedCrate) -> impl Iterator<Item = &File> {
        let files = self.files.iter().filter(move |file| file.krate == krate);
        files.filter(|file| !file.path.starts_with("support/") && file.path != "schema_checks.rs")
    }

    /// Notes a fact; its place is where `words` stand, each after the one before.
    pub(super) fn note(
        &self,
        facts: &mut Facts,
        file: &File,
        fact: (Aspect, &str, &str),
        shown: String,
        words: &[&str],
    ) {
        let (aspect, subject, detail) = fact;
        let place = place(&self.sources, "", self.find(file, words));
        let fact = Fact::new(file.krate, aspect, subject, detail);
        facts.entry(fact).or_insert(Found { shown, place });
    }

    /// Where the last of `words` stands; where one is not found, the one before.
    fn find(&self, file: &File, words: &[&str]) -> Span {
        let text = self.sources.text(file.id);
        let mut found = (0, 0);
        let mut from = 0;
        for word in words {
            let Some(at) = text[from..].find(word) else {
                break;
            };
            found = (from + at, from + at + word.trim_end().len());
            from = found.1;
        }
        Span::new(file.id, found.0, found.1)
    }
}
