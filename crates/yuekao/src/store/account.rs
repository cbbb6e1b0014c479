//! Accounts: who can sign in, as what, for which unit.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{Timestamp, ToSpan};
use serde::{Deserialize, Serialize};
use sqlx::Row as _;
use sqlx::any::AnyRow;

use assessment::message::Message;
use assessment::month::Month;

use super::act::Deed;
use super::writer::Tx;
use super::{Error, Result, Store, digest, moment, secret};
use crate::viewer::{Role, Viewer};

/// One account.
#[derive(Clone, PartialEq, Eq)]
pub struct Account {
    /// What the person signs in with; never changes.
    pub login: String,
    /// The office or person as shown.
    pub name: String,
    /// What they may be.
    pub role: Role,
    /// Code of the unit they answer for, or id of the agency they work for, if any.
    pub unit: Option<String>,
    /// Argon2 hash of the password; empty while there is none.
    pub hash: String,
    /// The password was given by somebody else and has to be changed at the next sign-in.
    pub must_change: bool,
    /// When it was made.
    pub created_at: Timestamp,
    /// When the account was closed.
    pub disabled_at: Option<Timestamp>,
    /// When it was closed last, though it may be open again.
    pub closed_last_at: Option<Timestamp>,
}

/// Without the hash, so that it cannot end up in a log.
impl std::fmt::Debug for Account {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "Account({} as {}, unit {:?})",
            self.login, self.role, self.unit
        )
    }
}

impl Account {
    /// The account as the one who asks.
    pub fn viewer(&self) -> Viewer {
        Viewer {
            role: self.role,
            login: self.login.clone(),
            name: self.name.clone(),
            unit: self.unit.clone(),
        }
    }

    /// It was made to wait for the security administrator, and has never been open.
    pub fn waits(&self) -> bool {
        self.hash.is_empty() && self.disabled_at == Some(self.created_at)
    }

    fn from_row(row: &AnyRow) -> Result<Self> {
        let role: String = row.try_get("role")?;
        let closed = |column: &str| -> Result<Option<Timestamp>> {
            let at: Option<i64> = row.try_get(column)?;
            at.map(moment).transpose()
        };
        Ok(Self {
            login: row.try_get("login")?,
            name: row.try_get("name")?,
            role: role.parse().map_err(Error::damaged)?,
            unit: row.try_get("unit")?,
            hash: row.try_get("hash")?,
            must_change: row.try_get::<i64, _>("must_change")? != 0,
            created_at: moment(row.try_get("created_at")?)?,
            disabled_at: closed("disabled_at")?,
            closed_last_at: closed("closed_last_at")?,
        })
    }
}

/// What an account is made of, besides its login and password.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Duty {
    /// The office or person as shown.
    pub name: String,
    /// A word of [`Role`].
    pub role: String,
    /// Code of the unit, if any.
    pub unit: Option<String>,
}

impl Duty {
    /// A duty, checked: a unit's account names its unit.
    ///
    /// Errors: refused with a sentence on what is missing.
    pub fn new(name: &str, role: Role, unit: Option<&str>) -> Result<Self> {
        let unit = unit
            .map(str::trim)
            .filter(|code| !code.is_empty())
            .map(str::to_owned);
        if name.trim().is_empty() {
            return Err(Error::refused("account-name-missing"));
        }
        if role.needs_unit() && unit.is_none() {
            return Err(Error::refused("account-unit-missing"));
        }
        Ok(Self {
            name: name.trim().to_owned(),
            role: role.word().to_owned(),
            unit,
        })
    }
}

/// The units and agencies that accounts may name, by their codes; while there are none, whatever they name may still come.
#[derive(Debug, Default)]
pub struct Named {
    units: BTreeMap<String, String>,
    agencies: BTreeMap<String, String>,
}

impl Named {
    fn of(&self, role: Role) -> &BTreeMap<String, String> {
        match role.is_of_agency() {
            true => &self.agencies,
            false => &self.units,
        }
    }

