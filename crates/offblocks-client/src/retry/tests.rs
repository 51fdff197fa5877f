//! Which outcomes are tried again, when, and how often.

use super::*;

const POLICY: RetryPolicy = RetryPolicy {
    attempts: 3,
    first_pause: Duration::from_millis(100),
    longest_pause: Duration::from_millis(300),
    longest_retry_after: Duration::from_secs(10),
};

const FAILED: Attempt = Attempt {
    number: 1,
    outcome: Outcome::Unknown,
    repeatable: true,
    keyed: true,
    token_cached: true,
    token_renewed: false,
    retry_after: None,
};

fn status(status: u16) -> Attempt {
    let status = StatusCode::from_u16(status).unwrap();
    Attempt {
        outcome: Outcome::Status(status),
        ..FAILED
    }
}

fn is_retried(attempt: &Attempt) -> bool {
    matches!(POLICY.judge(attempt, 0.5), Verdict::Retry(_))
}

#[test]
fn what_passes_is_tried_again_and_nothing_else() {
    for code in 200..600 {
        let expected = matches!(code, 408 | 429 | 500 | 502 | 503 | 504);
        assert_eq!(is_retried(&status(code)), expected, "status {code}");
    }
    for (outcome, expected) in [
        (Outcome::Unknown, true),
        (Outcome::NotSent, true),
        (Outcome::Final, false),
    ] {
        assert_eq!(
            is_retried(&Attempt { outcome, ..FAILED }),
            expected,
            "{outcome:?}"
        );
    }
}

#[test]
fn a_change_without_a_key_is_tried_again_only_where_nothing_was_sent() {
    let unkeyed = |attempt: Attempt| Attempt {
        repeatable: false,
        keyed: false,
        ..attempt
    };
    assert!(!is_retried(&unkeyed(status(503))));
    assert!(!is_retried(&unkeyed(FAILED)));
    let not_sent = Attempt {
        outcome: Outcome::NotSent,
        ..FAILED
    };
    assert!(is_retried(&unkeyed(not_sent)));
}

#[test]
fn only_the_conflict_of_a_key_that_still_runs_is_tried_again() {
    let after = Some(Duration::from_secs(1));
    let running = Attempt {
        retry_after: after,
        ..status(409)
    };
    assert_eq!(
        POLICY.judge(&running, 0.5),
        Verdict::Retry(Duration::from_secs(1))
    );
    let unkeyed = Attempt {
        keyed: false,
        ..running
    };
    assert_eq!(POLICY.judge(&unkeyed, 0.5), Verdict::Done);
    assert_eq!(POLICY.judge(&status(409), 0.5), Verdict::Done);
}

#[test]
fn a_rejected_token_is_renewed_once_and_only_when_it_was_kept_from_an_earlier_call() {
    let rejected = status(401);
    assert_eq!(POLICY.judge(&rejected, 0.5), Verdict::RenewToken);
    let last = Attempt {
        number: 3,
        ..rejected
    };
    assert_eq!(POLICY.judge(&last, 0.5), Verdict::RenewToken);
    for stands in [
        Attempt {
            token_renewed: true,
            ..rejected
        },
        Attempt {
            token_cached: false,
            ..rejected
        },
    ] {
        assert_eq!(POLICY.judge(&stands, 0.5), Verdict::Done, "{stands:?}");
    }
}

#[test]
fn pauses_double_up_to_their_bound_and_are_random_below_it() {
    let policy = POLICY.with_attempts(99);
    let pause = |number, random| match policy.judge(&Attempt { number, ..FAILED }, random) {
        Verdict::Retry(pause) => pause.as_millis(),
        other => panic!("{other:?}"),
    };
    let bounds: Vec<_> = [1, 2, 3, 40].map(|number| pause(number, 1.0)).into();
    assert_eq!(bounds, [100, 200, 300, 300]);
    assert_eq!((pause(1, 0.0), pause(2, 0.25)), (0, 50));
}

#[test]
fn the_servers_pause_is_kept_up_to_its_cap() {
    let asks = |seconds| Attempt {
        retry_after: Some(Duration::from_secs(seconds)),
        ..status(429)
    };
    assert_eq!(
        POLICY.judge(&asks(10), 0.0),
        Verdict::Retry(Duration::from_secs(10))
    );
    assert_eq!(POLICY.judge(&asks(11), 0.0), Verdict::Done);
    assert_eq!(
        POLICY.judge(&asks(0), 0.5),
        Verdict::Retry(Duration::from_millis(50)),
        "a server that asks for no pause is not met without one"
    );
}

#[test]
fn attempts_are_counted() {
    assert!(is_retried(&Attempt {
        number: 2,
        ..FAILED
    }));
    assert!(!is_retried(&Attempt {
        number: 3,
        ..FAILED
    }));
    assert_eq!(RetryPolicy::none().judge(&FAILED, 0.5), Verdict::Done);
}
