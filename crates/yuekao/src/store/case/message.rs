//! Messages: what somebody has to know of cases, made from their acts when these are done, so that a rebuilt store has them
//! too. What somebody has read is theirs and no act.

use assessment::case::life::{Act, Life};
use jiff::Timestamp;
use jiff::civil::DateTime;
use sqlx::Row as _;

use super::list::Sql;
use super::{Before, Sight};
use crate::store::evidence::milliseconds;
use crate::store::writer::Tx;
use crate::store::{Result, Store, moment};
use crate::viewer::{Role, Viewer};

/// Who is meant where it is not a unit.
const DISPATCHER: &str = "@dispatcher";
const VERIFIER: &str = "@verifier";
const HOST: &str = "@host";
const LEADER: &str = "@leader";
/// A road chief is meant by this and their login.
const CHIEF: &str = "@chief/";
/// Unread messages are counted so far.
const COUNTED: i64 = 100;

/// A message as it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseMessage {
    /// The act that it was made from, and since when it is shown: its place in the list.
    pub seq: i64,
    pub at: Timestamp,
    /// What happened; the word in `message-…` of the message files.
    pub kind: String,
    pub case: String,
    pub category: String,
    pub place: String,
    pub unread: bool,
}

/// What somebody was shown: the messages of all acts up to one, as far as they showed at a moment. Acts stand in the order in
/// which they were written, which is not that of their moments; and a message may show later than those after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    pub seq: i64,
    pub until: Timestamp,
}

impl Mark {
    fn is_before(&self, seq: i64, at: Timestamp) -> bool {
        seq > self.seq || at > self.until
    }
}

/// Whom an act concerns, and as what; `before` is who had it until then. What concerns who has it concerns the line
/// department that is named beside, whose rate carries it. Every act is named here: a new one has to say whom it concerns.
fn concerns(act: &Act, life: &Life, before: &Before) -> Vec<(String, &'static str)> {
    let to = |whom: &[&str], kind: &'static str| -> Vec<(String, &'static str)> {
        whom.iter().map(|whom| ((*whom).to_owned(), kind)).collect()
    };
    let department = life.department.as_deref();
    let line = life.line.iter().map(String::as_str);
    let line: Vec<&str> = line.chain(department).collect();
    let holder = life.holder().unwrap_or(DISPATCHER);
    let has: Vec<&str> = [holder].into_iter().chain(department).collect();
    match act {
        Act::Dispatch {
            unit, department, ..
        } => {
            let mut whom = vec![unit.as_str()];
            whom.extend(department.as_deref());
            to(&whom, "dispatched")
        }
        Act::OrderCheck => to(&[VERIFIER], "check-ordered"),
        Act::Check { .. } => to(&[DISPATCHER], "checked"),
        Act::PassDown { unit } => to(&[unit], "passed-down"),
        Act::TakeBack { .. } => to(before.holder.as_deref().as_slice(), "taken-back"),
        // Back with the dispatcher, it counts for nobody who had it; who returned it knows.
        Act::Return { .. } => {
            let had = before.answered.iter();
            let beside =
                had.filter(|unit| life.line.is_empty() && before.holder.as_ref() != Some(unit));
            let beside: Vec<&str> = beside.map(String::as_str).collect();
            [to(&[holder], "returned"), to(&beside, "given-back")].concat()
        }
        Act::Recall { .. } => {
            let had: Vec<&str> = before.answered.iter().map(String::as_str).collect();
            [to(&had, "recalled"), to(&[DISPATCHER], "to-dispatch")].concat()
        }
        Act::AskExtension { .. } | Act::AskSuspension { .. } => to(&[DISPATCHER, HOST], "asked"),
        Act::GrantExtension { .. } | Act::GrantSuspension { .. } => to(&has, "granted"),
        Act::RefuseRequest { .. } => to(&has, "refused"),
        Act::Resume { .. } => to(&has, "resumed"),
        Act::Recompute { .. } => to(&has, "recomputed"),
        Act::Remind if life.told_overdue => to(&has, "overdue"),
        Act::Remind => to(&has, "due-soon"),
        Act::Feedback { .. } => to(&[VERIFIER], "feedback"),
        Act::Verify { passed: false, .. } => to(&has, "failed"),
        Act::Verify { passed: true, .. } => to(&[DISPATCHER], "verified"),
        Act::Void { .. } => to(&line, "voided"),
        Act::Supervise { .. } => to(&[&line[..], &[LEADER]].concat(), "supervised"),
        Act::EndSupervision { .. } => to(&line, "supervision-ended"),
        Act::Escalate { .. } => to(&[&line[..], &[HOST, LEADER]].concat(), "escalated"),
        // What comes in has its own message; the next step after these is with who did them, or there is none.
        Act::Report { .. }
        | Act::Accept
        | Act::Reject { .. }
        | Act::Register { .. }
        | Act::Amend { .. }
        | Act::SignFor
        | Act::KeepSecret { .. }
        | Act::Close => {
            vec![]
        }
    }
}

