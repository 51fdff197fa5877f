//! The card issuance guide and related operations. Wrong calls come before each correct one.

use std::time::Duration;

use offblocks_cards::LocalWallet;
use offblocks_cards::rules::{
    AccountState, AuthorisationState, CardState, CustomerState, Lifecycle,
};
use serde_json::{Value, json};

use super::bodies::{self, Body};
use super::walk::{Ids, Walk};
use crate::failure::Failure;

/// What the walk has created.
#[derive(Debug, Default)]
pub(super) struct Made {
    customer: Option<String>,
    account: Option<String>,
    card: Option<String>,
}

/// A customer and its wallet. The walk creates two: one is verified, one rejected.
struct Customer {
    id: String,
    wallet: LocalWallet,
}

impl Walk<'_, '_> {
    /// From a customer to a card that was paid with.
    pub(super) async fn issue(&mut self) -> Result<Made, Failure> {
        let mut made = Made::default();
        let Some(customer) = self.customer().await? else {
            self.stop("no customer could be created, so the rest of the guide was not called");
            return Ok(made);
        };
        let ids: Ids<'_> = &[("customerId", &customer.id)];
        let verify = "simulateVerifyCustomer";
        self.until(verify, ids, "getCustomer", &["active"]).await?;
        made.account = self.account(&customer).await?;
        match &made.account {
            Some(account) => made.card = self.card(account).await?,
            None => self.stop("no account could be opened, so no card was issued"),
        }
        match &made.card {
            Some(card) => self.pay(card).await?,
            None if made.account.is_none() => {}
            None => self.stop("no card could be issued, so no payment was made"),
        }
        self.webhook().await?;
        made.customer = Some(customer.id);
        Ok(made)
    }

    /// Deactivates and activates what was created, then closes it.
    pub(super) async fn end(&mut self, made: Made) -> Result<(), Failure> {
        let parts = [
            ("cardId", &made.card, ["deactivateCard", "activateCard"]),
            (
                "accountId",
                &made.account,
                ["deactivateAccount", "activateAccount"],
            ),
            (
                "customerId",
                &made.customer,
                ["deactivateCustomer", "activateCustomer"],
            ),
        ];
        for (name, id, moves) in parts {
            let Some(id) = id else { continue };
            for operation in moves {
                self.act(operation, &[(name, id)], Body::Nothing).await?;
                // The second call is a conflict.
                self.right(operation, &[(name, id)], None).await?;
            }
        }
        self.end_card(&made).await?;
        if let Some(account) = &made.account {
            self.twice("closeAccount", &[("accountId", account)])
                .await?;
        }
        self.reject().await
    }

    /// A customer whose wallet is proven.
    async fn customer(&mut self) -> Result<Option<Customer>, Failure> {
        let wallet = bodies::wallet()?;
        let body = Body::Fresh(bodies::customer(&wallet)?, &bodies::another_customer);
        let made = self.act("createCustomer", &[], body).await?;
        let Some(id) = made.as_ref().and_then(id_of) else {
            return Ok(None);
        };
        let ids: Ids<'_> = &[("customerId", &id)];
        let challenge = self.right("getCustomerChallenge", ids, None).await?;
        let signed = challenge.or(made).and_then(|it| signature(&wallet, &it));
        if let Some(signed) = signed {
            let body = Body::Same(signed.clone());
            let done = self.act("signCustomerChallenge", ids, body).await?;
            self.right("signCustomerChallenge", ids, Some(&signed))
                .await?;
            if done.is_some() {
                let wanted = ["verifying", "active"];
                self.wait("getCustomer", ids, &wanted).await?;
            }
        }
        Ok(Some(Customer { id, wallet }))
    }

