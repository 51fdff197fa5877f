//! A state diagram, drawn from the table of transitions.
//!
//! States stand in rows, the first one on top. A state is one row below the earliest from which it
//! is reached, a final one below all that lead to it. So most arrows point down, and the drawing
//! stays narrow enough for a phone.

use maud::{Markup, html};
use offblocks_cards::rules::Lifecycle;

use super::parts;

/// The size of the drawing and of what is in it.
const WIDTH: i32 = 340;
const NODE: (i32, i32) = (92, 28);
const ROW: i32 = 66;
const MARGIN: i32 = 20;

/// A state and the middle of its box.
#[derive(Clone, Copy)]
struct Node<S> {
    state: S,
    row: usize,
    x: i32,
    y: i32,
}

/// The diagram of all states, with the present one marked.
pub(super) fn of<S: Lifecycle>(present: S) -> Markup {
    let nodes = layout::<S>();
    let last = nodes.iter().map(|node| node.y).max().unwrap_or_default();
    let height = last + NODE.1 / 2 + MARGIN;
    let view = format!("0 0 {WIDTH} {height}");
    html! {
        figure class="diagram" {
            svg viewBox=(view) role="img" aria-label=(description(present)) {
                defs { (arrow("arrow")) (arrow("arrow-open")) }
                @for step in S::TRANSITIONS {
                    @let open = step.from == present;
                    @if let Some(path) = path(&nodes, step.from, step.to) {
                        path class=(if open { "edge open" } else { "edge" }) d=(path)
                            marker-end=(if open { "url(#arrow-open)" } else { "url(#arrow)" }) {
                            title { (step.from) " to " (step.to) ": " (step.cause) }
                        }
                    }
                }
                @for node in &nodes { (draw(node, present)) }
            }
        }
    }
}

fn description<S: Lifecycle>(present: S) -> String {
    let mut next: Vec<_> = present
        .transitions()
        .map(|step| step.to.to_string())
        .collect();
    next.dedup();
    let next = match next.is_empty() {
        true => "which is final".to_owned(),
        false => format!("from where it can become {}", next.join(", ")),
    };
    format!("States of the {}: it is {present}, {next}", S::ENTITY)
}

fn arrow(id: &str) -> Markup {
    html! {
        marker id=(id) viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7"
            orient="auto-start-reverse" {
            path class=(id) d="M0 0L8 4L0 8z" {}
        }
    }
}

fn draw<S: Lifecycle>(node: &Node<S>, present: S) -> Markup {
    let class = match (
        node.state == present,
        present.transitions().any(|step| step.to == node.state),
    ) {
        (true, _) => "node present",
        (false, true) => "node next",
        (false, false) => "node",
    };
    html! {
        g class=(class) {
            rect x=(node.x - NODE.0 / 2) y=(node.y - NODE.1 / 2) width=(NODE.0) height=(NODE.1) rx="6" {}
            text x=(node.x) y=(node.y + 4) text-anchor="middle" { (parts::words(&node.state.to_string())) }
        }
    }
}

/// Where each state stands.
fn layout<S: Lifecycle>() -> Vec<Node<S>> {
    let rows = rows::<S>();
    let mut nodes: Vec<Node<S>> = Vec::new();
    for row in 0..=rows.iter().map(|(_, row)| *row).max().unwrap_or_default() {
        let states: Vec<S> = rows
            .iter()
            .filter(|(_, its)| *its == row)
            .map(|(state, _)| *state)
            .collect();
        let count = i32::try_from(states.len()).unwrap_or(1);
        // Final states stand closer together, so that arrows reach them between others.
        let ends = states.iter().all(|state| state.is_final()) && row > 1;
        let room = if ends { WIDTH * 2 / 3 } else { WIDTH };
        let start = (WIDTH - room) / 2;
        for (index, state) in (0..).zip(states) {
            nodes.push(Node {
                state,
                row,
                x: start + room * (2 * index + 1) / (2 * count),
                y: MARGIN + NODE.1 / 2 + ROW * i32::try_from(row).unwrap_or_default(),
            });
        }
    }
    nodes
}

