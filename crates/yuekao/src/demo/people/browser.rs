//! A browser, or a phone's: it signs in, keeps its cookies, and sends forms and what the field app sends.

use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use reqwest::multipart::{Form, Part};
use reqwest::{Client, RequestBuilder, StatusCode, redirect};
use serde_json::Value;

/// What a script sends in place of the hidden field.
const TOKEN: &str = "x-form-token";

/// Somebody who has signed in.
pub struct Browser {
    client: Client,
    site: String,
    token: String,
    login: String,
}

impl Browser {
    /// Signs in.
    ///
    /// # Errors
    /// The site does not answer, or does not let them in.
    pub async fn sign_in(site: &str, login: &str, password: &str) -> Result<Self> {
        let client = Client::builder()
            .cookie_store(true)
            .redirect(redirect::Policy::none())
            .timeout(Duration::from_secs(120))
            .build()?;
        let page = client.get(format!("{site}/login")).send().await?;
        let token = hidden(&page.text().await?, "form_token").context("a page with a form")?;
        let browser = Self {
            client,
            site: site.to_owned(),
            token,
            login: login.to_owned(),
        };
        let fields = [("login", login), ("password", password)];
        browser.post("/login", &fields).await?;
        Ok(browser)
    }

    /// A page.
    ///
    /// # Errors
    /// It is not shown to them.
    pub async fn page(&self, path: &str) -> Result<String> {
        let request = self.client.get(format!("{}{path}", self.site));
        self.done(path, request, "text/html").await
    }

    /// A page, as programs read it.
    ///
    /// # Errors
    /// It is not shown to them.
    pub async fn json(&self, path: &str) -> Result<Value> {
        let request = self.client.get(format!("{}{path}", self.site));
        let text = self.done(path, request, "application/json").await?;
        serde_json::from_str(&text).with_context(|| path.to_owned())
    }

    /// Posts a form.
    ///
    /// # Errors
    /// It is refused.
    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Result<String> {
        let request = self.client.post(format!("{}{path}", self.site));
        self.done(path, request.form(fields), "application/json")
            .await
    }

    /// Posts a form that can hold a photo.
    ///
    /// # Errors
    /// It is refused.
    pub async fn hand_in(
        &self,
        path: &str,
        fields: &[(&str, &str)],
        photo: Option<Vec<u8>>,
    ) -> Result<()> {
        let mut form = Form::new().text("form_token", self.token.clone());
        for (name, text) in fields {
            form = form.text((*name).to_owned(), (*text).to_owned());
        }
        if let Some(photo) = photo {
            form = form.part("photo", Part::bytes(photo).file_name("photo.jpg"));
        }
        let request = self.client.post(format!("{}{path}", self.site));
        self.done(path, request.multipart(form), "application/json")
            .await
            .map(drop)
    }

    /// Posts what the field app posts: JSON, or the bytes of a photo.
    ///
    /// # Errors
    /// It is refused.
    pub async fn send(&self, path: &str, kind: &str, body: Vec<u8>) -> Result<Value> {
        let request = self.client.post(format!("{}{path}", self.site));
        let request = request.header("content-type", kind).body(body);
        let text = self.done(path, request, "application/json").await?;
        serde_json::from_str(&text).with_context(|| path.to_owned())
    }

    async fn done(&self, path: &str, request: RequestBuilder, accept: &str) -> Result<String> {
        let request = request.header("accept", accept).header(TOKEN, &self.token);
        let answer = request.send().await.with_context(|| path.to_owned())?;
        let status = answer.status();
        let text = answer.text().await?;
        if status.is_success() || status == StatusCode::SEE_OTHER {
            return Ok(text);
        }
        let problem: Value = serde_json::from_str(&text).unwrap_or_default();
        let why = problem["detail"].as_str().unwrap_or(&text);
        bail!("{} {path}: {status}: {why}", self.login)
    }
}

/// What a hidden field of a page holds.
pub fn hidden(page: &str, name: &str) -> Option<String> {
    let (_, rest) = page.split_once(&format!("name=\"{name}\" value=\""))?;
    Some(rest.split('"').next()?.to_owned())
}
