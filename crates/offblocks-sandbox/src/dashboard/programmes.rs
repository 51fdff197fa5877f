//! Programmes: sandboxes within the sandbox.

use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Response};
use http::HeaderMap;
use maud::{Markup, html};

use super::data::confirmed;
use super::forms::{Filled, Forms, Look};
use super::layout::{Page, Rejected, Section, to};
use super::parts;
use super::state::Dashboard;
use crate::failure::Failure;
use crate::sandbox::{ProgrammeError, ProgrammeName, programme_path};

const PAGE: &str = "/_sandbox/ui/programmes";

pub(super) async fn list(
    State(Dashboard { sandbox, forms }): State<Dashboard>,
    headers: HeaderMap,
) -> Result<Page, Rejected> {
    let names = sandbox.programmes().await.map_err(rejected)?;
    let row = |name: &ProgrammeName| {
        let drop = html! {
            p { "Its data is deleted, and calls to it fail from then on." }
            (forms.button(&format!("{PAGE}/{name}/drop"), "Yes, drop it", Look::Danger))
        };
        vec![
            html! { a href={"/programmes/" (name) "/_sandbox/"} { (name) } },
            parts::id(parts::url(&headers, &programme_path(name))),
            confirmed("Drop", drop),
        ]
    };
    let content = html! {
        @if let Some(name) = sandbox.programme_name() {
            p {
                "These are the pages of the programme " strong { (name) } ", which has no programmes of its own. "
                a href="/" { "The pages of the sandbox" } " show all programmes, and make and drop them."
            }
        } @else {
            (creation(&forms))
            @if names.is_empty() {
                p class="muted" { "There are no programmes beside the sandbox's own data." }
            } @else {
                (parts::table(
                    "Programmes", &["Name", "Base URL", "Drop"], names.iter().map(row).collect(),
                ))
            }
        }
    };
    Ok(Page::new(Section::Programmes, "Programmes", content))
}

fn creation(forms: &Forms) -> Markup {
    forms.form(PAGE, "fields", html! {
        div class="field" {
            label for="name" { "Name" }
            input id="name" name="name" type="text" maxlength="40" required placeholder="ci-job-17"
                autocomplete="off" spellcheck="false";
        }
        button class=(Look::Primary.class()) type="submit" { "Create a programme" }
        p class="hint" {
            "It has credentials, keys, data, a clock and faults of its own."
        }
    })
}

pub(super) async fn create(
    State(Dashboard { sandbox, .. }): State<Dashboard>,
    headers: HeaderMap,
    form: Filled,
) -> Result<Response, Rejected> {
    let name = name(form.text("name")).map_err(at_page)?;
    let made = sandbox.create_programme(&name).await.map_err(rejected)?;
    let content = html! {
        p { "Its secret is shown here, and not again." }
        (parts::facts(vec![
            ("Base URL", parts::id(parts::url(&headers, &made.base_path))),
            ("API key", parts::id(made.credentials.api_key)),
            ("API secret", parts::id(made.credentials.api_secret.expose())),
        ]))
        p { a class="button" href=(PAGE) { "All programmes" } }
    };
    let title = format!("Programme {name}");
    Ok(Page::new(Section::Programmes, title, content).into_response())
}

pub(super) async fn drop(
    State(Dashboard { sandbox, .. }): State<Dashboard>,
    Path(programme): Path<String>,
    _: Filled,
) -> Result<Response, Rejected> {
    let name = name(&programme).map_err(at_page)?;
    sandbox.drop_programme(&name).await.map_err(rejected)?;
    Ok(to(PAGE))
}

fn name(text: &str) -> Result<ProgrammeName, Failure> {
    let name: Result<ProgrammeName, _> = text.parse();
    name.map_err(|error| Failure::invalid(error.to_string()))
}

fn rejected(error: ProgrammeError) -> Rejected {
    let reason = error.to_string();
    at_page(match error {
        ProgrammeError::Store(error) => error.into(),
        ProgrammeError::Unknown(_) => Failure::Missing(reason),
        ProgrammeError::Exists(_) | ProgrammeError::Full(_) | ProgrammeError::Taken(_) => {
            Failure::conflict(reason)
        }
        _ => Failure::invalid(reason),
    })
}

fn at_page(failure: Failure) -> Rejected {
    Rejected::new(Section::Programmes, PAGE, failure)
}
