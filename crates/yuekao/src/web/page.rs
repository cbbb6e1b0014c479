//! What every page needs to know: language, viewer, host, the form token, where it is.

use assessment::finding::Word as _;
use assessment::indicator::MeasureUnit;
use std::convert::Infallible;
use std::fmt::Display;
use std::sync::Arc;

use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Uri, header};
use axum::middleware::Next;
use axum::response::Response;
use axum_login::AuthSession;
use fluent_templates::fluent_bundle::FluentValue;

use super::error::Error;
use super::headers::policy_with_tiles;
use super::sessions::Backend;
use super::settings::tile_origin;
use super::{App, forms};
use crate::store::host::Host;
use crate::viewer::Viewer;
use crate::words::Language;

const LANGUAGE_COOKIE: &str = "yuekao_lang";

/// What every page needs to know. A handler takes it as an argument and puts it into its template
/// as `page`.
#[derive(Debug, Clone)]
pub struct Page(Arc<Facts>);

/// The fields of a [`Page`].
#[derive(Debug)]
pub struct Facts {
    /// The reader's language.
    pub language: Language,
    /// Who is asking.
    pub viewer: Viewer,
    /// They have to change their password first.
    pub must_change: bool,
    /// The host, once there is one.
    pub host: Option<Host>,
    /// The hidden field `form_token` of every form.
    pub form_token: String,
    /// The path of the page, with its query.
    pub uri: Uri,
    /// JSON was asked for.
    pub machine: bool,
    /// The outside is reached over TLS.
    pub tls: bool,
    /// Messages that the viewer has not read, counted up to a hundred.
    pub unread: i64,
}

impl std::ops::Deref for Page {
    type Target = Facts;

    fn deref(&self) -> &Facts {
        &self.0
    }
}

/// Kinds of sites that have a word in both languages.
const STRATA: [&str; 13] = [
    "main-road",
    "side-street",
    "lane",
    "community",
    "market",
    "park",
    "car-park",
    "works",
    "toilet",
    "transfer-station",
    "compound",
    "leaf-street",
    "jiugongshan",
];

impl Facts {
    /// The word for a key.
    pub fn t(&self, key: &str) -> String {
        self.language.word(key)
    }

    /// The sentence for a key with one thing it speaks of.
    pub fn t1(&self, key: &str, name: &'static str, value: impl Display) -> String {
        self.language.say(key, [(name, told(value))])
    }

    /// The kind of sites in words; a word of the host's own stays as it is.
    pub fn stratum(&self, stratum: &str) -> String {
        match STRATA.contains(&stratum) {
            true => self.t(&format!("stratum-{stratum}")),
            false => stratum.to_owned(),
        }
    }

    /// The reference systems that a form offers.
    pub fn datums(&self) -> [&'static str; 4] {
        crate::datum::NAMES
    }

    /// A reference system in words; a name that no form offers stays as it is.
    pub fn datum(&self, name: &str) -> String {
        match crate::datum::NAMES.contains(&name) {
            true => self.t(&format!("datum-{}", name.to_lowercase())),
            false => name.to_owned(),
        }
    }

    /// A measured value with its unit in words, `9 piece` → 9 件（处）; what has no such unit stays as it is.
    pub fn measured(&self, value: &str) -> String {
        let known = |unit: &str| MeasureUnit::WORDS.iter().any(|(word, _)| *word == unit);
        match value.rsplit_once(' ') {
            Some((number, unit)) if known(unit) => {
                format!("{number} {}", self.t(&format!("measure-{unit}")))
            }
            _ => value.to_owned(),
        }
    }

    /// The sentence for a key with two things it speaks of.
    pub fn t2(
        &self,
        key: &str,
        a: &'static str,
        x: impl Display,
        b: &'static str,
        y: impl Display,
    ) -> String {
        self.language.say(key, [(a, told(x)), (b, told(y))])
    }

    /// A name with what is said beside it, in brackets.
    pub fn with(&self, name: impl Display, more: impl Display) -> String {
        let said = [("name", name.to_string()), ("more", more.to_string())];
        self.language
            .say("page-with", said.map(|(name, text)| (name, text.into())))
    }

    /// What is told of, a colon, and what is told.
    pub fn colon(&self, name: impl Display, more: impl Display) -> String {
        let said = [("name", name.to_string()), ("more", more.to_string())];
        self.language
            .say("page-colon", said.map(|(name, text)| (name, text.into())))
    }

    /// The sentence for a key that counts.
    pub fn count(&self, key: &str, count: &usize) -> String {
        self.language.say(key, [("count", (*count).into())])
    }

    /// What the viewer is, as people say it.
    pub fn role(&self) -> String {
        self.t(&format!("role-{}", self.viewer.role))
    }

    /// Whether the viewer's role may do this: pages offer what the access table allows.
    pub fn may(&self, method: &str, path: &str) -> bool {
        super::access::TABLE
            .iter()
            .any(|row| row.method == method && row.path == path && self.viewer.is_any(row.who))
    }

