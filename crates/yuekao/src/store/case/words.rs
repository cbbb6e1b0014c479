//! Words in cases: what a search asks the index, and what the index keeps.
//!
//! A text is kept as its characters and as its pairs of neighbours, since Chinese has no spaces between words: 发展大道 is found
//! under 发展, 展大 and 大道 where they follow each other. Every scope that sees a case has entries of its own, so that neither
//! an answer nor the time that it takes tells of cases that the reader does not see.

use sqlx::{AnyConnection, Row as _};

use super::Sight;
use super::list::{CaseFilter, Sql};
use crate::store::dialect::Dialect;
use crate::store::{Error, Result, Store};

/// So many cases that hold the words are looked through, the latest ones.
pub const MOST_HITS: i64 = 10_000;
/// Cases that are read at once when the index is made.
const STEP: i64 = 2_000;

/// Code points that nobody uses stand for what a tokenizer would take for the end of a word.
const STAND_INS: u32 = 0x10_FF00;
/// What no text holds: between the fields of a case, and behind the name of a scope.
const EDGE: char = '\u{10FFFF}';

/// A character of which a tokenizer makes nothing else.
fn plain(c: char) -> char {
    match c {
        'a'..='z' | '0'..='9' => c,
        _ if c.is_ascii() => char::from_u32(STAND_INS + u32::from(c)).unwrap_or(c),
        _ if u32::from(c) >= STAND_INS => char::REPLACEMENT_CHARACTER,
        _ => c,
    }
}

/// A text as it is compared: Latin letters are alike in both sizes.
fn folded(text: &str) -> Vec<char> {
    text.chars()
        .map(|c| plain(c.to_ascii_lowercase()))
        .collect()
}

fn scope_word(scope: &str) -> String {
    scope.chars().map(plain).chain([EDGE]).collect()
}

/// What is asked of the index, or kept in it, for one scope.
#[derive(Debug, Clone)]
pub(in crate::store) struct Words {
    /// The scope, as it leads each word.
    pub scope: String,
    /// The folded text.
    pub text: String,
    /// Words of the index that lie in it, in their order, with a space between them.
    pub words: String,
}

impl Words {
    /// Of a case.
    fn kept(scope: &str, fields: &[&str]) -> Self {
        let scope = scope_word(scope);
        let fields: Vec<Vec<char>> = fields.iter().map(|field| folded(field)).collect();
        let mut words: Vec<String> = vec![];
        for field in &fields {
            words.extend(field.windows(2).map(|pair| pair.iter().collect()));
            // Pairs of two fields do not follow each other.
            words.push(EDGE.into());
        }
        let mut single: Vec<char> = fields.concat();
        single.sort_unstable();
        single.dedup();
        words.extend(single.into_iter().map(String::from));
        Self {
            text: fields.join(&EDGE).into_iter().collect(),
            words: joined(&scope, &words),
            scope,
        }
    }

    /// Of what somebody looks for.
    fn asked(scope: &str, text: &str) -> Self {
        let scope = scope_word(scope);
        let text = folded(text);
        let words: Vec<String> = match text.len() {
            1 => vec![text.iter().collect()],
            _ => text.windows(2).map(|pair| pair.iter().collect()).collect(),
        };
        Self {
            words: joined(&scope, &words),
            text: text.into_iter().collect(),
            scope,
        }
    }
}

fn joined(scope: &str, words: &[String]) -> String {
    let words: Vec<String> = words.iter().map(|word| format!("{scope}{word}")).collect();
    words.join(" ")
}

/// Enters a case into the index, for a scope that sees it under a number.
pub(super) async fn keep(
    conn: &mut AnyConnection,
    dialect: Dialect,
    (scope, number): (&str, i64),
    fields: &[&str],
) -> Result<()> {
    let mut sql = Sql::new("");
    sql.pieces(dialect.keep_words(number, Words::kept(scope, fields)));
    sql.execute(conn).await
}

