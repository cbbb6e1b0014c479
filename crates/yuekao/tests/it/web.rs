//! The site over HTTP: setup, signing in, accounts, who may do what.

use reqwest::StatusCode;
use reqwest::multipart::{Form, Part};
use yuekao::viewer::Role;
use yuekao::web::Outside;
use yuekao::web::access::{self, Relation};

use crate::databases::{Home, on_both};
use crate::town::{Answer, PASSWORD, Town};

#[tokio::test]
async fn an_empty_folder_is_set_up_with_the_code_of_the_console() {
    on_both(async |home| {
        let town = Town::empty(home).await;
        let visitor = town.visitor();
        for path in ["/login", "/desk", "/desk/accounts"] {
            assert_eq!(visitor.get(path).await.location(), "/setup", "{path}");
        }
        assert_eq!(visitor.get("/health").await.status, StatusCode::OK);
        if home.url().is_none() {
            // As on a full disk.
            town.alter("PRAGMA max_page_count = 1").await;
            let large = town.store.write(|tx| {
                Box::pin(async move {
                    sqlx::query(
                        "INSERT OR FAIL INTO frozen (digest, text, at) VALUES ('large', hex(zeroblob(1000000)), 0)",
                    )
                    .execute(tx.conn())
                    .await?;
                    Ok(())
                })
            });
            assert!(large.await.is_err());
            // It is noted right after its caller hears of it.
            tokio::time::sleep(std::time::Duration::from_millis(200)).await;
            let health = visitor.get("/health").await;
            assert_eq!(health.status, StatusCode::INTERNAL_SERVER_ERROR);
            town.alter("DELETE FROM frozen").await;
            assert_eq!(visitor.get("/health").await.status, StatusCode::OK);
        }
        let form = |code| {
            [
                ("code", code),
                ("name", "某市城管办"),
                ("region", "某市"),
                ("login", "Guanli"),
                ("person", "管理员"),
                ("password", PASSWORD),
                ("again", PASSWORD),
            ]
        };
        let wrong = visitor.post("/setup", &form("0000")).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(
            wrong.text.contains("设置码不对") && wrong.text.contains("value=\"某市城管办\""),
            "{}",
            wrong.text
        );
        assert_eq!(
            visitor
                .post("/setup", &form(&town.setup_code))
                .await
                .location(),
            "/login?next=/desk"
        );
        assert_eq!(visitor.get("/setup").await.location(), "/desk");
        let signed = visitor
            .post("/login", &[("login", "guanli"), ("password", PASSWORD)])
            .await;
        assert_eq!(signed.location(), "/desk");
        assert!(visitor.get("/desk").await.text.contains("某市城管办"));
        let host = town.store.host().await.unwrap().unwrap();
        assert_eq!(host.region, "某市");
    })
    .await;
}

