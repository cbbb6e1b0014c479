//! Rates of handling by unit, department, grid, category and source, or by two of them at once, with both numbers of each.

use std::collections::BTreeMap;

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
use super::{Desk, category_name, day_of, file, query_of, workbook};
use crate::bulletin::table::{Cell, Table};
use crate::bulletin::text::month_words;
use crate::store::agency::Agency;
use crate::store::case::list::CaseFilter;
use crate::store::case::rates::{By, OfRate, Whole, period};
use crate::viewer::Role;
use crate::words::Language;

/// Months of one period at most, and lines by month.
const LONGEST: i32 = 36;
/// Lines on the page; files have them all.
const SHOWN: usize = 500;

/// What is asked for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    from: String,
    to: String,
    by: String,
    /// A second way, crossed with the first; empty: none.
    and: String,
    /// By chiefs: of which level, 1 to 5; empty: the one nearest to the street.
    level: String,
    /// `xlsx` for the workbook, `csv` for plain text.
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
    /// Where two ways are crossed, the group of the second.
    pub and_code: Option<String>,
    pub and_name: Option<String>,
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
            and_code: None,
            and_name: None,
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
    /// What it is crossed with.
    pub and: Option<&'static str>,
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
        period_words(&self.from, &self.to, language)
    }
}

/// Months from one to another in words; one month is said once.
pub(super) fn period_words(from: &str, to: &str, language: Language) -> String {
    match from == to {
        true => month_words(from, language),
        false => language.say(
            "rates-period",
            [
                ("from", month_words(from, language).into()),
                ("to", month_words(to, language).into()),
            ],
        ),
    }
}

#[derive(Template)]
#[template(path = "case/rates.html")]
struct RatesPage {
    page: Page,
    view: RatesView,
    ways: Vec<By>,
    by: By,
    and: Option<By>,
    levels: [i64; 5],
}

impl RatesPage {
    /// The lines that the page shows, and how many more the files have.
    fn shown(&self) -> &[RateLine] {
        &self.view.lines[..self.view.lines.len().min(SHOWN)]
    }

    fn more(&self) -> usize {
        self.view.lines.len().saturating_sub(SHOWN)
    }

    /// The list of the cases that a line has to handle, or of those that fell due; `None`: the list knows no such filter.
    fn list_of(&self, line: &RateLine, whole: Whole) -> Option<String> {
        let mut groups = vec![(self.by, line.code.as_deref()?)];
        if let Some(and) = self.and {
            groups.push((and, line.and_code.as_deref()?));
        }
        let (mut from, mut to) = (self.view.from.as_str(), self.view.to.as_str());
        let mut filter = CaseFilter::default();
        for (by, code) in groups {
            let field = match by {
                By::Unit => &mut filter.unit,
                By::Department => &mut filter.department,
                By::Grid => &mut filter.grid,
                By::Category => &mut filter.category,
                By::Source => &mut filter.source,
                By::All => {
                    (from, to) = (code, code);
                    continue;
                }
                By::Holder | By::Chief(_) | By::Agency => return None,
            };
            field.push_str(code);
        }
        let (from, to) = (from.parse().ok()?, to.parse().ok()?);
        filter.counted = OfRate { whole, from, to }.to_string();
        Some(format!("/desk/cases?{}", query_of(&filter)))
    }

    fn load_of(&self, line: &RateLine) -> Option<String> {
        self.list_of(line, Whole::Load).filter(|_| line.load > 0)
    }

    fn due_of(&self, line: &RateLine) -> Option<String> {
        self.list_of(line, Whole::Due)
            .filter(|_| line.timely.whole > 0)
    }

