//! `yuekao serve`: the site.

use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;

use anyhow::Context as _;
use axum_server::tls_rustls::RustlsConfig;
use serde_json::json;
use tracing_subscriber::EnvFilter;

use super::{Format, Outcome, Speaker, home};
use crate::clock::Clock;
use crate::store::Store;
use crate::web::server;
use crate::web::{App, Outside};

#[derive(clap::Args)]
pub struct Args {
    #[command(flatten)]
    home: home::Home,
    /// 监听地址 · address to listen on
    #[arg(long, default_value = "127.0.0.1:8080", env = "YUEKAO_LISTEN")]
    listen: SocketAddr,
    /// TLS 证书（PEM） · certificate, with its chain
    #[arg(long, requires = "tls_key")]
    tls_cert: Option<PathBuf>,
    /// TLS 私钥（PEM） · its private key
    #[arg(long, requires = "tls_cert")]
    tls_key: Option<PathBuf>,
    /// 在提供 HTTPS 的反向代理之后运行，信任其 X-Forwarded-For · behind a proxy that speaks HTTPS
    #[arg(long)]
    behind_proxy: bool,
}

pub fn run(args: Args, speaker: Speaker) -> Outcome {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("warn"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .init();
    home::with_store(&args.home, async |store| {
        let tls = match args.tls_cert.zip(args.tls_key) {
            Some((cert, key)) => Some(server::tls(&cert, &key).await?),
            None => None,
        };
        site(
            store,
            Clock::System,
            args.listen,
            tls,
            args.behind_proxy,
            speaker,
        )
        .await
    })
}

/// Serves a store by a clock until the program is asked to stop; says where. `proxy`: behind one that speaks HTTPS.
///
/// Errors: an address that is taken.
pub async fn site(
    store: Store,
    clock: Clock,
    listen: SocketAddr,
    tls: Option<RustlsConfig>,
    proxy: bool,
    speaker: Speaker,
) -> Outcome {
    let outside = Outside {
        tls: tls.is_some() || proxy,
        proxy,
    };
    let listener = TcpListener::bind(listen).with_context(|| listen.to_string())?;
    let scheme = if tls.is_some() { "https" } else { "http" };
    let site = format!("{scheme}://{}", listener.local_addr()?);
    let empty = store.host().await?.is_none();
    let app = App::new(store, clock, outside);
    let code = empty.then_some(&*app.setup_code);
    match (speaker.format, code) {
        (Format::Json, code) => println!("{}", json!({ "site": site, "setup_code": code })),
        (Format::Text, None) => {
            println!(
                "{}",
                speaker.language.say("serve-ready", [("site", site.into())])
            );
        }
        (Format::Text, Some(code)) => {
            println!(
                "{}",
                speaker.language.say(
                    "serve-setup",
                    [("site", site.into()), ("code", code.into())]
                )
            );
        }
    }
    server::serve(app, listener, tls, stop_asked()).await?;
    Ok(0)
}

/// Ends when the terminal or the system asks the program to stop.
async fn stop_asked() {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut terminate) = signal(SignalKind::terminate()) else {
        return std::future::pending().await;
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminate.recv() => {}
    }
}