#[tokio::test]
async fn signing_in_needs_the_right_password_and_not_too_many_attempts() {
    let home = Home::sqlite();
    let town = Town::founded(&home).await;
    let visitor = town.visitor();
    let try_in = async |login: &str, password: &str| {
        visitor
            .post("/login", &[("login", login), ("password", password)])
            .await
    };
    for login in ["host", "host", "host", "host", "host", "nobody"] {
        let refused = try_in(login, "wrong password").await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.text.contains("登录名或密码不对"));
    }
    let waiting = try_in("host", PASSWORD).await;
    assert_eq!(waiting.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(waiting.text.contains("15 分钟"), "{}", waiting.text);
    town.clock.pass(15 * 60);
    assert_eq!(try_in("host", PASSWORD).await.location(), "/desk");
    assert_eq!(visitor.get("/desk").await.status, StatusCode::OK);
    assert_eq!(visitor.post("/logout", &[]).await.location(), "/login");
    assert_eq!(visitor.get("/desk").await.location(), "/login?next=/desk");
    // Attempts that come together are as many as those that come one by one.
    let together = (0..12).map(|_| try_in("leader", "wrong password"));
    let answers = futures_util::future::join_all(together).await;
    let looked_at = answers
        .iter()
        .filter(|answer| answer.status == StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(looked_at.count(), 5);
}

#[tokio::test]
async fn after_signing_in_one_never_leaves_the_site() {
    let home = Home::sqlite();
    let town = Town::founded(&home).await;
    for (next, leads) in [
        ("/desk/accounts", "/desk/accounts"),
        ("//evil.example", "/desk"),
        ("https://evil.example", "/desk"),
        ("/\\evil.example", "/desk"),
        ("/\t/evil.example", "/desk"),
        ("/\u{1}", "/desk"),
        ("/desk/cases?q=井盖", "/desk"),
        ("/desk/cases?q=%E4%BA%95", "/desk/cases?q=%E4%BA%95"),
    ] {
        let fields = [
            ("login", "administrator"),
            ("password", PASSWORD),
            ("next", next),
        ];
        assert_eq!(
            town.visitor().post("/login", &fields).await.location(),
            leads
        );
    }
}

#[tokio::test]
async fn a_form_must_be_ours() {
    let home = Home::sqlite();
    let town = Town::founded(&home).await;
    let visitor = town.signed_in("administrator").await;
    let token = visitor.token().await;
    let url = format!("{}/desk/settings", visitor.site);
    let fields = |token: &str| {
        vec![
            ("form_token".to_owned(), token.to_owned()),
            ("name".into(), "改名".into()),
            ("region".into(), "某市".into()),
            ("map_review_number".into(), String::new()),
            ("tile_source".into(), String::new()),
        ]
    };
    let other = "0".repeat(64);
    let requests = [
        visitor.client.post(&url).form(&fields(&other)),
        visitor.client.post(&url).form(&fields("")),
        visitor.client.post(&url).form(&fields(&token)[1..]),
        visitor
            .client
            .post(&url)
            .form(&fields(&token))
            .header("sec-fetch-site", "cross-site"),
        visitor
            .client
            .post(&url)
            .form(&fields(&token))
            .header("sec-fetch-site", "same-site"),
        visitor
            .client
            .post(&url)
            .form(&fields(&token))
            .header("origin", "https://evil.example"),
        visitor
            .client
            .post(&url)
            .form(&fields(&token)[1..])
            .header("x-form-token", &other),
        reqwest::Client::new().post(&url).form(&fields(&token)),
    ];
    for request in requests {
        let answer = Answer::of(request.send().await.unwrap()).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{}", answer.text);
    }
    assert_eq!(town.store.host().await.unwrap().unwrap().name, "某市城管办");
    let ours = visitor
        .client
        .post(&url)
        .form(&fields(&token)[1..])
        .header("x-form-token", &token);
    assert_eq!(
        ours.header("sec-fetch-site", "same-origin")
            .send()
            .await
            .unwrap()
            .status(),
        StatusCode::SEE_OTHER
    );
    assert_eq!(town.store.host().await.unwrap().unwrap().name, "改名");
}

#[tokio::test]
async fn every_row_of_the_access_table_holds_over_http() {
    let home = Home::sqlite();
    let town = Town::founded(&home).await;
    let mut visitors = vec![(Role::Citizen, town.visitor())];
    for role in Role::OF_ACCOUNTS {
        visitors.push((role, town.signed_in(role.word()).await));
    }
    // Signing out last: it would end the walk.
    let mut rows: Vec<_> = access::TABLE.iter().collect();
    rows.sort_by_key(|row| row.path == "/logout");
    for row in rows {
        let filled = [
            ("{login}", "nobody"),
            ("{token}", "none"),
            ("{*path}", "none"),
            ("{series}", "none"),
            ("{month}", "2022-03"),
            ("{id}", "none"),
            ("{act}", "accept"),
            ("{bulletin}", "bulletin"),
            ("{digest}", "none"),
            ("{code}", "none"),
            ("{sheet}", "sheet.json"),
            ("{item}", "none"),
            ("{scheme}", "none"),
            ("{other}", "none"),
            ("{file}", "units.csv"),
            ("{sha256}", &"0".repeat(64)),
            ("{size}", "thumb"),
            ("{indicator}", "none"),
            ("{number}", "none"),
        ];
        let path = filled
            .iter()
            .fold(row.path.to_owned(), |path, (name, value)| {
                path.replace(name, value)
            });
        assert!(
            !path.contains('{'),
            "say here what {} is filled with",
            row.path
        );
        for (role, visitor) in &visitors {
            let answer = match row.method {
                "GET" => visitor.get(&path).await,
                _ => visitor.post(&path, &[]).await,
            };
            let to_login = answer.location().starts_with("/login?next=");
            let may = row.who.contains(role);
            // What is secret is not forbidden but missing; those who may get that answer too if there is no such thing.
            let hidden = row.to == Relation::Secret && answer.status == StatusCode::NOT_FOUND;
            let stopped = to_login || answer.status == StatusCode::FORBIDDEN || (hidden && !may);
            assert!(
                row.to != Relation::Secret || answer.status != StatusCode::FORBIDDEN,
                "{path} tells {role} that there is something"
            );
            assert_eq!(
                stopped, !may,
                "{} {path} as {role}: {} {}",
                row.method, answer.status, answer.text
            );
            assert!(
                !answer.status.is_server_error(),
                "{} {path} as {role}: {}",
                row.method,
                answer.text
            );
            assert!(
                !answer.text.contains("Unknown localization"),
                "{} {path}: {}",
                row.method,
                answer.text
            );
        }
    }
    assert!(access::TABLE.iter().any(|row| row.to == Relation::Own));
}

#[tokio::test]
async fn an_administrator_makes_an_account_whose_password_must_be_changed() {
    on_both(async |home| {
        let town = Town::founded(home).await;
        // Nobody is security administrator here.
        town.alter("DELETE FROM account WHERE login = 'security'")
            .await;
        let administrator = town.signed_in("administrator").await;
        let fields = [
            ("login", "jiayu"),
            ("name", "嘉鱼县<城管局>"),
            ("role", "unit"),
            ("unit", "421221"),
        ];
        let made = administrator.post("/desk/accounts", &fields).await;
        assert!(
            made.text.contains("嘉鱼县&#60;城管局&#62;"),
            "{}",
            made.text
        );
        let first = made
            .text
            .split("<code>")
            .nth(1)
            .unwrap()
            .split('<')
            .next()
            .unwrap()
            .to_owned();
        let again = administrator.post("/desk/accounts", &fields).await;
        assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(again.text.contains("已被使用"));

        let (visitor, sign_in) = (
            town.visitor(),
            [("login", "jiayu"), ("password", first.as_str())],
        );
        visitor.post("/login", &sign_in).await;
        assert_eq!(visitor.get("/desk").await.location(), "/password");
        let change = async |old: &str, new: &str, again: &str| {
            visitor
                .post("/password", &[("old", old), ("new", new), ("again", again)])
                .await
        };
        for (old, new, again, said) in [
            ("wrong", PASSWORD, PASSWORD, "现在的密码不对"),
            (&first, &first, &first, "和现在的一样"),
            (&first, PASSWORD, "other", "不一样"),
            (&first, "short", "short", "太短"),
        ] {
            let refused = change(old, new, again).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
            assert!(refused.text.contains(said), "{said}: {}", refused.text);
        }
        assert_eq!(change(&first, PASSWORD, PASSWORD).await.location(), "/desk");
        assert_eq!(visitor.get("/desk").await.status, StatusCode::OK);
        let list = administrator.get_json("/desk/accounts").await;
        assert_eq!(list.header("content-type"), "application/json");
        assert!(list.text.contains("\"jiayu\"") && !list.text.contains("argon2"));
    })
    .await;
}

#[tokio::test]
async fn who_asks_for_an_account_never_holds_its_password() {
    on_both(async |home| {
        let town = crate::case::town(home).await;
        let system = town.signed_in("administrator").await;
        let (security, visitor) = (town.signed_in("security").await, town.visitor());
        let fields = [
            ("login", "jiayu"),
            ("name", "嘉鱼县城管局"),
            ("role", "unit"),
            ("unit", "421229"),
        ];
        let nowhere = system.post("/desk/accounts", &fields).await;
        assert_eq!(nowhere.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(nowhere.text.contains("本月没有编码为“421229”的单位"));
        let fields = [fields[0], fields[1], fields[2], ("unit", "421221")];
        let made = system.post("/desk/accounts", &fields).await;
        assert!(made.text.contains("jiayu") && made.text.contains("一次性链接"));
        assert!(!made.text.contains("<code>"), "{}", made.text);
        let open = "/desk/accounts/jiayu/enable";
        let refused = system.post(open, &[]).await;
        assert!(refused.text.contains("由安全管理员办理"));
        // Who opens it sees what it would be.
        let list = security.get("/desk/accounts").await.text;
        let page = security.get("/desk/accounts/jiayu").await.text;
        for words in [
            "待启用",
            "单位承办人",
            "嘉鱼县 <span class=\"soft\">421221</span>",
        ] {
            assert!(
                list.contains(words) && page.contains(words),
                "{words}: {page}"
            );
        }
        assert!(page.contains("<button>启用</button>"), "{page}");
        assert!(!page.contains("已停用"), "{page}");
        let opened = security.post(open, &[]).await;
        let link = opened.text.split("<code id=\"link\">").nth(1).unwrap();
        let link = link.split('<').next().unwrap();
        let link = &link[link.find("/reset/").unwrap()..];
        let own = [("new", "我自己的密码-2022"), ("again", "我自己的密码-2022")];
        assert_eq!(visitor.post(link, &own).await.location(), "/desk");
        // Opened again it keeps the password that its owner has set.
        security.post("/desk/accounts/jiayu/disable", &[]).await;
        let again = security.post(open, &[]).await;
        assert_eq!(again.status, StatusCode::SEE_OTHER);
        let sign_in = [("login", "jiayu"), ("password", own[0].1)];
        assert_eq!(visitor.post("/login", &sign_in).await.location(), "/desk");
        // The page of an account tells nothing of how much was done elsewhere in between.
        let page = security.get("/desk/accounts/jiayu").await.text;
        let acts = town.store.acts_of("account", "jiayu").await.unwrap();
        for act in acts {
            assert!(!page.contains(&format!(">{}</td>", act.seq)), "{page}");
        }

        // Its unit ends: the list says so.
        let mut ended = crate::case::unit("421221", "嘉鱼县", "county", Some("421200"));
        ended.valid_to = Some("2022-02".into());
        town.store
            .set_units(town.clock.now(), "console", vec![ended])
            .await
            .unwrap();
        let list = security.get("/desk/accounts").await.text;
        assert!(list.contains("没有这个单位"), "{list}");
    })
    .await;
}

#[tokio::test]
async fn three_administrators_keep_each_other_in_check() {
    let home = Home::sqlite();
    let town = Town::founded(&home).await;
    let (system, security, audit) = (
        town.signed_in("administrator").await,
        town.signed_in("security").await,
        town.signed_in("audit-administrator").await,
    );
    let own_role = [("name", "x"), ("role", "host"), ("unit", "")];
    for (who, path, said) in [
        (&system, "/desk/accounts/administrator", "由安全管理员办理"),
        (&security, "/desk/accounts/security", "不能修改自己的角色"),
    ] {
        let refused = who.post(path, &own_role).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.text.contains(said), "{}", refused.text);
    }
    // Nor across, for whoever it is.
    for (login, role) in [("administrator", "host"), ("host", "administrator")] {
        let path = format!("/desk/accounts/{login}");
        let fields = [("name", "x"), ("role", role), ("unit", "")];
        let refused = security.post(&path, &fields).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.text.contains("不能互改角色"), "{}", refused.text);
        let page = security.get(&path).await.text;
        assert!(
            !page.contains(&format!("<option value=\"{role}\"")),
            "{page}"
        );
    }
    // Nor by a hand-over: not to oneself, not of one's own, and not across.
    for (from, to, said) in [
        ("host", "security", "不能移交自己的职务"),
        ("security", "host", "不能移交自己的职务"),
        ("host", "administrator", "三类管理员之间不能移交职务"),
    ] {
        let path = format!("/desk/accounts/{from}/hand-over");
        let refused = security.post(&path, &[("to", to)]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.text.contains(said), "{}", refused.text);
    }
    let refused = security.post("/desk/accounts/security/disable", &[]).await;
    assert!(refused.text.contains("最后一个安全管理员"));
    for closed in ["/desk/rounds", "/desk/import", "/desk/schemes"] {
        for who in [&system, &security, &audit] {
            assert_eq!(who.get(closed).await.status, StatusCode::FORBIDDEN);
        }
    }
    let fields = [("name", "审计二组"), ("role", "auditor"), ("unit", "")];
    security.post("/desk/accounts/auditor", &fields).await;
    let record = audit.get_json("/desk/acts?noun=account&who=security").await;
    assert!(
        record.text.contains("\"changed\"") && record.text.contains("\"auditor\""),
        "{}",
        record.text
    );
    assert!(!record.text.contains("审计二组"), "contents are not shown");
    let page = audit.get("/desk/acts?noun=account&who=security").await.text;
    for words in ["<td>账号</td>", "<td>修改</td>"] {
        assert!(page.contains(words), "{words}: {page}");
    }
    assert!(!page.contains("<td>changed</td>"), "{page}");
    assert!(
        audit
            .get("/desk/acts?noun=nothing")
            .await
            .text
            .contains("没有符合条件的记录")
    );
}