    /// Whether what an account of this role names is there.
    pub fn has(&self, role: Role, unit: Option<&str>) -> bool {
        let known = self.of(role);
        known.is_empty() || unit.is_none_or(|code| known.contains_key(code))
    }

    /// What the unit or agency of an account of this role is called.
    pub fn name(&self, role: Role, unit: &str) -> Option<&str> {
        self.of(role).get(unit).map(String::as_str)
    }

    /// Holds a duty against it.
    ///
    /// Errors: refused with the code that is not there.
    pub fn check(&self, duty: &Duty) -> Result<()> {
        let role: Role = duty.role.parse().map_err(Error::damaged)?;
        let key = match role.is_of_agency() {
            true => "account-agency-unknown",
            false => "account-unit-unknown",
        };
        match self.has(role, duty.unit.as_deref()) {
            true => Ok(()),
            false => Err(Error::Refused(
                Message::new(key).with("unit", duty.unit.clone().unwrap_or_default()),
            )),
        }
    }
}

/// What can be done to an account; its login is the id.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccountDeed {
    /// It was made.
    Created(Duty),
    /// Name, role or unit changed.
    Changed(Duty),
    /// The password was set; the hash itself is no part of the record.
    PasswordSet {
        /// By somebody else: must be changed at the next sign-in.
        must_change: bool,
    },
    /// A one-time link for a new password was made.
    ResetMade {
        /// Until when it opens (epoch milliseconds).
        expires_at: i64,
    },
    /// It was closed.
    Disabled {},
    /// It was opened again.
    Enabled {},
    /// Its duty passed to another account and it was closed.
    HandedOver {
        /// The login that has the duty now.
        to: String,
    },
}

impl Deed for AccountDeed {
    const NOUN: &'static str = "account";

    async fn apply(&self, tx: &mut Tx<'_>, login: &str, at: Timestamp) -> Result<()> {
        let administrators = administrators(tx).await?;
        let at = at.as_millisecond();
        let done = match self {
            Self::Created(duty) => {
                sqlx::query(
                    "INSERT INTO account (login, name, role, unit, hash, must_change, created_at)
                     VALUES ($1, $2, $3, $4, '', 1, $5) ON CONFLICT (login) DO NOTHING",
                )
                .bind(login)
                .bind(&duty.name)
                .bind(&duty.role)
                .bind(duty.unit.as_deref())
                .bind(at)
                .execute(tx.conn())
                .await?
            }
            Self::Changed(duty) => {
                sqlx::query("UPDATE account SET name = $2, role = $3, unit = $4 WHERE login = $1")
                    .bind(login)
                    .bind(&duty.name)
                    .bind(&duty.role)
                    .bind(duty.unit.as_deref())
                    .execute(tx.conn())
                    .await?
            }
            Self::PasswordSet { must_change } => {
                sqlx::query("UPDATE account SET must_change = $2 WHERE login = $1")
                    .bind(login)
                    .bind(i64::from(*must_change))
                    .execute(tx.conn())
                    .await?
            }
            Self::ResetMade { .. } => {
                sqlx::query(
                    "UPDATE account SET login = login WHERE login = $1 AND disabled_at IS NULL",
                )
                .bind(login)
                .execute(tx.conn())
                .await?
            }
            Self::Disabled {} | Self::HandedOver { .. } => {
                sqlx::query(
                    "UPDATE account SET disabled_at = $2, closed_last_at = $2
                     WHERE login = $1 AND disabled_at IS NULL",
                )
                .bind(login)
                .bind(at)
                .execute(tx.conn())
                .await?
            }
            Self::Enabled {} => {
                sqlx::query("UPDATE account SET disabled_at = NULL WHERE login = $1")
                    .bind(login)
                    .execute(tx.conn())
                    .await?
            }
        };
        if matches!(
            self,
            Self::PasswordSet { .. } | Self::Disabled {} | Self::HandedOver { .. }
        ) {
            end_resets(tx, login, at).await?;
        }
        // A system without an administrator could only be opened again from the command line.
        if administrators > 0 && self::administrators(tx).await? == 0 {
            return Err(Error::refused("account-last-administrator"));
        }
        match (self, done.rows_affected()) {
            (_, 1) => Ok(()),
            (Self::Created(_), _) => Err(about("account-login-taken", login)),
            (_, _) => Err(about("account-not-open", login)),
        }
    }
}

