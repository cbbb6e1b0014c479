//! What the syntax cannot see: one named function for each question, all faults together.

use std::{collections::HashSet, ops::Range};

use super::*;
use crate::{
    indicator::Standard,
    issue::{Issue, Issues, Severity as Gravity},
    message::{Arg, Message},
    read::Reader,
    tally::fits,
};

/// A question to a scheme; what it finds goes to the list.
type Check = fn(&Scheme, &mut Vec<Finding>);

/// What a check found: where, what, and whether it only deserves a look.
struct Finding {
    at: Range<usize>,
    message: Message,
    warning: bool,
}

/// Questions that only look at one table: they are asked of a file with other faults, too.
const LOCAL: [Check; 10] = [
    weights_sum_to_a_hundred,
    units_are_in_one_group,
    exceptions_are_participants,
    own_indicators_are_listed,
    clauses_can_fire,
    severities_have_points,
    steps_are_distinct,
    bounds_leave_room,
    shared_places_are_settled,
    money_left_over_is_settled,
];

/// Questions that follow references, which have to be whole.
const FOLLOWING: [Check; 7] = [
    items_do_not_go_in_circles,
    items_name_their_own_scope,
    scopes_fit_their_kinds,
    items_are_for_those_who_use_them,
    awards_can_be_reached,
    bands_are_known,
    items_are_used,
];

/// Asks all questions of a scheme that was read, and reports to the reader.
pub fn scheme(scheme: &Scheme, reader: &Reader) {
    if scheme.groups.is_empty() {
        reader.fault(&(0..0), Message::new("scheme-no-participants"));
    }
    let whole = !reader.has_faults();
    let mut findings = vec![];
    if !scheme.items.is_empty() && !scheme.rankings.is_empty() {
        LOCAL.iter().for_each(|check| check(scheme, &mut findings));
    }
    if whole {
        FOLLOWING
            .iter()
            .for_each(|check| check(scheme, &mut findings));
    }
    for Finding {
        at,
        message,
        warning,
    } in findings
    {
        let at = named_place(reader.text(), &at, &message);
        match warning {
            true => reader.warning(&at, message),
            false => reader.fault(&at, message),
        }
    }
}

/// The first name of the message that stands quoted in the table at `at`; the table's header if none does.
fn named_place(text: &str, at: &Range<usize>, message: &Message) -> Range<usize> {
    let Some(rest) = text.get(at.end..) else {
        return at.clone();
    };
    let inline = text
        .get(at.clone())
        .is_some_and(|table| !table.starts_with('['));
    let table = match inline {
        true => at.clone(),
        false => at.end..at.end + rest.find("\n[").unwrap_or(rest.len()),
    };
    let names = message.args.iter().filter_map(|(_, arg)| match arg {
        Arg::Text(name) => Some(format!("\"{name}\"")),
        _ => None,
    });
    let mut places = names.filter_map(|name| {
        let start = table.start + text[table.clone()].find(&name)?;
        Some(start..start + name.len())
    });
    places.next().unwrap_or_else(|| at.clone())
}

fn fault(findings: &mut Vec<Finding>, at: &Range<usize>, message: Message) {
    findings.push(Finding {
        at: at.clone(),
        message,
        warning: false,
    });
}

fn warning(findings: &mut Vec<Finding>, at: &Range<usize>, message: Message) {
    findings.push(Finding {
        at: at.clone(),
        message,
        warning: true,
    });
}

fn about(key: &'static str, item: &Item) -> Message {
    Message::new(key).with("item", item.id.as_str())
}

/// Everything an item needs to be worked out: what its kind names, its replacement, its vetoes.
fn needs(item: &Item) -> Vec<ItemIndex> {
    let mut needs = item.how.names();
    if let Missing::Item(other) = item.missing {
        needs.push(other);
    }
    needs.extend(item.vetoes.iter().flat_map(|veto| veto.when.items()));
    needs
}

