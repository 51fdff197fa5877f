//! YAML 1.2 text becomes a tree.
//!
//! Beyond JSON's model: anchors and aliases are expanded (to a limit). The merge key `<<` of YAML
//! 1.1 is supported because contracts use it. Keys are the text as written.

mod closers;
mod places;

use super::node::{Member, Node, Value};
use super::scalar::{self, Plain};
use super::span::{FileId, Span};
use super::tree::{MAX_DEPTH, plain_value, size_and_depth, too_deep, unique};
use crate::diagnostics::Diagnostic;
use places::Places;
use saphyr_parser::{Event, Parser, ScalarStyle, ScanError, Tag};
use std::borrow::Cow;
use std::collections::HashMap;

/// How many values all aliases of a document together may expand to.
const MAX_EXPANSION: usize = 100_000;

/// Reads one YAML document. Findings that leave a tree, warnings among them, go to `found`.
pub(super) fn parse(
    file: FileId,
    text: &str,
    found: &mut Vec<Diagnostic>,
) -> Result<Node, Box<Diagnostic>> {
    let (mut text, mut brackets) = (Cow::Borrowed(text), Vec::new());
    let mut first = None;
    loop {
        let mut of_yaml = Vec::new();
        let error = match strictly(file, &text, &mut of_yaml) {
            Ok(root) => {
                found.append(&mut brackets);
                found.append(&mut of_yaml);
                return Ok(root);
            }
            Err(error) => error,
        };
        let joined = closers::joined(&text, &error).filter(|_| brackets.len() < closers::MOST);
        let at = error.span.map_or(0, Span::start);
        // Where other brackets do not help, the text is judged as it stands.
        let (as_written, of_first) = first.get_or_insert((error, of_yaml));
        let Some(joined) = joined else {
            found.append(of_first);
            return Err(as_written.clone());
        };
        brackets.push(closers::warning(file, at));
        text = Cow::Owned(joined);
    }
}

fn strictly(
    file: FileId,
    text: &str,
    found: &mut Vec<Diagnostic>,
) -> Result<Node, Box<Diagnostic>> {
    let places = Places::new(file, text);
    let mut builder = Builder::new(text, found);
    for event in Parser::new_from_str(places.text()) {
        let (event, span) = event.map_err(|error| syntax(&error, &places))?;
        let span = places.span(span);
        if let Event::DocumentStart(_) = event {
            builder.start_document(span)?;
        } else {
            builder.event(event, span)?;
        }
    }
    builder.finish(Span::new(file, 0, 0))
}

/// A collection that is still open.
struct Open {
    kind: Kind,
    start: Span,
    anchor: usize,
}

enum Kind {
    List(Vec<Node>),
    Map {
        members: Vec<Member>,
        key: Option<(String, Span)>,
        merges: Vec<Node>,
    },
}

struct Builder<'a> {
    text: &'a str,
    found: &'a mut Vec<Diagnostic>,
    open: Vec<Open>,
    anchors: HashMap<usize, Anchor>,
    expanded: usize,
    started: bool,
    root: Option<Node>,
}

struct Anchor {
    node: Node,
    size: usize,
    depth: usize,
}

impl<'a> Builder<'a> {
    fn new(text: &'a str, found: &'a mut Vec<Diagnostic>) -> Self {
        Self {
            text,
            found,
            open: Vec::new(),
            anchors: HashMap::new(),
            expanded: 0,
            started: false,
            root: None,
        }
    }

    fn start_document(&mut self, span: Span) -> Result<(), Box<Diagnostic>> {
        if !std::mem::replace(&mut self.started, true) {
            return Ok(());
        }
        Err(
            Diagnostic::error("read::several-documents", "a second document begins", span)
                .with_label("one contract is one document")
                .with_help("keep each document in a file of its own")
                .into(),
        )
    }