    async fn account(&mut self, customer: &Customer) -> Result<Option<String>, Failure> {
        let ids: Ids<'_> = &[("customerId", &customer.id)];
        let body = Body::Same(bodies::account());
        let made = self.act("createCustomerAccount", ids, body).await?;
        let Some(id) = made.as_ref().and_then(id_of) else {
            return Ok(None);
        };
        let ids: Ids<'_> = &[("accountId", &id)];
        let challenge = self.right("getAccountChallenge", ids, None).await?;
        let signed = challenge.or(made);
        let signed = signed.and_then(|it| signature(&customer.wallet, &it));
        let Some(signed) = signed else {
            return Ok(None);
        };
        let body = Body::Same(signed.clone());
        let done = self.act("signAccountChallenge", ids, body).await?;
        self.right("signAccountChallenge", ids, Some(&signed))
            .await?;
        let active = done.is_some() && self.wait("getAccount", ids, &["active"]).await?;
        Ok(active.then_some(id))
    }

    async fn card(&mut self, account: &str) -> Result<Option<String>, Failure> {
        let ids: Ids<'_> = &[("accountId", account)];
        let made = self
            .act("createAccountCard", ids, Body::Same(bodies::card()))
            .await?;
        let Some(id) = made.as_ref().and_then(id_of) else {
            return Ok(None);
        };
        let ids: Ids<'_> = &[("cardId", &id)];
        let issue = "simulateIssueCard";
        let active = self.until(issue, ids, "getCard", &["active"]).await?;
        Ok(active.then_some(id))
    }

    /// Three payments: one is captured automatically, one by a call, and one is released.
    async fn pay(&mut self, card: &str) -> Result<(), Failure> {
        let moves = [
            (true, None, "captured"),
            (false, Some("simulateCardAuthorisationCapture"), "captured"),
            (false, Some("simulateCardAuthorisationRelease"), "released"),
        ];
        for (capture, then, end) in moves {
            let body = Body::Same(bodies::authorisation(capture));
            let operation = "simulateCardAuthorisation";
            let made = self.act(operation, &[("cardId", card)], body).await?;
            let Some(id) = made.as_ref().and_then(id_of) else {
                return Ok(());
            };
            let ids: Ids<'_> = &[("authorisationId", &id)];
            let look = "getAuthorisationDetails";
            match then {
                Some(then) => self.until(then, ids, look, &[end]).await?,
                None => self.wait(look, ids, &[end]).await?,
            };
        }
        Ok(())
    }

    async fn webhook(&mut self) -> Result<(), Failure> {
        let body = Body::Same(bodies::webhook());
        let made = self.act("saveWebhook", &[], body).await?;
        if let Some(id) = made.as_ref().and_then(id_of) {
            let ids: Ids<'_> = &[("webhookId", &id)];
            self.right("getWebhook", ids, None).await?;
            self.act("deleteWebhook", ids, Body::Nothing).await?;
        }
        Ok(())
    }

    /// Closes the card, and lets the issuing of the next one fail.
    async fn end_card(&mut self, made: &Made) -> Result<(), Failure> {
        let Some((card, account)) = made.card.as_ref().zip(made.account.as_ref()) else {
            return Ok(());
        };
        self.twice("deleteCard", &[("cardId", card)]).await?;
        let ids: Ids<'_> = &[("accountId", account)];
        let next = self
            .right("createAccountCard", ids, Some(&bodies::card()))
            .await?;
        if let Some(id) = next.as_ref().and_then(id_of) {
            let ids: Ids<'_> = &[("cardId", &id)];
            let fail = "simulateCardFail";
            self.until(fail, ids, "getCard", &["issue_failed"]).await?;
        }
        Ok(())
    }

    /// A second customer, whom the simulator rejects.
    async fn reject(&mut self) -> Result<(), Failure> {
        if let Some(customer) = self.customer().await? {
            let ids: Ids<'_> = &[("customerId", &customer.id)];
            let reject = "simulateRejectCustomer";
            self.until(reject, ids, "getCustomer", &["rejected"])
                .await?;
        }
        Ok(())
    }

    /// Calls an operation that closes something, and calls it again.
    async fn twice(&mut self, id: &str, ids: Ids<'_>) -> Result<(), Failure> {
        self.act(id, ids, Body::Nothing).await?;
        self.right(id, ids, None).await.map(drop)
    }