/// What an act on a served case tells the road chiefs of its grid, who look on and do nothing to it.
fn tells_chiefs(act: &Act, life: &Life) -> Option<&'static str> {
    life.dispatched_at?;
    match act {
        Act::Dispatch { .. } if life.dispatches == 1 => Some("served"),
        Act::Remind if life.told_overdue => Some("overdue"),
        Act::Remind => Some("due-soon"),
        Act::Escalate { .. } => Some("escalated"),
        Act::Verify { passed: false, .. } => Some("failed"),
        Act::Close => Some("closed"),
        Act::Void { .. } => Some("voided"),
        _ => None,
    }
}

/// Writes the message of a case that has just come in.
pub(super) async fn reported(tx: &mut Tx<'_>, id: &str, at: Timestamp) -> Result<()> {
    note(tx, id, at, vec![(DISPATCHER.to_owned(), "reported")]).await
}

/// Writes the message of a case of which its source says something else now.
pub(super) async fn corrected(tx: &mut Tx<'_>, id: &str, at: Timestamp) -> Result<()> {
    note(tx, id, at, vec![(DISPATCHER.to_owned(), "corrected")]).await
}

/// Writes the messages of an act that has just been appended; `life` is what the case has become by it,
/// `before` who had it until then.
pub(super) async fn acted(
    tx: &mut Tx<'_>,
    id: &str,
    at: Timestamp,
    act: &Act,
    life: &Life,
    before: &Before,
) -> Result<()> {
    if let Act::KeepSecret { until } = act {
        later(tx, id, *until).await?;
    }
    note(tx, id, at, concerns(act, life, before)).await?;
    match tells_chiefs(act, life) {
        Some(kind) => note_chiefs(tx, id, at, kind).await,
        None => Ok(()),
    }
}

