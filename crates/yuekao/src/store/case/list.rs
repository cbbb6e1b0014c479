//! Lists of cases: one filter for list, table and map, with counts that are kept and not scanned.

use assessment::case::life::Stage;
use assessment::message::Message;
use assessment::month::Month;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sqlx::{Any, AnyConnection, AssertSqlSafe, Row as _};

use super::rates::OfRate;
use super::words::{Piece, Search};
use super::{CaseRow, EVERYTHING, SERVED, Sight};
use crate::clock::zone;
use crate::store::evidence::milliseconds;
use crate::store::{Result, Store, moment};
use crate::viewer::{Role, Viewer};

/// What is looked for. It is the query of the list's address.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CaseFilter {
    /// A word of [`Stage`], `open` for all that are not over, or empty for all.
    pub stage: String,
    /// Code of a category.
    pub category: String,
    /// Month of the report, `2022-03`.
    pub month: String,
    /// Code of a unit that has or had it.
    pub unit: String,
    /// Id of a responsibility grid.
    pub grid: String,
    /// Where it came from.
    pub source: String,
    /// Code of the line department that it was dispatched to.
    pub department: String,
    /// `overdue`: open and past its due time; `gross`: past its second limit; `soon`: not far from it; `stage`: somebody in
    /// the office is late, or a unit with its first step; `asked`: its unit waits for an answer; `mine`: it is the viewer's
    /// unit's turn. Of a unit, only what it answers for, and of `stage` only first steps.
    pub due: String,
    /// `supervised` or `escalated`, while it is open; `relapse`; `reworked`.
    pub flag: String,
    /// The cases that stand in the whole of a rate, as [`OfRate`] writes it. With it, a unit is the one that they were
    /// dispatched to, and of who looks at them, only what they answer for.
    pub counted: String,
    /// `due`: what is due first comes first; otherwise the newest.
    pub sort: String,
    /// For `stage`: what came to a stage before a moment is late there. Not asked for but worked out from the rules.
    #[serde(skip)]
    pub late: Vec<(Stage, Timestamp)>,
    /// Part of its place, description or number.
    pub q: String,
    /// For files: `q` is looked for in every case, however many hold it.
    #[serde(skip)]
    pub every_hit: bool,
}

/// One page of a list.
#[derive(Debug)]
pub struct CasePage {
    pub rows: Vec<CaseRow>,
    /// How many there are in all; of the latest that hold the words, where it is cut.
    pub count: i64,
    /// Whether more cases hold the words than are looked through.
    pub cut: bool,
    /// Where the next page begins.
    pub next: Option<String>,
}

/// A box on the map: west, south, east, north in 1e-7 degree, borders included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Within(pub [i64; 4]);

impl Within {
    pub(super) fn narrow(self, sql: &mut Sql<'_>) {
        let Within([west, south, east, north]) = self;
        sql.and_between("f.lng", west, east);
        sql.and_between("f.lat", south, north);
    }
}

/// So many cases in a cell of the map, and the middle of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CaseCell {
    pub n: i64,
    pub lng: i64,
    pub lat: i64,
}

/// What can be said of due times, beside nothing.
const DUES: [&str; 6] = ["overdue", "gross", "soon", "stage", "asked", "mine"];

/// As what a case may be marked.
pub const FLAGS: [&str; 4] = ["supervised", "escalated", "relapse", "reworked"];

/// What has no due time comes last where due times make the order.
const NEVER: i64 = 9_000_000_000_000_000;
const LAST: &str = "COALESCE(u.due_at, 9000000000000000)";

/// The month of a moment, as text.
pub(super) fn month_of(at: Timestamp) -> String {
    at.to_zoned(zone()).strftime("%Y-%m").to_string()
}

