//! `offblocks sandbox programmes`.

use offblocks_sandbox_api::{CreateProgramme, NewProgramme, Programme};

use super::arguments::ProgrammesCommand;
use super::printed::{print, print_done, table};
use super::target::Target;
use crate::failure::Failure;

pub(super) async fn run(target: Target, command: ProgrammesCommand) -> Result<(), Failure> {
    let client = target.client()?;
    let failed = |error| target.failed(&error);
    match command {
        ProgrammesCommand::Create { name } => {
            let call = client.create_programme(CreateProgramme::new(name.to_string()));
            let made = call.send().await.map_err(failed)?;
            print(target.json, &*made, created)
        }
        ProgrammesCommand::List => {
            let all = client.get_programmes().send().await.map_err(failed)?;
            print(target.json, &*all, |all| listed(all))
        }
        ProgrammesCommand::Drop { name } => {
            let call = client.delete_programme(name.to_string());
            call.send().await.map_err(failed)?;
            print_done(target.json, &format!("the programme {name} is dropped"))
        }
    }
}

fn created(made: &NewProgramme) -> Vec<String> {
    vec![
        format!("base URL    {}", made.base_url),
        format!("API key     {}", made.api_key),
        format!(
            "API secret  {}  (not shown again)",
            made.api_secret.expose()
        ),
    ]
}

fn listed(all: &[Programme]) -> Vec<String> {
    if all.is_empty() {
        return vec!["there are no programmes".to_owned()];
    }
    let row = |it: &Programme| vec![it.name.to_string(), it.base_url.clone()];
    table(&all.iter().map(row).collect::<Vec<_>>())
}