fn items_do_not_go_in_circles(scheme: &Scheme, findings: &mut Vec<Finding>) {
    #[derive(Clone, Copy, PartialEq)]
    enum Mark {
        New,
        Open,
        Done,
    }
    fn visit(scheme: &Scheme, item: ItemIndex, marks: &mut [Mark], findings: &mut Vec<Finding>) {
        marks[item] = Mark::Open;
        for next in needs(&scheme.items[item]) {
            match marks[next] {
                Mark::New => visit(scheme, next, marks, findings),
                Mark::Open => {
                    let key = if next == item {
                        "scheme-names-itself"
                    } else {
                        "scheme-circle"
                    };
                    let message = about(key, &scheme.items[item])
                        .with("other", scheme.items[next].id.as_str());
                    fault(findings, &scheme.items[item].origin.at, message);
                }
                Mark::Done => {}
            }
        }
        marks[item] = Mark::Done;
    }
    let mut marks = vec![Mark::New; scheme.items.len()];
    for item in 0..scheme.items.len() {
        if marks[item] == Mark::New {
            visit(scheme, item, &mut marks, findings);
        }
    }
}

fn items_name_their_own_scope(scheme: &Scheme, findings: &mut Vec<Finding>) {
    for item in &scheme.items {
        let below = match &item.how {
            How::Over(over) => match over.members {
                Members::Visits(_) => Some(Scope::Visit),
                Members::Children(_) => Some(Scope::Child),
                Members::Group | Members::All => None,
            },
            _ => None,
        };
        let named = item.how.names();
        for other in needs(item) {
            let wanted = if named.contains(&other) {
                below.unwrap_or(item.scope)
            } else {
                item.scope
            };
            if scheme.items[other].scope != wanted {
                let message = about("scheme-wrong-scope", item)
                    .with("other", scheme.items[other].id.as_str());
                fault(findings, &item.origin.at, message);
            }
        }
    }
    let unit_only = |at: &Range<usize>, item: ItemIndex, findings: &mut Vec<Finding>| {
        if scheme.items[item].scope != Scope::Unit {
            fault(
                findings,
                at,
                about("scheme-needs-unit-scope", &scheme.items[item]),
            );
        }
    };
    for ranking in &scheme.rankings {
        unit_only(&ranking.origin.at, ranking.of, findings);
        if let Ties::Then(then) = &ranking.ties {
            then.iter()
                .for_each(|(item, _)| unit_only(&ranking.origin.at, *item, findings));
        }
        let items = ranking.vetoes.iter().flat_map(|veto| veto.when.items());
        items.for_each(|item| unit_only(&ranking.origin.at, item, findings));
    }
    for award in &scheme.awards {
        let quantity = match &award.what {
            What::Each { item, .. }
            | What::PercentOf { item, .. }
            | What::Fund { by: item, .. } => Some(*item),
            _ => None,
        };
        let gate = award.when.iter().flat_map(Condition::items);
        quantity
            .into_iter()
            .chain(gate)
            .for_each(|item| unit_only(&award.origin.at, item, findings));
    }
    for deposit in &scheme.deposits {
        deposit
            .draws
            .iter()
            .for_each(|(item, _)| unit_only(&deposit.origin.at, *item, findings));
    }
}

/// A visit has no cases, no history and no fellows.
fn scopes_fit_their_kinds(scheme: &Scheme, findings: &mut Vec<Finding>) {
    for item in &scheme.items {
        let fits = match (item.scope, &item.how) {
            (Scope::Unit, _) => true,
            (Scope::Child, How::Rank { .. }) => false,
            (_, How::Over(over)) if matches!(over.members, Members::Group | Members::All) => false,
            (Scope::Child, _) => true,
            (Scope::Visit, How::Count(count)) => {
                !count.whole && !matches!(count.of, CountOf::Cases(_))
            }
            (Scope::Visit, How::Deduct(deduct)) => {
                deduct.clauses.iter().all(|clause| clause.split.is_none())
            }
            (
                Scope::Visit,
                How::Measure { .. }
                | How::Adjust { .. }
                | How::Over(_)
                | How::Change { .. }
                | How::Period(_)
                | How::Rank { .. }
                | How::Result { .. },
            ) => false,
            (Scope::Visit, _) => true,
        };
        if !fits {
            fault(
                findings,
                &item.origin.at,
                about("scheme-kind-not-in-scope", item),
            );
        }
        if let How::Change { .. } = item.how
            && scheme.every != Every::Month
        {
            fault(
                findings,
                &item.origin.at,
                about("scheme-change-needs-months", item),
            );
        }
    }
}