impl CaseFilter {
    /// What stands in it and says nothing: it is not all cases that are meant.
    pub fn unread(&self) -> Option<Message> {
        if !self.month.is_empty() && self.months().is_none() {
            return Some(Message::new("rates-bad-month").with("text", self.month.as_str()));
        }
        let stage = self.stage.as_str();
        let (due, flag) = (self.due.as_str(), self.flag.as_str());
        [
            (
                "case-stage",
                stage,
                stage == "open" || Stage::parse(stage).is_some(),
            ),
            ("case-due", due, DUES.contains(&due)),
            ("cases-flag", flag, FLAGS.contains(&flag)),
            ("rates-title", &self.counted, self.of_rate().is_some()),
        ]
        .into_iter()
        .find(|(_, text, read)| !text.is_empty() && !read)
        .map(|(name, text, _)| {
            let unread = Message::new("cases-bad-filter").with("text", text);
            unread.with("name", Message::new(name))
        })
    }

    /// The whole of a rate that is asked for.
    pub fn of_rate(&self) -> Option<OfRate> {
        OfRate::parse(&self.counted)
    }

    fn stages(&self) -> Vec<&'static str> {
        match self.stage.as_str() {
            "" => vec![],
            "open" => Stage::ALL
                .into_iter()
                .filter(|stage| !stage.is_over())
                .map(Stage::word)
                .collect(),
            word => vec![Stage::parse(word).map_or("none", Stage::word)],
        }
    }

    /// Whether its count is kept; others are counted along an index.
    pub(super) fn is_kept(&self) -> bool {
        let narrow = [
            &self.grid,
            &self.source,
            &self.department,
            &self.due,
            &self.flag,
            &self.counted,
        ];
        narrow.iter().all(|text| text.is_empty()) && self.q.trim().is_empty()
    }

    /// Whether a kept count of the viewer's, or of the unit that they ask for, is what they see.
    pub(super) fn is_of(&self, sight: &Sight) -> bool {
        self.unit.is_empty() || sight.scope.is_empty() || sight.scope == self.unit
    }

    /// Under which name what they see is kept.
    pub(super) fn scope<'a>(&'a self, sight: &'a Sight) -> &'a str {
        match self.unit.as_str() {
            "" => &sight.scope,
            unit => unit,
        }
    }

    /// Narrows kept counts to the stages that are asked for.
    pub(super) fn at_stages(&self, sql: &mut Sql<'_>, column: &str) {
        let stages = self.stages();
        if stages.is_empty() {
            return;
        }
        sql.text(&format!(" AND {column} IN ("));
        for (place, stage) in stages.into_iter().enumerate() {
            sql.text(if place == 0 { "" } else { ", " });
            sql.bind(stage);
        }
        sql.text(")");
    }

    /// Where a case stands in the order that is asked for.
    fn place_of(&self, row: &CaseRow) -> String {
        let at = match self.sort.as_str() {
            "due" => row.due_at.map_or(NEVER, |due| due.as_millisecond()),
            _ => row.reported_at.as_millisecond(),
        };
        format!("{at}_{}", row.id)
    }

    /// Column of the order that is asked for, the sign that leads on in it, and its way.
    fn order(&self) -> (&'static str, &'static str, &'static str) {
        match self.sort.as_str() {
            "due" => (LAST, ">", ""),
            _ => ("u.reported_at", "<", " DESC"),
        }
    }

    /// Leaves what comes behind a place, in that order.
    fn after<'a>(&self, sql: &mut Sql<'a>, after: Option<(i64, &'a str)>) {
        let (column, sign, _) = self.order();
        if let Some((at, id)) = after {
            sql.text(&format!(" AND ({column} {sign} "));
            sql.bind_number(at);
            sql.text(&format!(" OR ({column} = "));
            sql.bind_number(at);
            sql.text(&format!(" AND u.case_id {sign} "));
            sql.bind(id);
            sql.text("))");
        }
    }

    pub(super) fn months(&self) -> Option<(i64, i64)> {
        let month: Month = self.month.parse().ok()?;
        let start = |month: Month| milliseconds(month.first_day().at(0, 0, 0, 0));
        Some((start(month), start(month.plus(1))))
    }

    /// Whether its conditions are about `case_file f` too.
    fn asks_the_file(&self) -> bool {
        let narrow = [
            &self.grid,
            &self.source,
            &self.department,
            &self.flag,
            &self.counted,
        ];
        narrow.iter().any(|text| !text.is_empty()) || !["", "overdue"].contains(&&*self.due)
    }

    /// Whether the cases of one unit are asked for: by itself, or by somebody who sees more.
    fn of_unit(&self, sight: &Sight) -> bool {
        ![EVERYTHING, SERVED].contains(&self.scope(sight))
    }

    /// Leaves out what a unit has given back, where one is asked for: it sees these cases still, but they are not its own.
    /// Everything and what was served answer for every case; `u.late_at` says it by itself.
    fn of_who_answers(&self, sql: &mut Sql<'_>, sight: &Sight) {
        if self.of_unit(sight) {
            sql.text(" AND u.answers = 1");
        }
    }

    /// The conditions of a query that selects from `case_unit u`, with `case_file f` beside it if they are about it.
    fn narrow<'a>(
        &'a self,
        sql: &mut Sql<'a>,
        sight: &'a Sight,
        search: &Search,
        viewer: &'a Viewer,
        now: Timestamp,
    ) {
        let found = |sql: &mut Sql<'a>, number: &str| {
            if let Search::Index(hits) = search {
                sql.text(&format!(" AND {number} IN ("));
                sql.pieces(hits.numbers.clone());
                sql.text(")");
            }
        };
        match (self.is_of(sight), search) {
            // Numbers are those of a scope.
            (true, Search::Index(_)) => found(sql, "u.number"),
            (true, _) => sql.and("u.unit = ", self.scope(sight)),
            // A unit that is not the viewer's: what both see.
            (false, _) => {
                sql.and("u.unit = ", &self.unit);
                sql.text(" AND EXISTS (SELECT 1 FROM case_unit o WHERE o.case_id = u.case_id AND o.unit = ");
                sql.bind(&sight.scope);
                if !self.counted.is_empty() {
                    sql.text(" AND o.answers = 1");
                }
                found(sql, "o.number");
                sql.text(")");
            }
        }
        if let Search::Read(read) = search {
            sql.pieces(read.clone());
        }
        if self.unread().is_some() {
            sql.text(" AND 1 = 0");
        }
        if let Some(of_rate) = self.of_rate() {
            of_rate.narrow(sql, now);
            self.of_who_answers(sql, sight);
            if !self.unit.is_empty() {
                sql.and("f.unit = ", &self.unit);
            }
        }
        match self.stage.as_str() {
            "open" => sql.text(" AND u.is_open = 1"),
            _ => self.at_stages(sql, "u.stage"),
        }
        let now = now.as_millisecond();
        if !sight.secrets {
            // Few, and looked up once: a case is told from them without being read.
            sql.text(" AND u.case_id NOT IN (SELECT id FROM case_file WHERE secret_until > ");
            sql.bind_number(now);
            sql.text(")");
        }
        if !self.category.is_empty() {
            sql.and("u.category = ", &self.category);
        }
        if let Some((from, to)) = self.months() {
            sql.and_number("u.reported_at >= ", from);
            sql.and_number("u.reported_at < ", to);
        }
        if !self.grid.is_empty() {
            sql.and("f.grid = ", &self.grid);
        }
        match self.due.as_str() {
            "overdue" => sql.and_number("u.is_open = 1 AND u.late_at < ", now),
            // Grossly overdue is overdue, which is told without a look at the case.
            "gross" => {
                sql.and_number("u.is_open = 1 AND u.late_at < ", now);
                sql.and_number("f.gross_at < ", now);
            }
            "soon" => {
                sql.and_number(
                    "u.stage = 'dispatched' AND f.handled_at IS NULL AND f.soon_at <= ",
                    now,
                );
                sql.and_number("u.due_at >= ", now);
                self.of_who_answers(sql, sight);
            }
            "stage" => {
                let of_unit = self.of_unit(sight);
                sql.text(" AND (1 = 0");
                for (stage, before) in &self.late {
                    // What waits in the office is no unit's lateness.
                    if of_unit && *stage != Stage::Dispatched {
                        continue;
                    }
                    sql.text(" OR (u.stage = ");
                    sql.bind(stage.word());
                    // It waits from the moment on at which it exists for those who are to act.
                    sql.text(" AND (f.secret_until IS NULL OR f.secret_until < ");
                    sql.bind_number(before.as_millisecond());
                    sql.text(")");
                    let column = match stage {
                        Stage::Dispatched => "f.untouched_since < ",
                        _ => "f.since < ",
                    };
                    sql.and_number(column, before.as_millisecond());
                    sql.text(")");
                }
                sql.text(")");
                self.of_who_answers(sql, sight);
            }
            "asked" => {
                sql.text(" AND u.is_open = 1 AND f.asked IS NOT NULL");
                self.of_who_answers(sql, sight);
            }
            "mine" => sql.and(
                "u.stage = 'dispatched' AND f.holder = ",
                viewer.unit.as_deref().unwrap_or(""),
            ),
            _ => {}
        }
        match self.flag.as_str() {
            "supervised" => {
                sql.text(" AND u.is_open = 1 AND f.supervised = 1");
                self.of_who_answers(sql, sight);
            }
            "escalated" => {
                sql.text(" AND u.is_open = 1 AND f.level > 0");
                self.of_who_answers(sql, sight);
            }
            "relapse" => sql.text(" AND f.relapse_of IS NOT NULL"),
            "reworked" => sql.text(" AND f.reworks > 0"),
            _ => {}
        }
        if !self.source.is_empty() {
            sql.and("f.source = ", &self.source);
        }
        if !self.department.is_empty() {
            sql.and("f.department = ", &self.department);
        }
    }
}