    /// What the second way adds to an address; nothing where the first is the same.
    fn and_of(&self, way: &By) -> String {
        match self.view.and {
            Some(and) if and != way.word() => format!("&and={and}"),
            _ => String::new(),
        }
    }
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
    let to = month(&asked.to, from)?;
    let by = match asked.by.as_str() {
        "" => By::Unit,
        word => By::parse(word).ok_or_else(Error::not_found)?,
    };
    let and = match asked.and.as_str() {
        "" => None,
        word => Some(By::parse(word).ok_or_else(Error::not_found)?),
    };
    if and == Some(by) {
        return Err(Error::refused(Message::new("rates-crossed-with-itself")));
    }
    let of_level = |by: By| match (by, asked.level.trim()) {
        (By::Chief(_), text) if !text.is_empty() => {
            let level = text.parse().ok().and_then(Level::new);
            let level = level.ok_or_else(|| Error::refused(Message::new("grid-not-a-level")))?;
            Ok(By::Chief(Some(level.number())))
        }
        (by, _) => Ok::<By, Error>(by),
    };
    let (by, and) = (of_level(by)?, and.map(of_level).transpose()?);
    // Who was out looking concerns those who hired them.
    let hires = matches!(page.viewer.role, Role::Host | Role::Auditor);
    let ways: Vec<By> = By::ALL
        .into_iter()
        .filter(|way| *way != By::Agency || hires)
        .collect();
    let offered = |by: By| ways.iter().any(|way| way.word() == by.word());
    if !offered(by) || !and.is_none_or(offered) {
        return Err(Error::not_found());
    }
    if to < from || from.plus(LONGEST) <= to {
        return Err(Error::refused(
            Message::new("rates-bad-period").with("most", i64::from(LONGEST)),
        ));
    }
    // Nothing is known of what lies ahead: what falls due later in this month is not overdue yet.
    if this < to {
        let ahead = Message::new("rates-month-ahead").with("last", this.to_string());
        return Err(Error::refused(ahead.with("month", to.to_string())));
    }
    let period = |from: Month, to: Month| period(from, to, desk.now);
    let counted = |period: Period, by: By| app.store.case_rates(&page.viewer, desk.now, period, by);
    let months = || {
        let next = |month: &Month| Some(month.plus(1)).filter(|next| *next <= to);
        std::iter::successors(Some(from), next)
    };
    // Months are periods of their own; every other pair is one query.
    let mut groups: Vec<(Option<String>, Option<String>, Counts)> = vec![];
    match (by, and) {
        (By::All, None) => {
            for month in months() {
                let counts = total(&counted(period(month, month), By::All).await?);
                groups.push((Some(month.to_string()), None, counts));
            }
        }
        (By::All, Some(other)) | (other, Some(By::All)) => {
            for month in months() {
                let name = Some(month.to_string());
                for (code, counts) in counted(period(month, month), other).await? {
                    groups.push(match by {
                        By::All => (name.clone(), code, counts),
                        _ => (code, name.clone(), counts),
                    });
                }
            }
            groups.sort_by(|a, b| (&a.0, &a.1).cmp(&(&b.0, &b.1)));
        }
        (by, Some(and)) => {
            let crossed =
                app.store
                    .case_rates_crossed(&page.viewer, desk.now, period(from, to), by, and);
            groups = crossed.await?;
        }
        (by, None) => {
            let alone = |(code, counts)| (code, None, counts);
            groups.extend(counted(period(from, to), by).await?.into_iter().map(alone));
        }
    }
    let agencies = match by == By::Agency || and == Some(By::Agency) {
        true => app.store.agencies(&page.viewer).await?,
        false => vec![],
    };
    let grids = match by == By::Grid || and == Some(By::Grid) {
        true => app.store.grid_names().await?,
        false => BTreeMap::new(),
    };
    let chiefs = match (by, and) {
        (By::Chief(_), _) | (_, Some(By::Chief(_))) => {
            app.store.chief_names(period(from, to)).await?
        }
        _ => BTreeMap::new(),
    };
    let named = |code: &Option<String>, by: By| match (code, by) {
        (None, _) => page.t("rates-none"),
        (Some(code), By::Unit | By::Holder | By::Department) => desk.unit_name(code),
        (Some(code), By::Category) => category_name(code, page.language),
        (Some(code), By::Source) => page.t(&format!("case-source-{code}")),
        (Some(code), By::Chief(_)) => match code.split_once(' ') {
            // Two of one name, known by nothing else, are two in two places.
            Some((unit, name)) => {
                page.t2("rates-chief-of", "name", name, "unit", desk.unit_name(unit))
            }
            None => chiefs.get(code).unwrap_or(code).clone(),
        },
        (Some(code), By::Agency) => {
            let known = agencies.iter().find(|agency: &&Agency| agency.id == *code);
            known
                .map_or(code.as_str(), |agency| &agency.name)
                .to_owned()
        }
        (Some(code), By::Grid) => grids.get(code).unwrap_or(code).clone(),
        (Some(code), By::All) => code.clone(),
    };
    let lines = groups
        .into_iter()
        .map(|(code, second, counts)| {
            let name = named(&code, by);
            RateLine {
                and_name: and.map(|and| named(&second, and)),
                and_code: second,
                ..RateLine::of(code, name, &counts)
            }
        })
        .collect();
    let all = total(&counted(period(from, to), By::All).await?);
    let view = RatesView {
        from: from.to_string(),
        to: to.to_string(),
        by: by.word(),
        and: and.map(By::word),
        level: match (by, and) {
            (By::Chief(level), _) | (_, Some(By::Chief(level))) => level,
            _ => None,
        },
        as_of: page.moment(&desk.now),
        lines,
        all: RateLine::of(None, page.t("rates-all"), &all),
    };
    match asked.format.as_str() {
        "xlsx" => return book(&page, &view),
        "csv" => {
            let name = format!("{}.csv", file_name(&view));
            return Ok(file(
                &name,
                "text/csv; charset=utf-8",
                table(&page, &view).csv(),
            ));
        }
        _ => {}
    }
    html_or_json(&page, view, |view| RatesPage {
        page: page.clone(),
        view,
        ways,
        by,
        and,
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

/// What the files of a view are called, without their ending.
fn file_name(view: &RatesView) -> String {
    let and = view.and.map_or(String::new(), |and| format!("-{and}"));
    format!("rates-{}{and}-{}-{}", view.by, view.from, view.to)
}

/// The lines with their totals, as files have them.
fn table(page: &Page, view: &RatesView) -> Table {
    let key = |word: &str| By::parse(word).map_or("rates-by-unit", By::key);
    let mut columns = vec![(key(view.by).to_owned(), 18, true)];
    columns.extend(view.and.map(|and| (key(and).to_owned(), 18, true)));
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
        if view.and.is_some() {
            cells.push(Cell::text(line.and_name.as_deref().unwrap_or_default()));
        }
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
    table
}

fn book(page: &Page, view: &RatesView) -> Result<Response> {
    let title = format!(
        "{} · {}",
        page.t1("rates-of", "period", view.period(page.language)),
        page.t1("rates-as-of", "at", &view.as_of),
    );
    let day = format!("{}-01", view.to);
    let (table, name) = (table(page, view), file_name(view));
    workbook(page, "rates-title", &title, &table, &day, &name)
}
