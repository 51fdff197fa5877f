//! Integers of every size.

use super::generated::*;
use super::{rejection, survives};
use serde_json::json;

#[test]
fn each_integer_has_the_range_of_its_format() {
    for (name, least, most, beyond) in [
        ("int8", json!(i8::MIN), json!(i8::MAX), json!(128)),
        ("int16", json!(i16::MIN), json!(i16::MAX), json!(32_768)),
        (
            "int32",
            json!(i32::MIN),
            json!(i32::MAX),
            json!(2_147_483_648_u32),
        ),
        ("int64", json!(i64::MIN), json!(i64::MAX), json!(u64::MAX)),
        ("uint8", json!(0), json!(u8::MAX), json!(-1)),
        ("uint16", json!(0), json!(u16::MAX), json!(65_536)),
        ("uint32", json!(0), json!(u32::MAX), json!(-1)),
        ("uint64", json!(0), json!(u64::MAX), json!(-1)),
        ("plain", json!(i64::MIN), json!(i64::MAX), json!(1.5)),
        ("byMaximum", json!(0), json!(u64::MAX), json!(-1)),
        ("byMinimum", json!(i64::MAX), json!(u64::MAX), json!(-1)),
        ("wide", json!(-1), json!(u64::MAX), json!("1")),
        ("byExample", json!(0), json!(u64::MAX), json!(-1)),
        (
            "widened",
            json!(-1),
            json!(3_000_000_000_u32),
            json!(u64::MAX),
        ),
        ("limited", json!(0), json!(200), json!(0.5)),
    ] {
        survives::<Integers>(&json!({ name: least }));
        survives::<Integers>(&json!({ name: most }));
        rejection::<Integers>(&json!({ name: beyond }));
    }
    survives::<Integers>(&json!({ "list": [0, u64::MAX] }));
}

#[test]
fn an_integer_may_be_written_with_a_point() {
    for name in ["int8", "plain", "uint64", "limited"] {
        let value: Integers = serde_json::from_value(json!({ name: 5.0 })).unwrap();
        assert_eq!(serde_json::to_value(value).unwrap(), json!({ name: 5 }));
    }
    let value: Integers = serde_json::from_str("{\"list\": [1e2, 0.0]}").unwrap();
    assert_eq!(
        serde_json::to_value(value).unwrap(),
        json!({ "list": [100, 0] })
    );
    for beyond in [json!(5.5), json!(1e300), json!("5"), json!(true)] {
        rejection::<Integers>(&json!({ "plain": beyond }));
    }
}

#[test]
fn a_neighbour_in_all_of_narrows_and_changes_nothing_else() {
    let whole = json!({
        "size": 5, "big": u64::MAX, "kind": "a", "length": 4, "loose": 7, "name": "abc"
    });
    let narrowed: Narrowed = survives(&whole);
    let (size, big, length): (Option<i64>, Option<u64>, Option<i64>) =
        (narrowed.size, narrowed.big, narrowed.length);
    assert_eq!((size, big, length), (Some(5), Some(u64::MAX), Some(4)));
    assert_eq!(narrowed.loose, Some(7_i64));
    assert_eq!(narrowed.kind, Some(SizedKind::A));
}
