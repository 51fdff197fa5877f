//! Pieces of other files become components of the document, and every `$ref` becomes local.
//!
//! A piece is named after the last step of its pointer, or after its file. A component of the document that
//! is only a reference to a piece is replaced by the piece, under its own name. Path items are put in the
//! place of their references, because 3.0 has no components for them. Percent signs are decoded, so that
//! later stages can compare references as text. A file is also found by its own address (`$id`), and a place
//! in a file by its anchor.

mod identity;
mod names;

use super::folder::{self, Folder, FolderError};
use super::grammar::Kind;
use super::node::Node;
use super::pointer;
use super::span::{FileId, Sources, Span};
use super::target::{self, BadTarget, Target};
use super::version::SpecVersion;
use super::walk::Walk;
use super::{dangling, parse};
use crate::diagnostics::Diagnostic;
use names::Names;
use std::collections::VecDeque;

/// Bundles a document. Files that are read are added to `sources`; what is wrong goes to `found`.
pub(super) fn bundle(
    root: Node,
    version: SpecVersion,
    folder: &dyn Folder,
    sources: &mut Sources,
    found: &mut Vec<Diagnostic>,
) -> Node {
    let links = links(&root, Kind::Document, version);
    if links.iter().all(Link::stays) {
        return root;
    }
    let name = sources.name(FileId::default()).to_owned();
    let entry = name.rsplit('/').next().unwrap_or(&name).to_owned();
    let mut bundler = Bundler {
        version,
        folder,
        sources,
        found,
        files: vec![File {
            path: entry,
            root: Ok(root.clone()),
        }],
        names: Names::new(&root),
        pending: VecDeque::new(),
    };
    bundler.run(root)
}

/// A reference that a walk found, without borrowing the tree.
struct Link {
    kind: Kind,
    text: String,
    span: Span,
    pointer: String,
    mapping: bool,
}

/// Where a reference stands, and whether as a mapping's value.
#[derive(Clone, Copy)]
struct Place {
    span: Span,
    mapping: bool,
}

impl Link {
    fn place(&self) -> Place {
        Place {
            span: self.span,
            mapping: self.mapping,
        }
    }

    /// Whether it is already what it is to become: local, and without escapes of URLs.
    fn stays(&self) -> bool {
        let is_plain = self.text.starts_with('#') && !self.text.contains('%');
        self.kind != Kind::PathItem && (is_plain || self.is_bare_name())
    }

    /// A mapping's value may be the name of a component.
    fn is_bare_name(&self) -> bool {
        self.mapping && !self.text.contains(['/', '#']) && !has_extension(&self.text)
    }
}

fn has_extension(text: &str) -> bool {
    [".yaml", ".yml", ".json"]
        .iter()
        .any(|end| text.ends_with(end))
}

fn links(node: &Node, kind: Kind, version: SpecVersion) -> Vec<Link> {
    let walk = Walk::new(node, kind, version);
    let links = walk.references.iter().map(|reference| Link {
        kind: reference.kind,
        text: reference.target.to_owned(),
        span: reference.span,
        pointer: reference.pointer.clone(),
        mapping: reference.mapping,
    });
    links.collect()
}

/// A file that was read.
struct File {
    /// Relative to the contract's folder.
    path: String,
    /// What it holds; what was wrong with it is reported once.
    root: Result<Node, ()>,
}

/// A piece to be taken in as a component.
struct Piece {
    file: usize,
    pointer: String,
    kind: Kind,
    name: String,
}

struct Bundler<'a> {
    version: SpecVersion,
    folder: &'a dyn Folder,
    sources: &'a mut Sources,
    found: &'a mut Vec<Diagnostic>,
    files: Vec<File>,
    names: Names,
    pending: VecDeque<Piece>,
}

