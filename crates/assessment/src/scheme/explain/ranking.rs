//! Rankings: order, rounding, ties, bands, vetoes.

use super::{
    terms::{best, rounding},
    *,
};
use crate::{
    points::Points,
    scheme::{Apart, Band, Quota, Ranking, RankingVeto, Ties, VetoEffect},
};

impl Teller<'_> {
    pub(super) fn rankings(&self) -> Vec<Section> {
        let rankings = self.scheme.rankings.iter();
        rankings.map(|ranking| self.ranking(ranking)).collect()
    }

    fn ranking(&self, ranking: &Ranking) -> Section {
        let Ranking {
            id,
            title,
            of,
            groups,
            apart,
            best: which,
            round,
            by_rounded,
            ties,
            bands,
            vetoes,
            origin,
        } = ranking;
        let mut telling = Telling::default();
        let said = Message::new("explain-ranking")
            .with("of", self.item(*of))
            .with("best", best(*which));
        telling.paragraph("about-how", said);
        if let Some(groups) = groups {
            let said = Message::new("explain-ranking-groups").with("groups", self.groups(groups));
            telling.also("about-for", said);
        }
        match apart {
            Apart::None => {}
            Apart::Group => telling.also("about-apart", Message::new("explain-apart-group")),
            Apart::Parent => telling.also("about-apart", Message::new("explain-apart-parent")),
        }
        let said = Message::new(match by_rounded {
            true => "explain-by-rounded",
            false => "explain-by-exact",
        });
        telling.also("about-round", said.with("rounding", rounding(*round)));
        telling.also("about-ties", self.ties(ties));
        for band in bands {
            self.band(band, &mut telling);
        }
        for RankingVeto {
            title,
            when,
            effect,
            origin,
        } in vetoes
        {
            let said = Message::new(match effect {
                VetoEffect::Last => "explain-veto-last",
                VetoEffect::Unranked => "explain-veto-unranked",
                VetoEffect::Unpaid => "explain-veto-unpaid",
            })
            .with("title", title.clone())
            .with("when", self.condition(when));
            let about = Message::new("about-veto").with("title", title.zh.as_str());
            telling.point(about, said, origin.into());
        }
        telling.section("about-ranking", id, Some(title), origin.into())
    }

    fn ties(&self, ties: &Ties) -> Message {
        match ties {
            Ties::Share => Message::new("explain-ties-share"),
            Ties::Dense => Message::new("explain-ties-dense"),
            Ties::Listed => Message::new("explain-ties-listed"),
            Ties::Then(then) => {
                let criteria = then.iter().map(|(item, which)| {
                    Message::new("explain-criterion")
                        .with("item", self.item(*item))
                        .with("best", best(*which))
                        .into()
                });
                Message::new("explain-ties-then").with("criteria", Arg::List(criteria.collect()))
            }
        }
    }

    fn band(&self, band: &Band, telling: &mut Telling) {
        let Band {
            id,
            title,
            from,
            quota,
            origin,
        } = band;
        let from = from
            .as_ref()
            .map(|from| Message::new("explain-band-from").with("from", from));
        let quota = quota.as_ref().map(|quota| match quota {
            Quota::Count(count) => Message::new("explain-band-first").with("count", *count),
            Quota::Share(share) => Message::new("explain-band-share")
                .with("percent", share.clone() * Points::hundred()),
        });
        let conditions: Vec<Arg> = from.into_iter().chain(quota).map(Arg::from).collect();
        let said = match conditions.is_empty() {
            true => Message::new("explain-band-rest"),
            false => Message::new("explain-band").with("conditions", Arg::List(conditions)),
        };
        let about = Message::new("about-band").with("id", id.as_str());
        telling.point(about, said.with("title", title.clone()), origin.into());
    }
}
