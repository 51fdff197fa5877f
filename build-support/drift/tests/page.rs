//! The page for a browser: one file, everything escaped, and looked at in a headless Chromium where
//! there is one.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on may stop")]

use drift::render::{render, render_history};
use drift::{Contract, DriftReport, Options, compare, witness};
use report::{Format, RenderStyle};
use std::io::ErrorKind;
use std::path::Path;
use std::process::Command;

/// Text that would do harm if it were read as markup.
const HOSTILE: &str = "<img src=x onerror=alert(1)></script><script>alert(2)</script>\" ' &lt;";

fn contract(name: &str, kind: &str, operation: &str) -> Contract {
    let long = "x".repeat(400);
    let document = serde_json::json!({
        "openapi": "3.1.0",
        "info": { "title": HOSTILE, "version": kind },
        "paths": {
            "/cards": { "get": { "operationId": "getCards", "responses": { "200": {
                "description": HOSTILE,
                "content": { "application/json": { "schema": { "type": kind, "description": HOSTILE } } },
            } } } },
            "/other": { "get": { "operationId": operation, "responses": { "200": {
                "description": "",
                "content": { "application/json": { "schema": { "enum": [kind, HOSTILE, long] } } },
            } } } },
        },
    });
    let text = match name.ends_with(".yaml") {
        true => format!(
            "# one line per field\n{}",
            serde_json::to_string_pretty(&document).unwrap()
        ),
        false => document.to_string(),
    };
    Contract::read(name, &text).unwrap()
}

fn reports() -> Vec<DriftReport> {
    let versions = [
        contract("git:1:<b>.json", "string", "getOther"),
        contract("git:2:<b>.json", "integer", "getOther"),
        contract("three.yaml", "boolean", "readOther"),
    ];
    let pairs = versions.windows(2).map(|pair| {
        let mut report = compare(&pair[0], &pair[1], &Options::default());
        witness::attach(&mut report, &pair[0], &pair[1]);
        report
    });
    pairs.collect()
}

