//! The frame of every page, and what is shown when something cannot be done.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use http::{HeaderName, HeaderValue, StatusCode, header};
use maud::{DOCTYPE, Markup, html};

use super::parts;
use crate::control_error::ControlError;
use crate::failure::Failure;
use crate::outage;
use crate::store::StoreError;

/// Nothing but what the sandbox itself serves is loaded, run or sent to.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; \
                      connect-src 'self'; form-action 'self'; base-uri 'none'; \
                      frame-ancestors 'none'";

const HEADERS: [(HeaderName, HeaderValue); 5] = [
    (
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(POLICY),
    ),
    (
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    ),
    (header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
    (
        header::REFERRER_POLICY,
        HeaderValue::from_static("same-origin"),
    ),
    (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
];

/// The parts of the dashboard, as the navigation lists them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Section {
    Overview,
    Customers,
    Accounts,
    Cards,
    Authorisations,
    Transactions,
    Webhooks,
    Deliveries,
    Log,
    Clock,
    Data,
    Programmes,
}

impl Section {
    const ALL: [(Self, &'static str, &'static str); 12] = [
        (Self::Overview, "/_sandbox/", "Overview"),
        (Self::Customers, "/_sandbox/ui/customers", "Customers"),
        (Self::Accounts, "/_sandbox/ui/accounts", "Accounts"),
        (Self::Cards, "/_sandbox/ui/cards", "Cards"),
        (
            Self::Authorisations,
            "/_sandbox/ui/authorisations",
            "Authorisations",
        ),
        (
            Self::Transactions,
            "/_sandbox/ui/transactions",
            "Transactions",
        ),
        (Self::Webhooks, "/_sandbox/ui/webhooks", "Webhooks"),
        (Self::Deliveries, "/_sandbox/ui/deliveries", "Deliveries"),
        (Self::Log, "/_sandbox/ui/log", "Request log"),
        (Self::Clock, "/_sandbox/ui/clock", "Clock and faults"),
        (Self::Data, "/_sandbox/ui/data", "Data"),
        (Self::Programmes, "/_sandbox/ui/programmes", "Programmes"),
    ];
}

/// A page.
pub(super) struct Page {
    pub(super) section: Section,
    pub(super) title: String,
    /// Whether something shown changes by itself soon, so that the page should look again.
    pub(super) changes: bool,
    pub(super) content: Markup,
}

impl Page {
    pub(super) fn new(section: Section, title: impl Into<String>, content: Markup) -> Self {
        Self {
            section,
            title: title.into(),
            changes: false,
            content,
        }
    }

    /// Looks again by itself while `changes`.
    pub(super) const fn changes(mut self, changes: bool) -> Self {
        self.changes = changes;
        self
    }

    fn render(&self) -> Markup {
        html! {
            @let programme = programme();
            (DOCTYPE)
            html lang="en-GB" {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="color-scheme" content="light dark";
                    title {
                        (self.title)
                        @if let Some(name) = &programme { " · " (name) }
                        " · OffBlocks sandbox"
                    }
                    link rel="icon" href="/_sandbox/assets/icon.svg" type="image/svg+xml";
                    link rel="stylesheet" href="/_sandbox/assets/style.css";
                    script src="/_sandbox/assets/script.js" defer {}
                    @if self.changes {
                        noscript { meta http-equiv="refresh" content="1"; }
                    }
                }
                body {
                    a class="skip" href="#main" { "Skip to the content" }
                    (self.header(programme.as_deref()))
                    (self.navigation(programme.as_deref()))
                    main id="main" tabindex="-1" data-changes[self.changes] {
                        h1 { (self.title) }
                        (self.content)
                    }
                }
            }
        }
    }

    fn header(&self, programme: Option<&str>) -> Markup {
        html! {
            header class="top" {
                a class="brand" href="/_sandbox/" {
                    (parts::logo())
                    span { "OffBlocks" } " "
                    @match programme {
                        None => span class="muted" { "sandbox" },
                        Some(name) => span class="muted" { "programme " strong { (name) } },
                    }
                }
                form class="find" role="search" action="/_sandbox/ui/find" {
                    label class="hidden" for="find" { "Find by id" }
                    input id="find" name="id" type="search" placeholder="Find by id"
                        autocomplete="off" spellcheck="false";
                    button class="button" type="submit" { "Find" }
                }
            }
        }
    }

    fn navigation(&self, programme: Option<&str>) -> Markup {
        let label = programme.map_or_else(
            || "Sections".to_owned(),
            |name| format!("Sections of the programme {name}"),
        );
        html! {
            nav aria-label=(label) {
                ul {
                    @if programme.is_some() {
                        // Whoever asks for the root is led to the pages of the sandbox.
                        li { a href="/" { "← Back to the sandbox" } }
                    }
                    @for (section, path, name) in Section::ALL {
                        li {
                            a href=(path) aria-current=[(section == self.section).then_some("page")] {
                                (name)
                            }
                        }
                    }
                }
            }
        }
    }
}

