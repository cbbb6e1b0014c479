//! Rates of handling by unit, department, grid, category and source, with both numbers of each.

use askama::Template;
use assessment::case::rates::{Counts, Period, Rate};
use assessment::grid::Level;
use assessment::message::Message;
use assessment::month::Month;
use assessment::points::Mode;
use axum::extract::{Query, State};
use axum::response::Response;
use serde::{Deserialize, Serialize};

use super::super::App;
use super::super::answer::html_or_json;
use super::super::error::{Error, Result};
use super::super::page::Page;
use super::{Desk, category_name, civil, day_of, workbook};
use crate::bulletin::table::{Cell, Table};
use crate::bulletin::text::month_words;
use crate::store::agency::Agency;
use crate::store::case::rates::By;
use crate::viewer::Role;
use crate::words::Language;

/// Months of one period at most, and lines by month.
const LONGEST: i32 = 36;

/// What is asked for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    from: String,
    to: String,
    by: String,
    /// By chiefs: of which level, 1 to 5; empty: the one nearest to the street.
    level: String,
    /// `xlsx` for the workbook.
    format: String,
}

/// One rate with both of its numbers.
#[derive(Debug, Serialize)]
pub struct RateView {
    pub part: u64,
    pub whole: u64,
    /// In per cent, two decimals, half up; `None` where nothing was to be done.
    pub percent: Option<String>,
}

impl RateView {
    fn of(rate: Rate) -> Self {
        let percent = rate.percent();
        Self {
            part: rate.part,
            whole: rate.whole,
            percent: percent.map(|value| value.round(2, Mode::HalfUp).display(2)),
        }
    }
}

/// One group.
#[derive(Debug, Serialize)]
pub struct RateLine {
    pub code: Option<String>,
    pub name: String,
    pub load: u64,
    pub handling: RateView,
    pub on_time: RateView,
    pub rework: RateView,
    pub extension: RateView,
    pub relapse: RateView,
    pub timely: RateView,
    pub overdue: u64,
    pub fresh: u64,
    pub suspended: u64,
    pub voided: u64,
}

impl RateLine {
    fn of(code: Option<String>, name: String, counts: &Counts) -> Self {
        let rates = counts.rates();
        Self {
            code,
            name,
            load: counts.load,
            handling: RateView::of(rates.handling),
            on_time: RateView::of(rates.on_time),
            rework: RateView::of(rates.rework),
            extension: RateView::of(rates.extension),
            relapse: RateView::of(rates.relapse),
            timely: RateView::of(rates.timely),
            overdue: counts.overdue,
            fresh: counts.fresh,
            suspended: counts.suspended,
            voided: counts.voided,
        }
    }

    /// In the order of [`RATES`].
    fn rates(&self) -> [&RateView; 6] {
        [
            &self.handling,
            &self.on_time,
            &self.timely,
            &self.rework,
            &self.extension,
            &self.relapse,
        ]
    }

    /// With their names.
    fn named(&self) -> Vec<(&'static str, &RateView)> {
        RATES
            .iter()
            .map(|(key, ..)| *key)
            .zip(self.rates())
            .collect()
    }
}

/// The rates of a period.
#[derive(Debug, Serialize)]
pub struct RatesView {
    pub from: String,
    pub to: String,
    pub by: &'static str,
    /// Of chiefs: their level, where one was asked for.
    pub level: Option<i64>,
    /// The moment whose knowledge this is.
    pub as_of: String,
    pub lines: Vec<RateLine>,
    pub all: RateLine,
}

impl RatesView {
    /// Its months in words; one month is said once.
    fn period(&self, language: Language) -> String {
        match self.from == self.to {
            true => month_words(&self.from, language),
            false => language.say(
                "rates-period",
                [
                    ("from", month_words(&self.from, language).into()),
                    ("to", month_words(&self.to, language).into()),
                ],
            ),
        }
    }
}

#[derive(Template)]
#[template(path = "case/rates.html")]
struct RatesPage {
    page: Page,
    view: RatesView,
    ways: Vec<By>,
    by: By,
    levels: [i64; 5],
}

