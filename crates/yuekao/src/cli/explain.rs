//! `yuekao explain`: where a score comes from, down to the findings.

use anyhow::bail;
use assessment::{ground::Ground, month::Month, scheme::Scope, score::stand};
use serde_json::json;

use super::{Format, Outcome, Speaker, assess::EvidenceArgs};
use crate::working::Teller;

#[derive(clap::Args)]
pub struct Args {
    #[command(flatten)]
    evidence: EvidenceArgs,
    /// 单位的编码或名称 · code or name of a participant
    #[arg(long)]
    unit: String,
    /// 项目编号，默认为首个排名所依据的项目 · item; default: what the first ranking ranks
    #[arg(long)]
    item: Option<String>,
    /// 显示几层，默认全部 · levels to show; default all
    #[arg(long)]
    depth: Option<usize>,
}

pub fn run(args: Args, speaker: Speaker) -> Outcome {
    let language = speaker.language;
    let round = args.evidence.round()?;
    let (rules, facts, month): (_, _, Month) = (round.rules()?, round.facts()?, round.month);
    let refused = |refusal: assessment::refusal::Refusal| {
        let message = refusal.message();
        let sentence = language.message(&message);
        match speaker.format {
            Format::Text => println!("{sentence}"),
            Format::Json => println!("{}", json!({ "refused": message.key, "message": sentence })),
        }
        Ok(2)
    };
    let ground = match Ground::new(&rules, &facts, month, true) {
        Ok(ground) => ground,
        Err(refusal) => return refused(refusal),
    };
    let standing = match stand(&ground) {
        Ok(standing) => standing,
        Err(refusal) => return refused(refusal),
    };
    let units = standing.codes.iter().zip(&standing.names);
    let Some(participant) = units
        .clone()
        .position(|(code, name)| args.unit == *code || args.unit == *name)
    else {
        let known: Vec<String> = units.map(|(code, name)| format!("{name} {code}")).collect();
        let args = [
            ("unit", args.unit.into()),
            ("known", known.join(", ").into()),
        ];
        bail!("{}", language.say("working-no-unit", args));
    };
    let items = &rules.scheme.items;
    let wanted = match &args.item {
        Some(id) => items
            .iter()
            .position(|item| item.id == *id && item.scope == Scope::Unit),
        None => rules.scheme.rankings.first().map(|ranking| ranking.of),
    };
    let Some(item) = wanted else {
        let shown = items.iter().filter(|item| item.scope == Scope::Unit);
        let known: Vec<&str> = shown.map(|item| item.id.as_str()).collect();
        let id = args.item.unwrap_or_default();
        let args = [("item", id.into()), ("known", known.join(", ").into())];
        bail!("{}", language.say("working-no-item", args));
    };
    let (code, name) = (&standing.codes[participant], &standing.names[participant]);
    let Some(node) = &standing.values[item][participant] else {
        let args = [
            ("item", items[item].id.as_str().into()),
            ("unit", name.as_str().into()),
        ];
        bail!("{}", language.say("working-not-for-unit", args));
    };
    let teller = Teller {
        ground: &ground,
        language,
        depth: args.depth,
    };
    let line = teller.line(node);
    match speaker.format {
        Format::Text => {
            let month = language.arg(&month.into());
            let head = [
                ("unit", name.as_str().into()),
                ("code", code.as_str().into()),
                ("month", month.into()),
                ("title", line.label.as_str().into()),
            ];
            println!("{}\n", language.say("working-head", head));
            print!("{}", line.text(language));
        }
        Format::Json => {
            let out = json!({
                "scheme": rules.scheme.id,
                "month": month.to_string(),
                "unit": code,
                "name": name,
                "item": items[item].id,
                "working": line,
            });
            println!("{}", serde_json::to_string_pretty(&out)?);
        }
    }
    Ok(0)
}