/// Ends the one-time links of an account that are not used.
async fn end_resets(tx: &mut Tx<'_>, login: &str, at: i64) -> Result<()> {
    sqlx::query("UPDATE password_reset SET used_at = $2 WHERE login = $1 AND used_at IS NULL")
        .bind(login)
        .bind(at)
        .execute(tx.conn())
        .await?;
    Ok(())
}

async fn administrators(tx: &mut Tx<'_>) -> Result<i64> {
    open_of(tx, Role::Administrator).await
}

async fn open_of(tx: &mut Tx<'_>, role: Role) -> Result<i64> {
    Ok(
        sqlx::query_scalar("SELECT count(*) FROM account WHERE role = $1 AND disabled_at IS NULL")
            .bind(role.word())
            .fetch_one(tx.conn())
            .await?,
    )
}

/// Does something to an account. Once there is a security administrator, one is left: without any the system
/// administrator would say again what accounts may be.
async fn keeping_security(
    tx: &mut Tx<'_>,
    at: Timestamp,
    who: &str,
    login: &str,
    deed: &AccountDeed,
) -> Result<()> {
    let before = open_of(tx, Role::Security).await?;
    tx.act(at, who, login, deed).await?;
    match before > 0 && open_of(tx, Role::Security).await? == 0 {
        true => Err(Error::refused("account-last-security")),
        false => Ok(()),
    }
}

/// Sees to it that nobody who gets this duty is still to go out, today or later, for an agency whose inspector they would not
/// be any more.
async fn leaves_no_sites(tx: &mut Tx<'_>, at: Timestamp, login: &str, duty: &Duty) -> Result<()> {
    let agency: Option<String> = sqlx::query_scalar(
        "SELECT p.agency FROM assignment a
         JOIN plan p ON p.series = a.series AND p.month = a.month
         JOIN account who ON who.login = a.inspector AND who.unit = p.agency AND who.role = 'inspector'
         WHERE a.inspector = $1 AND a.day >= $2 AND a.state IN ('assigned', 'released')
           AND (p.agency <> $3 OR $4 <> 'inspector') LIMIT 1",
    )
    .bind(login)
    .bind(crate::clock::day_of(at).to_string())
    .bind(duty.unit.as_deref().unwrap_or_default())
    .bind(&duty.role)
    .fetch_optional(tx.conn())
    .await?;
    match agency {
        None => Ok(()),
        Some(agency) => Err(Error::Refused(
            Message::new("account-leaves-sites")
                .with("login", login)
                .with("agency", agency),
        )),
    }
}

fn about(key: &'static str, login: &str) -> Error {
    Error::Refused(Message::new(key).with("login", login))
}

/// Those who do something and have no account: the program itself, by its clock, its darkroom, its command line, anybody in
/// the town. Nobody signs in under their names.
pub const WITHOUT_ACCOUNT: [&str; 5] = ["system", "clock", "darkroom", "console", "citizen"];

/// A login: two to forty letters, digits, `.`, `-`, `_` or Chinese characters, in lower case.
///
/// Errors: refused with a sentence that says so.
pub fn checked_login(text: &str) -> Result<String> {
    let login = text.trim().to_lowercase();
    let good = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | '_');
    match login.chars().count() {
        2..=40 if login.chars().all(good) && !WITHOUT_ACCOUNT.contains(&login.as_str()) => {
            Ok(login)
        }
        _ => Err(about("account-login-bad", text.trim())),
    }
}