    /// Calls an operation and waits for the status it leads to, unless it was rejected.
    async fn until(
        &mut self,
        id: &str,
        ids: Ids<'_>,
        look: &str,
        wanted: &[&str],
    ) -> Result<bool, Failure> {
        let done = self.act(id, ids, Body::Nothing).await?;
        Ok(done.is_some() && self.wait(look, ids, wanted).await?)
    }

    /// Waits for a status. Stops at once when the server does not implement the operation.
    async fn wait(&mut self, id: &str, ids: Ids<'_>, wanted: &[&str]) -> Result<bool, Failure> {
        let policy = self.session.policy;
        let (mut next, mut waited) = (policy.first_interval, Duration::ZERO);
        loop {
            let Some(entity) = self.right(id, ids, None).await? else {
                return Ok(false);
            };
            let status = entity["status"].as_str().unwrap_or_default();
            if wanted.contains(&status) {
                return Ok(true);
            }
            if !may_come(id, status, wanted) {
                self.note(format!(
                    "{id} shows `{}`, from which {} cannot come, so it was not waited for",
                    report::visible(status),
                    wanted.join(" or ")
                ));
                return Ok(false);
            }
            if waited >= policy.timeout {
                let wanted = wanted.join(" or ");
                let seconds = policy.timeout.as_secs();
                self.note(format!(
                    "{id} did not show {wanted} within {seconds} seconds"
                ));
                return Ok(false);
            }
            tokio::time::sleep(next).await;
            waited += next;
            next = (next * 2).min(policy.longest_interval);
        }
    }
}

/// Whether a status may still become one of those that are waited for. For a status that is not in the
/// contract, this is not known.
fn may_come(look: &str, status: &str, wanted: &[&str]) -> bool {
    match look {
        "getCustomer" => leads_to::<CustomerState>(status, wanted),
        "getAccount" => leads_to::<AccountState>(status, wanted),
        "getCard" => leads_to::<CardState>(status, wanted),
        "getAuthorisationDetails" => leads_to::<AuthorisationState>(status, wanted),
        _ => true,
    }
}

fn leads_to<S: Lifecycle>(status: &str, wanted: &[&str]) -> bool {
    let Ok(state) = status.parse::<S>() else {
        return false;
    };
    let mut wanted = wanted.iter().filter_map(|name| name.parse::<S>().ok());
    wanted.any(|wanted| state.can_become(wanted))
}

/// The identifier of what was made.
fn id_of(made: &Value) -> Option<String> {
    made["id"].as_str().map(str::to_owned)
}

/// A wallet's signature of the challenge in an entity or on its own.
fn signature(wallet: &LocalWallet, holder: &Value) -> Option<Value> {
    let challenge = holder["challenge"].as_str()?;
    let bytes: offblocks_types::Base64 = challenge.parse().ok()?;
    let signature = wallet.sign_challenge(bytes.as_bytes()).ok()?;
    let signature = offblocks_types::Base64::from(signature.to_vec());
    // The text of the challenge as it came, since it has to come back unchanged.
    Some(json!({
        "ownerId": wallet.owner(), "challenge": challenge, "signature": signature,
    }))
}

#[cfg(test)]
mod tests {
    use super::may_come;

    #[test]
    fn a_status_is_waited_for_only_where_it_can_come() {
        for (look, status, wanted, expected) in [
            ("getCard", "issuing", "active", true),
            ("getCard", "issue_failed", "active", false),
            ("getCard", "frozen solid", "active", false),
            ("getCard", "", "active", false),
            ("getCustomer", "verifying", "active", true),
            ("getCustomer", "rejected", "active", false),
            ("getAuthorisationDetails", "released", "captured", false),
            ("getWebhook", "anything", "active", true),
        ] {
            assert_eq!(
                may_come(look, status, &[wanted]),
                expected,
                "{look} {status}"
            );
        }
    }
}