/// Sums leave out what is not for a group, rankings and means leave out whom it is not for; others would miss it.
fn items_are_for_those_who_use_them(scheme: &Scheme, findings: &mut Vec<Finding>) {
    for item in &scheme.items {
        let lenient = matches!(item.how, How::Sum(_) | How::Rank { .. } | How::Over(_));
        let named = item.how.names();
        for other in needs(item) {
            if lenient && named.contains(&other) {
                continue;
            }
            let other = &scheme.items[other];
            let lacking =
                (0..scheme.groups.len()).find(|group| item.is_for(*group) && !other.is_for(*group));
            if let Some(group) = lacking {
                let message = about("scheme-not-for-group", item)
                    .with("other", other.id.as_str())
                    .with("group", scheme.groups[group].id.as_str());
                fault(findings, &item.origin.at, message);
            }
        }
    }
}

fn weights_sum_to_a_hundred(scheme: &Scheme, findings: &mut Vec<Finding>) {
    for item in &scheme.items {
        let How::Sum(sum) = &item.how else { continue };
        if !sum.percent {
            continue;
        }
        for (index, group) in scheme
            .groups
            .iter()
            .enumerate()
            .filter(|(index, _)| item.is_for(*index))
        {
            let parts = sum
                .parts
                .iter()
                .filter(|part| scheme.items[part.item].is_for(index));
            let whole = parts.fold(Points::zero(), |whole, part| &whole + &part.weight);
            if whole != Points::hundred() {
                let message = about("scheme-weights-do-not-sum", item)
                    .with("sum", &whole)
                    .with("group", group.id.as_str());
                fault(findings, &item.origin.at, message);
                break;
            }
        }
    }
}

fn units_are_in_one_group(scheme: &Scheme, findings: &mut Vec<Finding>) {
    let mut seen = HashSet::new();
    for group in &scheme.groups {
        let GroupUnits::Listed(units) = &group.units else {
            continue;
        };
        for unit in units.iter().filter(|unit| !seen.insert(unit.as_str())) {
            fault(
                findings,
                &group.origin.at,
                Message::new("scheme-unit-in-two-groups").with("unit", unit.as_str()),
            );
        }
    }
}

/// Units that take part by name; `None` if some are selected.
fn listed(scheme: &Scheme) -> Option<Vec<&str>> {
    let mut units = vec![];
    for group in &scheme.groups {
        match &group.units {
            GroupUnits::Listed(list) => units.extend(list.iter().map(String::as_str)),
            GroupUnits::Selected { .. } => return None,
        }
    }
    Some(units)
}

fn exceptions_are_participants(scheme: &Scheme, findings: &mut Vec<Finding>) {
    let Some(units) = listed(scheme) else { return };
    let unknown = |unit: &String| !units.contains(&unit.as_str());
    for exception in scheme
        .exceptions
        .iter()
        .filter(|exception| unknown(&exception.unit))
    {
        let message =
            Message::new("scheme-not-a-participant").with("unit", exception.unit.as_str());
        fault(findings, &exception.origin.at, message);
    }
    for item in &scheme.items {
        if let How::Adjust { changes, .. } = &item.how {
            for change in changes.iter().filter(|change| unknown(&change.unit)) {
                let message =
                    Message::new("scheme-not-a-participant").with("unit", change.unit.as_str());
                fault(findings, &change.origin.at, message);
            }
        }
    }
}

/// Where a match stands, and the match.
fn matches(scheme: &Scheme) -> Vec<(&Range<usize>, &Match)> {
    let mut matches = vec![];
    for item in &scheme.items {
        match &item.how {
            How::Deduct(deduct) => {
                matches.extend(
                    deduct
                        .clauses
                        .iter()
                        .map(|clause| (&clause.origin.at, &clause.matches)),
                );
                matches.extend(
                    deduct
                        .escalations
                        .iter()
                        .map(|each| (&each.origin.at, &each.matches)),
                );
            }
            How::Count(count) => matches.push((&item.origin.at, &count.matches)),
            _ => {}
        }
    }
    matches
}

