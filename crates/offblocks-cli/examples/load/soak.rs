//! A long run of mixed operations on a database on a disk: whether memory stays where it is.

use std::error::Error;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use crate::caller::{Caller, with_card, with_key};
use crate::http::Connection;
use crate::run::{Figures, Plan, authorisations};
use crate::server::Server;

/// What is called over and over, with the status that it gets.
struct Mix {
    /// Those that need a key of their own each.
    keyed: Vec<(String, u16)>,
    fixed: Vec<(Vec<u8>, u16)>,
}

/// Serves so many operations in a row, and looks at the memory after each tenth of them.
pub fn measure(plan: &Plan, figures: &mut Figures) -> Result<(), Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let database = format!("sqlite:{}", folder.path().join("sandbox.db").display());
    let server = with_card(&plan.program, folder.path(), &["--database", &database])?;
    let caller = Caller::known_to(&server.address)?;
    let begun = Instant::now();
    let part = plan.operations / 10 / u64::from(plan.connections);
    let (mut memory, mut unexpected, mut done) = (Vec::new(), 0, 0);
    for tenth in 0..10 {
        // Signatures are too old after a while.
        let mix = mix(&caller)?;
        unexpected += calls(plan, &server, &mix, tenth * part..(tenth + 1) * part)?;
        done += part * u64::from(plan.connections);
        memory.extend(server.memory().map(|(now, _)| now));
    }
    figures.add("soak_operations", done as f64, "operations");
    figures.add(
        "soak_rate",
        done as f64 / begun.elapsed().as_secs_f64(),
        "a second",
    );
    figures.add("soak_unexpected", unexpected as f64, "responses");
    figures.memory("soak_memory_after_tenth", memory.first().copied());
    figures.memory("soak_memory_after_half", memory.get(4).copied());
    figures.memory("soak_memory_after_all", memory.last().copied());
    Ok(())
}

fn mix(caller: &Caller) -> Result<Mix, Box<dyn Error>> {
    let card = caller.card()?;
    let nothing = "0b9e4f6e-6a59-4d0b-9d4e-0d5f4b7f3a10";
    let get = |path: &str| caller.request("GET", path, "");
    let captured = r#"{"amount": "1", "currency": "EUR", "capture": true}"#;
    let declined = r#"{"amount": "1", "currency": "GBP", "capture": true}"#;
    let path = format!("/simulator/cards/{card}/authorisation");
    Ok(Mix {
        keyed: vec![
            (authorisations(caller, &card)?, 201),
            (caller.keyed(&path, captured)?, 201),
            (caller.keyed(&path, declined)?, 400),
        ],
        fixed: vec![
            (get(&format!("/cards/{card}"))?, 200),
            (get("/cards")?, 200),
            (get("/customers")?, 200),
            (get("/webhooks")?, 200),
            (get(&format!("/cards/{nothing}"))?, 404),
            (caller.unsigned(&format!("/cards/{card}")), 401),
            (get("/cards/not-an-id")?, 400),
        ],
    })
}

/// Makes the calls of these numbers on each connection. Returns how many responses had another
/// status than expected.
fn calls(
    plan: &Plan,
    server: &Server,
    mix: &Mix,
    numbers: std::ops::Range<u64>,
) -> Result<u64, Box<dyn Error>> {
    let unexpected = AtomicU64::new(0);
    let failed: Vec<_> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..plan.connections)
            .map(|number| {
                let (numbers, unexpected) = (numbers.clone(), &unexpected);
                scope.spawn(move || -> std::io::Result<()> {
                    let mut connection = Connection::open(&server.address)?;
                    for call in numbers {
                        let (request, expected) = mix.request(number, call);
                        if connection.exchange(&request)?.0 != expected {
                            unexpected.fetch_add(1, Ordering::Relaxed);
                        }
                    }
                    Ok(())
                })
            })
            .collect();
        let joined = threads.into_iter().map(|thread| thread.join());
        joined.filter_map(|done| done.ok()?.err()).collect()
    });
    match failed.into_iter().next() {
        Some(error) => Err(error.into()),
        None => Ok(unexpected.into_inner()),
    }
}

impl Mix {
    /// The request of a call, and the status that it gets. A third of them write.
    fn request(&self, connection: u32, call: u64) -> (Vec<u8>, u16) {
        let turn = (call / 3) as usize;
        if call.is_multiple_of(3) {
            let (request, status) = &self.keyed[turn % self.keyed.len()];
            return (with_key(request, connection, call), *status);
        }
        let turn = call as usize;
        let (request, status) = &self.fixed[turn % self.fixed.len()];
        (request.clone(), *status)
    }
}
