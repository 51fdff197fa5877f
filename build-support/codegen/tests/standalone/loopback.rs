//! What the generated client sends, the generated server reads the same: every style of parameters,
//! forms, and properties that travel in one direction.

use crate::workspace::{dependencies, emit, manifest, root, write};
use std::path::Path;
use std::process::Command;

const DRIVER: &str =
    "[package]\nname = \"loopback-driver\"\nversion = \"0.0.0\"\nedition = \"2024\"\n
[dependencies]
guarded-client = { path = \"../guarded-client\" }
guarded-server = { path = \"../guarded-server\" }
guarded-types = { path = \"../guarded-types\" }
loopback-client = { path = \"../loopback-client\" }
loopback-server = { path = \"../loopback-server\" }
loopback-types = { path = \"../loopback-types\" }
values-client = { path = \"../values-client\" }
values-server = { path = \"../values-server\" }
values-types = { path = \"../values-types\" }
axum = { version = \"0.8\", default-features = false, features = [\"http1\", \"json\", \"tokio\"] }
bytes = \"1\"
futures-util = { version = \"0.3\", default-features = false }
multer = { version = \"3\", default-features = false }
reqwest = { version = \"0.13\", default-features = false, features = [\"stream\"] }
serde = \"1\"
serde_json = \"1\"
tokio = { version = \"1\", features = [\"macros\", \"net\", \"rt-multi-thread\", \"sync\"] }
url = \"2\"
";

#[test]
fn values_arrive_as_they_were_sent() {
    let contracts = root().join("build-support/codegen/tests/standalone/loopback");
    let dependencies = dependencies();
    let mut files = emit("loopback", &contracts.join("contract.yaml"), &dependencies);
    let guarded = emit("guarded", &contracts.join("guarded.yaml"), &dependencies);
    files.merge(guarded).unwrap();
    let values = emit("values", &contracts.join("values.yaml"), &dependencies);
    files.merge(values).unwrap();
    let members = [
        "guarded-client",
        "guarded-server",
        "guarded-types",
        "loopback-client",
        "loopback-driver",
        "loopback-server",
        "loopback-types",
        "values-client",
        "values-server",
        "values-types",
    ]
    .map(str::to_owned);
    files.insert("loopback-driver/Cargo.toml", DRIVER).unwrap();
    let driver = include_str!("loopback/driver.rs");
    files.insert("loopback-driver/src/main.rs", driver).unwrap();
    let modules = [
        ("apart", include_str!("loopback/apart.rs")),
        ("brackets", include_str!("loopback/brackets.rs")),
        ("choices", include_str!("loopback/choices.rs")),
        ("edges", include_str!("loopback/edges.rs")),
        ("forms", include_str!("loopback/forms.rs")),
        ("guarded", include_str!("loopback/guarded.rs")),
        ("outcomes", include_str!("loopback/outcomes.rs")),
        ("routes", include_str!("loopback/routes.rs")),
        ("parts", include_str!("loopback/parts.rs")),
        ("secured", include_str!("loopback/secured.rs")),
        ("several", include_str!("loopback/several.rs")),
        ("streamed", include_str!("loopback/streamed.rs")),
        ("typed", include_str!("loopback/typed.rs")),
        ("values", include_str!("loopback/values.rs")),
    ];
    for (name, text) in modules {
        files
            .insert(format!("loopback-driver/src/{name}.rs"), text)
            .unwrap();
    }
    let text = manifest(&members, &dependencies, &files);
    files.insert("Cargo.toml", text).unwrap();
    let members = members.iter().map(String::as_str);
    let owned: Vec<&str> = members.chain(["Cargo.toml"]).collect();
    run(&write("loopback", &owned, &files));
}

fn run(folder: &Path) {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
    let mut cargo = Command::new(env!("CARGO"));
    let cargo = cargo.args([
        "run",
        "--offline",
        "--quiet",
        "--package",
        "loopback-driver",
    ]);
    let output = cargo
        .arg("--target-dir")
        .arg(target)
        .current_dir(folder)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success(),
        "a value arrives changed, or the code in {} does not compile:\n{said}",
        folder.display()
    );
    let shown = String::from_utf8_lossy(&output.stdout);
    assert!(shown.contains("values cannot be sent"), "{shown}");
}
