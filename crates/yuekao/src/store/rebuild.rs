//! The tables, made again from the acts.

use super::account::AccountDeed;
use super::act::{Act, Deed};
use super::agency::{AgencyDeed, InspectorDeed};
use super::area::AreaDeed;
use super::assignment::AssignmentDeed;
use super::board::BoardDeed;
use super::bulletin::BulletinDeed;
use super::case::CaseDeed;
use super::case::batch::CaseBatchDeed;
use super::case::correction::CorrectionDeed;
use super::case_rules::CaseRulesDeed;
use super::citizen::CitizenDeed;
use super::evidence::{EvidenceDeed, ResultDeed};
use super::field::FieldDeed;
use super::field_photo::FieldPhotoDeed;
use super::frame::SiteDeed;
use super::grid::{GridDeed, PatrolDeed};
use super::host::HostDeed;
use super::import::ImportDeed;
use super::key::KeyDeed;
use super::observation::{ObservationDeed, VisitDeed};
use super::picture::PictureDeed;
use super::plan::PlanDeed;
use super::round::RoundDeed;
use super::saved_view::SavedViewDeed;
use super::scheme::SchemeDeed;
use super::standard::StandardDeed;
use super::unit::UnitDeed;
use super::webhook::WebhookDeed;
use super::writer::Tx;
use super::{Error, Result, Store, moment};
use sqlx::Row as _;

/// Acts repeated in one transaction.
const STEP: i64 = 500;

impl Store {
    /// Fills this empty store by doing again every act of another; frozen evidence, which acts
    /// name by its digest, is carried over. What no act holds stays behind: passwords, sessions,
    /// one-time tokens, and the photos, which are files of the data folder.
    ///
    /// Errors: [`Error::Damaged`] if this store is not empty or the other's record has a gap, a
    /// changed leaf or an unknown deed.
    pub async fn rebuild_from(&self, other: &Store) -> Result<()> {
        for text in sqlx::query("SELECT digest, text, at FROM frozen")
            .fetch_all(other.reading())
            .await?
        {
            let (name, text, at): (String, String, i64) = (
                text.try_get("digest")?,
                text.try_get("text")?,
                text.try_get("at")?,
            );
            self.write(move |tx| {
                Box::pin(async move { tx.keep_frozen(&name, &text, moment(at)?).await })
            })
            .await?;
        }
        let mut done = 0;
        loop {
            let acts = other.acts_after(done, STEP).await?;
            let Some(last) = acts.last() else {
                return Ok(());
            };
            done = last.seq;
            self.write(move |tx| {
                Box::pin(async move {
                    for act in &acts {
                        repeat(tx, act).await?;
                    }
                    Ok(())
                })
            })
            .await?;
        }
    }
}

/// Every noun that can be done something to.
async fn repeat(tx: &mut Tx<'_>, act: &Act) -> Result<()> {
    match act.noun.as_str() {
        HostDeed::NOUN => tx.repeat::<HostDeed>(act).await,
        AccountDeed::NOUN => tx.repeat::<AccountDeed>(act).await,
        UnitDeed::NOUN => tx.repeat::<UnitDeed>(act).await,
        StandardDeed::NOUN => tx.repeat::<StandardDeed>(act).await,
        SchemeDeed::NOUN => tx.repeat::<SchemeDeed>(act).await,
        EvidenceDeed::NOUN => tx.repeat::<EvidenceDeed>(act).await,
        ResultDeed::NOUN => tx.repeat::<ResultDeed>(act).await,
        BoardDeed::NOUN => tx.repeat::<BoardDeed>(act).await,
        AreaDeed::NOUN => tx.repeat::<AreaDeed>(act).await,
        GridDeed::NOUN => tx.repeat::<GridDeed>(act).await,
        PatrolDeed::NOUN => tx.repeat::<PatrolDeed>(act).await,
        ImportDeed::NOUN => tx.repeat::<ImportDeed>(act).await,
        RoundDeed::NOUN => tx.repeat::<RoundDeed>(act).await,
        BulletinDeed::NOUN => tx.repeat::<BulletinDeed>(act).await,
        CaseRulesDeed::NOUN => tx.repeat::<CaseRulesDeed>(act).await,
        KeyDeed::NOUN => tx.repeat::<KeyDeed>(act).await,
        WebhookDeed::NOUN => tx.repeat::<WebhookDeed>(act).await,
        CitizenDeed::NOUN => tx.repeat::<CitizenDeed>(act).await,
        CaseDeed::NOUN => tx.repeat::<CaseDeed>(act).await,
        AgencyDeed::NOUN => tx.repeat::<AgencyDeed>(act).await,
        InspectorDeed::NOUN => tx.repeat::<InspectorDeed>(act).await,
        SiteDeed::NOUN => tx.repeat::<SiteDeed>(act).await,
        PlanDeed::NOUN => tx.repeat::<PlanDeed>(act).await,
        AssignmentDeed::NOUN => tx.repeat::<AssignmentDeed>(act).await,
        FieldDeed::NOUN => tx.repeat::<FieldDeed>(act).await,
        FieldPhotoDeed::NOUN => tx.repeat::<FieldPhotoDeed>(act).await,
        ObservationDeed::NOUN => tx.repeat::<ObservationDeed>(act).await,
        VisitDeed::NOUN => tx.repeat::<VisitDeed>(act).await,
        CaseBatchDeed::NOUN => tx.repeat::<CaseBatchDeed>(act).await,
        CorrectionDeed::NOUN => tx.repeat::<CorrectionDeed>(act).await,
        PictureDeed::NOUN => tx.repeat::<PictureDeed>(act).await,
        SavedViewDeed::NOUN => tx.repeat::<SavedViewDeed>(act).await,
        noun => Err(Error::damaged(format!(
            "act {} is done to an unknown noun {noun}",
            act.seq
        ))),
    }
}
