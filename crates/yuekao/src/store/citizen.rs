//! Reports of citizens: drafts, links by which a report is followed, and the same problem reported before.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sqlx::Row as _;

use super::act::Deed;
use super::case::{CaseRow, CaseStep, NewCase, fresh_id};
use super::writer::Tx;
use super::{Error, Result, Store, digest, secret};
use crate::viewer::Viewer;

/// A draft that is not sent is kept so long.
const DRAFT_LASTS: i64 = 2 * 3_600_000;
/// Problems older than this are not offered as the same.
const SAME_WITHIN: i64 = 60 * 86_400_000;
/// Citizens sign so.
pub(super) const WHO: &str = "citizen";

/// What somebody is about to report.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Draft {
    /// SHA-256 of one to three photos.
    pub photos: Vec<String>,
    pub place: String,
    /// WGS 84, 1e-7 degree.
    pub lng: Option<i64>,
    pub lat: Option<i64>,
    /// The county that was chosen, or in which the position lies.
    pub county: Option<String>,
    /// Code of the category.
    pub category: String,
    pub description: String,
    /// Keys of what is still missing or wrong.
    pub faults: Vec<String>,
}

impl Draft {
    /// As it is kept.
    fn body(&self) -> Result<String> {
        serde_json::to_string(self).map_err(Error::damaged)
    }
}

/// What a link leads to.
#[derive(Debug, Clone)]
pub struct Followed {
    pub row: CaseRow,
    pub steps: Vec<CaseStep>,
    /// Its holder reported the case.
    pub own: bool,
}

/// What citizens do; the id is the SHA-256 of a link's token.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CitizenDeed {
    /// Reported a case.
    Sent { case: String },
    /// Follows what another citizen reported.
    Followed { case: String },
}

impl Deed for CitizenDeed {
    const NOUN: &'static str = "citizen";

    async fn apply(&self, tx: &mut Tx<'_>, link: &str, at: Timestamp) -> Result<()> {
        let (case, own) = match self {
            Self::Sent { case } => (case, 1),
            Self::Followed { case } => (case, 0),
        };
        sqlx::query("INSERT INTO citizen_link (link, case_id, own, at) VALUES ($1, $2, $3, $4)")
            .bind(link)
            .bind(case)
            .bind(own)
            .bind(at.as_millisecond())
            .execute(tx.conn())
            .await?;
        if own == 1 {
            sqlx::query(
                "INSERT INTO citizen_case (case_id, category, county, place, lng, lat, reported_at)
                 SELECT id, category, county, place, lng, lat, reported_at FROM case_file WHERE id = $1",
            )
            .bind(case)
            .execute(tx.conn())
            .await?;
        }
        Ok(())
    }
}

impl Store {
    /// Keeps a draft under a link's token, and forgets those that nobody sent. `false`: it was sent already, and stays so.
    pub async fn keep_draft(&self, now: Timestamp, token: &str, draft: &Draft) -> Result<bool> {
        let body = draft.body()?;
        let (link, at) = (digest(token), now.as_millisecond());
        self.write(move |tx| {
            Box::pin(async move {
                if is_sent(tx, &link).await? {
                    return Ok(false);
                }
                sqlx::query("DELETE FROM citizen_draft WHERE at < $1")
                    .bind(at - DRAFT_LASTS)
                    .execute(tx.conn())
                    .await?;
                sqlx::query(
                    "INSERT INTO citizen_draft (link, body, at) VALUES ($1, $2, $3)
                     ON CONFLICT (link) DO UPDATE SET body = excluded.body, at = excluded.at",
                )
                .bind(link)
                .bind(body)
                .bind(at)
                .execute(tx.conn())
                .await?;
                Ok(true)
            })
        })
        .await
    }

    /// The draft of a link that has not been sent.
    pub async fn draft(&self, now: Timestamp, token: &str) -> Result<Option<Draft>> {
        let body: Option<String> =
            sqlx::query_scalar("SELECT body FROM citizen_draft WHERE link = $1 AND at >= $2")
                .bind(digest(token))
                .bind(now.as_millisecond() - DRAFT_LASTS)
                .fetch_optional(self.reading())
                .await?;
        body.map(|body| serde_json::from_str(&body).map_err(Error::damaged))
            .transpose()
    }

    /// Makes a case of a draft; its link then follows the case. A draft that has been sent is not sent again, and one that has
    /// changed meanwhile stays, to be looked at.
    pub async fn send_draft(
        &self,
        now: Timestamp,
        token: &str,
        draft: &Draft,
        new: NewCase,
    ) -> Result<()> {
        let (link, body) = (digest(token), draft.body()?);
        self.write(move |tx| {
            Box::pin(async move {
                if take_draft(tx, &link, &body).await? {
                    let id = tx.unused_case_id(|| fresh_id(now)).await?;
                    tx.report_case(now, WHO, &id, new).await?;
                    tx.act(now, WHO, &link, &CitizenDeed::Sent { case: id })
                        .await?;
                }
                Ok(())
            })
        })
        .await
    }

