//! Units that end while their rows still count: the cut-off is on the 25th, and two units are merged on 1 April.

use assessment::facts::Facts;
use assessment::month::Month;
use yuekao::evidence::folder;
use yuekao::round;
use yuekao::store::Store;
use yuekao::store::unit::UnitRow;

use crate::act::at;
use crate::databases::on_both;
use crate::facts::{take, text, units_from};

const SERIES: &str = "five-villages";
const UNITS: &str = "code,name,kind,parent,attributes\n\
    t,清禾镇,township,,\nv1,东村,village,t,\nv2,西村,village,t,\nv3,南村,village,t,\nv4,北村,village,t,\nv5,中村,village,t,\n\
    v6,老街村,village,t,\nh1,桥头组,hamlet,v1,\n";
/// The site of a village that is gone; nothing was seen at it in April.
const SITES: &str = "id,unit,name,stratum,length_m,lng,lat\ns1,v6,老街,lane,,,\n";

/// The evidence that April's round looks at: found after 25 March.
fn facts(unit: &str) -> Facts {
    let findings = format!(
        "id,unit,indicator,severity,found_by,found_at,due_at,rectified_at\n\
        f1,{unit},clutter,serious,own,2024-03-28T09:00,2024-04-02T09:00,2024-04-01T09:00\n\
        f2,v2,clutter,minor,own,2024-04-11T09:00,2024-04-14T09:00,2024-04-13T09:00\n"
    );
    let files = [
        ("units.csv", UNITS),
        ("sites.csv", SITES),
        ("findings.csv", &findings),
    ];
    let (facts, faults) =
        folder::read_files(files.iter().map(|(name, text)| (*name, text.as_bytes()))).unwrap();
    assert!(faults.is_empty(), "{faults:?}");
    facts
}

fn april() -> Month {
    "2024-04".parse().unwrap()
}

/// A town whose sixth village and first hamlet ended with March.
async fn evidence_comes(store: &Store, unit: &str) {
    let rules =
        text("schemes/examples/five-villages.toml").replace("last_day = \"end\"", "last_day = 25");
    if store.scheme("five-villages-2024").await.unwrap().is_none() {
        round::adopt_scheme(store, at(1), "console", &rules)
            .await
            .unwrap();
    }
    let facts = facts(unit);
    let ended = |unit: UnitRow| match unit.code.as_str() {
        "v6" | "h1" => UnitRow {
            valid_to: Some("2024-03".into()),
            ..unit
        },
        _ => unit,
    };
    let units = units_from(&facts, "2024-01").into_iter().map(ended);
    take(store, at(2), SERIES, april(), &facts, units.collect()).await;
}

#[tokio::test]
async fn a_row_of_a_unit_that_was_merged_counts_for_whom_it_lay_below() {
    on_both(async |home| {
        let store = home.open().await;
        evidence_comes(&store, "h1").await;
        round::freeze(&store, at(3), "console", SERIES, april())
            .await
            .unwrap();
        let assessed = round::assessed(&store, SERIES, april()).await.unwrap();
        let units = &assessed.frozen.facts().units;
        let hamlet = units.iter().find(|unit| unit.code == "h1").unwrap();
        assert_eq!(hamlet.parent.as_deref(), Some("v1"));
        assert!(units.iter().all(|unit| unit.code != "v6"));
        for line in ["value field v1 98", "value field v2 99.5"] {
            let lines = &assessed.assessment.text;
            assert!(lines.lines().any(|each| each == line), "{line}\n{lines}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_row_for_which_nobody_answers_any_more_is_named() {
    on_both(async |home| {
        let store = home.open().await;
        evidence_comes(&store, "v6").await;
        let refused = round::freeze(&store, at(3), "console", SERIES, april())
            .await
            .unwrap_err()
            .message();
        assert_eq!(refused.key, "store-unit-ended");
        let told = refused.to_string();
        for word in [
            "f1",
            "2024-03-28T09:00",
            "v6",
            "老街村",
            "2024-03",
            "2024-04",
        ] {
            assert!(told.contains(word), "{word}: {told}");
        }
        // The office gives the row to the village that took over.
        evidence_comes(&store, "v3").await;
        round::freeze(&store, at(4), "console", SERIES, april())
            .await
            .unwrap();
    })
    .await;
}
