//! Files taken into the store: seen first, taken once, the same on both databases.

use std::path::Path;

use yuekao::datum::Datum;
use yuekao::evidence::export::export;
use yuekao::evidence::import::{Consent, Handed, Options, Preview, accept, import};
use yuekao::field::darkroom::part_originals;
use yuekao::round;
use yuekao::store::import::Taking;
use yuekao::store::{Error, Store, digest};

use crate::act::at;
use crate::databases::on_both;

const SCHEME: &str = r#"
id = "town-2022"
series = "town"
title = "某镇月度评价方案"
host = "某镇"
months = { from = "2022-01", to = "2022-12" }
[cutoff]
last_day = "end"
findings = "found"
rectification = "found"
status_days = 0
[[indicator]]
id = "litter"
title = "路面垃圾"
points = 1
[[group]]
id = "villages"
title = "村"
select = { kind = "village" }
[[item]]
id = "field"
title = "检查"
how = "deduct"
start = 100
[[item.clause]]
id = "all"
points = 1
[[ranking]]
id = "main"
title = "排名"
of = "field"
best = "high"
round = { digits = 2, mode = "half_up" }
by = "rounded"
ties = "share"
"#;

const UNITS: &str = "code,name,kind,parent,attributes\nt,某镇,township,,\na,甲村,village,t,population=1200\nb,乙村,village,t,\n";
const VISITS: &str = "id,unit,at\nv1,甲村,2022-03-05 09:00\n";
const FINDINGS: &str = "问题编号,检查编号,责任单位,指标,严重程度,发现途径,发现时间\n\
    f1,v1,甲村,路面垃圾,轻微,第三方,2022/3/5 9:10\nf2,v1,甲村,litter,严重,第三方,2022/3/5 9:20\n";

fn options(month: Option<&str>) -> Options {
    Options {
        series: "town".into(),
        month: month.map(|month| month.parse().unwrap()),
        datum: Datum::Wgs84,
    }
}

fn march() -> Options {
    options(Some("2022-03"))
}

async fn look(store: &Store, name: &str, text: &str) -> Preview {
    import(store, vec![Handed::new(name, text)], &march())
        .await
        .unwrap()
}

async fn take(store: &Store, name: &str, text: &str, consent: Consent) -> Result<Preview, Error> {
    accept(
        store,
        at(100),
        "yi",
        vec![Handed::new(name, text)],
        &march(),
        &consent,
    )
    .await
}

fn counts(preview: &Preview) -> Vec<(&str, usize, usize, usize)> {
    preview
        .counts
        .iter()
        .map(|count| (count.kind, count.new, count.changed, count.same))
        .collect()
}

fn faults(preview: &Preview) -> Vec<String> {
    preview.faults.iter().map(ToString::to_string).collect()
}

fn refusal<T: std::fmt::Debug>(result: Result<T, Error>) -> String {
    match result {
        Err(Error::Refused(message)) => message.to_string(),
        other => panic!("not refused: {other:?}"),
    }
}

async fn town(store: &Store) {
    round::adopt_scheme(store, at(1), "yi", SCHEME)
        .await
        .unwrap();
    for (name, text) in [("units.csv", UNITS), ("visits.csv", VISITS)] {
        take(store, name, text, Consent::default()).await.unwrap();
    }
}

#[tokio::test]
async fn a_file_is_seen_then_taken_then_changes_nothing() {
    on_both(async |home| {
        let store = home.open().await;
        town(&store).await;
        let before = store.last_act().await.unwrap();
        let seen = look(&store, "问题.csv", FINDINGS).await;
        assert_eq!(faults(&seen), Vec::<String>::new());
        assert_eq!(counts(&seen), [("findings", 2, 0, 0)]);
        assert_eq!(
            store.last_act().await.unwrap(),
            before,
            "looking changes nothing"
        );

        let consent = Consent {
            seen: Some(seen.fingerprint.clone()),
            ..Consent::default()
        };
        take(&store, "问题.csv", FINDINGS, consent).await.unwrap();
        let (rules, _) = round::rules(&store, "town-2022").await.unwrap();
        let facts = store
            .facts(&rules, "2022-03".parse().unwrap())
            .await
            .unwrap();
        let found: Vec<_> = facts
            .findings
            .iter()
            .map(|f| (f.id.as_str(), f.unit.as_str(), f.indicator.as_str()))
            .collect();
        assert_eq!(
            found,
            [("f1", "a", "litter"), ("f2", "a", "litter")],
            "names have become codes"
        );

        let after = store.last_act().await.unwrap();
        let again = take(&store, "问题.csv", FINDINGS, Consent::default())
            .await
            .unwrap();
        assert_eq!(counts(&again), [("findings", 0, 0, 2)]);
        assert!(!again.brings_something());
        assert_eq!(
            store.last_act().await.unwrap(),
            after,
            "a second import changes nothing"
        );
        assert_eq!(store.imports("town").await.unwrap().len(), 3);
    })
    .await;
}

