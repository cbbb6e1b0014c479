//! Parts of pages: tables, pictures with their data, the line above the title.

use askama::Template;
use serde_json::{Value, json};

use crate::bulletin::table::{Cell, Table};
use crate::web::page::Page;

/// A table of the bulletin on a page.
#[derive(Template)]
#[template(path = "public/_table.html")]
pub struct TablePart {
    caption: String,
    /// Named for screen readers.
    label: String,
    table: Table,
}

impl TablePart {
    /// Without a caption, where a heading says what it is.
    pub fn labelled(label: String, table: Table) -> Self {
        Self {
            caption: String::new(),
            label,
            table,
        }
    }

    /// With its caption.
    pub fn new(caption: String, table: Table) -> Self {
        Self {
            label: caption.clone(),
            caption,
            table,
        }
    }

    /// The first cell of words names its row.
    fn names_row(row: &[Cell], at: &usize) -> bool {
        row.iter().position(|cell| cell.number.is_none()) == Some(*at)
    }

    fn is_number(&self, column: &usize) -> bool {
        self.table
            .rows
            .iter()
            .any(|row| row[*column].number.is_some())
    }
}

/// A map or a chart, drawn in the browser from data in the page. What it shows stands in a table beside it.
#[derive(Template)]
#[template(path = "public/_island.html")]
pub struct Island {
    kind: &'static str,
    data: String,
    fallback: String,
    caption: String,
}

impl Island {
    /// A picture of that kind.
    pub fn new(page: &Page, kind: &'static str, data: &Value, caption: String) -> Self {
        // The data stand inside a script element: nothing in them may end it.
        let data = data.to_string().replace('<', "\\u003c");
        Self {
            kind,
            data,
            fallback: page.t("public-picture-failed"),
            caption,
        }
    }

    /// A chart; see `ChartData` in `frontend/src/chart.ts`.
    pub fn chart(page: &Page, data: &Value, caption: String) -> Self {
        Self::new(page, "chart", data, caption)
    }

    /// A map on which a place is picked: its degrees go into the two fields of these ids.
    pub fn pick(
        page: &Page,
        title: &str,
        fields: (&str, &str),
        outlines: bool,
        caption: String,
    ) -> Self {
        let mut data = Self::map_data(page, title, &[], outlines);
        data["pick"] = json!({ "lng": fields.0, "lat": fields.1 });
        Self::new(page, "map", &data, caption)
    }

    /// A map; see `MapData` in `frontend/src/map.ts`. Credits and words are the same on every map. With outlines it
    /// draws units; `points` are the address of findings and the categories that they are told apart by.
    pub fn map(
        page: &Page,
        title: &str,
        places: &[Value],
        outlines: bool,
        points: Option<(String, Vec<Value>)>,
        caption: String,
    ) -> Self {
        let mut data = Self::map_data(page, title, places, outlines);
        if let Some((address, categories)) = points {
            data["points"] = address.into();
            data["categories"] = categories.into();
            name_points(page, &mut data);
        }
        Self::new(page, "map", &data, caption)
    }

    /// A map whose points are asked for again when it is moved: the server counts them where they are many.
    pub fn moving_map(
        page: &Page,
        title: &str,
        outlines: bool,
        points: String,
        caption: String,
    ) -> Self {
        let mut data = Self::map_data(page, title, &[], outlines);
        data["moving"] = points.into();
        name_points(page, &mut data);
        Self::new(page, "map", &data, caption)
    }

    /// A map of one point, which comes with the page.
    pub fn one_point(page: &Page, title: &str, point: Value, outlines: bool) -> Self {
        let mut data = Self::map_data(page, title, &[], outlines);
        data["points"] = json!({ "type": "FeatureCollection", "features": [point] });
        name_points(page, &mut data);
        Self::new(page, "map", &data, title.to_owned())
    }

    fn map_data(page: &Page, title: &str, places: &[Value], outlines: bool) -> Value {
        let settings = page.host.as_ref().map(|host| &host.settings);
        let tiles = settings.and_then(|settings| settings.tile_source.as_ref());
        let review = settings.and_then(|settings| settings.map_review_number.as_ref());
        let mut data = json!({
            "title": title,
            "places": places,
            "words": {
                "legend": page.t("bulletin-col-score"),
                "noValue": page.t("public-no-score"),
                "noPolygon": page.t("public-map-no-polygon"),
                "open": page.t("public-open"),
                "zoomIn": page.t("public-map-zoom-in"),
                "zoomOut": page.t("public-map-zoom-out"),
                "wheelHelp": page.t("public-map-wheel"),
                "touchHelp": page.t("public-map-touch"),
            },
        });
        if outlines {
            data["boundaries"] = "/boundaries.geojson".into();
            data["credit"] = page.t("public-map-credit").into();
        }
        if let Some(url) = tiles {
            data["tiles"] = json!({ "url": url, "attribution": "" });
        }
        if let Some(review) = review {
            data["review"] = review.as_str().into();
        }
        data
    }
}

/// The words of a map that draws points.
fn name_points(page: &Page, data: &mut Value) {
    for (name, key) in [
        ("show", "findings-map-show"),
        ("units", "findings-map-units"),
        ("points", "findings-map-points"),
        ("categories", "bulletin-col-heading"),
        ("other", "findings-map-other"),
        // Filled in by the map, which knows what is in sight.
        ("seen", "findings-map-seen"),
        ("failed", "findings-map-failed"),
        ("more", "findings-map-more"),
    ] {
        data["words"][name] = page.t(key).into();
    }
}

/// The way from the front page to this one: titles and addresses; the last is where one is.
#[derive(Template)]
#[template(path = "public/_crumbs.html")]
pub struct Crumbs {
    label: String,
    way: Vec<(String, String)>,
    here: String,
}

impl Crumbs {
    /// From the front page.
    pub fn new(page: &Page, way: Vec<(String, String)>, here: impl Into<String>) -> Self {
        let mut from_front = vec![(page.t("public-home"), "/".to_owned())];
        from_front.extend(way);
        Self {
            label: page.t("page-crumbs"),
            way: from_front,
            here: here.into(),
        }
    }
}