#[tokio::test]
async fn who_cannot_do_what_an_empty_page_advises_is_told_who_does() {
    let home = Home::sqlite();
    let town = Town::founded(&home).await;
    for path in [
        "/desk/rounds",
        "/desk/schemes",
        "/desk/units",
        "/desk/chiefs",
    ] {
        for login in ["host", "auditor"] {
            let page = town.signed_in(login).await.get(path).await.text;
            let told = page.contains("会列在这里");
            assert_eq!(told, login == "auditor", "{login} {path}: {page}");
        }
    }
}

#[tokio::test]
async fn a_forgotten_password_is_set_by_a_one_time_link_and_ends_old_sessions() {
    let home = Home::sqlite();
    let town = Town::founded(&home).await;
    let old_session = town.signed_in("host").await;
    let security = town.signed_in("security").await;
    let page = security.post("/desk/accounts/host/reset", &[]).await;
    let link = page
        .text
        .split("<code id=\"link\">")
        .nth(1)
        .unwrap()
        .split('<')
        .next()
        .unwrap();
    let path = &link[link.find("/reset/").unwrap()..];
    let visitor = town.visitor();
    assert!(visitor.get(path).await.text.contains("“host”"));
    let fields = [("new", "全新的密码-2022"), ("again", "全新的密码-2022")];
    assert_eq!(visitor.post(path, &fields).await.location(), "/desk");
    assert_eq!(visitor.get("/desk").await.status, StatusCode::OK);
    assert_eq!(
        town.visitor().post(path, &fields).await.status,
        StatusCode::NOT_FOUND
    );
    assert_eq!(
        old_session.get("/desk").await.location(),
        "/login?next=/desk"
    );
}

