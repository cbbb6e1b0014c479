//! A data folder is copied while it is written, put back, and looked through.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use yuekao::store::Store;
use yuekao::store::field_photo::Hand;

use crate::act::{at, unit};
use crate::command::run;
use crate::databases::Home;

async fn photo(store: &Store, name: &str) -> String {
    let bytes = crate::field::picture(name);
    let mut incoming = store.incoming();
    assert!(incoming.take(&bytes).is_empty());
    let digest = incoming.digest();
    let hand = Hand::Desk("jia");
    store
        .keep_original(at(1), hand, incoming, "image/jpeg", true)
        .await
        .unwrap();
    digest
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_copy_made_while_the_store_is_written_is_put_back_and_sound() {
    let home = Home::sqlite();
    let store = home.open().await;
    let digest = photo(&store, "xianan_orient1.jpg").await;
    let done = Arc::new(AtomicBool::new(false));
    let writing = tokio::spawn({
        let (store, done) = (store.clone(), done.clone());
        async move {
            let mut written = 0;
            while !done.load(Ordering::Acquire) {
                let units = vec![unit(&format!("u{written}"), "2021-01")];
                store.set_units(at(2), "jia", units).await.unwrap();
                written += 1;
            }
            written
        }
    });
    let before = store.last_act().await.unwrap();
    let aside = Home::sqlite();
    let copy = aside.folder().join("copy");
    let path = copy.to_str().unwrap();
    let (code, said) = run(&home, &["backup", path]);
    assert_eq!(code, 0, "{said}");
    done.store(true, Ordering::Release);
    assert!(writing.await.unwrap() > 0);
    let (code, said) = run(&home, &["--lang", "en", "backup", path]);
    assert!(code == 1 && said.contains("is not empty"), "{said}");

    // Neither over what is there, nor from a folder in use.
    let (code, said) = run(&home, &["--lang", "en", "restore", path]);
    assert!(code == 1 && said.contains("is not empty"), "{said}");
    let in_use = home.folder().to_str().unwrap();
    let fresh = Home::sqlite();
    let (code, said) = run(&fresh, &["--lang", "en", "restore", in_use]);
    assert!(code == 1 && said.contains("a data folder in use"), "{said}");
    let (code, said) = run(&fresh, &["restore", path]);
    assert_eq!(code, 0, "{said}");
    let (code, said) = run(&fresh, &["--lang", "en", "check"]);
    assert!(code == 0 && said.contains("as they were written"), "{said}");

    let back = fresh.open().await;
    let acts = back.acts_after(0, 1_000_000).await.unwrap();
    let last = acts.last().unwrap().seq;
    assert!(last >= before);
    let there = store.acts_after(0, last).await.unwrap();
    assert_eq!(acts, there, "all acts up to one moment");
    let bytes = |store: &Store| std::fs::read(store.original_path(&digest)).unwrap();
    assert_eq!(bytes(&back), bytes(&store));

    // What is damaged is named.
    std::fs::write(back.original_path(&digest), "something else").unwrap();
    let damaged = "UPDATE act SET body = '{}' WHERE seq = 1";
    back.write(move |tx| {
        Box::pin(async move {
            sqlx::query("DROP TRIGGER act_is_not_changed")
                .execute(tx.conn())
                .await?;
            sqlx::query(damaged).execute(tx.conn()).await?;
            Ok(())
        })
    })
    .await
    .unwrap();
    back.close().await;
    let (code, said) = run(&fresh, &["--lang", "en", "check"]);
    assert_eq!(code, 2, "{said}");
    assert!(
        said.contains(&digest[2..]) && said.contains("Act 1 is"),
        "{said}"
    );
    assert_eq!(said.lines().count(), 2, "{said}");
}

#[test]
fn a_database_elsewhere_is_copied_by_its_own_tools() {
    let home = Home::postgres();
    for command in [["backup", "/nowhere"], ["restore", "/nowhere"]] {
        let (code, said) = run(&home, &[&["--lang", "en"][..], &command[..]].concat());
        assert!(code == 1 && said.contains("pg_dump"), "{said}");
    }
    let (code, said) = run(&home, &["--lang", "en", "check"]);
    assert!(code == 0 && said.contains("as they were written"), "{said}");
}
