//! Cases from elsewhere, by program.

use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::databases::on_both;
use crate::town::Answer;

#[tokio::test]
async fn the_hotline_hands_cases_in_once_and_asks_after_them() {
    on_both(async |home| {
        let town = crate::case::town(home).await;
        let administrator = town.signed_in("administrator").await;
        let key = async |source: &str| {
            let fields = [("source", source), ("name", "某系统")];
            let page = administrator.post("/desk/keys", &fields).await;
            let key = page.text.split("<code>").nth(1).unwrap();
            key.split('<').next().unwrap().to_owned()
        };
        let (hotline, platform) = (key("hotline").await, key("platform").await);
        assert!(!administrator.get("/desk/keys").await.text.contains(&hotline));
        let site = &administrator.site;
        let client = reqwest::Client::new();
        let send = async |key: &str, body: &Value| {
            let request = client.post(format!("{site}/api/cases")).bearer_auth(key);
            Answer::of(request.json(body).send().await.unwrap()).await
        };
        let case = |number: &str, category: &str| {
            json!({ "number": number, "category": category, "place": "发展大道", "county": "421221" })
        };
        let batch = json!({ "cases": [
            case("12345-1", "gb30428/event/0110"), case("12345-2", "nothing"), case("12345-1", "gb30428/event/0110"),
        ] });
        let unknown = send("nothing", &batch).await;
        assert_eq!(unknown.status, StatusCode::UNAUTHORIZED);
        assert_eq!(unknown.header("content-type"), "application/problem+json");
        let results = async |key: &str| -> Vec<String> {
            let answer: Value = serde_json::from_str(&send(key, &batch).await.text).unwrap();
            let answers = answer["answers"].as_array().unwrap();
            answers.iter().map(|one| one["result"].as_str().unwrap().to_owned()).collect()
        };
        assert_eq!(results(&hotline).await, ["taken", "refused", "known"]);
        assert_eq!(results(&hotline).await, ["known", "refused", "known"]);
        let ask = async |key: &str, number: &str| {
            let request = client.get(format!("{site}/api/cases/{number}")).bearer_auth(key);
            Answer::of(request.send().await.unwrap()).await
        };
        let standing = ask(&hotline, "12345-1").await;
        assert!(standing.text.contains("\"stage\":\"reported\""), "{}", standing.text);
        assert!(!standing.text.contains("发展大道"), "stage and times only");
        // The platform mends the place: the case stays as it is, the dispatcher is told once, and its page shows both.
        let mut mended = case("12345-1", "gb30428/event/0110");
        mended["place"] = "发展大道 12 号对面".into();
        let dispatcher = town.signed_in("dispatcher").await;
        for _ in 0..2 {
            let answer = send(&hotline, &json!({ "cases": [mended] })).await;
            let answer: Value = serde_json::from_str(&answer.text).unwrap();
            let answer = &answer["answers"][0];
            assert_eq!(answer["result"], "differs", "{answer}");
            assert!(answer["why"].as_str().unwrap().contains("已通知受理派遣员"));
            let page = format!("/desk/cases/{}", answer["case"].as_str().unwrap());
            let page = dispatcher.get(&page).await.text;
            let shown = page.matches("地点：发展大道 12 号对面").count();
            assert!(shown == 1 && page.contains("<p class=\"lede\">发展大道</p>"), "{page}");
        }
        let told = dispatcher.get("/desk/messages").await.text;
        assert_eq!(told.matches("来源更正了内容").count(), 1, "{told}");
        assert_eq!(results(&hotline).await, ["known", "refused", "known"]);
        // A platform that sends a NUL gets its case taken, and those after it; nothing of ours has such a number.
        let mut odd = case("12345\u{0}3", "gb30428/event/0110");
        odd["place"] = "发展\u{0}大道\n西侧".into();
        odd["description"] = "井盖\u{7}响".into();
        let odd = json!({ "cases": [odd, case("12345-1", "gb30428/event/0110")] });
        for result in ["taken", "known"] {
            let answer: Value = serde_json::from_str(&send(&hotline, &odd).await.text).unwrap();
            assert_eq!(answer["answers"][0]["result"], result, "{answer}");
            assert_eq!(answer["answers"][1]["result"], "known", "{answer}");
            let page = format!("/desk/cases/{}", answer["answers"][0]["case"].as_str().unwrap());
            let page = dispatcher.get(&page).await.text;
            assert!(page.contains("发展 大道\n西侧") && page.contains("井盖 响"), "{page}");
        }
        for (number, status) in [("12345%003", StatusCode::NOT_FOUND), ("12345%203", StatusCode::OK)] {
            assert_eq!(ask(&hotline, number).await.status, status, "{number}");
        }
        let nobody = [("login", "dispatcher\u{0}"), ("password", "x")];
        let nobody = town.visitor().post("/login", &nobody).await;
        assert_eq!(nobody.status, StatusCode::UNPROCESSABLE_ENTITY);
        // A whole day sent again, in which nothing is new, waits for nobody who writes.
        let (begun, begins) = tokio::sync::oneshot::channel();
        let (done, waits) = tokio::sync::oneshot::channel();
        let writes = town.store.write(move |_| {
            Box::pin(async move {
                begun.send(()).unwrap();
                waits.await.unwrap();
                Ok(())
            })
        });
        let sends = async {
            begins.await.unwrap();
            let limit = std::time::Duration::from_secs(10);
            let said = tokio::time::timeout(limit, results(&hotline)).await;
            done.send(()).unwrap();
            said
        };
        let (written, said) = futures_util::future::join(writes, sends).await;
        written.unwrap();
        assert_eq!(said.expect("it waited"), ["known", "refused", "known"]);
        // What another source handed in does not exist for it.
        assert_eq!(ask(&platform, "12345-1").await.status, StatusCode::NOT_FOUND);

        let broken = client.post(format!("{site}/api/cases")).bearer_auth(&hotline).body("{");
        let broken = Answer::of(broken.send().await.unwrap()).await;
        assert_eq!(broken.status, StatusCode::UNPROCESSABLE_ENTITY);
        let keys = town.store.keys().await.unwrap();
        let id = &keys.iter().find(|key| key.source == "hotline").unwrap().id;
        administrator.post(&format!("/desk/keys/{id}/revoke"), &[]).await;
        assert_eq!(ask(&hotline, "12345-1").await.status, StatusCode::UNAUTHORIZED);
    })
    .await;
}
