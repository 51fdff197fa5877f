//! What progenitor alone makes of a contract once it is lowered: the peer that `cargo xtask bench`
//! stands the generated crates beside.
//!
//! ```text
//! cargo run -p codegen --example raw_progenitor -- openapi/offblocks.yaml > client.rs
//! ```

use std::error::Error;
use std::io::Write as _;
use std::path::Path;

use codegen::lower::lower;
use codegen::policy::Policy;
use contract::read_file;
use progenitor::{GenerationSettings, Generator, InterfaceStyle};

fn main() -> Result<(), Box<dyn Error>> {
    let contract = std::env::args().nth(1).ok_or("name a contract")?;
    let client = client(Path::new(&contract))?;
    Ok(std::io::stdout().write_all(client.as_bytes())?)
}

/// The client that progenitor makes of a contract.
pub fn client(contract: &Path) -> Result<String, Box<dyn Error>> {
    let document = read_file(contract)?;
    let lowered = lower(&document, &Policy::default())?;
    let mut settings = GenerationSettings::new();
    settings.with_interface(InterfaceStyle::Builder);
    let tokens = Generator::new(&settings)
        .generate_tokens(&serde_json::from_value(lowered.node.to_json())?)?;
    let file = syn::parse2(tokens)?;
    Ok(prettyplease::unparse(&file))
}