/// What was to be told when a case is no secret any more is told then.
async fn later(tx: &mut Tx<'_>, id: &str, until: DateTime) -> Result<()> {
    sqlx::query("UPDATE case_message SET shown_at = $1 WHERE case_id = $2 AND shown_at < $1")
        .bind(milliseconds(until))
        .bind(id)
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// One for each chief who holds a duty of the case's grid on the day of the act. What repeats a closed case is told as that.
async fn note_chiefs(tx: &mut Tx<'_>, id: &str, at: Timestamp, kind: &str) -> Result<()> {
    let again = match kind {
        "served" => "served-again",
        kind => kind,
    };
    let seq = tx.seq();
    sqlx::query(
        "INSERT INTO case_message (whom, seq, case_id, kind, shown_at)
         SELECT DISTINCT CAST($1 AS TEXT) || d.holder, CAST($2 AS BIGINT), f.id,
            CASE WHEN f.relapse_of IS NULL THEN CAST($3 AS TEXT) ELSE CAST($4 AS TEXT) END,
            CASE WHEN f.secret_until > $5 THEN f.secret_until ELSE $5 END
         FROM case_file f JOIN grid_duty d ON d.grid = f.grid JOIN grid g ON g.id = d.grid
         WHERE f.id = $6 AND d.holder_kind = 'chief' AND d.holder <> ''
            AND d.valid_from <= $7 AND (d.valid_to IS NULL OR d.valid_to >= $7)
            AND g.valid_from <= $7 AND (g.valid_to IS NULL OR g.valid_to >= $7)",
    )
    .bind(CHIEF)
    .bind(seq)
    .bind(kind)
    .bind(again)
    .bind(at.as_millisecond())
    .bind(id)
    .bind(crate::clock::day_of(at).to_string())
    .execute(tx.conn())
    .await?;
    Ok(())
}

async fn note(
    tx: &mut Tx<'_>,
    id: &str,
    at: Timestamp,
    mut whom: Vec<(String, &'static str)>,
) -> Result<()> {
    let seq = tx.seq();
    whom.sort();
    whom.dedup_by(|a, b| a.0 == b.0);
    for (whom, kind) in whom {
        sqlx::query(
            "INSERT INTO case_message (whom, seq, case_id, kind, shown_at)
             SELECT $1, $2, id, $3, CASE WHEN secret_until > $4 THEN secret_until ELSE $4 END
             FROM case_file WHERE id = $5",
        )
        .bind(whom)
        .bind(seq)
        .bind(kind)
        .bind(at.as_millisecond())
        .bind(id)
        .execute(tx.conn())
        .await?;
    }
    Ok(())
}

/// Whose messages a viewer reads.
fn whom(viewer: &Viewer) -> Option<String> {
    match viewer.role {
        Role::Unit => viewer.unit.clone(),
        Role::Chief => Some(format!("{CHIEF}{}", viewer.login)),
        Role::Dispatcher => Some(DISPATCHER.into()),
        Role::Verifier => Some(VERIFIER.into()),
        Role::Host => Some(HOST.into()),
        Role::Leader => Some(LEADER.into()),
        _ => None,
    }
}

/// What shows by now, along the index of it.
const SHOWN: &str = "m.shown_at <= ";
/// The same, looked at row by row where other indexes lead to few.
const SHOWN_EACH: &str = "+m.shown_at <= ";

/// Of a viewer's messages, those of cases that exist for them: the same rule as for the cases themselves.
fn shown<'a>(
    select: &str,
    by_now: &str,
    whom: &'a str,
    viewer: &'a Viewer,
    sight: &'a Sight,
    now: Timestamp,
) -> Sql<'a> {
    let mut sql = Sql::new(select);
    sql.text(
        " FROM case_message m JOIN case_file f ON f.id = m.case_id JOIN case_unit u ON u.case_id = m.case_id WHERE 1 = 1",
    );
    sql.and("m.whom = ", whom);
    sql.and_number(by_now, now.as_millisecond());
    sql.exists_for(viewer, sight, now);
    sql
}

/// A place in the list, newest first: since when a message is shown, and its act.
pub type Place = (Timestamp, i64);

/// Narrows to what stands below a place of the list.
fn below(sql: &mut Sql<'_>, place: Option<Place>) {
    if let Some((at, seq)) = place {
        sql.and_number("(m.shown_at < ", at.as_millisecond());
        sql.text(" OR m.shown_at = ");
        sql.bind_number(at.as_millisecond());
        sql.and_number("m.seq < ", seq);
        sql.text(")");
    }
}

