//! What several schemas that all apply say together: references are followed, `allOf` is flattened, and
//! the spellings of 3.0 are read as those of 3.1.

use super::amount::Amount;
use super::canonical::canonical;
use super::set::Set;
use super::side::Side;
use super::types::Types;
use super::{keywords, patterns, reduce};
use crate::at::At;
use contract::{Node, SpecVersion, Value};
use std::cell::OnceCell;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::rc::Rc;

/// What schemas say together. Every place is that of the keyword's value.
#[derive(Debug, Default)]
pub(crate) struct View<'a> {
    /// Where the keywords are written: at the end of the first chain of references.
    pub home: Option<Rc<str>>,
    /// A schema `false` among them.
    pub never: Option<At<'a>>,
    /// Whether the requirements contradict one another, so that no value is accepted.
    pub contradicts: bool,
    /// A `oneOf` or `anyOf` without members.
    pub hollow: Option<At<'a>>,
    /// The types declared.
    pub declared: Option<Types>,
    /// Where they are.
    pub type_at: Option<At<'a>>,
    /// `nullable: true` without a type beside it.
    pub nullable: Option<At<'a>>,
    /// The only accepted values.
    pub values: Option<Values<'a>>,
    /// `x-extensible-enum`.
    pub known_values: Option<At<'a>>,
    /// Bounds by keyword, the strictest of each.
    pub bounds: BTreeMap<Limit, Bound<'a>>,
    pub multiples: Vec<(Amount, At<'a>)>,
    pub patterns: Vec<(&'a str, At<'a>)>,
    pub formats: Vec<(&'a str, At<'a>)>,
    pub contents: Vec<(&'static str, &'a str, At<'a>)>,
    pub content_schemas: Vec<At<'a>>,
    pub unique: Option<At<'a>>,
    pub objects: Vec<ObjectPart<'a>>,
    pub required: BTreeMap<&'a str, At<'a>>,
    pub names: Vec<At<'a>>,
    pub needs: BTreeMap<(&'a str, &'a str), At<'a>>,
    pub dependents: BTreeMap<&'a str, Vec<At<'a>>>,
    pub unevaluated_properties: Vec<At<'a>>,
    pub arrays: Vec<ArrayPart<'a>>,
    pub contains: Vec<At<'a>>,
    pub unevaluated_items: Vec<At<'a>>,
    pub unions: Vec<Union<'a>>,
    pub excluded: Vec<At<'a>>,
    pub conditions: Vec<Condition<'a>>,
    pub discriminator: Option<At<'a>>,
    pub dynamic: Vec<At<'a>>,
    /// References that lead nowhere, with the place of the object that holds them.
    pub opaque: Vec<(&'a str, At<'a>)>,
    /// Keywords with a value that they cannot have.
    pub odd: Vec<(&'a str, At<'a>)>,
    pub read_only: Option<At<'a>>,
    pub write_only: Option<At<'a>>,
    pub deprecated: Option<At<'a>>,
    pub sunset: Option<At<'a>>,
    pub default: Option<At<'a>>,
    /// Everything that constrains nothing, by keyword.
    pub notes: BTreeMap<&'a str, Vec<At<'a>>>,
    /// Which of many object parts list a property, and which say something of any.
    pub listing: OnceCell<Listing<'a>>,
}

/// Numbers of object parts, ascending.
#[derive(Debug, Default)]
pub(crate) struct Listing<'a> {
    by_name: HashMap<&'a str, Vec<usize>>,
    of_any: Vec<usize>,
}

/// A keyword with a bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Limit {
    Minimum,
    Maximum,
    MinLength,
    MaxLength,
    MinItems,
    MaxItems,
    MinProperties,
    MaxProperties,
    MinContains,
    MaxContains,
}

/// A bound.
#[derive(Debug, Clone)]
pub(crate) struct Bound<'a> {
    pub value: Amount,
    pub exclusive: bool,
    pub at: At<'a>,
}

