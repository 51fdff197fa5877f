//! Which variables and profiles make a client, and what is said of those that do not.

use super::*;

const ID: &str = "b7a1f3c2-5e0d-4f6a-9c38-2d71e6408f15";

fn find(variables: &[(&str, &str)]) -> impl Fn(&str) -> Result<String, VarError> {
    let variables: Vec<(String, String)> = variables
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
    move |name| {
        let found = variables.iter().find(|(known, _)| known == name);
        let found = found.map(|(_, value)| value.clone());
        found.ok_or(VarError::NotPresent)
    }
}

fn profile(variables: &[(&str, &str)]) -> Result<Profile, BuildError> {
    from_variables(find(variables))
}

fn write(path: &std::path::Path, text: &str) {
    use std::io::Write as _;
    let mut file = std::fs::File::create(path).unwrap();
    file.write_all(text.as_bytes()).unwrap();
}

fn pem() -> String {
    let key = offblocks_signature::SigningKey::generate().unwrap();
    key.to_pkcs8_pem().unwrap().to_string()
}

#[test]
fn environments_have_their_addresses() {
    let url = "http://127.0.0.1:8080/v1/";
    let cases: [(&[(&str, &str)], &str); 4] = [
        (
            &[(ENVIRONMENT, "sandbox")],
            "https://api.sandbox.offblocks.xyz/v1",
        ),
        (&[(ENVIRONMENT, "live")], "https://api.offblocks.xyz/v1"),
        (&[(ENVIRONMENT, url)], "http://127.0.0.1:8080/v1"),
        (
            &[(ENVIRONMENT, "live"), (BASE_URL, url)],
            "http://127.0.0.1:8080/v1",
        ),
    ];
    for (variables, expected) in cases {
        let builder = Client::builder().profile(profile(variables).unwrap());
        assert_eq!(builder.build().unwrap().base_url(), expected);
    }
}

#[test]
fn what_is_missing_or_wrong_is_named_and_no_value_shown() {
    let live = (ENVIRONMENT, "live");
    let cases: [(&[(&str, &str)], &str); 10] = [
        (&[], ENVIRONMENT),
        (&[(ENVIRONMENT, "hunter2")], ENVIRONMENT),
        (&[(BASE_URL, "hunter2")], BASE_URL),
        (&[live, (API_KEY, ID)], API_SECRET),
        (&[live, (API_SECRET, "hunter2")], API_KEY),
        (
            &[live, (API_KEY, "hunter2"), (API_SECRET, "hunter2")],
            API_KEY,
        ),
        (
            &[
                live,
                (API_KEY, ID),
                (API_SECRET, "hunter2"),
                (API_SECRET_FILE, "x"),
            ],
            "set one of them",
        ),
        (
            &[live, (SIGNING_KEY_ID, ID), (SIGNING_KEY, "hunter2")],
            "OFFBLOCKS_SIGNING_KEY_FILE",
        ),
        (
            &[
                live,
                (SIGNING_KEY_ID, ID),
                (SIGNING_KEY_FILE, "no/such/hunter2"),
            ],
            SIGNING_KEY_FILE,
        ),
        (
            &[
                live,
                (SIGNING_KEY_ID, ID),
                (SIGNING_KEY, "-----BEGIN hunter2"),
            ],
            SIGNING_KEY,
        ),
    ];
    for (variables, expected) in cases {
        let error = profile(variables).unwrap_err().to_string();
        assert!(error.contains(expected), "{expected}: {error}");
        assert!(!error.contains("hunter2"), "{error}");
    }
}

#[test]
fn the_signing_key_is_a_text_or_in_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let (pem, file) = (pem(), folder.path().join("key.pem"));
    write(&file, &pem);
    let named = [
        (SIGNING_KEY, pem.as_str()),
        (SIGNING_KEY_FILE, file.to_str().unwrap()),
    ];
    for given in named {
        let read = profile(&[(ENVIRONMENT, "live"), (SIGNING_KEY_ID, ID), given]).unwrap();
        let (_, id) = read.signing_key.unwrap();
        assert_eq!(id.as_str(), ID);
    }
}