/// Enters every case that there is into an index that was just made.
pub(in crate::store) async fn keep_all(conn: &mut AnyConnection, dialect: Dialect) -> Result<()> {
    let mut done = 0_i64;
    loop {
        let rows = sqlx::query(
            "SELECT u.number, u.unit, f.id, f.place, f.description FROM case_unit u JOIN case_file f ON f.id = u.case_id
             WHERE u.number > $1 ORDER BY u.number LIMIT $2",
        )
        .bind(done)
        .bind(STEP)
        .fetch_all(&mut *conn)
        .await?;
        for row in &rows {
            let text = |column| row.try_get::<String, _>(column);
            let (scope, id, place) = (text("unit")?, text("id")?, text("place")?);
            let description = text("description")?;
            done = row.try_get("number")?;
            keep(conn, dialect, (&scope, done), &[&id, &place, &description]).await?;
        }
        if (rows.len() as i64) < STEP {
            return Ok(());
        }
        if done % (50 * STEP) == 0 {
            tracing::info!("the index of words in cases is made: {done} entries so far");
        }
    }
}

/// A piece of a statement.
#[derive(Debug, Clone)]
pub(in crate::store) enum Piece {
    Sql(&'static str),
    Text(String),
    Number(i64),
}

/// How the words of a filter are looked for.
#[derive(Debug, Clone)]
pub(super) enum Search {
    /// There are none.
    No,
    /// In the index of a scope: of its hits the latest.
    Index(Hits),
    /// In the text of each case that the rest of the filter leaves.
    Read(Vec<Piece>),
}

/// Cases of a scope whose text holds some words.
#[derive(Debug, Clone)]
pub(super) struct Hits {
    /// A query for their numbers.
    pub numbers: Vec<Piece>,
    /// There are more than are looked through.
    pub cut: bool,
}

impl Search {
    /// Whether more cases hold the words than are looked through.
    pub fn is_cut(&self) -> bool {
        matches!(self, Self::Index(hits) if hits.cut)
    }
}

impl Store {
    /// How the words of a filter are looked for: in the index; but where they are frequent and the rest of the filter leaves
    /// few cases, in these.
    pub(super) async fn search(&self, sight: &Sight, filter: &CaseFilter) -> Result<Search> {
        let text = filter.q.trim();
        if text.is_empty() {
            return Ok(Search::No);
        }
        let scope = match filter.is_of(sight) {
            true => filter.scope(sight),
            // What both see is looked for among what the viewer sees.
            false => &sight.scope,
        };
        let words = Words::asked(scope, text);
        let read = Search::Read(self.dialect().text_read(text, words.clone()));
        if filter.every_hit {
            return Ok(read);
        }
        let found = self.dialect().words_found(words);
        let hits = self.hits(found.clone(), None).await?;
        if !hits.cut {
            return Ok(Search::Index(hits));
        }
        if filter.is_of(sight) && self.kept_count(sight, filter).await? <= MOST_HITS {
            return Ok(read);
        }
        let Some((from, to)) = filter.months() else {
            return Ok(Search::Index(hits));
        };
        let mut sql = Sql::new(
            "SELECT COALESCE(min(number), 0) AS least, COALESCE(max(number), 0) AS last FROM case_unit WHERE unit = ",
        );
        sql.bind(scope);
        sql.and_number("reported_at >= ", from);
        sql.and_number("reported_at < ", to);
        let rows = sql.fetch(self).await?;
        let between = match rows.first() {
            Some(row) => Some((row.try_get("least")?, row.try_get("last")?)),
            None => None,
        };
        Ok(Search::Index(self.hits(found, between).await?))
    }

    /// Asks the index once, for the latest and one more; what follows is asked of the numbers.
    async fn hits(&self, found: Vec<Piece>, between: Option<(i64, i64)>) -> Result<Hits> {
        let mut sql = Sql::new("SELECT ");
        sql.text(self.dialect().numbers_gathered());
        sql.text(" AS numbers FROM (");
        sql.pieces(found);
        if let Some((least, last)) = between {
            sql.and_between("number", least, last);
        }
        sql.text(" ORDER BY number DESC LIMIT ");
        sql.bind_number(MOST_HITS + 1);
        sql.text(") found");
        let rows = sql.fetch(self).await?;
        let text: Option<String> = match rows.first() {
            Some(row) => row.try_get("numbers")?,
            None => None,
        };
        let text = text.unwrap_or_else(|| "[]".into());
        let mut numbers: Vec<i64> = serde_json::from_str(&text).map_err(Error::damaged)?;
        let cut = numbers.len() as i64 > MOST_HITS;
        numbers.truncate(MOST_HITS as usize);
        let text = serde_json::to_string(&numbers).map_err(Error::damaged)?;
        Ok(Hits {
            numbers: self.dialect().numbers_listed(text),
            cut,
        })
    }
}
