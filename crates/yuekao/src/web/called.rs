//! What pages call people and evaluations of which the tables hold a login or a code.

use std::collections::BTreeMap;

use super::App;
use super::error::Result;
use super::page::Page;
use crate::store::account::WITHOUT_ACCOUNT;

/// Names of accounts, by login, and of those who have none.
#[derive(Debug, Default)]
pub struct People(BTreeMap<String, String>);

impl People {
    /// Of these logins.
    pub async fn of<'a>(
        app: &App,
        page: &Page,
        logins: impl IntoIterator<Item = &'a str>,
    ) -> Result<Self> {
        let mut names = app.store.names(logins).await?;
        for who in WITHOUT_ACCOUNT {
            let called = || page.t(&format!("acts-who-{who}"));
            names.entry(who.to_owned()).or_insert_with(called);
        }
        Ok(Self(names))
    }

    /// What somebody is called.
    pub fn name<'a>(&'a self, login: &'a str) -> &'a str {
        self.0.get(login).map_or(login, String::as_str)
    }
}

/// Titles of evaluations, by the code of their series: of the newest scheme that was not withdrawn.
#[derive(Debug, Default)]
pub struct Evaluations(BTreeMap<String, String>);

impl Evaluations {
    /// All that have a scheme.
    pub async fn of(app: &App, page: &Page) -> Result<Self> {
        let mut newest = BTreeMap::new();
        // They come by series and first month: the last of a series is its newest.
        for scheme in app.store.schemes().await? {
            if scheme.withdrawn_at.is_none() {
                newest.insert(scheme.scheme.series, scheme.scheme.text);
            }
        }
        let title = |(series, text): (String, String)| {
            let scheme = assessment::scheme::parse(&text).0?;
            Some((series, page.language.of(&scheme.title).to_owned()))
        };
        Ok(Self(newest.into_iter().filter_map(title).collect()))
    }

    /// Code and title of each.
    pub fn all(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .iter()
            .map(|(series, title)| (series.as_str(), title.as_str()))
    }

    /// What an evaluation is called.
    pub fn title<'a>(&'a self, series: &'a str) -> &'a str {
        self.0.get(series).map_or(series, String::as_str)
    }
}
