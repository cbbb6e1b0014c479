//! From the phone to the evidence: what inspectors hand in is kept whatever happens, is seen by nobody
//! but their agency, and counts once somebody has looked at it.

use std::path::Path;

use assessment::case::life::Kind;
use assessment::case::rates::Period;
use jiff::Timestamp;
use reqwest::StatusCode;
use serde_json::{Value, json};
use yuekao::casework::{self, Ask};
use yuekao::field::darkroom::develop_waiting;
use yuekao::field::photo;
use yuekao::round;
use yuekao::store::Store;
use yuekao::store::account::Duty;
use yuekao::store::case::NewCase;
use yuekao::store::case::list::CaseFilter;
use yuekao::store::case::rates::By;
use yuekao::store::evidence::EvidenceRow;
use yuekao::store::field::{Looked, Received, Sight};
use yuekao::store::field_photo::{Behind, Hand};
use yuekao::store::grid::GridRow;
use yuekao::store::unit::UnitRow;
use yuekao::viewer::{Role, Viewer};

use crate::databases::{Home, on_both};
use crate::town::{Answer, PASSWORD, Town, Visitor};

const PHONE: &str = "5f1d1a52-6a0e-4c59-9a43-2f8f4f1f0c01";
pub const VISIT: &str = "5f1d1a52-6a0e-4c59-9a43-2f8f4f1f0c02";

fn project(path: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .join(path)
}

pub fn picture(name: &str) -> Vec<u8> {
    std::fs::read(
        Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("tests/photos")
            .join(name),
    )
    .unwrap()
}

/// An id by its last two characters.
pub fn id(last: &str) -> String {
    format!("0b9f3a52-6a0e-4c59-9a43-2f8f4f1f0c{last}")
}

/// A town whose rules are adopted, with a site that was drawn and released to the inspector, and an
/// inspector of another agency with one of his own.
pub async fn town(home: &Home) -> Town {
    let town = Town::founded(home).await;
    let (store, now) = (&town.store, town.clock.now());
    let read = |path| std::fs::read_to_string(project(path)).unwrap();
    round::adopt_standard(store, now, "host", &read("standards/xianning-2021.toml"))
        .await
        .unwrap();
    round::adopt_scheme(store, now, "host", &read("schemes/xianning/2022.toml"))
        .await
        .unwrap();
    let hash = yuekao::password::hash(PASSWORD);
    for (login, role) in [
        ("rival", Role::Inspector),
        ("rival-reviewer", Role::Reviewer),
    ] {
        let duty = Duty::new(login, role, Some("agency-b")).unwrap();
        store
            .create_account(now, "console", login, duty, Some(hash.clone()), false)
            .await
            .unwrap();
    }
    let site = EvidenceRow {
        kind: "sites".into(),
        id: "S1".into(),
        unit: "421202000000".into(),
        starts_at: 0,
        ends_at: i64::MAX,
        cells: [
            "S1",
            "421202000000",
            "桂花路",
            "main-road",
            "900",
            "114.321717",
            "29.836616",
        ]
        .map(str::to_owned)
        .to_vec(),
    };
    store
        .take_evidence(now, "host", "xianning", vec![site], None)
        .await
        .unwrap();
    assignment(store, "A1", "S1", Some("inspector")).await;
    assignment(store, "B1", "S2", Some("rival")).await;
    assignment(store, "N1", "S3", None).await;
    plan(store, "streets", "2022-03", "agency-b").await;
    town.alter("UPDATE assignment SET series = 'streets' WHERE id = 'B1'")
        .await;
    town
}

/// A plan that an agency carries out.
pub async fn plan(store: &Store, series: &'static str, month: &'static str, agency: &'static str) {
    let drawn = store.write(move |tx| {
        Box::pin(async move {
            sqlx::query(
                "INSERT INTO plan (series, month, agency, seed, frame_digest, drawn_at, body)
                 VALUES ($1, $2, $3, '', '', 1, '{}') ON CONFLICT DO NOTHING",
            )
            .bind(series)
            .bind(month)
            .bind(agency)
            .execute(tx.conn())
            .await?;
            Ok(())
        })
    });
    drawn.await.unwrap();
}

/// What the plan would have drawn and released.
pub async fn assignment(
    store: &Store,
    id: &'static str,
    site: &'static str,
    inspector: Option<&'static str>,
) {
    plan(store, "xianning", "2022-03", "agency-a").await;
    store
        .write(move |tx| {
            Box::pin(async move {
                sqlx::query(
                    "INSERT INTO assignment (id, series, month, site, unit, stratum, ticket, place, inspector, day, released_at, state)
                     VALUES ($1, 'xianning', '2022-03', $2, '421202000000', 'main-road', $1, 1, $3, '2022-03-31', $4, $5)",
                )
                .bind(id)
                .bind(site)
                .bind(inspector)
                .bind(inspector.map(|_| 1_i64))
                .bind(if inspector.is_some() { "released" } else { "drawn" })
                .execute(tx.conn())
                .await?;
                Ok(())
            })
        })
        .await
        .unwrap();
}

async fn post_json(visitor: &Visitor, path: &str, body: &Value) -> Answer {
    let token = visitor.token().await;
    let request = visitor
        .client
        .post(format!("{}{path}", visitor.site))
        .header("x-form-token", token)
        .header("accept", "application/json")
        .header("content-type", "application/json")
        .body(body.to_string());
    Answer::of(request.send().await.unwrap()).await
}

pub async fn upload(visitor: &Visitor, path: &str, bytes: Vec<u8>) -> Answer {
    let token = visitor.token().await;
    let request = visitor
        .client
        .post(format!("{}{path}", visitor.site))
        .header("x-form-token", token)
        .header("accept", "application/json")
        .body(bytes);
    Answer::of(request.send().await.unwrap()).await
}

/// Hands items in and returns what was said about each.
pub async fn hand_in(visitor: &Visitor, sent_at: i64, items: &[Value]) -> Vec<String> {
    let parcel = json!({ "phone": PHONE, "sent_at": sent_at, "items": items });
    let answer = post_json(visitor, "/field/items", &parcel).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    let said: Value = serde_json::from_str(&answer.text).unwrap();
    let words = |one: &Value| {
        let why = one["why"]
            .as_str()
            .map_or(String::new(), |why| format!(": {why}"));
        format!("{}{why}", one["answer"].as_str().unwrap())
    };
    said["answers"]
        .as_array()
        .unwrap()
        .iter()
        .map(words)
        .collect()
}

pub fn item(id: &str, number: i64, kind: &str, made_at: i64, content: Value) -> Value {
    json!({ "id": id, "number": number, "kind": kind, "made_at": made_at, "content": content })
}

pub fn of_visit(assignment: &str, more: Value) -> Value {
    let mut content = json!({ "assignment": assignment, "visit": VISIT, "rules": "xianning-2022" });
    for (name, value) in more.as_object().unwrap() {
        content[name] = value.clone();
    }
    content
}

pub fn observation(id: &str, number: i64, made_at: i64, photos: &[&str]) -> Value {
    let content = of_visit(
        "A1",
        json!({
            "indicator": "litter-on-road", "severity": "general", "value": "9", "place": "路口东侧", "photos": photos,
            "position": { "lng": 1_143_217_200_i64, "lat": 298_366_200_i64, "accuracy_m": 8, "at": made_at },
        }),
    );
    item(id, number, "observation", made_at, content)
}

async fn count(store: &Store, table: &'static str) -> i64 {
    let text = format!("SELECT count(*) FROM {table}");
    sqlx::query_scalar(sqlx::AssertSqlSafe(text))
        .fetch_one(store.reading())
        .await
        .unwrap()
}

pub fn now(town: &Town) -> i64 {
    town.clock.now().as_millisecond()
}

#[tokio::test]
async fn what_is_sent_twice_arrives_once_and_what_differs_is_kept_beside_it() {
    on_both(async |home| {
        let town = town(home).await;
        let inspector = town.signed_in("inspector").await;
        let at = now(&town);
        let first = observation(&id("01"), 1, at, &[]);
        assert_eq!(hand_in(&inspector, at, &[first.clone()]).await, ["taken"]);
        assert_eq!(
            hand_in(&inspector, at + 5000, &[first.clone(), first.clone()]).await,
            ["known", "known"]
        );

        // The same content, written in another order, is the same content.
        let mut turned = serde_json::Map::new();
        let content = first["content"].as_object().unwrap();
        for (name, value) in content.iter().rev() {
            turned.insert(name.clone(), value.clone());
        }
        let mut again = first.clone();
        again["content"] = Value::Object(turned);
        assert_eq!(hand_in(&inspector, at, &[again]).await, ["known"]);

        let mut other = first.clone();
        other["content"]["severity"] = "serious".into();
        let conflict =
            "conflict: 同一编号已收到过内容不同的记录。两份都已保存，请告知第三方审核员核对。";
        assert_eq!(
            hand_in(&inspector, at, &[other.clone(), other.clone()]).await,
            [conflict, conflict]
        );
        assert_eq!(hand_in(&inspector, at, &[first]).await, ["known"]);
        assert_eq!(count(&town.store, "every_item").await, 2);
        assert_eq!(count(&town.store, "observation").await, 1);

        // Somebody else's item with the same id does not tell what is there.
        let rival = town.signed_in("rival").await;
        let mut theirs = observation(&id("01"), 1, at, &[]);
        theirs["content"]["assignment"] = "B1".into();
        assert_eq!(hand_in(&rival, at, &[theirs]).await, [conflict]);
        let reviewer = town.signed_in("reviewer").await;
        let odd = reviewer.get("/desk/review/phones").await;
        assert!(
            odd.text.contains("&#34;serious&#34;")
                && odd.text.contains("先收到的内容")
                && odd.text.contains("<summary>问题</summary>"),
            "{}",
            odd.text
        );
    })
    .await;
}