fn pages() -> [(&'static str, String); 2] {
    let reports = reports();
    let style = RenderStyle::default();
    [
        ("one", render(&reports[1], Format::Html, style)),
        ("history", render_history(&reports, Format::Html, style)),
    ]
}

#[test]
fn a_page_is_one_file_in_which_nothing_is_markup_that_was_text() {
    for (name, page) in pages() {
        assert!(
            page.starts_with("<!DOCTYPE html><html lang=\"en\">"),
            "{name}"
        );
        assert_eq!(
            page.matches("<script").count(),
            1,
            "{name}: text became script"
        );
        assert!(
            !page.contains("<img") && !page.contains("<b>"),
            "{name}: text became markup"
        );
        for outside in [
            "src=\"",
            "href=\"http",
            "url(",
            "@import",
            "<link",
            "fetch(",
        ] {
            assert!(!page.contains(outside), "{name} loads something: {outside}");
        }
        assert!(
            page.contains("&lt;img src=x onerror=alert(1)&gt;"),
            "{name}"
        );
        assert!(
            page.contains("<mark>") && page.contains("witness"),
            "{name}"
        );
    }
}

#[test]
fn a_page_without_script_shows_every_entry_and_no_filter() {
    for (name, page) in pages() {
        assert!(page.contains("<form id=\"filters\" hidden>"), "{name}");
        assert!(!page.contains("<article hidden"), "{name}");
    }
}

#[test]
fn a_history_names_each_version_with_its_verdict() {
    let [_, (_, page)] = pages();
    assert_eq!(
        page.matches("<li class=\"breaking\"><a href=\"#section-")
            .count(),
        2
    );
    assert!(page.contains("<section id=\"section-1\">"));
}

/// What a reader does, and what is to be seen then.
const READER: &str = "
const form = document.getElementById('filters');
const seen = {};
seen.visible = !form.hidden;
seen.all = document.getElementById('shown').textContent;
seen.foreign = document.querySelectorAll('img, iframe, object, link, body script:not(:last-of-type)').length - 1;
const choose = (box) => { box.checked = !box.checked; form.dispatchEvent(new Event('change')); };
const boxes = [...form.querySelectorAll('input')];
boxes.forEach(choose);
seen.none = document.getElementById('shown').textContent;
choose(boxes[0]);
seen.kinds = [...new Set([...document.querySelectorAll('.entry:not([hidden])')].map((it) => it.dataset.severity))];
boxes.slice(1).forEach(choose);
const select = form.elements.operation;
select.value = [...select.options].find((it) => it.textContent === 'getCards').value;
form.dispatchEvent(new Event('change'));
seen.cards = [...document.querySelectorAll('.entry:not([hidden])')].every((it) => it.textContent.includes('getCards'));
select.value = '';
form.dispatchEvent(new Event('change'));
document.querySelectorAll('details').forEach((it) => { it.open = true; });
document.documentElement.style.width = '360px';
const wide = [...document.querySelectorAll('body *')].filter((it) => !it.closest('pre, .wide, .skip'));
seen.widest = Math.max(...wide.map((it) => Math.ceil(it.getBoundingClientRect().right)));
seen.scrolled = document.documentElement.scrollWidth;
document.body.insertAdjacentHTML('beforeend', '<p id=seen></p>');
document.getElementById('seen').textContent = JSON.stringify(seen);
";

#[test]
fn filters_work_and_nothing_is_wider_than_a_telephone() {
    let folder = tempfile::tempdir().unwrap();
    for (name, page) in pages() {
        let page = page.replace("</body>", &format!("<script>{READER}</script></body>"));
        let file = folder.path().join(format!("{name}.html"));
        files::deliver(&file, &page).unwrap();
        let Some(dom) = looked_at(&file, folder.path()) else {
            return;
        };
        let said = dom
            .split_once("<p id=\"seen\">")
            .and_then(|(_, rest)| rest.split_once("</p>"));
        let (said, _) = said.unwrap_or_else(|| panic!("{name}: the script failed:\n{dom}"));
        let seen: serde_json::Value = serde_json::from_str(&said.replace("&quot;", "\"")).unwrap();
        assert_eq!(
            seen["visible"], true,
            "{name}: the filters are hidden: {seen}"
        );
        assert_eq!(seen["foreign"], 0, "{name}: text became an element: {seen}");
        let all = seen["all"].as_str().unwrap();
        assert!(
            all.ends_with("entries") && !all.starts_with('0'),
            "{name}: {seen}"
        );
        assert!(
            seen["none"].as_str().unwrap().starts_with("0 of "),
            "{name}: {seen}"
        );
        assert_eq!(
            seen["kinds"],
            serde_json::json!(["breaking"]),
            "{name}: {seen}"
        );
        assert_eq!(
            seen["cards"], true,
            "{name}: an entry of another operation is shown: {seen}"
        );
        assert!(
            seen["widest"].as_u64().unwrap() <= 360,
            "{name}: the page is too wide: {seen}"
        );
    }
}

/// The elements of a page after its script ran; `None` where there is no browser.
#[expect(
    clippy::print_stderr,
    reason = "who reads the log should see what was not looked at"
)]
fn looked_at(file: &Path, folder: &Path) -> Option<String> {
    let run = Command::new("chromium")
        .args([
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
        ])
        .args([
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
        ])
        .arg("--window-size=500,900")
        .arg(format!(
            "--user-data-dir={}",
            folder.join("profile").display()
        ))
        .arg("--dump-dom")
        .arg(format!("file://{}", file.display()))
        .output();
    match run {
        Ok(run) => Some(String::from_utf8_lossy(&run.stdout).into_owned()),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            eprintln!("skipped: there is no `chromium` to look at the page with");
            None
        }
        Err(error) => panic!("chromium does not start: {error}"),
    }
}
