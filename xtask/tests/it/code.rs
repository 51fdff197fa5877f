//! `drift --code` on a workspace of its own.

use crate::place::Place;

#[test]
fn code_that_is_fresh_and_complete_has_not_drifted() {
    let place = Place::new();
    place.xtask(&["regenerate"]).exits(0);
    place.command("cargo", "exit 0");
    let said = place.xtask(&["drift", "--code"]).exits(0).out;
    assert!(
        said.starts_with("code: says what the contract says"),
        "{said}"
    );

    let pings = "crates/offblocks-types/src/generated/pings.rs";
    let fresh = place.read(pings);
    place.put(pings, &fresh.replace("/// ", "/// So: "));
    let said = place.xtask(&["drift", "--code"]).exits(4).out;
    assert!(said.contains("breaking[code-stale]"), "{said}");

    place.put(pings, &fresh.replace("pub id: String", "pub di: String"));
    let said = place.xtask(&["drift", "--code"]).exits(4).out;
    assert!(
        said.contains("offblocks-types lacks the field `Ping.id`"),
        "{said}"
    );
    assert!(said.contains(" --> openapi/offblocks.yaml:"), "{said}");
}

#[test]
fn the_test_of_derived_schemas_is_part_of_the_verdict() {
    let place = Place::new();
    place.xtask(&["regenerate"]).exits(0);
    place.command("cargo", "echo 'x panicked at y'; echo 'Ping.id: is a number'; echo 'test result: FAILED.'; exit 101");
    let said = place.xtask(&["drift", "--code"]).exits(100).out;
    assert!(said.contains("breaking[code-schema-differs]"), "{said}");
    assert!(said.contains("Ping.id: is a number"), "{said}");
    place.command("cargo", "echo 'error: there is no compiler' >&2; exit 101");
    let said = place.xtask(&["drift", "--code"]).exits(3).err;
    assert!(said.contains("there is no compiler"), "{said}");
}

#[test]
fn what_does_not_compile_is_told_all_the_same() {
    let place = Place::new();
    place.xtask(&["regenerate"]).exits(0);
    place.command("cargo", "echo 'error: expected an item' >&2; exit 101");
    let pings = "crates/offblocks-types/src/generated/pings.rs";
    place.put(pings, &format!("{}fn broken( {{", place.read(pings)));
    let said = place.xtask(&["drift", "--code"]).exits(4);
    let (out, err) = (&said.out, &said.err);
    assert_eq!(out.matches("breaking[").count(), 1, "{out}");
    assert!(out.contains("breaking[code-unreadable]"), "{out}");
    assert!(out.contains("fn broken( {"), "the place is shown: {out}");
    let note = "note: offblocks-types: derived schemas were not compared: ";
    assert!(out.contains(note), "{out}");
    assert!(err.contains("expected an item"), "{err}");
}