#[tokio::test]
async fn a_broken_item_spoils_no_other_and_is_kept_with_a_sentence() {
    on_both(async |home| {
        let town = town(home).await;
        let inspector = town.signed_in("inspector").await;
        let at = now(&town);
        let with = |number: i64, last: &str, name: &str, value: Value| {
            let mut one = observation(&id(last), number, at, &[]);
            one["content"][name] = value;
            one
        };
        let items = [
            observation("1", 1, at, &[]),
            item(&id("02"), 2, "hint\u{0}", at, json!({})),
            with(3, "03", "assignment", "B1".into()),
            with(4, "04", "assignment", "N1".into()),
            with(5, "05", "indicator", "no-such".into()),
            with(6, "06", "value", "-3".into()),
            with(7, "07", "photos", json!(["../../etc/passwd"])),
            item(&id("08"), 0, "note", at, json!({ "text": "雨" })),
            json!("nothing"),
            with(10, "10", "place", "公厕\u{0}旁".into()),
        ];
        let said = hand_in(&inspector, at, &items).await;
        let sentences = [
            "refused: 记录编号“1”",
            "refused: 不认识的记录类别“hint”",
            "refused: 任务“B1”没有发放给您",
            "refused: 任务“N1”没有发放给您",
            "refused: 指标库中没有“no-such”",
            "refused: 测量值“-3”",
            "refused: 记录中的“photos”",
            "refused: 手机流水号“0”",
            "refused: 记录编号“”",
            "taken",
        ];
        for (said, begins) in said.iter().zip(sentences) {
            assert!(said.starts_with(begins), "{said} / {begins}");
        }
        assert_eq!(
            count(&town.store, "every_item").await,
            10,
            "all of it is kept"
        );
        assert_eq!(count(&town.store, "observation").await, 1);

        let numbers: i64 =
            sqlx::query_scalar("SELECT CAST(sum(numbers) AS BIGINT) FROM field_phone")
                .fetch_one(town.store.reading())
                .await
                .unwrap();

        // Once the task is released to him, the same item is usable.
        let release =
            "UPDATE assignment SET inspector = 'inspector', released_at = 1 WHERE id = 'N1'";
        town.alter(release).await;
        assert_eq!(hand_in(&inspector, at, &items[3..4]).await, ["taken"]);
        assert_eq!(hand_in(&inspector, at, &items[3..4]).await, ["known"]);
        assert_eq!(count(&town.store, "every_item").await, 10);
        let again: i64 = sqlx::query_scalar("SELECT CAST(sum(numbers) AS BIGINT) FROM field_phone")
            .fetch_one(town.store.reading())
            .await
            .unwrap();
        assert_eq!(again, numbers, "its number was counted when it came first");

        for parcel in [
            json!([]),
            json!({ "phone": "x", "sent_at": 1, "items": [] }),
            json!({ "phone": PHONE }),
        ] {
            let answer = post_json(&inspector, "/field/items", &parcel).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{parcel}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_phone_that_is_three_days_slow_loses_nothing_and_gaps_in_its_numbers_show() {
    on_both(async |home| {
        let town = town(home).await;
        let inspector = town.signed_in("inspector").await;
        let real = now(&town);
        let slow = real - 3 * 86_400_000;
        let started = item(
            &id("01"),
            1,
            "visit_started",
            slow - 3_600_000,
            of_visit("A1", json!({})),
        );
        // Number 3 comes before the visit has been told, 2 and 4 to 6 do not come at all.
        let said = hand_in(
            &inspector,
            slow,
            &[
                observation(&id("03"), 3, slow - 1_800_000, &[]),
                item(
                    &id("07"),
                    7,
                    "note",
                    2_147_483_648_000,
                    json!({ "text": "2038" }),
                ),
            ],
        )
        .await;
        assert_eq!(said, ["taken", "taken"]);
        assert_eq!(hand_in(&inspector, slow, &[started]).await, ["taken"]);
        let one = town
            .store
            .observation(Sight::All, &id("03"))
            .await
            .unwrap()
            .unwrap();
        assert_eq!(
            one.found_at,
            Timestamp::from_millisecond(real - 1_800_000).unwrap()
        );
        let visit = town
            .store
            .visit_record(Sight::All, VISIT)
            .await
            .unwrap()
            .unwrap();
        assert_eq!(
            visit.started_at,
            Timestamp::from_millisecond(real - 3_600_000).unwrap()
        );
        let phones = town.store.phones(Sight::Agency("agency-a")).await.unwrap();
        assert_eq!(phones[0].gaps, [(2, 2), (4, 6)]);
        let reviewer = town.signed_in("reviewer").await;
        let page = reviewer.get("/desk/review/phones").await;
        assert!(
            page.text.contains("2、4–6") && page.text.contains("慢 3 天"),
            "{}",
            page.text
        );
    })
    .await;
}

#[tokio::test]
async fn a_photo_is_kept_as_it_came_and_everybody_else_sees_a_copy_without_metadata() {
    on_both(async |home| {
        let town = town(home).await;
        let inspector = town.signed_in("inspector").await;
        let bytes = picture("xianan_orient6.jpg");
        let digest = yuekao::store::digest(&bytes);
        let path = format!("/field/photos/{digest}");
        assert!(
            inspector
                .get_json(&path)
                .await
                .text
                .contains("\"original\":false")
        );

        let mut wrong = bytes.clone();
        wrong[2000] ^= 1;
        let refused = upload(&inspector, &path, wrong).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.text.contains("与其摘要不符"), "{}", refused.text);
        let lie = picture("not_an_image.jpg");
        let lie_path = format!("/field/photos/{}", yuekao::store::digest(&lie));
        let refused = upload(&inspector, &lie_path, lie).await;
        assert!(
            refused.text.contains("不是 JPEG、PNG 或 HEIC"),
            "{}",
            refused.text
        );
        let large = upload(&inspector, &path, vec![0xff; (30 << 20) + 1]).await;
        assert_eq!(
            large.status,
            StatusCode::PAYLOAD_TOO_LARGE,
            "{}",
            large.text
        );
        assert_eq!(count(&town.store, "field_photo").await, 0);
        let left = std::fs::read_dir(home.folder().join("incoming")).map_or(0, Iterator::count);
        assert_eq!(left, 0, "nothing is left of what was refused");

        let early = upload(
            &inspector,
            &format!("{path}/preview"),
            picture("no_exif.jpg"),
        )
        .await;
        assert!(early.text.contains("请先发送照片原件"), "{}", early.text);
        for _ in 0..2 {
            let taken = upload(&inspector, &path, bytes.clone()).await;
            assert_eq!(taken.status, StatusCode::OK, "{}", taken.text);
        }
        develop_waiting(&town.store, &town.clock).await.unwrap();
        assert_eq!(
            std::fs::read(town.store.original_path(&digest)).unwrap(),
            bytes
        );
        let photo = town
            .store
            .field_photo(Sight::All, &digest)
            .await
            .unwrap()
            .unwrap();
        assert_eq!(
            (photo.state.as_str(), photo.size),
            ("ready", Some((444, 520)))
        );
        let copy = std::fs::read(town.store.photo_path(&digest)).unwrap();
        assert!(copy.starts_with(&[0xff, 0xd8]) && !copy.windows(4).any(|part| part == b"Exif"));
        assert!(town.store.photo(&digest).await.unwrap().is_some());

        // The agency, host and auditor see it; the unit, the other agency and the inspector do not.
        let path = format!("/desk/review/photos/{digest}/original");
        for (login, sees) in [
            ("reviewer", true),
            ("agency", true),
            ("host", true),
            ("auditor", true),
            ("unit", false),
            ("rival-reviewer", false),
            ("inspector", false),
            ("leader", false),
            ("administrator", false),
        ] {
            let answer = town.signed_in(login).await.get(&path).await;
            assert_eq!(
                answer.status == StatusCode::OK,
                sees,
                "{login}: {}",
                answer.status
            );
        }
        let rival = town.signed_in("rival").await;
        let asked = rival.get_json(&format!("/field/photos/{digest}")).await;
        assert!(asked.text.contains("\"original\":false"), "{}", asked.text);
    })
    .await;
}

#[tokio::test]
async fn pictures_that_cannot_be_shown_say_so_and_stop_nothing() {
    let home = Home::sqlite();
    let town = town(&home).await;
    let inspector = town.signed_in("inspector").await;
    let send = async |bytes: Vec<u8>| {
        let digest = yuekao::store::digest(&bytes);
        let taken = upload(&inspector, &format!("/field/photos/{digest}"), bytes).await;
        assert_eq!(taken.status, StatusCode::OK, "{}", taken.text);
        digest
    };
    // A real one: its bytes stay as they are, and what the file says of itself is read without decoding it.
    let iphone = send(picture("gps_iphone.heic")).await;
    let original = std::fs::read(town.store.original_path(&iphone)).unwrap();
    assert!(original == picture("gps_iphone.heic"));
    let mut flood = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".to_vec();
    flood.extend([
        0, 0, 0xea, 0x60, 0, 0, 0xea, 0x60, 8, 2, 0, 0, 0, 0xb0, 0x1b, 0x21, 0x5e,
    ]);
    let heic = send(picture("corrupt.heic")).await;
    let flood = send(flood).await;
    let truncated = send(picture("truncated.jpg")).await;
    develop_waiting(&town.store, &town.clock).await.unwrap();
    let state = async |digest: &str| {
        let photo = town
            .store
            .field_photo(Sight::All, digest)
            .await
            .unwrap()
            .unwrap();
        (photo.state, photo.reason.unwrap_or_default())
    };
    assert_eq!(
        state(&heic).await,
        ("no_preview".into(), "no-preview".into())
    );
    assert_eq!(state(&flood).await.0, "no_preview");
    assert_ne!(state(&truncated).await.0, "waiting");

    let told = town.store.field_photo(Sight::All, &iphone).await.unwrap();
    let told = told.unwrap();
    let taken = "2020-05-04T18:39:11+08:00".parse().unwrap();
    assert_eq!(told.place, Some((1_062_431_050, 472_071_240)));
    assert_eq!(
        (told.taken_at, told.state.as_str()),
        (Some(taken), "no_preview")
    );

    // A phone that cannot decode it either says so: nobody waits for its preview.
    let reviewer = town.signed_in("reviewer").await;
    let at = now(&town);
    hand_in(&inspector, at, &[observation(&id("01"), 1, at, &[&heic])]).await;
    let page = reviewer.get(&format!("/desk/review/{}", id("01"))).await;
    assert!(page.text.contains("等待手机预览"), "{}", page.text);
    let mut other = picture("corrupt.heic");
    other.push(0);
    let without = yuekao::store::digest(&other);
    let request = inspector
        .client
        .post(format!("{}/field/photos/{without}", inspector.site))
        .header("x-form-token", inspector.token().await)
        .header("x-preview", "none")
        .body(other);
    assert_eq!(request.send().await.unwrap().status(), StatusCode::OK);
    develop_waiting(&town.store, &town.clock).await.unwrap();
    hand_in(
        &inspector,
        at,
        &[observation(&id("02"), 2, at, &[&without])],
    )
    .await;
    let page = reviewer.get(&format!("/desk/review/{}", id("02"))).await;
    assert!(
        page.text.contains("手机无法生成预览，请下载原件"),
        "{}",
        page.text
    );

    // The phone's own preview stands in for what is not decoded here.
    let preview = upload(
        &inspector,
        &format!("/field/photos/{heic}/preview"),
        picture("no_exif.jpg"),
    )
    .await;
    assert_eq!(preview.status, StatusCode::OK, "{}", preview.text);
    develop_waiting(&town.store, &town.clock).await.unwrap();
    assert_eq!(state(&heic).await.0, "ready");
}

#[tokio::test]
async fn a_preview_that_comes_while_its_original_is_looked_at_is_looked_at_too() {
    on_both(async |home| {
        let town = town(home).await;
        let inspector = town.signed_in("inspector").await;
        let bytes = picture("corrupt.heic");
        let digest = yuekao::store::digest(&bytes);
        let path = format!("/field/photos/{digest}");
        upload(&inspector, &path, bytes).await;
        let waiting = town
            .store
            .next_to_develop(&Behind::default())
            .await
            .unwrap()
            .unwrap();
        let original = town.store.original_path(&digest);
        let looked = photo::develop(&original, &waiting.media_type, None).unwrap();
        let late = looked.clone();
        upload(
            &inspector,
            &format!("{path}/preview"),
            picture("no_exif.jpg"),
        )
        .await;
        town.store
            .keep_developed(town.clock.now(), &digest, looked)
            .await
            .unwrap();
        let state = async || {
            town.store
                .field_photo(Sight::All, &digest)
                .await
                .unwrap()
                .unwrap()
                .state
        };
        assert_eq!(state().await, "waiting");
        develop_waiting(&town.store, &town.clock).await.unwrap();
        assert_eq!(state().await, "ready");
        // The darkroom of another server on this database, which looked at it meanwhile, comes too late.
        let acts = town.store.last_act().await.unwrap();
        town.store
            .keep_developed(town.clock.now(), &digest, late)
            .await
            .unwrap();
        assert_eq!(town.store.last_act().await.unwrap(), acts);
        assert_eq!(state().await, "ready");
        let other = if home.url().is_some() {
            Home::sqlite()
        } else {
            Home::postgres()
        };
        let copy = other.open().await;
        copy.rebuild_from(&town.store).await.unwrap();
        assert_eq!(
            rows(&copy, "field_photo").await,
            rows(&town.store, "field_photo").await
        );
    })
    .await;
}

#[tokio::test]
async fn nobody_waits_at_the_desk_for_what_came_from_the_field() {
    on_both(async |home| {
        let town = town(home).await;
        let store = &town.store;
        let mut waiting = Behind::default();
        let mut order = Vec::new();
        let names = ["xianan_orient1.jpg", "xianan_orient6.jpg", "no_exif.jpg"];
        for (name, hand) in names.into_iter().zip([
            Hand::Agency {
                login: "inspector",
                agency: "agency-a",
            },
            Hand::Desk("dispatcher"),
            Hand::Citizen,
        ]) {
            town.clock.pass(1);
            let mut incoming = store.incoming();
            let bytes = picture(name);
            let mut rest = incoming.take(&bytes);
            while !rest.is_empty() {
                incoming.write().unwrap();
                rest = incoming.take(rest);
            }
            store
                .keep_original(town.clock.now(), hand, incoming, "image/jpeg", true)
                .await
                .unwrap();
        }
        // In their order, though none of them could be opened.
        while let Some(photo) = store.next_to_develop(&waiting).await.unwrap() {
            order.push(photo.digest.clone());
            waiting.put(photo);
        }
        let digests = names.map(|name| yuekao::store::digest(picture(name)));
        assert_eq!(order, [1, 2, 0].map(|index: usize| digests[index].clone()));
    })
    .await;
}

#[tokio::test]
async fn a_photo_whose_file_is_not_here_waits_and_holds_no_other_up() {
    on_both(async |home| {
        let town = town(home).await;
        let inspector = town.signed_in("inspector").await;
        let mut digests = Vec::new();
        for name in ["xianan_orient1.jpg", "xianan_orient6.jpg"] {
            let bytes = picture(name);
            digests.push(yuekao::store::digest(&bytes));
            upload(
                &inspector,
                &format!("/field/photos/{}", digests.last().unwrap()),
                bytes,
            )
            .await;
        }
        // As on a second server that does not share the folder.
        let (lost, away) = (
            town.store.original_path(&digests[0]),
            home.folder().join("away"),
        );
        std::fs::rename(&lost, &away).unwrap();
        let state = async |digest: &str| {
            town.store
                .field_photo(Sight::All, digest)
                .await
                .unwrap()
                .unwrap()
                .state
        };
        let missing = develop_waiting(&town.store, &town.clock).await.unwrap();
        assert_eq!(
            missing.into_iter().collect::<Vec<_>>(),
            [digests[0].clone()]
        );
        assert_eq!(state(&digests[0]).await, "waiting");
        assert_eq!(state(&digests[1]).await, "ready");
        std::fs::rename(&away, &lost).unwrap();
        assert!(
            develop_waiting(&town.store, &town.clock)
                .await
                .unwrap()
                .is_empty()
        );
        assert_eq!(state(&digests[0]).await, "ready");
    })
    .await;
}

#[tokio::test]
async fn the_review_accepts_rejects_and_links_and_what_it_accepts_is_evidence() {
    on_both(async |home| {
        let town = town(home).await;
        let inspector = town.signed_in("inspector").await;
        let at = now(&town);
        let (one, same) = (picture("xianan_orient1.jpg"), picture("xianan_orient3.jpg"));
        let digests = [&one, &same].map(yuekao::store::digest);
        for (digest, bytes) in digests.iter().zip([one, same]) {
            upload(&inspector, &format!("/field/photos/{digest}"), bytes).await;
        }
        develop_waiting(&town.store, &town.clock).await.unwrap();
        let items = [
            item(&id("01"), 1, "visit_started", at - 60_000, of_visit("A1", json!({}))),
            observation(&id("02"), 2, at - 50_000, &[&digests[0]]),
            observation(&id("03"), 3, at - 40_000, &[&digests[1]]),
            observation(&id("04"), 4, at - 30_000, &[]),
            item(&id("05"), 5, "visit_finished", at, of_visit("A1", json!({ "looked": ["litter-on-road"], "length_m": "900", "grades": { "toilet": "good" } }))),
        ];
        assert_eq!(hand_in(&inspector, at, &items).await, ["taken"; 5]);
        let odd = [
            item(&id("06"), 6, "note", at, json!({ "text": "雨\u{0}停\u{1}了" })),
            item(&id("07"), 7, "hint", at, json!({ "text": "雨\u{0}停\u{1}了" })),
        ];
        let said = hand_in(&inspector, at, &odd).await;
        assert!(said[0] == "taken" && said[1].starts_with("refused"), "{said:?}");
        assert_eq!(hand_in(&inspector, at, &odd[..1]).await, ["known"]);

        let reviewer = town.signed_in("reviewer").await;
        let list = reviewer.get("/desk/review").await;
        assert!(list.text.contains("桂花路") && list.text.contains("没有照片。"), "{}", list.text);
        let page = reviewer.get(&format!("/desk/review/{}", id("03"))).await;
        assert!(page.text.contains(&id("02")) && page.text.contains("照片相似"), "{}", page.text);

        let act = async |id: String, fields: &[(&str, &str)]| reviewer.post(&format!("/desk/review/{id}"), fields).await;
        assert_eq!(act(id("04"), &[("act", "reject"), ("reason", " ")]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(act(id("04"), &[("act", "reject"), ("reason", "没有照片")]).await.status, StatusCode::SEE_OTHER);
        let itself = act(id("03"), &[("act", "duplicate"), ("of", &id("03"))]).await;
        assert_eq!(itself.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(act(id("03"), &[("act", "duplicate"), ("of", &id("02"))]).await.status, StatusCode::SEE_OTHER);
        assert_eq!(act(id("02"), &[("act", "accept")]).await.status, StatusCode::SEE_OTHER);
        assert_eq!(act(id("02"), &[("act", "accept")]).await.status, StatusCode::UNPROCESSABLE_ENTITY, "once");

        let finding = town.store.evidence_row("xianning", "findings", &id("02")).await.unwrap().unwrap();
        assert!(finding.contains(&digests[0]) && finding.contains(&"114.32172".to_owned()), "{finding:?}");
        assert!(finding.contains(&"9 piece".to_owned()), "{finding:?}");
        let visit = town.store.evidence_row("xianning", "visits", VISIT).await.unwrap().unwrap();
        assert!(visit.contains(&"900".to_owned()) && visit.contains(&"toilet=good".to_owned()), "{visit:?}");
        for left in ["03", "04"] {
            assert_eq!(town.store.evidence_row("xianning", "findings", &id(left)).await.unwrap(), None);
        }
        assert_eq!(count(&town.store, "observation").await, 3, "nothing is deleted");

        // It is a case as well, of which nobody but the office and the auditor knows while the team may still be there.
        for (login, cases) in [("host", 1), ("auditor", 1), ("dispatcher", 0), ("unit", 0), ("leader", 0)] {
            let list = town.signed_in(login).await.get_json("/desk/cases").await;
            let list: Value = serde_json::from_str(&list.text).unwrap();
            assert_eq!(list["count"], cases, "{login}: {list}");
        }

        // Neither the evaluated nor another agency learn of any of it.
        for login in ["unit", "chief", "leader", "dispatcher", "administrator", "rival-reviewer"] {
            let somebody = town.signed_in(login).await;
            for path in ["/desk/review".to_owned(), format!("/desk/review/{}", id("02")), "/desk/review/phones".into()] {
                let answer = somebody.get(&path).await;
                assert!(!answer.text.contains("桂花路") && !answer.text.contains(PHONE.split('-').next().unwrap()), "{login} {path}");
            }
            let decided = somebody.post(&format!("/desk/review/{}", id("03")), &[("act", "reopen")]).await;
            assert_ne!(decided.status, StatusCode::SEE_OTHER, "{login}");
        }

        // Once it goes out, it counts for the agency that found it.
        town.clock.pass(10 * 3600);
        let (store, now) = (&town.store, town.clock.now());
        let county = crate::case::unit("421221", "嘉鱼县", "county", None);
        store.set_units(now, "console", vec![county]).await.unwrap();
        let of = |role| Viewer { role, ..Viewer::console() };
        let cases = store.cases(&of(Role::Host), now, &CaseFilter::default(), None, 1).await.unwrap();
        let case = &cases.rows[0];
        let practice = casework::Practice::of(store).await.unwrap();
        let condition = practice.conditions_of(&case.new.category).next().unwrap().id.clone();
        for (kind, ask) in [
            (Kind::Accept, Ask::default()),
            (Kind::Register, Ask { condition, ..Ask::default() }),
            (Kind::Dispatch, Ask { unit: "421221".into(), ..Ask::because("县管") }),
        ] {
            casework::act(store, now, &of(Role::Dispatcher), &case.id, kind, ask).await.unwrap();
        }
        let day = |text: &str| text.parse::<jiff::civil::Date>().unwrap().at(0, 0, 0, 0);
        let period = Period { from: day("2020-01-01"), to: day("2030-01-01") };
        let counted = store.case_rates(&of(Role::Host), now, period, By::Agency).await.unwrap();
        let counted: Vec<_> = counted.iter().map(|(agency, counts)| (agency.as_deref(), counts.load)).collect();
        assert_eq!(counted, [(Some("agency-a"), 1)]);

        // The tables can be made again from the acts.
        let other = if home.url().is_some() { Home::sqlite() } else { Home::postgres() };
        let copy = other.open().await;
        // The plan was not drawn by acts here.
        assignment(&copy, "A1", "S1", Some("inspector")).await;
        copy.rebuild_from(&town.store).await.unwrap();
        for table in ["field_item", "field_phone", "field_track", "visit_record", "observation", "field_photo", "photo_print", "case_file"] {
            assert_eq!(rows(&copy, table).await, rows(&town.store, table).await, "{table}");
        }
    })
    .await;
}

/// Every row of a table as text, in an order of its own.
pub async fn rows(store: &Store, table: &'static str) -> Vec<String> {
    use sqlx::{Column as _, Row as _};
    let text = format!("SELECT * FROM {table}");
    let rows = sqlx::query(sqlx::AssertSqlSafe(text))
        .fetch_all(store.reading())
        .await
        .unwrap();
    let mut texts: Vec<String> = rows
        .iter()
        .map(|row| {
            let cell = |index: usize| {
                row.try_get::<Option<i64>, _>(index)
                    .map(|number| format!("{number:?}"))
                    .or_else(|_| {
                        row.try_get::<Option<String>, _>(index)
                            .map(|text| format!("{text:?}"))
                    })
                    .unwrap()
            };
            row.columns()
                .iter()
                .enumerate()
                .map(|(index, column)| format!("{}={} ", column.name(), cell(index)))
                .collect()
        })
        .collect();
    texts.sort();
    texts
}

#[tokio::test]
async fn a_photo_that_comes_back_in_another_month_and_unit_is_found() {
    on_both(async |home| {
        let town = town(home).await;
        assignment(&town.store, "A2", "S4", Some("inspector")).await;
        plan(&town.store, "xianning", "2022-02", "agency-a").await;
        let elsewhere =
            "UPDATE assignment SET month = '2022-02', unit = '421221000000' WHERE id = 'A2'";
        town.alter(elsewhere).await;
        let inspector = town.signed_in("inspector").await;
        let at = now(&town);
        let pictures = [
            "xianan_orient1.jpg",
            "xianan_orient3.jpg",
            "gps_bus_street.jpg",
        ]
        .map(picture);
        let digests = pictures.clone().map(yuekao::store::digest);
        for (digest, bytes) in digests.iter().zip(pictures) {
            upload(&inspector, &format!("/field/photos/{digest}"), bytes).await;
        }
        develop_waiting(&town.store, &town.clock).await.unwrap();
        let mut february = observation(&id("01"), 1, at, &[&digests[0]]);
        february["content"]["assignment"] = "A2".into();
        february["content"]["visit"] = id("0a").into();
        february["content"]["indicator"] = "road-dust".into();
        february["content"]["value"] = Value::Null;
        february["content"]["position"]["lng"] = 1_139_000_000_i64.into();
        let items = [
            february,
            observation(&id("02"), 2, at, &[&digests[1]]),
            observation(&id("03"), 3, at, &[&digests[2]]),
        ];
        assert_eq!(hand_in(&inspector, at, &items).await, ["taken"; 3]);
        let alike = async |last: &str| {
            let one = town
                .store
                .observation(Sight::All, &id(last))
                .await
                .unwrap()
                .unwrap();
            town.store.alike(Sight::All, &one, 50).await.unwrap()
        };
        let of_march = alike("02").await;
        let other = of_march
            .iter()
            .find(|one| one.observation.id == id("01"))
            .unwrap();
        assert_eq!(
            (
                other.observation.month.as_str(),
                other.observation.unit.as_str()
            ),
            ("2022-02", "421221000000")
        );
        assert!(
            other
                .bits
                .is_some_and(|bits| bits <= yuekao::store::observation::BITS)
        );
        assert!(
            other.metres.is_some_and(|metres| metres > 10_000),
            "found by its picture alone"
        );
        assert!(
            alike("03")
                .await
                .iter()
                .all(|one| one.observation.id != id("01")),
            "another picture is another thing"
        );
    })
    .await;
}

#[tokio::test]
async fn how_near_records_may_be_the_same_is_said_by_the_rules_of_the_host() {
    on_both(async |home| {
        let town = town(home).await;
        let (host, inspector) = (
            town.signed_in("host").await,
            town.signed_in("inspector").await,
        );
        let reviewer = town.signed_in("reviewer").await;
        let at = now(&town);
        // Litter, twice: thirty metres apart.
        let mut north = observation(&id("02"), 2, at, &[]);
        north["content"]["position"]["lat"] = (298_366_200_i64 + 2_695).into();
        let items = [observation(&id("01"), 1, at, &[]), north];
        assert_eq!(hand_in(&inspector, at, &items).await, ["taken"; 2]);
        let linked = async || {
            let page = reviewer.get(&format!("/desk/review/{}", id("01"))).await;
            assert_eq!(page.status, StatusCode::OK, "{}", page.text);
            page.text.contains(&id("02"))
        };
        assert!(
            linked().await,
            "50 metres for what happens, until the host says otherwise"
        );

        let mut version = 0;
        let mut adopt = async |table: &str| {
            let before = version.to_string();
            let fields = [("version", before.as_str()), ("duplicates", table)];
            let answer = host.upload("/desk/case-rules", &fields, &[]).await;
            version += i64::from(answer.status == StatusCode::SEE_OTHER);
            answer
        };
        for (table, near) in [
            ("category,metres\n*,20\n", false),
            ("category,metres\n*,20\n*/event,31\n", true),
            (
                "category,metres\n*/event,31\n*,20\ngb30428/event/0112,29\n",
                false,
            ),
            ("category,metres\n*,0\n", false),
        ] {
            let adopted = adopt(table).await;
            assert_eq!(adopted.status, StatusCode::SEE_OTHER, "{}", adopted.text);
            assert_eq!(linked().await, near, "{table}");
        }
        for (table, said) in [
            (
                "category,metres\n*,很近\n",
                "“很近”不是距离。请写成 0 至 1000 的整数",
            ),
            ("category,metres\n*/event,31\n", "没有写明其余类别的距离"),
            (
                "category,metres\n*,20\n0112,31\n",
                "没有立案条件属于类别“0112”",
            ),
        ] {
            let refused = adopt(table).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{table}");
            assert!(refused.text.contains(said), "{said}: {}", refused.text);
        }
        assert!(!linked().await, "nothing was adopted");
        let page = host.get("/desk/case-rules").await;
        assert!(page.text.contains("暗访查重距离"), "{}", page.text);

        // Rules adopted before they said anything of it read as the program did it then.
        let mut older = serde_json::to_value(casework::default::rules()).unwrap();
        older.as_object_mut().unwrap().remove("duplicates").unwrap();
        let older = casework::Practice::read(1, serde_json::from_value(older).unwrap()).unwrap();
        let reach = |category| assessment::case::duplicate::radius(&older.radii, category);
        assert_eq!(reach("gb30428/component/0101"), 20);
        assert_eq!(reach("gb30428/event/0112"), 50);
    })
    .await;
}

#[tokio::test]
async fn a_photo_of_the_handling_that_is_like_a_findings_is_named_on_the_case_page() {
    on_both(async |home| {
        let town = town(home).await;
        let (store, now) = (&town.store, town.clock.now());
        let county = UnitRow {
            code: "421221".into(),
            valid_from: "2020-09".into(),
            valid_to: None,
            name: "嘉鱼县".into(),
            name_en: None,
            kind: "county".into(),
            parent: None,
            lon: None,
            lat: None,
            datum: None,
            attributes: Default::default(),
        };
        store.set_units(now, "console", vec![county]).await.unwrap();
        casework::adopt(store, now, "host", casework::default::rules())
            .await
            .unwrap()
            .unwrap();
        let inspector = town.signed_in("inspector").await;
        let pictures = ["xianan_orient1.jpg", "xianan_orient3.jpg"].map(picture);
        let digests = pictures.clone().map(yuekao::store::digest);
        for (digest, bytes) in digests.iter().zip(pictures) {
            upload(&inspector, &format!("/field/photos/{digest}"), bytes).await;
        }
        develop_waiting(store, &town.clock).await.unwrap();
        let at = now.as_millisecond();
        hand_in(
            &inspector,
            at,
            &[observation(&id("01"), 1, at, &[&digests[0]])],
        )
        .await;
        store
            .accept_observations(now, "reviewer", Sight::All, vec![id("01")])
            .await
            .unwrap();
        let found: String = sqlx::query_scalar("SELECT id FROM case_file")
            .fetch_one(store.reading())
            .await
            .unwrap();

        let new = NewCase {
            source: "hotline".into(),
            source_number: Some("甲".into()),
            category: "gb30428/component/0101".into(),
            place: "发展大道".into(),
            ..NewCase::default()
        };
        let handled = casework::report(store, now, "hotline", new).await.unwrap();
        let viewer = |role, unit: Option<&str>| Viewer {
            role,
            unit: unit.map(str::to_owned),
            ..Viewer::console()
        };
        let ask = |condition: &str, unit: &str| Ask {
            condition: condition.into(),
            unit: unit.into(),
            ..Ask::default()
        };
        let done = Ask {
            text: "已修复".into(),
            photos: vec![digests[1].clone()],
            ..Ask::default()
        };
        for (role, unit, kind, ask) in [
            (Role::Dispatcher, None, Kind::Accept, Ask::default()),
            (
                Role::Dispatcher,
                None,
                Kind::Register,
                ask("component-0101-2", ""),
            ),
            (Role::Dispatcher, None, Kind::Dispatch, ask("", "421221")),
            (Role::Unit, Some("421221"), Kind::Feedback, done),
        ] {
            casework::act(store, now, &viewer(role, unit), &handled, kind, ask)
                .await
                .unwrap();
        }
        let page = town
            .signed_in("host")
            .await
            .get(&format!("/desk/cases/{handled}"))
            .await
            .text;
        assert!(
            page.contains("整改后的照片与以下案件") && page.contains(&found),
            "{page}"
        );
        // Who handled it may not know of the finding yet, and is told nothing of it.
        let page = town
            .signed_in("unit")
            .await
            .get(&format!("/desk/cases/{handled}"))
            .await
            .text;
        assert!(
            page.contains("已修复") && !page.contains(&found) && !page.contains("以下案件"),
            "{page}"
        );
    })
    .await;
}

#[tokio::test]
async fn many_are_accepted_after_a_dry_run_and_only_those_without_doubts() {
    let home = Home::sqlite();
    let town = town(&home).await;
    let inspector = town.signed_in("inspector").await;
    let at = now(&town);
    // Every photo another picture, every place far from the others.
    let mut items = Vec::new();
    for (number, seed) in [(1_i64, 3_u8), (2, 40), (3, 90)] {
        let image = image::RgbImage::from_fn(64, 64, |x, y| {
            let wave = (x * u32::from(seed)) ^ (y * 7 * number as u32) ^ (x * y / u32::from(seed));
            image::Rgb([wave as u8, (wave >> 1) as u8, (wave >> 2) as u8])
        });
        let mut bytes = std::io::Cursor::new(Vec::new());
        image.write_to(&mut bytes, image::ImageFormat::Png).unwrap();
        let digest = yuekao::store::digest(bytes.get_ref());
        upload(
            &inspector,
            &format!("/field/photos/{digest}"),
            bytes.into_inner(),
        )
        .await;
        let mut one = observation(
            &id(&format!("0{number}")),
            number,
            at - 600_000 * (4 - number),
            &[&digest],
        );
        one["content"]["position"]["lat"] = (298_366_200 + 9_000 * number).into();
        items.push(one);
    }
    items.push(observation(&id("09"), 4, at, &[]));
    assert_eq!(hand_in(&inspector, at, &items).await, ["taken"; 4]);
    develop_waiting(&town.store, &town.clock).await.unwrap();
    let reviewer = town.signed_in("reviewer").await;
    // Their visit would be accepted with them, and has not ended.
    let dry = reviewer.post("/desk/review", &[]).await;
    assert!(
        dry.text.contains("0 条可以批量采信，4 条需要逐条查看")
            && dry.text.contains("其中 3 条只因所属检查未结束"),
        "{}",
        dry.text
    );
    let ended = item(
        &id("0a"),
        5,
        "visit_finished",
        at,
        of_visit("A1", json!({ "length_m": "9000" })),
    );
    assert_eq!(hand_in(&inspector, at, &[ended]).await, ["taken"]);
    let dry = reviewer.post("/desk/review", &[]).await;
    assert!(
        dry.text.contains("0 条可以批量采信"),
        "nor is it plain: {}",
        dry.text
    );
    let ended = item(
        &id("0b"),
        6,
        "visit_finished",
        at,
        of_visit("A1", json!({ "length_m": "900" })),
    );
    assert_eq!(hand_in(&inspector, at, &[ended]).await, ["taken"]);
    let dry = reviewer.post("/desk/review", &[]).await;
    assert!(
        dry.text.contains("3 条可以批量采信，1 条需要逐条查看")
            && !dry.text.contains("只因所属检查"),
        "{}",
        dry.text
    );
    assert_eq!(
        town.store.observation_counts(Sight::All).await.unwrap()["new"],
        4
    );
    assert!(dry.text.contains(">4</span></a>"), "{}", dry.text);
    let elsewhere = reviewer.get("/desk/review?inspector=nobody").await.text;
    assert!(
        !elsewhere.contains(">4</span></a>"),
        "the tabs count what their links show: {elsewhere}"
    );
    // As many, but not these: what was looked at is accepted, or nothing.
    let wrong = reviewer.post("/desk/review", &[("seen", "3")]).await;
    assert!(
        wrong.text.contains("3 条可以批量采信"),
        "what has changed is counted again"
    );
    let seen = dry.hidden("seen");
    let done = reviewer.post("/desk/review", &[("seen", &seen)]).await;
    assert!(done.text.contains("已采信 3 条"), "{}", done.text);
    let counts = town.store.observation_counts(Sight::All).await.unwrap();
    assert_eq!((counts["new"], counts["accepted"]), (1, 3));
}

/// Where a phone says it is, metres north of the site.
fn stands(metres: i64, at: i64) -> Value {
    json!({ "lng": 1_143_217_170_i64, "lat": 298_366_160 + metres * 90, "accuracy_m": 8, "at": at })
}

#[tokio::test]
async fn a_mocked_run_shows_on_the_visits_page_though_nothing_was_found() {
    on_both(async |home| {
        let town = town(home).await;
        let inspector = town.signed_in("inspector").await;
        let at = now(&town);
        let minutes = |number: i64| at - (20 - number) * 60_000;
        let mut items = vec![item(&id("01"), 1, "visit_started", minutes(1), of_visit("A1", json!({ "position": stands(0, minutes(1)) })))];
        // Elsewhere within a second and back again, told by positions only; then it does not tremble any more.
        for (number, metres) in [(2, 30), (3, 60_000), (4, 90), (5, 120), (6, 120), (7, 120), (8, 120)] {
            let mut content = stands(metres, minutes(number));
            content["visit"] = VISIT.into();
            items.push(item(&id(&format!("0{number}")), number, "position", minutes(number), content));
        }
        let end = json!({ "looked": ["litter-on-road"], "rest": 1, "grades": {}, "position": stands(150, at) });
        items.push(item(&id("09"), 9, "visit_finished", at, of_visit("A1", end)));
        assert_eq!(hand_in(&inspector, at, &items).await, ["taken"; 9]);

        let reviewer = town.signed_in("reviewer").await;
        let page = reviewer.get("/desk/review/visits").await.text;
        assert!(page.contains("第 3 条：60 秒内移动 60015 米，速度不可能。（同类共 2 处）"), "{page}");
        assert!(page.contains("第 5 至 8 条：连续 4 次定位的位置完全相同。"), "{page}");
        assert!(page.contains("其中 1 项一次勾选") && page.contains("<li>烟头</li>"), "{page}");
        assert!(!page.contains("<li>路面垃圾</li>") && !page.contains("<li>公厕未按时开放</li>"), "{page}");
        assert!(page.contains("0 米</td>"), "the start's own position counts: {page}");
        let start = reviewer.get("/desk").await.text;
        let waits = "待审核的检查</a><span class=\"value\">1</span>";
        assert!(start.contains(waits) && !start.contains("href=\"/trends\""), "{start}");
        let ticked = format!("value=\"{VISIT}\" checked");
        assert!(!page.contains(&ticked), "what is strange is looked at first");
        assert_eq!(count(&town.store, "field_track").await, 9);

        // The same inspector's other phone is elsewhere at the same time.
        let other = json!({ "phone": "5f1d1a52-6a0e-4c59-9a43-2f8f4f1f0c09", "sent_at": at, "items": [
            item(&id("11"), 1, "position", at - 30_000, { let mut content = stands(40_000, at - 30_000); content["visit"] = VISIT.into(); content }),
        ] });
        post_json(&inspector, "/field/items", &other).await;
        let page = reviewer.get("/desk/review/visits").await.text;
        assert!(page.contains("同一账号的另一部手机在"), "{page}");
    })
    .await;
}

#[tokio::test]
async fn findings_on_one_measurement_are_not_taken_for_a_mocked_position() {
    let home = Home::sqlite();
    let town = town(&home).await;
    let inspector = town.signed_in("inspector").await;
    let at = now(&town);
    let told = async |measured: fn(i64, i64) -> i64, numbers: std::ops::Range<i64>| {
        let items: Vec<_> = numbers
            .clone()
            .map(|number| {
                let made_at = at - (20 - number) * 10_000;
                let mut one = observation(&id(&format!("{number:02}")), number, made_at, &[]);
                one["content"]["position"] = stands(number / 10 * 50, measured(at, number));
                one
            })
            .collect();
        hand_in(&inspector, at, &items).await;
        let last = id(&format!("{:02}", numbers.end - 1));
        let reviewer = town.signed_in("reviewer").await;
        reviewer.get(&format!("/desk/review/{last}")).await.text
    };
    let once = told(|at, _| at - 300_000, 1..5).await;
    assert!(!once.contains("位置完全相同"), "{once}");
    let again = told(|at, number| at - number, 11..15).await;
    assert!(
        again.contains("第 11 至 14 条：连续 4 次定位的位置完全相同。"),
        "{again}"
    );
}

#[tokio::test]
async fn visits_that_do_not_end_or_come_twice_wait_unticked_for_the_reviewer() {
    on_both(async |home| {
        let town = town(home).await;
        let inspector = town.signed_in("inspector").await;
        let at = now(&town);
        let second = "5f1d1a52-6a0e-4c59-9a43-2f8f4f1f0c05";
        let begun = |last: &str, number: i64, visit: &str, kind: &str| {
            let mut content = of_visit("A1", json!({}));
            content["visit"] = visit.into();
            if visit == VISIT {
                content["position"] = stands(2000, at);
            }
            item(&id(last), number, kind, at, content)
        };
        hand_in(&inspector, at, &[begun("01", 1, VISIT, "visit_started")]).await;
        let reviewer = town.signed_in("reviewer").await;
        let page = reviewer.get("/desk/review/visits").await.text;
        assert!(!page.contains(VISIT), "it may still be going on: {page}");
        town.clock.pass(86_400);
        let reviewer = town.signed_in("reviewer").await;
        let page = reviewer.get("/desk/review/visits").await.text;
        assert!(
            page.contains("开始后未结束") && page.contains(VISIT),
            "{page}"
        );
        assert!(!page.contains("同一任务另有检查"), "{page}");
        assert!(
            page.contains("检查期间手机距点位最近也有 2002 米。"),
            "{page}"
        );

        let inspector = town.signed_in("inspector").await;
        hand_in(
            &inspector,
            now(&town),
            &[
                begun("02", 2, second, "visit_started"),
                begun("03", 3, second, "visit_finished"),
            ],
        )
        .await;
        let page = reviewer.get("/desk/review/visits").await.text;
        assert_eq!(page.matches("同一任务另有检查").count(), 2, "{page}");
        assert!(!page.contains(" checked"), "{page}");
        // The one that was not one is rejected; the other one is alone then.
        reviewer
            .post(
                "/desk/review/visits",
                &[("reject", VISIT), ("reason", "误点开始")],
            )
            .await;
        let page = reviewer.get("/desk/review/visits").await.text;
        assert!(
            page.contains(&format!("value=\"{second}\" checked")),
            "{page}"
        );
    })
    .await;
}

#[tokio::test]
async fn what_a_phone_has_numbered_and_lost_shows_as_a_gap_and_a_cleared_phone_as_a_new_one() {
    on_both(async |home| {
        let town = town(home).await;
        let inspector = town.signed_in("inspector").await;
        let at = now(&town);
        hand_in(&inspector, at, &[observation(&id("01"), 1, at, &[])]).await;
        let tells = |phone: &str, numbered: i64| json!({ "phone": phone, "sent_at": at, "numbered": numbered, "items": [] });
        let told = post_json(&inspector, "/field/items", &tells(PHONE, 3)).await;
        assert_eq!(told.status, StatusCode::OK, "{}", told.text);
        let phones = town.store.phones(Sight::All).await.unwrap();
        assert_eq!((phones[0].highest, &phones[0].gaps[..]), (3, &[(2, 3)][..]));
        assert!(!phones[0].follows);
        // It says so also beside what has come before, since it notes what it has told.
        let again = json!({ "phone": PHONE, "sent_at": at, "numbered": 4, "items": [observation(&id("01"), 1, at, &[])] });
        for _ in 0..2 {
            post_json(&inspector, "/field/items", &again).await;
            let phones = town.store.phones(Sight::All).await.unwrap();
            assert_eq!((phones[0].highest, &phones[0].gaps[..]), (4, &[(2, 4)][..]));
        }

        // A number that no phone can have given is refused, and neither it nor a claim of such a one spoils the page.
        let most = observation(&id("02"), i64::MAX, at, &[]);
        let said = hand_in(&inspector, at, &[most]).await;
        assert!(said[0].starts_with("refused: 手机流水号“9223372036854775807”"), "{said:?}");
        let phones = town.store.phones(Sight::All).await.unwrap();
        assert_eq!((phones[0].highest, &phones[0].gaps[..]), (4, &[(2, 4)][..]));

        town.clock.pass(60);
        let cleared = "5f1d1a52-6a0e-4c59-9a43-2f8f4f1f0c07";
        post_json(&inspector, "/field/items", &tells(cleared, 1)).await;
        let page = town.signed_in("reviewer").await.get("/desk/review/phones").await.text;
        assert_eq!(page.matches("同一账号换了新编号（可能清除过数据）").count(), 1, "{page}");
        assert!(page.contains("2–4"), "{page}");
    })
    .await;
}

#[tokio::test]
async fn a_phone_goes_with_its_inspector_to_another_agency_and_what_was_walked_before_does_not() {
    on_both(async |home| {
        let town = town(home).await;
        let (inspector, at) = (town.signed_in("inspector").await, now(&town));
        let started = item(&id("01"), 1, "visit_started", at, of_visit("A1", json!({})));
        hand_in(&inspector, at, &[started]).await;
        let seen_by = async |agency| town.store.phones(Sight::Agency(agency)).await.unwrap();
        assert_eq!(
            (
                seen_by("agency-a").await.len(),
                seen_by("agency-b").await.len()
            ),
            (1, 0)
        );

        town.alter("UPDATE account SET unit = 'agency-b' WHERE login = 'inspector'")
            .await;
        let place =
            json!({ "lng": 1_143_217_200_i64, "lat": 298_366_200_i64, "accuracy_m": 8, "at": at });
        let late = item(&id("03"), 3, "position", at, of_visit("A1", place));
        assert_eq!(hand_in(&inspector, at, &[late]).await, ["taken"]);
        let phones = seen_by("agency-b").await;
        assert_eq!(
            (seen_by("agency-a").await.len(), &phones[0].gaps[..]),
            (0, &[(2, 2)][..])
        );
        let walked: Vec<String> = sqlx::query_scalar("SELECT agency FROM field_track")
            .fetch_all(town.store.reading())
            .await
            .unwrap();
        assert_eq!(walked, ["agency-a"], "the plan is theirs");

        // Somebody who is no inspector any more has left a phone to the first one.
        town.alter("UPDATE account SET role = 'host', unit = NULL WHERE login = 'inspector'")
            .await;
        assert_eq!(
            (
                seen_by("agency-a").await.len(),
                seen_by("agency-b").await.len()
            ),
            (1, 0)
        );
    })
    .await;
}

#[tokio::test]
async fn a_site_that_was_found_closed_waits_for_the_agency_to_replace_it() {
    on_both(async |home| {
        let town = town(home).await;
        let inspector = town.signed_in("inspector").await;
        let at = now(&town);
        let photo = picture("xianan_orient1.jpg");
        let digest = yuekao::store::digest(&photo);
        upload(&inspector, &format!("/field/photos/{digest}"), photo).await;
        let closed = |last: &str, number: i64, assignment: &str, text: &str| {
            let content = json!({ "assignment": assignment, "visit": null, "closed": true, "text": text, "photos": [digest.clone()], "position": stands(5, at) });
            item(&id(last), number, "note", at, content)
        };
        let said = hand_in(
            &inspector,
            at,
            &[closed("01", 1, "A1", "围挡施工，无法进入"), closed("02", 2, "B1", "关门"), closed("03", 3, "A1", " ")],
        )
        .await;
        assert_eq!(said[0], "taken");
        assert!(said[1].contains("没有发放给您") && said[2].contains("“text”"), "{said:?}");
        let reviewer = town.signed_in("reviewer").await;
        let page = reviewer.get("/desk/review/visits").await.text;
        assert!(page.contains("围挡施工，无法进入") && page.contains("桂花路") && page.contains(&digest), "{page}");
        for login in ["rival-reviewer", "unit", "leader"] {
            let page = town.signed_in(login).await.get("/desk/review/visits").await.text;
            assert!(!page.contains("围挡施工"), "{login}");
        }
        let other = if home.url().is_some() { Home::sqlite() } else { Home::postgres() };
        let copy = other.open().await;
        assignment(&copy, "A1", "S1", Some("inspector")).await;
        copy.rebuild_from(&town.store).await.unwrap();
        for table in ["closed_site", "field_track", "field_phone"] {
            assert_eq!(rows(&copy, table).await, rows(&town.store, table).await, "{table}");
        }
    })
    .await;
}

#[tokio::test]
async fn what_is_accepted_later_is_judged_by_the_grids_and_cases_of_the_day_on_which_it_was_found()
{
    on_both(async |home| {
        let town = town(home).await;
        let (store, found) = (&town.store, now(&town));
        let ring = [(114.32, 29.83), (114.33, 29.83), (114.33, 29.84), (114.32, 29.84), (114.32, 29.83)]
            .map(|(lng, lat)| format!("[{lng},{lat}]"));
        let square = format!("{{\"type\":\"Polygon\",\"coordinates\":[[{}]]}}", ring.join(","));
        let drawing = yuekao::ground::read::drawing(&square).unwrap();
        let grid = |id: &str, from: &str, to: Option<&str>| GridRow {
            id: id.into(),
            valid_from: from.into(),
            valid_to: to.map(str::to_owned),
            name: format!("{id}号网格"),
            unit: "421202000000".into(),
            kind: "area".into(),
            cell: None,
            size: drawing.size(),
            geometry: drawing.text(),
            synthetic: false,
            source: String::new(),
        };
        let grids = vec![grid("MARCH", "2022-01-01", Some("2022-03-31")), grid("APRIL", "2022-04-01", None)];
        store.set_grids(town.clock.now(), "host", "划定", grids, vec![], None).await.unwrap();
        casework::adopt(store, town.clock.now(), "host", casework::default::rules()).await.unwrap().unwrap();

        let inspector = town.signed_in("inspector").await;
        let mut far = observation(&id("02"), 2, found, &[]);
        far["content"]["position"]["lat"] = 298_386_200_i64.into();
        hand_in(&inspector, found, &[observation(&id("01"), 1, found, &[]), far]).await;
        let day = 86_400_000;
        // At the first place a case had been closed 29 days before, at the second one was closed a day after.
        let mut closed = Vec::new();
        for (number, lat, at) in [("01", 298_366_200, found - 29 * day), ("02", 298_386_200, found + day)] {
            let one = store.observation(Sight::All, &id(number)).await.unwrap().unwrap();
            let new = NewCase {
                source: "hotline".into(),
                source_number: Some(number.into()),
                category: one.category,
                lng: Some(1_143_217_200),
                lat: Some(lat),
                ..NewCase::default()
            };
            let case = casework::report(store, town.clock.now(), "hotline", new).await.unwrap();
            closed.push((case, at));
        }
        let old = closed[0].0.clone();
        store
            .write(move |tx| {
                Box::pin(async move {
                    for (case, at) in closed {
                        let text = "UPDATE case_file SET stage = 'closed', closed_at = $1 WHERE id = $2";
                        sqlx::query(text).bind(at).bind(case).execute(tx.conn()).await?;
                    }
                    Ok(())
                })
            })
            .await
            .unwrap();
        town.clock.pass(3 * 86_400);
        let ids = vec![id("01"), id("02")];
        store.accept_observations(town.clock.now(), "reviewer", Sight::All, ids).await.unwrap();
        let made: Vec<(String, Option<String>, Option<String>)> = sqlx::query_as(
            "SELECT finding, grid, relapse_of FROM case_file WHERE finding IS NOT NULL ORDER BY finding",
        )
        .fetch_all(store.reading())
        .await
        .unwrap();
        let march = Some("MARCH".to_owned());
        assert_eq!(made, [(id("01"), march.clone(), Some(old)), (id("02"), march, None)]);
    })
    .await;
}

#[tokio::test]
async fn what_was_found_at_the_site_before_and_what_came_back_reaches_the_score() {
    on_both(async |home| {
        let town = town(home).await;
        let store = &town.store;
        let growing = r#"
            id = "growing-2022"
            series = "growing"
            title = { zh = "扣分加重", en = "Growing" }
            host = { zh = "某市城管办", en = "Office" }
            months = { from = "2022-01" }
            standard = "xianning-2021"
            [cutoff]
            last_day = "end"
            findings = "found"
            rectification = "found"
            status_days = 0
            [[group]]
            id = "areas"
            title = { zh = "区域", en = "Areas" }
            units = ["421202000000", "421221000000"]
            [[item]]
            id = "score"
            title = { zh = "得分", en = "Score" }
            how = "deduct"
            start = 100
            full = 100
            [[item.clause]]
            id = "any"
            points = 1
            [[item.escalation]]
            id = "repeated"
            match = { repeated = 1 }
            effect = "add"
            points = 0.5
            [[item.escalation]]
            id = "third"
            match = { repeated = 2 }
            effect = "add"
            points = 20
            [[item.escalation]]
            id = "relapsed"
            match = { relapsed = true }
            effect = "add"
            points = 10
            [[ranking]]
            id = "main"
            title = { zh = "排名", en = "Ranking" }
            of = "score"
            best = "high"
            round = { digits = 2, mode = "half_up" }
            by = "exact"
            ties = "dense"
        "#;
        round::adopt_scheme(store, town.clock.now(), "host", growing).await.unwrap();
        plan(&town.store, "growing", "2022-03", "agency-a").await;
        town.alter("UPDATE assignment SET series = 'growing' WHERE id = 'A1'").await;
        town.alter("UPDATE evidence SET series = 'growing'").await;
        let units = ["421202000000", "421221000000"].map(|code| crate::case::unit(code, code, "county", None)).to_vec();
        store.set_units(town.clock.now(), "console", units).await.unwrap();
        casework::adopt(store, town.clock.now(), "host", casework::default::rules()).await.unwrap().unwrap();

        let inspector = town.signed_in("inspector").await;
        let found = |last: &str, number: i64, visit: &str, lat: i64, at: i64| {
            let mut one = observation(&id(last), number, at, &[]);
            one["content"]["visit"] = visit.into();
            one["content"]["position"]["lat"] = lat.into();
            one
        };
        let (here, there) = (298_366_200_i64, 298_386_200_i64);
        let first = now(&town);
        // Twice at one visit is not repeated.
        let at_first = [found("01", 1, VISIT, here, first - 60_000), found("02", 2, VISIT, there, first)];
        assert_eq!(hand_in(&inspector, first, &at_first).await, ["taken", "taken"]);
        let accept = async |last: &[&str]| {
            let ids = last.iter().map(|last| id(last)).collect();
            store.accept_observations(town.clock.now(), "reviewer", Sight::All, ids).await.unwrap()
        };
        assert_eq!(accept(&["02", "01"]).await, 2);
        // At one of both places the case is closed; then it comes back, and another time elsewhere at the site.
        let closes = "UPDATE case_file SET stage = 'closed', closed_at = 1 + (SELECT MAX(received_at) FROM observation)
            WHERE finding LIKE '%01'";
        town.alter(closes).await;
        let visits = ["a1", "a2"].map(|last| id(last));
        town.clock.pass(3600);
        let second = now(&town);
        hand_in(&inspector, second, &[found("03", 3, &visits[0], here, second)]).await;
        town.clock.pass(3600);
        let third = now(&town);
        hand_in(&inspector, third, &[found("04", 4, &visits[1], there + 60_000, third)]).await;
        assert_eq!(accept(&["04", "03"]).await, 2);

        let cells = async |last: &str| {
            let cells = store.evidence_row("growing", "findings", &id(last)).await.unwrap().unwrap();
            (cells[11].clone(), cells[12].clone())
        };
        let told = |repeated: &str, relapsed: &str| (repeated.to_owned(), relapsed.to_owned());
        assert_eq!(cells("01").await, told("0", "0"));
        assert_eq!(cells("02").await, told("0", "0"));
        assert_eq!(cells("03").await, told("1", "1"));
        assert_eq!(cells("04").await, told("2", "0"));
        // What is done to the case changes neither.
        let case: String = sqlx::query_scalar("SELECT id FROM case_file WHERE relapse_of IS NOT NULL").fetch_one(store.reading()).await.unwrap();
        town.clock.pass(86_400);
        let dispatcher = Viewer { role: Role::Dispatcher, ..Viewer::console() };
        casework::act(store, town.clock.now(), &dispatcher, &case, Kind::Accept, Ask::default()).await.unwrap();
        assert_eq!(cells("03").await, told("1", "1"));

        round::freeze(store, town.clock.now(), "host", "growing", "2022-03".parse().unwrap()).await.unwrap();
        let assessed = round::assessed(store, "growing", "2022-03".parse().unwrap()).await.unwrap();
        // 1, 1, 1 + 0.5 + 10 and 1 + 0.5 + 20.
        let lines = &assessed.assessment.text;
        assert!(lines.lines().any(|line| line == "value score 421202000000 65"), "{lines}");
    })
    .await;
}

#[tokio::test]
async fn an_inspector_gets_what_was_released_to_him_for_today_and_nothing_else() {
    let home = Home::sqlite();
    let town = town(&home).await;
    let square = |code: &str| {
        let ring = [[114, 29], [115, 29], [115, 30], [114, 29]];
        json!({ "type": "Feature", "properties": { "code": code }, "geometry": { "type": "Polygon", "coordinates": [ring] } })
    };
    let outlines = json!({ "type": "FeatureCollection", "features": [square("421202000000"), square("421221000000")] });
    std::fs::write(
        home.folder().join("boundaries.geojson"),
        outlines.to_string(),
    )
    .unwrap();
    let street = |id: &str, lng: f64| GridRow {
        id: id.to_owned(),
        valid_from: "2020-01-01".to_owned(),
        valid_to: None,
        name: id.to_owned(),
        unit: "421202000000".to_owned(),
        kind: "street".to_owned(),
        cell: None,
        geometry: format!(
            "{{\"type\":\"MultiLineString\",\"coordinates\":[[[{lng},29.837],[{lng},29.845]]]}}"
        ),
        size: 880,
        synthetic: true,
        source: "test".to_owned(),
    };
    let streets = vec![street("桂花路", 114.32), street("滨河路", 114.5)];
    town.store
        .set_grids(town.clock.now(), "host", "划定", streets, vec![], None)
        .await
        .unwrap();
    let inspector = town.signed_in("inspector").await;
    let tasks = inspector.get_json("/field/tasks").await;
    let day: Value = serde_json::from_str(&tasks.text).unwrap();
    assert_eq!(day["day"], "2022-03-31");
    assert_eq!(day["tasks"].as_array().unwrap().len(), 1);
    let task = &day["tasks"][0];
    assert_eq!(
        (&task["site"]["name"], &task["site"]["lng"]),
        (&json!("桂花路"), &json!("114.321717"))
    );
    let rules = &day["rules"][task["rules"].as_str().unwrap()];
    let litter = rules["indicators"]
        .as_array()
        .unwrap()
        .iter()
        .find(|one| one["id"] == "litter-on-road")
        .unwrap();
    assert_eq!(litter["measure"]["unit"], "piece");
    assert_eq!(litter["measure"]["thresholds"]["serious"], "15");
    assert!(
        litter["strata"]
            .as_array()
            .unwrap()
            .contains(&json!("main-road")),
        "{litter}"
    );
    assert_eq!(
        day["outlines"]["421202000000"]["type"], "Polygon",
        "the outline of his unit, and no other: {}",
        day["outlines"]
    );
    assert_eq!(day["outlines"].as_object().unwrap().len(), 1);
    let streets = day["streets"].as_array().unwrap();
    assert_eq!(
        streets.len(),
        1,
        "what lies far from every site is not on the map: {streets:?}"
    );
    assert_eq!(streets[0]["name"], "桂花路");
    assert_eq!(
        streets[0]["geometry"]["coordinates"][0][1],
        json!([114.32, 29.845])
    );
    town.clock.pass(86_400);
    let tomorrow = town
        .signed_in("inspector")
        .await
        .get_json("/field/tasks")
        .await;
    assert!(tomorrow.text.contains("\"tasks\":[]"), "{}", tomorrow.text);

    // A browser that was killed has lost the token's cookie: it gets a new one with the session.
    let fresh = town.visitor();
    fresh
        .post("/login", &[("login", "inspector"), ("password", PASSWORD)])
        .await;
    let session = fresh.get_json("/field/session").await;
    assert!(
        session.text.contains("\"form_token\":\""),
        "{}",
        session.text
    );
    for login in ["unit", "reviewer", "host"] {
        let answer = town.signed_in(login).await.get_json("/field/tasks").await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{login}");
    }
    assert_eq!(
        town.visitor().get_json("/field/session").await.status,
        StatusCode::UNAUTHORIZED
    );
}

#[tokio::test]
async fn the_shell_opens_for_everybody_holds_nothing_and_names_its_version() {
    let home = Home::sqlite();
    let town = Town::founded(&home).await;
    let visitor = town.visitor();
    let shell = visitor.get("/field").await;
    assert!(
        shell.text.contains("/assets/field.js") && !shell.text.contains("某市"),
        "{}",
        shell.text
    );
    assert!(
        shell
            .header("permissions-policy")
            .contains("geolocation=(self)")
    );
    assert!(
        visitor
            .get("/login")
            .await
            .header("permissions-policy")
            .contains("geolocation=()")
    );
    let worker = visitor.get("/field/worker.js").await;
    assert_eq!(worker.header("service-worker-allowed"), "/field");
    let version = shell
        .text
        .split("name=\"shell\" content=\"")
        .nth(1)
        .unwrap()
        .split('"')
        .next()
        .unwrap();
    assert!(
        worker.text.starts_with("self.SHELL = ") && worker.text.contains(version),
        "{}",
        worker.text
    );
    let manifest = visitor.get("/field/manifest.webmanifest").await;
    let manifest: Value = serde_json::from_str(&manifest.text).unwrap();
    for icon in manifest["icons"].as_array().unwrap() {
        let answer = visitor.get(icon["src"].as_str().unwrap()).await;
        assert_eq!(answer.status, StatusCode::OK, "{icon}");
    }
}

#[tokio::test]
async fn what_phones_hand_in_is_kept_where_the_database_is_a_link() {
    let folder = tempfile::tempdir().unwrap();
    let disk = folder.path().join("on-another-disk.db");
    std::fs::File::create(&disk).unwrap();
    let data = folder.path().join("data");
    std::fs::create_dir(&data).unwrap();
    std::os::unix::fs::symlink(&disk, data.join("yuekao.db")).unwrap();
    let store = Store::open(&data, None).await.unwrap();
    let told = Looked {
        phone: "a phone".to_owned(),
        received: Received {
            login: "jia".to_owned(),
            agency: "agency-a".to_owned(),
            sent_at: 0,
            numbered: 5,
            items: vec![],
        },
    };
    let said = store.receive(Timestamp::UNIX_EPOCH, told).await;
    assert_eq!(said.unwrap(), []);
    store.close().await;
}
