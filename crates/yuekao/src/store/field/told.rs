//! What phones said, for those who review it: positions, closed sites, the phones themselves, and items that could not be used.

use assessment::inspection::track;
use jiff::Timestamp;
use sqlx::Row as _;
use sqlx::any::AnyRow;

use super::super::act::Deed as _;
use super::super::writer::Tx;
use super::super::{Error, Result, Store, moment};
use super::{Drawn, FieldDeed, Reason, Received, Sight, Verdict, canonical, reason_of};
use crate::field::item::MOST_NUMBERS;

impl Store {
    /// Positions reported during a visit: longitude and latitude in 1e-7 degree.
    pub async fn track_of_visit(&self, visit: &str) -> Result<Vec<(i64, i64)>> {
        Ok(sqlx::query_as(
            "SELECT lng, lat FROM (
                SELECT at, lng, lat FROM field_track WHERE visit = $1
                UNION ALL SELECT found_at, lng, lat FROM observation WHERE visit = $1 AND lng IS NOT NULL
             ) AS track ORDER BY at LIMIT 2000",
        )
        .bind(visit)
        .fetch_all(self.reading())
        .await?)
    }

    /// Positions that an inspector's phones reported between two moments, for judging them.
    pub async fn track(
        &self,
        login: &str,
        from: Timestamp,
        until: Timestamp,
    ) -> Result<Vec<Reported>> {
        let rows = sqlx::query(
            // Not through `every_item`, all of which SQLite would gather for a join.
            "SELECT * FROM (
                SELECT track.phone AS phone, visit, number, made_at, received_at, sent_at, lng, lat, accuracy_m, measured_at, content, at
                FROM field_track AS track JOIN field_item ON field_item.id = item AND answer = 'taken'
                WHERE track.login = $1 AND at BETWEEN $2 AND $3
                UNION ALL
                SELECT found.phone, visit, found.number, found.made_at, found.received_at, found.received_at + ahead_ms, lng, lat,
                    accuracy_m, measured_at, COALESCE(content, ''), found_at
                FROM observation AS found LEFT JOIN field_item ON field_item.id = found.id AND answer = 'taken'
                WHERE inspector = $1 AND found_at BETWEEN $2 AND $3 AND lng IS NOT NULL
             ) AS track ORDER BY at LIMIT 5000",
        )
        .bind(login)
        .bind(from.as_millisecond())
        .bind(until.as_millisecond())
        .fetch_all(self.reading())
        .await?;
        rows.iter().map(Reported::from_row).collect()
    }

    /// What inspectors said about sites that they found closed, the oldest first: about one assignment, or without one
    /// about all that are neither visited nor replaced; at most a hundred.
    pub async fn closed_sites(
        &self,
        sight: Sight<'_>,
        assignment: Option<&str>,
    ) -> Result<Vec<ClosedSite>> {
        let rows = sqlx::query(
            "SELECT assignment.id AS id, series, month, site, unit, agency, login, closed_site.at AS at, words, photos
             FROM closed_site JOIN assignment ON assignment.id = closed_site.assignment
             WHERE (agency = $1 OR $1 = '') AND (assignment.id = $2 OR ($2 = '' AND state NOT IN ('visited', 'closed')))
             ORDER BY closed_site.at, item LIMIT 100",
        )
        .bind(sight.bound())
        .bind(assignment.unwrap_or_default())
        .fetch_all(self.reading())
        .await?;
        rows.iter().map(ClosedSite::from_row).collect()
    }
}

/// Notes that somebody has looked at an item.
pub(super) async fn settle(tx: &mut Tx<'_>, item: &str, digest: &str, at: Timestamp) -> Result<()> {
    let done = sqlx::query(
        "UPDATE field_item SET settled_at = $1
         WHERE id = $2 AND digest = $3 AND answer IN ('conflict', 'refused') AND settled_at IS NULL",
    )
    .bind(at.as_millisecond())
    .bind(item)
    .bind(digest)
    .execute(tx.conn())
    .await?;
    match done.rows_affected() {
        0 => Err(Error::refused("review-settled-already")),
        _ => Ok(()),
    }
}

/// A position as a phone reported it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reported {
    /// Which phone.
    pub phone: String,
    /// During which visit, if any.
    pub visit: Option<String>,
    /// What it said.
    pub fix: track::Fix,
}

impl Reported {
    fn from_row(row: &AnyRow) -> Result<Self> {
        let number: i64 = row.try_get("number")?;
        let accuracy: Option<i64> = row.try_get("accuracy_m")?;
        let measured: Option<i64> = row.try_get("measured_at")?;
        // Older rows tell it in what the phone said: a position of its own beside the place, others within.
        let content: String = row.try_get("content")?;
        let content: serde_json::Value = serde_json::from_str(&content).unwrap_or_default();
        let within = content["position"]["at"].as_i64();
        Ok(Self {
            phone: row.try_get("phone")?,
            visit: row.try_get("visit")?,
            fix: track::Fix {
                number: number.unsigned_abs(),
                at: row.try_get("made_at")?,
                received: row.try_get("received_at")?,
                sent: Some(row.try_get("sent_at")?),
                spot: track::Spot {
                    lng_e7: row.try_get("lng")?,
                    lat_e7: row.try_get("lat")?,
                },
                accuracy_m: accuracy.and_then(|metres| u32::try_from(metres).ok()),
                measured: measured.or(within).or_else(|| content["at"].as_i64()),
                site: None,
            },
        })
    }
}

