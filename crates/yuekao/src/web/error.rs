//! What a request can come to besides its answer: a sentence that says what to do.

use askama::Template;
use assessment::message::Message;
use axum::Json;
use axum::extract::Request;
use axum::extract::multipart::{MultipartError, MultipartRejection};
use axum::extract::rejection::{FormRejection, PathRejection, QueryRejection};
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use serde_json::json;

use super::page::Page;
use crate::store;

/// Result of a handler.
pub type Result<T> = std::result::Result<T, Error>;

/// Why a request was not answered. Its constructors are the sentences; [`super::page::prepare`]
/// says them in the reader's language, as problem+json to programs.
#[derive(Debug, Clone)]
pub struct Error {
    status: StatusCode,
    message: Message,
    /// Where a person can go on.
    next: Option<String>,
}

impl Error {
    fn new(status: StatusCode, message: Message) -> Self {
        Self {
            status,
            message,
            next: None,
        }
    }

    /// Bad input: nothing was changed, and the sentence says what to do.
    pub fn refused(message: Message) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, message)
    }

    /// There is no such page or thing, or none that this viewer may know of.
    pub fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, Message::new("error-not-found"))
    }

    /// A thing of a noun was asked for that is not there.
    pub fn missing(message: Message) -> Self {
        Self::new(StatusCode::NOT_FOUND, message)
    }

    /// There is no account with this login.
    pub fn account_not_found(login: &str) -> Self {
        Self::missing(Message::new("error-account-not-found").with("login", login))
    }

    /// Nothing waits under a token: it was taken, thrown away, or waited for more than a day.
    pub fn handed_gone() -> Self {
        Self::missing(Message::new("handed-gone"))
    }

    /// The viewer is signed in and may not.
    pub fn forbidden() -> Self {
        Self::new(StatusCode::FORBIDDEN, Message::new("error-forbidden"))
    }

    /// The viewer has to sign in first; afterwards a page that was asked for is shown.
    pub fn sign_in(request: &Request) -> Self {
        let back = match *request.method() {
            Method::GET => request
                .uri()
                .path_and_query()
                .map_or("/desk", |path| path.as_str()),
            _ => "/desk",
        };
        let back = in_query(back);
        let error = Self::new(StatusCode::UNAUTHORIZED, Message::new("error-sign-in"));
        Self {
            next: Some(format!("/login?next={back}")),
            ..error
        }
    }

    /// A form that did not come from a page of ours, or from one that is too old.
    pub fn form_not_ours() -> Self {
        Self::new(StatusCode::FORBIDDEN, Message::new("error-form-not-ours"))
    }

    /// A photo of more than so many megabytes.
    pub fn photo_too_large(megabytes: usize) -> Self {
        let megabytes = i64::try_from(megabytes).unwrap_or(i64::MAX);
        Self::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            Message::new("field-photo-too-large").with("megabytes", megabytes),
        )
    }

    /// Too many failed attempts; try again after so many minutes.
    pub fn too_many_attempts(minutes: i64) -> Self {
        Self::new(
            StatusCode::TOO_MANY_REQUESTS,
            Message::new("error-too-many-attempts").with("minutes", minutes),
        )
    }

    /// As many passwords are being looked at as can be.
    pub fn busy_with_passwords() -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, Message::new("error-busy"))
    }

    /// A program has shown no key, or one that opens nothing.
    pub fn key_missing() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, Message::new("key-missing"))
    }

    /// Too many photos came from one account; it goes on after so many minutes.
    pub fn too_many_photos(minutes: i64) -> Self {
        Self::new(
            StatusCode::TOO_MANY_REQUESTS,
            Message::new("field-too-many-photos").with("minutes", minutes),
        )
    }

    /// Too much was handed in from one address; try again after so many minutes.
    pub fn too_many_reports(minutes: i64) -> Self {
        Self::new(
            StatusCode::TOO_MANY_REQUESTS,
            Message::new("citizen-too-many").with("minutes", minutes),
        )
    }

    /// As many reports are on their way in as can be, or one took too long.
    pub fn busy_with_reports() -> Self {
        Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            Message::new("citizen-busy"),
        )
    }

    /// Something broke here; the log says what.
    pub fn broken(why: impl std::fmt::Display) -> Self {
        tracing::error!(%why, "a request failed");
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            Message::new("error-broken"),
        )
    }

    fn unreadable(status: StatusCode, why: String) -> Self {
        let key = if status == StatusCode::PAYLOAD_TOO_LARGE {
            "error-too-large"
        } else {
            "error-unreadable"
        };
        Self::new(status, Message::new(key).with("why", why))
    }

    /// Whether it says what to change in a form.
    pub fn is_refusal(&self) -> bool {
        self.status == StatusCode::UNPROCESSABLE_ENTITY
    }

    /// What is said.
    pub fn message(&self) -> &Message {
        &self.message
    }

    /// The response in the reader's language; what is in the headers already stays.
    pub fn say(self, page: &Page, mut response: Response) -> Response {
        let sentence = page.language.message(&self.message);
        if page.machine {
            let problem = Json(json!({
                "type": format!("urn:yuekao:{}", self.message.key),
                "title": self.status.canonical_reason(),
                "status": self.status.as_u16(),
                "detail": sentence,
            }));
            let (parts, body) = (self.status, problem).into_response().into_parts();
            response.headers_mut().extend(parts.headers);
            let kind = HeaderValue::from_static("application/problem+json");
            response.headers_mut().insert(header::CONTENT_TYPE, kind);
            *response.body_mut() = body;
        } else if let Some(next) = self.next {
            *response.status_mut() = StatusCode::SEE_OTHER;
            if let Ok(next) = HeaderValue::from_str(&next) {
                response.headers_mut().insert(header::LOCATION, next);
            }
        } else {
            let template = ErrorPage {
                page,
                status: self.status.as_u16(),
                sentence: &sentence,
            };
            let text = template.render().unwrap_or(sentence);
            let (parts, body) = Html(text).into_response().into_parts();
            response.headers_mut().extend(parts.headers);
            *response.body_mut() = body;
        }
        response
    }
}

