//! The host's settings.

use askama::Template;
use assessment::message::Message;
use axum::extract::{Form, State};
use axum::response::{Redirect, Response};
use serde::Deserialize;

use super::App;
use super::answer::html;
use super::error::{Error, Result};
use super::page::Page;
use crate::store::host::{Host, Settings};

#[derive(Template)]
#[template(path = "desk/settings.html")]
struct SettingsPage {
    page: Page,
    host: Host,
}

/// The settings.
pub async fn page(page: Page) -> Result<Response> {
    let host = page.host.clone().ok_or_else(Error::not_found)?;
    html(&SettingsPage { page, host })
}

/// The form of the settings.
#[derive(Deserialize)]
pub struct Change {
    name: String,
    region: String,
    #[serde(default)]
    synthetic: Option<String>,
    map_review_number: String,
    tile_source: String,
}

/// Changes the settings.
pub async fn change(
    State(app): State<App>,
    page: Page,
    Form(form): Form<Change>,
) -> Result<Redirect> {
    let text = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    let refuse = |key| Error::refused(Message::new(key));
    let settings = Settings {
        synthetic: form.synthetic.is_some(),
        map_review_number: text(&form.map_review_number),
        tile_source: text(&form.tile_source),
    };
    if settings
        .tile_source
        .as_deref()
        .is_some_and(|source| tile_origin(source).is_none())
    {
        return Err(refuse("settings-tile-source-bad"));
    }
    let name = text(&form.name).ok_or_else(|| refuse("setup-name-missing"))?;
    let region = text(&form.region).ok_or_else(|| refuse("setup-name-missing"))?;
    app.store
        .change_host(
            app.clock.now(),
            &page.viewer.login,
            Host {
                name,
                region,
                settings,
            },
        )
        .await?;
    Ok(Redirect::to("/desk/settings"))
}

/// The origin of a tile address with `{z}`, `{x}` and `{y}`, as a content policy names it.
pub fn tile_origin(source: &str) -> Option<&str> {
    let whole = ["{z}", "{x}", "{y}"]
        .iter()
        .all(|part| source.contains(part));
    let (scheme, rest) = source
        .split_once("://")
        .filter(|(scheme, _)| whole && matches!(*scheme, "https" | "http"))?;
    let host = rest.split('/').next()?;
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':');
    let named = !host.is_empty() && host.chars().all(plain);
    named.then(|| &source[..scheme.len() + 3 + host.len()])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tile_source_is_an_address_with_three_places() {
        let tianditu = "https://t0.tianditu.gov.cn/DataServer?T=vec_w&x={x}&y={y}&l={z}&tk=KEY";
        assert_eq!(tile_origin(tianditu), Some("https://t0.tianditu.gov.cn"));
        assert_eq!(
            tile_origin("http://10.0.0.5:8080/{z}/{x}/{y}.png"),
            Some("http://10.0.0.5:8080")
        );
        assert_eq!(tile_origin("https://tiles/{z}/{x}"), None);
        assert_eq!(tile_origin("javascript://{z}{x}{y}"), None);
        assert_eq!(tile_origin("https://a; script-src b/{z}/{x}/{y}"), None);
    }
}