/// What an inspector said about a site that cannot be visited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClosedSite {
    /// The assignment.
    pub assignment: Drawn,
    /// Who.
    pub login: String,
    /// When, by our clock.
    pub at: Timestamp,
    /// What is closed, and why.
    pub words: String,
    /// SHA-256 of the photos.
    pub photos: Vec<String>,
}

impl ClosedSite {
    fn from_row(row: &AnyRow) -> Result<Self> {
        let photos: String = row.try_get("photos")?;
        Ok(Self {
            assignment: Drawn::from_row(row)?,
            login: row.try_get("login")?,
            at: moment(row.try_get("at")?)?,
            words: row.try_get("words")?,
            photos: serde_json::from_str(&photos).map_err(Error::damaged)?,
        })
    }
}

/// A phone as the review sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Phone {
    /// Its id, made by itself.
    pub phone: String,
    /// Who was signed in on it.
    pub login: String,
    /// Different numbers that have arrived.
    pub numbers: i64,
    /// The highest of them.
    pub highest: i64,
    /// How far its clock was ahead of ours when it last sent something.
    pub ahead_ms: i64,
    /// When it last sent something.
    pub last_seen: Timestamp,
    /// Spans of numbers that have not arrived, at most twenty.
    pub gaps: Vec<(i64, i64)>,
    /// Numbers that several items have.
    pub doubled: Vec<i64>,
    /// The same account had used another phone before: a new one, or its browser's data were cleared.
    pub follows: bool,
}

/// Which items that could not be used as they came are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OddItems {
    /// Those that somebody has to look at.
    Open,
    /// Those that somebody has looked at.
    Settled,
}

/// An item that could not be used as it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Odd {
    /// Its id.
    pub id: String,
    /// SHA-256 over it.
    pub digest: String,
    /// Who sent it.
    pub login: String,
    /// From which phone.
    pub phone: String,
    /// Its number.
    pub number: i64,
    /// What it says it is.
    pub kind: String,
    /// What stands in it.
    pub content: String,
    /// `conflict` or `refused`.
    pub answer: String,
    /// Why.
    pub reason: Option<Reason>,
    /// When it came.
    pub received_at: Timestamp,
    /// For a conflict: what the first item with its id says.
    pub first: Option<String>,
}

impl Store {
    /// The phones that have sent something, the newest first; at most two hundred. A phone is seen by the agency that its
    /// inspector works for now, and by the one that it was seen for first if they are no inspector any more.
    pub async fn phones(&self, sight: Sight<'_>) -> Result<Vec<Phone>> {
        let rows = sqlx::query(
            "SELECT phone, login, numbers, highest, ahead_ms, last_seen,
                (SELECT count(*) FROM field_phone AS other WHERE other.login = field_phone.login
                 AND other.phone <> field_phone.phone AND other.first_seen < field_phone.first_seen) AS earlier
             FROM field_phone
             WHERE $1 = '' OR $1 = COALESCE((SELECT account.unit FROM account
                 WHERE account.login = field_phone.login AND account.role = 'inspector'), field_phone.agency)
             ORDER BY last_seen DESC, phone LIMIT 200",
        )
        .bind(sight.bound())
        .fetch_all(self.reading())
        .await?;
        let mut phones = Vec::new();
        for row in rows {
            let (phone, login): (String, String) = (row.try_get("phone")?, row.try_get("login")?);
            phones.push(Phone {
                numbers: row.try_get("numbers")?,
                highest: row.try_get("highest")?,
                ahead_ms: row.try_get("ahead_ms")?,
                last_seen: moment(row.try_get("last_seen")?)?,
                gaps: self.gaps(&phone).await?,
                doubled: self.doubled(&phone).await?,
                follows: row.try_get::<i64, _>("earlier")? > 0,
                phone,
                login,
            });
        }
        Ok(phones)
    }