/// Without a catalogue the file must list what it names; with one see [`against_standard`].
fn own_indicators_are_listed(scheme: &Scheme, findings: &mut Vec<Finding>) {
    if scheme.standard.is_some() {
        return;
    }
    let known: Vec<&str> = scheme
        .indicators
        .iter()
        .map(|indicator| indicator.id.as_str())
        .collect();
    for (at, message) in unknown_words(scheme, &known, &own_words(scheme)) {
        fault(findings, &at, message);
    }
}

/// Headings, aspects and blocks that own indicators carry.
fn own_words(scheme: &Scheme) -> [Vec<&str>; 3] {
    let words = |word: fn(&OwnIndicator) -> Option<&String>| {
        scheme
            .indicators
            .iter()
            .filter_map(word)
            .map(String::as_str)
            .collect()
    };
    [
        words(|own| own.heading.as_ref()),
        words(|own| own.aspect.as_ref()),
        words(|own| own.block.as_ref()),
    ]
}

/// Names of indicators, headings, aspects and blocks that fit nothing known.
fn unknown_words(
    scheme: &Scheme,
    indicators: &[&str],
    lists: &[Vec<&str>; 3],
) -> Vec<(Range<usize>, Message)> {
    let mut unknown = vec![];
    let exemptions = scheme
        .exemptions
        .iter()
        .map(|exemption| (&exemption.origin.at, &exemption.indicators));
    let named = matches(scheme)
        .into_iter()
        .map(|(at, matches)| (at, &matches.indicators));
    for (at, patterns) in named.chain(exemptions) {
        for pattern in patterns
            .iter()
            .filter(|pattern| !indicators.iter().any(|id| fits(pattern, id)))
        {
            let message =
                Message::new("scheme-unknown-indicator").with("indicator", pattern.as_str());
            unknown.push((at.clone(), message));
        }
    }
    for (at, each) in matches(scheme) {
        let words = [
            ("scheme-unknown-heading", &each.headings),
            ("scheme-unknown-aspect", &each.aspects),
            ("scheme-unknown-block", &each.blocks),
        ];
        for ((key, patterns), list) in words.into_iter().zip(lists) {
            for pattern in patterns
                .iter()
                .filter(|pattern| !list.iter().any(|id| fits(pattern, id)))
            {
                unknown.push((at.clone(), Message::new(key).with("name", pattern.as_str())));
            }
        }
    }
    unknown
}

/// Whether everything that `narrow` means is meant by `wide` too; cautious: `false` if it cannot be seen at once.
fn covers(wide: &Match, narrow: &Match) -> bool {
    let list = |wide: &[String], narrow: &[String]| {
        wide.is_empty()
            || (!narrow.is_empty()
                && narrow
                    .iter()
                    .all(|each| wide.iter().any(|pattern| fits(pattern, each))))
    };
    fn words<T: PartialEq>(wide: &[T], narrow: &[T]) -> bool {
        wide.is_empty() || (!narrow.is_empty() && narrow.iter().all(|each| wide.contains(each)))
    }
    let least = |wide: Option<u32>, narrow: Option<u32>| wide.is_none() || narrow >= wide;
    list(&wide.indicators, &narrow.indicators)
        && list(&wide.headings, &narrow.headings)
        && list(&wide.aspects, &narrow.aspects)
        && list(&wide.blocks, &narrow.blocks)
        && list(&wide.strata, &narrow.strata)
        && words(&wide.severity, &narrow.severity)
        && words(&wide.found_by, &narrow.found_by)
        && words(&wide.status, &narrow.status)
        && least(wide.repeated, narrow.repeated)
        && least(wide.failed, narrow.failed)
        && (wide.relapsed.is_none() || wide.relapsed == narrow.relapsed)
}

