//! What places bring: money, titles, duties; deposits.

use super::{
    terms::{money, money_each},
    *,
};
use crate::scheme::{Award, Deposit, Gift, Remainder, Shared, What, Who};

impl Teller<'_> {
    pub(super) fn awards(&self) -> Vec<Section> {
        let awards = self.scheme.awards.iter();
        awards.map(|award| self.award(award)).collect()
    }

    fn award(&self, award: &Award) -> Section {
        let Award {
            id,
            title,
            ranking,
            who,
            what,
            when,
            consecutive,
            within,
            prizes,
            shared,
            remainder,
            fen_down,
            origin,
        } = award;
        let mut telling = Telling::default();
        let ranking = self.scheme.rankings[*ranking].title.clone();
        let said = Message::new("explain-award-ranking").with("ranking", ranking);
        telling.paragraph("about-award-ranking", said);
        match what {
            What::ByPlace { front, end } => by_place(front, end, &mut telling),
            _ => {
                let said = Message::new("explain-award")
                    .with("who", self.who(award, who))
                    .with("what", self.what(what));
                telling.also("about-how", said);
            }
        }
        if let Some(when) = when {
            let said = Message::new("explain-award-when").with("when", self.condition(when));
            telling.paragraph("about-when", said);
        }
        if let Some(rounds) = consecutive {
            let said = Message::new("explain-consecutive").with("rounds", *rounds as usize);
            telling.also("about-consecutive", said);
        }
        if let Some((times, months)) = within {
            let said = Message::new("explain-within")
                .with("times", *times as usize)
                .with("months", *months as usize);
            telling.also("about-within", said);
        }
        if let Some(prizes) = prizes {
            let said = Message::new("explain-prizes").with("count", *prizes);
            telling.also("about-prizes", said);
        }
        if let Some(shared) = shared {
            let said = Message::new(match shared {
                Shared::Divide => "explain-shared-divide",
                Shared::Each => "explain-shared-each",
                Shared::None => "explain-shared-none",
            });
            telling.paragraph("about-shared", said);
        }
        if let Some(remainder) = remainder {
            let said = Message::new(match remainder {
                Remainder::Host => "explain-remainder-host",
                Remainder::First => "explain-remainder-first",
            });
            telling.also("about-remainder", said);
        }
        if matches!(what, What::Each { .. } | What::PercentOf { .. }) {
            let said = Message::new(match fen_down {
                true => "explain-fen-down",
                false => "explain-fen-half-up",
            });
            telling.also("about-fen", said);
        }
        telling.section("about-award", id, Some(title), origin.into())
    }

    fn who(&self, award: &Award, who: &Who) -> Arg {
        match who {
            Who::Places { front, end } => {
                let front = front
                    .iter()
                    .map(|place| Message::new("who-front").with("place", *place));
                let end = end
                    .iter()
                    .map(|place| Message::new("who-end").with("place", *place));
                Arg::List(front.chain(end).map(Arg::from).collect())
            }
            Who::Band(band) => {
                let bands = &self.scheme.rankings[award.ranking].bands;
                let title = bands.iter().find(|each| each.id == *band);
                let title = title.map_or_else(
                    || Words::new(band.as_str(), band.as_str()),
                    |band| band.title.clone(),
                );
                Message::new("who-band").with("band", title).into()
            }
            Who::Every => Message::new("who-every").into(),
        }
    }

    fn what(&self, what: &What) -> Message {
        match what {
            What::ByPlace { .. } => Message::new("what-by-place"),
            What::Fixed(fen) => money(*fen),
            What::Each { item, fen } => Message::new("what-each")
                .with("item", self.item(*item))
                .with("money", money_each(fen)),
            What::PercentOf { item, percent } => Message::new(match percent.is_negative() {
                true => "what-percent-charged",
                false => "what-percent",
            })
            .with("item", self.item(*item))
            .with("percent", percent.abs()),
            What::Fund { fen, by } => Message::new("what-fund")
                .with("money", Arg::Fen(*fen))
                .with("item", self.item(*by)),
            What::Give { what, name } => Message::new(match what {
                Gift::Plaque => "what-plaque",
                Gift::Flag => "what-flag",
                Gift::Certificate => "what-certificate",
                Gift::Title => "what-title",
                Gift::Duty => "what-duty",
            })
            .with("name", name.clone()),
        }
    }

    pub(super) fn deposits(&self) -> Vec<Section> {
        let deposits = self.scheme.deposits.iter();
        deposits.map(|deposit| self.deposit(deposit)).collect()
    }

    fn deposit(&self, deposit: &Deposit) -> Section {
        let Deposit {
            id,
            title,
            fen,
            draws,
            below_zero,
            return_in,
            ranking,
            returns,
            origin,
        } = deposit;
        let mut telling = Telling::default();
        let said = Message::new("explain-deposit").with("money", Arg::Fen(*fen));
        telling.paragraph("about-how", said);
        for (item, fen) in draws {
            let about = Message::new("about-draw").with("id", self.scheme.items[*item].id.as_str());
            let drawn = -fen.clone();
            let said = Message::new("explain-draw")
                .with("item", self.item(*item))
                .with("money", money_each(&drawn));
            telling.point(about, said, Note::default());
        }
        let said = Message::new(match below_zero {
            true => "explain-below-zero",
            false => "explain-stops-at-zero",
        });
        telling.paragraph("about-below-zero", said);
        if return_in.is_empty() || returns.is_empty() {
            telling.also("about-return-in", Message::new("explain-no-return"));
        } else {
            let months = return_in.iter().map(|month| i64::from(*month).into());
            let said = match ranking {
                Some(ranking) => Message::new("explain-return-by-score")
                    .with("ranking", self.scheme.rankings[*ranking].title.clone()),
                None => Message::new("explain-return-in"),
            };
            telling.also(
                "about-return-in",
                said.with("months", Arg::List(months.collect())),
            );
        }
        for (from, percent) in returns {
            let begin = from
                .as_ref()
                .map_or("lowest".to_owned(), |from| from.to_exact_text());
            let said = match from {
                Some(from) => Message::new("explain-return").with("from", from),
                None => Message::new("explain-return-rest"),
            };
            let about = Message::new("about-return").with("from", begin);
            telling.point(about, said.with("percent", percent), Note::default());
        }
        telling.section("about-deposit", id, Some(title), origin.into())
    }
}

fn by_place(front: &[i128], end: &[i128], telling: &mut Telling) {
    let ends = [
        ("about-front", "who-front", front),
        ("about-end", "who-end", end),
    ];
    for (about, who, amounts) in ends {
        for (index, fen) in amounts.iter().enumerate() {
            let said = Message::new("explain-award")
                .with("who", Message::new(who).with("place", index + 1))
                .with("what", money(*fen));
            let about = Message::new(about).with("place", index + 1);
            telling.point(about, said, Note::default());
        }
    }
}
