//! What the generated code promises of the whole contract.

use offblocks_client::{Client, Error, Operation, ResponseValue, builder};
use offblocks_types::{AccountId, Card, CardId, CreateAccountCardRequest};

#[test]
fn a_call_takes_typed_arguments_and_nothing_about_signatures() {
    // These lines compile or do not.
    let _: fn(&Client, AccountId, CreateAccountCardRequest) -> builder::CreateAccountCard =
        Client::create_account_card;
    let _: fn(&Client, CardId) -> builder::GetCard = Client::get_card;
    async fn get_card(call: builder::GetCard) -> Result<ResponseValue<Card>, Error> {
        call.send().await
    }
    let _ = get_card;
}

#[test]
fn errors_and_calls_cross_threads() {
    fn crosses<T: Send + Sync + 'static>() {}
    crosses::<Error>();
    crosses::<Client>();
    fn travels<T: Send>(_: impl FnOnce(Client, CardId) -> T) {}
    travels(|client, card| async move { client.get_card(card).send().await.map(|_| ()) });
}

#[test]
fn the_table_says_what_the_contract_says() {
    let count = |holds: fn(&Operation) -> bool| {
        Operation::ALL
            .iter()
            .filter(|operation| holds(operation))
            .count()
    };
    assert_eq!(Operation::ALL.len(), 46);
    assert_eq!(count(|operation| operation.signed), 41);
    assert_eq!(count(|operation| operation.bearer), 45);
    assert_eq!(
        count(|operation| operation.signed == operation.path.starts_with("/auth/")),
        0
    );
    assert_eq!(
        count(|operation| operation.idempotent && operation.method == "GET"),
        0
    );
    assert_eq!(count(|operation| operation.digest && !operation.signed), 0);
}

#[test]
fn every_operation_is_found_by_its_id() {
    for operation in Operation::ALL {
        assert_eq!(Operation::find(operation.id), Some(*operation));
        assert!(operation.statuses.is_sorted(), "{}", operation.id);
    }
    assert_eq!(Operation::find("getcard"), None);
}

#[test]
fn generated_code_sets_no_header_and_every_keyed_call_has_a_key() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/generated");
    let mut keyed = 0;
    for file in std::fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(!text.contains("header_map"), "{}", path.display());
        keyed += text.matches("    keyed ").count();
    }
    let idempotent = Operation::ALL
        .iter()
        .filter(|operation| operation.idempotent);
    assert_eq!(keyed, idempotent.count());
}
