//! The clock and the faults.

use axum::extract::State;
use maud::html;

use super::layout::{Page, Section};
use super::parts;
use super::routes::Dashboard;

pub(super) async fn show(State(Dashboard { world, .. }): State<Dashboard>) -> Page {
    let next_due = *world.store.next_due().borrow();
    let content = html! {
        (parts::facts(vec![
            ("It is", parts::moment(world.now())),
            ("Next step", next_due.map_or_else(|| html! { "none waits" }, parts::moment)),
        ]))
    };
    Page::new(Section::Clock, "Clock and faults", content)
}
