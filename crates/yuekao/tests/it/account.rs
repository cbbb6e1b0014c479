//! Accounts in the store.

use yuekao::store::Error;
use yuekao::store::account::{Duty, checked_login};
use yuekao::viewer::Role;

use crate::act::{at, duty};
use crate::databases::on_both;

fn refusal<T: std::fmt::Debug>(result: Result<T, Error>) -> &'static str {
    match result {
        Err(Error::Refused(message)) => message.key,
        other => panic!("not refused: {other:?}"),
    }
}

#[tokio::test]
async fn an_office_is_handed_over_with_its_unit_and_the_old_account_is_closed() {
    on_both(async |home| {
        let store = home.open().await;
        store
            .create_account(at(1), "console", "Old.One", duty(Role::Unit), None, false)
            .await
            .unwrap();
        let reader = Duty::new("接任者", Role::Leader, None).unwrap();
        store
            .create_account(at(1), "console", "new", reader, None, false)
            .await
            .unwrap();
        assert_eq!(
            refusal(store.hand_over(at(2), "console", "new", "new").await),
            "account-handed-to-itself"
        );
        store
            .hand_over(at(2), "console", "old.one", "new")
            .await
            .unwrap();
        let new = store.account("new").await.unwrap().unwrap();
        assert_eq!(
            (new.name.as_str(), new.role, new.unit.as_deref()),
            ("接任者", Role::Unit, Some("421221"))
        );
        assert_eq!(
            store.account("old.one").await.unwrap().unwrap().disabled_at,
            Some(at(2))
        );
        assert_eq!(
            refusal(store.hand_over(at(3), "console", "old.one", "new").await),
            "account-not-open"
        );
        let kinds: Vec<_> = store
            .acts_of("account", "old.one")
            .await
            .unwrap()
            .into_iter()
            .map(|act| act.kind)
            .collect();
        assert_eq!(kinds, ["created", "handed_over"]);
    })
    .await;
}