    /// Spans of a phone's numbers that have not arrived, up to the last one that it says it has given. A phone numbers
    /// through whoever uses it.
    async fn gaps(&self, phone: &str) -> Result<Vec<(i64, i64)>> {
        let rows: Vec<(i64, i64)> = sqlx::query_as(
            "SELECT before, number FROM (
                SELECT number, COALESCE(lag(number) OVER (ORDER BY number), 0) AS before
                FROM (SELECT number FROM every_item WHERE phone = $1 AND number BETWEEN 1 AND $2
                    UNION SELECT max(CASE WHEN highest > $2 THEN $2 ELSE highest END) + 1 FROM field_phone WHERE phone = $1) AS numbers
             ) AS steps WHERE number > before + 1 ORDER BY number LIMIT 20",
        )
        .bind(phone)
        .bind(MOST_NUMBERS)
        .fetch_all(self.reading())
        .await?;
        Ok(rows
            .into_iter()
            .map(|(before, number)| (before + 1, number - 1))
            .collect())
    }

    async fn doubled(&self, phone: &str) -> Result<Vec<i64>> {
        Ok(sqlx::query_scalar(
            "SELECT number FROM every_item WHERE phone = $1 AND number > 0
             GROUP BY number HAVING count(DISTINCT id) > 1 ORDER BY number LIMIT 20",
        )
        .bind(phone)
        .fetch_all(self.reading())
        .await?)
    }

    /// Items that could not be used as they came, conflicts before others and the newest first, `limit` of them after
    /// `skip`; and how many there are.
    pub async fn odd_items(
        &self,
        sight: Sight<'_>,
        which: OddItems,
        skip: i64,
        limit: i64,
    ) -> Result<(Vec<Odd>, i64)> {
        let asked =
            "FROM field_item WHERE answer IN ('conflict', 'refused') AND (agency = $1 OR $1 = '')
             AND (settled_at IS NULL) = ($2 = 1)";
        let open = i64::from(which == OddItems::Open);
        let count = sqlx::AssertSqlSafe(format!("SELECT count(*) {asked}"));
        let count = sqlx::query_scalar(count)
            .bind(sight.bound())
            .bind(open)
            .fetch_one(self.reading())
            .await?;
        let some = format!(
            "SELECT id, digest, login, agency, phone, number, kind, content, answer, reason, detail, received_at
             {asked} ORDER BY answer, received_at DESC, number DESC, id, digest LIMIT $3 OFFSET $4"
        );
        let rows = sqlx::query(sqlx::AssertSqlSafe(some))
            .bind(sight.bound())
            .bind(open)
            .bind(limit)
            .bind(skip)
            .fetch_all(self.reading())
            .await?;
        let mut odd = Vec::with_capacity(rows.len());
        for row in &rows {
            let (id, answer): (String, String) = (row.try_get("id")?, row.try_get("answer")?);
            let first = match answer == "conflict" {
                true => self.taken(&id, row.try_get("agency")?).await?,
                false => None,
            };
            odd.push(Odd {
                id,
                digest: row.try_get("digest")?,
                login: row.try_get("login")?,
                phone: row.try_get("phone")?,
                number: row.try_get("number")?,
                kind: row.try_get("kind")?,
                content: row.try_get("content")?,
                reason: reason_of(row)?,
                received_at: moment(row.try_get("received_at")?)?,
                first,
                answer,
            });
        }
        Ok((odd, count))
    }

    /// Takes an item that could not be used as it came off the list of those that somebody has to look at.
    ///
    /// Errors: there is none for this viewer, or it was done.
    pub async fn settle(
        &self,
        at: Timestamp,
        who: &str,
        sight: Sight<'_>,
        item: &str,
        digest: &str,
    ) -> Result<()> {
        let (who, agency) = (who.to_owned(), sight.bound().to_owned());
        let (item, digest) = (item.to_owned(), digest.to_owned());
        self.write(move |tx| {
            Box::pin(async move {
                let phone: Option<String> = sqlx::query_scalar(
                    "SELECT phone FROM field_item WHERE id = $1 AND digest = $2 AND (agency = $3 OR $3 = '')",
                )
                .bind(&item)
                .bind(&digest)
                .bind(agency)
                .fetch_optional(tx.conn())
                .await?;
                let phone = phone.ok_or_else(|| Error::refused("review-unknown"))?;
                let settled = FieldDeed::Settled { item, digest };
                tx.act(at, &who, &phone, &settled).await.map(drop)
            })
        })
        .await
    }

    /// What stands in the item of an agency that was taken under an id: in the record of acts, where it is not with the item.
    async fn taken(&self, id: &str, agency: &str) -> Result<Option<String>> {
        let item: Option<(String, String, i64)> = sqlx::query_as(
            "SELECT content, phone, received_at FROM every_item WHERE id = $1 AND answer = 'taken' AND agency = $2",
        )
        .bind(id)
        .bind(agency)
        .fetch_optional(self.reading())
        .await?;
        let Some((content, phone, received_at)) = item else {
            return Ok(None);
        };
        if !content.is_empty() {
            return Ok(Some(content));
        }
        let bodies: Vec<String> = sqlx::query_scalar(
            "SELECT body FROM act WHERE noun = $1 AND id = $2 AND at = $3 AND kind = 'received'",
        )
        .bind(FieldDeed::NOUN)
        .bind(phone)
        .bind(received_at)
        .fetch_all(self.reading())
        .await?;
        for body in bodies {
            let received: Received = serde_json::from_str(&body).map_err(Error::damaged)?;
            let mut items = received.items.into_iter();
            if let Some(item) = items.find(|item| item.id == id && item.verdict == Verdict::Taken) {
                return Ok(Some(canonical(&item.content)));
            }
        }
        Ok(None)
    }
}
