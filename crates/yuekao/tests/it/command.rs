//! The program as it is started: `yuekao account` and `yuekao serve`.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Command, Output, Stdio};

use serde_json::Value;

use crate::databases::{Home, on_both};

fn yuekao(home: &Home, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_yuekao"));
    command
        .args(args)
        .env("YUEKAO_DATA", home.folder())
        .env_remove("YUEKAO_DATABASE");
    if let Some(url) = home.url() {
        command.env("YUEKAO_DATABASE", url);
    }
    command
}

pub fn run(home: &Home, args: &[&str]) -> (i32, String) {
    let Output {
        status,
        stdout,
        stderr,
    } = yuekao(home, args).output().unwrap();
    let said = String::from_utf8(stdout).unwrap() + &String::from_utf8(stderr).unwrap();
    (status.code().unwrap(), said)
}

#[tokio::test]
async fn accounts_are_kept_from_the_command_line() {
    on_both(async |home| {
        let (code, said) = run(
            home,
            &[
                "account",
                "create",
                "guanli",
                "--name",
                "管理员",
                "--format",
                "json",
            ],
        );
        assert_eq!(code, 0, "{said}");
        let made: Value = serde_json::from_str(&said).unwrap();
        let store = home.open().await;
        let account = store.account("guanli").await.unwrap().unwrap();
        assert!(account.must_change);
        assert!(yuekao::password::is_right(
            made["first_password"].as_str().unwrap(),
            Some(&account.hash)
        ));

        let (code, said) = run(home, &["--lang", "en", "account", "create", "guanli"]);
        assert_eq!(
            (code, said.trim()),
            (2, "The login “guanli” is taken. Choose another.")
        );
        let (code, said) = run(home, &["account", "create", "x", "--format", "json"]);
        assert_eq!(code, 2);
        assert_eq!(
            serde_json::from_str::<Value>(&said).unwrap()["refused"],
            "account-login-bad"
        );

        let (_, said) = run(
            home,
            &[
                "account",
                "reset",
                "guanli",
                "--site",
                "https://kaoping.example/",
                "--format",
                "json",
            ],
        );
        let link = serde_json::from_str::<Value>(&said).unwrap()["link"]
            .as_str()
            .unwrap()
            .to_owned();
        let token = link.strip_prefix("https://kaoping.example/reset/").unwrap();
        assert_eq!(
            store
                .use_reset(jiff::Timestamp::now(), token, "new".into())
                .await
                .unwrap(),
            "guanli"
        );
        let (_, said) = run(home, &["account", "list"]);
        assert!(said.starts_with("guanli\t管理员\t系统管理员\t"), "{said}");
    })
    .await;
}

#[test]
fn a_password_can_be_piped_in_and_must_be_good() {
    let home = Home::sqlite();
    for (password, code) in [("short\n", 2), ("每月一考-看谁做得更好\n", 0)] {
        let mut child = yuekao(&home, &["account", "create", "guanli", "--password"])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        child
            .stdin
            .take()
            .unwrap()
            .write_all(password.as_bytes())
            .unwrap();
        assert_eq!(child.wait().unwrap().code(), Some(code), "{password}");
    }
}

#[test]
fn a_database_that_cannot_be_reached_is_named() {
    let home = Home::sqlite();
    let (code, said) = run(
        &home,
        &["account", "list", "--database", "mysql://somewhere/yuekao"],
    );
    assert_eq!(code, 1);
    assert!(said.contains("postgres://"), "{said}");
    let (code, said) = run(
        &home,
        &[
            "account",
            "list",
            "--database",
            "postgres://yuekao:geheim@127.0.0.1:1/yuekao",
        ],
    );
    assert_eq!(code, 1);
    assert!(
        said.contains("127.0.0.1") && !said.contains("geheim"),
        "{said}"
    );
}

#[tokio::test]
async fn a_server_tells_its_setup_code_answers_and_stops_when_asked() {
    let home = Home::sqlite();
    let mut server = yuekao(
        &home,
        &["serve", "--listen", "127.0.0.1:0", "--format", "json"],
    )
    .stdout(Stdio::piped())
    .spawn()
    .unwrap();
    let mut line = String::new();
    BufReader::new(server.stdout.take().unwrap())
        .read_line(&mut line)
        .unwrap();
    let ready: Value = serde_json::from_str(&line).unwrap();
    assert_eq!(ready["setup_code"].as_str().unwrap().len(), 19);
    let health = reqwest::get(format!("{}/health", ready["site"].as_str().unwrap()))
        .await
        .unwrap();
    assert_eq!(health.json::<Value>().await.unwrap()["status"], "ok");
    assert!(
        Command::new("kill")
            .arg(server.id().to_string())
            .status()
            .unwrap()
            .success()
    );
    assert!(server.wait().unwrap().success());
}
