//! Which database files a sandbox takes, and that it has each of them for itself.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use offblocks_sandbox::{
    BuildError, Credentials, Database, Sandbox, Settings, StoreError, Surroundings,
};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _, Row as _, SqliteConnection};

async fn open(file: &Path) -> Result<Sandbox, StoreError> {
    let mut settings = Settings::default();
    settings.database = Database::File(file.to_owned());
    let sandbox = Sandbox::builder(Surroundings::real()).settings(settings);
    match sandbox.build().await {
        Ok(sandbox) => Ok(sandbox),
        Err(BuildError::Store(error)) => Err(error),
        Err(error) => panic!("not the store: {error}"),
    }
}

/// Runs statements on a file as another program does.
async fn other(file: &Path, statements: &[&'static str]) -> SqliteConnection {
    let options = SqliteConnectOptions::new().filename(file);
    let mut connection = options.create_if_missing(true).connect().await.unwrap();
    for statement in statements {
        sqlx::query(*statement)
            .execute(&mut connection)
            .await
            .unwrap();
    }
    connection
}

/// Every file of a folder and its bytes.
fn contents(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let files = std::fs::read_dir(folder).unwrap();
    let read = |path: PathBuf| (path.clone(), std::fs::read(path).unwrap());
    files.map(|file| read(file.unwrap().path())).collect()
}

#[cfg(unix)]
#[tokio::test]
async fn no_other_name_leads_past_the_lock() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let first = open(&path("sandbox.db")).await.unwrap();
    std::os::unix::fs::symlink(path("sandbox.db"), path("symbolic.db")).unwrap();
    let rejected = open(&path("symbolic.db")).await.unwrap_err();
    assert!(matches!(rejected, StoreError::InUse(_)), "{rejected}");
    std::fs::hard_link(path("sandbox.db"), path("hard.db")).unwrap();
    for name in ["hard.db", "sandbox.db"] {
        let rejected = open(&path(name)).await.unwrap_err();
        assert!(matches!(rejected, StoreError::HardLinks(_)), "{rejected}");
    }
    std::fs::remove_file(path("hard.db")).unwrap();
    // A lock that lies beside the database could be deleted.
    for file in contents(folder.path()).into_keys() {
        let name = file.file_name().unwrap().to_str().unwrap();
        if ![
            "sandbox.db",
            "symbolic.db",
            "sandbox.db-wal",
            "sandbox.db-shm",
        ]
        .contains(&name)
        {
            std::fs::remove_file(file).unwrap();
        }
    }
    let rejected = open(&path("sandbox.db")).await.unwrap_err();
    assert!(matches!(rejected, StoreError::InUse(_)), "{rejected}");
    first.close().await;
    drop(first);
    open(&path("symbolic.db")).await.unwrap().close().await;
}

#[tokio::test]
async fn a_file_of_somebody_else_is_left_as_it_is() {
    let notes = "CREATE TABLE notes (text TEXT)";
    let wal = "PRAGMA journal_mode = WAL";
    let cases: [(&str, &[&str]); 4] = [
        ("tables", &[notes]),
        ("application", &[notes, "PRAGMA application_id = 252006673"]),
        ("wal", &[wal, notes]),
        (
            "migrations",
            &[
                "CREATE TABLE _sqlx_migrations (version BIGINT, description TEXT)",
                "INSERT INTO _sqlx_migrations VALUES (1, 'sandbox')",
            ],
        ),
    ];
    for (name, statements) in cases {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join(name);
        other(&file, statements).await.close().await.unwrap();
        rejects(&file).await;
    }
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("notes.txt");
    let mut text = std::fs::File::create(&file).unwrap();
    std::io::Write::write_all(&mut text, b"SQLite format 3, or so it says").unwrap();
    rejects(&file).await;
}

#[tokio::test]
async fn a_file_that_somebody_else_has_open_is_left_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("notes.db");
    let statements = [
        "PRAGMA journal_mode = WAL",
        "CREATE TABLE notes (text TEXT)",
    ];
    let connection = other(&file, &statements).await;
    rejects(&file).await;
    connection.close().await.unwrap();
}

async fn rejects(file: &Path) {
    let before = contents(file.parent().unwrap());
    let rejected = open(file).await.unwrap_err();
    assert!(
        matches!(rejected, StoreError::Foreign { .. }),
        "{file:?}: {rejected}"
    );
    assert!(
        rejected.to_string().contains(file.to_str().unwrap()),
        "{rejected}"
    );
    let after = contents(file.parent().unwrap());
    assert!(before == after, "{file:?} or a file beside it was changed");
}

