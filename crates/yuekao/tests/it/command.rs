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

/// Every command that opens a file, with what it is called when there is none.
#[test]
fn a_file_that_is_not_there_is_named_in_one_sentence() {
    let home = Home::sqlite();
    let here = home.folder().join("here");
    std::fs::create_dir(&here).unwrap();
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
    let at = |path: &str| path.replace('~', here.to_str().unwrap()).replace('^', root);
    let (round, scheme) = ("~/round", "^/schemes/xianning/2022.toml");
    std::fs::create_dir(at(round)).unwrap();
    std::fs::write(at("~/file"), "x").unwrap();
    let missing = "没有找到文件“{}”。请核对路径和文件名后重新运行。";
    let no_folder = "没有找到文件夹“{}”。请核对路径后重新运行。";
    let nowhere = "没有可以写入“{}”的文件夹。请先建立文件夹，或改写路径。";
    #[rustfmt::skip]
    let table: &[(&[&str], &str, &str)] = &[
        // arguments                                                    what is said   of which path
        (&["scheme", "check", "~/no.toml"],                             missing,       "~/no.toml"),
        (&["scheme", "check", scheme, "~/no.toml"],                     missing,       "~/no.toml"),
        (&["scheme", "explain", "~/no.toml"],                           missing,       "~/no.toml"),
        (&["scheme", "diff", scheme, "~/no.toml"],                      missing,       "~/no.toml"),
        (&["standard", "check", "~/no.toml"],                           missing,       "~/no.toml"),
        (&["standard", "list", "--standards", "~/no"],                  no_folder,     "~/no"),
        (&["standard", "check", "--cases", "~/no", scheme],             missing,       "~/no/categories.csv"),
        (&["standard", "coverage", "--outer", "provincial-exam=~/no.csv"], missing,    "~/no.csv"),
        (&["standard", "import-outer", "provincial-exam", "~/no.csv"],  missing,       "~/no.csv"),
        (&["assess", "~/no"],                                           missing,       "~/no"),
        (&["assess", "~/no.zip"],                                       missing,       "~/no.zip"),
        (&["assess", round],                                            missing,       "~/round/round.txt"),
        (&["assess", round, "--month", "2022-03"],                      missing,       "~/round/scheme.toml"),
        (&["assess", round, "--month", "2022-03", "--scheme", "~/no"],  missing,       "~/no"),
        (&["assess", round, "--month", "2022-03", "--scheme", scheme, "--standard", "~/no"], missing, "~/no"),
        (&["assess", "~/no", "--batch"],                                no_folder,     "~/no"),
        (&["explain", "~/no", "--unit", "x"],                           missing,       "~/no"),
        (&["what-if", "~/no.toml", "--months", "2022-03"],              missing,       "~/no.toml"),
        (&["what-if", scheme, "~/no"],                                  missing,       "~/no/round.txt"),
        (&["adopt", "~/no.toml"],                                       missing,       "~/no.toml"),
        (&["adopt", scheme, "--standard", "~/no.toml"],                 missing,       "~/no.toml"),
        (&["import", "~/no.csv", "--series", "xianning"],               missing,       "~/no.csv"),
        (&["import-cases", "~/no.csv", "--source", "hotline"],          missing,       "~/no.csv"),
        (&["serve", "--tls-cert", "~/no.pem", "--tls-key", "~/file"],   missing,       "~/no.pem"),
        (&["serve", "--tls-cert", "~/file", "--tls-key", "~/no.pem"],   missing,       "~/no.pem"),
        (&["template", "--output", "~/no/a.xlsx"],                      nowhere,       "~/no/a.xlsx"),
        (&["template", "incoming", "--output", "~/no/a.csv"],           nowhere,       "~/no/a.csv"),
        (&["template", "--csv", "--output", "~/file/in"],               nowhere,       "~/file/in"),
        (&["account", "list", "--data", "~/file/in"],                   nowhere,       "~/file/in"),
        (&["scheme", "check", "~"],                                     "“{}”是文件夹，不是文件。请写明其中的文件。", "~"),
        (&["import-cases", "~", "--source", "hotline"],                 "“{}”是文件夹，不是文件。请写明其中的文件。", "~"),
        (&["assess", "~/file", "--batch"],                              "“{}”不是文件夹。请改写为文件夹的路径。", "~/file"),
        (&["template", "--output", "~"],                                "“{}”是文件夹，不能写成文件。请改写文件名。", "~"),
        (&["--lang", "en", "scheme", "check", "~/no.toml"],
            "There is no file “{}”. Check path and name and run the command again.",   "~/no.toml"),
        (&["--lang", "en", "assess", "~/no", "--batch"],
            "There is no folder “{}”. Check the path and run the command again.",      "~/no"),
    ];
    for (arguments, sentence, path) in table {
        let filled: Vec<String> = arguments.iter().map(|argument| at(argument)).collect();
        let filled: Vec<&str> = filled.iter().map(String::as_str).collect();
        let (code, said) = run(&home, &filled);
        assert_eq!(
            said.trim(),
            sentence.replace("{}", &at(path)),
            "{arguments:?}"
        );
        assert_eq!(code, 1, "{arguments:?}");
    }
    let (_, said) = run(
        &home,
        &["--format", "json", "scheme", "check", &at("~/no.toml")],
    );
    let said: Value = serde_json::from_str(&said).unwrap();
    assert_eq!(said["error"], missing.replace("{}", &at("~/no.toml")));
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
