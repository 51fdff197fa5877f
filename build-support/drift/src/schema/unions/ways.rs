//! Every way to meet a schema that has alternatives.

use super::{Alternative, discriminators};
use crate::at::At;
use crate::schema::set::Set;
use crate::schema::side::Side;
use crate::schema::view::{Union, View};
use std::cell::OnceCell;
use std::rc::Rc;

/// How many alternatives are looked at one by one.
const MOST: usize = 200;

/// How many unions of one schema are looked at together. Those of more have far too many combinations, which
/// is known without looking at any.
const MOST_UNIONS: usize = 16;

/// Every way to meet a schema; `None` where there are too many.
pub(super) fn alternatives<'a>(side: &Side<'a>, set: &Set<'a>) -> Option<Vec<Alternative<'a>>> {
    let mut done = Vec::new();
    let mut open = vec![(set.clone(), Vec::new())];
    let mut around = Around::default();
    while let Some((set, members)) = open.pop() {
        let view = side.view(&set);
        let several = view.unions.iter().filter(|union| union.live.len() > 1);
        if several.count() > MOST_UNIONS {
            return None;
        }
        around.enter(&view, open.len(), done.len() + open.len());
        if around.is_endless(side) {
            around.note(side, MOST);
            return None;
        }
        match view.unions.first() {
            None => done.push(alternative(side, set, Rc::clone(&view), members)),
            Some(union) => open.extend(choices(&set, &members, union)),
        }
        if done.len() + open.len() > MOST {
            // Half of them by itself is too many as well: those are all around what comes after.
            around.note(side, MOST / 2);
            return None;
        }
    }
    done.reverse();
    Some(done)
}

/// The unions around the one that is looked at, from the outside in. Unions that lead into one another have
/// so many alternatives that finding this out for each of them takes minutes; what was found out about one
/// serves the others.
#[derive(Default)]
struct Around(Vec<Entered>);

struct Entered {
    union: Option<usize>,
    /// How much was open beside it.
    beside: usize,
    /// How many alternatives there were before it.
    before: usize,
}

impl Around {
    fn enter(&mut self, view: &View<'_>, beside: usize, before: usize) {
        while self.0.last().is_some_and(|last| last.beside > beside) {
            self.0.pop();
        }
        // Beside nothing that restricts it, a union has as many alternatives wherever it stands.
        let union = match view.unions.as_slice() {
            [only] if !view.says_more_than_types() => Some(only.at.id()),
            _ => None,
        };
        self.0.push(Entered {
            union,
            beside,
            before,
        });
    }

    /// Whether the innermost is known to have too many alternatives.
    fn is_endless(&self, side: &Side<'_>) -> bool {
        let union = self.0.last().and_then(|last| last.union);
        union.is_some_and(|union| side.endless.borrow().contains(&union))
    }

    /// Notes that those have too many that had at most so many before them.
    fn note(&self, side: &Side<'_>, before: usize) {
        let most = self.0.iter().filter(|one| one.before <= before);
        side.endless
            .borrow_mut()
            .extend(most.filter_map(|one| one.union));
    }
}

/// A member of a union, the discriminator beside it, and whether no other member may fit too.
type Chosen<'a> = (At<'a>, Option<At<'a>>, bool);

type Choice<'a> = (Set<'a>, Vec<Chosen<'a>>);

fn choices<'a>(set: &Set<'a>, members: &[Chosen<'a>], union: &Union<'a>) -> Vec<Choice<'a>> {
    let choice = |index: usize| {
        let member = &union.members[index];
        let mut chosen = members.to_vec();
        chosen.push((member.clone(), union.discriminator.clone(), union.exclusive));
        (set.pick(union.at.id(), index), chosen)
    };
    union.live.iter().copied().map(choice).collect()
}

fn alternative<'a>(
    side: &Side<'a>,
    set: Set<'a>,
    view: Rc<View<'a>>,
    members: Vec<Chosen<'a>>,
) -> Alternative<'a> {
    let tags = members.iter().filter_map(|(member, discriminator, _)| {
        let discriminator = discriminator.as_ref()?;
        Some(discriminators::tags(side, &view, member, discriminator))
    });
    let tags = tags.flatten().collect();
    let labels = members
        .iter()
        .filter_map(|(member, ..)| member.text("$ref"));
    let labels: Vec<&str> = labels.collect();
    Alternative {
        set,
        label: (!labels.is_empty()).then(|| labels.join(" + ")),
        tags,
        view,
        fixed: OnceCell::new(),
        guarded: members.len() > 1 && members.iter().any(|(.., exclusive)| *exclusive),
        discriminators: members
            .iter()
            .filter_map(|(_, discriminator, _)| discriminator.clone())
            .collect(),
        members: members.into_iter().map(|(member, ..)| member).collect(),
    }
}