impl Bundler<'_> {
    fn run(&mut self, mut root: Node) -> Node {
        self.take_in_aliases(&root);
        self.rewrite(&mut root, 0, Kind::Document, &mut Vec::new());
        while let Some(piece) = self.pending.pop_front() {
            let Some(mut node) = self.lookup(piece.file, &piece.pointer).cloned() else {
                continue;
            };
            self.rewrite(&mut node, piece.file, piece.kind, &mut Vec::new());
            if piece.pointer.is_empty() {
                // References are local now, whatever they were relative to.
                node.remove("$id");
            }
            names::insert(&mut root, piece.kind, &piece.name, node);
        }
        root
    }

    /// `components.schemas.Card: {$ref: card.yaml}` gives the piece its name.
    fn take_in_aliases(&mut self, root: &Node) {
        for (kind, name, text, span) in names::aliases(root) {
            let place = Place {
                span,
                mapping: false,
            };
            let parsed = self.target(0, text, place);
            let parsed = parsed.filter(|target| !target.file.is_empty());
            if let Some(target) = parsed
                && let Some(file) = self.open(0, &target, place)
                && file != 0
                && self.lookup(file, &target.pointer).is_some()
                && self.names.claim(kind, file, &target.pointer, name)
            {
                self.pending.push_back(Piece {
                    file,
                    pointer: target.pointer,
                    kind,
                    name: name.to_owned(),
                });
            }
        }
    }

    /// Makes every reference of a node, which was written in `file`, local to the document.
    fn rewrite(
        &mut self,
        node: &mut Node,
        file: usize,
        kind: Kind,
        seen: &mut Vec<(usize, String)>,
    ) {
        for link in links(node, kind, self.version) {
            if file == 0 && link.stays() {
                continue;
            }
            if link.kind == Kind::PathItem {
                self.take_in_path_item(node, file, &link, seen);
            } else if let Some(text) = self.relink(file, &link) {
                let place = node.pointer_mut(&link.pointer);
                let place = match (place, link.mapping) {
                    (Some(place), true) => Some(place),
                    (Some(place), false) => place.get_mut("$ref"),
                    (None, _) => None,
                };
                if let Some(place) = place {
                    *place = Node::string(text, link.span);
                }
            }
        }
    }

    /// The text a reference is given; `None` leaves it as it is.
    fn relink(&mut self, file: usize, link: &Link) -> Option<String> {
        let target = if link.is_bare_name() {
            let pointer = format!("/components/schemas/{}", pointer::escape(&link.text));
            self.lookup(file, &pointer)?;
            Target {
                file: String::new(),
                pointer,
            }
        } else {
            self.target(file, &link.text, link.place())?
        };
        let to = self.open(file, &target, link.place())?;
        if to == 0 {
            return Some(pointer::to_reference(&target.pointer));
        }
        if self.lookup(to, &target.pointer).is_none() {
            self.report_dangling(to, &target, link);
            return None;
        }
        let section = link.kind.section()?;
        let (name, is_new) = self
            .names
            .of(link.kind, to, &self.files[to].path, &target.pointer);
        if is_new {
            self.pending.push_back(Piece {
                file: to,
                pointer: target.pointer,
                kind: link.kind,
                name: name.clone(),
            });
        }
        Some(format!("#/components/{section}/{name}"))
    }

    fn take_in_path_item(
        &mut self,
        node: &mut Node,
        file: usize,
        link: &Link,
        seen: &mut Vec<(usize, String)>,
    ) {
        let Some(target) = self.target(file, &link.text, link.place()) else {
            return;
        };
        let Some(to) = self.open(file, &target, link.place()) else {
            return;
        };
        let key = (to, target.pointer.clone());
        if seen.contains(&key) {
            return;
        }
        let Some(mut item) = self.lookup(to, &target.pointer).cloned() else {
            if to != 0 {
                self.report_dangling(to, &target, link);
            }
            return;
        };
        seen.push(key);
        self.rewrite(&mut item, to, Kind::PathItem, seen);
        seen.pop();
        if let Some(place) = node.pointer_mut(&link.pointer) {
            merge_path_item(place, item);
        }
    }

    /// What a reference in a file names; `None` for what stays as it is, with which the checks say what
    /// is wrong.
    fn target(&mut self, file: usize, text: &str, place: Place) -> Option<Target> {
        let text = self.as_path(file, text).unwrap_or_else(|| text.to_owned());
        match target::parse(&text) {
            Ok(target) => Some(target),
            Err(BadTarget::Anchor) => {
                let (path, anchor) = text.split_once('#')?;
                let target = target::parse(&format!("{path}#")).ok()?;
                let to = self.open(file, &target, place).filter(|to| *to != 0)?;
                let pointer = identity::anchored(self.lookup(to, "")?, anchor)?;
                Some(Target { pointer, ..target })
            }
            Err(_) => None,
        }
    }

    /// An address as the path of a file: of one that was read and has it, or of one that is as far from
    /// the file that refers to it as their addresses are.
    fn as_path(&self, from: usize, text: &str) -> Option<String> {
        let (address, fragment) = text.split_once('#').unwrap_or((text, ""));
        if !address.contains("://") {
            return None;
        }
        let of = |file: &File| {
            let root = file.root.as_ref().ok()?;
            identity::address(root).map(str::to_owned)
        };
        let known = self
            .files
            .iter()
            .find(|file| of(file).as_deref() == Some(address));
        let path = match known {
            Some(file) => identity::between(&self.files[from].path, &file.path),
            None => identity::relative(&of(&self.files[from])?, address)?,
        };
        Some(format!("{path}#{fragment}"))
    }

    fn lookup(&self, file: usize, pointer: &str) -> Option<&Node> {
        self.files.get(file)?.root.as_ref().ok()?.pointer(pointer)
    }

    /// The file a target names, read where it was not yet.
    fn open(&mut self, from: usize, target: &Target, place: Place) -> Option<usize> {
        if target.file.is_empty() {
            return Some(from);
        }
        let path = folder::resolve(&self.files[from].path, &target.file, self.folder.is_open())
            .map_err(|error| self.reject(&error, place))
            .ok()?;
        let known = self.files.iter().position(|file| file.path == path);
        let file = known.or_else(|| self.load(path, place))?;
        self.files[file].root.is_ok().then_some(file)
    }

    /// Reads a file. One that only a mapping names, and that is not there, is reported for each value.
    fn load(&mut self, path: String, place: Place) -> Option<usize> {
        let root = match self.folder.text(&path) {
            Ok(text) => self.parse(&path, &text),
            Err(error) => {
                self.reject(&error, place);
                if place.mapping {
                    return None;
                }
                Err(())
            }
        };
        self.files.push(File { path, root });
        Some(self.files.len() - 1)
    }

    fn parse(&mut self, path: &str, text: &str) -> Result<Node, ()> {
        let name = self.folder.display(path);
        let file = self.sources.add(&name, text);
        parse::parse(file, &name, text, self.found).map_err(|error| self.found.push(*error))
    }

    fn reject(&mut self, error: &FolderError, place: Place) {
        let (code, help) = match error {
            _ if place.mapping => (
                "read::dangling-ref",
                "write the name of a schema, or a `$ref` to one",
            ),
            FolderError::Outside(_) => (
                "read::ref-outside-folder",
                "copy the file into the contract's folder, and refer to it there",
            ),
            FolderError::NoFolder(_) => (
                "read::ref-file",
                "save the contract to a file, or put the referenced part into it",
            ),
            FolderError::Unreadable { .. } => (
                "read::ref-file",
                "a `$ref` is relative to the folder of the file that holds it",
            ),
        };
        self.found
            .push(Diagnostic::error(code, error.to_string(), place.span).with_help(help));
    }

    fn report_dangling(&mut self, file: usize, target: &Target, link: &Link) {
        let Ok(root) = &self.files[file].root else {
            return;
        };
        let diagnostic = dangling::diagnostic(root, &target.pointer, &link.text, link.span);
        self.found.push(diagnostic);
    }
}