/// A text as the value of a query.
pub fn in_query(text: &str) -> String {
    text.bytes().map(escaped).collect()
}

/// A byte as part of a query value.
fn escaped(byte: u8) -> String {
    match byte {
        b'/' | b'-' | b'.' | b'_' | b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' => {
            char::from(byte).to_string()
        }
        byte => format!("%{byte:02X}"),
    }
}

#[derive(Template)]
#[template(path = "error.html")]
struct ErrorPage<'a> {
    page: &'a Page,
    status: u16,
    sentence: &'a str,
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

impl From<store::Error> for Error {
    fn from(error: store::Error) -> Self {
        match error {
            store::Error::Refused(message) => Self::refused(message),
            other => Self::broken(other),
        }
    }
}

impl From<askama::Error> for Error {
    fn from(error: askama::Error) -> Self {
        Self::broken(error)
    }
}

impl From<FormRejection> for Error {
    fn from(rejection: FormRejection) -> Self {
        Self::unreadable(rejection.status(), rejection.body_text())
    }
}

impl From<QueryRejection> for Error {
    fn from(rejection: QueryRejection) -> Self {
        Self::unreadable(rejection.status(), rejection.body_text())
    }
}

impl From<PathRejection> for Error {
    fn from(_: PathRejection) -> Self {
        Self::not_found()
    }
}

impl From<MultipartRejection> for Error {
    fn from(rejection: MultipartRejection) -> Self {
        Self::unreadable(rejection.status(), rejection.body_text())
    }
}

impl From<MultipartError> for Error {
    fn from(error: MultipartError) -> Self {
        Self::unreadable(error.status(), error.body_text())
    }
}

/// Whatever no route answers.
pub async fn no_such_page() -> Error {
    Error::not_found()
}