#[tokio::test]
async fn a_closed_account_is_out_at_once() {
    let home = Home::sqlite();
    let town = Town::founded(&home).await;
    let host = town.signed_in("host").await;
    let security = town.signed_in("security").await;
    let alone = security.get("/desk/accounts/administrator").await.text;
    assert!(
        alone.contains("没有可以接任的账号") && !alone.contains("<select id=\"to\""),
        "{alone}"
    );
    security
        .post("/desk/accounts/host/hand-over", &[("to", "auditor")])
        .await;
    assert_eq!(host.get("/desk").await.location(), "/login?next=/desk");
    let refused = host
        .post("/login", &[("login", "host"), ("password", PASSWORD)])
        .await;
    assert!(refused.text.contains("登录名或密码不对"));
    assert_eq!(
        town.store.account("auditor").await.unwrap().unwrap().role,
        Role::Host
    );
    let page = security.get("/desk/accounts/host").await;
    assert!(page.text.contains("移交职务") && page.text.contains("已停用"));
}

#[tokio::test]
async fn a_session_that_ended_with_its_account_stays_ended_when_the_account_is_opened_again() {
    on_both(async |home| {
        let town = Town::founded(home).await;
        let (thief, other) = (
            town.signed_in("leader").await,
            town.signed_in("host2").await,
        );
        let security = town.signed_in("security").await;
        for act in ["disable", "enable"] {
            town.clock.pass(60);
            let path = format!("/desk/accounts/leader/{act}");
            let done = security.post(&path, &[]).await;
            assert_eq!(done.location(), "/desk/accounts/leader");
        }
        assert_eq!(thief.get("/desk").await.location(), "/login?next=/desk");
        // Whoever knows the password is in again, and nobody else was out.
        let owner = town.signed_in("leader").await;
        assert_eq!(owner.get("/desk").await.status, StatusCode::OK);
        assert_eq!(other.get("/desk").await.status, StatusCode::OK);
        assert_eq!(thief.get("/desk").await.location(), "/login?next=/desk");
        // So it is after a hand-over.
        let passed = [("to", "auditor")];
        security
            .post("/desk/accounts/leader/hand-over", &passed)
            .await;
        security.post("/desk/accounts/leader/enable", &[]).await;
        assert_eq!(owner.get("/desk").await.location(), "/login?next=/desk");
    })
    .await;
}

