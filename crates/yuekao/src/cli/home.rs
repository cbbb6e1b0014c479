//! Where the store is: the arguments of every command that opens it.

use std::path::PathBuf;

use crate::file::{Wanted, refused};
use crate::store::{Error, Store};

/// The data folder, and the database if it is not the folder's own.
#[derive(clap::Args, Debug, Clone)]
pub struct Home {
    /// 数据文件夹 · data folder
    #[arg(
        long,
        global = true,
        default_value = "yuekao-data",
        env = "YUEKAO_DATA"
    )]
    pub data: PathBuf,
    /// PostgreSQL 地址（postgres://…），不填则用数据文件夹中的 SQLite · database, by default SQLite in the data folder
    #[arg(long, global = true, env = "YUEKAO_DATABASE", hide_env_values = true)]
    pub database: Option<String>,
}

impl Home {
    /// Opens the store.
    ///
    /// Errors: a folder or database that cannot be opened.
    pub async fn open(&self) -> anyhow::Result<Store> {
        match Store::open(&self.data, self.database.as_deref()).await {
            Err(Error::File(error)) => Err(refused(&self.data, Wanted::Write, &error).into()),
            opened => Ok(opened?),
        }
    }
}

/// Runs something on the store, then closes it.
///
/// Errors: a store that cannot be opened, or those of `work`.
pub fn with_store<T>(
    home: &Home,
    work: impl AsyncFnOnce(Store) -> anyhow::Result<T>,
) -> anyhow::Result<T> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let store = home.open().await?;
        let outcome = work(store.clone()).await;
        store.close().await;
        outcome
    })
}