/// `enum` and `const`.
#[derive(Debug)]
pub(crate) struct Values<'a> {
    pub at: At<'a>,
    pub list: Vec<At<'a>>,
    /// 3.0 `nullable` beside it and no type, which adds null to the list.
    pub null: bool,
    /// The texts of a long list, so that a value is found at once.
    known: OnceCell<HashSet<String>>,
}

/// What one schema object says of properties.
#[derive(Debug, Default)]
pub(crate) struct ObjectPart<'a> {
    pub properties: BTreeMap<&'a str, At<'a>>,
    pub patterns: BTreeMap<&'a str, At<'a>>,
    pub additional: Option<At<'a>>,
    /// The patterns by what everything begins with that they match.
    pub beginnings: OnceCell<HashMap<String, Vec<&'a str>>>,
}

impl<'a> ObjectPart<'a> {
    /// The schemas of the patterns that a name surely matches.
    pub fn covering(&self, name: &str) -> Vec<At<'a>> {
        let beginnings = self.beginnings.get_or_init(|| {
            let mut found: HashMap<String, Vec<&str>> = HashMap::new();
            for pattern in self.patterns.keys() {
                let of = found.entry(patterns::beginning(pattern)).or_default();
                of.push(pattern);
            }
            found
        });
        let ends = (0..=name.len()).filter_map(|end| name.get(..end));
        let likely = ends.filter_map(|begin| beginnings.get(begin)).flatten();
        let mut met: Vec<&str> = likely
            .copied()
            .filter(|pattern| patterns::surely_matches(pattern, name))
            .collect();
        met.sort_unstable();
        let schemas = met.iter().filter_map(|pattern| self.patterns.get(pattern));
        schemas.cloned().collect()
    }
}

/// What one schema object says of items.
#[derive(Debug, Default)]
pub(crate) struct ArrayPart<'a> {
    pub first: Vec<At<'a>>,
    pub rest: Option<At<'a>>,
}

/// `oneOf` or `anyOf`.
#[derive(Debug)]
pub(crate) struct Union<'a> {
    pub at: At<'a>,
    pub exclusive: bool,
    pub members: Vec<At<'a>>,
    /// The numbers of the members that some value can meet.
    pub live: Vec<usize>,
    /// The discriminator beside it.
    pub discriminator: Option<At<'a>>,
}

/// `if`, `then` and `else`.
#[derive(Debug)]
pub(crate) struct Condition<'a> {
    pub test: At<'a>,
    pub then: Option<At<'a>>,
    pub otherwise: Option<At<'a>>,
}

impl<'a> View<'a> {
    /// Works out what a set of schemas says.
    pub fn of(side: &Side<'a>, set: &Set<'a>) -> Self {
        let mut builder = Builder {
            side,
            set,
            view: Self::default(),
            settled: Vec::new(),
            seen: HashSet::new(),
        };
        for root in &set.roots {
            builder.push(root.clone());
        }
        reduce::dependents(&mut builder);
        reduce::conditions(&mut builder);
        reduce::dependents(&mut builder);
        let mut view = builder.view;
        view.home = view.home.take().or_else(|| set.home.clone());
        if let Some(only) = set.only {
            view.declared = Some(view.types().and(only));
        }
        reduce::contradictions(side, &mut view);
        match reduce::alternatives(side, set, &mut view) {
            Some(chosen) => Self::of(side, &chosen),
            None => view,
        }
    }

