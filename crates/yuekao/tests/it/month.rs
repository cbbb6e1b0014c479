//! One month, told from the office: a scheme is adopted, evidence comes, the month is frozen, opened again by two, published,
//! and corrected. The evidence is the golden month of the five villages.

use assessment::month::Month;
use reqwest::StatusCode;
use yuekao::evidence::folder;
use yuekao::round;
use yuekao::store::Store;

use crate::databases::{Home, on_both};
use crate::facts::{project, take, text, units_from};
use crate::town::Town;

pub const SERIES: &str = "five-villages";

pub fn month() -> Month {
    let expected = text("schemes/golden/five-villages-2024/expected.txt");
    expected
        .lines()
        .find_map(|line| line.strip_prefix("month "))
        .unwrap()
        .parse()
        .unwrap()
}

/// Takes the golden month into the store.
async fn evidence_comes(store: &Store, now: jiff::Timestamp) {
    let (facts, faults) = folder::read(&project("schemes/golden/five-villages-2024")).unwrap();
    assert!(faults.iter().all(|fault| !fault.is_fault()), "{faults:?}");
    let units = units_from(&facts, "2024-01");
    take(store, now, SERIES, month(), &facts, units).await;
}

/// A town with the golden evidence and no scheme.
pub async fn town(home: &Home) -> Town {
    let town = Town::founded(home).await;
    evidence_comes(&town.store, town.clock.now()).await;
    town
}

#[tokio::test]
async fn a_month_goes_from_evidence_to_a_correction() {
    let digests = std::cell::RefCell::new(vec![]);
    on_both(async |home| {
        let town = town(home).await;
        let (host, host2, auditor) = (
            town.signed_in("host").await,
            town.signed_in("host2").await,
            town.signed_in("auditor").await,
        );
        let rules = text("schemes/examples/five-villages.toml");
        let broken = rules.replace("ties = ", "tis = ");
        let refused = host.post("/desk/schemes", &[("text", &broken)]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.text.contains("tis"), "{}", refused.text);
        assert_eq!(
            host.adopts("scheme", &rules).await,
            "/desk/schemes/five-villages-2024"
        );

        let at = month().to_string();
        let page = format!("/desk/rounds/{SERIES}/{at}");
        let opened = host
            .post("/desk/rounds", &[("series", SERIES), ("month", &at)])
            .await;
        assert_eq!(opened.location(), page);
        let too_early = host
            .post(&format!("{page}/publish"), &[("date", "2024-04-02")])
            .await;
        assert_eq!(too_early.status, StatusCode::UNPROCESSABLE_ENTITY);

        assert_eq!(
            host.post(&format!("{page}/freeze"), &[]).await.location(),
            page
        );
        host.post(&format!("{page}/reopen"), &[]).await;
        let (own, anothers) = (host.get(&page).await.text, host2.get(&page).await.text);
        assert!(own.contains("须由另一人登录后同意") && !own.contains("同意重新打开</button>"));
        assert!(anothers.contains("同意重新打开</button>"), "{anothers}");
        let alone = host.post(&format!("{page}/reopen"), &[]).await;
        assert_eq!(
            alone.status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "one person alone cannot open it again"
        );
        assert_eq!(
            host2.post(&format!("{page}/reopen"), &[]).await.location(),
            page
        );
        assert_eq!(
            host.post(&format!("{page}/freeze"), &[]).await.location(),
            page
        );
        let preview = auditor.get(&format!("{page}/preview.pdf")).await;
        assert_eq!(preview.header("content-type"), "application/pdf");

        let fields = [("number", "某镇考〔2024〕1号"), ("date", "2024-04-02")];
        assert_eq!(
            host.post(&format!("{page}/publish"), &fields)
                .await
                .location(),
            page
        );
        let published = town
            .store
            .bulletins_of(SERIES, month())
            .await
            .unwrap()
            .remove(0);
        let view = round::view_of(&published.bulletin).unwrap();
        assert_eq!(view.rankings[0].rows.len(), 5);
        assert_eq!(view.digests.assessment, published.assessment_digest);

        // A correction says why, and leaves the old bulletin as it was.
        assert_eq!(
            host.post(&format!("{page}/freeze"), &[]).await.location(),
            page
        );
        let without = host.post(&format!("{page}/publish"), &fields).await;
        assert_eq!(without.status, StatusCode::UNPROCESSABLE_ENTITY);
        let with = [
            ("number", "某镇考〔2024〕2号"),
            ("date", "2024-04-09"),
            ("reason", "字号有误"),
        ];
        assert_eq!(
            host.post(&format!("{page}/publish"), &with)
                .await
                .location(),
            page
        );
        let editions = town.store.bulletins_of(SERIES, month()).await.unwrap();
        assert_eq!(
            editions.iter().map(|each| each.edition).collect::<Vec<_>>(),
            [2, 1]
        );
        assert_eq!(editions[1], published);
        let corrected = round::view_of(&editions[0].bulletin)
            .unwrap()
            .correction_of
            .unwrap();
        assert_eq!(corrected.reason.zh, "字号有误");
        assert_eq!(corrected.assessment, published.assessment_digest);
        digests.borrow_mut().push(published.assessment_digest);
    })
    .await;
    let digests = digests.into_inner();
    assert_eq!(digests.len(), 2);
    assert_eq!(
        digests[0], digests[1],
        "both databases come to the same digest"
    );
}