impl Store {
    /// Does one deed to one thing in a transaction of its own.
    pub(crate) async fn act<D: Deed + Send + 'static>(
        &self,
        at: Timestamp,
        who: &str,
        id: &str,
        deed: D,
    ) -> Result<()> {
        let (who, id) = (who.to_owned(), id.to_owned());
        self.write(move |tx| Box::pin(async move { tx.act(at, &who, &id, &deed).await.map(drop) }))
            .await
    }

    /// One account.
    pub async fn account(&self, login: &str) -> Result<Option<Account>> {
        let row = sqlx::query("SELECT * FROM account WHERE login = $1")
            .bind(login)
            .fetch_optional(self.reading())
            .await?;
        row.as_ref().map(Account::from_row).transpose()
    }

    /// What people are called, by their logins; who has no account is not in it.
    pub async fn names<'a>(
        &self,
        logins: impl IntoIterator<Item = &'a str>,
    ) -> Result<BTreeMap<String, String>> {
        let mut names = BTreeMap::new();
        for login in logins.into_iter().collect::<BTreeSet<_>>() {
            let name = sqlx::query_scalar("SELECT name FROM account WHERE login = $1")
                .bind(login)
                .fetch_optional(self.reading())
                .await?;
            names.extend(name.map(|name| (login.to_owned(), name)));
        }
        Ok(names)
    }

    /// All accounts, closed ones last.
    pub async fn accounts(&self) -> Result<Vec<Account>> {
        let rows = sqlx::query(
            "SELECT * FROM account
             ORDER BY CASE WHEN disabled_at IS NULL THEN 0 ELSE 1 END, login",
        )
        .fetch_all(self.reading())
        .await?;
        rows.iter().map(Account::from_row).collect()
    }

    /// Whether somebody is security administrator: from then on the system administrator no longer says what accounts
    /// may be.
    pub async fn has_security(&self) -> Result<bool> {
        let open: i64 = sqlx::query_scalar(
            "SELECT count(*) FROM account WHERE role = 'security' AND disabled_at IS NULL",
        )
        .fetch_one(self.reading())
        .await?;
        Ok(open > 0)
    }

    /// Makes an account. With a password hash the password must be changed at the first sign-in if
    /// `must_change`; without one the account needs a one-time link ([`Store::make_reset`]).
    ///
    /// Errors: refused if the login is taken or not a login.
    pub async fn create_account(
        &self,
        at: Timestamp,
        who: &str,
        login: &str,
        duty: Duty,
        hash: Option<String>,
        must_change: bool,
    ) -> Result<()> {
        let (who, login) = (who.to_owned(), checked_login(login)?);
        self.write(move |tx| {
            Box::pin(async move {
                tx.act(at, &who, &login, &AccountDeed::Created(duty))
                    .await?;
                match hash {
                    Some(hash) => set_password(tx, at, &who, &login, hash, must_change).await,
                    None => Ok(()),
                }
            })
        })
        .await
    }

    /// Makes many accounts, or none: each with its login, duty and, where it has one, password hash, to be changed at
    /// the first sign-in. They stay closed if they wait for the security administrator.
    ///
    /// Errors: refused on the first login that is taken.
    pub async fn create_accounts(
        &self,
        at: Timestamp,
        who: &str,
        accounts: Vec<(String, Duty, Option<String>)>,
        waiting: bool,
    ) -> Result<()> {
        let who = who.to_owned();
        self.write(move |tx| {
            Box::pin(async move {
                for (login, duty, hash) in accounts {
                    tx.act(at, &who, &login, &AccountDeed::Created(duty))
                        .await?;
                    if let Some(hash) = hash {
                        set_password(tx, at, &who, &login, hash, true).await?;
                    }
                    if waiting {
                        tx.act(at, &who, &login, &AccountDeed::Disabled {}).await?;
                    }
                }
                Ok(())
            })
        })
        .await
    }

    /// Changes name, role or unit.
    ///
    /// Errors: refused if there is no such account, an administrator would become something else or somebody else an
    /// administrator, or an inspector would leave an agency's sites behind.
    pub async fn change_account(
        &self,
        at: Timestamp,
        who: &str,
        login: &str,
        duty: Duty,
    ) -> Result<()> {
        let (who, login) = (who.to_owned(), login.to_owned());
        self.write(move |tx| {
            Box::pin(async move {
                let old = role_of(tx, &login).await?;
                let new: Role = duty.role.parse().map_err(Error::damaged)?;
                if !old.hands_over_to(new) {
                    return Err(about("account-changed-across", &login));
                }
                leaves_no_sites(tx, at, &login, &duty).await?;
                let changed = AccountDeed::Changed(duty);
                tx.act(at, &who, &login, &changed).await.map(drop)
            })
        })
        .await
    }

    /// Sets the password. Everybody signed in with the old one is signed out by it, and one-time links end.
    ///
    /// Errors: refused if there is no such account.
    pub async fn set_password(
        &self,
        at: Timestamp,
        who: &str,
        login: &str,
        hash: String,
        must_change: bool,
    ) -> Result<()> {
        let (who, login) = (who.to_owned(), login.to_owned());
        self.write(move |tx| {
            Box::pin(async move { set_password(tx, at, &who, &login, hash, must_change).await })
        })
        .await
    }

    /// Closes an account: its sessions and one-time links end for good.
    ///
    /// Errors: refused if it is not open, or is the last system or security administrator's.
    pub async fn disable_account(&self, at: Timestamp, who: &str, login: &str) -> Result<()> {
        self.do_to_account(at, who, login, AccountDeed::Disabled {})
            .await
    }

    async fn do_to_account(
        &self,
        at: Timestamp,
        who: &str,
        login: &str,
        deed: AccountDeed,
    ) -> Result<()> {
        let (who, login) = (who.to_owned(), login.to_owned());
        self.write(move |tx| {
            Box::pin(async move { keeping_security(tx, at, &who, &login, &deed).await })
        })
        .await
    }

    /// Opens a closed account, or one that waited. Where its owner has never set a password, whoever made one for them may
    /// know it: it ends, and the one-time token that is returned sets the first one.
    ///
    /// Errors: refused if there is no such account.
    pub async fn enable_account(
        &self,
        at: Timestamp,
        who: &str,
        login: &str,
    ) -> Result<Option<String>> {
        let (who, login) = (who.to_owned(), login.to_owned());
        self.write(move |tx| {
            Box::pin(async move {
                tx.act(at, &who, &login, &AccountDeed::Enabled {}).await?;
                let unset = sqlx::query(
                    "UPDATE account SET hash = '' WHERE login = $1 AND must_change = 1",
                )
                .bind(&login)
                .execute(tx.conn())
                .await?;
                match unset.rows_affected() {
                    0 => Ok(None),
                    _ => reset(tx, at, &who, &login).await.map(Some),
                }
            })
        })
        .await
    }

    /// The units of a month and the agencies.
    pub async fn named(&self, month: Month) -> Result<Named> {
        let units = self.units_in(month).await?;
        let agencies: Vec<(String, String)> = sqlx::query_as("SELECT id, name FROM agency")
            .fetch_all(self.reading())
            .await?;
        let units = units.into_iter().map(|unit| (unit.code, unit.name));
        Ok(Named {
            units: units.collect(),
            agencies: agencies.into_iter().collect(),
        })
    }

    /// Hands an office over: the account `to` gets role and unit of `from`, and `from` is closed.
    ///
    /// Errors: refused if one of them is not open, they are the same, an administrator would become something else, or an
    /// inspector would leave an agency's sites behind.
    pub async fn hand_over(&self, at: Timestamp, who: &str, from: &str, to: &str) -> Result<()> {
        if from == to {
            return Err(about("account-handed-to-itself", from));
        }
        let (who, from, to) = (who.to_owned(), from.to_owned(), to.to_owned());
        self.write(move |tx| {
            Box::pin(async move {
                let old = open_account(tx, &from).await?;
                let new = open_account(tx, &to).await?;
                if !old.role.hands_over_to(new.role) {
                    return Err(about("account-handed-across", &to));
                }
                let duty = Duty::new(&new.name, old.role, old.unit.as_deref())?;
                leaves_no_sites(tx, at, &to, &duty).await?;
                tx.act(at, &who, &to, &AccountDeed::Changed(duty)).await?;
                let handed = AccountDeed::HandedOver { to };
                keeping_security(tx, at, &who, &from, &handed).await
            })
        })
        .await
    }

    /// Makes a one-time token with which a new password can be set within a day; the store keeps
    /// only its digest.
    ///
    /// Errors: refused if the account is not open.
    pub async fn make_reset(&self, at: Timestamp, who: &str, login: &str) -> Result<String> {
        let (who, login) = (who.to_owned(), login.to_owned());
        self.write(move |tx| Box::pin(async move { reset(tx, at, &who, &login).await }))
            .await
    }

    /// Whose password a one-time token may set at this moment.
    pub async fn reset_login(&self, at: Timestamp, token: &str) -> Result<Option<String>> {
        Ok(sqlx::query_scalar(
            "SELECT r.login FROM password_reset r JOIN account a ON a.login = r.login
             WHERE token_digest = $1 AND used_at IS NULL AND expires_at > $2 AND disabled_at IS NULL",
        )
        .bind(digest(token))
        .bind(at.as_millisecond())
        .fetch_optional(self.reading())
        .await?)
    }

    /// Sets a password with a one-time token, once; other tokens of the account end too.
    ///
    /// Errors: refused if the token is used, too old or unknown.
    pub async fn use_reset(&self, at: Timestamp, token: &str, hash: String) -> Result<String> {
        let token = digest(token);
        self.write(move |tx| {
            Box::pin(async move {
                let login: Option<String> = sqlx::query_scalar(
                    "UPDATE password_reset SET used_at = $2
                     WHERE token_digest = $1 AND used_at IS NULL AND expires_at > $2
                     RETURNING login",
                )
                .bind(&token)
                .bind(at.as_millisecond())
                .fetch_optional(tx.conn())
                .await?;
                let login = login.ok_or_else(|| Error::refused("account-reset-over"))?;
                open_account(tx, &login).await?;
                set_password(tx, at, &login, &login, hash, false).await?;
                Ok(login)
            })
        })
        .await
    }
}

