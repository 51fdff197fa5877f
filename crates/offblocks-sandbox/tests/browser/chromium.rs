//! Chromium, its driver, and what a person does with a page.

use std::path::PathBuf;
use std::time::Duration;

use offblocks_sandbox::{SandboxHandle, Settings};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};

use crate::driver::{By, Driver};

/// How long a page may take to show something.
const WAIT_TIMEOUT: Duration = Duration::from_secs(60);

/// A browser with the pages of a sandbox.
pub struct Browser {
    pub driver: Driver,
    pub sandbox: SandboxHandle,
    /// Ends with the browser.
    process: Child,
    /// Of this browser alone, removed with it.
    profile: tempfile::TempDir,
}

/// Starts a sandbox and a browser. `None` where the machine has no browser; the reason is printed.
pub async fn open() -> Option<Browser> {
    let (chromium, driver) = match (find("chromium"), find("chromedriver")) {
        (Some(chromium), Some(driver)) => (chromium, driver),
        (chromium, _) => {
            let missing = if chromium.is_none() {
                "chromium"
            } else {
                "chromedriver"
            };
            println!(
                "skipped: there is no {missing} on the path; on Debian, install chromium and \
                 chromium-driver"
            );
            return None;
        }
    };
    let profile = tempfile::tempdir().unwrap();
    let (process, url) = start(driver).await;
    let driver = Driver::start(&url, capabilities(&chromium, &profile)).await;
    let sandbox = offblocks_sandbox::start_local(Settings::default())
        .await
        .unwrap();
    Some(Browser {
        driver,
        sandbox,
        process,
        profile,
    })
}

fn find(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let mut places = std::env::split_paths(&path).map(|folder| folder.join(program));
    places.find(|place| place.is_file())
}

/// The driver, and where it listens.
async fn start(driver: PathBuf) -> (Child, String) {
    let mut process = Command::new(driver)
        .args(["--port=0", "--allowed-ips=127.0.0.1"])
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
    let port = async {
        loop {
            let line = lines.next_line().await.unwrap();
            let line = line.expect("the driver ended before it listened");
            if let Some((_, port)) = line.rsplit_once("successfully on port ") {
                return port.trim_end_matches('.').to_owned();
            }
        }
    };
    let port = tokio::time::timeout(WAIT_TIMEOUT, port).await.unwrap();
    // It must be able to go on writing.
    tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
    (process, format!("http://127.0.0.1:{port}"))
}

fn capabilities(chromium: &std::path::Path, profile: &tempfile::TempDir) -> Value {
    let profile = format!("--user-data-dir={}", profile.path().display());
    let arguments = [
        "--headless",
        // Root may not use the sandbox, and this browser shows nobody's pages but ours.
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--disable-dev-shm-usage",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--hide-scrollbars",
        "--force-device-scale-factor=1",
        "--lang=en-GB",
        &profile,
    ];
    json!({
        "browserName": "chrome",
        "goog:chromeOptions": {"binary": chromium, "args": arguments},
        "goog:loggingPrefs": {"browser": "ALL"},
    })
}

impl Browser {
    /// The sandbox's page at a path.
    pub fn url(&self, path: &str) -> String {
        self.sandbox.base_url().join(path).unwrap().to_string()
    }

    pub async fn goto(&self, path: &str) {
        self.driver.goto(&self.url(path)).await;
    }

    /// The path of the page that is shown.
    pub async fn path(&self) -> String {
        let url: url::Url = self.driver.url().await.parse().unwrap();
        url.path().to_owned()
    }

    /// Presses the button with this label, once it is there.
    pub async fn press(&self, label: &str) {
        let button = format!("//main//button[normalize-space()='{label}']");
        self.click(By::XPath(button), label).await;
    }

    /// Follows the first link that matches a selector, once it is there.
    pub async fn follow(&self, selector: &str) {
        self.click(By::Css(selector.to_owned()), selector).await;
    }