#[tokio::test]
async fn nothing_is_taken_unless_all_is_right_or_the_rest_is_agreed_to() {
    on_both(async |home| {
        let store = home.open().await;
        town(&store).await;
        let text = format!(
            "{FINDINGS}f3,v9,甲村,litter,轻微,第三方,2022/3/5 9:10\nf4,v1,丙村,litter,轻微,第三方,2022/3/5 9:10\n\
             f5,v1,甲村,graffiti,轻微,第三方,2022/3/5 9:10\nf6,v1,甲村,litter,轻微,第三方,2022/4/5 9:10\n"
        );
        let seen = look(&store, "问题.csv", &text).await;
        assert_eq!(
            faults(&seen),
            [
                "问题.csv 7:发现时间 fault evidence-outside-month{month=2022-03,from=2022-03-01,to=2022-03-31} «2022-04-05T09:10»",
                "问题.csv 4:检查编号 fault evidence-unknown-visit{text=v9} «v9»",
                "问题.csv 5:责任单位 fault evidence-unknown-unit{text=丙村} «丙村»",
                "问题.csv 6:指标 fault evidence-unknown-indicator{text=graffiti} «graffiti»",
            ]
        );
        let refused = take(&store, "问题.csv", &text, Consent::default()).await;
        assert_eq!(refusal(refused), "evidence-has-faults{count=4}");
        assert!(store.evidence_row("town", "findings", "f1").await.unwrap().is_none());
        let rest = Consent { rest: true, ..Consent::default() };
        let taken = take(&store, "问题.csv", &text, rest).await.unwrap();
        assert_eq!(counts(&taken), [("findings", 2, 0, 0)]);
        assert!(store.evidence_row("town", "findings", "f1").await.unwrap().is_some());
        assert!(store.evidence_row("town", "findings", "f3").await.unwrap().is_none());
    })
    .await;
}

#[tokio::test]
async fn other_content_is_shown_and_needs_consent() {
    on_both(async |home| {
        let store = home.open().await;
        town(&store).await;
        take(&store, "问题.csv", FINDINGS, Consent::default())
            .await
            .unwrap();
        let text = FINDINGS.replace("f2,v1,甲村,litter,严重", "f2,v1,乙村,litter,一般");
        let seen = look(&store, "更正.csv", &text).await;
        assert_eq!(counts(&seen), [("findings", 0, 1, 1)]);
        let change = &seen.changes[0];
        let cell = |column: &str, before: &str, after: &str| {
            (column.to_owned(), before.to_owned(), after.to_owned())
        };
        assert_eq!(change.id, "f2");
        assert_eq!(
            change.cells,
            [
                cell("unit", "a", "b"),
                cell("severity", "serious", "general")
            ]
        );
        let refused = take(&store, "更正.csv", &text, Consent::default()).await;
        assert_eq!(refusal(refused), "evidence-has-changes{count=1}");

        // Somebody else was faster.
        take(
            &store,
            "units.csv",
            &UNITS.replace("1200", "1300"),
            Consent {
                changes: true,
                ..Consent::default()
            },
        )
        .await
        .unwrap();
        let row = "f9,v1,甲村,litter,轻微,第三方,2022/3/6 9:10\n";
        take(
            &store,
            "新.csv",
            &format!(
                "{}{row}",
                FINDINGS.lines().next().unwrap().to_owned() + "\n"
            ),
            Consent::default(),
        )
        .await
        .unwrap();
        let consent = Consent {
            changes: true,
            seen: Some(seen.fingerprint.clone()),
            ..Consent::default()
        };
        let later = format!("{text}f10,v1,甲村,litter,轻微,第三方,2022/3/7 9:10\n");
        assert_eq!(
            refusal(take(&store, "更正.csv", &later, consent.clone()).await),
            "evidence-moved-on"
        );
        take(&store, "更正.csv", &text, consent).await.unwrap();
        let row = store
            .evidence_row("town", "findings", "f2")
            .await
            .unwrap()
            .unwrap();
        assert_eq!((row[3].as_str(), row[6].as_str()), ("b", "general"));
    })
    .await;
}

