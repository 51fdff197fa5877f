//! The path template that somebody may have meant.

/// How many characters a path may differ by from the template that is offered for it.
const MOST: usize = 4;

/// What a segment that is missing or too many counts.
const SEGMENT: usize = 3;

/// How many other segments a path with one that is missing or too many has to have. The beginning that all
/// paths share says nothing about what was meant.
const CONTEXT: usize = 2;

/// Longer paths are not compared: a response to nonsense has to stay cheap.
const LONGEST: usize = 256;

/// The template that differs least from `path`, if it does not differ too much.
pub(super) fn nearest<'a>(templates: &'a [String], path: &str) -> Option<&'a str> {
    if path.len() > LONGEST {
        return None;
    }
    let compared = templates.iter().filter_map(|template| Some((distance(template, path)?, template)));
    let (_, template) = compared.filter(|(distance, _)| *distance <= MOST).min()?;
    Some(template)
}

/// How much they differ by; `None` where nothing suggests that one was meant by the other.
fn distance(template: &str, path: &str) -> Option<usize> {
    let (mut expected, mut found) = (segments(template), segments(path));
    let (mut sum, mut both) = (0, 0);
    loop {
        sum += match (expected.next(), found.next()) {
            (None, None) => return Some(sum),
            (Some(expected), Some(_)) if expected.contains('{') => 0,
            (Some(expected), Some(found)) => similar(expected, found)?,
            (None, Some(_)) | (Some(_), None) if both < CONTEXT => return None,
            (None, Some(_)) | (Some(_), None) => SEGMENT,
        };
        both += 1;
    }
}

/// By how much two segments differ; `None` where that is more than half of the longer one, so that they
/// are two words.
fn similar(expected: &str, found: &str) -> Option<usize> {
    let edits = edits(expected, found);
    (2 * edits <= expected.len().max(found.len())).then_some(edits)
}

fn segments(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter(|segment| !segment.is_empty())
}

/// How many bytes have to be inserted, removed or replaced, letters' case aside (Levenshtein).
fn edits(one: &str, other: &str) -> usize {
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (above, byte) in one.bytes().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], above + 1);
        for (index, candidate) in other.bytes().enumerate() {
            let replaced = diagonal + usize::from(!byte.eq_ignore_ascii_case(&candidate));
            diagonal = row[index + 1];
            row[index + 1] = replaced.min(diagonal + 1).min(row[index] + 1);
        }
    }
    row[other.len()]
}
