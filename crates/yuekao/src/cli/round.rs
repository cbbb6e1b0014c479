//! `yuekao freeze`, `publish`, `bulletin`, `adopt`: the monthly acts on a store, without a server.

use std::path::PathBuf;

use assessment::month::Month;
use serde_json::json;

use super::{Format, Outcome, Speaker, home};
use crate::{
    bulletin::{BulletinPrinter, newspaper, view::Both, xlsx},
    clock::Clock,
    file, round,
    store::Store,
};

/// Acts done from the command line are signed so.
const WHO: &str = "console";

/// A round of the store.
#[derive(clap::Args)]
pub struct OfStore {
    #[command(flatten)]
    home: home::Home,
    /// 月份 · month, e.g. 2022-12
    month: Month,
    /// 评价系列 · series of the evaluation, e.g. xianning
    #[arg(long)]
    series: String,
}

#[derive(clap::Args)]
pub struct Adopt {
    #[command(flatten)]
    home: home::Home,
    /// 方案文件 · scheme files
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// 先采用的指标库文件 · catalogues to adopt first
    #[arg(long)]
    standard: Vec<PathBuf>,
}

#[derive(clap::Args)]
pub struct Freeze {
    #[command(flatten)]
    round: OfStore,
    /// 由第二人同意，重新打开已冻结而未公布的月份 · ask for, or agree to, opening a frozen month again
    #[arg(long)]
    reopen: bool,
    /// 谁在操作（重新打开须两人） · who does it; opening again takes two
    #[arg(long, default_value = WHO)]
    who: String,
}

#[derive(clap::Args)]
pub struct Publish {
    #[command(flatten)]
    round: OfStore,
    /// 发文字号 · document number
    #[arg(long)]
    number: Option<String>,
    /// 成文日期，默认今天 · date of signature, today if left out
    #[arg(long)]
    date: Option<jiff::civil::Date>,
    /// 更正原因（已公布的月份） · why a published month is corrected
    #[arg(long)]
    reason: Option<String>,
}

#[derive(clap::Args)]
pub struct Bulletin {
    #[command(flatten)]
    round: OfStore,
    /// 写成 PDF · write the PDF here
    #[arg(long)]
    pdf: Option<PathBuf>,
    /// 写成 XLSX · write the workbook here
    #[arg(long)]
    xlsx: Option<PathBuf>,
    /// 单位编码：改为该单位的问题清单 · code of a unit: its sheet instead of the bulletin
    #[arg(long)]
    unit: Option<String>,
}

pub fn adopt(args: Adopt, speaker: Speaker) -> Outcome {
    home::with_store(&args.home, async |store| {
        let now = Clock::default().now();
        for path in &args.standard {
            let adopted = round::adopt_standard(&store, now, WHO, &file::text(path)?).await;
            if let Some(code) = say_error(adopted.as_ref().err(), Some(path), speaker) {
                return Ok(code);
            }
        }
        for path in &args.files {
            let text = file::text(path)?;
            let adopted = round::adopt_scheme(&store, now, WHO, &text).await;
            if let Err(round::Error::Faults(issues)) = &adopted {
                super::issues::print(&path.display().to_string(), &text, issues, speaker.language);
                return Ok(2);
            }
            if let Some(code) = say_error(adopted.as_ref().err(), Some(path), speaker) {
                return Ok(code);
            }
            tell(
                speaker,
                "round-adopted",
                &[("scheme", adopted.unwrap_or_default())],
            );
        }
        Ok(0)
    })
}

/// What is said of something that was done: key, and what it speaks of.
type Told = (&'static str, Vec<(&'static str, String)>);

impl OfStore {
    /// Does something to the round, and says what came of it or why it was not done.
    fn act(
        &self,
        speaker: Speaker,
        work: impl AsyncFnOnce(&Store, &str, Month) -> Result<Told, round::Error>,
    ) -> Outcome {
        home::with_store(&self.home, async |store| {
            match work(&store, &self.series, self.month).await {
                Ok((key, args)) => {
                    tell(speaker, key, &args);
                    Ok(0)
                }
                Err(error) => Ok(say_error(Some(&error), None, speaker).unwrap_or(1)),
            }
        })
    }
}

pub fn freeze(args: Freeze, speaker: Speaker) -> Outcome {
    args.round.act(speaker, async |store, series, month| {
        let now = Clock::default().now();
        if !args.reopen {
            let digest = round::freeze(store, now, &args.who, series, month).await?;
            return Ok(("round-frozen", vec![("digest", digest)]));
        }
        let open = store.reopen_round(now, &args.who, series, month).await?;
        let key = if open {
            "round-reopened"
        } else {
            "round-reopen-asked"
        };
        Ok((key, vec![]))
    })
}

