//! Headers that keep a browser from doing what our pages never ask for.

use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;

/// Everything from this site and nothing inline; see DESIGN.md, "Content policy".
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; \
     font-src 'self'; connect-src 'self'; worker-src 'self'; manifest-src 'self'; form-action 'self'; \
     base-uri 'none'; frame-ancestors 'none'";

/// Adds the headers. Pages of people who are signed in are kept by no cache.
pub async fn secure(request: Request, next: Next) -> Response {
    let in_the_field = request.uri().path() == "/field";
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    // Inspectors' phones say where they are; no other page may ask.
    let devices = match in_the_field {
        true => "camera=(self), microphone=(), geolocation=(self)",
        false => "camera=(), microphone=(), geolocation=()",
    };
    let fixed = [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::REFERRER_POLICY, "same-origin"),
        (
            HeaderName::from_static("cross-origin-opener-policy"),
            "same-origin",
        ),
        (HeaderName::from_static("permissions-policy"), devices),
    ];
    // A page may say itself what it asks of the phone, such as its position.
    for (name, value) in fixed {
        headers
            .entry(name)
            .or_insert(HeaderValue::from_static(value));
    }
    headers
        .entry(header::CONTENT_SECURITY_POLICY)
        .or_insert(HeaderValue::from_static(POLICY));
    headers
        .entry(header::CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
    response
}

/// Lets a page ask the phone where it is.
pub fn let_ask_position(answer: &mut Response) {
    answer.headers_mut().insert(
        "permissions-policy",
        HeaderValue::from_static("camera=(), microphone=(), geolocation=(self)"),
    );
}

/// The policy with a host of map tiles that may be asked too.
pub fn policy_with_tiles(origin: &str) -> String {
    POLICY
        .replace("img-src 'self'", &format!("img-src 'self' {origin}"))
        .replace(
            "connect-src 'self'",
            &format!("connect-src 'self' {origin}"),
        )
}
