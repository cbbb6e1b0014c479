//! `yuekao import-cases`: cases of the hotline or another platform from a file. The same file again changes nothing;
//! what a row says otherwise than before is kept for the dispatcher.

use std::path::PathBuf;

use assessment::message::Message;
use serde_json::json;

use super::{Format, Outcome, Speaker, home};
use crate::clock::Clock;
use crate::evidence::sheet;
use crate::file;
use crate::intake::{self, Desk, SOURCES};

#[derive(clap::Args)]
pub struct Args {
    #[command(flatten)]
    home: home::Home,
    /// CSV 或 XLSX 文件，模板由 `yuekao template incoming` 写出 · a CSV or XLSX file
    file: PathBuf,
    /// 来源：hotline（12345 热线）或 platform（城市管理平台） · where the cases come from
    #[arg(long, value_parser = SOURCES)]
    source: String,
}

/// An empty file to fill in.
pub const TEMPLATE: &str = "number,category,place,description,county,lng,lat\n";

pub fn run(args: Args, speaker: Speaker) -> Outcome {
    let shown = args.file.display().to_string();
    let bytes = file::bytes(&args.file)?;
    let language = speaker.language;
    let sheets = sheet::open(&shown, &bytes)
        .map_err(|refusal| anyhow::anyhow!(language.message(&refusal.0)))?;
    let rows = sheets
        .into_iter()
        .flat_map(|sheet| sheet.rows)
        .collect::<Vec<_>>();
    home::with_store(&args.home, async |store| {
        let now = Clock::System.now();
        let desk = Desk::open(&store, now).await?;
        let checked = intake::items(&rows).and_then(|items| {
            let faults: Vec<_> = items
                .iter()
                .filter_map(|(line, item)| Some((*line, desk.check(&args.source, item).err()?)))
                .collect();
            match faults.is_empty() {
                true => Ok(items),
                false => Err(faults),
            }
        });
        let items = match checked {
            Ok(items) => items,
            Err(faults) => {
                let said: Vec<_> = faults
                    .iter()
                    .map(|(line, why)| (*line, language.message(why)))
                    .collect();
                match speaker.format {
                    Format::Json => {
                        let faults: Vec<_> = said
                            .iter()
                            .map(|(line, why)| json!({ "line": line, "why": why }))
                            .collect();
                        println!("{}", json!({ "faults": faults }));
                    }
                    Format::Text => {
                        for (line, why) in said {
                            let args = [("line", line.into()), ("why", why.into())];
                            eprintln!("{}", language.say("intake-line", args));
                        }
                        let count = faults.len().into();
                        eprintln!("{}", language.say("intake-bad-rows", [("count", count)]));
                    }
                }
                return Ok(2);
            }
        };
        let (mut taken, mut known, mut differs) = (0_usize, 0_usize, vec![]);
        for (_, item) in &items {
            match desk
                .take(&store, now, "console", &args.source, item)
                .await?
            {
                intake::Outcome::Taken(_) => taken += 1,
                intake::Outcome::Known(_) => known += 1,
                intake::Outcome::Differs(_) => differs.push(item.number.trim().to_owned()),
                intake::Outcome::Refused(why) => anyhow::bail!("{}", language.message(&why)),
            }
        }
        match speaker.format {
            Format::Json => println!(
                "{}",
                json!({ "taken": taken, "known": known, "differs": differs })
            ),
            Format::Text => {
                for number in &differs {
                    let why = Message::new("intake-differs").with("value", number.as_str());
                    println!("{}", language.message(&why));
                }
                let args = [
                    ("taken", taken.into()),
                    ("known", known.into()),
                    ("differs", differs.len().into()),
                ];
                println!("{}", language.say("intake-done", args));
            }
        }
        Ok(0)
    })
}