tokio::task_local! {
    /// The programme whose pages are made. A page is made of what a handler returns, which knows of no
    /// programme, within the task of the request.
    static PROGRAMME: Arc<str>;
}

/// Lets the pages say that they are those of this programme.
pub(super) async fn of_programme(
    State(name): State<Arc<str>>,
    request: Request,
    next: Next,
) -> Response {
    PROGRAMME.scope(name, next.run(request)).await
}

fn programme() -> Option<Arc<str>> {
    PROGRAMME.try_with(Arc::clone).ok()
}

impl IntoResponse for Page {
    fn into_response(self) -> Response {
        respond(StatusCode::OK, &self)
    }
}

/// A page with a status.
pub(super) fn respond(status: StatusCode, page: &Page) -> Response {
    let kind = HeaderValue::from_static("text/html; charset=utf-8");
    let kind = [(header::CONTENT_TYPE, kind)];
    (status, HEADERS, kind, page.render().into_string()).into_response()
}

/// Why a page cannot be shown, or something not be done.
#[derive(Debug)]
pub(super) struct Rejected {
    section: Section,
    /// Where to go back to.
    back: String,
    failure: Failure,
}

impl Rejected {
    /// Something in this section cannot be done or shown.
    pub(super) fn new(section: Section, back: impl Into<String>, failure: Failure) -> Self {
        Self {
            section,
            back: back.into(),
            failure,
        }
    }

    /// What the control plane says about something in this section.
    pub(super) fn control(section: Section, back: &str, error: ControlError) -> Self {
        let failure = match error {
            ControlError::Invalid(reason) => Failure::Invalid(reason),
            ControlError::Unknown(reason) => Failure::Missing(reason),
            ControlError::Conflict(reason) => Failure::Conflict(reason),
            ControlError::Store(error) => Failure::Store(error),
        };
        Self::new(section, back, failure)
    }

    /// A form that is not accepted.
    pub(super) fn form(reason: &str) -> Response {
        let failure = Failure::Unauthorised(reason.to_owned());
        Self::new(Section::Overview, "/_sandbox/", failure).into_response()
    }

    fn status(&self) -> StatusCode {
        match &self.failure {
            Failure::Invalid(_) | Failure::InvalidMember { .. } => StatusCode::BAD_REQUEST,
            Failure::Unauthorised(_) => StatusCode::FORBIDDEN,
            Failure::Missing(_) => StatusCode::NOT_FOUND,
            Failure::Conflict(_) => StatusCode::CONFLICT,
            Failure::Store(error) => outage::of(error).status(),
        }
    }

    fn reason(&self) -> String {
        match &self.failure {
            Failure::Store(error) => unavailable(error),
            rejection => rejection.to_string(),
        }
    }
}

fn unavailable(error: &StoreError) -> String {
    let problem = outage::of(error);
    let reason = problem
        .detail()
        .unwrap_or("the log of the sandbox has the reason");
    format!("the database cannot be used: {reason}")
}

impl IntoResponse for Rejected {
    fn into_response(self) -> Response {
        let status = self.status();
        let title = match status {
            StatusCode::NOT_FOUND => "There is nothing here",
            _ => "That was not done",
        };
        let content = html! {
            div class="alert" role="alert" { p { (self.reason()) } }
            p { a class="button" href=(self.back) { "Back" } }
        };
        respond(status, &Page::new(self.section, title, content))
    }
}

/// What is not found below the pages, as a page.
pub(super) async fn no_page() -> Response {
    let failure = Failure::Missing("there is no such page".to_owned());
    Rejected::new(Section::Overview, "/_sandbox/", failure).into_response()
}

/// A rejection that is not a page yet, as one: of a path without a valid id, or by the wrong method.
pub(super) async fn as_page(response: Response) -> Response {
    let kind = response.headers().get(header::CONTENT_TYPE);
    let is_page = kind.is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    if is_page || !response.status().is_client_error() {
        return response;
    }
    match response.status() {
        StatusCode::BAD_REQUEST => no_page().await,
        status => {
            let content = html! {
                div class="alert" role="alert" { p { "This address does not take requests of this kind." } }
                p { a class="button" href="/_sandbox/" { "Back" } }
            };
            let page = Page::new(Section::Overview, "That was not done", content);
            let (parts, _) = response.into_parts();
            let mut shown = respond(status, &page);
            if let Some(allowed) = parts.headers.get(header::ALLOW) {
                shown.headers_mut().insert(header::ALLOW, allowed.clone());
            }
            shown
        }
    }
}

/// To the page that shows what was done.
pub(super) fn to(path: &str) -> Response {
    Redirect::to(path).into_response()
}
