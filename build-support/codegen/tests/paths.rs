//! Which path of a contract a request means. Generated servers have a matcher of their own, since they
//! cannot depend on the machinery. It and the shared one are held to the same cases here.

use contract::PathTemplate;

/// The server's matcher, which is not compiled otherwise.
#[path = "../src/emit/server/runtime"]
mod runtime {
    #[expect(
        dead_code,
        reason = "templates with queries are for the rest of the server"
    )]
    mod paths;
    mod percent;

    /// The place of the template that a request means.
    pub fn find(templates: &[&str], path: &str) -> Option<usize> {
        let mut tree = paths::Paths::<usize>::default();
        for (place, template) in templates.iter().enumerate() {
            *tree.entry(template) = place;
        }
        tree.find(path).map(|(place, _)| *place)
    }
}

/// The paths of a contract.
const TEMPLATES: [&str; 14] = [
    "/",
    "/cards",
    "/cards/{id}",
    "/cards/{id}/",
    "/cards/new",
    "/cards/{id}:cancel",
    "/cards/{id}.{format}",
    "/cards/{id}/limits",
    "/cards/new/pictures",
    "/caf%C3%A9/{id}",
    "/a b",
    "/{kind}/fixed",
    "/{from}-{to}/x",
    "//{id}",
];

/// A path, and which of them it means.
const CASES: [(&str, Option<&str>); 27] = [
    ("/", Some("/")),
    ("", None),
    ("/cards", Some("/cards")),
    ("/cards/", None),
    ("/%63ards", Some("/cards")),
    ("/Cards", None),
    ("/cards/1", Some("/cards/{id}")),
    ("/cards/1/", Some("/cards/{id}/")),
    ("/cards/new", Some("/cards/new")),
    ("/cards/n%65w", Some("/cards/new")),
    ("/cards/new/limits", Some("/cards/{id}/limits")),
    ("/cards/new/pictures", Some("/cards/new/pictures")),
    ("/cards/1:cancel", Some("/cards/{id}:cancel")),
    ("/cards/1:canc%65l", Some("/cards/{id}:cancel")),
    ("/cards/1%3Acancel", Some("/cards/{id}")),
    ("/cards/:cancel", Some("/cards/{id}")),
    ("/cards/1.json", Some("/cards/{id}.{format}")),
    ("/cards/1.", Some("/cards/{id}")),
    ("/cards/1%2Ejson", Some("/cards/{id}")),
    ("/caf%C3%A9/1", Some("/caf%C3%A9/{id}")),
    ("/caf%c3%a9/1", Some("/caf%C3%A9/{id}")),
    ("/a%20b", Some("/a b")),
    ("/cards/fixed", Some("/cards/{id}")),
    ("/other/fixed", Some("/{kind}/fixed")),
    ("/a-b/x", Some("/{from}-{to}/x")),
    ("/-b/x", None),
    ("//1", Some("//{id}")),
];

#[test]
fn both_matchers_find_the_same_path() {
    for (path, expected) in CASES {
        let server = runtime::find(&TEMPLATES, path).map(|place| TEMPLATES[place]);
        let fitting = TEMPLATES.map(PathTemplate::new).into_iter();
        let fitting = fitting.filter(|template| template.fits(path));
        let shared = fitting.min_by(PathTemplate::before);
        let shared = shared.map(|template| template.path);
        assert_eq!(
            server, expected,
            "the generated server finds {path} elsewhere"
        );
        assert_eq!(
            shared, expected,
            "`contract::PathTemplate` finds {path} elsewhere"
        );
    }
}