#[cfg(feature = "profiles")]
mod profiles {
    use super::*;

    /// A folder with a file of profiles, and the variable that names the file.
    fn file(text: &str) -> (tempfile::TempDir, String) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("profiles.toml");
        private(&path, text);
        let path = path.to_str().unwrap().to_owned();
        (folder, path)
    }

    fn private(path: &std::path::Path, text: &str) {
        write(path, text);
        set_mode(path, 0o600);
    }

    #[cfg(unix)]
    fn set_mode(path: &std::path::Path, mode: u32) {
        let mode = std::os::unix::fs::PermissionsExt::from_mode(mode);
        std::fs::set_permissions(path, mode).unwrap();
    }

    #[cfg(not(unix))]
    fn set_mode(_: &std::path::Path, _: u32) {}

    fn load(text: &str, more: &[(&str, &str)]) -> Result<Profile, BuildError> {
        let (_folder, path) = file(text);
        let own = [(PROFILE, "staging"), (PROFILE_FILE, path.as_str())];
        profile(&[&own[..], more].concat())
    }

    #[test]
    fn a_profile_has_all_that_a_client_needs() {
        let folder = tempfile::tempdir().unwrap();
        private(&folder.path().join("staging.pem"), &pem());
        let path = folder.path().join("profiles.toml");
        let text = format!(
            "[live]\nenvironment = \"live\"\n[staging]\nenvironment = \"sandbox\"\n\
             api_key = \"{ID}\"\napi_secret = \"hunter2\"\nsigning_key_id = \"{ID}\"\n\
             signing_key_file = \"staging.pem\"\n"
        );
        private(&path, &text);
        let path = path.to_str().unwrap();
        let read = profile(&[(PROFILE, "staging"), (PROFILE_FILE, path)]).unwrap();
        assert_eq!(read.environment, crate::Environment::Sandbox);
        assert_eq!(read.credentials.as_ref().unwrap().api_key.to_string(), ID);
        assert!(read.signing_key.is_some());
        assert!(!format!("{read:?}").contains("hunter2"));
    }

    /// A profile whose secrets are in a keyring that has this entry.
    fn with_keyring(text: &str, has: (&str, &str)) -> Result<Profile, BuildError> {
        let (_folder, path) = file(text);
        let settings = settings_of("staging", &find(&[(PROFILE_FILE, &path)]))?;
        let keyring = |entry: &str| match entry == has.0 {
            true => Ok(Secret::from(has.1)),
            false => Err("there is no such entry".to_owned()),
        };
        settings.check(&keyring, |_| BuildError::NoBaseUrl)
    }

    #[test]
    fn a_secret_is_found_in_a_keyring() {
        let secret = format!(
            "[staging]\nenvironment = \"live\"\napi_key = \"{ID}\"\n\
             api_secret_keyring = \"staging/api_secret\"\n"
        );
        let read = with_keyring(&secret, ("staging/api_secret", "hunter2")).unwrap();
        assert_eq!(read.credentials.unwrap().api_secret.expose(), "hunter2");
        let key = format!(
            "[staging]\nenvironment = \"live\"\nsigning_key_id = \"{ID}\"\n\
             signing_key_keyring = \"staging/signing_key\"\n"
        );
        let read = with_keyring(&key, ("staging/signing_key", &pem())).unwrap();
        assert!(read.signing_key.is_some());
        let both = format!("{secret}api_secret = \"x\"\n");
        let file = format!("{key}signing_key_file = \"x\"\n");
        for (text, entry, expected) in [
            (
                &secret,
                "other",
                "`api_secret_keyring` cannot be used: there is no such entry",
            ),
            (
                &key,
                "staging/signing_key",
                "`signing_key_keyring` cannot be used: ",
            ),
            (&both, "staging/api_secret", "api_secret is set too"),
            (&file, "staging/signing_key", "signing_key_file is set too"),
        ] {
            let error = with_keyring(text, (entry, "hunter2"))
                .unwrap_err()
                .to_string();
            assert!(error.contains(expected), "{error}");
            assert!(!error.contains("hunter2"), "{error}");
        }
    }

    #[test]
    fn whoever_reads_no_keyring_says_so() {
        let text = format!(
            "[staging]\nenvironment = \"live\"\napi_key = \"{ID}\"\n\
             api_secret_keyring = \"staging/api_secret\"\n"
        );
        let error = load(&text, &[]).unwrap_err().to_string();
        assert!(error.contains("Profile::load_with"), "{error}");
        // A variable counts before it.
        assert!(load(&text, &[(API_SECRET, "hunter2")]).is_ok());
    }

    #[test]
    fn a_variable_counts_before_the_profile() {
        let text = "[staging]\nenvironment = \"sandbox\"\napi_secret_file = \"none\"\n";
        let more = [
            (ENVIRONMENT, "live"),
            (API_KEY, ID),
            (API_SECRET, "hunter2"),
        ];
        let read = load(text, &more).unwrap();
        assert_eq!(read.environment, crate::Environment::Live);
        assert!(read.credentials.is_some());
    }

    #[test]
    fn what_is_wrong_with_a_profile_is_said_without_its_values() {
        let cases = [
            ("[other]\n", "it has no profile `staging`; it has: other"),
            (
                "[staging]\napi_secret = hunter2\n",
                "line 2 is not valid TOML",
            ),
            (
                "[staging]\nsecret = \"hunter2\"\n",
                "`secret` is not a setting",
            ),
            (
                "[staging]\napi_secret = 2\n",
                "`api_secret` is not a string",
            ),
            ("staging = \"hunter2\"\n", "it is not a table"),
            (
                "[staging]\nenvironment = \"hunter2\"\n",
                "`environment` cannot be used",
            ),
            (
                "[staging]\nenvironment = \"live\"\nsigning_key_file = \"hunter2\"\n",
                "`signing_key_file` cannot be used: the file cannot be read",
            ),
            ("[staging]\n", "OFFBLOCKS_ENVIRONMENT"),
        ];
        for (text, expected) in cases {
            let error = load(text, &[]).unwrap_err().to_string();
            assert!(error.contains(expected), "{text}: {error}");
            let shown = error.replace("hunter2\"`", "");
            assert!(!shown.contains("hunter2"), "{error}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_file_that_others_can_read_is_rejected() {
        let (folder, path) = file("[staging]\nenvironment = \"live\"\n");
        for mode in [0o604, 0o640] {
            set_mode(std::path::Path::new(&path), mode);
            let error = profile(&[(PROFILE, "staging"), (PROFILE_FILE, &path)]).unwrap_err();
            assert!(error.to_string().contains("chmod 600"), "{error}");
        }
        let key = folder.path().join("key.pem");
        private(&key, &pem());
        set_mode(&key, 0o644);
        let text = format!(
            "[staging]\nenvironment = \"live\"\nsigning_key_id = \"{ID}\"\n\
             signing_key_file = \"key.pem\"\n"
        );
        private(std::path::Path::new(&path), &text);
        let error = profile(&[(PROFILE, "staging"), (PROFILE_FILE, &path)]).unwrap_err();
        assert!(error.to_string().contains("chmod 600"), "{error}");
    }

    #[test]
    fn the_file_is_below_the_users_folder_of_settings() {
        type Case<'a> = (&'a [(&'a str, &'a str)], Option<&'a str>);
        let cases: [Case<'_>; 4] = [
            (
                &[(PROFILE_FILE, "/a.toml"), ("HOME", "/h")],
                Some("/a.toml"),
            ),
            (
                &[("XDG_CONFIG_HOME", "/x"), ("HOME", "/h")],
                Some("/x/offblocks/profiles.toml"),
            ),
            (
                &[("HOME", "/h")],
                Some("/h/.config/offblocks/profiles.toml"),
            ),
            (&[], None),
        ];
        for (variables, expected) in cases.into_iter().filter(|_| cfg!(unix)) {
            let found = profile_file(&find(variables));
            assert_eq!(found.as_deref(), expected.map(std::path::Path::new));
        }
    }
}
