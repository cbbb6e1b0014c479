//! Addresses that end with `.json`: the page at the address without the ending, as JSON. For links, for browsers and
//! for programs that cannot set `Accept`.

use axum::extract::Request;
use axum::http::{HeaderValue, Uri, header, uri::PathAndQuery};

/// The pages that have such an address, as they are routed. The front page is `/index.json`.
pub const PAGES: &[&str] = &[
    "/",
    "/months/{series}/{month}",
    "/months/{series}/{month}/{bulletin}",
    "/months/{series}/{month}/findings",
    "/months/{series}/{month}/units/{code}",
    "/months/{series}/{month}/units/{code}/{sheet}",
    "/months/{series}/{month}/units/{code}/why",
    "/months/{series}/{month}/units/{code}/why/{item}",
    "/findings/{series}/{month}/{id}",
    "/trends",
    "/categories",
    "/departments",
    "/townships",
    "/archive",
    "/rules",
    "/rules/{scheme}",
    "/rules/{scheme}/changes",
    "/verify",
];

/// Said of a request whose address had the ending.
#[derive(Debug, Clone, Copy)]
pub struct ByEnding;

/// Takes the ending away before the request is routed, and asks for JSON instead. Whether the page has such an address
/// is looked up when its route is known, see [`super::access::check`].
pub async fn take_ending(mut request: Request) -> Request {
    let path = request.uri().path();
    let other = ["/assets/", "/desk"]
        .iter()
        .any(|below| path.starts_with(below));
    let file = path == "/openapi.json" || path.ends_with("/sheet.json");
    let Some(page) = path.strip_suffix(".json").filter(|_| !other && !file) else {
        return request;
    };
    let page = if page == "/index" { "/" } else { page };
    let whole = match request.uri().query() {
        Some(query) => format!("{page}?{query}"),
        None => page.to_owned(),
    };
    let Ok(whole) = whole.parse::<PathAndQuery>() else {
        return request;
    };
    let mut parts = request.uri().clone().into_parts();
    parts.path_and_query = Some(whole);
    if let Ok(uri) = Uri::from_parts(parts) {
        *request.uri_mut() = uri;
        let json = HeaderValue::from_static("application/json");
        request.headers_mut().insert(header::ACCEPT, json);
        request.extensions_mut().insert(ByEnding);
    }
    request
}

#[cfg(test)]
mod tests {
    use axum::body::Body;

    use super::*;

    #[tokio::test]
    async fn only_the_ending_of_a_page_is_taken() {
        #[rustfmt::skip]
        let table = [
            ("/index.json",                              "/",                                   true),
            ("/trends.json?series=x",                    "/trends?series=x",                    true),
            ("/months/x/2022-01/units/1.json",           "/months/x/2022-01/units/1",           true),
            ("/months/x/2022-01/units/1/sheet.json",     "/months/x/2022-01/units/1/sheet.json", false),
            ("/openapi.json",                            "/openapi.json",                       false),
            ("/desk/accounts.json",                      "/desk/accounts.json",                 false),
            ("/boundaries.geojson",                      "/boundaries.geojson",                 false),
            ("/.json",                                   "/",                                   true),
            ("/trends",                                  "/trends",                             false),
        ];
        for (asked, leads, json) in table {
            let request = Request::get(asked).body(Body::empty()).unwrap();
            let request = take_ending(request).await;
            assert_eq!(request.uri().to_string(), leads, "{asked}");
            assert_eq!(
                request.extensions().get::<ByEnding>().is_some(),
                json,
                "{asked}"
            );
            assert_eq!(
                request.headers().contains_key(header::ACCEPT),
                json,
                "{asked}"
            );
        }
    }
}
