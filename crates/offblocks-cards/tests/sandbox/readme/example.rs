use offblocks_cards::{ActiveCard, Cards};
use offblocks_client::Client;
use offblocks_types::{
    AccountId, Address, CardType, CreateAccountCardRequest, SimulateCardAuthorisationRequest,
};

async fn issue(client: Client, account: AccountId) -> Result<ActiveCard, Box<dyn std::error::Error>> {
    let cards = Cards::new(client);
    let address = Address::new("4 Quay Lane", "Bristol", "GB", "BS1 4RN");
    let order = CreateAccountCardRequest::new(CardType::Virtual, address);

    let pending = cards.issue(account, order).await?;
    pending.simulate_issue().await?; // only in a sandbox: elsewhere OffBlocks decides
    let card = pending.wait_until_active().await?;

    let purchase = SimulateCardAuthorisationRequest::new("12.50".parse()?, "EUR", true);
    let payment = card.simulate_authorisation(purchase).await?;
    payment.wait_until_captured().await?;
    println!("card {} has paid {} time(s)", card.id(), card.transactions().await?.len());

    let inactive = card.deactivate().await?; // an inactive card has no `deactivate`
    Ok(inactive.activate().await?)
}
