//! The command line: one file per noun, each with its arguments and a `run`.

pub mod account;
pub mod assess;
pub mod backup;
pub mod demo;
pub mod explain;
pub mod export;
pub mod home;
pub mod import;
pub mod import_cases;
pub mod issues;
pub mod round;
pub mod scheme;
pub mod serve;
pub mod standard;
pub mod template;
pub mod what_if;

use std::process::ExitCode;

use clap::{Parser, Subcommand, ValueEnum};

use crate::words::Language;

/// 月考：城市管理月度综合评价系统 · monthly evaluation of city management
#[derive(Parser)]
#[command(name = "yuekao", version, max_term_width = 100)]
struct Cli {
    /// 输出格式 · output for people or for programs
    #[arg(long, global = true, value_enum, default_value = "text")]
    format: Format,
    /// 语言 · language of what is said
    #[arg(
        long,
        global = true,
        value_enum,
        default_value = "zh",
        env = "YUEKAO_LANG"
    )]
    lang: Lang,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// 实施方案：检查、说明、比较 · schemes: check, explain, compare
    Scheme(scheme::Args),
    /// 指标库：列出、显示、检查、对外部标准的覆盖 · catalogues of indicators
    Standard(standard::Args),
    /// 依据一个月的证据计算得分、排名与奖惩 · score a folder of evidence
    Assess(assess::Args),
    /// 采用方案和指标库 · adopt schemes and catalogues: from then on their text is fixed
    Adopt(round::Adopt),
    /// 写出空白模板 · write empty sheets to fill in
    Template(template::Args),
    /// 导入证据文件，先预览 · take evidence from files, after a look at what it changes
    Import(import::Args),
    /// 导入 12345 热线或其他平台的案件 · take cases of the hotline or another platform from a file
    ImportCases(import_cases::Args),
    /// 导出一个月的证据、方案和摘要 · write a round with all that it is computed from
    Export(export::Args),
    /// 冻结一个月的证据，或申请重新打开 · close the facts of a month, or ask to open it again
    Freeze(round::Freeze),
    /// 公布一个月的通报，或更正 · publish a frozen month, or a correction
    Publish(round::Publish),
    /// 通报或单位清单：报纸稿、PDF、XLSX、JSON · bulletin of a month, or the sheet of a unit
    Bulletin(round::Bulletin),
    /// 演示：用合成证据生成咸宁的 24 个月并启动网站 · 24 synthetic months of Xianning
    Demo(demo::Args),
    /// 说明一个得分的由来，直到每一处问题 · where a score comes from, down to the findings
    Explain(explain::Args),
    /// 试算：按草案重算往月，不得公布 · past months under a draft; not for publication
    WhatIf(what_if::Args),
    /// 启动网站 · run the site
    Serve(serve::Args),
    /// 账号：设立、重设密码、移交、列出 · accounts
    Account(account::Args),
    /// 备份数据文件夹，网站可照常运行 · copy the data folder, also while the site runs
    Backup(backup::Backup),
    /// 把备份恢复到空的数据文件夹 · put a copy back into an empty data folder
    Restore(backup::Restore),
    /// 检查数据库、记录和照片原件是否完好 · whether database, acts and originals are as they were written
    Check(backup::Check),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    Text,
    Json,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Lang {
    Zh,
    En,
}

/// How to speak to whoever called.
#[derive(Clone, Copy, Debug)]
pub struct Speaker {
    pub format: Format,
    pub language: Language,
}

/// What a command comes to: the process's exit code.
///
/// 0: done; 1: it could not be done; 2: it was refused, or faults were found.
pub type Outcome = anyhow::Result<u8>;

/// Runs the command line of this process.
pub fn main() -> ExitCode {
    leave_quietly_when_nobody_reads();
    let cli = Cli::parse();
    let language = match cli.lang {
        Lang::Zh => Language::Chinese,
        Lang::En => Language::English,
    };
    let speaker = Speaker {
        format: cli.format,
        language,
    };
    let outcome = match cli.command {
        Command::Scheme(args) => scheme::run(args, speaker),
        Command::Standard(args) => standard::run(args, speaker),
        Command::Assess(args) => assess::run(args, speaker),
        Command::Adopt(args) => round::adopt(args, speaker),
        Command::Template(args) => template::run(args, speaker),
        Command::Import(args) => import::run(args, speaker),
        Command::ImportCases(args) => import_cases::run(args, speaker),
        Command::Export(args) => export::run(args, speaker),
        Command::Freeze(args) => round::freeze(args, speaker),
        Command::Publish(args) => round::publish(args, speaker),
        Command::Bulletin(args) => round::bulletin(args, speaker),
        Command::Demo(args) => demo::run(args, speaker),
        Command::Explain(args) => explain::run(args, speaker),
        Command::WhatIf(args) => what_if::run(args, speaker),
        Command::Serve(args) => serve::run(args, speaker),
        Command::Account(args) => account::run(args, speaker),
        Command::Backup(args) => backup::back_up(args, speaker),
        Command::Restore(args) => backup::restore(args, speaker),
        Command::Check(args) => backup::check(args, speaker),
    };
    match outcome {
        Ok(code) => ExitCode::from(code),
        Err(error) => {
            let said = said(&error, speaker.language);
            match speaker.format {
                Format::Text => eprintln!("{said}"),
                Format::Json => println!("{}", serde_json::json!({ "error": said })),
            }
            ExitCode::from(1)
        }
    }
}

/// An error and what led to it, each as a sentence where it has one.
fn said(error: &anyhow::Error, language: Language) -> String {
    let one = |cause: &(dyn std::error::Error + 'static)| {
        let message = if let Some(refusal) = cause.downcast_ref::<crate::evidence::Refusal>() {
            refusal.0.clone()
        } else if let Some(crate::store::Error::Refused(message)) = cause.downcast_ref() {
            message.clone()
        } else if let Some(error) = cause.downcast_ref::<crate::round::Error>() {
            error.message()
        } else {
            return cause.to_string();
        };
        language.message(&message)
    };
    error.chain().map(one).collect::<Vec<_>>().join(": ")
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    #[test]
    fn the_arguments_fit_together() {
        super::Cli::command().debug_assert();
    }

    /// The help of a command and of all below it, with its name.
    fn help(command: &clap::Command, name: &str, told: &mut Vec<(String, String)>) {
        told.push((
            name.to_owned(),
            command.clone().render_long_help().to_string(),
        ));
        for below in command.get_subcommands() {
            help(below, &format!("{name} {}", below.get_name()), told);
        }
    }

    #[test]
    fn the_help_has_chinese_marks_in_chinese_sentences() {
        let mut told = vec![];
        help(&super::Cli::command(), "yuekao", &mut told);
        assert!(told.len() > 25);
        for (name, text) in told {
            let marks = crate::words::tests::half_width_marks(&text);
            assert!(marks.is_empty(), "{name}: {marks:?}");
        }
    }
}

/// `yuekao … | head` closes our output before we have said everything: that is no crash.
fn leave_quietly_when_nobody_reads() {
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        let said = panic.payload().downcast_ref::<String>();
        if said.is_some_and(|said| said.contains("Broken pipe")) {
            std::process::exit(0);
        }
        usual(panic);
    }));
}
