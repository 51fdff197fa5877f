//! Writes `contentEncoding` and `contentMediaType` as the formats `byte` and `binary`.

use crate::lower::{context::Context, walk};
use contract::Node;

/// Runs the pass.
pub fn run(root: &mut Node, context: &mut Context<'_>) {
    walk::schemas_mut(root, &mut |schema| {
        let media_type = schema.remove("contentMediaType");
        if let Some(encoding) = schema.remove("contentEncoding") {
            encoded(schema, &encoding, context);
        } else if let Some(media_type) = media_type.filter(|_| !schema.contains_key("format")) {
            let text = media_type
                .as_str()
                .is_some_and(|name| name.starts_with("text/"));
            let format = if text { None } else { Some("binary") };
            set(schema, format, &media_type);
        }
    });
}

fn encoded(schema: &mut Node, encoding: &Node, context: &mut Context<'_>) {
    match encoding.as_str().map(str::to_ascii_lowercase).as_deref() {
        Some("base64") => set(schema, Some("byte"), encoding),
        Some("7bit" | "8bit" | "binary") => set(schema, None, encoding),
        _ => {
            let name = encoding.as_str().unwrap_or_default();
            let message = format!("`contentEncoding: {name}` stays text: it is not decoded");
            context.warn("lower::not-decoded", message, encoding.span);
            set(schema, None, encoding);
        }
    }
}

fn set(schema: &mut Node, format: Option<&str>, place: &Node) {
    if !schema.contains_key("type") {
        schema.insert("type", Node::string("string", place.span));
    }
    if let Some(format) = format {
        schema.insert("format", Node::string(format, place.span));
    }
}
