//! The recorded terminal session of the first page: made by a run against a sandbox, and compared
//! with the committed picture.

use std::path::Path;

use crate::golden;
use crate::operations::session::Session;

/// The committed picture.
const PICTURE: &str = "docs/session.svg";
/// How many characters a line has before it goes on in the next one.
const COLUMNS: usize = 96;
/// The space around the text, the width of a character and the height of a line.
const MARGIN: usize = 16;
const WIDTH: usize = 8;
const HEIGHT: usize = 19;

/// A line of a terminal, and whether somebody typed it.
struct Line {
    text: String,
    typed: bool,
}

/// A session, line by line.
#[derive(Default)]
struct Recording(Vec<Line>);

impl Recording {
    fn add(&mut self, text: &str, typed: bool) {
        let characters: Vec<char> = text.chars().collect();
        let parts = characters.chunks(COLUMNS).map(|part| part.iter().collect());
        let parts: Vec<String> = parts.collect();
        let parts = if parts.is_empty() {
            vec![String::new()]
        } else {
            parts
        };
        let lines = parts.into_iter().map(|text| Line { text, typed });
        self.0.extend(lines);
    }

    /// Runs a line, which is shown as `shown`, with what it prints.
    fn run(&mut self, session: &Session, shown: &str, line: &str) {
        for (index, part) in shown.lines().enumerate() {
            let prompt = if index == 0 { "$ " } else { "  " };
            self.add(&format!("{prompt}{part}"), true);
        }
        for line in session.run(line).lines() {
            self.add(line, false);
        }
        self.add("", false);
    }

    /// The picture: one text a line, in colours that are readable in the dark and in the light.
    fn svg(&self) -> String {
        let (width, height) = (
            COLUMNS * WIDTH + 2 * MARGIN,
            self.0.len() * HEIGHT + 2 * MARGIN,
        );
        let mut svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" \
             width=\"{width}\" height=\"{height}\" role=\"img\" aria-label=\"A terminal session: \
             a card is issued and pays\">\n<style>text{{font:13px ui-monospace,SFMono-Regular,Menlo,\
             Consolas,monospace;fill:#d0d7de;white-space:pre}}.t{{fill:#7ee787}}</style>\n\
             <rect width=\"100%\" height=\"100%\" rx=\"8\" fill=\"#0d1117\"/>\n"
        );
        for (index, line) in self
            .0
            .iter()
            .enumerate()
            .filter(|(_, line)| !line.text.is_empty())
        {
            let y = MARGIN + index * HEIGHT + HEIGHT * 3 / 4;
            let class = if line.typed { " class=\"t\"" } else { "" };
            let text = escaped(&line.text);
            svg += &format!(
                "<text x=\"{MARGIN}\" y=\"{y}\"{class} xml:space=\"preserve\">{text}</text>\n"
            );
        }
        svg + "</svg>\n"
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

#[test]
fn the_session_of_the_first_page_is_what_the_command_prints() {
    let session = Session::new();
    session.account();
    let mut recording = Recording::default();
    recording.run(
        &session,
        "offblocks cards issue --account $ACCOUNT --first-line '4 Quay Lane' \\\n\
         \x20 --city Bristol --country GB --post-code 'BS1 4RN' --simulate --wait",
        "cards issue --account ACCOUNT --first-line 4~Quay~Lane --city Bristol --country GB \
         --post-code BS1~4RN --simulate --wait",
    );
    let card = session.run("cards list --query [0].id");
    session.set("CARD", &card);
    recording.run(
        &session,
        "offblocks simulator card-authorisation $CARD --amount 12.50 --currency EUR --query status",
        "simulator card-authorisation CARD --amount 12.50 --currency EUR --query status",
    );
    session.until(
        "cards list-transactions CARD --query [0].status",
        "processed",
    );
    recording.run(
        &session,
        "offblocks cards list-transactions $CARD --query '[].{status:status,amount:amount}'",
        "cards list-transactions CARD --query [].{status:status,amount:amount}",
    );
    recording.run(&session, "offblocks cards get $CARD", "cards get CARD");
    check(&recording.svg());
    session.stop();
}

fn check(svg: &str) {
    let picture = Path::new(env!("CARGO_MANIFEST_DIR")).join(PICTURE);
    let expected = std::fs::read_to_string(&picture).unwrap_or_default();
    if svg != expected {
        let actual = Path::new(env!("CARGO_TARGET_TMPDIR")).join("session.svg");
        golden::write(&actual, svg);
        let (actual, picture) = (actual.display(), picture.display());
        panic!("the recorded session changed; if that is right: cp {actual} {picture}");
    }
}