/// The fields of the item win over none, and those written beside the `$ref` over the item's.
fn merge_path_item(place: &mut Node, item: Node) {
    if place.remove("$ref").is_none() {
        return;
    }
    let Node { value, span } = item;
    let super::node::Value::Object(members) = value else {
        // The checks say that it is not an object.
        *place = Node { value, span };
        return;
    };
    let Some(own) = place.as_object_mut() else {
        return;
    };
    for member in members {
        if !own.iter().any(|existing| existing.key == member.key) {
            own.push(member);
        }
    }
}

/// Says what a text is that is not a valid target; `None` for one that is.
pub(super) fn bad_target(text: &str, span: Span) -> Option<Diagnostic> {
    let (code, message, help) = match target::parse(text).err()? {
        BadTarget::Remote => (
            "read::remote-ref",
            format!("remote references are not followed: `{text}`"),
            "copy the document into the contract's folder, and refer to it there",
        ),
        BadTarget::Anchor => (
            "read::anchor-ref",
            format!("`{text}` points to an anchor, which is not supported"),
            "write a JSON pointer: `#/components/schemas/Name`",
        ),
        BadTarget::Percent => (
            "read::dangling-ref",
            format!("`{text}` holds a percent sign that begins no escaped character"),
            "write `%25` for a percent sign",
        ),
        BadTarget::Empty => (
            "read::dangling-ref",
            "the reference is empty".to_owned(),
            "write a JSON pointer: `#/components/schemas/Name`",
        ),
    };
    Some(Diagnostic::error(code, message, span).with_help(help))
}