pub fn publish(args: Publish, speaker: Speaker) -> Outcome {
    args.round.act(speaker, async |store, series, month| {
        let clock = Clock::default();
        let publication = round::Publication {
            number: args.number.clone(),
            date: args.date.unwrap_or_else(|| clock.today()).to_string(),
            reason: args.reason.as_ref().map(|reason| Both::new(reason, reason)),
        };
        let edition = round::publish(store, clock.now(), WHO, series, month, publication).await?;
        let assessed = round::assessed(store, series, month).await?;
        let said = vec![
            ("edition", edition.to_string()),
            ("digest", assessed.assessment.digest),
        ];
        Ok(("round-published", said))
    })
}

pub fn bulletin(args: Bulletin, speaker: Speaker) -> Outcome {
    let OfStore {
        home,
        month,
        series,
    } = &args.round;
    home::with_store(home, async |store| match &args.unit {
        Some(unit) => sheet(&store, &args, unit, speaker).await,
        None => {
            let editions = store.bulletins_of(series, *month).await?;
            let Some(newest) = editions.first() else {
                tell(speaker, "round-nothing-published", &[]);
                return Ok(2);
            };
            let view = round::view_of(&newest.bulletin)?;
            if let Some(path) = &args.pdf {
                file::write(path, &BulletinPrinter::new().pdf(&view)?)?;
            }
            if let Some(path) = &args.xlsx {
                file::write(path, &xlsx::bulletin(&view, speaker.language)?)?;
            }
            match speaker.format {
                Format::Text => println!("{}", newspaper(&view, speaker.language)),
                Format::Json => println!("{}", serde_json::to_string_pretty(&view)?),
            }
            Ok(0)
        }
    })
}

async fn sheet(store: &Store, args: &Bulletin, unit: &str, speaker: Speaker) -> Outcome {
    let OfStore { month, series, .. } = &args.round;
    let assessed = match round::assessed(store, series, *month).await {
        Ok(assessed) => assessed,
        Err(error) => return Ok(say_error(Some(&error), None, speaker).unwrap_or(1)),
    };
    let date = Clock::default().today().to_string();
    let synthetic = store.is_synthetic().await?;
    let sheet = round::sheet::unit_sheet(&assessed, unit, &date, synthetic);
    let Some(sheet) = sheet.map_err(round::Error::from)? else {
        tell(
            speaker,
            "round-unit-takes-no-part",
            &[("unit", unit.to_owned())],
        );
        return Ok(2);
    };
    if let Some(path) = &args.pdf {
        let photos = photos(store, &sheet).await?;
        file::write(
            path,
            &BulletinPrinter::new().unit_sheet(&sheet, |digest| photos.get(digest).cloned())?,
        )?;
    }
    if let Some(path) = &args.xlsx {
        file::write(path, &xlsx::unit_sheet(&sheet, speaker.language)?)?;
    }
    println!("{}", serde_json::to_string_pretty(&sheet)?);
    Ok(0)
}

/// The bytes of the photos that a sheet names.
async fn photos(
    store: &Store,
    sheet: &crate::bulletin::view::UnitSheet,
) -> anyhow::Result<std::collections::HashMap<String, Vec<u8>>> {
    let mut photos = std::collections::HashMap::new();
    for digest in sheet.findings.iter().flat_map(|finding| &finding.photos) {
        if let Some(photo) = store.photo(digest).await? {
            photos.insert(
                digest.clone(),
                file::bytes(&store.photo_path(&photo.digest))?,
            );
        }
    }
    Ok(photos)
}

fn tell(speaker: Speaker, key: &'static str, args: &[(&'static str, String)]) {
    let message = args.iter().fold(
        assessment::message::Message::new(key),
        |message, (name, text)| message.with(name, text.as_str()),
    );
    match speaker.format {
        Format::Text => println!("{}", speaker.language.message(&message)),
        Format::Json => {
            let mut object = serde_json::Map::new();
            object.insert("done".into(), json!(key));
            args.iter().for_each(|(name, text)| {
                object.insert((*name).into(), json!(text));
            });
            println!("{}", serde_json::Value::Object(object));
        }
    }
}

/// Says why something was not done; the exit code, or `None` if there is nothing to say.
fn say_error(error: Option<&round::Error>, path: Option<&PathBuf>, speaker: Speaker) -> Option<u8> {
    let message = error?.message();
    let sentence = speaker.language.message(&message);
    match speaker.format {
        Format::Text => eprintln!(
            "{}{sentence}",
            path.map(|path| format!("{}: ", path.display()))
                .unwrap_or_default()
        ),
        Format::Json => println!("{}", json!({ "refused": message.key, "message": sentence })),
    }
    Some(2)
}
