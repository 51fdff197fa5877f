//! `offblocks sandbox accounts` and `offblocks sandbox transactions`.

use offblocks_sandbox_api::{Movement, Refund};

use super::arguments::{AccountsCommand, TransactionsCommand};
use super::entities::is;
use super::printed::print;
use super::target::Target;
use crate::failure::Failure;

pub(super) async fn run(target: Target, command: AccountsCommand) -> Result<(), Failure> {
    let client = target.client()?;
    let failed = |error| target.failed(&error);
    let balance = match command {
        AccountsCommand::Fail { account } => {
            let account = client.fail_account(account).send().await.map_err(failed)?;
            return print(target.json, &*account, |it| {
                vec![is("account", it.id, &it.status)]
            });
        }
        AccountsCommand::Balance { account } => client.get_balance(account).send().await,
        AccountsCommand::PayIn { account, amount } => {
            client.pay_in(account, Movement::new(amount)).send().await
        }
        AccountsCommand::TakeOut { account, amount } => {
            client.take_out(account, Movement::new(amount)).send().await
        }
    };
    let balance = balance.map_err(failed)?;
    print(target.json, &*balance, |it| {
        vec![
            format!("available  {}", it.available),
            format!("held       {}", it.held),
            format!("token      {}", it.token),
        ]
    })
}

pub(super) async fn run_transactions(
    target: Target,
    command: TransactionsCommand,
) -> Result<(), Failure> {
    let client = target.client()?;
    let transaction = match command {
        TransactionsCommand::Reverse { transaction } => {
            client.reverse_transaction(transaction).send().await
        }
        TransactionsCommand::Refund {
            transaction,
            amount,
        } => {
            let refund = Refund::new(amount);
            client.refund_transaction(transaction, refund).send().await
        }
    };
    let transaction = transaction.map_err(|error| target.failed(&error))?;
    print(target.json, &*transaction, |it| {
        vec![is("transaction", it.id, &it.status)]
    })
}
