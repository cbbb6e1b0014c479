//! `yuekao standard`: catalogues of indicators, and how they cover outer standards.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, anyhow, bail};
use assessment::indicator::coverage::{Coverage, OuterList, coverage};
use assessment::indicator::{Entry, Standard, parse_exemptions};
use assessment::issue::Severity;
use serde_json::{Value, json};

use super::{Format, Outcome, Speaker};
use crate::evidence::fault::RowFault;
use crate::file;
use crate::standard::cases::CaseData;
use crate::standard::{self, Catalogue, outer};
use crate::words::Language;

mod show;

#[derive(clap::Args)]
pub struct Args {
    /// 指标库所在文件夹，默认为随程序提供的目录 · folder of catalogues
    #[arg(long, global = true)]
    standards: Option<PathBuf>,
    /// 案件类别和时限数据所在文件夹，默认为随程序提供的数据 · folder of case categories and limits
    #[arg(long, global = true)]
    cases: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand)]
enum Command {
    /// 列出指标库 · list catalogues
    List,
    /// 显示一个目录或其中一条指标 · show a catalogue, or one indicator of it
    Show {
        /// 目录的标识或文件 · id or file of the catalogue
        standard: String,
        /// 指标的标识 · id of the indicator
        indicator: Option<String>,
    },
    /// 检查目录或豁免文件，一次列出全部问题 · report all faults of catalogues and exemption files at once
    Check {
        #[arg(required = true)]
        files: Vec<PathBuf>,
    },
    /// 目录对外部标准的覆盖 · how a catalogue covers outer standards
    Coverage {
        /// 目录的标识或文件 · id or file of the catalogue
        #[arg(default_value = "xianning-2021")]
        standard: String,
        /// 外部标准清单，如 provincial-exam=清单.csv · list of an outer standard
        #[arg(long, value_name = "LIST=FILE")]
        outer: Vec<String>,
        /// 存放已导入清单的数据文件夹 · data folder with imported lists
        #[arg(long, default_value = "yuekao-data", env = "YUEKAO_DATA")]
        data: PathBuf,
        /// 同时列出已覆盖的项目 · list covered items too
        #[arg(long)]
        all: bool,
    },
    /// 把取得的外部标准清单导入数据文件夹 · import the list of an outer standard
    ImportOuter {
        /// 外部标准的标识，如 provincial-exam · id of the outer standard
        outer: String,
        /// CSV 或 XLSX 文件，模板见 standards/outer/ · CSV or XLSX file
        file: PathBuf,
        /// 目录的标识或文件 · id or file of the catalogue
        #[arg(long, default_value = "xianning-2021")]
        standard: String,
        /// 数据文件夹 · data folder
        #[arg(long, default_value = "yuekao-data", env = "YUEKAO_DATA")]
        data: PathBuf,
    },
}

pub fn run(args: Args, speaker: Speaker) -> Outcome {
    let folder = args.standards.as_deref();
    let find = |name: &str| {
        let missing = || {
            speaker
                .language
                .say("standard-no-such", [("id", name.into())])
        };
        standard::find(name, folder)?.with_context(missing)
    };
    let cases = || match &args.cases {
        Some(folder) => CaseData::of(folder),
        None => CaseData::shipped(),
    };
    match args.command {
        Command::List => print(
            list(&standard::all(folder)?, speaker.language),
            speaker.format,
        ),
        Command::Show {
            standard,
            indicator,
        } => show(
            &find(&standard)?.standard,
            indicator.as_deref(),
            &cases()?,
            speaker,
        ),
        Command::Check { files } => check(&files, &cases()?, speaker),
        Command::Coverage {
            standard,
            outer,
            data,
            all,
        } => {
            let standard = find(&standard)?.standard;
            let lists = lists(&standard, &outer, &data, speaker.language)?;
            let coverage = coverage(&standard, &lists);
            print(
                covered(&standard, &coverage, all, speaker.language),
                speaker.format,
            )
        }
        Command::ImportOuter {
            outer,
            file,
            standard,
            data,
        } => import(&find(&standard)?.standard, &outer, &file, &data, speaker),
    }
}

/// What a command has to say, for people and for programs.
struct Said {
    text: String,
    json: Value,
}

fn print(said: Said, format: Format) -> Outcome {
    match format {
        Format::Text => print!("{}", said.text),
        Format::Json => println!("{}", serde_json::to_string_pretty(&said.json)?),
    }
    Ok(0)
}