#[tokio::test]
async fn nothing_is_taken_after_others_changed_the_evidence() {
    on_both(async |home| {
        let store = home.open().await;
        town(&store).await;
        let late = store
            .take_import(at(100), "yi", "town", 0, vec![], Taking::default())
            .await;
        assert_eq!(refusal(late), "evidence-moved-on");
    })
    .await;
}

#[tokio::test]
async fn several_files_are_one_import_with_their_photos() {
    on_both(async |home| {
        let store = home.open().await;
        round::adopt_scheme(&store, at(1), "yi", SCHEME)
            .await
            .unwrap();
        let photo = picture();
        let digest = digest(&photo);
        let header = FINDINGS.lines().next().unwrap();
        let findings = format!(
            "{header},照片摘要\nf1,v1,甲村,litter,轻微,第三方,2022/3/5 9:10,{}\n",
            digest.to_uppercase()
        );
        let files = |photo: Option<Vec<u8>>| {
            let mut files = vec![
                Handed::new("f.csv", findings.clone()),
                Handed::new("v.csv", VISITS),
                Handed::new("u.csv", UNITS),
            ];
            files.extend(photo.map(|bytes| Handed::new("1.png", bytes)));
            files
        };
        let seen = import(&store, files(None), &march()).await.unwrap();
        assert_eq!(
            faults(&seen),
            [" 0: warning evidence-photos-missing{count=1} «»"]
        );
        let mut broken = photo.clone();
        broken.truncate(40);
        assert_eq!(
            refusal(import(&store, files(Some(broken)), &march()).await),
            "evidence-not-a-photo{name=1.png}"
        );

        let taken = accept(
            &store,
            at(2),
            "yi",
            files(Some(photo)),
            &march(),
            &Consent::default(),
        )
        .await
        .unwrap();
        assert_eq!(faults(&taken), Vec::<String>::new());
        assert_eq!(
            counts(&taken),
            [
                ("units", 3, 0, 0),
                ("visits", 1, 0, 0),
                ("findings", 1, 0, 0),
                ("photos", 1, 0, 0)
            ]
        );
        // What is shown is a copy; the file itself goes out with the evidence.
        assert_eq!(
            store.photo(&digest).await.unwrap().unwrap().media_type,
            "image/jpeg"
        );
        let names: Vec<_> = store
            .imports("town")
            .await
            .unwrap()
            .into_iter()
            .map(|(_, _, file)| (file.name, file.kind))
            .collect();
        assert!(
            names.contains(&("f.csv".into(), "findings".into())) && names.len() == 4,
            "{names:?}"
        );
    })
    .await;
}

fn picture() -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    image::RgbImage::from_pixel(8, 8, image::Rgb([9, 120, 40]))
        .write_to(&mut bytes, image::ImageFormat::Png)
        .unwrap();
    bytes.into_inner()
}

/// A photo of a phone that says where and when it was taken.
const SAYS_MUCH: &[u8] = include_bytes!("../photos/gps_bus_street.jpg");