    /// The object parts that say something of a property, in their order.
    pub fn speaking_of(&self, name: &str) -> impl Iterator<Item = &ObjectPart<'a>> {
        let listing =
            (self.objects.len() > FEW).then(|| self.listing.get_or_init(|| self.listing()));
        let numbers = match listing {
            None => (0..self.objects.len()).collect(),
            Some(listing) => {
                let named = listing.by_name.get(name).into_iter().flatten();
                let mut numbers: Vec<usize> = named.chain(&listing.of_any).copied().collect();
                numbers.sort_unstable();
                numbers
            }
        };
        numbers.into_iter().map(|number| &self.objects[number])
    }

    fn listing(&self) -> Listing<'a> {
        let mut listing = Listing::default();
        for (number, part) in self.objects.iter().enumerate() {
            if part.additional.is_some() || !part.patterns.is_empty() {
                listing.of_any.push(number);
                continue;
            }
            for name in part.properties.keys() {
                listing.by_name.entry(name).or_default().push(number);
            }
        }
        listing
    }

    /// Whether no value is accepted.
    pub fn is_unmet(&self) -> bool {
        self.never.is_some() || self.contradicts
    }

    /// The types it accepts, by what is declared or else implied.
    pub fn types(&self) -> Types {
        let mut types = self.declared.unwrap_or_else(|| self.implied());
        // A whole step leaves whole numbers, and so do bounds between which there is only one.
        let is_whole_step = |step: &Amount| step.is_whole() && step.order(Amount::whole(0)).is_gt();
        let limits = self
            .bounds
            .get(&Limit::Minimum)
            .zip(self.bounds.get(&Limit::Maximum));
        let is_one = limits.is_some_and(|(least, most)| {
            let is_same = least.value == most.value && least.value.is_whole();
            is_same && !least.exclusive && !most.exclusive
        });
        if is_one || self.multiples.iter().any(|(step, _)| is_whole_step(step)) {
            types = types.without(Types::FRACTION);
        }
        match &self.values {
            Some(values) if self.declared.is_none() => values.types(),
            _ => types,
        }
    }

    /// Whether no type is stated or implied.
    pub fn says_no_type(&self) -> bool {
        self.declared.is_none_or(|types| types == Types::ALL) && self.implied() == Types::ALL
    }

    /// Whether null is accepted.
    pub fn accepts_null(&self) -> bool {
        if self.never.is_some() || self.nullable.is_some() {
            return self.never.is_none();
        }
        let by_values = self.values.as_ref().is_none_or(Values::has_null);
        let by_type = match self.declared {
            Some(types) => types.has(Types::NULL),
            None => self.implied().has(Types::NULL) || self.values.is_some(),
        };
        by_type && by_values
    }

    /// A schema without a type says by its other keywords which values it means: `properties`
    /// alone is written where `type: object` was forgotten.
    fn implied(&self) -> Types {
        let mut types = Types::NONE;
        if !self.objects.is_empty() || !self.required.is_empty() {
            types = types.or(Types::OBJECT);
        }
        if !self.arrays.is_empty() {
            types = types.or(Types::ARRAY);
        }
        match types.is_empty() {
            true => Types::ALL,
            false => types,
        }
    }

    /// Whether it says more than which types it accepts, its unions apart.
    pub fn says_more_than_types(&self) -> bool {
        self.never.is_some() || !self.is_free_of_rules()
    }

    /// Whether it accepts objects and says nothing of properties that it does not list.
    pub fn is_open_object(&self) -> bool {
        let is_silent = self.objects.iter().all(|part| part.additional.is_none());
        self.types().has(Types::OBJECT) && is_silent && self.unevaluated_properties.is_empty()
    }

    /// Whether it accepts everything.
    pub fn is_any(&self) -> bool {
        self.never.is_none()
            && self.declared.unwrap_or(Types::ALL) == Types::ALL
            && self.unions.is_empty()
            && self.is_free_of_rules()
    }

    fn is_free_of_rules(&self) -> bool {
        self.contents.is_empty() && self.says_only_contents()
    }

    /// Whether it says nothing but its types and what its texts hold, its unions apart.
    pub fn says_only_contents(&self) -> bool {
        self.bounds.is_empty() && self.says_only_bounds()
    }

    /// Whether it says nothing but its types, what its texts hold and bounds, its unions apart.
    pub fn says_only_bounds(&self) -> bool {
        self.values.is_none()
            && self.multiples.is_empty()
            && self.patterns.is_empty()
            && self.formats.is_empty()
            && self.objects.is_empty()
            && self.required.is_empty()
            && self.names.is_empty()
            && self.needs.is_empty()
            && self.dependents.is_empty()
            && self.unevaluated_properties.is_empty()
            && self.arrays.is_empty()
            && self.contains.is_empty()
            && self.unevaluated_items.is_empty()
            && self.excluded.is_empty()
            && self.conditions.is_empty()
            && self.dynamic.is_empty()
            && self.opaque.is_empty()
            && self.unique.is_none()
            && self.known_values.is_none()
    }
}