/// A filter as somebody asks it: what they see, how its words are looked for, and when.
#[derive(Clone)]
pub(super) struct Question<'a> {
    pub filter: &'a CaseFilter,
    pub sight: Sight,
    pub search: Search,
    pub viewer: &'a Viewer,
    pub now: Timestamp,
}

impl<'a> Question<'a> {
    /// Of the cases under the filter: a query that selects from `case_unit u` and `case_file f`; further conditions may follow.
    pub(super) fn select(&'a self, what: &str) -> Sql<'a> {
        let by_grid = !self.filter.grid.is_empty();
        self.from(what, if by_grid { FILES } else { FROM })
    }

    /// The same to count what `case_unit u` tells: where the filter asks no more, along an index alone.
    pub(super) fn tally(&'a self, what: &str) -> Sql<'a> {
        match self.filter.asks_the_file() || matches!(self.search, Search::Read(_)) {
            true => self.select(what),
            false => self.from(what, " FROM case_unit u WHERE 1 = 1"),
        }
    }

    /// The same of what is still secret to the reader too, to take it off.
    pub(super) fn of_all(&self) -> Self {
        let mut all = self.clone();
        all.sight.secrets = true;
        all
    }

    /// Of the cases under the filter, joined as is said.
    pub(super) fn from(&'a self, what: &str, from: &str) -> Sql<'a> {
        let mut sql = Sql::new(what);
        sql.text(from);
        self.filter
            .narrow(&mut sql, &self.sight, &self.search, self.viewer, self.now);
        sql
    }
}

/// A statement that is put together, with `$1, $2, …` on both databases.
pub(super) struct Sql<'a> {
    text: String,
    values: Vec<Value<'a>>,
}

enum Value<'a> {
    Text(&'a str),
    Owned(String),
    Number(i64),
}

impl<'a> Sql<'a> {
    pub(super) fn new(text: &str) -> Self {
        Self {
            text: text.to_owned(),
            values: vec![],
        }
    }

    pub(super) fn text(&mut self, text: &str) {
        self.text.push_str(text);
    }

    fn push(&mut self, value: Value<'a>) {
        self.values.push(value);
        self.text.push_str(&format!("${}", self.values.len()));
    }

    pub(super) fn bind(&mut self, value: &'a str) {
        self.push(Value::Text(value));
    }

    pub(super) fn bind_owned(&mut self, value: String) {
        self.push(Value::Owned(value));
    }

    pub(super) fn bind_number(&mut self, value: i64) {
        self.push(Value::Number(value));
    }

    /// Appends a statement, before any value is bound to this one.
    fn inner(&mut self, inner: Sql<'a>) {
        debug_assert!(self.values.is_empty());
        self.text(&inner.text);
        self.values = inner.values;
    }

    /// Appends pieces whose values belong to nobody else.
    pub(super) fn pieces(&mut self, pieces: Vec<Piece>) {
        for piece in pieces {
            match piece {
                Piece::Sql(text) => self.text(text),
                Piece::Text(value) => self.bind_owned(value),
                Piece::Number(value) => self.bind_number(value),
            }
        }
    }

    pub(super) fn and(&mut self, condition: &str, value: &'a str) {
        self.text.push_str(" AND ");
        self.text.push_str(condition);
        self.bind(value);
    }

    pub(super) fn and_number(&mut self, condition: &str, value: i64) {
        self.text.push_str(" AND ");
        self.text.push_str(condition);
        self.bind_number(value);
    }

    pub(super) fn and_between(&mut self, what: &str, least: i64, most: i64) {
        self.and_number(&format!("{what} >= "), least);
        self.and_number(&format!("{what} <= "), most);
    }

    /// Of few cases, that are asked for by what their files hold: what is selected, before any condition.
    pub(super) fn of_cases(select: &str) -> Self {
        let mut sql = Self::new(select);
        sql.text(FILES);
        sql
    }

    /// Leaves out what is secret for now, for whom it is.
    fn no_secrets(&mut self, sight: &Sight, now: Timestamp) {
        if !sight.secrets {
            self.text(" AND (f.secret_until IS NULL OR f.secret_until <= ");
            self.bind_number(now.as_millisecond());
            self.text(")");
        }
    }

    /// Of the cases `f` joined with their units `u`: those that exist for a viewer who asks for one. A road chief sees what lies
    /// in a grid of which they hold a duty that day.
    pub(super) fn exists_for(&mut self, viewer: &'a Viewer, sight: &'a Sight, now: Timestamp) {
        self.and("u.unit = ", &sight.scope);
        self.no_secrets(sight, now);
        if viewer.role == Role::Chief {
            let day = crate::clock::day_of(now).to_string();
            self.text(
                " AND f.grid IN (SELECT d.grid FROM grid_duty d JOIN grid g ON g.id = d.grid
                    WHERE d.holder_kind = 'chief' AND d.holder = ",
            );
            self.bind(&viewer.login);
            for span in ["d", "g"] {
                self.text(&format!(" AND {span}.valid_from <= "));
                self.bind_owned(day.clone());
                self.text(&format!(
                    " AND ({span}.valid_to IS NULL OR {span}.valid_to >= "
                ));
                self.bind_owned(day.clone());
                self.text(")");
            }
            self.text(")");
        }
    }

    /// Those that are secret for now: few, and looked up one by one.
    pub(super) fn still_secret(&mut self, now: Timestamp) {
        self.text(" AND u.case_id IN (SELECT id FROM case_file WHERE secret_until > ");
        self.bind_number(now.as_millisecond());
        self.text(")");
    }

    /// Runs a statement that changes rows.
    pub(super) async fn execute(&self, conn: &mut AnyConnection) -> Result<()> {
        let mut query = sqlx::query::<Any>(AssertSqlSafe(self.text.clone()));
        for value in &self.values {
            query = match value {
                Value::Text(text) => query.bind(*text),
                Value::Owned(text) => query.bind(text.as_str()),
                Value::Number(number) => query.bind(*number),
            };
        }
        query.execute(conn).await?;
        Ok(())
    }

    /// The rows of `case_file` that a query selects.
    pub(super) async fn cases(&self, store: &Store) -> Result<Vec<CaseRow>> {
        let rows = self.fetch(store).await?;
        rows.iter().map(CaseRow::from_row).collect()
    }

    pub(super) async fn fetch(&self, store: &Store) -> Result<Vec<sqlx::any::AnyRow>> {
        // Nothing but the constants above goes into the text; what was asked for is bound.
        let mut query = sqlx::query::<Any>(AssertSqlSafe(self.text.clone()));
        for value in &self.values {
            query = match value {
                Value::Text(text) => query.bind(*text),
                Value::Owned(text) => query.bind(text.as_str()),
                Value::Number(number) => query.bind(*number),
            };
        }
        Ok(query.fetch_all(store.reading()).await?)
    }
}

const FROM: &str = " FROM case_unit u JOIN case_file f ON f.id = u.case_id WHERE 1 = 1";
/// The same where few files are asked for: SQLite joins in this order and would begin with all that a scope sees.
const FILES: &str = " FROM case_file f CROSS JOIN case_unit u WHERE u.case_id = f.id";

impl Store {
    /// A page of the cases that exist for the viewer, the newest first; `after` is the `next` of the page before.
    pub async fn cases(
        &self,
        viewer: &Viewer,
        now: Timestamp,
        filter: &CaseFilter,
        after: Option<&str>,
        limit: i64,
    ) -> Result<CasePage> {
        let Some(question) = self.question(viewer, now, filter).await? else {
            return Ok(CasePage {
                rows: vec![],
                count: 0,
                cut: false,
                next: None,
            });
        };
        let (rows, next) = self.page(&question, after, limit).await?;
        Ok(CasePage {
            rows,
            count: self.count(&question).await?,
            cut: question.search.is_cut(),
            next,
        })
    }

    /// What a viewer asks; `None`: no case exists for them.
    pub(super) async fn question<'a>(
        &self,
        viewer: &'a Viewer,
        now: Timestamp,
        filter: &'a CaseFilter,
    ) -> Result<Option<Question<'a>>> {
        let Some(sight) = Sight::of(viewer) else {
            return Ok(None);
        };
        let search = self.search(&sight, filter).await?;
        Ok(Some(Question {
            filter,
            sight,
            search,
            viewer,
            now,
        }))
    }