#[tokio::test]
async fn what_a_photo_says_of_itself_stays_with_its_original() {
    on_both(async |home| {
        let store = home.open().await;
        town(&store).await;
        let says_much = |bytes: &[u8]| bytes.windows(4).any(|part| part == b"Exif");
        assert!(says_much(SAYS_MUCH));
        let digest = digest(SAYS_MUCH);
        let header = FINDINGS.lines().next().unwrap();
        let findings =
            format!("{header},照片摘要\nf1,v1,甲村,litter,轻微,第三方,2022/3/5 9:10,{digest}\n");
        let handed = || {
            vec![
                Handed::new("f.csv", findings.clone()),
                Handed::new("v.csv", VISITS),
                Handed::new("u.csv", UNITS),
                Handed::new("1.jpg", SAYS_MUCH),
            ]
        };
        let all = Consent::default();
        accept(&store, at(2), "yi", handed(), &march(), &all)
            .await
            .unwrap();
        let shown = std::fs::read(store.photo_path(&digest)).unwrap();
        assert!(!says_much(&shown) && image::load_from_memory(&shown).is_ok());
        let known = store.photo(&digest).await.unwrap().unwrap();
        assert_eq!(known.length, shown.len() as i64);

        let went_out = export(&store, "town", "2022-03".parse().unwrap(), true)
            .await
            .unwrap();
        let name = format!("photos/{digest}.jpg");
        let file = went_out.files.iter().find(|(path, _)| *path == name);
        assert_eq!(file.unwrap().1, SAYS_MUCH);

        // A store in which an earlier version has put the file itself where everybody looks.
        std::fs::remove_file(store.original_path(&digest)).unwrap();
        std::fs::write(store.photo_path(&digest), SAYS_MUCH).unwrap();
        for _ in 0..2 {
            part_originals(&store).await.unwrap();
            assert_eq!(std::fs::read(store.photo_path(&digest)).unwrap(), shown);
            assert_eq!(
                std::fs::read(store.original_path(&digest)).unwrap(),
                SAYS_MUCH
            );
        }

        // A picture that was cut off is said to be, instead of being taken with a grey end.
        let mut cut = SAYS_MUCH.to_vec();
        cut.truncate(SAYS_MUCH.len() - 200);
        let handed = vec![Handed::new("2.jpg", cut)];
        assert_eq!(
            refusal(import(&store, handed, &march()).await),
            "evidence-not-a-photo{name=2.jpg}"
        );
    })
    .await;
}

#[tokio::test]
async fn a_unit_that_changes_keeps_its_past() {
    on_both(async |home| {
        let store = home.open().await;
        town(&store).await;
        let june = options(Some("2022-06"));
        let text = UNITS.replace("a,甲村", "a,新甲村");
        let consent = Consent { changes: true, ..Consent::default() };
        accept(&store, at(200), "yi", vec![Handed::new("units.csv", text.clone())], &june, &consent).await.unwrap();
        let spans: Vec<_> = store
            .units()
            .await
            .unwrap()
            .into_iter()
            .filter(|unit| unit.code == "a")
            .map(|unit| (unit.name, unit.valid_from, unit.valid_to))
            .collect();
        assert_eq!(
            spans,
            [
                ("甲村".to_owned(), "2022-03".to_owned(), Some("2022-05".to_owned())),
                ("新甲村".to_owned(), "2022-06".to_owned(), None),
            ]
        );
        let again = import(&store, vec![Handed::new("units.csv", text)], &june).await.unwrap();
        assert!(!again.brings_something());
        let before = "id,unit,at\nv7,a,2022-02-10 09:00\n";
        let seen = import(&store, vec![Handed::new("visits.csv", before)], &options(None)).await.unwrap();
        assert_eq!(
            faults(&seen),
            ["visits.csv 2:unit fault evidence-unit-not-valid{unit=a,month=2022-02} «2022-02-10T09:00»"]
        );
    })
    .await;
}

#[tokio::test]
async fn measures_results_boards_and_areas_come_in_too() {
    on_both(async |home| {
        let store = home.open().await;
        town(&store).await;
        let unit = "code,name,kind\n421202000000,咸安区,county\n";
        take(&store, "units.csv", unit, Consent::default()).await.unwrap();
        let square = "[[[114.3,29.8],[114.4,29.8],[114.4,29.9],[114.3,29.8]]]";
        let area = format!(
            "{{\"type\":\"FeatureCollection\",\"features\":[{{\"type\":\"Feature\",\"properties\":{{\"unit\":\"咸安区\",\"from\":\"2022-01\"}},\"geometry\":{{\"type\":\"Polygon\",\"coordinates\":{square}}}}}]}}"
        );
        let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/boards");
        let shares = std::fs::read_to_string(data.join("shares.csv")).unwrap();
        let files = [
            ("measures.csv", "key,unit,value\nsatisfaction,甲村,94.68\n", "measures", 1),
            ("results.csv", "series,month,name,unit,value\ntown,2022-02,field,甲村,1405/15\n", "results", 1),
            ("shares.csv", shares.as_str(), "boards", 3),
            ("area.geojson", area.as_str(), "areas", 1),
        ];
        for (name, text, kind, new) in files {
            let taken = take(&store, name, text, Consent::default()).await.unwrap();
            assert_eq!(counts(&taken), [(kind, new, 0, 0)], "{name}");
            let again = look(&store, name, text).await;
            assert_eq!(counts(&again), [(kind, 0, 0, new)], "{name}");
        }
        let results = store.results(&[("town".into(), "field".into())], "2022-03".parse().unwrap()).await.unwrap();
        assert_eq!((results[0].unit.as_str(), results[0].value.to_exact_text().as_str()), ("a", "281/3"));
        assert_eq!(store.areas_in("2022-05".parse().unwrap()).await.unwrap()[0].unit, "421202000000");
        let boards = store.boards("town").await.unwrap();
        let red = boards.iter().find(|board| board.name == "shares:red_property").unwrap();
        assert!(red.body.contains("16.42%") && red.body.contains("156 ÷ 727 是 21.46%"), "{}", red.body);
    })
    .await;
}

