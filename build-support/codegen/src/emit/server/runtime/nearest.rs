//! The path template that somebody may have meant.

/// How many characters a path may differ by from the template that is offered for it.
const MOST: usize = 4;

/// What a segment that is missing or too many counts.
const SEGMENT: usize = 3;

/// Longer paths are not compared: a response to nonsense has to stay cheap.
const LONGEST: usize = 256;

/// The template that differs least from `path`, if it does not differ too much.
pub(super) fn nearest<'a>(templates: &'a [String], path: &str) -> Option<&'a str> {
    if path.len() > LONGEST {
        return None;
    }
    let compared = templates.iter().map(|template| (distance(template, path), template));
    let (_, template) = compared.filter(|(distance, _)| *distance <= MOST).min()?;
    Some(template)
}

fn distance(template: &str, path: &str) -> usize {
    let (mut expected, mut found) = (segments(template), segments(path));
    let mut sum = 0;
    loop {
        sum += match (expected.next(), found.next()) {
            (None, None) => return sum,
            (Some(expected), Some(_)) if expected.contains('{') => 0,
            (Some(expected), Some(found)) => edits(expected, found),
            (None, Some(_)) | (Some(_), None) => SEGMENT,
        };
    }
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
