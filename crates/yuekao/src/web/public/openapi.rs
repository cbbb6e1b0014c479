//! The description of the public answers, for programs.

use axum::Json;
use utoipa::OpenApi;

use super::{bulletin, evidence, findings, month, overview, rules, unit, why};
use crate::web::{api, field};

/// Everything public, and what inspectors' phones speak. A page answers with JSON to `Accept: application/json`, and at its address with `.json` at the end.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Yuekao · 月考",
        description = "Published results of monthly evaluations of city management. The address of a page answers with JSON to `Accept: application/json`, and the same address with `.json` at its end always does (`/trends.json?series=xianning`; the front page is `/index.json`); errors are `application/problem+json` (RFC 9457). Numbers are decimal text: they are exact."
    ),
    paths(
        month::front,
        month::month,
        bulletin::bulletin,
        overview::archive,
        findings::list,
        findings::geojson,
        findings::csv,
        findings::workbook,
        unit::unit,
        unit::file_of,
        unit::finding,
        why::score,
        why::value,
        overview::trends,
        overview::categories,
        overview::departments,
        overview::townships,
        rules::list,
        rules::rules,
        rules::changes,
        rules::verify,
        evidence::evidence,
        evidence::photo,
        evidence::boundaries,
        field::tasks,
        field::items,
        field::photo_known,
        field::photo,
        field::preview,
        api::hand_in,
        api::standing,
    ),
    components(schemas(
        month::MonthJson,
        unit::UnitJson,
        unit::FindingJson,
        why::WhyJson,
        api::Batch,
        api::Answers,
        api::Standing
    ))
)]
pub struct Document;

/// The OpenAPI document.
pub async fn document() -> Json<utoipa::openapi::OpenApi> {
    Json(Document::openapi())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_document_is_the_one_that_was_reviewed() {
        insta::assert_snapshot!(Document::openapi().to_pretty_json().unwrap());
    }
}