/// A clause that stands behind one that takes everything it could take never fires.
fn clauses_can_fire(scheme: &Scheme, findings: &mut Vec<Finding>) {
    for item in &scheme.items {
        let How::Deduct(deduct) = &item.how else {
            continue;
        };
        for (index, clause) in deduct.clauses.iter().enumerate() {
            let earlier = deduct.clauses[..index]
                .iter()
                .find(|earlier| covers(&earlier.matches, &clause.matches));
            if let Some(earlier) = earlier {
                let message = about("scheme-clause-never-fires", item)
                    .with("clause", clause.id.as_str())
                    .with("earlier", earlier.id.as_str());
                fault(findings, &clause.origin.at, message);
            }
        }
    }
}

/// A clause whose table lacks a severity that it can meet refuses the month.
fn severities_have_points(scheme: &Scheme, findings: &mut Vec<Finding>) {
    let all = [Severity::Minor, Severity::General, Severity::Serious];
    for item in &scheme.items {
        let How::Deduct(deduct) = &item.how else {
            continue;
        };
        for clause in &deduct.clauses {
            let ClausePoints::BySeverity(points) = &clause.points else {
                continue;
            };
            let met = |severity: &Severity| {
                clause.matches.severity.is_empty() || clause.matches.severity.contains(severity)
            };
            if all
                .iter()
                .any(|severity| met(severity) && points.of(*severity).is_none())
            {
                let message = about("scheme-severity-without-points", item)
                    .with("clause", clause.id.as_str());
                warning(findings, &clause.origin.at, message);
            }
        }
    }
}

fn steps_are_distinct(scheme: &Scheme, findings: &mut Vec<Finding>) {
    for item in &scheme.items {
        let How::Steps { steps, .. } = &item.how else {
            continue;
        };
        for (index, step) in steps.iter().enumerate() {
            if steps[..index]
                .iter()
                .any(|earlier| earlier.from == step.from)
            {
                fault(findings, &step.origin.at, about("scheme-step-twice", item));
            }
            if step.from.is_none() && !step.slope.is_zero() {
                fault(
                    findings,
                    &step.origin.at,
                    about("scheme-slope-without-from", item),
                );
            }
        }
    }
}

fn bounds_leave_room(scheme: &Scheme, findings: &mut Vec<Finding>) {
    for item in &scheme.items {
        if let (Some(min), Some(max)) = (&item.min, &item.max)
            && min > max
        {
            fault(
                findings,
                &item.origin.at,
                about("scheme-min-above-max", item),
            );
        }
        if item
            .full
            .as_ref()
            .is_some_and(|full| !full.mark.is_positive())
        {
            fault(
                findings,
                &item.origin.at,
                about("scheme-full-not-positive", item),
            );
        }
        if let How::Deduct(deduct) = &item.how {
            for clause in &deduct.clauses {
                let crossed = |floor: &Option<Points>, cap: &Option<Points>| matches!((floor, cap), (Some(floor), Some(cap)) if floor > cap);
                if crossed(&clause.floor, &clause.cap)
                    || crossed(&clause.floor_per_indicator, &clause.cap_per_indicator)
                {
                    fault(
                        findings,
                        &clause.origin.at,
                        about("scheme-floor-above-cap", item),
                    );
                }
                if clause
                    .split
                    .as_ref()
                    .is_some_and(|split| split.is_negative() || *split > Points::hundred())
                {
                    fault(
                        findings,
                        &clause.origin.at,
                        about("scheme-split-not-a-percentage", item),
                    );
                }
            }
        }
    }
}

fn shared_places_are_settled(scheme: &Scheme, findings: &mut Vec<Finding>) {
    for award in &scheme.awards {
        let by_place = matches!(award.what, What::ByPlace { .. });
        let listed = scheme.rankings[award.ranking].ties == Ties::Listed;
        if by_place && !listed && award.shared.is_none() {
            fault(
                findings,
                &award.origin.at,
                Message::new("scheme-shared-missing").with("award", award.id.as_str()),
            );
        }
        if !by_place && award.shared.is_some() {
            let message =
                Message::new("scheme-shared-without-places").with("award", award.id.as_str());
            fault(findings, &award.origin.at, message);
        }
        if (award.consecutive.is_some() || award.within.is_some())
            && !matches!(award.who, Who::Places { .. })
        {
            let message =
                Message::new("scheme-repetition-without-places").with("award", award.id.as_str());
            fault(findings, &award.origin.at, message);
        }
    }
}

