//! The steps after the first payment, until the card is terminated.

use offblocks_types::{AuthorisationStatus, SimulateCardAuthorisationRequest};

use super::wait::Wait;
use super::walk::{Step, Walk, failed, made};
use crate::failure::Failure;

impl Walk<'_> {
    /// The card pays nothing until it is activated again.
    pub(super) async fn deactivate(&mut self) -> Step {
        let inactive = made(self.card.take())?.deactivate().await;
        let inactive = inactive.map_err(failed)?;
        let status = inactive.status().to_string();
        self.inactive = Some(inactive);
        Ok(vec![("status", status)])
    }

    pub(super) async fn activate(&mut self) -> Step {
        let active = made(self.inactive.take())?.activate().await;
        let active = active.map_err(failed)?;
        let status = active.status().to_string();
        self.card = Some(active);
        Ok(vec![("status", status)])
    }

    /// A payment that the merchant does not capture.
    pub(super) async fn pay_and_release(&mut self) -> Step {
        let mut values = self.authorise_with(false).await?;
        self.release().await?;
        let mut wait = Wait::new(self.target.policy);
        loop {
            let read = made(self.authorisation.as_ref())?.refresh().await;
            let read = read.map_err(failed)?;
            if read.status() == &AuthorisationStatus::Released {
                values.retain(|(name, _)| *name != "status");
                values.push(("status", read.status().to_string()));
                return Ok(values);
            }
            wait.a_while("the payment", read.status()).await?;
        }
    }

    /// A payment with a card that is not active.
    pub(super) async fn decline(&mut self) -> Step {
        let amount = "20.0".parse();
        let amount = amount.map_err(|error| Failure::new("the amount cannot be read", error))?;
        let request = SimulateCardAuthorisationRequest::new(amount, "EUR", true);
        let card = made(self.inactive.as_ref())?.id();
        let call = self.client().simulate_card_authorisation(card, request);
        let error = match call.send().await {
            Ok(_) => {
                return Err(Failure::because(
                    "a payment with an inactive card was approved",
                ));
            }
            Err(error) if error.is_bad_request() => error,
            Err(error) => return Err(failed(error)),
        };
        let detail = error.problem().and_then(|problem| problem.detail.clone());
        let reason = detail.unwrap_or_else(|| "declined".to_owned());
        Ok(vec![("reason", reason)])
    }

    /// The end of a card, which is final.
    pub(super) async fn terminate(&mut self) -> Step {
        let terminated = made(self.card.take())?.terminate().await;
        let status = terminated.map_err(failed)?.status().to_string();
        Ok(vec![("status", status)])
    }
}
