//! `yuekao demo`: months of a synthetic Xianning, made where there is nothing, then served.

use std::net::SocketAddr;
use std::path::Path;

use anyhow::{anyhow, bail};
use assessment::month::Month;
use indicatif::{ProgressBar, ProgressStyle};
use jiff::civil::DateTime;
use serde_json::json;

use super::{Format, Outcome, Speaker, home, serve};
use crate::clock::Clock;
use crate::demo::grids;
use crate::demo::life::{ACCOUNTS, Life};
use crate::demo::month::Demo;
use crate::demo::people::People;
use crate::demo::photo::{self, Album};
use crate::file;
use crate::password;
use crate::store::Store;

/// Keeps what the demo has to say again when it is started again.
const NOTE: &str = "demo.json";

#[derive(clap::Args)]
pub struct Args {
    #[command(flatten)]
    home: home::Home,
    /// 监听地址 · address to listen on
    #[arg(long, default_value = "127.0.0.1:8080", env = "YUEKAO_LISTEN")]
    listen: SocketAddr,
    /// 生成的月份 · months to make
    #[arg(long, default_value = "2021-01..2022-12", value_parser = span)]
    months: (Month, Month),
    /// 随机种子：同一种子在任何机器上生成同样的证据 · the same seed makes the same evidence everywhere
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// 最后几个月由模拟的外业手机和办案人员在真实服务上逐步产生，其余月份导入 · how many of the last months are made by simulated
    /// phones and desks on the real server; the others are imported
    #[arg(long, default_value_t = 1)]
    walked: usize,
    /// 上述月份只产生若干分之一的点位和问题 · one in so many of the sites and findings of these months
    #[arg(long, default_value_t = 1)]
    share: usize,
    /// 只生成，不启动网站 · make it and stop
    #[arg(long)]
    no_serve: bool,
}

/// `2021-01..2022-12`, or one month.
pub(super) fn span(text: &str) -> Result<(Month, Month), String> {
    let (first, last) = text.split_once("..").unwrap_or((text, text));
    match (first.parse(), last.parse()) {
        (Ok(first), Ok(last)) if first <= last => Ok((first, last)),
        _ => Err("2021-01..2022-12".to_owned()),
    }
}

pub fn run(args: Args, speaker: Speaker) -> Outcome {
    home::with_store(&args.home, async |store| {
        let password = match store.host().await? {
            None => make(&store, &args, speaker).await?,
            Some(_) => {
                let not_ours = |_| anyhow!(speaker.language.word("demo-not-ours"));
                note(&args.home.data).map_err(not_ours)?
            }
        };
        introduce(&password, speaker);
        if args.no_serve {
            return Ok(0);
        }
        // The demo lives in its own time: it goes on where the last act stopped, whenever it is started.
        let clock = match store.latest().await? {
            Some(moment) => Clock::going_from(moment),
            None => Clock::System,
        };
        serve::site(store, clock, args.listen, None, false, speaker).await
    })
}

/// Makes the town and lets it live its months; returns the password of its accounts.
async fn make(store: &Store, args: &Args, speaker: Speaker) -> anyhow::Result<String> {
    let (first, last) = args.months;
    let bar =
        ProgressBar::new_spinner().with_style(ProgressStyle::with_template("{spinner} {msg}")?);
    bar.enable_steady_tick(std::time::Duration::from_millis(120));
    bar.set_message(speaker.language.word("demo-drawing"));
    let demo = Demo::new(args.seed, Album::draw(args.seed, photo::VARIANTS)?)?;
    let password = password::made();
    let mut life = Life::found(store, &demo, &password).await?;
    let hash = password::hash(&password);
    let laid = grids::lay(store, &demo, &hash).await?;

    let months: Vec<Month> = (0..=last.months_since(first))
        .map(|number| first.plus(number))
        .collect();
    let rounds: usize = months.iter().map(|month| life.rounds(*month).len()).sum();
    bar.set_style(ProgressStyle::with_template(
        "{bar:40} {pos}/{len} {msg} {elapsed}",
    )?);
    bar.set_length(rounds as u64);
    let mut refused = Vec::new();
    let imported = months.len().saturating_sub(args.walked);
    for month in &months[..imported] {
        bar.set_message(month.to_string());
        refused.extend(life.live(*month, |_| bar.inc(1)).await?);
    }
    if imported < months.len() {
        let people = People::arrive(&demo, store, &password, args.share).await?;
        for month in &months[imported..] {
            let told = |at: DateTime| {
                let at = at.strftime("%m-%d %H:%M").to_string();
                let said = [("month", month.to_string().into()), ("at", at.into())];
                bar.set_message(speaker.language.say("demo-walking", said));
            };
            refused.extend(life.live_by(&people, *month, told, |_| bar.inc(1)).await?);
        }
        let told = |at: DateTime| {
            let at = at.strftime("%m-%d %H:%M").to_string();
            let said = [
                ("month", last.plus(1).to_string().into()),
                ("at", at.into()),
            ];
            bar.set_message(speaker.language.say("demo-walking", said));
        };
        life.go_on(&people, last.plus(1), told).await?;
    }
    grids::patrol(
        store,
        &demo,
        store.latest().await?.unwrap_or_default(),
        &laid,
    )
    .await?;
    bar.finish_and_clear();
    for round in refused {
        eprintln!(
            "{} {}: {}",
            round.series,
            round.month,
            speaker.language.message(&round.why)
        );
    }
    // Written last: a folder whose making was broken off is not taken for a demo.
    let text = json!({ "seed": args.seed, "months": [first.to_string(), last.to_string()], "password": password });
    write_private(&args.home.data.join(NOTE), &text.to_string())?;
    Ok(password)
}

/// The password of a demo that was made before.
fn note(data: &Path) -> anyhow::Result<String> {
    let path = data.join(NOTE);
    let text = file::text(&path)?;
    let note: serde_json::Value = serde_json::from_str(&text)?;
    match note["password"].as_str() {
        Some(password) => Ok(password.to_owned()),
        None => bail!("{}", path.display()),
    }
}

fn write_private(path: &Path, text: &str) -> std::io::Result<()> {
    use std::io::Write as _;
    use std::os::unix::fs::OpenOptionsExt as _;
    let mut file = std::fs::OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(path)?;
    file.write_all(text.as_bytes())
}

/// Says who can sign in.
fn introduce(password: &str, speaker: Speaker) {
    match speaker.format {
        Format::Json => {
            let accounts: Vec<_> = ACCOUNTS.iter().map(|(login, name, role, unit)| json!({ "login": login, "name": name, "role": role.word(), "unit": unit })).collect();
            println!("{}", json!({ "password": password, "accounts": accounts }));
        }
        Format::Text => {
            println!(
                "{}",
                speaker
                    .language
                    .say("demo-accounts", [("password", password.into())])
            );
            for (login, name, role, _) in ACCOUNTS {
                let role = speaker.language.word(&format!("role-{}", role.word()));
                println!("  {login:<10} {role} · {name}");
            }
        }
    }
}