/// The row of each state.
fn rows<S: Lifecycle>() -> Vec<(S, usize)> {
    let mut rows: Vec<(S, usize)> = S::STATES
        .first()
        .map(|state| (*state, 0))
        .into_iter()
        .collect();
    let mut next = 0;
    while let Some((state, row)) = rows.get(next).copied() {
        for step in state.transitions() {
            if !rows.iter().any(|(known, _)| *known == step.to) {
                rows.push((step.to, row + 1));
            }
        }
        next += 1;
    }
    let above = rows.clone();
    let row_of = |state: S| {
        above
            .iter()
            .find(|(known, _)| *known == state)
            .map_or(0, |(_, row)| *row)
    };
    for (state, row) in &mut rows {
        if state.is_final() {
            let leading = S::TRANSITIONS.iter().filter(|step| step.to == *state);
            *row = leading
                .map(|step| row_of(step.from) + 1)
                .max()
                .unwrap_or(*row);
        }
    }
    rows
}

/// The arrow from one state to another.
fn path<S: Lifecycle>(nodes: &[Node<S>], from: S, to: S) -> Option<String> {
    let find = |state| nodes.iter().find(|node| node.state == state).copied();
    let (from, to) = (find(from)?, find(to)?);
    let back = S::TRANSITIONS
        .iter()
        .any(|step| step.from == to.state && step.to == from.state);
    let (half_width, half_height) = (NODE.0 / 2, NODE.1 / 2);
    if from.row == to.row {
        let side = (to.x - from.x).signum();
        let shift = if back { 6 * side } else { 0 };
        let (x, y) = (from.x + side * half_width, from.y + shift);
        return Some(format!("M{x} {y}H{}", to.x - side * (half_width + 1)));
    }
    let down = if to.row > from.row { 1 } else { -1 };
    let (start, end) = (from.y + down * half_height, to.y - down * (half_height + 1));
    if from.row.abs_diff(to.row) == 1 {
        // Two arrows between the same states stand beside each other.
        let shift = if back { 10 * down } else { 0 };
        let (x, target) = (from.x + shift, to.x + shift);
        let bend = down * (ROW - NODE.1) / 2;
        return Some(format!(
            "M{x} {start}C{x} {} {target} {} {target} {end}",
            start + bend,
            end - bend
        ));
    }
    let way = gap(nodes, &from, &to);
    let side = if way < from.x { -1 } else { 1 };
    let (x, middle) = (from.x + side * half_width, i32::midpoint(from.y, to.y));
    let target = to.x + (way - to.x).clamp(-half_width + 12, half_width - 12);
    Some(format!(
        "M{x} {y}C{way} {y} {way} {} {way} {middle}S{target} {} {target} {end}",
        from.y + down * 8,
        end - down * 22,
        y = from.y,
    ))
}

/// Where an arrow passes the rows between two states without touching a box: as near to its target
/// as possible.
fn gap<S: Lifecycle>(nodes: &[Node<S>], from: &Node<S>, to: &Node<S>) -> i32 {
    let between = from.row.min(to.row) + 1..from.row.max(to.row);
    let clear = |x: &i32| {
        let mut passed = nodes.iter().filter(|node| between.contains(&node.row));
        let beside = (x - from.x).abs() > NODE.0 / 2;
        beside && passed.all(|node| (node.x - x).abs() > NODE.0 / 2 + 6)
    };
    let ways = (8..WIDTH - 8).step_by(4).filter(clear);
    ways.min_by_key(|x| (x - to.x).abs()).unwrap_or(WIDTH - 8)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use offblocks_cards::rules::{
        AccountState, AuthorisationState, CardState, CustomerState, TransactionState,
    };

    use super::*;

    fn check<S: Lifecycle>() {
        let nodes = layout::<S>();
        assert_eq!(
            nodes.len(),
            S::STATES.len(),
            "{} has a state nothing leads to",
            S::ENTITY
        );
        let places: BTreeSet<_> = nodes.iter().map(|node| (node.x, node.y)).collect();
        assert_eq!(
            places.len(),
            nodes.len(),
            "two boxes of the {} overlap",
            S::ENTITY
        );
        for node in &nodes {
            assert!(
                node.x >= NODE.0 / 2 && node.x <= WIDTH - NODE.0 / 2,
                "{}",
                node.state
            );
            let drawn = of(node.state).into_string();
            assert_eq!(drawn.matches("node present").count(), 1, "{}", node.state);
            assert_eq!(
                drawn.matches("<path class=\"edge").count(),
                S::TRANSITIONS.len()
            );
            let open = node.state.transitions().count();
            assert_eq!(drawn.matches("edge open").count(), open, "{}", node.state);
        }
    }

    #[test]
    fn every_state_and_transition_is_drawn() {
        check::<CardState>();
        check::<CustomerState>();
        check::<AccountState>();
        check::<AuthorisationState>();
        check::<TransactionState>();
    }
}