fn money_left_over_is_settled(scheme: &Scheme, findings: &mut Vec<Finding>) {
    for award in &scheme.awards {
        let divides =
            award.shared == Some(Shared::Divide) || matches!(award.what, What::Fund { .. });
        if divides && award.remainder.is_none() {
            fault(
                findings,
                &award.origin.at,
                Message::new("scheme-remainder-missing").with("award", award.id.as_str()),
            );
        }
        if let What::Fund { fen, .. } = award.what
            && fen < 0
        {
            fault(
                findings,
                &award.origin.at,
                Message::new("scheme-negative-fund").with("award", award.id.as_str()),
            );
        }
    }
}

/// How many can be ranked in a table of this ranking at most, if that is known.
fn most_ranked(scheme: &Scheme, ranking: &Ranking) -> Option<usize> {
    let mut sizes = vec![];
    for (index, group) in scheme
        .groups
        .iter()
        .enumerate()
        .filter(|(index, _)| ranking.is_for(*index))
    {
        let GroupUnits::Listed(units) = &group.units else {
            return None;
        };
        let ranked = |unit: &&String| {
            let exception = scheme
                .exceptions
                .iter()
                .find(|exception| exception.unit == **unit);
            exception
                .and_then(|exception| exception.ranked)
                .unwrap_or(group.ranked)
        };
        sizes.push((index, units.iter().filter(ranked).count()));
    }
    match ranking.apart {
        Apart::Group => sizes.iter().map(|(_, size)| *size).max(),
        Apart::None => Some(sizes.iter().map(|(_, size)| size).sum()),
        Apart::Parent => None,
    }
}

fn awards_can_be_reached(scheme: &Scheme, findings: &mut Vec<Finding>) {
    for award in &scheme.awards {
        let ranking = &scheme.rankings[award.ranking];
        let (Who::Places { front, end }, Some(most)) = (&award.who, most_ranked(scheme, ranking))
        else {
            continue;
        };
        if let Some(place) = front.iter().chain(end).find(|place| **place > most) {
            let message = Message::new("scheme-place-cannot-exist")
                .with("award", award.id.as_str())
                .with("place", *place)
                .with("ranked", most);
            fault(findings, &award.origin.at, message);
        }
        if matches!(award.what, What::ByPlace { .. }) && front.len() + end.len() > most {
            let message = Message::new("scheme-places-overlap")
                .with("award", award.id.as_str())
                .with("ranked", most);
            warning(findings, &award.origin.at, message);
        }
    }
}

fn bands_are_known(scheme: &Scheme, findings: &mut Vec<Finding>) {
    for award in &scheme.awards {
        let Who::Band(band) = &award.who else {
            continue;
        };
        if !scheme.rankings[award.ranking]
            .bands
            .iter()
            .any(|each| each.id == *band)
        {
            let message = Message::new("scheme-unknown-band")
                .with("award", award.id.as_str())
                .with("band", band.as_str());
            fault(findings, &award.origin.at, message);
        }
    }
    for ranking in &scheme.rankings {
        for (index, band) in ranking.bands.iter().enumerate() {
            let covered = ranking.bands[..index].iter().find(|earlier| {
                let from =
                    earlier.from.is_none() || (band.from.is_some() && band.from >= earlier.from);
                from && (earlier.quota.is_none() || earlier.quota == band.quota)
            });
            if let Some(earlier) = covered {
                let message = Message::new("scheme-band-never-reached")
                    .with("band", band.id.as_str())
                    .with("earlier", earlier.id.as_str());
                fault(findings, &band.origin.at, message);
            }
        }
    }
}

