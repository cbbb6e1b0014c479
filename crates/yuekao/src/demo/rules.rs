//! The rules that the demo town lives by: the shipped schemes, and the catalogue that they use.

use anyhow::{Context as _, Result};
use assessment::indicator::Standard;
use assessment::scheme::{self, Scheme};

/// The catalogue of indicators.
pub const STANDARD: &str = include_str!("../../../../standards/xianning-2021.toml");

/// Where leaves may lie, a decision that the scheme of its year takes in.
const LEAVES: &str = include_str!("../../../../standards/exemptions/xianning-leaves-2021.toml");

macro_rules! shipped {
    ($($path:literal)*) => { [$(include_str!(concat!("../../../../schemes/", $path, ".toml"))),*] };
}

/// The schemes as they are shipped.
const SHIPPED: [&str; 17] = shipped! {
    "xianning/2020" "xianning/2021" "xianning/2022" "xianning/2023" "xianning/quarter-2022" "xianning/departments"
    "county/townships-421202" "county/townships-421221" "county/townships-421222" "county/townships-421223"
    "county/townships-421224" "county/townships-421281" "red-property/2022"
    "chongyang/departments" "tongshan/grids" "tongcheng/communities" "tongcheng/handling-units"
};

/// Reads the catalogue.
///
/// # Errors
/// It has faults.
pub fn standard() -> Result<Standard> {
    let (standard, issues) = Standard::parse(STANDARD);
    standard.with_context(|| format!("standards/xianning-2021.toml: {} faults", issues.len()))
}

/// Texts of the schemes, each with what was read from it.
///
/// # Errors
/// One of them has faults.
pub fn schemes() -> Result<Vec<(String, Scheme)>> {
    SHIPPED
        .iter()
        .map(|shipped| {
            let mut text = (*shipped).to_owned();
            if text.contains("\nid = \"xianning-2021\"")
                || text.starts_with("id = \"xianning-2021\"")
            {
                text.push_str(&LEAVES[LEAVES.find("\n[[exemption]]").context("no exemption")?..]);
            }
            let (scheme, issues) = scheme::parse(&text);
            let scheme = scheme
                .with_context(|| format!("{:?}: {} faults", text.lines().next(), issues.len()))?;
            Ok((text, scheme))
        })
        .collect()
}