#[tokio::test]
async fn months_that_do_not_hold_are_refused() {
    on_both(async |home| {
        let store = home.open().await;
        let units = || vec![Handed::new("units.csv", UNITS)];
        assert_eq!(
            refusal(import(&store, units(), &options(None)).await),
            "evidence-month-needed"
        );
        town(&store).await;
        let later = import(
            &store,
            vec![Handed::new("visits.csv", VISITS)],
            &options(Some("2023-01")),
        )
        .await;
        assert_eq!(
            refusal(later),
            "evidence-no-scheme-holds{series=town,month=2023-01}"
        );
        let broken = import(&store, vec![Handed::new("a.csv", "x,y\n1,2\n")], &march()).await;
        assert_eq!(refusal(broken), "evidence-kind-unknown{name=a.csv}");
    })
    .await;
}

#[tokio::test]
async fn what_was_taken_is_made_again_from_the_acts() {
    on_both(async |home| {
        let store = home.open().await;
        town(&store).await;
        take(&store, "问题.csv", FINDINGS, Consent::default())
            .await
            .unwrap();
        take(
            &store,
            "results.csv",
            "series,month,name,unit,value\ntown,2022-02,field,a,90\n",
            Consent::default(),
        )
        .await
        .unwrap();
        let again = crate::databases::Home::sqlite();
        let rebuilt = again.open().await;
        rebuilt.rebuild_from(&store).await.unwrap();
        for (kind, id) in [("findings", "f1"), ("visits", "v1")] {
            assert_eq!(
                rebuilt.evidence_row("town", kind, id).await.unwrap(),
                store.evidence_row("town", kind, id).await.unwrap()
            );
        }
        assert_eq!(rebuilt.units().await.unwrap(), store.units().await.unwrap());
        assert_eq!(look(&rebuilt, "问题.csv", FINDINGS).await.counts[0].same, 2);
    })
    .await;
}

#[tokio::test]
async fn an_exported_round_is_computed_again_by_strangers() {
    on_both(async |home| {
        let store = home.open().await;
        town(&store).await;
        take(&store, "问题.csv", FINDINGS, Consent::default())
            .await
            .unwrap();
        let month = "2022-03".parse().unwrap();
        let open = export(&store, "town", month, false).await.unwrap();
        round::open(&store, at(150), "yi", "town", month)
            .await
            .unwrap();
        round::freeze(&store, at(151), "yi", "town", month)
            .await
            .unwrap();
        // What comes after the freeze does not change what was frozen.
        let more = format!("{FINDINGS}f3,v1,甲村,litter,轻微,第三方,2022/3/8 9:10\n");
        let seen = take(&store, "问题.csv", &more, Consent::default())
            .await
            .unwrap();
        assert_eq!(
            faults(&seen),
            [" 0: warning evidence-month-closed{month=2022-03} «»"]
        );
        let frozen = export(&store, "town", month, true).await.unwrap();
        assert_eq!(
            (&frozen.digest, &frozen.assessment),
            (&open.digest, &open.assessment)
        );
        let names: Vec<&str> = frozen.files.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(&names[7..], ["scheme.toml", "round.txt"]);

        let folder = tempfile::tempdir().unwrap();
        for (name, bytes) in &frozen.files {
            std::fs::write(folder.path().join(name), bytes).unwrap();
        }
        let assessed = std::process::Command::new(env!("CARGO_BIN_EXE_yuekao"))
            .args(["assess", "--format", "json"])
            .arg(folder.path())
            .output()
            .unwrap();
        let said: serde_json::Value = serde_json::from_slice(&assessed.stdout).unwrap();
        assert_eq!(said["digest"].as_str(), frozen.assessment.as_deref());

        let other = crate::databases::Home::sqlite();
        let other = other.open().await;
        round::adopt_scheme(&other, at(1), "yi", SCHEME)
            .await
            .unwrap();
        let packed = vec![Handed::new("2022-03.zip", frozen.zip().unwrap())];
        accept(&other, at(2), "yi", packed, &march(), &Consent::default())
            .await
            .unwrap();
        assert_eq!(
            export(&other, "town", month, false).await.unwrap().digest,
            frozen.digest
        );
    })
    .await;
}