#[tokio::test]
async fn the_header_says_whose_it_is_and_which_version() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("sandbox.db");
    let sandbox = open(&file).await.unwrap();
    // In the file itself from the start, and not only in the write-ahead log.
    assert_eq!(std::fs::read(&file).unwrap()[68..72], *b"OffB");
    sandbox.close().await;
    drop(sandbox);
    let newer = other(&file, &["PRAGMA user_version = 1000"]).await;
    newer.close().await.unwrap();
    let rejected = open(&file).await.unwrap_err();
    assert!(
        matches!(rejected, StoreError::Newer { version: 1000, .. }),
        "{rejected}"
    );
}

/// A database as the first version left it: without an application id, and with the write-ahead
/// log of a process that was killed.
#[tokio::test]
async fn a_database_of_the_first_version_opens() {
    let folder = tempfile::tempdir().unwrap();
    for killed in [false, true] {
        let file = folder.path().join(format!("sandbox-{killed}.db"));
        let made = open(&file).await.unwrap();
        made.close().await;
        drop(made);
        let unmarked = ["PRAGMA application_id = 0", "PRAGMA user_version = 0"];
        other(&file, &unmarked).await.close().await.unwrap();
        if killed {
            let unfinished = [
                "PRAGMA wal_autocheckpoint = 0",
                "UPDATE programme SET token_epoch = 7",
            ];
            let connection = other(&file, &unfinished).await;
            let copies = contents(folder.path());
            connection.close().await.unwrap();
            for (path, bytes) in copies {
                let mut copy = std::fs::File::create(path).unwrap();
                std::io::Write::write_all(&mut copy, &bytes).unwrap();
            }
            std::fs::remove_file(folder.path().join("sandbox-true.db-shm")).unwrap();
        }
        let sandbox = open(&file).await.unwrap();
        sandbox.close().await;
        drop(sandbox);
        let mut reader = other(&file, &[]).await;
        let query = sqlx::query("SELECT token_epoch FROM programme");
        let epoch: i64 = query.fetch_one(&mut reader).await.unwrap().get(0);
        assert_eq!(epoch, if killed { 7 } else { 1 }, "killed: {killed}");
        reader.close().await.unwrap();
        assert_eq!(std::fs::read(&file).unwrap()[68..72], *b"OffB");
    }
}

#[cfg(unix)]
#[tokio::test]
async fn only_the_owner_can_read_it() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("sandbox.db");
    let modes = || {
        let files = std::fs::read_dir(folder.path()).unwrap();
        let mode = |path: PathBuf| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        files
            .map(|file| mode(file.unwrap().path()))
            .collect::<Vec<_>>()
    };
    let sandbox = open(&file).await.unwrap();
    assert_eq!(modes(), [0o600; 3], "the database, its log and its index");
    sandbox.close().await;
    drop(sandbox);
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o644)).unwrap();
    let sandbox = open(&file).await.unwrap();
    assert_eq!(modes(), [0o600; 3], "an existing one is tightened");
    sandbox.close().await;
}

#[tokio::test]
async fn a_rejected_start_leaves_nothing_behind() {
    let folder = tempfile::tempdir().unwrap();
    let start = |credentials, address: ([u8; 4], u16)| {
        let mut settings = Settings::default();
        settings.database = Database::File(folder.path().join("sandbox.db"));
        settings.credentials = credentials;
        let sandbox = Sandbox::builder(Surroundings::real()).settings(settings);
        sandbox.reachable_at(address.into()).build()
    };
    let (here, everywhere) = (([127, 0, 0, 1], 8080), ([0, 0, 0, 0], 8080));
    let own = |secret: &str| Credentials::new(uuid::Uuid::from_u128(7), secret);
    for (credentials, address) in [
        (Credentials::default(), everywhere),
        (own(offblocks_sandbox::DEFAULT_API_SECRET), everywhere),
        (own("x"), here),
        (own("  "), here),
    ] {
        let rejected = start(credentials, address).await.unwrap_err();
        assert!(matches!(rejected, BuildError::Secret(_)), "{rejected}");
        assert!(
            contents(folder.path()).is_empty(),
            "{rejected}, and yet there is a file"
        );
    }
    let started = start(own("a secret of our own"), everywhere).await.unwrap();
    started.close().await;
}