    /// The same page without the count, with where the next one begins.
    pub async fn cases_after(
        &self,
        viewer: &Viewer,
        now: Timestamp,
        filter: &CaseFilter,
        after: Option<&str>,
        limit: i64,
    ) -> Result<(Vec<CaseRow>, Option<String>)> {
        let Some(question) = self.question(viewer, now, filter).await? else {
            return Ok((vec![], None));
        };
        self.page(&question, after, limit).await
    }

    async fn page(
        &self,
        question: &Question<'_>,
        after: Option<&str>,
        limit: i64,
    ) -> Result<(Vec<CaseRow>, Option<String>)> {
        let filter = question.filter;
        let from = after.and_then(|after| after.split_once('_'));
        let from = from.and_then(|(at, id)| Some((at.parse().ok()?, id)));
        let (column, _, way) = filter.order();
        let order = format!(" ORDER BY {column}{way}, u.case_id{way}");
        // First which cases, along an index alone where that is enough; then these.
        let mut page = question.tally("SELECT u.number AS number");
        filter.after(&mut page, from);
        page.text(&format!("{order} LIMIT "));
        page.bind_number(limit + 1);
        let mut sql = Sql::new("SELECT f.*");
        sql.text(FROM);
        sql.text(" AND u.number IN (");
        sql.inner(page);
        sql.text(&format!("){order}"));
        let mut rows = sql.cases(self).await?;
        let more = rows.len() as i64 > limit;
        rows.truncate(limit as usize);
        let next = rows.last().filter(|_| more).map(|row| filter.place_of(row));
        Ok((rows, next))
    }

