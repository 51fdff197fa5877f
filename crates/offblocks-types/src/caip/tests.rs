//! Identifiers that are valid, and those that are not.

use super::*;
use proptest::prelude::*;

#[test]
fn the_contracts_examples_are_taken_apart() {
    let chain: BlockchainId = "starknet:SN_MAIN".parse().unwrap();
    assert_eq!(
        (chain.namespace(), chain.reference()),
        ("starknet", "SN_MAIN")
    );

    let account: BlockchainAccountId = "eip155:300:0x869fe7566d406cDd".parse().unwrap();
    assert_eq!(
        (account.chain().as_str(), account.address()),
        ("eip155:300", "0x869fe7566d406cDd")
    );

    let asset: BlockchainAssetId = "eip155:324/erc20:0x6b17".parse().unwrap();
    assert_eq!(asset.chain().as_str(), "eip155:324");
    assert_eq!(
        (asset.namespace(), asset.reference(), asset.token_id()),
        (Some("erc20"), "0x6b17", None)
    );

    let token: BlockchainAssetId = "eip155:1/erc721:0x06/771769".parse().unwrap();
    assert_eq!(
        (token.reference(), token.token_id()),
        ("0x06", Some("771769"))
    );

    let asset: BlockchainAssetId = "starknet:SN_MAIN:0x05a1".parse().unwrap();
    assert_eq!(asset.chain().as_str(), "starknet:SN_MAIN");
    assert_eq!(
        (asset.namespace(), asset.reference(), asset.token_id()),
        (None, "0x05a1", None)
    );

    let transaction: BlockchainTransactionId = "starknet:SN_MAIN:0x71c8".parse().unwrap();
    assert_eq!(
        (transaction.chain().as_str(), transaction.hash()),
        ("starknet:SN_MAIN", "0x71c8")
    );
}

#[test]
fn texts_that_are_no_identifiers_say_which_part_is_wrong() {
    let chain = [
        "",
        "eip155",
        "ei:1",
        "EIP155:1",
        "eip155:",
        "eip155:a b",
        "waytoolong:1",
    ];
    for text in chain {
        let error = text.parse::<BlockchainId>().unwrap_err().to_string();
        assert!(
            error.starts_with("not a blockchain (CAIP-2): "),
            "{text}: {error}"
        );
    }
    for text in [
        "eip155:1",
        "0xab16",
        "eip155:1:",
        "eip155:1:0x/1",
        "eip155:1:0x1:2",
    ] {
        assert!(text.parse::<BlockchainAccountId>().is_err(), "{text}");
        assert!(text.parse::<BlockchainTransactionId>().is_err(), "{text}");
    }
    for text in [
        "eip155:1",
        "eip155:1/erc20",
        "eip155:1/ERC20:0x1",
        "eip155:1/erc20:0x1/",
    ] {
        assert!(text.parse::<BlockchainAssetId>().is_err(), "{text}");
    }
}

#[test]
fn json_is_checked_too() {
    let account: BlockchainAccountId = serde_json::from_str("\"eip155:1:0xab\"").unwrap();
    assert_eq!(
        serde_json::to_string(&account).unwrap(),
        "\"eip155:1:0xab\""
    );
    assert!(serde_json::from_str::<BlockchainAccountId>("\"0xab\"").is_err());
}

proptest! {
    #[test]
    fn what_is_put_together_is_taken_apart(
        chain in "[-a-z0-9]{3,8}:[-_a-zA-Z0-9]{1,32}",
        address in "[-.%a-zA-Z0-9]{1,128}",
    ) {
        let chain: BlockchainId = chain.parse().unwrap();
        let account = BlockchainAccountId::new(&chain, &address).unwrap();
        prop_assert_eq!(account.chain(), chain.clone());
        prop_assert_eq!(account.address(), &address);
        let transaction = BlockchainTransactionId::new(&chain, &address).unwrap();
        prop_assert_eq!((transaction.chain(), transaction.hash()), (chain, address.as_str()));
    }

    #[test]
    fn no_text_makes_the_parser_panic(text in "\\PC{0,40}") {
        let _ = text.parse::<BlockchainAssetId>();
        let _ = text.parse::<BlockchainAccountId>();
    }
}
