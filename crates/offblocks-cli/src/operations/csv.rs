//! CSV: a line of headings, then a line for each item.

use serde_json::Value;

use super::flat::flat;

/// The items as CSV. `order` is the contract's order of their properties.
///
/// # Errors
/// When the writer fails, which it does on no text.
pub(super) fn csv(value: &Value, order: &[&str]) -> Result<String, csv::Error> {
    let one = std::slice::from_ref(value);
    let items = value.as_array().map_or(one, Vec::as_slice);
    let rows: Vec<_> = items.iter().map(|item| flat(item, order)).collect();
    let mut headings: Vec<&str> = Vec::new();
    for (name, _) in rows.iter().flatten() {
        if !headings.contains(&name.as_str()) {
            headings.push(name);
        }
    }
    // Optional properties that only later items have stand where the contract has them.
    let place = |heading: &&str| {
        let first = heading.split('.').next().unwrap_or_default();
        let known = order.iter().position(|name| *name == first);
        known.unwrap_or(order.len())
    };
    headings.sort_by_key(place);
    let mut writer = csv::Writer::from_writer(Vec::new());
    // A single value has no heading.
    if headings != [""] && !headings.is_empty() {
        writer.write_record(&headings)?;
    }
    for row in &rows {
        let cell = |heading: &&str| {
            let found = row.iter().find(|(name, _)| name == heading);
            found.map_or("", |(_, text)| text.as_str())
        };
        writer.write_record(headings.iter().map(cell))?;
    }
    let bytes = writer.into_inner().map_err(|error| error.into_error())?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn headings_are_those_of_all_items() {
        let items = json!([
            {"id": 1, "note": "a, \"b\""},
            {"id": 2, "at": {"city": "Bristol"}, "extra": true}
        ]);
        assert_eq!(
            csv(&items, &["id", "at", "note"]).unwrap(),
            "id,at.city,note,extra\n1,,\"a, \"\"b\"\"\",\n2,Bristol,,true\n"
        );
        assert_eq!(csv(&json!([]), &["id"]).unwrap(), "");
        assert_eq!(csv(&json!(["a", "b"]), &[]).unwrap(), "a\nb\n");
    }
}