/// An item that nothing uses is shown, and counts for nothing.
fn items_are_used(scheme: &Scheme, findings: &mut Vec<Finding>) {
    let mut used: HashSet<ItemIndex> = scheme.items.iter().flat_map(needs).collect();
    for ranking in &scheme.rankings {
        used.insert(ranking.of);
        if let Ties::Then(then) = &ranking.ties {
            used.extend(then.iter().map(|(item, _)| *item));
        }
        used.extend(ranking.vetoes.iter().flat_map(|veto| veto.when.items()));
    }
    for award in &scheme.awards {
        if let What::Each { item, .. }
        | What::PercentOf { item, .. }
        | What::Fund { by: item, .. } = award.what
        {
            used.insert(item);
        }
        used.extend(award.when.iter().flat_map(Condition::items));
    }
    used.extend(
        scheme
            .deposits
            .iter()
            .flat_map(|deposit| deposit.draws.iter().map(|(item, _)| *item)),
    );
    for (index, item) in scheme
        .items
        .iter()
        .enumerate()
        .filter(|(_, item)| item.scope != Scope::Unit)
    {
        if !used.contains(&index) {
            warning(
                findings,
                &item.origin.at,
                about("scheme-item-never-used", item),
            );
        }
    }
}

/// What a scheme asks of its catalogue and does not find there.
pub fn against_standard(scheme: &Scheme, standard: &Standard, text: &str) -> Vec<Issue> {
    let own = own_words(scheme);
    let mut indicators: Vec<&str> = standard
        .indicators
        .iter()
        .map(|indicator| indicator.id.as_str())
        .collect();
    indicators.extend(scheme.indicators.iter().map(|own| own.id.as_str()));
    let [headings, aspects, blocks] = own;
    let both = |entries: &'_ [crate::indicator::Entry], own: Vec<&str>| -> Vec<String> {
        entries
            .iter()
            .map(|entry| entry.id.clone())
            .chain(own.into_iter().map(str::to_owned))
            .collect()
    };
    let lists = [
        both(&standard.headings, headings),
        both(&standard.aspects, aspects),
        both(&standard.blocks, blocks),
    ];
    let lists =
        [0, 1, 2].map(|index: usize| lists[index].iter().map(String::as_str).collect::<Vec<_>>());
    let mut issues = Issues::new(text);
    for (at, message) in unknown_words(scheme, &indicators, &lists) {
        let at = named_place(text, &at, &message);
        issues.report(Gravity::Fault, &at, message, None);
    }
    issues.into_sorted()
}

/// The catalogue that a scheme names is not there.
pub fn standard_not_found(scheme: &Scheme, text: &str) -> Issue {
    let name = scheme.standard.as_deref().unwrap_or_default();
    let at = text
        .find(&format!("\"{name}\""))
        .map_or(0..0, |start| start..start + name.len() + 2);
    let mut issues = Issues::new(text);
    issues.report(
        Gravity::Fault,
        &at,
        Message::new("scheme-standard-not-found").with("standard", name),
        None,
    );
    issues.into_sorted().remove(0)
}

/// Two schemes of one series that hold in the same month.
pub struct Overlap {
    at: Range<usize>,
    message: Message,
}

impl Overlap {
    pub fn issue(&self, text: &str) -> Issue {
        let mut issues = Issues::new(text);
        issues.report(Gravity::Fault, &self.at, self.message.clone(), None);
        issues.into_sorted().remove(0)
    }
}

/// Schemes that hold in a month in which an earlier one of the list and of the same series holds, by their index.
pub fn overlaps(schemes: &[&Scheme]) -> Vec<(usize, Overlap)> {
    let mut overlaps = vec![];
    for (index, scheme) in schemes.iter().enumerate() {
        for earlier in &schemes[..index] {
            let apart = earlier.to.is_some_and(|to| to < scheme.from)
                || scheme.to.is_some_and(|to| to < earlier.from);
            if earlier.series == scheme.series && !apart {
                let message = Message::new("scheme-months-overlap")
                    .with("other", earlier.id.as_str())
                    .with("series", scheme.series.as_str())
                    .with("month", Arg::Month(scheme.from.max(earlier.from)));
                overlaps.push((
                    index,
                    Overlap {
                        at: scheme.months_at.clone(),
                        message,
                    },
                ));
            }
        }
    }
    overlaps
}
