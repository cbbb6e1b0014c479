//! Photos whose file was cut off: shown as far as they go, with a mark, and refused where somebody can still send them anew.

use reqwest::StatusCode;
use reqwest::multipart::{Form, Part};
use yuekao::field::darkroom::develop_waiting;
use yuekao::store::field_photo::Hand;

use crate::case::act;
use crate::databases::{Home, on_both};
use crate::field::{hand_in, id, observation, picture, upload};
use crate::original::{dispatched, handed_in};
use crate::town::Answer;

#[tokio::test]
async fn the_review_says_that_a_photo_is_not_whole_and_accepts_it_with_no_others() {
    let home = Home::sqlite();
    let town = crate::field::town(&home).await;
    let (inspector, reviewer) = (
        town.signed_in("inspector").await,
        town.signed_in("reviewer").await,
    );
    let at = town.clock.now().as_millisecond();
    for (number, name, marked) in [(1, "xianan_orient1.jpg", false), (2, "truncated.jpg", true)] {
        let bytes = picture(name);
        let digest = yuekao::store::digest(&bytes);
        let sent = upload(&inspector, &format!("/field/photos/{digest}"), bytes).await;
        assert_eq!(
            sent.status,
            StatusCode::OK,
            "a phone's photo is kept as it is"
        );
        develop_waiting(&town.store, &town.clock).await.unwrap();
        let name = id(&format!("0{number}"));
        hand_in(
            &inspector,
            at,
            &[observation(&name, number, at, &[&digest])],
        )
        .await;
        let page = reviewer.get(&format!("/desk/review/{name}")).await.text;
        assert!(
            page.contains(&format!("/desk/review/photos/{digest}/copy")),
            "{page}"
        );
        assert_eq!(page.contains(">照片不完整</span>"), marked, "{page}");
        assert_eq!(
            page.contains("照片不完整：文件中断"),
            marked,
            "among what is strange"
        );
    }
    let list = reviewer.get("/desk/review").await.text;
    assert_eq!(list.matches(">照片不完整</span>").count(), 1, "{list}");
}

#[tokio::test]
async fn a_form_refuses_what_was_cut_off_and_a_case_says_so_of_what_is_there() {
    on_both(async |home| {
        let town = crate::case::town(home).await;
        let cut = picture("truncated.jpg");
        let inspector = Hand::Agency {
            login: "inspector",
            agency: "agency",
        };
        let photo = handed_in(&town, inspector, &cut).await;
        let case = dispatched(&town, "agency", &photo).await;
        let page = format!("/desk/cases/{case}");
        let county = town.signed_in("unit").await;
        let shown = county.get(&page).await.text;
        assert_eq!(shown.matches(">照片不完整</span>").count(), 1, "{shown}");
        let host = town.signed_in("host").await;
        let about = host.get(&format!("{page}/photos/{photo}/about")).await.text;
        assert!(about.contains(">照片不完整</span>"), "{about}");

        // Who handles it is told while they can still send it anew.
        let mut other = cut.clone();
        other.truncate(cut.len() - 100);
        let fields = [("text", "已修复")];
        let refused = act(&county, &case, "feedback", &fields, &[other.clone()]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(
            refused.text.contains("照片不完整或已损坏"),
            "{}",
            refused.text
        );
        let done = act(
            &county,
            &case,
            "feedback",
            &fields,
            &[picture("no_exif.jpg")],
        )
        .await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);

        // So is a citizen; the rest of the form stays.
        let citizen = town.visitor();
        let form = Form::new()
            .text("form_token", citizen.token().await)
            .text("place", "发展大道 12 号门前")
            .part("photo", Part::bytes(other).file_name("拍照.jpg"));
        let sent = citizen.client.post(format!("{}/report", citizen.site));
        let sent = Answer::of(sent.multipart(form).send().await.unwrap()).await;
        let form = citizen.get(sent.location()).await.text;
        assert!(
            form.contains("照片不完整或已损坏") && form.contains("发展大道 12 号门前"),
            "{form}"
        );
    })
    .await;
}