#[tokio::test]
async fn users_come_from_a_file_all_or_none() {
    let home = Home::sqlite();
    let town = Town::founded(&home).await;
    let administrator = town.signed_in("administrator").await;
    let upload = async |text: &str| {
        let token = administrator.token().await;
        let file = Part::bytes(text.as_bytes().to_vec()).file_name("用户.csv");
        let form = Form::new().text("form_token", token).part("file", file);
        let url = format!("{}/desk/accounts/import", administrator.site);
        Answer::of(
            administrator
                .client
                .post(url)
                .multipart(form)
                .send()
                .await
                .unwrap(),
        )
        .await
    };
    let before = town.store.accounts().await.unwrap().len();
    let refused = upload("login,name,role,unit\njia,甲,host,\nyi,乙,king,\n").await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        refused.text.contains("第 3 行") && refused.text.contains("king"),
        "{}",
        refused.text
    );
    assert_eq!(town.store.accounts().await.unwrap().len(), before);
    let made = upload("login,name,role,unit\njia,甲,host,\nyi,乙,leader,\n").await;
    assert!(made.text.contains("一次性链接") && !made.text.contains("<code>"));
    assert!(["甲", "乙"].iter().all(|name| made.text.contains(name)));
    assert_eq!(town.store.accounts().await.unwrap().len(), before + 2);
}

