//! Sections as they are shown to people: every text of an entry made visible.

use crate::visible::{is_hidden, visible, visible_lines};
use crate::{Acceptance, Detail, Entry, Item, Section, Side};

/// A section with every text made visible.
pub(super) fn section(section: &Section) -> Section {
    let mut shown = section.clone();
    one_line(&mut shown.title);
    shown.compared.iter_mut().for_each(one_line);
    shown.about.iter_mut().for_each(one_line);
    one_line(&mut shown.headline);
    one_line(&mut shown.verdict);
    one_line(&mut shown.verdict_end);
    shown.inconclusive.iter_mut().for_each(one_line);
    shown.entries.iter_mut().for_each(entry);
    for list in &mut shown.lists {
        one_line(&mut list.owner);
        items(&mut list.items);
    }
    for note in &mut shown.notes {
        one_line(&mut note.subject);
        one_line(&mut note.text);
    }
    for covered in &mut shown.coverage {
        one_line(&mut covered.name);
    }
    shown
}

fn entry(entry: &mut Entry) {
    one_line(&mut entry.message);
    for Side {
        place, stands_in, ..
    } in &mut entry.sides
    {
        if let Some(place) = place {
            one_line(&mut place.file);
            one_line(&mut place.pointer);
        }
        stands_in.iter_mut().for_each(one_line);
    }
    entry.details.iter_mut().for_each(detail);
    if let Some(Acceptance { reason, .. }) = &mut entry.acceptance {
        lines(reason);
    }
}

fn detail(detail: &mut Detail) {
    match detail {
        Detail::UsedBy { uses, .. } => {
            for (operation, sides) in uses {
                one_line(operation);
                sides.iter_mut().for_each(one_line);
            }
        }
        Detail::Witness { value, said } => {
            value.iter_mut().for_each(one_line);
            one_line(said);
        }
        Detail::Items(list) => items(list),
        Detail::Fact { text, .. } => one_line(text),
        // What was written for people may have several lines, and so may commands.
        Detail::Advice(text) | Detail::Commands { text, .. } => lines(text),
    }
}

fn items(items: &mut [Item]) {
    for item in items {
        one_line(&mut item.name);
        one_line(&mut item.change);
    }
}

fn one_line(text: &mut String) {
    if text.contains(is_hidden) {
        *text = visible(text);
    }
}

fn lines(text: &mut String) {
    if text.contains(is_hidden) {
        *text = visible_lines(text);
    }
}