    /// The reader's language as HTML names it.
    pub fn lang(&self) -> &'static str {
        match self.language {
            Language::Chinese => "zh-CN",
            Language::English => "en",
        }
    }

    /// The other language and its name.
    pub fn other_lang(&self) -> (&'static str, &'static str) {
        match self.language {
            Language::Chinese => ("en", "English"),
            Language::English => ("zh-CN", "中文"),
        }
    }

    /// This page in the other language, relative to itself: a path with two slashes in front would lead to another host.
    pub fn other_lang_url(&self) -> String {
        let query = self.uri.query().unwrap_or_default();
        let kept: String = query
            .split('&')
            .filter(|pair| !pair.is_empty() && !pair.starts_with("lang="))
            .map(|pair| format!("{pair}&"))
            .collect();
        format!("?{kept}lang={}", self.other_lang().0)
    }

    /// The host's name, or the product's before there is one.
    pub fn site_name(&self) -> String {
        self.host
            .as_ref()
            .map_or_else(|| self.t("page-product"), |host| host.name.clone())
    }

    /// What the store holds is made up, and every page says so.
    pub fn synthetic(&self) -> bool {
        self.host
            .as_ref()
            .is_some_and(|host| host.settings.synthetic)
    }

    /// A moment in the host's civil time.
    pub fn moment(&self, at: &jiff::Timestamp) -> String {
        at.to_zoned(crate::clock::zone())
            .strftime("%Y-%m-%d %H:%M")
            .to_string()
    }

    /// The program's version.
    pub fn version(&self) -> &'static str {
        env!("CARGO_PKG_VERSION")
    }

    /// Whether the page is below this path: for the navigation.
    pub fn is_below(&self, path: &str) -> bool {
        self.uri.path().starts_with(path)
    }
}

/// What a sentence speaks of: a whole number chooses between singular and plural, everything else is text as it stands.
fn told(value: impl Display) -> FluentValue<'static> {
    let text = value.to_string();
    match text.parse::<i32>() {
        Ok(number) if number.to_string() == text => number.into(),
        _ => text.into(),
    }
}

impl<S: Sync> FromRequestParts<S> for Page {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Infallible> {
        Ok(parts
            .extensions
            .get::<Self>()
            .expect("page::prepare comes before every handler")
            .clone())
    }
}

/// Gathers the [`Page`], and says an [`Error`] that comes back in the reader's language.
pub async fn prepare(
    State(app): State<App>,
    auth: AuthSession<Backend>,
    mut request: Request,
    next: Next,
) -> Response {
    let headers = request.headers();
    let cookie_language = cookie(headers, LANGUAGE_COOKIE)
        .as_deref()
        .and_then(language_of);
    let asked_language = query_value(request.uri(), "lang").and_then(language_of);
    let known_token = forms::known_token(headers);
    let host = app.store.host().await;
    let account = auth.user.map(|user| user.account);
    let viewer = account
        .as_ref()
        .map_or_else(Viewer::citizen, |account| account.viewer());
    let machine = super::answer::wants_json(headers) || request.uri().path().starts_with("/api/");
    // Pages say it. A count that fails is none: the page says what is wrong with the store.
    let unread = match viewer.signed_in() && !machine {
        true => {
            let now = app.clock.now();
            app.store.unread_messages(&viewer, now, None).await
        }
        false => Ok(0),
    };
    let page = Page(Arc::new(Facts {
        language: asked_language.or(cookie_language).unwrap_or_default(),
        must_change: account.as_ref().is_some_and(|account| account.must_change),
        viewer,
        unread: unread.unwrap_or(0),
        host: host.as_ref().ok().cloned().flatten(),
        form_token: known_token.clone().unwrap_or_else(crate::store::secret),
        uri: request.uri().clone(),
        machine,
        tls: app.outside.tls,
    }));
    request.extensions_mut().insert(page.clone());
    let mut response = match host {
        Ok(_) => next.run(request).await,
        Err(error) => axum::response::IntoResponse::into_response(Error::from(error)),
    };
    if let Some(tiles) = page
        .host
        .as_ref()
        .and_then(|host| tile_origin(host.settings.tile_source.as_deref()?))
    {
        if let Ok(policy) = HeaderValue::from_str(&policy_with_tiles(tiles)) {
            response
                .headers_mut()
                .insert(header::CONTENT_SECURITY_POLICY, policy);
        }
    }
    if let Some(error) = response.extensions_mut().remove::<Error>() {
        response = error.say(&page, response);
    }
    if let Some(language) = asked_language.filter(|asked| Some(*asked) != cookie_language) {
        let code = if language == Language::English {
            "en"
        } else {
            "zh-CN"
        };
        set_cookie(
            &mut response,
            &page,
            LANGUAGE_COOKIE,
            code,
            "Max-Age=31536000",
        );
    }
    let needs_token =
        is_html(&response) || response.extensions().get::<forms::SetToken>().is_some();
    if known_token.is_none() && needs_token {
        set_cookie(
            &mut response,
            &page,
            forms::COOKIE,
            &page.form_token,
            "HttpOnly",
        );
    }
    response
}

fn is_html(response: &Response) -> bool {
    let kind = response.headers().get(header::CONTENT_TYPE);
    kind.is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"))
}

fn set_cookie(response: &mut Response, page: &Page, name: &str, value: &str, more: &str) {
    let secure = if page.tls { "; Secure" } else { "" };
    let cookie = format!("{name}={value}; Path=/; SameSite=Lax; {more}{secure}");
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
}

/// The value of a cookie.
pub fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(key, _)| *key == name)
        .map(|(_, value)| value.to_owned())
}

fn query_value<'a>(uri: &'a Uri, name: &str) -> Option<&'a str> {
    uri.query()?
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .find(|(key, _)| *key == name)
        .map(|(_, value)| value)
}

fn language_of(code: &str) -> Option<Language> {
    match code {
        "zh" | "zh-CN" => Some(Language::Chinese),
        "en" => Some(Language::English),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_whole_number_chooses_singular_or_plural_and_keeps_its_digits() {
        for (count, said) in [
            ("0", "0 grids"),
            ("1", "1 grid"),
            ("2022", "2022 grids"),
            ("421221", "421221 grids"),
            ("421221000000", "421221000000 grids"),
            ("01", "01 grids"),
        ] {
            let english = Language::English.say("grid-count", [("count", told(count))]);
            assert_eq!(english, said);
        }
    }
}
