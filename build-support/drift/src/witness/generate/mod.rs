//! Values worth trying: made from what the sending side's schema says, at the limits that either
//! side draws.
//!
//! Nothing here decides whether a value is accepted: the validator does. So a value may be wrong. It only
//! matters that one of the few values shows the change.

mod lists;
mod numbers;
mod objects;
mod texts;
mod view;

use serde_json::{Value, json};
use std::cell::Cell;
use std::collections::HashSet;
use std::hash::{BuildHasher as _, BuildHasherDefault, DefaultHasher};
pub(super) use view::Part;
pub(super) use view::same;
use view::{View, views};

/// A step down into a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    /// Into a member.
    Property(String),
    /// Into the items of a list.
    Item,
    /// Into members or items that are not named.
    Other,
}

/// What is made: the sender's schemas, all of which hold, the receiver's that apply to the same
/// value, and where in the value the difference lies.
#[derive(Debug, Clone)]
pub(super) struct Task<'t> {
    pub sender: Vec<Part<'t>>,
    pub receiver: Vec<Part<'t>>,
    pub focus: &'t [Step],
    /// The schemas around it, from the outside in, by what they lead to.
    pub around: Vec<Vec<usize>>,
    /// How many parts may still be made, in all: schemas that lead into one another could go on
    /// for longer than anyone waits.
    pub fuel: &'t Cell<usize>,
}

impl<'t> Task<'t> {
    /// The task for a part of the value.
    pub(super) fn inside(
        &self,
        sender: Vec<Part<'t>>,
        receiver: Vec<Part<'t>>,
        focus: &'t [Step],
    ) -> Self {
        let mut around = self.around.clone();
        around.push(identity(&self.sender));
        Self {
            sender,
            receiver,
            focus,
            around,
            fuel: self.fuel,
        }
    }

    /// Whether the same schemas are around it already. What can be shown about them is shown there.
    fn is_again(&self) -> bool {
        self.around.contains(&identity(&self.sender))
    }
}

/// The identity of a list of schemas: the address of each of them, or of what it refers to.
fn identity(parts: &[Part<'_>]) -> Vec<usize> {
    let of = |part: &Part<'_>| std::ptr::from_ref(part.target()) as usize;
    parts.iter().map(of).collect()
}

/// How deep values are made.
const DEEPEST: usize = 7;

/// How many schemas are added to ways through alternatives at the cost of one more part.
const STEPS: usize = 16;

/// How many values are made for what is inside, by depth.
const WIDTHS: [usize; 3] = [128, 64, 32];

/// Values worth trying, the simplest first, each once.
pub(super) fn values(task: &Task, width: usize) -> Vec<Value> {
    make(task, width)
}

/// Values for a part of a value.
fn inner_values(task: &Task) -> Vec<Value> {
    let width = match task.is_again() && task.focus.is_empty() {
        true => 1,
        false => WIDTHS[(task.around.len() - 1).min(WIDTHS.len() - 1)],
    };
    make(task, width)
}

/// The simplest value.
fn simplest(task: &Task) -> Option<Value> {
    make(task, 1).into_iter().next()
}

fn make(task: &Task, width: usize) -> Vec<Value> {
    let mut found = Found::new(width);
    let Some(left) = task.fuel.get().checked_sub(1) else {
        return found.values;
    };
    task.fuel.set(left);
    if task.around.len() > DEEPEST {
        return found.values;
    }
    let (sender, steps) = views(&task.sender);
    task.fuel.set(left.saturating_sub(steps / STEPS));
    let receiver = View::everything(&task.receiver);
    for view in &sender {
        of_view(task, view, &receiver, &mut found);
        if found.is_full() {
            break;
        }
    }
    found.values
}

fn of_view<'t>(task: &Task<'t>, view: &View<'t>, receiver: &View<'t>, found: &mut Found) {
    if let Some(listed) = view.listed() {
        let foreign: HashSet<&Value> = receiver.listed().into_iter().flatten().collect();
        let (known, new): (Vec<&Value>, _) = listed
            .into_iter()
            .partition(|value| foreign.contains(value));
        // A single value should be one that both know; of many, the telling ones come first.
        let (first, second) = if found.width == 1 {
            (known, new)
        } else {
            (new, known)
        };
        let wanted = first.into_iter().chain(second).take(found.width);
        found.extend(wanted.cloned());
        return;
    }
    for kind in kinds(view, receiver) {
        if found.is_full() {
            return;
        }
        match kind {
            "null" => found.push(Value::Null),
            "boolean" => found.extend([json!(true), json!(false)]),
            "integer" => numbers::make(view, receiver, true, found),
            "number" => numbers::make(view, receiver, false, found),
            "string" => texts::make(view, receiver, found),
            "array" => lists::make(task, view, receiver, found),
            "object" => objects::make(task, view, receiver, found),
            _ => {}
        }
    }
}

const KINDS: [&str; 7] = [
    "object", "array", "string", "integer", "number", "boolean", "null",
];

/// The kinds of value to make, those that the keywords apply to and that both sides know first.
fn kinds(view: &View, receiver: &View) -> Vec<&'static str> {
    let mut kinds: Vec<&str> = KINDS.into_iter().filter(|kind| view.allows(kind)).collect();
    if kinds.contains(&"number") {
        kinds.retain(|kind| *kind != "integer");
    }
    let speaks = |kind: &str| view.speaks_of(kind) || receiver.speaks_of(kind);
    kinds.sort_by_key(|kind| {
        let shared = view.names_kind(kind) && receiver.allows(kind);
        (
            !speaks(kind),
            !shared,
            *kind == "object" || *kind == "array",
        )
    });
    kinds
}

/// Values in the order they were found, each once, as many as are wanted.
#[derive(Debug)]
struct Found {
    values: Vec<Value>,
    /// The hashes of the values.
    known: HashSet<u64>,
    hasher: BuildHasherDefault<DefaultHasher>,
    width: usize,
}

impl Found {
    fn new(width: usize) -> Self {
        Self {
            values: Vec::new(),
            known: HashSet::new(),
            hasher: BuildHasherDefault::default(),
            width,
        }
    }

    fn push(&mut self, value: Value) {
        if self.is_full() {
            return;
        }
        let is_new = self.known.insert(self.hasher.hash_one(&value));
        if is_new || !self.values.contains(&value) {
            self.values.push(value);
        }
    }

    fn extend(&mut self, values: impl IntoIterator<Item = Value>) {
        for value in values {
            self.push(value);
        }
    }

    fn is_full(&self) -> bool {
        self.values.len() >= self.width
    }
}