    /// Reports once more what a link followed; another link then follows the new case, as its reporter's or as one of those
    /// who only follow and are not shown where the first one said it is. Done once for each link.
    pub async fn send_again(
        &self,
        now: Timestamp,
        token: &str,
        own: bool,
        new: NewCase,
    ) -> Result<()> {
        let link = digest(token);
        self.write(move |tx| {
            Box::pin(async move {
                if is_sent(tx, &link).await? {
                    return Ok(());
                }
                let case = tx.unused_case_id(|| fresh_id(now)).await?;
                tx.report_case(now, WHO, &case, new).await?;
                let sent = CitizenDeed::Sent { case: case.clone() };
                if own {
                    tx.act(now, WHO, &link, &sent).await?;
                } else {
                    // Nobody has the reporter's link.
                    tx.act(now, WHO, &digest(secret()), &sent).await?;
                    let followed = CitizenDeed::Followed { case };
                    tx.act(now, WHO, &link, &followed).await?;
                }
                Ok(())
            })
        })
        .await
    }

    /// Lets the link of a draft follow a case that another citizen reported; the draft is dropped, unless it has changed
    /// meanwhile.
    pub async fn follow(
        &self,
        now: Timestamp,
        token: &str,
        draft: &Draft,
        case: String,
    ) -> Result<()> {
        let (link, body) = (digest(token), draft.body()?);
        self.write(move |tx| {
            Box::pin(async move {
                if take_draft(tx, &link, &body).await? {
                    tx.act(now, WHO, &link, &CitizenDeed::Followed { case })
                        .await?;
                }
                Ok(())
            })
        })
        .await
    }

    /// The case that a link follows.
    pub async fn followed(&self, now: Timestamp, token: &str) -> Result<Option<Followed>> {
        let row = sqlx::query("SELECT case_id, own FROM citizen_link WHERE link = $1")
            .bind(digest(token))
            .fetch_optional(self.reading())
            .await?;
        let Some(row) = row else { return Ok(None) };
        let id: String = row.try_get("case_id")?;
        let own = row.try_get::<i64, _>("own")? == 1;
        // The link is the permission, and leads to citizens' cases alone.
        let Some(case) = self.case(&Viewer::console(), now, &id).await? else {
            return Ok(None);
        };
        let (steps, _) = self.case_history(&id).await?;
        Ok(Some(Followed {
            row: case,
            steps,
            own,
        }))
    }

    /// The open cases of citizens that may be the same problem, the newest first, at most three, with their distance in
    /// metres where both positions are known, which is then at most `within`. No other case is looked at.
    pub async fn same_problem(
        &self,
        now: Timestamp,
        draft: &Draft,
        within: u32,
    ) -> Result<Vec<(CaseRow, Option<u64>)>> {
        // Near it, or, where a position is missing, in its county: what is exact comes after.
        let reach = i64::from(within) * 160;
        let rows = sqlx::query(
            "SELECT case_id, county, place, lng, lat FROM citizen_case
             WHERE category = $1 AND reported_at >= $2
                AND (lng BETWEEN $3 AND $4 AND lat BETWEEN $5 AND $6
                    OR COALESCE(county, '') = COALESCE($7, '') AND (lng IS NULL OR $8 = 0))
             ORDER BY reported_at DESC LIMIT 500",
        )
        .bind(&draft.category)
        .bind(now.as_millisecond() - SAME_WITHIN)
        .bind(draft.lng.map(|lng| lng - reach))
        .bind(draft.lng.map(|lng| lng + reach))
        .bind(draft.lat.map(|lat| lat - reach))
        .bind(draft.lat.map(|lat| lat + reach))
        .bind(draft.county.as_deref())
        .bind(i64::from(draft.lng.is_some()))
        .fetch_all(self.reading())
        .await?;
        let mut same = vec![];
        for row in rows {
            let there: (Option<i64>, Option<i64>) = (row.try_get("lng")?, row.try_get("lat")?);
            let distance = match ((draft.lng, draft.lat), there) {
                ((Some(lng), Some(lat)), (Some(x), Some(y))) => {
                    let metres = crate::datum::metres((lng, lat), (x, y));
                    if metres > u64::from(within) {
                        continue;
                    }
                    Some(metres)
                }
                _ => {
                    let county: Option<String> = row.try_get("county")?;
                    let place: String = row.try_get("place")?;
                    if county != draft.county || !same_words(&place, &draft.place) {
                        continue;
                    }
                    None
                }
            };
            let id: String = row.try_get("case_id")?;
            if let Some(case) = self.case(&Viewer::console(), now, &id).await?
                && !case.stage.is_over()
            {
                same.push((case, distance));
            }
            if same.len() == 3 {
                break;
            }
        }
        Ok(same)
    }
}

/// Whether two places in words are the same, spaces and punctuation aside.
fn same_words(a: &str, b: &str) -> bool {
    let plain = |text: &str| -> String { text.chars().filter(|c| c.is_alphanumeric()).collect() };
    let (a, b) = (plain(a), plain(b));
    a == b && a.chars().count() >= 4
}

/// Whether a link leads to a case.
async fn is_sent(tx: &mut Tx<'_>, link: &str) -> Result<bool> {
    let sent: i64 = sqlx::query_scalar("SELECT count(*) FROM citizen_link WHERE link = $1")
        .bind(link)
        .fetch_one(tx.conn())
        .await?;
    Ok(sent > 0)
}

/// Takes the draft of a link, if it is still this one.
async fn take_draft(tx: &mut Tx<'_>, link: &str, body: &str) -> Result<bool> {
    let taken = sqlx::query("DELETE FROM citizen_draft WHERE link = $1 AND body = $2")
        .bind(link)
        .bind(body)
        .execute(tx.conn())
        .await?;
    Ok(taken.rows_affected() == 1)
}
