//! The server: plain behind a proxy, or with TLS from certificate files.

use std::future::Future;
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::time::Duration;

use assessment::message::Message;
use axum::Json;
use axum::extract::State;
use axum_server::Handle;
use axum_server::tls_rustls::RustlsConfig;
use serde_json::{Value, json};

use super::error::Result;
use super::{App, site};
use crate::casework;
use crate::clock::Clock;
use crate::evidence::Refusal;
use crate::file;
use crate::store::{self, Store};
use crate::webhook;

/// How long requests that have begun may take to end when the server stops.
const LAST_REQUESTS: Duration = Duration::from_secs(10);

/// TLS from a certificate, with those between it and the root, and its private key: PEM files.
///
/// Errors: files that cannot be read or do not fit together.
pub async fn tls(cert: &Path, key: &Path) -> anyhow::Result<RustlsConfig> {
    // Fails only if a provider is installed already, which is then as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let (cert_pem, key_pem) = (file::bytes(cert)?, file::bytes(key)?);
    let unfit = |_| {
        let paths = Message::new("serve-bad-certificate").with("cert", cert.display().to_string());
        Refusal(paths.with("key", key.display().to_string()))
    };
    let tls = RustlsConfig::from_pem(cert_pem, key_pem).await;
    Ok(tls.map_err(unfit)?)
}

/// How often is looked whether something is due by itself.
const DUE: Duration = Duration::from_secs(30);

/// Does what is due by itself, now and again.
async fn do_what_is_due(app: App) {
    loop {
        if let Err(error) = app.store.release_due(app.clock.now()).await {
            tracing::error!(%error, "what was due was not released");
        }
        tokio::time::sleep(DUE).await;
    }
}

/// Answers on a listener until `stop` ends, then lets what has begun finish.
///
/// Errors: the listener's.
pub async fn serve(
    app: App,
    listener: TcpListener,
    tls: Option<RustlsConfig>,
    stop: impl Future<Output = ()> + Send + 'static,
) -> anyhow::Result<()> {
    listener.set_nonblocking(true)?;
    let handle = Handle::new();
    let stopping = handle.clone();
    tokio::spawn(async move {
        stop.await;
        stopping.graceful_shutdown(Some(LAST_REQUESTS));
    });
    let store = app.store.clone();
    let minutes = tokio::spawn(every_minute(store.clone(), app.clock.clone()));
    let due = tokio::spawn(do_what_is_due(app.clone()));
    let darkroom = app.field.darkroom.clone();
    let darkroom = tokio::spawn(darkroom.work(store.clone(), app.clock.clone()));
    let webhooks = tokio::spawn(webhook::work(store.clone(), app.clock.clone()));
    let service = site(app).into_make_service_with_connect_info::<SocketAddr>();
    match tls {
        None => {
            axum_server::from_tcp(listener)?
                .handle(handle)
                .serve(service)
                .await?
        }
        Some(tls) => {
            axum_server::from_tcp_rustls(listener, tls)?
                .handle(handle)
                .serve(service)
                .await?
        }
    }
    minutes.abort();
    due.abort();
    darkroom.abort();
    webhooks.abort();
    store.close().await;
    Ok(())
}

/// Does what the program itself has to do to cases when a date comes.
async fn every_minute(store: Store, clock: Clock) {
    let mut minutes = tokio::time::interval(Duration::from_secs(60));
    minutes.tick().await;
    loop {
        minutes.tick().await;
        if let Err(error) = casework::tick(&store, clock.now()).await {
            tracing::error!(%error, "cases were not looked after; the next minute tries again");
        }
    }
}

/// Whether the server runs, its database answers, and what is written is saved.
pub async fn health(State(app): State<App>) -> Result<Json<Value>> {
    app.store.last_act().await?;
    if app.store.fails_to_write() {
        return Err(store::Error::NotSaved.into());
    }
    Ok(Json(
        json!({ "status": "ok", "version": env!("CARGO_PKG_VERSION") }),
    ))
}
