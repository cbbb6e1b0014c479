//! The demo's agency: its contract, and where its inspectors are at home.

use anyhow::Result;
use jiff::Timestamp;

use super::life::AGENCY;
use crate::store::Store;
use crate::store::agency::{Agency, InspectorRow, OUTSIDE};

/// First day of the contract.
const FROM: &str = "2020-09-01";

/// Logins of the inspectors with the county where each is at home.
const INSPECTORS: [(&str, &str); 6] = [
    ("inspector1", "421202000000"),
    ("inspector2", "421221000000"),
    ("inspector3", OUTSIDE),
    ("inspector4", "421223000000"),
    ("inspector5", "421281000000"),
    ("inspector6", OUTSIDE),
];

/// Registers the agency and its inspectors.
///
/// # Errors
/// The store's.
pub async fn found(store: &Store, at: Timestamp, who: &str) -> Result<()> {
    let agency = Agency {
        id: AGENCY.to_owned(),
        name: "测试暗访服务公司".to_owned(),
        contract: "暗访服务合同（测试）".to_owned(),
        valid_from: FROM.to_owned(),
        valid_to: None,
    };
    let reason = "演示数据";
    store.set_agency(at, who, agency, reason).await?;
    for (login, home) in INSPECTORS {
        let inspector = InspectorRow {
            login: login.to_owned(),
            agency: AGENCY.to_owned(),
            home_unit: home.to_owned(),
            valid_from: FROM.to_owned(),
            valid_to: None,
            away: vec![],
        };
        store.set_inspector(at, who, inspector, reason).await?;
    }
    Ok(())
}
