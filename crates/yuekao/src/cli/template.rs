//! `yuekao template`: empty sheets to fill in.

use std::path::PathBuf;

use anyhow::bail;
use serde_json::json;

use super::{Format, Outcome, Speaker};
use crate::evidence::{Kind, template};
use crate::file;

#[derive(clap::Args)]
pub struct Args {
    /// 数据种类：units、sites、visits、findings、cases、measures、results、boards、shares、incoming（外来案件，CSV），不填为全部 · kind of rows, all if left out
    kind: Option<String>,
    /// 工作簿（默认） · a workbook, the default
    #[arg(long, conflicts_with = "csv")]
    xlsx: bool,
    /// CSV 文件 · CSV files
    #[arg(long)]
    csv: bool,
    /// 写到这里；全部种类的 CSV 写到文件夹 · write it here; CSV of all kinds go into a folder
    #[arg(short, long)]
    output: Option<PathBuf>,
}

pub fn run(args: Args, speaker: Speaker) -> Outcome {
    if args.kind.as_deref() == Some("incoming") {
        let path = args.output.unwrap_or_else(|| "incoming.csv".into());
        file::write(&path, super::import_cases::TEMPLATE)?;
        let path = path.display().to_string();
        match speaker.format {
            Format::Json => println!("{}", json!({ "written": [path] })),
            Format::Text => {
                let args = [("path", path.into())];
                println!("{}", speaker.language.say("evidence-written", args));
            }
        }
        return Ok(0);
    }
    let kinds = match args.kind.as_deref() {
        None => Kind::ALL.to_vec(),
        Some(word) => match Kind::of(word) {
            Some(kind) => vec![kind],
            None => bail!(
                "{}",
                speaker
                    .language
                    .say("evidence-no-such-kind", [("word", word.into())])
            ),
        },
    };
    let stem = match kinds.as_slice() {
        [kind] => kind.word(),
        _ => "yuekao-template",
    };
    let mut written = Vec::new();
    let write = |path: PathBuf, bytes: Vec<u8>| {
        file::write(&path, bytes)?;
        anyhow::Ok(path)
    };
    match (args.csv, kinds.as_slice()) {
        (false, kinds) => {
            let path = args.output.unwrap_or_else(|| format!("{stem}.xlsx").into());
            written.push(write(path, template::workbook(kinds, speaker.language)?)?);
        }
        (true, [kind]) => {
            let path = args.output.unwrap_or_else(|| kind.file().into());
            written.push(write(
                path,
                template::csv(*kind, speaker.language).into_bytes(),
            )?);
        }
        (true, kinds) => {
            let folder = args.output.unwrap_or_else(|| stem.into());
            file::make_folder(&folder)?;
            for kind in kinds {
                let text = template::csv(*kind, speaker.language);
                written.push(write(folder.join(kind.file()), text.into_bytes())?);
            }
        }
    }
    match speaker.format {
        Format::Json => println!("{}", json!({ "written": written })),
        Format::Text => {
            for path in &written {
                let path = path.display().to_string();
                println!(
                    "{}",
                    speaker
                        .language
                        .say("evidence-written", [("path", path.into())])
                );
            }
        }
    }
    Ok(0)
}