    /// Whether a case is among those under a filter, and which one comes after it; behind the last, the first again.
    pub async fn next_case(
        &self,
        viewer: &Viewer,
        now: Timestamp,
        filter: &CaseFilter,
        row: &CaseRow,
    ) -> Result<(bool, Option<String>)> {
        let Some(question) = self.question(viewer, now, filter).await? else {
            return Ok((false, None));
        };
        let mut sql = question.select("SELECT count(*) AS n");
        sql.and("u.case_id = ", &row.id);
        let among = one(&sql.fetch(self).await?)? > 0;
        let place = filter.place_of(row);
        for after in [Some(place.as_str()), None] {
            let (rows, _) = self.page(&question, after, 1).await?;
            if let Some(next) = rows.into_iter().find(|next| next.id != row.id) {
                return Ok((among, Some(next.id)));
            }
        }
        Ok((among, None))
    }

    /// How many cases exist for the viewer under a filter.
    pub async fn count_cases(
        &self,
        viewer: &Viewer,
        now: Timestamp,
        filter: &CaseFilter,
    ) -> Result<i64> {
        let Some(question) = self.question(viewer, now, filter).await? else {
            return Ok(0);
        };
        self.count(&question).await
    }

    pub(super) async fn count(&self, question: &Question<'_>) -> Result<i64> {
        let Question { filter, sight, .. } = question;
        if !filter.is_kept() || !filter.is_of(sight) {
            return one(&question.tally("SELECT count(*) AS n").fetch(self).await?);
        }
        let kept = self.kept_count(sight, filter).await?;
        if sight.secrets {
            return Ok(kept);
        }
        // What is still secret is little, and is taken off.
        let question = question.of_all();
        let mut sql = question.tally("SELECT count(*) AS n");
        sql.still_secret(question.now);
        Ok(kept - one(&sql.fetch(self).await?)?)
    }

