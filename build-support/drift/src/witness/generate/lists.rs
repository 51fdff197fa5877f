//! Lists: of the lengths either side draws, with each telling item.

use super::view::{Part, View, same};
use super::{Found, Step, Task, inner_values, simplest};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// The longest list that is made to show a limit.
const LONGEST: usize = 300;

/// Writes lists.
pub(super) fn make(task: &Task, view: &View, receiver: &View, found: &mut Found) {
    let list = List {
        task,
        view,
        receiver,
    };
    let (least, most) = view.range("minItems", "maxItems");
    let foreign = receiver.range("minItems", "maxItems");
    let shared = least.max(foreign.0).min(most).min(LONGEST);
    found.extend(list.of_length(shared));
    if found.is_full() {
        return;
    }
    let mut lengths = vec![least, 1.max(least), most];
    for limit in [foreign.0, foreign.1] {
        lengths.extend([limit.saturating_sub(1), limit, limit.saturating_add(1)]);
    }
    let tuple = |view: &View| view.schemas("prefixItems").len();
    let positions = view.all("prefixItems").chain(receiver.all("prefixItems"));
    let positions = positions.filter_map(Value::as_array).map(Vec::len).max();
    let positions = positions.unwrap_or(tuple(view));
    lengths.extend([positions, positions + 1]);
    lengths.retain(|length| (least..=most).contains(length) && *length <= LONGEST);
    if task.focus.is_empty() {
        found.extend(lengths.iter().filter_map(|length| list.of_length(*length)));
        found.extend(list.alike(least.max(2)));
    }
    let length = shared.max(1).min(most);
    for at in 0..=positions {
        list.varied(at, length.max(at + 1).min(most), found);
    }
    found.extend(list.containing());
}

struct List<'a, 't> {
    task: &'a Task<'t>,
    view: &'a View<'t>,
    receiver: &'a View<'t>,
}

impl<'t> List<'_, 't> {
    /// The simplest list of a length whose items all differ.
    fn of_length(&self, length: usize) -> Option<Value> {
        let mut items: Vec<Value> = Vec::with_capacity(length);
        let mut spare = self.rest().into_iter();
        let distinct = self.asks_for_distinct();
        for at in 0..length {
            let mut item = simplest(&self.item(at))?;
            if distinct && items.contains(&item) {
                let fresh = spare.find(|value| !items.contains(value));
                item = fresh.unwrap_or_else(|| json!(at));
            }
            items.push(item);
        }
        Some(Value::Array(items))
    }

    fn asks_for_distinct(&self) -> bool {
        let mut said = self
            .view
            .all("uniqueItems")
            .chain(self.receiver.all("uniqueItems"));
        said.any(|flag| flag == &Value::Bool(true))
    }

    /// Items that differ from one another.
    fn rest(&self) -> Vec<Value> {
        if self.asks_for_distinct() {
            inner_values(&self.item(usize::MAX))
        } else {
            Vec::new()
        }
    }

    /// A list with the same item twice.
    fn alike(&self, length: usize) -> Option<Value> {
        let item = simplest(&self.item(0))?;
        (length <= LONGEST).then(|| Value::Array(vec![item; length]))
    }

    /// Lists in which one item runs through all its telling values.
    fn varied(&self, at: usize, length: usize, found: &mut Found) {
        if at >= length || length > LONGEST {
            return;
        }
        let Some(Value::Array(items)) = self.of_length(length) else {
            return;
        };
        let item = self.item(at);
        if same(&item.sender, &item.receiver) {
            return;
        }
        for value in inner_values(&item) {
            let mut items = items.clone();
            items[at] = value;
            found.push(Value::Array(items));
        }
    }

    /// Lists that hold what `contains` asks for, of one side or of both.
    fn containing(&self) -> Vec<Value> {
        let simple = |part| simplest(&self.inside(vec![part], Vec::new()));
        let of = |view: &View<'t>| -> Vec<Value> {
            let parts = view.schemas("contains").into_iter();
            parts.filter_map(simple).collect()
        };
        let (own, foreign) = (of(self.view), of(self.receiver));
        let each = own.iter().chain(&foreign);
        let times = self.times();
        let alike = each.flat_map(|item| times.iter().map(|times| vec![item.clone(); *times]));
        let mut found: Vec<Vec<Value>> = alike.collect();
        for one in &own {
            for other in &foreign {
                found.push(vec![one.clone(), other.clone()]);
                found.push(vec![other.clone(), one.clone(), one.clone()]);
                found.push(vec![one.clone(), other.clone(), other.clone()]);
            }
        }
        found.into_iter().map(Value::Array).collect()
    }

    /// How often an item is repeated that `contains` asks for: a few times, and around the counts that
    /// either side allows.
    fn times(&self) -> BTreeSet<usize> {
        let keys = ["minContains", "maxContains"];
        let counts = keys.iter().flat_map(|key| {
            let own = self.view.counts(key).into_iter();
            own.chain(self.receiver.counts(key))
        });
        let around = counts.flat_map(|count| [count.saturating_sub(1), count, count + 1]);
        let all = [1, 2, 3].into_iter().chain(around);
        all.filter(|times| *times <= LONGEST).collect()
    }

    fn item(&self, at: usize) -> Task<'t> {
        self.inside(parts(self.view, at), parts(self.receiver, at))
    }

    fn inside(&self, sender: Vec<Part<'t>>, receiver: Vec<Part<'t>>) -> Task<'t> {
        let focus = match self.task.focus.split_first() {
            Some((Step::Item, rest)) => rest,
            _ => &[],
        };
        self.task.inside(sender, receiver, focus)
    }
}

/// What a side says of the item at a position.
fn parts<'t>(view: &View<'t>, at: usize) -> Vec<Part<'t>> {
    let placed = view.placed("prefixItems", at);
    let rest = if placed.is_empty() {
        view.schemas("items")
    } else {
        placed
    };
    let unevaluated = view.schemas("unevaluatedItems");
    let contained = view.schemas("contains").into_iter().filter(|_| at == 0);
    let said = if rest.is_empty() { unevaluated } else { rest };
    said.into_iter().chain(contained).collect()
}