fn list(catalogues: &[Catalogue], language: Language) -> Said {
    let mut said = Said {
        text: String::new(),
        json: Value::Null,
    };
    for Catalogue { standard, .. } in catalogues {
        let to = standard
            .to
            .map_or_else(|| "open".to_owned(), |to| to.to_string());
        said.text += &language.say(
            "standard-list-line",
            [
                ("id", standard.id.as_str().into()),
                ("title", language.of(&standard.title).into()),
                ("from", standard.from.to_string().into()),
                ("to", to.into()),
                ("count", standard.indicators.len().into()),
            ],
        );
        said.text.push('\n');
    }
    let one = |Catalogue { standard, .. }: &Catalogue| {
        json!({
            "id": standard.id,
            "title": show::both(&standard.title),
            "from": standard.from.to_string(),
            "to": standard.to.map(|to| to.to_string()),
            "indicators": standard.indicators.len(),
            "digest": standard.digest,
        })
    };
    said.json = catalogues.iter().map(one).collect();
    said
}

fn show(
    standard: &Standard,
    indicator: Option<&str>,
    cases: &CaseData,
    speaker: Speaker,
) -> Outcome {
    let language = speaker.language;
    let shown: Vec<_> = match indicator {
        None => standard.indicators.iter().collect(),
        Some(id) => match standard.indicator(id) {
            Some(indicator) => vec![indicator],
            None => {
                let args = [
                    ("standard", standard.id.as_str().into()),
                    ("indicator", id.into()),
                ];
                bail!(language.say("standard-unknown-indicator", args));
            }
        },
    };
    let view = show::View {
        standard,
        cases,
        language,
    };
    let mut text = String::new();
    if indicator.is_none() {
        text += &format!("{} {}\n", standard.id, language.of(&standard.title));
        if let Some(about) = &standard.about {
            text += &format!("{}\n", language.of(about));
        }
    }
    for one in &shown {
        text += &format!("\n{}", view.text(one));
    }
    let indicators: Vec<Value> = shown.iter().map(|one| view.json(one)).collect();
    let json = json!({
        "id": standard.id,
        "title": show::both(&standard.title),
        "digest": standard.digest,
        "indicators": indicators,
    });
    print(
        Said {
            text: text.trim_start_matches('\n').to_owned(),
            json,
        },
        speaker.format,
    )
}

/// Catalogues are checked against the case data too; a file with `[[exemption]]` tables is one of exemptions.
fn check(files: &[PathBuf], cases: &CaseData, speaker: Speaker) -> Outcome {
    let mut faults = 0;
    let mut json = Vec::new();
    for path in files {
        let text = file::text(path)?;
        let name = path.display().to_string();
        let (title, issues) = if text.contains("[[exemption]]") {
            let (exemptions, issues) = parse_exemptions(&text);
            (exemptions.map(|exemptions| exemptions.title), issues)
        } else {
            let (standard, mut issues) = Standard::parse(&text);
            issues.extend(
                standard
                    .iter()
                    .flat_map(|standard| cases.check(standard, &text)),
            );
            (standard.map(|standard| standard.title), issues)
        };
        faults += issues
            .iter()
            .filter(|issue| issue.severity == Severity::Fault)
            .count();
        if speaker.format == Format::Text {
            super::issues::print(&name, &text, &issues, speaker.language);
        }
        json.push(json!({
            "file": name,
            "title": title.as_ref().map(show::both),
            "issues": super::issues::json(&issues, speaker.language),
        }));
    }
    if speaker.format == Format::Json {
        println!(
            "{}",
            serde_json::to_string_pretty(&json!({ "faults": faults, "files": json }))?
        );
    }
    Ok(if faults == 0 { 0 } else { 2 })
}

/// The lists named on the command line, and for the other outer standards those that were imported.
fn lists(
    standard: &Standard,
    named: &[String],
    data: &Path,
    language: Language,
) -> anyhow::Result<Vec<OuterList>> {
    let mut files = Vec::new();
    for named in named {
        let (outer, file) = named.split_once('=').context("--outer LIST=FILE")?;
        known(standard, outer, language)?;
        files.push((outer.to_owned(), PathBuf::from(file)));
    }
    for entry in &standard.outer {
        let imported = outer::path(data, &entry.id);
        if imported.is_file() && !files.iter().any(|(outer, _)| *outer == entry.id) {
            files.push((entry.id.clone(), imported));
        }
    }
    let read = |(outer, path): &(String, PathBuf)| {
        let (list, faults) = read_list(outer, path, standard, language)?;
        match faults.first() {
            None => Ok(list),
            Some(fault) => bail!(fault.say(language)),
        }
    };
    files.iter().map(read).collect()
}

fn read_list(
    outer: &str,
    path: &Path,
    standard: &Standard,
    language: Language,
) -> anyhow::Result<(OuterList, Vec<RowFault>)> {
    let name = path.display().to_string();
    let bytes = file::bytes(path)?;
    outer::read(outer, &name, &bytes, standard)
        .map_err(|refusal| anyhow!(language.message(&refusal.0)))
}

