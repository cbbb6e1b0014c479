//! The fields of a form, with or without files; and what many forms ask for.

use assessment::message::Message;
use assessment::month::Month;
use axum::extract::multipart::Field;
use axum::extract::{Form, FromRequest, Multipart, Request};
use axum::http::header;

use super::App;
use super::error::{Error, Result};
use crate::evidence::file::Handed;
use crate::store::plain::plain;

/// What a form says, whichever way it was sent.
#[derive(Debug, Default)]
pub struct Fields {
    texts: Vec<(String, String)>,
    /// The files that were chosen; fields without one bring none.
    pub files: Vec<Handed>,
}

impl Fields {
    /// A field without the space around it; empty if it is not there.
    pub fn text(&self, name: &str) -> &str {
        self.whole(name).trim()
    }

    /// A field as it was sent; empty if it is not there.
    pub fn whole(&self, name: &str) -> &str {
        let field = self.texts.iter().find(|(known, _)| known == name);
        field.map_or("", |(_, text)| text)
    }

    /// Whether a box was ticked.
    pub fn ticked(&self, name: &str) -> bool {
        self.text(name) == "yes"
    }
}

impl FromRequest<App> for Fields {
    type Rejection = Error;

    async fn from_request(request: Request, app: &App) -> Result<Self> {
        let kind = request.headers().get(header::CONTENT_TYPE);
        let multipart = kind.is_some_and(|kind| kind.as_bytes().starts_with(b"multipart/"));
        let mut fields = Fields::default();
        if !multipart {
            fields.texts = Form::from_request(request, app).await?.0;
            return Ok(fields);
        }
        let mut form = Multipart::from_request(request, app).await?;
        while let Some(field) = form.next_field().await? {
            let name = field.name().unwrap_or_default().to_owned();
            match field.file_name().map(str::to_owned) {
                None => fields.texts.push((name, text_of(field).await?)),
                Some(file) => {
                    let bytes = field.bytes().await?;
                    if !bytes.is_empty() {
                        fields.files.push(Handed::new(file, bytes.to_vec()));
                    }
                }
            }
        }
        Ok(fields)
    }
}

/// What a field with a text says.
pub async fn text_of(field: Field<'_>) -> Result<String> {
    Ok(plain(&field.text().await?).into_owned())
}

/// The month that somebody wrote.
///
/// Errors: refused if it is none.
pub fn month_of(text: &str) -> Result<Month> {
    let none = || Error::refused(Message::new("round-bad-month").with("text", text));
    text.trim().parse().map_err(|_| none())
}

/// A text, if it is more than space.
pub fn filled(text: &str) -> Option<String> {
    Some(text.trim().to_owned()).filter(|text| !text.is_empty())
}