#[tokio::test]
async fn pages_speak_two_languages_and_say_when_data_are_made_up() {
    let home = Home::sqlite();
    let town = Town::founded(&home).await;
    let visitor = town.visitor();
    let chinese = visitor.get("/login?next=/desk").await;
    assert!(chinese.text.contains("<html lang=\"zh-CN\">") && chinese.text.contains("忘记密码"));
    assert!(
        chinese.text.contains("href=\"?next=/desk&#38;lang=en\""),
        "{}",
        chinese.text
    );
    assert!(!chinese.text.contains("合成数据"));
    let odd = visitor.get("//evil.example/x").await.text;
    assert!(!odd.contains("href=\"//"), "{odd}");
    let english = visitor.get("/login?lang=en").await;
    assert!(english.text.contains("<html lang=\"en\">") && english.text.contains("Forgotten"));
    assert!(
        visitor.get("/login").await.text.contains("Forgotten"),
        "the cookie keeps the language"
    );
    let administrator = town.signed_in("administrator").await;
    let fields = [
        ("name", "某市城管办"),
        ("region", "某市"),
        ("synthetic", "yes"),
        ("map_review_number", ""),
        ("tile_source", "https://tiles.example/{z}/{x}/{y}.png"),
    ];
    assert_eq!(
        administrator
            .post("/desk/settings", &fields)
            .await
            .location(),
        "/desk/settings"
    );
    let page = visitor.get("/login").await;
    assert!(page.text.contains("Synthetic data, not real results"));
    assert!(
        page.header("content-security-policy")
            .contains("img-src 'self' https://tiles.example ")
    );
}