    fn event(&mut self, event: Event<'_>, span: Span) -> Result<(), Box<Diagnostic>> {
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                self.scalar(text, style, anchor, tag.as_deref(), span)
            }
            Event::SequenceStart(anchor, tag) => {
                self.check_tag(tag.as_deref(), "seq", span);
                self.push(Kind::List(Vec::new()), span, anchor)
            }
            Event::MappingStart(anchor, tag) => {
                self.check_tag(tag.as_deref(), "map", span);
                let kind = Kind::Map {
                    members: Vec::new(),
                    key: None,
                    merges: Vec::new(),
                };
                self.push(kind, span, anchor)
            }
            Event::SequenceEnd | Event::MappingEnd => {
                self.close(span);
                Ok(())
            }
            Event::Alias(id) => self.alias(id, span),
            _ => Ok(()),
        }
    }

    fn push(&mut self, kind: Kind, start: Span, anchor: usize) -> Result<(), Box<Diagnostic>> {
        if self.open.len() >= MAX_DEPTH {
            return Err(too_deep(start));
        }
        self.open.push(Open {
            kind,
            start,
            anchor,
        });
        Ok(())
    }

    fn close(&mut self, end: Span) {
        let Some(Open {
            kind,
            start,
            anchor,
        }) = self.open.pop()
        else {
            return;
        };
        let flow = matches!(self.text.as_bytes().get(start.start()), Some(b'[' | b'{'));
        let (value, first, last) = match kind {
            Kind::List(mut items) => {
                items.shrink_to_fit();
                let last = items.last().map(|item| item.span.end());
                (Value::Array(items), None, last)
            }
            Kind::Map {
                mut members,
                merges,
                ..
            } => {
                let first = members.first().map(|member| member.key_span.start());
                let last = members
                    .last()
                    .map(|m| m.value.span.end().max(m.key_span.end()));
                unique(&mut members, self.found);
                merge(&mut members, merges);
                // Most objects have few members, and each is large.
                members.shrink_to_fit();
                (Value::Object(members.into()), first, last)
            }
        };
        let begin = first.filter(|_| !flow).unwrap_or(start.start());
        let finish = last.filter(|_| !flow).unwrap_or(end.end()).max(begin);
        let node = Node::new(value, Span::new(start.file, begin, finish));
        self.complete(node, anchor);
    }

    fn scalar(
        &mut self,
        text: Cow<'_, str>,
        style: ScalarStyle,
        anchor: usize,
        tag: Option<&Tag>,
        span: Span,
    ) -> Result<(), Box<Diagnostic>> {
        if let Some(Open {
            kind: Kind::Map {
                key: key @ None, ..
            },
            ..
        }) = self.open.last_mut()
        {
            if anchor != 0 {
                let node = Node::string(text.as_ref(), span);
                let (size, depth) = (1, 1);
                self.anchors.insert(anchor, Anchor { node, size, depth });
            }
            // The parser's own text has room for more.
            *key = Some((text.as_ref().to_owned(), span));
            return Ok(());
        }
        let value = self.resolve(&text, style, tag, span);
        self.complete(Node::new(value, span), anchor);
        Ok(())
    }

    fn resolve(&mut self, text: &str, style: ScalarStyle, tag: Option<&Tag>, span: Span) -> Value {
        let plain = match tag {
            None if style == ScalarStyle::Plain => Some(scalar::plain(text)),
            None => None,
            Some(tag) if tag.is_yaml_core_schema() => match tag.suffix.as_str() {
                "str" => None,
                "null" | "bool" | "int" | "float" => self.tagged(text, tag, span),
                _ => self.unknown_tag(tag, span),
            },
            Some(tag) if is_non_specific(tag) => None,
            Some(tag) => self.unknown_tag(tag, span),
        };
        match plain {
            Some(plain) => plain_value(plain, text, span, self.found),
            None => Value::String(text.to_owned()),
        }
    }

    /// A scalar whose tag names its type must be of that type.
    fn tagged(&mut self, text: &str, tag: &Tag, span: Span) -> Option<Plain> {
        let plain = scalar::plain(text);
        let holds = match (&plain, tag.suffix.as_str()) {
            (Plain::Value(Value::Null), "null") | (Plain::Value(Value::Bool(_)), "bool") => true,
            (Plain::Value(Value::Number(number)), "int") => !number.is_f64(),
            (Plain::Value(Value::Number(_)) | Plain::Inexact(_) | Plain::NotInJson, "float") => {
                true
            }
            _ => false,
        };
        if !holds {
            let message = format!(
                "`{text}` is not of the type its tag `!!{}` says",
                tag.suffix
            );
            self.found
                .push(Diagnostic::error("read::tag", message, span).with_help("drop the tag"));
        }
        holds.then_some(plain)
    }

    fn check_tag(&mut self, tag: Option<&Tag>, expected: &str, span: Span) {
        if let Some(tag) = tag
            && !(tag.is_yaml_core_schema() && tag.suffix == expected)
            && !is_non_specific(tag)
        {
            let _: Option<Plain> = self.unknown_tag(tag, span);
        }
    }

    fn unknown_tag(&mut self, tag: &Tag, span: Span) -> Option<Plain> {
        let name = if tag.is_yaml_core_schema() {
            format!("!!{}", tag.suffix)
        } else {
            tag.to_string()
        };
        let message = format!("the tag `{name}` has no meaning here");
        self.found.push(
            Diagnostic::error("read::tag", message, span)
                .with_label("tagged value")
                .with_help("drop the tag and write the value as JSON would have it"),
        );
        None
    }

    fn alias(&mut self, id: usize, span: Span) -> Result<(), Box<Diagnostic>> {
        let Some(anchor) = self.anchors.get(&id) else {
            return Err(Diagnostic::error(
                "read::alias",
                "the alias stands inside the very value it names",
                span,
            )
            .with_help("point to a named schema with `$ref` to make a type recursive")
            .into());
        };
        self.expanded += anchor.size;
        if self.expanded > MAX_EXPANSION {
            let message = format!("aliases expand to more than {MAX_EXPANSION} values");
            return Err(Diagnostic::error("read::alias", message, span)
                .with_label("the limit is passed here")
                .with_help("use `$ref` instead of aliases")
                .into());
        }
        if self.open.len() + anchor.depth > MAX_DEPTH {
            return Err(too_deep(span));
        }
        let node = anchor.node.clone();
        self.complete(node, 0);
        Ok(())
    }

    /// Puts a finished value where it belongs.
    fn complete(&mut self, node: Node, anchor: usize) {
        if anchor != 0 {
            let (size, depth) = size_and_depth(&node);
            let node = node.clone();
            self.anchors.insert(anchor, Anchor { node, size, depth });
        }
        match self.open.last_mut().map(|open| &mut open.kind) {
            None => self.root = self.root.take().or(Some(node)),
            Some(Kind::List(items)) => items.push(node),
            Some(Kind::Map {
                members,
                key,
                merges,
            }) => match key.take() {
                None => {
                    if let Value::String(name) = node.value {
                        *key = Some((name, node.span));
                        return;
                    }
                    self.found.push(complex_key(&node));
                    *key = Some((format!("\u{0}{}", members.len()), node.span));
                }
                Some((name, span)) if is_merge(self.text, &name, span, &node) => merges.push(node),
                Some((name, key_span)) => members.push(Member {
                    key: name,
                    key_span,
                    value: node,
                }),
            },
        }
    }

    fn finish(self, beginning: Span) -> Result<Node, Box<Diagnostic>> {
        self.root.ok_or_else(|| {
            Diagnostic::error("read::empty", "the document is empty", beginning)
                .with_help("a contract begins with `openapi: 3.1.0`")
                .into()
        })
    }
}

