//! Forms that really are ours: every request that changes something must come from this site and
//! carry the token of the cookie (a second site can send the cookie along, but cannot read it).

use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use futures_util::{StreamExt as _, stream};

use super::error::Error;
use super::page::cookie;

/// The cookie with the token.
pub const COOKIE: &str = "yuekao_form";
/// The hidden field with the token; in a form with files it comes first.
const FIELD: &str = "form_token";
/// Header with the token, for scripts.
const HEADER: &str = "x-form-token";
/// The token as hex.
const TOKEN_LENGTH: usize = 64;
/// The field must be found in so many bytes: forms of fields are as a whole below the limit of
/// bodies, forms with files have it first.
const SEARCHED: usize = 64 << 10;

/// Put into a response that is no page and needs the cookie all the same: a script that was kept on
/// a phone asks for the token.
#[derive(Debug, Clone, Copy)]
pub struct SetToken;

/// The token of the cookie, if it looks like one.
pub fn known_token(headers: &HeaderMap) -> Option<String> {
    cookie(headers, COOKIE)
        .filter(|token| token.len() == TOKEN_LENGTH && token.bytes().all(|b| b.is_ascii_hexdigit()))
}

/// Lets a request that changes something through only if it is ours.
pub async fn guard(request: Request, next: Next) -> Response {
    if matches!(
        *request.method(),
        Method::GET | Method::HEAD | Method::OPTIONS
    ) {
        return next.run(request).await;
    }
    // Programs show a key, which no browser sends by itself; cookies mean nothing there.
    if request.uri().path().starts_with("/api/") {
        return next.run(request).await;
    }
    let Some(token) = known_token(request.headers()).filter(|_| same_site(request.headers()))
    else {
        return Error::form_not_ours().into_response();
    };
    if request
        .headers()
        .get(HEADER)
        .is_some_and(|given| given.as_bytes() == token.as_bytes())
    {
        return next.run(request).await;
    }
    let (parts, body) = request.into_parts();
    let (found, body) = find(body, &token).await;
    match found {
        true => next.run(Request::from_parts(parts, body)).await,
        false => Error::form_not_ours().into_response(),
    }
}

/// Browsers say where a form comes from; one that does not is believed by its token alone.
fn same_site(headers: &HeaderMap) -> bool {
    let text = |name| {
        headers
            .get(name)
            .and_then(|value: &axum::http::HeaderValue| value.to_str().ok())
    };
    if let Some(site) = text(header::HeaderName::from_static("sec-fetch-site")) {
        return matches!(site, "same-origin" | "none");
    }
    match (text(header::ORIGIN), text(header::HOST)) {
        (Some(origin), Some(host)) => origin
            .split_once("://")
            .is_some_and(|(_, from)| from == host),
        _ => true,
    }
}

/// Reads the body until the token is found, or not; the body that is returned is whole again.
async fn find(body: Body, token: &str) -> (bool, Body) {
    let urlencoded = format!("{FIELD}={token}");
    let multipart = format!("name=\"{FIELD}\"\r\n\r\n{token}\r\n");
    let has = |read: &[u8]| {
        read.split(|byte| *byte == b'&')
            .any(|pair| pair == urlencoded.as_bytes())
            || read
                .windows(multipart.len())
                .any(|part| part == multipart.as_bytes())
    };
    let mut rest = body.into_data_stream();
    let mut read = Vec::new();
    let mut failed = None;
    while read.len() < SEARCHED && !has(&read) {
        match rest.next().await {
            Some(Ok(bytes)) => read.extend_from_slice(&bytes),
            Some(Err(error)) => {
                failed = Some(Err(error));
                break;
            }
            None => break,
        }
    }
    let found = has(&read);
    let whole = stream::iter([Ok(Bytes::from(read))])
        .chain(stream::iter(failed))
        .chain(rest);
    (found, Body::from_stream(whole))
}
