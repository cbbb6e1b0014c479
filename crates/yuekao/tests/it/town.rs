//! A town with a running server, and people who visit it.

use std::io::Cursor;
use std::net::{SocketAddr, TcpListener};

use calamine::{Data, Reader as _, Xlsx};
use jiff::Timestamp;
use reqwest::multipart::{Form, Part};
use reqwest::{Client, Response, StatusCode, redirect};
use tokio::sync::oneshot;
use yuekao::clock::Clock;
use yuekao::password;
use yuekao::store::Store;
use yuekao::store::account::Duty;
use yuekao::store::host::{Host, Settings};
use yuekao::viewer::Role;
use yuekao::web::{App, Outside, server};

use crate::databases::Home;

/// The password of everybody in the town.
pub const PASSWORD: &str = "每月一考-看谁做得更好";

/// A real server on a free port.
pub struct Town {
    /// Its store.
    pub store: Store,
    /// Its clock, which stands still until it is moved.
    pub clock: Clock,
    /// The code of the first setup.
    pub setup_code: String,
    address: SocketAddr,
    _stop: oneshot::Sender<()>,
}

impl Town {
    /// A server on an empty home, not set up.
    pub async fn empty(home: &Home) -> Self {
        Self::outside(home, Outside::default()).await
    }

    /// A server on an empty home that is reached in a certain way.
    pub async fn outside(home: &Home, outside: Outside) -> Self {
        let store = home.open().await;
        let clock = Clock::standing_at("2022-03-31T10:00:00Z".parse::<Timestamp>().unwrap());
        let app = App::new(store.clone(), clock.clone(), outside);
        let setup_code = app.setup_code.to_string();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel::<()>();
        tokio::spawn(server::serve(app, listener, None, async {
            let _ = stopped.await;
        }));
        Self {
            store,
            clock,
            setup_code,
            address,
            _stop: stop,
        }
    }

    /// A server of a host that is set up, with one account for each role, named like the role, and a second one for the
    /// office. What they are was said by the console: there is a security administrator.
    pub async fn founded(home: &Home) -> Self {
        let town = Self::empty(home).await;
        let host = Host {
            name: "某市城管办".into(),
            region: "某市".into(),
            settings: Settings::default(),
        };
        let now = town.clock.now();
        town.store.found_host(now, "console", host).await.unwrap();
        let hash = password::hash(PASSWORD);
        let accounts = Role::OF_ACCOUNTS
            .map(|role| (role.word(), role))
            .into_iter()
            .chain([("host2", Role::Host)]);
        for (login, role) in accounts {
            let unit = match role {
                Role::Unit => Some("421221"),
                role if role.is_of_agency() => Some("agency-a"),
                _ => None,
            };
            let duty = Duty::new(login, role, unit).unwrap();
            town.store
                .create_account(now, "console", login, duty, Some(hash.clone()), false)
                .await
                .unwrap();
        }
        town
    }

    /// Changes the tables by hand, without an act.
    pub async fn alter(&self, statement: &'static str) {
        let altered = self.store.write(move |tx| {
            Box::pin(async move {
                sqlx::query(statement).execute(tx.conn()).await?;
                Ok(())
            })
        });
        altered.await.unwrap();
    }

    /// Somebody with a browser of their own, who has not signed in.
    pub fn visitor(&self) -> Visitor {
        let client = Client::builder()
            .cookie_store(true)
            .redirect(redirect::Policy::none())
            .build()
            .unwrap();
        Visitor {
            client,
            site: format!("http://{}", self.address),
        }
    }

    /// Somebody who has signed in with the town's password.
    pub async fn signed_in(&self, login: &str) -> Visitor {
        let visitor = self.visitor();
        let answer = visitor
            .post("/login", &[("login", login), ("password", PASSWORD)])
            .await;
        assert_eq!(
            answer.status,
            StatusCode::SEE_OTHER,
            "{login}: {}",
            answer.text
        );
        visitor
    }
}