    /// A page may be replaced between finding something on it and clicking it.
    async fn click(&self, by: By, what: &str) {
        let click = async || {
            let found = self.driver.find(&by).await.ok()?;
            found.click().await.ok()
        };
        self.until(what, click).await;
    }

    /// Writes into a field, once it is there.
    pub async fn fill(&self, id: &str, text: &str) {
        let fill = async || {
            let field = self.driver.find(&By::id(id)).await.ok()?;
            field.clear().await.ok()?;
            field.send_keys(text).await.ok()
        };
        self.until(id, fill).await;
    }

    /// Chooses a file, once its field is there.
    pub async fn choose(&self, id: &str, file: &std::path::Path) {
        let file = file.to_str().unwrap();
        let choose = async || {
            let field = self.driver.find(&By::id(id)).await.ok()?;
            field.send_keys(file).await.ok()
        };
        self.until(id, choose).await;
    }

    /// Waits until the main heading begins like this.
    pub async fn heading(&self, begin: &str) {
        let heading = async || {
            let found = self.driver.find(&By::Css("h1".to_owned())).await.ok()?;
            found
                .text()
                .await
                .ok()
                .filter(|text| text.starts_with(begin))
        };
        self.until(begin, heading).await;
    }

    /// Waits until the page shows something in this state.
    pub async fn state(&self, state: &str) {
        let shown = async || {
            let found = self
                .driver
                .find(&By::Css("main .facts .state".to_owned()))
                .await
                .ok()?;
            found.text().await.ok().filter(|text| text == state)
        };
        self.until(state, shown).await;
    }

    /// The text of the page's content, once there is a page that stays while it is read.
    pub async fn text(&self) -> String {
        self.until("the content", async || self.text_now().await)
            .await
    }

    /// `None` while one page is replaced by the next.
    async fn text_now(&self) -> Option<String> {
        let main = self.driver.find(&By::id("main")).await.ok()?;
        main.text().await.ok()
    }

    /// Asks until there is something.
    pub async fn until<T>(&self, what: &str, ask: impl AsyncFn() -> Option<T>) -> T {
        let asking = async {
            loop {
                if let Some(found) = ask().await {
                    return found;
                }
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        };
        let found = tokio::time::timeout(WAIT_TIMEOUT, asking).await;
        match found {
            Ok(found) => found,
            Err(_) => panic!(
                "{what:?} does not come; the page is {:?}",
                self.text_now().await
            ),
        }
    }

    /// What a script on the page returns.
    pub async fn ask(&self, script: &str) -> Value {
        self.driver.execute(script).await
    }

    /// Shows pages as on a screen of this size, in this colour scheme.
    pub async fn resize(&self, width: u32, height: u32, scheme: &str) {
        let size = json!({
            "width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 500,
        });
        let sized = "Emulation.setDeviceMetricsOverride";
        self.driver.chromium(sized, size).await;
        let media = json!({"features": [{"name": "prefers-color-scheme", "value": scheme}]});
        let coloured = "Emulation.setEmulatedMedia";
        self.driver.chromium(coloured, media).await;
    }

    /// Ends the browser, once nothing was wrong on its pages: no script failed and the policy for
    /// what may be loaded was kept.
    pub async fn close(mut self) {
        let log = self.driver.log().await;
        let wrong: Vec<_> = log.iter().filter(|entry| is_wrong(entry)).collect();
        assert!(wrong.is_empty(), "the browser complains: {wrong:#?}");
        self.driver.quit().await;
        self.process.kill().await.unwrap();
        self.sandbox.stop().await.unwrap();
        self.profile.close().unwrap();
    }
}

/// A page that says why something was not done has an error status, which is meant.
fn is_wrong(entry: &Value) -> bool {
    let said = entry["message"].as_str().unwrap_or_default();
    entry["level"] == "SEVERE" && !said.contains("the server responded with a status of 4")
}
