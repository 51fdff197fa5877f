//! References that go round in a circle without a schema in between describe nothing.
//!
//! A schema may contain itself through a property, a list or a map. It may not *be* itself:
//! through `$ref` alone, or as a member of its own `allOf`, `anyOf` or `oneOf`.

use super::context::{Context, local_pointer};
use crate::diagnostics::Diagnostic;
use crate::grammar::Kind;
use crate::span::Span;
use std::collections::HashMap;

pub(super) fn check(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    let graph = Graph::of(context);
    let mut reported: Vec<usize> = Vec::new();
    for start in 0..graph.edges.len() {
        let Some(circle) = graph.circle(start) else {
            continue;
        };
        if circle.iter().any(|edge| reported.contains(edge)) {
            continue;
        }
        found.push(diagnostic(&graph, &circle));
        reported.extend(circle);
    }
}

/// A step from an object to another one that it depends on.
struct Edge<'a> {
    from: String,
    to: String,
    /// The `$ref`, where it is one.
    reference: Option<(&'a str, Span)>,
}

struct Graph<'a> {
    edges: Vec<Edge<'a>>,
    leaving: HashMap<String, Vec<usize>>,
}

impl<'a> Graph<'a> {
    fn of(context: &'a Context<'_>) -> Self {
        let references = context.walk.references.iter();
        let by_reference = references.filter(|r| !r.mapping).filter_map(|reference| {
            Some(Edge {
                from: reference.pointer.clone(),
                to: local_pointer(reference.target)?,
                reference: Some((reference.target, reference.span)),
            })
        });
        let mut edges: Vec<Edge<'a>> = by_reference.collect();
        edges.extend(context.walk.of(Kind::Schema).flat_map(|place| {
            ["allOf", "anyOf", "oneOf"]
                .into_iter()
                .flat_map(move |word| {
                    let members = place.node.get(word).map_or(0, |list| list.items().len());
                    (0..members).map(move |index| Edge {
                        from: place.pointer.clone(),
                        to: format!("{}/{word}/{index}", place.pointer),
                        reference: None,
                    })
                })
        }));
        let mut leaving: HashMap<String, Vec<usize>> = HashMap::new();
        for (index, edge) in edges.iter().enumerate() {
            leaving.entry(edge.from.clone()).or_default().push(index);
        }
        Self { edges, leaving }
    }

    /// The shortest way that begins with an edge and comes back to where it began.
    fn circle(&self, start: usize) -> Option<Vec<usize>> {
        let home = &self.edges[start].from;
        self.edges[start].reference?;
        let mut came_by: HashMap<usize, usize> = HashMap::new();
        let mut queue = std::collections::VecDeque::from([start]);
        while let Some(edge) = queue.pop_front() {
            if self.edges[edge].to == *home {
                return Some(trace(&came_by, start, edge));
            }
            for &next in self.leaving.get(&self.edges[edge].to).into_iter().flatten() {
                if next != start && !came_by.contains_key(&next) {
                    came_by.insert(next, edge);
                    queue.push_back(next);
                }
            }
        }
        None
    }
}

fn trace(came_by: &HashMap<usize, usize>, start: usize, last: usize) -> Vec<usize> {
    let mut way = vec![last];
    while let Some(&before) = came_by.get(way.last().unwrap_or(&start)) {
        way.push(before);
    }
    way.reverse();
    way
}

fn diagnostic(graph: &Graph<'_>, circle: &[usize]) -> Diagnostic {
    let mut steps: Vec<(Span, &str)> = circle
        .iter()
        .filter_map(|edge| graph.edges[*edge].reference)
        .map(|(target, span)| (span, target))
        .collect();
    let first = steps.iter().enumerate().min_by_key(|(_, (span, _))| *span);
    let first = first.map_or(0, |(at, _)| at);
    steps.rotate_left(first);
    let message = match steps.len() {
        1 => "the reference leads back to itself, and no schema is ever reached".to_owned(),
        count => format!("{count} references lead in a circle, and no schema is ever reached"),
    };
    let (span, target) = steps.first().copied().unwrap_or_default();
    let mut diagnostic = Diagnostic::error("read::ref-cycle", message, span)
        .with_label(format!("on to `{target}`"))
        .with_help("write the schema that is meant in place of one of the references");
    for (span, target) in steps.iter().skip(1) {
        diagnostic = diagnostic.with_related(*span, format!("on to `{target}`"));
    }
    diagnostic
}