async fn reset(tx: &mut Tx<'_>, at: Timestamp, who: &str, login: &str) -> Result<String> {
    let expires_at = at
        .saturating_add(24.hours())
        .map_err(Error::damaged)?
        .as_millisecond();
    let token = secret();
    tx.act(at, who, login, &AccountDeed::ResetMade { expires_at })
        .await?;
    sqlx::query(
        "INSERT INTO password_reset (token_digest, login, made_by, expires_at)
         VALUES ($1, $2, $3, $4)",
    )
    .bind(digest(&token))
    .bind(login)
    .bind(who)
    .bind(expires_at)
    .execute(tx.conn())
    .await?;
    Ok(token)
}

/// What an account may be, whether it is open or not.
async fn role_of(tx: &mut Tx<'_>, login: &str) -> Result<Role> {
    let role: Option<String> = sqlx::query_scalar("SELECT role FROM account WHERE login = $1")
        .bind(login)
        .fetch_optional(tx.conn())
        .await?;
    let role = role.ok_or_else(|| about("account-not-open", login))?;
    role.parse().map_err(Error::damaged)
}

async fn open_account(tx: &mut Tx<'_>, login: &str) -> Result<Account> {
    let row = sqlx::query("SELECT * FROM account WHERE login = $1 AND disabled_at IS NULL")
        .bind(login)
        .fetch_optional(tx.conn())
        .await?;
    row.as_ref()
        .map_or_else(|| Err(about("account-not-open", login)), Account::from_row)
}

pub(super) async fn set_password(
    tx: &mut Tx<'_>,
    at: Timestamp,
    who: &str,
    login: &str,
    hash: String,
    must_change: bool,
) -> Result<()> {
    tx.act(at, who, login, &AccountDeed::PasswordSet { must_change })
        .await?;
    sqlx::query("UPDATE account SET hash = $2 WHERE login = $1")
        .bind(login)
        .bind(hash)
        .execute(tx.conn())
        .await?;
    Ok(())
}
