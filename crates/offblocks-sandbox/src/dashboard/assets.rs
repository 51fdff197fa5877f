//! The style, the script and the icon, which are part of the program.

use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, header};
use offblocks_server::Problem;

const STYLE: &str = include_str!("assets/style.css");
const SCRIPT: &str = include_str!("assets/script.js");
const ICON: &str = include_str!("assets/icon.svg");

pub(super) async fn serve(Path(name): Path<String>) -> Response {
    let (kind, text) = match name.as_str() {
        "style.css" => ("text/css; charset=utf-8", STYLE),
        "script.js" => ("text/javascript; charset=utf-8", SCRIPT),
        "icon.svg" => ("image/svg+xml", ICON),
        _ => return Problem::not_found("there is no such file").into_response(),
    };
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(kind)),
        (
            header::X_CONTENT_TYPE_OPTIONS,
            HeaderValue::from_static("nosniff"),
        ),
        // Another version of the sandbox may listen here next.
        (header::CACHE_CONTROL, HeaderValue::from_static("no-cache")),
    ];
    (headers, text).into_response()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    /// The colours of a scheme, by their names.
    fn colours(block: &str) -> BTreeMap<&str, [f64; 3]> {
        let declared = block
            .split(['{', ';', '}'])
            .filter_map(|it| it.split_once(':'));
        let declared = declared.filter_map(|(name, value)| {
            let name = name.trim().strip_prefix("--")?;
            let digits = value.trim().strip_prefix('#')?;
            let channel = |at: usize| u8::from_str_radix(digits.get(at..at + 2)?, 16).ok();
            let channels = [channel(0)?, channel(2)?, channel(4)?];
            Some((name, channels.map(|it| f64::from(it) / 255.0)))
        });
        declared.collect()
    }

    /// Relative luminance, as WCAG 2.2 defines it.
    fn luminance(colour: [f64; 3]) -> f64 {
        let linear = colour.map(|it| match it {
            it if it <= 0.040_45 => it / 12.92,
            it => ((it + 0.055) / 1.055).powf(2.4),
        });
        0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    }

    fn contrast(one: [f64; 3], other: [f64; 3]) -> f64 {
        let (one, other) = (luminance(one) + 0.05, luminance(other) + 0.05);
        one.max(other) / one.min(other)
    }

    #[test]
    fn texts_stand_out_from_what_is_behind_them_in_both_schemes() {
        let (light, rest) = STYLE
            .split_once("@media (prefers-color-scheme: dark)")
            .unwrap();
        let dark = rest.split("* { box-sizing").next().unwrap();
        for (scheme, block) in [("light", light), ("dark", dark)] {
            let colours = colours(block);
            let mut pairs = vec![("on-accent", "accent")];
            for behind in ["ground", "surface", "sunken"] {
                pairs.extend(["text", "muted", "accent", "bad"].map(|text| (text, behind)));
            }
            let tones = ["good", "busy", "warn", "bad", "calm"];
            let grounds = [
                "good-ground",
                "busy-ground",
                "warn-ground",
                "bad-ground",
                "calm-ground",
            ];
            pairs.extend(tones.into_iter().zip(grounds));
            for (text, behind) in pairs {
                let found = contrast(colours[text], colours[behind]);
                assert!(
                    found >= 4.5,
                    "{scheme}: {text} on {behind} has a contrast of {found:.2}"
                );
            }
        }
    }
}