fn known<'s>(standard: &'s Standard, outer: &str, language: Language) -> anyhow::Result<&'s Entry> {
    let unknown = || {
        let known: Vec<&str> = standard
            .outer
            .iter()
            .map(|entry| entry.id.as_str())
            .collect();
        language.say(
            "standard-no-such-list",
            [
                ("standard", standard.id.as_str().into()),
                ("outer", outer.into()),
                ("known", known.join(", ").into()),
            ],
        )
    };
    standard
        .outer
        .iter()
        .find(|entry| entry.id == outer)
        .with_context(unknown)
}

fn covered(standard: &Standard, coverage: &[Coverage], all: bool, language: Language) -> Said {
    let title = language.of(&standard.title);
    let mut text = language.say("standard-coverage-title", [("title", title.into())]);
    text.push('\n');
    for one in coverage {
        text += &covered_text(one, all, language);
    }
    let lists: Vec<Value> = coverage.iter().map(covered_json).collect();
    Said {
        text,
        json: json!({ "standard": standard.id, "digest": standard.digest, "outer": lists }),
    }
}

fn covered_text(coverage: &Coverage, all: bool, language: Language) -> String {
    let title = language.of(&coverage.outer.title).to_owned();
    let Some(covered) = &coverage.list else {
        let said = language.say(
            "standard-coverage-not-obtained",
            [
                ("title", title.into()),
                ("id", coverage.outer.id.as_str().into()),
                ("serving", coverage.serving.into()),
            ],
        );
        return said + "\n";
    };
    let open = covered.open().count();
    let counts = [
        ("title", title.into()),
        ("items", covered.items.len().into()),
        ("covered", (covered.items.len() - open).into()),
        ("open", open.into()),
    ];
    let mut text = language.say("standard-coverage-counts", counts) + "\n";
    for (item, by) in covered.items.iter().filter(|(_, by)| all || by.is_empty()) {
        let key = if by.is_empty() {
            "standard-coverage-open"
        } else {
            "standard-coverage-by"
        };
        let args = [
            ("item", item.id.as_str().into()),
            ("title", language.of(&item.title).into()),
            ("indicators", by.join(", ").into()),
        ];
        text += &format!("  {}\n", language.say(key, args));
    }
    for (item, indicator) in &covered.unknown_items {
        let args = [
            ("item", item.as_str().into()),
            ("indicator", indicator.as_str().into()),
        ];
        text += &format!(
            "  {}\n",
            language.say("standard-coverage-unknown-item", args)
        );
    }
    text
}

fn covered_json(coverage: &Coverage) -> Value {
    let items = |(item, by): &(assessment::indicator::coverage::OuterItem, Vec<String>)| {
        json!({
            "item": item.id,
            "group": item.group,
            "title": show::both(&item.title),
            "points": item.points.as_ref().map(ToString::to_string),
            "indicators": by,
        })
    };
    let covered = coverage.list.as_ref();
    json!({
        "id": coverage.outer.id,
        "title": show::both(&coverage.outer.title),
        "serving": coverage.serving,
        "obtained": covered.is_some(),
        "items": covered.map(|covered| covered.items.iter().map(items).collect::<Vec<_>>()),
        "open": covered.map(|covered| covered.open().map(|item| item.id.as_str()).collect::<Vec<_>>()),
        "unknown_items": covered.map(|covered| &covered.unknown_items),
    })
}

/// Takes nothing unless all of the list is right; the same list again changes nothing.
fn import(standard: &Standard, outer: &str, path: &Path, data: &Path, speaker: Speaker) -> Outcome {
    let language = speaker.language;
    let entry = known(standard, outer, language)?;
    let (list, faults) = read_list(outer, path, standard, language)?;
    let kept = outer::path(data, outer);
    let text = outer::write(&list);
    let title = language.of(&entry.title).to_owned();
    let (key, changed) = if !faults.is_empty() {
        ("standard-import-refused", false)
    } else if std::fs::read_to_string(&kept).is_ok_and(|before| before == text) {
        ("standard-imported-before", false)
    } else {
        file::make_folder(kept.parent().unwrap_or(data))?;
        file::write(&kept, &text)?;
        ("standard-imported", true)
    };
    let sentence = language.say(
        key,
        [
            ("title", title.into()),
            ("items", list.items.len().into()),
            ("file", kept.display().to_string().into()),
            ("faults", faults.len().into()),
        ],
    );
    let said: Vec<String> = faults.iter().map(|fault| fault.say(language)).collect();
    let json = json!({ "message": sentence, "changed": changed, "items": list.items.len(), "faults": said });
    let lines = said
        .iter()
        .chain([&sentence])
        .map(|line| format!("{line}\n"));
    print(
        Said {
            text: lines.collect(),
            json,
        },
        speaker.format,
    )?;
    Ok(if faults.is_empty() { 0 } else { 2 })
}

#[cfg(test)]
mod tests;
