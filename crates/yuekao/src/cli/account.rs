//! `yuekao account`: accounts without the web, for whoever has the machine.

use std::io::{BufRead as _, IsTerminal as _};

use anyhow::Context as _;
use assessment::message::Message;
use clap::Subcommand;
use serde_json::json;

use super::{Format, Outcome, Speaker, home};
use crate::clock::{Clock, day_of};
use crate::ground::month_of;
use crate::password;
use crate::store::account::Duty;
use crate::store::{Error, Store};
use crate::viewer::{Role, Viewer};
use crate::web::accounts::AccountView;

#[derive(clap::Args)]
pub struct Args {
    #[command(flatten)]
    home: home::Home,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// 设立账号，输入密码或得到一个初始密码 · make an account
    Create {
        /// 登录名 · login
        login: String,
        /// 名称 · name as shown
        #[arg(long)]
        name: Option<String>,
        /// 角色：unit、chief、inspector、agency、reviewer、dispatcher、verifier、leader、auditor、host、administrator、security、audit-administrator · role
        #[arg(long, default_value = "administrator")]
        role: String,
        /// 单位编码或第三方机构编号 · code of the unit or agency
        #[arg(long)]
        unit: Option<String>,
        /// 在终端或标准输入中给出密码，否则生成初始密码 · ask for the password instead of making one
        #[arg(long)]
        password: bool,
    },
    /// 为忘记密码的人打印一次性链接 · print a one-time link for a forgotten password
    Reset {
        /// 登录名 · login
        login: String,
        /// 网站地址 · address of the site
        #[arg(long, default_value = "http://127.0.0.1:8080")]
        site: String,
    },
    /// 移交职务：角色和单位转给另一账号，原账号停用 · hand an office over
    HandOver {
        /// 移交的账号 · account that hands over
        from: String,
        /// 接任的账号 · account that takes over
        to: String,
    },
    /// 列出账号 · list the accounts
    List,
}

pub fn run(args: Args, speaker: Speaker) -> Outcome {
    home::with_store(&args.home, async |store| {
        match work(&store, args.command, speaker).await {
            Err(error) => match error.downcast_ref::<Error>() {
                Some(Error::Refused(message)) => Ok(refuse(message, speaker)),
                _ => Err(error),
            },
            Ok(()) => Ok(0),
        }
    })
}

fn refuse(message: &Message, speaker: Speaker) -> u8 {
    let sentence = speaker.language.message(message);
    match speaker.format {
        Format::Text => eprintln!("{sentence}"),
        Format::Json => println!("{}", json!({ "refused": message.key, "message": sentence })),
    }
    2
}

async fn work(store: &Store, command: Command, speaker: Speaker) -> anyhow::Result<()> {
    let now = Clock::System.now();
    let who = Viewer::console().login;
    match command {
        Command::Create {
            login,
            name,
            role,
            unit,
            password,
        } => {
            let role: Role = role.parse().map_err(|role: String| {
                Error::Refused(Message::new("account-role-bad").with("role", role))
            })?;
            let duty = Duty::new(name.as_deref().unwrap_or(&login), role, unit.as_deref())?;
            store.named(month_of(day_of(now))).await?.check(&duty)?;
            let login = crate::store::account::checked_login(&login)?;
            let word = if password {
                asked(speaker)?
            } else {
                password::made()
            };
            if let Some(fault) = password::fault(&word, &login) {
                return Err(Error::Refused(fault).into());
            }
            store
                .create_account(
                    now,
                    &who,
                    &login,
                    duty,
                    Some(password::hash(&word)),
                    !password,
                )
                .await?;
            let first = (!password).then_some(word);
            match (speaker.format, first) {
                (Format::Json, first) => {
                    println!("{}", json!({ "login": login, "first_password": first }))
                }
                (Format::Text, None) => say(speaker, "account-cli-made", &[("login", &login)]),
                (Format::Text, Some(first)) => {
                    say(
                        speaker,
                        "account-cli-made-first",
                        &[("login", &login), ("password", &first)],
                    );
                }
            }
        }
        Command::Reset { login, site } => {
            let token = store
                .make_reset(now, &who, &login.trim().to_lowercase())
                .await?;
            let link = format!("{}/reset/{token}", site.trim_end_matches('/'));
            match speaker.format {
                Format::Json => println!("{}", json!({ "login": login, "link": link })),
                Format::Text => say(
                    speaker,
                    "account-cli-link",
                    &[("login", &login), ("link", &link)],
                ),
            }
        }
        Command::HandOver { from, to } => {
            store.hand_over(now, &who, &from, &to).await?;
            match speaker.format {
                Format::Json => println!("{}", json!({ "from": from, "to": to })),
                Format::Text => say(
                    speaker,
                    "account-cli-handed-over",
                    &[("from", &from), ("to", &to)],
                ),
            }
        }
        Command::List => {
            let named = store.named(month_of(day_of(now))).await?;
            let accounts: Vec<_> = store
                .accounts()
                .await?
                .into_iter()
                .map(|account| AccountView::of(account, &named))
                .collect();
            match speaker.format {
                Format::Json => println!("{}", serde_json::to_string_pretty(&accounts)?),
                Format::Text => {
                    for account in accounts {
                        let role = speaker.language.word(&format!("role-{}", account.role));
                        let state = speaker.language.word(if account.closed {
                            "account-closed"
                        } else {
                            "account-open"
                        });
                        let unit = account.unit.unwrap_or_default();
                        println!(
                            "{}\t{}\t{role}\t{unit}\t{state}",
                            account.login, account.name
                        );
                    }
                }
            }
        }
    }
    Ok(())
}

fn say(speaker: Speaker, key: &'static str, args: &[(&'static str, &str)]) {
    let message = args
        .iter()
        .fold(Message::new(key), |message, (name, value)| {
            message.with(name, *value)
        });
    println!("{}", speaker.language.message(&message));
}

/// The password, typed unseen in a terminal or as the first line of standard input.
fn asked(speaker: Speaker) -> anyhow::Result<String> {
    let prompt = speaker.language.word("account-password");
    if std::io::stdin().is_terminal() {
        return Ok(rpassword::prompt_password(format!("{prompt}: "))?);
    }
    let mut line = String::new();
    std::io::stdin()
        .lock()
        .read_line(&mut line)
        .context(prompt)?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}