impl Store {
    /// The newest messages for a viewer below a place, at most `limit`.
    pub async fn case_messages(
        &self,
        viewer: &Viewer,
        now: Timestamp,
        place: Option<Place>,
        limit: i64,
    ) -> Result<Vec<CaseMessage>> {
        let (Some(whom), Some(sight)) = (whom(viewer), Sight::of_one(viewer)) else {
            return Ok(vec![]);
        };
        let read = self.messages_read(viewer).await?;
        let select = "SELECT m.seq, m.shown_at, m.kind, m.case_id, f.category, f.place";
        let mut sql = shown(select, SHOWN, &whom, viewer, &sight, now);
        below(&mut sql, place);
        sql.text(" ORDER BY m.shown_at DESC, m.seq DESC LIMIT ");
        sql.bind_number(limit);
        let rows = sql.fetch(self).await?;
        rows.iter()
            .map(|row| {
                let seq = row.try_get("seq")?;
                let at = moment(row.try_get("shown_at")?)?;
                Ok(CaseMessage {
                    seq,
                    at,
                    kind: row.try_get("kind")?,
                    case: row.try_get("case_id")?,
                    category: row.try_get("category")?,
                    place: row.try_get("place")?,
                    unread: read.is_before(seq, at),
                })
            })
            .collect()
    }

    /// How many messages below a place a viewer has not read, counted up to a hundred.
    pub async fn unread_messages(
        &self,
        viewer: &Viewer,
        now: Timestamp,
        place: Option<Place>,
    ) -> Result<i64> {
        let (Some(whom), Some(sight)) = (whom(viewer), Sight::of_one(viewer)) else {
            return Ok(0);
        };
        let select = "SELECT count(*) AS unread FROM (SELECT m.seq";
        let mut sql = shown(select, SHOWN_EACH, &whom, viewer, &sight, now);
        let read = self.messages_read(viewer).await?;
        sql.and_number("(m.seq > ", read.seq);
        sql.text(" OR m.shown_at > ");
        sql.bind_number(read.until.as_millisecond());
        sql.text(")");
        below(&mut sql, place);
        sql.text(&format!(" LIMIT {COUNTED}) AS newest"));
        let rows = sql.fetch(self).await?;
        Ok(rows.first().map_or(Ok(0), |row| row.try_get("unread"))?)
    }

    /// The mark of everything that shows to a viewer now.
    pub async fn newest_message(&self, viewer: &Viewer, now: Timestamp) -> Result<Mark> {
        let mut mark = Mark { seq: 0, until: now };
        if let (Some(whom), Some(sight)) = (whom(viewer), Sight::of_one(viewer)) {
            let mut sql = shown("SELECT m.seq", SHOWN_EACH, &whom, viewer, &sight, now);
            sql.text(" ORDER BY m.seq DESC LIMIT 1");
            if let Some(row) = sql.fetch(self).await?.first() {
                mark.seq = row.try_get("seq")?;
            }
        }
        Ok(mark)
    }

    async fn messages_read(&self, viewer: &Viewer) -> Result<Mark> {
        let row = sqlx::query("SELECT seq, until FROM message_read WHERE login = $1")
            .bind(&viewer.login)
            .fetch_optional(self.reading())
            .await?;
        let (seq, until) = match row {
            Some(row) => (row.try_get("seq")?, row.try_get("until")?),
            None => (0, 0),
        };
        Ok(Mark {
            seq,
            until: moment(until)?,
        })
    }

    /// Marks what a viewer was shown as read. A page that was opened before one that was marked since changes nothing.
    pub async fn read_messages(&self, viewer: &Viewer, mark: Mark) -> Result<()> {
        let login = viewer.login.clone();
        self.write(move |tx| {
            Box::pin(async move {
                sqlx::query(
                    "INSERT INTO message_read (login, seq, until) VALUES ($1, $2, $3)
                     ON CONFLICT (login) DO UPDATE SET seq = excluded.seq, until = excluded.until
                     WHERE excluded.seq >= message_read.seq AND excluded.until >= message_read.until",
                )
                .bind(login)
                .bind(mark.seq)
                .bind(mark.until.as_millisecond())
                .execute(tx.conn())
                .await?;
                Ok(())
            })
        })
        .await
    }
}