#[tokio::test]
async fn headers_keep_browsers_safe_and_errors_say_what_to_do() {
    let home = Home::sqlite();
    let town = Town::founded(&home).await;
    let visitor = town.visitor();
    let missing = visitor.get("/nowhere").await;
    assert_eq!(missing.status, StatusCode::NOT_FOUND);
    assert!(missing.text.contains("没有这个页面"));
    let policy = missing.header("content-security-policy");
    assert!(
        policy.contains("frame-ancestors 'none'") && !policy.contains("unsafe"),
        "{policy}"
    );
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "same-origin"),
        ("cache-control", "no-store"),
    ] {
        assert_eq!(missing.header(name), value);
    }
    let problem = visitor.get_json("/nowhere").await;
    assert_eq!(
        (problem.status, problem.header("content-type")),
        (StatusCode::NOT_FOUND, "application/problem+json")
    );
    assert!(problem.text.contains("urn:yuekao:error-not-found"));
    let unsigned = visitor.get_json("/desk/accounts").await;
    assert_eq!(unsigned.status, StatusCode::UNAUTHORIZED);
    let wrong_method = visitor
        .client
        .delete(format!("{}/login", visitor.site))
        .header("x-form-token", visitor.token().await);
    assert_eq!(
        wrong_method.send().await.unwrap().status(),
        StatusCode::METHOD_NOT_ALLOWED
    );
}

#[tokio::test]
async fn behind_tls_no_cookie_travels_in_the_clear() {
    let home = Home::sqlite();
    let town = Town::outside(
        &home,
        Outside {
            tls: true,
            proxy: true,
        },
    )
    .await;
    let page = town.visitor().get("/setup").await;
    assert!(page.header("set-cookie").contains("; Secure"), "{page:?}");
    assert!(page.header("set-cookie").contains("HttpOnly"), "{page:?}");
}

/// The text of every file below a folder of the crate, with its path.
fn texts(folder: &str) -> Vec<(String, String)> {
    fn gather(folder: &std::path::Path, found: &mut Vec<(String, String)>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                gather(&path, found);
            } else {
                found.push((
                    path.display().to_string(),
                    std::fs::read_to_string(&path).unwrap(),
                ));
            }
        }
    }
    let mut found = Vec::new();
    gather(
        &std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(folder),
        &mut found,
    );
    found
}

#[test]
fn every_key_in_a_template_has_its_word() {
    let words = texts("locales/zh-CN");
    let known: std::collections::HashSet<_> = words
        .iter()
        .flat_map(|(_, text)| text.lines())
        .filter_map(|line| line.split(" =").next())
        .collect();
    let mut keys = 0;
    for (file, text) in texts("templates") {
        for call in ["page.t(\"", "page.t1(\"", "page.t2(\""] {
            for rest in text.split(call).skip(1) {
                let key = rest.split('"').next().unwrap();
                assert!(known.contains(key), "{file}: {key}");
                keys += 1;
            }
        }
    }
    assert!(keys > 50);
}