#[tokio::test]
async fn the_last_administrator_cannot_be_lost() {
    on_both(async |home| {
        let store = home.open().await;
        store
            .create_account(at(1), "console", "yi", duty(Role::Host), None, false)
            .await
            .unwrap();
        store.disable_account(at(1), "console", "yi").await.unwrap();
        store
            .create_account(
                at(1),
                "console",
                "jia",
                duty(Role::Administrator),
                None,
                false,
            )
            .await
            .unwrap();
        assert_eq!(
            refusal(store.disable_account(at(2), "jia", "jia").await),
            "account-last-administrator"
        );
        store
            .create_account(at(3), "jia", "bing", duty(Role::Administrator), None, false)
            .await
            .unwrap();
        store.disable_account(at(4), "jia", "jia").await.unwrap();
        store.enable_account(at(5), "bing", "jia").await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_security_administrator_stays_and_no_administrator_becomes_what_they_administer() {
    on_both(async |home| {
        let store = home.open().await;
        for (login, role) in [
            ("an", Role::Security),
            ("xi", Role::Administrator),
            ("kao", Role::Host),
        ] {
            store
                .create_account(at(1), "console", login, duty(role), None, false)
                .await
                .unwrap();
        }
        for (from, to) in [("kao", "an"), ("an", "kao"), ("xi", "an"), ("an", "xi")] {
            let handed = store.hand_over(at(2), "console", from, to).await;
            assert_eq!(refusal(handed), "account-handed-across", "{from} {to}");
        }
        let last = "account-last-security";
        assert_eq!(
            refusal(store.disable_account(at(2), "an", "an").await),
            last
        );
        for (login, role) in [
            ("an", Role::Host),
            ("an", Role::Administrator),
            ("xi", Role::Host),
            ("xi", Role::Security),
            ("kao", Role::Administrator),
        ] {
            let changed = store.change_account(at(2), "an", login, duty(role)).await;
            assert_eq!(refusal(changed), "account-changed-across", "{login} {role}");
        }
        store
            .change_account(at(2), "an", "kao", duty(Role::Leader))
            .await
            .unwrap();
        store
            .create_account(at(3), "xi", "quan", duty(Role::Security), None, false)
            .await
            .unwrap();
        store
            .hand_over(at(4), "console", "an", "quan")
            .await
            .unwrap();
        assert_eq!(
            refusal(store.disable_account(at(5), "quan", "quan").await),
            last
        );
    })
    .await;
}

#[tokio::test]
async fn a_one_time_link_sets_one_password_within_a_day() {
    on_both(async |home| {
        let store = home.open().await;
        store
            .create_account(
                at(0),
                "console",
                "jia",
                duty(Role::Host),
                Some("old".into()),
                true,
            )
            .await
            .unwrap();
        let first = store.make_reset(at(1), "console", "jia").await.unwrap();
        let second = store.make_reset(at(2), "console", "jia").await.unwrap();
        assert_eq!(
            store.reset_login(at(3), &first).await.unwrap().as_deref(),
            Some("jia")
        );
        assert_eq!(store.reset_login(at(90_000), &first).await.unwrap(), None);
        assert_eq!(
            refusal(store.use_reset(at(90_000), &first, "late".into()).await),
            "account-reset-over"
        );
        assert_eq!(
            store.use_reset(at(4), &second, "new".into()).await.unwrap(),
            "jia"
        );
        let account = store.account("jia").await.unwrap().unwrap();
        assert_eq!((account.hash.as_str(), account.must_change), ("new", false));
        for spent in [&first, &second] {
            assert_eq!(
                refusal(store.use_reset(at(5), spent, "again".into()).await),
                "account-reset-over"
            );
        }
        let record = store.acts_after(0, 99).await.unwrap();
        assert!(
            record
                .iter()
                .all(|act| !act.body.contains("new") && !act.body.contains(&second))
        );
    })
    .await;
}

#[tokio::test]
async fn one_time_links_end_with_a_new_password_and_with_the_closing_of_the_account() {
    on_both(async |home| {
        let store = home.open().await;
        for login in ["jia", "yi"] {
            store
                .create_account(
                    at(0),
                    "console",
                    login,
                    duty(Role::Host),
                    Some("old".into()),
                    false,
                )
                .await
                .unwrap();
        }
        let over = async |token: &str, second| {
            let used = store.use_reset(at(second), token, "new".into()).await;
            assert_eq!(refusal(used), "account-reset-over", "{second}");
            assert_eq!(store.reset_login(at(second), token).await.unwrap(), None);
        };
        let link = store.make_reset(at(1), "console", "jia").await.unwrap();
        store
            .set_password(at(2), "jia", "jia", "other".into(), false)
            .await
            .unwrap();
        over(&link, 3).await;
        let link = store.make_reset(at(4), "console", "jia").await.unwrap();
        store
            .disable_account(at(5), "console", "jia")
            .await
            .unwrap();
        over(&link, 6).await;
        let opened = store.enable_account(at(7), "console", "jia").await.unwrap();
        assert_eq!(opened, None);
        over(&link, 8).await;
        let link = store.make_reset(at(9), "console", "jia").await.unwrap();
        store
            .hand_over(at(10), "console", "jia", "yi")
            .await
            .unwrap();
        store
            .enable_account(at(11), "console", "jia")
            .await
            .unwrap();
        over(&link, 12).await;
        // One that is made after the account is open again sets a password.
        let link = store.make_reset(at(13), "console", "jia").await.unwrap();
        store.use_reset(at(14), &link, "new".into()).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn many_accounts_are_made_together_or_none() {
    on_both(async |home| {
        let store = home.open().await;
        let row = |login: &str| (login.to_owned(), duty(Role::Unit), Some("h".to_owned()));
        let twice = vec![row("jia"), row("yi"), row("jia")];
        assert_eq!(
            refusal(store.create_accounts(at(1), "console", twice, false).await),
            "account-login-taken"
        );
        assert!(store.accounts().await.unwrap().is_empty());
        store
            .create_accounts(at(1), "console", vec![row("jia"), row("yi")], false)
            .await
            .unwrap();
        assert!(
            store
                .accounts()
                .await
                .unwrap()
                .iter()
                .all(|account| account.must_change)
        );
    })
    .await;
}

#[test]
fn nobody_signs_in_under_a_name_of_the_program() {
    for login in [
        "Console", "clock", "citizen", " system ", "darkroom", "甲", "a b",
    ] {
        assert_eq!(
            refusal(checked_login(login)),
            "account-login-bad",
            "{login}"
        );
    }
    assert_eq!(checked_login(" Citizens ").unwrap(), "citizens");
}

#[test]
fn a_units_account_names_its_unit() {
    assert_eq!(
        refusal(Duty::new("某县", Role::Unit, Some(" "))),
        "account-unit-missing"
    );
    assert_eq!(
        refusal(Duty::new(" ", Role::Host, None)),
        "account-name-missing"
    );
}