    /// Cases for which a unit answers and which it got in a month, each with when, in the order of their due times: at most
    /// so many and one more. Voided ones are left out.
    pub async fn served_on(
        &self,
        viewer: &Viewer,
        now: Timestamp,
        unit: &str,
        month: Month,
        limit: i64,
    ) -> Result<Vec<(CaseRow, Timestamp)>> {
        let Some(sight) = Sight::of(viewer) else {
            return Ok(vec![]);
        };
        let start = |month: Month| milliseconds(month.first_day().at(0, 0, 0, 0));
        let filter = CaseFilter {
            unit: unit.into(),
            ..CaseFilter::default()
        };
        let question = Question {
            filter: &filter,
            sight,
            search: Search::No,
            viewer,
            now,
        };
        let mut sql = question.select("SELECT f.*, u.got_at AS got_at");
        sql.and_number("u.answers = 1 AND u.got_at >= ", start(month));
        sql.and_number("u.got_at < ", start(month.plus(1)));
        sql.text(" AND f.stage <> 'voided' ORDER BY f.due_at, f.id LIMIT ");
        sql.bind_number(limit + 1);
        let rows = sql.fetch(self).await?;
        rows.iter()
            .map(|row| Ok((CaseRow::from_row(row)?, moment(row.try_get("got_at")?)?)))
            .collect()
    }

