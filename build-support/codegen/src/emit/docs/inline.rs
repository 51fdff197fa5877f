//! Escapes what rustdoc would misread inside a paragraph.

/// The text with stray `<` and `[` escaped, bare addresses made links, and code spans untouched.
pub(super) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    let mut rest = text;
    // What cannot begin any of the below is copied at once.
    while let Some(at) = rest.find(['`', '\\', '<', '[', 'h']) {
        let (plain, begun) = rest.split_at(at);
        out.push_str(plain);
        rest = begun;
        let taken = code(rest, &mut out)
            .or_else(|| escaped(rest, &mut out))
            .or_else(|| angle(rest, &mut out))
            .or_else(|| link(rest, &mut out))
            .or_else(|| address(rest, &mut out));
        rest = &rest[taken.unwrap_or_else(|| {
            out.push_str(&rest[..1]);
            1
        })..];
    }
    out.push_str(rest);
    out
}

/// A code span is copied; a run of backticks that nothing closes is escaped.
fn code(rest: &str, out: &mut String) -> Option<usize> {
    let run = rest.len() - rest.trim_start_matches('`').len();
    if run == 0 {
        return None;
    }
    let Some(end) = closing(rest, run) else {
        (0..run).for_each(|_| out.push_str("\\`"));
        return Some(run);
    };
    out.push_str(&rest[..end]);
    Some(end)
}

fn closing(rest: &str, run: usize) -> Option<usize> {
    let mut at = run;
    while let Some(found) = rest[at..].find('`') {
        let start = at + found;
        let length = rest[start..].len() - rest[start..].trim_start_matches('`').len();
        if length == run {
            return Some(start + length);
        }
        at = start + length;
    }
    None
}

/// What is escaped already stays so.
fn escaped(rest: &str, out: &mut String) -> Option<usize> {
    let next = rest.strip_prefix('\\')?.chars().next()?;
    if !next.is_ascii_punctuation() {
        return None;
    }
    out.push('\\');
    out.push(next);
    Some(1 + next.len_utf8())
}

/// An autolink stays; any other `<` would open a tag.
fn angle(rest: &str, out: &mut String) -> Option<usize> {
    let inner = rest.strip_prefix('<')?;
    let end = inner.find('>').filter(|end| is_address(&inner[..*end]));
    match end {
        Some(end) => out.push_str(&rest[..end + 2]),
        None => out.push_str("\\<"),
    }
    Some(end.map_or(1, |end| end + 2))
}

/// A link to an address stays; any other `[` would be looked up among Rust items.
fn link(rest: &str, out: &mut String) -> Option<usize> {
    let inner = rest.strip_prefix('[')?;
    let whole = inner.find("](").and_then(|middle| {
        let (text, target) = (&inner[..middle], &inner[middle + 2..]);
        let end = target.find(')')?;
        let sound = is_address(&target[..end]) && !text.contains(['[', ']', '\n']);
        sound.then_some((text, &target[..end]))
    });
    let Some((text, target)) = whole else {
        out.push_str("\\[");
        return Some(1);
    };
    if text == target {
        out.push_str(&format!("<{target}>"));
    } else {
        out.push_str(&format!("[{}]({target})", escape_label(text)));
    }
    Some(1 + text.len() + 2 + target.len() + 1)
}

/// A link's label holds no links of its own, so an address in it only loses its scheme's power.
fn escape_label(text: &str) -> String {
    text.replace('<', "\\<")
}

/// A bare address becomes an autolink.
fn address(rest: &str, out: &mut String) -> Option<usize> {
    if !is_web(rest) {
        return None;
    }
    let stop = rest.find(|c: char| c.is_whitespace() || "<>\"`\\[]".contains(c));
    let url = rest[..stop.unwrap_or(rest.len())].trim_end_matches(|c| ".,;:!?'*_)".contains(c));
    if url.ends_with("//") || !is_web(url) {
        return None;
    }
    out.push_str(&format!("<{url}>"));
    Some(url.len())
}

fn is_address(text: &str) -> bool {
    let plain = !text.contains(|c: char| c.is_whitespace() || c == '<' || c == '>');
    plain && (is_web(text) || text.starts_with("mailto:"))
}

fn is_web(text: &str) -> bool {
    text.starts_with("https://") || text.starts_with("http://")
}