/// The tag `!` alone makes a scalar a string.
fn is_non_specific(tag: &Tag) -> bool {
    tag.handle.is_empty() && tag.suffix == "!"
}

/// Only an unquoted `<<` before an object or a list of objects merges.
fn is_merge(text: &str, key: &str, span: Span, value: &Node) -> bool {
    key == "<<"
        && text.get(span.range()) == Some("<<")
        && match &value.value {
            Value::Object(_) => true,
            Value::Array(items) => items.iter().all(|item| item.as_object().is_some()),
            _ => false,
        }
}

/// Keys of the object itself win over merged ones, earlier merged ones over later ones.
fn merge(members: &mut Vec<Member>, merges: Vec<Node>) {
    let sources = merges.into_iter().flat_map(|node| match node.value {
        Value::Array(items) => items,
        _ => vec![node],
    });
    for member in sources
        .flat_map(|mut node| node.as_object_mut().map(std::mem::take))
        .flatten()
    {
        if !members.iter().any(|own| own.key == member.key) {
            members.push(member);
        }
    }
}

fn complex_key(node: &Node) -> Diagnostic {
    let message = format!("{} cannot be a key", node.kind());
    Diagnostic::error("read::key", message, node.span)
        .with_label("a key is a string")
        .with_help("write the key out as text")
}

fn syntax(error: &ScanError, places: &Places<'_>) -> Box<Diagnostic> {
    let at = places.byte(*error.marker());
    let span = Span::new(places.file, at, at);
    let message = format!("this is not YAML: {}", error.info());
    let diagnostic =
        Diagnostic::error("read::syntax", message, span).with_label("reading stopped here");
    match fix(error.info()) {
        Some(help) => Box::new(diagnostic.with_help(help)),
        None => Box::new(diagnostic),
    }
}

/// What to do about the mistakes people make most.
fn fix(info: &str) -> Option<&'static str> {
    let table = [
        ("tab", "indent with spaces, never with tabs"),
        (
            "expect ':'",
            "a key ends with `:`, and a value goes on with deeper indentation",
        ),
        (
            "escape c",
            "write a backslash as `\\\\` between double quotes, or use single quotes",
        ),
        ("recursion limit", "write it with fewer levels"),
        (
            "in quoted scalar",
            "close the quote that begins above; in single quotes, an apostrophe is written twice",
        ),
        (
            "expected node content",
            "a value or a closing bracket is missing before this place",
        ),
        (
            "mapping values are not allowed",
            "quote a value that holds `: `, and look whether the line is indented as its neighbours",
        ),
        (
            "did not find expected key",
            "look whether this line is indented as the keys above it",
        ),
        (
            "unexpected end of stream",
            "close the quote or bracket that is still open",
        ),
        (
            "unknown anchor",
            "define the anchor (`&name`) above its first alias (`*name`)",
        ),
        (
            "invalid indentation",
            "indent this line as its neighbours; the lines of a `{…}` or `[…]`, its end included, \
             begin no further left than the key it belongs to",
        ),
    ];
    let found = table.iter().find(|(words, _)| info.contains(words));
    found.map(|(_, help)| *help)
}