/// The rates.
pub async fn rates(
    State(app): State<App>,
    page: Page,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    let desk = Desk::open(&app, &page).await?;
    let this = Month::of(day_of(desk.now)).ok_or_else(Error::not_found)?;
    let month = |text: &str, otherwise: Month| match text.trim() {
        "" => Ok(otherwise),
        text => text
            .parse::<Month>()
            .map_err(|_| Error::refused(Message::new("rates-bad-month").with("text", text))),
    };
    let from = month(&asked.from, this)?;
    let to = month(&asked.to, from.max(this.min(from)))?;
    let by = match asked.by.as_str() {
        "" => By::Unit,
        word => By::parse(word).ok_or_else(Error::not_found)?,
    };
    let by = match (by, asked.level.trim()) {
        (By::Chief(_), text) if !text.is_empty() => {
            let level = text.parse().ok().and_then(Level::new);
            let level = level.ok_or_else(|| Error::refused(Message::new("grid-not-a-level")))?;
            By::Chief(Some(level.number()))
        }
        (by, _) => by,
    };
    // Who was out looking concerns those who hired them.
    let hires = matches!(page.viewer.role, Role::Host | Role::Auditor);
    let ways: Vec<By> = By::ALL
        .into_iter()
        .filter(|way| *way != By::Agency || hires)
        .collect();
    if !ways.iter().any(|way| way.word() == by.word()) {
        return Err(Error::not_found());
    }
    if to < from || from.plus(LONGEST) <= to {
        return Err(Error::refused(
            Message::new("rates-bad-period").with("most", i64::from(LONGEST)),
        ));
    }
    // Nothing is known of what lies ahead: what falls due later in this month is not overdue yet.
    let period = |from: Month, to: Month| Period {
        from: from.first_day().at(0, 0, 0, 0),
        to: to
            .plus(1)
            .first_day()
            .at(0, 0, 0, 0)
            .min(civil(desk.now).max(from.first_day().at(0, 0, 0, 0))),
    };
    let counted = |period: Period, by: By| app.store.case_rates(&page.viewer, desk.now, period, by);
    let mut lines = vec![];
    if by == By::All {
        let mut month = from;
        while month <= to {
            let counts = total(&counted(period(month, month), by).await?);
            lines.push(RateLine::of(
                Some(month.to_string()),
                month.to_string(),
                &counts,
            ));
            month = month.plus(1);
        }
    } else {
        let agencies = match by {
            By::Agency => app.store.agencies(&page.viewer).await?,
            _ => vec![],
        };
        let named = |agencies: &[Agency], code: &str| {
            let known = agencies.iter().find(|agency| agency.id == code);
            known.map_or(code, |agency| agency.name.as_str()).to_owned()
        };
        for (code, counts) in counted(period(from, to), by).await? {
            let name = match (&code, by) {
                (None, _) => page.t("rates-none"),
                (Some(code), By::Unit | By::Department) => desk.unit_name(code),
                (Some(code), By::Category) => category_name(code, page.language),
                (Some(code), By::Source) => page.t(&format!("case-source-{code}")),
                (Some(code), By::Chief(_)) => {
                    code.split_once(' ').map_or("", |(_, name)| name).to_owned()
                }
                (Some(code), By::Agency) => named(&agencies, code),
                (Some(code), _) => code.clone(),
            };
            lines.push(RateLine::of(code, name, &counts));
        }
    }
    let all = total(&counted(period(from, to), By::All).await?);
    let view = RatesView {
        from: from.to_string(),
        to: to.to_string(),
        by: by.word(),
        level: match by {
            By::Chief(level) => level,
            _ => None,
        },
        as_of: page.moment(&desk.now),
        lines,
        all: RateLine::of(None, page.t("rates-all"), &all),
    };
    if asked.format == "xlsx" {
        return book(&page, &view);
    }
    html_or_json(&page, view, |view| RatesPage {
        page: page.clone(),
        view,
        ways,
        by,
        levels: [1, 2, 3, 4, 5],
    })
}

fn total(groups: &[(Option<String>, Counts)]) -> Counts {
    let counts = groups.iter().map(|(_, counts)| *counts);
    counts.fold(Counts::default(), Counts::plus)
}

/// Names of the rates, with what stands over and under the line.
const RATES: [(&str, &str, &str); 6] = [
    ("rates-handling", "rates-handled", "rates-load"),
    ("rates-on-time", "rates-handled-in-time", "rates-answerable"),
    ("rates-timely", "rates-rectified", "rates-due"),
    ("rates-rework", "rates-reworked", "rates-load"),
    ("rates-extension", "rates-extended", "rates-load"),
    ("rates-relapse", "rates-relapsed", "rates-load"),
];

fn book(page: &Page, view: &RatesView) -> Result<Response> {
    let by = By::parse(view.by).map_or("rates-by-unit", By::key);
    let mut columns = vec![(by.to_owned(), 18, true)];
    for (rate, part, whole) in RATES {
        for key in [part, whole, rate] {
            columns.push((key.to_owned(), 8, false));
        }
    }
    for key in [
        "rates-overdue",
        "rates-fresh",
        "rates-suspended",
        "rates-voided",
    ] {
        columns.push((key.to_owned(), 8, false));
    }
    let columns: Vec<_> = columns
        .iter()
        .map(|(key, width, prose)| (key.as_str(), *width, *prose))
        .collect();
    let mut table = Table::new(page.language, &columns);
    for line in view.lines.iter().chain([&view.all]) {
        let mut cells = vec![Cell::text(&line.name)];
        for rate in line.rates() {
            cells.push(Cell::plain(rate.part));
            cells.push(Cell::plain(rate.whole));
            cells.push(match &rate.percent {
                Some(percent) => Cell::percent(percent),
                None => Cell::text("—"),
            });
        }
        for count in [line.overdue, line.fresh, line.suspended, line.voided] {
            cells.push(Cell::plain(count));
        }
        table.rows.push(cells);
    }
    let title = format!(
        "{} · {}",
        page.t1("rates-of", "period", view.period(page.language)),
        page.t1("rates-as-of", "at", &view.as_of),
    );
    let day = format!("{}-01", view.to);
    let name = format!("rates-{}-{}-{}", view.by, view.from, view.to);
    workbook(page, "rates-title", &title, &table, &day, &name)
}