#[test]
fn the_command_line_shows_takes_and_writes() {
    let home = crate::databases::Home::sqlite();
    let place = |name: &str| home.folder().join(name).display().to_string();
    std::fs::write(place("town.toml"), SCHEME).unwrap();
    std::fs::write(place("units.csv"), UNITS).unwrap();
    std::fs::write(place("visits.csv"), VISITS).unwrap();
    std::fs::write(
        place("f.csv"),
        format!("{FINDINGS}f3,v9,甲村,litter,轻微,第三方,2022/3/8 9:10\n"),
    )
    .unwrap();
    let yuekao = |args: &[&str]| {
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_yuekao"))
            .args(args)
            .env("YUEKAO_DATA", home.folder())
            .env_remove("YUEKAO_DATABASE")
            .output()
            .unwrap();
        let said =
            String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap();
        (output.status.code().unwrap(), said)
    };
    let files = [place("f.csv"), place("visits.csv"), place("units.csv")];
    let import = |more: &[&str]| {
        let mut args = vec!["import", "--month", "2022-03"];
        args.extend(files.iter().map(String::as_str));
        args.extend(more);
        yuekao(&args)
    };
    assert_eq!(yuekao(&["adopt", &place("town.toml")]).0, 0);
    let (code, said) = import(&["--dry-run"]);
    assert_eq!(code, 2, "{said}");
    assert!(
        said.contains("× f.csv 第 4 行“检查编号”列“v9”：没有编号为“v9”的检查"),
        "{said}"
    );
    let (code, said) = import(&[]);
    assert!(code == 2 && said.contains("有 1 处错误，未导入"), "{said}");
    let (code, said) = import(&["--accept-rest", "--format", "json"]);
    assert_eq!(code, 0, "{said}");
    let preview: serde_json::Value = serde_json::from_str(&said).unwrap();
    assert_eq!(preview["faults"][0]["row"], 4);
    let (_, said) = import(&["--accept-rest"]);
    assert!(
        said.contains("问题：新增 0，变动 0，相同 2") && said.contains("没有变动"),
        "{said}"
    );

    let out = place("2022-03");
    let (code, said) = yuekao(&["export", "2022-03", "--series", "town", "-o", &out]);
    assert_eq!(code, 0, "{said}");
    let (code, said) = yuekao(&["export", "2022-03", "--series", "town", "-o", &out]);
    assert!(code == 1 && said.contains("已存在"), "{said}");
    let round = std::fs::read_to_string(home.folder().join("2022-03/round.txt")).unwrap();
    let (_, said) = yuekao(&["assess", &out, "--format", "json"]);
    let digest = serde_json::from_str::<serde_json::Value>(&said).unwrap()["digest"]
        .as_str()
        .unwrap()
        .to_owned();
    assert!(round.contains(&format!("assessment {digest}\n")), "{round}");
    for name in ["a.zip", "a.xlsx"] {
        assert_eq!(
            yuekao(&["export", "2022-03", "--series", "town", "-o", &place(name)]).0,
            0
        );
    }
    let (code, _) = yuekao(&["template", "--lang", "en", "-o", &place("t.xlsx")]);
    assert_eq!(code, 0);
    let (code, said) = yuekao(&[
        "import",
        "--month",
        "2022-03",
        &place("t.xlsx"),
        "--lang",
        "en",
    ]);
    assert!(
        code == 2 && said.contains("the template is not filled in"),
        "{said}"
    );
    let (code, said) = yuekao(&["import", "--month", "2022-03", &place("a.zip")]);
    assert!(code == 0 && said.contains("没有变动"), "{said}");
}