/// Somebody with a browser.
pub struct Visitor {
    /// The browser.
    pub client: Client,
    /// The address of the site.
    pub site: String,
}

/// What the server answered.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: reqwest::header::HeaderMap,
    pub text: String,
}

impl Answer {
    pub async fn of(response: Response) -> Self {
        let (status, headers) = (response.status(), response.headers().clone());
        Self {
            status,
            headers,
            text: response.text().await.unwrap(),
        }
    }

    /// A header, empty if there is none.
    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }

    /// Where it leads.
    pub fn location(&self) -> &str {
        self.header("location")
    }

    /// The token of its form.
    pub fn form_token(&self) -> String {
        self.hidden("form_token")
    }

    /// What a hidden field of its form holds.
    pub fn hidden(&self, name: &str) -> String {
        let field = format!("name=\"{name}\" value=\"");
        let (_, rest) = self
            .text
            .split_once(&field)
            .unwrap_or_else(|| panic!("no hidden field {name}: {}", self.text));
        rest.split('"').next().unwrap().to_owned()
    }
}

impl Visitor {
    /// Gets a page.
    pub async fn get(&self, path: &str) -> Answer {
        Answer::of(
            self.client
                .get(format!("{}{path}", self.site))
                .send()
                .await
                .unwrap(),
        )
        .await
    }

    /// Gets JSON.
    pub async fn get_json(&self, path: &str) -> Answer {
        let request = self
            .client
            .get(format!("{}{path}", self.site))
            .header("accept", "application/json");
        Answer::of(request.send().await.unwrap()).await
    }

    /// Gets a workbook: the rows of its first sheet, each cell as text.
    pub async fn workbook(&self, path: &str) -> Vec<Vec<String>> {
        let answer = self.client.get(format!("{}{path}", self.site)).send();
        let bytes = answer.await.unwrap().bytes().await.unwrap();
        let mut book = Xlsx::new(Cursor::new(bytes)).unwrap();
        let sheet = book.worksheet_range_at(0).unwrap().unwrap();
        let texts = |row: &[Data]| row.iter().map(ToString::to_string).collect();
        sheet.rows().map(texts).collect()
    }

    /// The form token of this browser: any page sets its cookie and every form carries it.
    pub async fn token(&self) -> String {
        for path in ["/password", "/login", "/setup"] {
            let page = self.get(path).await;
            if page.status == StatusCode::OK {
                return page.form_token();
            }
        }
        panic!("no page with a form");
    }

    /// Posts a form with its token.
    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let token = self.token().await;
        let mut form = vec![("form_token", token.as_str())];
        form.extend(fields);
        let request = self.client.post(format!("{}{path}", self.site)).form(&form);
        Answer::of(request.send().await.unwrap()).await
    }

    /// Posts a form with files, each of name and content.
    pub async fn upload(
        &self,
        path: &str,
        fields: &[(&str, &str)],
        files: &[(&str, &[u8])],
    ) -> Answer {
        let mut form = Form::new().text("form_token", self.token().await);
        for (name, text) in fields {
            form = form.text((*name).to_owned(), (*text).to_owned());
        }
        for (name, bytes) in files {
            let part = Part::bytes(bytes.to_vec()).file_name((*name).to_owned());
            form = form.part("file", part);
        }
        let url = format!("{}{path}", self.site);
        let request = self.client.post(url).multipart(form);
        Answer::of(request.send().await.unwrap()).await
    }

    /// Hands the text of a scheme or a catalogue in and adopts what the check shows. Returns where that leads.
    pub async fn adopts(&self, kind: &str, text: &str) -> String {
        let fields = [("kind", kind), ("text", text)];
        let checked = self.post("/desk/schemes", &fields).await;
        assert_eq!(checked.status, StatusCode::SEE_OTHER, "{}", checked.text);
        let page = self.get(checked.location()).await;
        let digest = page.hidden("digest");
        let adopted = self.post(checked.location(), &[("digest", &digest)]).await;
        adopted.location().to_owned()
    }
}