    pub(super) async fn kept_count(&self, sight: &Sight, filter: &CaseFilter) -> Result<i64> {
        let mut sql = Sql::new(
            "SELECT CAST(COALESCE(sum(n), 0) AS BIGINT) AS n FROM case_count WHERE unit = ",
        );
        sql.bind(filter.scope(sight));
        filter.at_stages(&mut sql, "stage");
        if !filter.category.is_empty() {
            sql.and("category = ", &filter.category);
        }
        if !filter.month.is_empty() {
            sql.and("month = ", &filter.month);
        }
        one(&sql.fetch(self).await?)
    }

    /// How many cases stand in each stage, for the viewer: kept.
    pub async fn case_stages(&self, viewer: &Viewer, now: Timestamp) -> Result<Vec<(Stage, i64)>> {
        let Some(sight) = Sight::of(viewer) else {
            return Ok(vec![]);
        };
        let rows = sqlx::query(
            "SELECT stage, CAST(sum(n) AS BIGINT) AS n FROM case_count WHERE unit = $1 GROUP BY stage",
        )
        .bind(&sight.scope)
        .fetch_all(self.reading())
        .await?;
        let secret = sqlx::query(
            "SELECT stage, CAST(-count(*) AS BIGINT) AS n FROM case_unit
             WHERE $1 = 0 AND unit = $3 AND case_id IN (SELECT id FROM case_file WHERE secret_until > $2) GROUP BY stage",
        )
        .bind(i64::from(sight.secrets))
        .bind(now.as_millisecond())
        .bind(&sight.scope)
        .fetch_all(self.reading())
        .await?;
        let mut stages = std::collections::BTreeMap::new();
        for row in rows.iter().chain(&secret) {
            let stage: String = row.try_get("stage")?;
            if let Some(stage) = Stage::parse(&stage) {
                *stages.entry(stage).or_insert(0) += row.try_get::<i64, _>("n")?;
            }
        }
        stages.retain(|_, n| *n > 0);
        Ok(stages.into_iter().collect())
    }
}

pub(super) fn one(rows: &[sqlx::any::AnyRow]) -> Result<i64> {
    Ok(match rows.first() {
        Some(row) => row.try_get("n")?,
        None => 0,
    })
}