/// What the store freezes is what the golden folder holds: the hand's results come out of it.
#[tokio::test]
async fn the_frozen_month_comes_out_as_worked_by_hand() {
    let home = Home::sqlite();
    let town = town(&home).await;
    let rules = text("schemes/examples/five-villages.toml");
    let now = town.clock.now();
    round::adopt_scheme(&town.store, now, "host", &rules)
        .await
        .unwrap();
    round::freeze(&town.store, now, "host", SERIES, month())
        .await
        .unwrap();
    let assessed = round::assessed(&town.store, SERIES, month()).await.unwrap();
    let expected = text("schemes/golden/five-villages-2024/expected.txt");
    for line in expected
        .lines()
        .filter(|line| line.starts_with("place ") || line.starts_with("award "))
    {
        assert!(
            assessed.assessment.text.lines().any(|each| each == line),
            "{line}\n{}",
            assessed.assessment.text
        );
    }
    for unit in &assessed.assessment.standing.codes {
        let sheet = round::sheet::unit_sheet(&assessed, unit, "2024-04-02", false)
            .unwrap()
            .unwrap();
        assert!(
            sheet
                .findings
                .iter()
                .all(|finding| !finding.requirement.zh.is_empty())
        );
    }
}

#[tokio::test]
async fn the_page_of_a_month_that_cannot_be_frozen_says_why_in_words_of_the_desk() {
    let at = month().to_string();
    let path = format!("/desk/rounds/{SERIES}/{at}");
    let rules = text("schemes/examples/five-villages.toml");
    let market = "\n[[must_check]]\nunit = \"v1\"\nstratum = \"market\"\nat_least = 9\ntitle = { zh = \"集市\", en = \"Market\" }\n";
    for (rules, said) in [
        // A village that is in no list of units, and a market that was not looked at.
        (
            rules.replace("\"v5\"]", "\"v5\", \"v6\"]"),
            ["请先导入这个单位", "“v6”"],
        ),
        (
            rules + market,
            ["现在不能冻结：", "disabled aria-describedby=\"not-yet\""],
        ),
    ] {
        let home = Home::sqlite();
        let town = town(&home).await;
        let host = town.signed_in("host").await;
        host.adopts("scheme", &rules).await;
        host.post("/desk/rounds", &[("series", SERIES), ("month", &at)])
            .await;
        let page = host.get(&path).await.text;
        for words in said {
            assert!(page.contains(words), "{words}: {page}");
        }
        let frozen = host.post(&format!("{path}/freeze"), &[]).await;
        assert_eq!(frozen.status, StatusCode::UNPROCESSABLE_ENTITY);
        for text in [page, frozen.text] {
            assert!(
                !text.contains("units.csv") && !text.contains("yuekao "),
                "{text}"
            );
        }
    }
}

#[tokio::test]
async fn the_draft_of_an_open_month_follows_what_arrives_as_a_scan_would_say() {
    on_both(async |home| {
        let town = town(home).await;
        let host = town.signed_in("host").await;
        host.adopts("scheme", &text("schemes/examples/five-villages.toml"))
            .await;
        let page = format!("/desk/rounds/{SERIES}/{}", month());
        let at = month().to_string();
        host.post("/desk/rounds", &[("series", SERIES), ("month", &at)])
            .await;
        let listed = async |query: &str| {
            let list = host.get_json(&format!("/desk/rounds?{query}")).await;
            let list: Vec<serde_json::Value> = serde_json::from_str(&list.text).unwrap();
            list.len()
        };
        assert_eq!(listed("").await, 1);
        assert_eq!(listed(&format!("of={SERIES}&stage=open")).await, 1);
        assert_eq!(listed("stage=published").await, 0);
        assert_eq!(listed("year=1999").await, 0);
        let draft = async |town: &Town| {
            let page = town.signed_in("host").await.get_json(&page).await.text;
            let round: serde_json::Value = serde_json::from_str(&page).unwrap();
            round["draft"].clone()
        };
        let (mut facts, _) = folder::read(&project("schemes/golden/five-villages-2024")).unwrap();
        let first = draft(&town).await;
        let mut seen = vec![first];
        for step in 0..3 {
            // One more, then graver, then it does not count.
            let mut finding = facts.findings[0].clone();
            finding.id = "late".into();
            match step {
                0 => {}
                1 => finding.severity = assessment::finding::Severity::Serious,
                _ => finding.excluded = Some("appeal".into()),
            }
            facts.findings = vec![finding, facts.findings[0].clone()];
            facts.findings.truncate(1);
            let rows = yuekao::store::evidence::rows_of(&facts, month())
                .into_iter()
                .filter(|row| row.kind == "findings")
                .collect();
            town.store
                .take_evidence(town.clock.now(), "host", SERIES, rows, None)
                .await
                .unwrap();
            let kept = draft(&town).await;
            // A second server on the same store knows nothing yet: it scans.
            let scanned = draft(&Town::empty(home).await).await;
            assert_eq!(kept, scanned, "step {step}");
            seen.push(kept);
        }
        assert_ne!(seen[0], seen[1], "a finding costs something");
        assert_eq!(
            seen[0]["lines"], seen[3]["lines"],
            "one that does not count costs nothing"
        );
    })
    .await;
}