/// Up to how many values, or parts, are looked at one by one.
const FEW: usize = 8;

impl<'a> Values<'a> {
    /// A list that stands somewhere.
    pub fn new(at: At<'a>, list: Vec<At<'a>>) -> Self {
        Self {
            at,
            list,
            null: false,
            known: OnceCell::new(),
        }
    }

    /// Whether a value is listed.
    pub fn holds(&self, value: &Node) -> bool {
        if self.list.len() <= FEW {
            return self.list.iter().any(|at| same(at.node, value));
        }
        let known = self.known.get_or_init(|| {
            let listed = self.list.iter();
            listed.map(|at| canonical(at.node)).collect()
        });
        known.contains(&canonical(value))
    }

    /// The values that another list holds too.
    pub fn shared(self, other: &Self) -> Self {
        let list = self.list.iter().filter(|at| other.holds(at.node));
        Self {
            null: self.null,
            ..Self::new(self.at.clone(), list.cloned().collect())
        }
    }

    /// The types of its values.
    pub fn types(&self) -> Types {
        let types = self.list.iter().map(|at| Types::of_value(at.node));
        types.fold(Types::NONE, Types::or)
    }

    pub fn has_text(&self, text: &str) -> bool {
        self.list.iter().any(|at| at.node.as_str() == Some(text))
    }

    pub fn has_null(&self) -> bool {
        self.null || self.list.iter().any(|at| at.node.is_null())
    }
}

/// Gathers a view.
pub(super) struct Builder<'s, 'a> {
    pub side: &'s Side<'a>,
    pub set: &'s Set<'a>,
    pub view: View<'a>,
    /// What the schemas around the one that is looked at say themselves to people.
    pub settled: Vec<&'a str>,
    seen: HashSet<usize>,
}

impl<'a> Builder<'_, 'a> {
    /// Adds a schema that must hold too.
    pub fn push(&mut self, at: At<'a>) {
        if !self.seen.insert(at.id()) {
            return;
        }
        match &at.node.value {
            Value::Bool(false) => {
                self.home(&at);
                self.view.never.get_or_insert(at);
            }
            Value::Object(_) => self.object(&at),
            _ => self.home(&at),
        }
    }

    fn home(&mut self, at: &At<'a>) {
        self.view.home.get_or_insert_with(|| Rc::clone(&at.pointer));
    }

    fn object(&mut self, at: &At<'a>) {
        let outside = self.settled.len();
        self.members(at);
        self.settled.truncate(outside);
    }

    fn members(&mut self, at: &At<'a>) {
        let Some(text) = at.text("$ref") else {
            self.home(at);
            return keywords::gather(self, at);
        };
        // 3.0 ignores what stands beside `$ref`; what is only for people is kept all the same.
        if self.side.version == SpecVersion::V3_0 {
            keywords::gather_notes(self, at);
        } else {
            keywords::gather(self, at);
        }
        match self.side.resolve(text) {
            Some(target) => self.push(target),
            None => {
                self.home(at);
                self.view.opaque.push((text, at.clone()));
            }
        }
    }
}

/// Whether two values are the same: 1 is 1.0, and members have no order.
pub(crate) fn same(one: &Node, other: &Node) -> bool {
    match (&one.value, &other.value) {
        (Value::Number(_), Value::Number(_)) => {
            matches!((Amount::of(one), Amount::of(other)), (Some(one), Some(other)) if one == other)
        }
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same(one, other))
        }
        (Value::Object(one), Value::Object(members)) => {
            one.len() == members.len()
                && one.iter().all(|member| {
                    let value = other.get(&member.key);
                    value.is_some_and(|value| same(&member.value, value))
                })
        }
        (one, other) => one == other,
    }
}
