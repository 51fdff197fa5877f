//! The steps of the issuance guide.

use serde_json::{Value, json};

use super::{Caller, LocalWallet};

impl Caller {
    /// A customer that has yet to sign.
    pub async fn new_customer(&self, wallet: &LocalWallet, external_id: &str) -> Value {
        let body = json!({"chainId": wallet.owner().to_string(), "externalId": external_id});
        self.post("/customers", body).await.expect(201)
    }

    /// A customer that is active.
    pub async fn active_customer(&self, wallet: &LocalWallet, external_id: &str) -> String {
        let customer = self.new_customer(wallet, external_id).await;
        let id = text(&customer, "id");
        let body = signed(wallet, &customer);
        self.post(&format!("/customers/{id}/challenge/sign"), body)
            .await
            .expect(204);
        self.patch(&format!("/simulator/customers/{id}/verify"))
            .await
            .expect(202);
        id
    }

    /// An account that is active, of a customer that is.
    pub async fn active_account(&self, wallet: &LocalWallet, customer: &str) -> String {
        let account = self.new_account(customer).await;
        let id = text(&account, "id");
        let body = signed(wallet, &account);
        self.post(&format!("/accounts/{id}/challenge/sign"), body)
            .await
            .expect(204);
        id
    }

    /// An account whose owner has yet to sign.
    pub async fn new_account(&self, customer: &str) -> Value {
        let body = json!({"type": "card_account", "currencies": ["EUR"]});
        self.post(&format!("/customers/{customer}/accounts"), body)
            .await
            .expect(201)
    }

    /// A card that is being issued.
    pub async fn new_card(&self, account: &str) -> String {
        let card = self
            .post(&format!("/accounts/{account}/cards"), card())
            .await
            .expect(201);
        text(&card, "id")
    }

    /// A card that is active.
    pub async fn active_card(&self, account: &str) -> String {
        let id = self.new_card(account).await;
        self.patch(&format!("/simulator/cards/{id}/issue"))
            .await
            .expect(202);
        id
    }

    /// Customer, account and card, all active.
    pub async fn everything(&self, wallet: &LocalWallet) -> (String, String, String) {
        let customer = self.active_customer(wallet, "customer-1").await;
        let account = self.active_account(wallet, &customer).await;
        let card = self.active_card(&account).await;
        (customer, account, card)
    }

    /// The status of what is at this path.
    pub async fn status(&self, path: &str) -> String {
        text(&self.get(path).await.expect(200), "status")
    }
}

/// A request for a virtual card, as the guide sends it.
pub fn card() -> Value {
    json!({"type": "virtual", "billingAddress": {
        "firstLine": "18 Harbour Row", "city": "Bristol", "country": "GB", "postCode": "BS1 4RN",
    }})
}

/// The body that signs the challenge of `owner` with `wallet`, as the guides encode it.
pub fn signed(wallet: &LocalWallet, owner: &Value) -> Value {
    let challenge = text(owner, "challenge");
    let message = decode(&challenge);
    let hex: String = wallet
        .sign_challenge(&message)
        .unwrap()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let signature = encode(format!("0x{hex}").as_bytes());
    json!({"ownerId": wallet.owner().to_string(), "challenge": challenge, "signature": signature})
}

/// A signature of somebody else's challenge, which a wallet would not make.
pub fn forged(challenge: &[u8]) -> [u8; 65] {
    let message: siwe::Message = std::str::from_utf8(challenge).unwrap().parse().unwrap();
    let key = k256::ecdsa::SigningKey::from_slice(&[9; 32]).unwrap();
    let hash = message.eip191_hash().unwrap();
    let (signature, recovery) = key.sign_prehash_recoverable(&hash).unwrap();
    let mut bytes = [0; 65];
    bytes[..64].copy_from_slice(&signature.to_bytes());
    bytes[64] = 27 + recovery.to_byte();
    bytes
}

pub fn encode(bytes: &[u8]) -> String {
    offblocks_types::support::Base64::from(bytes).to_string()
}

pub fn decode(text: &str) -> Vec<u8> {
    text.parse::<offblocks_types::support::Base64>()
        .unwrap()
        .into_bytes()
}

/// A text member.
pub fn text(value: &Value, member: &str) -> String {
    let text = value[member].as_str();
    text.unwrap_or_else(|| panic!("no text {member} in {value}"))
        .to_owned()
}
