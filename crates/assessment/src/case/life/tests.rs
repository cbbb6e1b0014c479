//! Stories of cases as tables: when · who · what · where it stands then, or why not.

use jiff::civil::{DateTime, date};
use proptest::prelude::*;

use super::*;
use crate::case::deadline::LimitUnit;

/// `01 09:30` is that moment of March 2022.
fn at(text: &str) -> DateTime {
    let (day, time) = text.split_once(' ').unwrap();
    let (hour, minute) = time.split_once(':').unwrap();
    date(2022, 3, day.parse().unwrap()).at(hour.parse().unwrap(), minute.parse().unwrap(), 0, 0)
}

fn who(name: &str) -> Who {
    let (post, unit) = match name {
        "system" => (Post::System, None),
        "dispatcher" => (Post::Dispatcher, None),
        "verifier" => (Post::Verifier, None),
        "office" => (Post::Office, None),
        "leader" => (Post::Leader, None),
        // The handler of the county also works as a verifier.
        "county-verifier" => (Post::Verifier, Some("county")),
        unit => (Post::Unit, Some(unit)),
    };
    Who {
        post,
        login: name.to_owned(),
        unit: unit.map(str::to_owned),
    }
}

const TWO_HOURS: Limit = Limit {
    value: 2,
    unit: LimitUnit::WorkHour,
};

/// What is done, in words: `dispatch county until 03 12:00`, `return not ours`, `feedback`, …
fn act(words: &str) -> Act {
    let (kind, rest) = words.split_once(' ').unwrap_or((words, ""));
    let text = rest.to_owned();
    let due = |text: &str| {
        let due = at(&text.rsplit("until ").next().unwrap()[..8]);
        (due, due.checked_add(jiff::Span::new().days(4)).unwrap())
    };
    let moved = |text: &str| {
        text.contains("until ").then(|| {
            let (at, gross_at) = due(text);
            Due {
                at,
                gross_at,
                soon_at: Some(at),
            }
        })
    };
    match kind {
        "accept" => Act::Accept,
        "reject" => Act::Reject {
            reason: text,
            told: None,
        },
        "order-check" => Act::OrderCheck,
        "confirm" => Act::Check {
            confirmed: true,
            note: text,
            photos: vec![],
        },
        "deny" => Act::Check {
            confirmed: false,
            note: text,
            photos: vec![],
        },
        "register" => Act::Register {
            condition: text,
            limit: TWO_HOURS,
            category: None,
            relapse: Relapse::AsReported,
        },
        "amend" => {
            let (condition, reason) = rest.split_once(" because").unwrap_or((rest, ""));
            Act::Amend {
                condition: condition.split(' ').next().unwrap().to_owned(),
                limit: TWO_HOURS,
                category: None,
                relapse: Relapse::AsReported,
                extended_by: Some(TWO_HOURS),
                due: moved(condition),
                reason: reason.to_owned(),
            }
        }
        "dispatch" => {
            let (due_at, gross_at) = due(rest);
            Act::Dispatch {
                unit: rest.split(' ').next().unwrap().to_owned(),
                department: None,
                due_at,
                gross_at,
                // `… until 03 12:00 elsewhere than the routes`: what comes after the moment.
                reason: rest.split_once(" because").map(|(_, why)| why.to_owned()),
                soon_at: Some(due_at),
            }
        }
        "sign-for" => Act::SignFor,
        "pass-down" => Act::PassDown { unit: text },
        "take-back" => Act::TakeBack { reason: text },
        "return" => Act::Return { reason: text },
        "recall" => Act::Recall { reason: text },
        "feedback" => Act::Feedback {
            note: text,
            photos: vec!["a-photo".into()],
            due: moved(rest),
        },
        "feedback-without-photo" => Act::Feedback {
            note: text,
            photos: vec![],
            due: None,
        },
        "ask-extension" => Act::AskExtension { reason: text },
        "grant-extension" => {
            let (due_at, gross_at) = due(rest);
            Act::GrantExtension {
                by: TWO_HOURS,
                due_at,
                gross_at,
                reason: None,
                soon_at: Some(due_at),
            }
        }
        "ask-suspension" => Act::AskSuspension {
            until: due(rest).0,
            reason: text,
        },
        "grant-suspension" => Act::GrantSuspension {
            reason: None,
            // Without a moment: as older versions wrote it.
            due: moved(rest),
        },
        "refuse-request" => Act::RefuseRequest { reason: text },
        "resume" | "undo-grant" => {
            let (due_at, gross_at) = due(rest);
            Act::Resume {
                due_at,
                gross_at,
                reason: rest.split_once(" because").map(|(_, why)| why.to_owned()),
                soon_at: Some(due_at),
                undoes_grant: kind == "undo-grant",
                ended: rest.split_once(" ended ").map(|(_, ended)| at(ended)),
            }
        }
        "pass" => Act::Verify {
            passed: true,
            note: text,
            photos: vec![],
            due: None,
        },
        "fail" => Act::Verify {
            passed: false,
            note: text,
            photos: vec![],
            due: moved(rest),
        },
        "close" => Act::Close,
        "void" => Act::Void {
            reason: text,
            told: None,
        },
        "supervise" => Act::Supervise { reason: text },
        "end-supervision" => Act::EndSupervision { reason: Some(text) },
        "remind" => Act::Remind,
        "keep-secret" => Act::KeepSecret { until: due(rest).0 },
        "escalate" => Act::Escalate { reason: text },
        "recompute" => {
            let (due_at, gross_at) = due(rest);
            Act::Recompute {
                due_at,
                gross_at,
                soon_at: Some(due_at),
                calendar: "2022".into(),
            }
        }
        other => panic!("no act is written {other:?}"),
    }
}

/// Plays a story: each line is `when · who · what · what comes of it`, the last a stage or the beginning of a refusal.
fn story(secret_until: Option<&str>, lines: &str) -> Life {
    let mut life = Life::reported(at("01 08:00"), secret_until.map(at));
    for line in lines.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let cells: Vec<&str> = line.split('·').map(str::trim).collect();
        let [when, by, what, then] = cells[..] else {
            panic!("four cells: {line}")
        };
        match life.then(at(when), &who(by), &act(what), &Policy::default()) {
            Ok(next) => {
                assert_eq!(next.stage.word(), then, "{line}");
                life = next;
            }
            Err(refusal) => {
                assert_eq!(
                    format!("{refusal:?}").split([' ', '{']).next(),
                    Some(then),
                    "{line}"
                );
            }
        }
    }
    life
}

#[test]
fn a_loose_cover_goes_down_to_a_community_is_done_badly_done_again_and_closed() {
    let life = story(
        None,
        "
        01 08:10 · dispatcher · accept                               · accepted
        01 08:20 · dispatcher · register cover-loose                 · registered
        01 08:30 · dispatcher · dispatch county until 02 10:30       · dispatched
        01 09:00 · county     · pass-down street                     · dispatched
        01 09:10 · street     · pass-down community                  · dispatched
        01 11:00 · county     · feedback                             · WithAnotherUnit
        01 11:00 · community  · feedback-without-photo               · PhotoMissing
        01 11:00 · community  · feedback fixed                       · handled
        01 12:00 · community  · pass                                 · NotForThisPost
        01 12:00 · verifier   · fail                                 · ReasonMissing
        01 12:00 · verifier   · fail it still rattles                · dispatched
        01 15:00 · community  · feedback fixed again                 · handled
        01 16:00 · verifier   · pass                                 · verified
        01 16:10 · dispatcher · close                                · closed
        01 16:20 · office     · void too late                        · NotAtThisStage
        ",
    );
    assert_eq!((life.reworks, life.dispatches, life.returns), (1, 1, 0));
    assert_eq!(life.line, ["county", "street", "community"]);
    let fact = life.fact("AJ-1", "0101", "county").unwrap();
    assert_eq!(fact.handled_at, Some(at("01 15:00")));
    assert_eq!(fact.dispatched_at, at("01 08:30"));
    assert_eq!(fact.reworked, 1);
}

#[test]
fn a_case_that_is_sent_round_keeps_its_clock_and_comes_to_an_end() {
    let life = story(
        None,
        "
        01 08:10 · dispatcher · accept                               · accepted
        01 08:20 · dispatcher · register cover-loose                 · registered
        01 08:30 · dispatcher · dispatch county until 02 10:30       · dispatched
        01 09:00 · county     · pass-down street                     · dispatched
        01 09:30 · street     · return the water company's           · dispatched
        01 09:40 · street     · feedback                             · WithAnotherUnit
        01 10:00 · county     · return                               · ReasonMissing
        01 10:00 · county     · return not ours                      · registered
        01 10:05 · dispatcher · dispatch water until 09 17:00        · dispatched
        01 10:30 · water      · return not ours either               · registered
        01 10:35 · dispatcher · dispatch county until 09 17:00       · dispatched
        01 10:40 · county     · pass-down street                     · dispatched
        01 10:45 · street     · return still not ours                · dispatched
        01 10:50 · county     · return still not ours                · ReturnsUsedUp
        01 11:00 · county     · recall not ours                      · NotForThisPost
        01 11:00 · office     · recall                               · ReasonMissing
        01 11:00 · office     · recall it is the power company's     · registered
        01 11:10 · dispatcher · dispatch power until 09 17:00        · dispatched
        01 11:20 · dispatcher · recall it is a telephone pole        · registered
        01 11:30 · dispatcher · dispatch phone until 09 17:00        · dispatched
        ",
    );
    // What goes up within a line uses up no return, and what is recalled no dispatch; all of it is counted.
    assert_eq!((life.returns, life.returned_to_dispatcher), (4, 2));
    let fact = life.fact("AJ-1", "0101", "phone").unwrap();
    assert_eq!(
        fact.returned, 2,
        "the evaluation sees those to the dispatcher"
    );
    assert_eq!((life.dispatches, life.recalls), (5, 2));
    assert_eq!(
        life.due_at,
        Some(at("02 10:30")),
        "the clock belongs to the case"
    );
    assert_eq!(life.holder(), Some("phone"));
}

#[test]
fn a_wrong_registration_is_mended_before_it_goes_out_again_on_the_same_clock() {
    let life = story(
        None,
        "
        01 08:10 · dispatcher · accept                               · accepted
        01 08:15 · dispatcher · amend cover-loose because a slip     · NotAtThisStage
        01 08:20 · dispatcher · register facade-broken               · registered
        01 08:25 · dispatcher · amend cover-loose                    · ReasonMissing
        01 08:25 · dispatcher · amend cover-loose because a slip     · registered
        01 08:30 · dispatcher · dispatch county until 02 10:30       · dispatched
        01 08:40 · dispatcher · amend cover-missing because too late · NotAtThisStage
        01 08:40 · dispatcher · recall it is missing altogether      · registered
        01 08:45 · office     · amend cover-missing because so it is · NotForThisPost
        01 08:45 · dispatcher · amend cover-missing until 01 10:30 because so it is · registered
        01 08:50 · dispatcher · dispatch county until 01 10:30       · dispatched
        ",
    );
    assert_eq!(life.condition.as_deref(), Some("cover-missing"));
    assert_eq!(life.registered_at, Some(at("01 08:20")));
    assert_eq!(life.dispatched_at, Some(at("01 08:30")));
    assert_eq!(life.due_at, Some(at("01 10:30")));
}

#[test]
fn a_rest_ends_on_its_day_however_late_that_is_seen_and_with_what_is_done() {
    let rests = "
        01 08:10 · dispatcher · accept                               · accepted
        01 08:20 · dispatcher · register facade-broken               · registered
        01 08:30 · dispatcher · dispatch county until 02 10:30       · dispatched
        01 10:00 · county     · ask-suspension frost until 10 00:00  · dispatched
        01 11:00 · office     · grant-suspension until 11 09:30      · suspended
        ";
    let late = story(
        None,
        &format!("{rests}\n12 08:00 · system · resume until 11 09:30 ended 10 00:00 · dispatched"),
    );
    assert_eq!(late.pauses, [(at("01 11:00"), Some(at("10 00:00")))]);
    // As older versions wrote it, with the due time of a rest until then.
    let older = story(
        None,
        &format!("{rests}\n12 08:00 · system · resume until 13 09:30 · dispatched"),
    );
    assert_eq!(older.pauses, [(at("01 11:00"), Some(at("12 08:00")))]);
    // The frost was over sooner.
    let done = story(
        None,
        &format!(
            "{rests}
            05 09:00 · street   · feedback                       · WithAnotherUnit
            05 09:00 · county   · return not ours                · NotAtThisStage
            05 09:00 · county   · feedback done until 06 10:30   · handled
            05 10:00 · verifier · fail it still drips            · dispatched"
        ),
    );
    assert_eq!(done.pauses, [(at("01 11:00"), Some(at("05 09:00")))]);
    assert_eq!(done.due_at, Some(at("06 10:30")));
    assert_eq!((done.rests_until, done.suspensions), (None, 1));
}

#[test]
fn a_failed_verification_brings_the_limit_of_rules_that_came_meanwhile() {
    let life = story(
        None,
        "
        01 08:10 · dispatcher · accept                               · accepted
        01 08:20 · dispatcher · register facade-broken               · registered
        01 08:30 · dispatcher · dispatch county until 02 10:30       · dispatched
        01 10:00 · county     · feedback done                        · handled
        01 11:00 · verifier   · fail it still drips until 03 10:30   · dispatched
        ",
    );
    assert_eq!(life.due_at, Some(at("03 10:30")));
}

#[test]
fn more_time_is_asked_before_the_limit_and_rest_is_granted_by_the_office() {
    let life = story(
        None,
        "
        01 08:10 · dispatcher · accept                               · accepted
        01 08:20 · dispatcher · register facade-broken               · registered
        01 08:30 · dispatcher · dispatch county until 02 10:30       · dispatched
        01 09:00 · dispatcher · grant-extension until 03 10:30       · NothingAsked
        01 09:00 · county     · ask-extension parts are ordered      · dispatched
        01 09:05 · county     · ask-extension again                  · RequestPending
        01 09:30 · office     · grant-suspension                     · OtherAsked
        01 09:40 · dispatcher · grant-extension until 01 10:30       · DueInThePast
        01 09:40 · dispatcher · grant-extension until 03 10:30       · dispatched
        01 10:00 · county     · ask-suspension frost until 01 09:00  · RestInThePast
        01 10:00 · county     · ask-suspension frost until 20 00:00  · dispatched
        01 11:00 · dispatcher · grant-suspension                     · NotForThisPost
        01 11:00 · office     · refuse-request                       · ReasonMissing
        01 11:00 · office     · grant-suspension                     · suspended
        02 11:00 · street     · feedback                             · WithAnotherUnit
        20 00:00 · system     · resume until 22 09:30                · dispatched
        22 09:31 · county     · ask-extension too late               · Overdue
        22 10:00 · county     · feedback                             · handled
        ",
    );
    assert_eq!((life.extensions, life.suspensions), (1, 1));
    assert_eq!(life.pauses, [(at("01 11:00"), Some(at("20 00:00")))]);
    let fact = life.fact("AJ-2", "0201", "county").unwrap();
    assert!(fact.suspended && fact.handled_at > fact.due_at);
}

#[test]
fn what_older_versions_moved_while_it_was_asked_for_is_still_what_was_done() {
    let life = story(
        None,
        "
        01 08:10 · dispatcher · accept                               · accepted
        01 08:20 · dispatcher · register facade-broken               · registered
        01 08:30 · dispatcher · dispatch county until 02 10:30       · dispatched
        01 09:00 · county     · ask-extension parts are ordered      · dispatched
        01 09:10 · county     · pass-down street                     · dispatched
        01 09:20 · county     · take-back we do it ourselves         · dispatched
        01 09:30 · dispatcher · grant-extension until 03 10:30       · dispatched
        ",
    );
    assert_eq!((life.extensions, life.holder()), (1, Some("county")));
}

#[test]
fn nothing_is_served_while_the_team_is_there_and_doubts_are_cleared_on_the_spot() {
    let life = story(
        Some("02 08:00"),
        "
        01 08:10 · county     · accept                               · NotForThisPost
        01 08:10 · dispatcher · dispatch county until 02 10:30       · NotAtThisStage
        01 08:10 · dispatcher · accept                               · accepted
        01 08:20 · dispatcher · order-check                          · checking
        01 08:30 · dispatcher · register cover-loose                 · NotAtThisStage
        01 09:00 · verifier   · deny                                 · ReasonMissing
        01 09:00 · verifier   · deny nothing there                   · accepted
        01 09:10 · dispatcher · register cover-loose                 · NotConfirmed
        01 09:10 · dispatcher · order-check                          · checking
        01 09:30 · verifier   · confirm                              · accepted
        01 09:40 · dispatcher · register cover-loose                 · registered
        01 10:00 · dispatcher · dispatch county until 02 10:30       · TeamStillThere
        01 09:00 · dispatcher · reject wrong order                   · BeforeTheLastAct
        02 08:00 · dispatcher · dispatch county until 03 10:30       · dispatched
        ",
    );
    assert_eq!(life.dispatched_at, Some(at("02 08:00")));
}

#[test]
fn a_team_that_stays_longer_than_was_known_keeps_it_secret_until_a_unit_has_it() {
    let life = story(
        Some("01 13:00"),
        "
        01 08:10 · office     · keep-secret until 01 17:00           · NotForThisPost
        01 08:10 · dispatcher · accept                               · accepted
        01 08:20 · system     · keep-secret until 01 12:00           · SecretAlready
        01 08:20 · system     · keep-secret until 01 17:00           · accepted
        01 08:30 · dispatcher · register cover-loose                 · registered
        01 13:00 · dispatcher · dispatch county until 02 10:30       · TeamStillThere
        01 14:00 · system     · keep-secret until 01 18:00           · registered
        01 18:00 · dispatcher · dispatch county until 02 18:30       · dispatched
        01 18:10 · system     · keep-secret until 01 20:00           · NotAtThisStage
        01 18:20 · county     · return not ours                      · registered
        01 18:30 · system     · keep-secret until 01 20:00           · SecretAlready
        ",
    );
    assert_eq!(life.secret_until, Some(at("01 18:00")));
    story(
        None,
        "01 08:10 · system · keep-secret until 01 12:00 · SecretAlready",
    );
}

#[test]
fn who_handled_it_does_not_verify_it() {
    story(
        None,
        "
        01 08:10 · dispatcher      · accept                          · accepted
        01 08:20 · dispatcher      · register cover-loose            · registered
        01 08:30 · dispatcher      · dispatch county until 02 10:30  · dispatched
        01 08:40 · leader          · supervise                       · ReasonMissing
        01 08:40 · leader          · supervise in the paper today    · dispatched
        01 09:00 · county          · take-back why                   · NothingToTakeBack
        01 09:05 · county          · pass-down county                · SameUnit
        01 09:10 · county          · pass-down street                · dispatched
        01 09:20 · street          · take-back mine                  · NothingToTakeBack
        01 09:20 · elsewhere       · take-back mine                  · WithAnotherUnit
        01 09:30 · county          · take-back we do it ourselves    · dispatched
        01 10:00 · county          · feedback                        · handled
        01 10:10 · county-verifier · pass                            · VerifierHandledIt
        01 10:20 · verifier        · pass                            · verified
        01 10:30 · office          · void never happened             · voided
        ",
    );
}

#[test]
fn who_uses_a_power_says_why() {
    let life = story(
        None,
        "
        01 08:10 · dispatcher · accept                                       · accepted
        01 08:20 · dispatcher · register cover-loose                         · registered
        01 08:30 · dispatcher · dispatch water until 02 10:30 because        · ReasonMissing
        01 08:30 · dispatcher · dispatch water until 02 10:30 because its pipe burst · dispatched
        01 08:40 · office     · supervise in the paper today                 · dispatched
        01 08:50 · leader     · end-supervision                              · ReasonMissing
        01 08:50 · leader     · end-supervision it was another street        · dispatched
        01 09:00 · water      · ask-suspension frost until 20 00:00          · dispatched
        01 09:10 · office     · grant-suspension                             · suspended
        05 09:00 · dispatcher · resume until 06 10:30 because                · ReasonMissing
        05 09:00 · dispatcher · resume until 06 10:30 because it thaws       · dispatched
        ",
    );
    assert!(!life.supervised);
    let words: Vec<_> = WORDS.iter().map(|words| act(words).kind()).collect();
    for kind in Kind::all() {
        assert!(words.contains(&kind), "{kind:?} is never tried at random");
    }
}

#[test]
fn a_rest_moves_the_due_times_with_it() {
    let life = story(
        None,
        "
        01 08:10 · dispatcher · accept                               · accepted
        01 08:20 · dispatcher · register cover-loose                 · registered
        01 08:30 · dispatcher · dispatch county until 02 10:30       · dispatched
        01 09:00 · county     · ask-suspension frost until 20 00:00  · dispatched
        01 09:10 · office     · grant-suspension until 21 09:50      · suspended
        ",
    );
    assert_eq!(life.due_at, Some(at("21 09:50")));
    assert_eq!(life.gross_at, Some(at("25 09:50")));
    assert_eq!(life.remind_at(), None, "nobody is told while it rests");
    let fact = life.fact("AJ-1", "0101", "county").unwrap();
    assert_eq!(fact.due_at, Some(at("21 09:50")));
}

#[test]
fn a_rest_that_should_not_have_been_granted_leaves_nothing_behind() {
    let life = story(
        None,
        "
        01 08:10 · dispatcher · accept                               · accepted
        01 08:20 · dispatcher · register cover-loose                 · registered
        01 08:30 · dispatcher · dispatch county until 02 10:30       · dispatched
        01 09:00 · county     · ask-suspension frost until 20 00:00  · dispatched
        01 09:10 · office     · grant-suspension until 21 09:50      · suspended
        01 09:20 · office     · undo-grant until 02 10:30 because by mistake · dispatched
        01 09:30 · county     · ask-suspension frost until 20 00:00  · RequestPending
        01 09:40 · office     · refuse-request spare parts are there · dispatched
        01 09:50 · county     · ask-suspension flood until 10 00:00  · dispatched
        ",
    );
    assert_eq!((life.suspensions, &life.pauses[..]), (0, &[][..]));
    assert_eq!(life.due_at, Some(at("02 10:30")));
    assert!(!life.fact("AJ-1", "0101", "county").unwrap().suspended);
}

#[test]
fn who_has_it_is_told_once_for_each_due_time() {
    let life = story(
        None,
        "
        01 08:10 · dispatcher · accept                               · accepted
        01 08:20 · dispatcher · register cover-loose                 · registered
        01 08:30 · system     · remind                               · NotAtThisStage
        01 08:30 · dispatcher · dispatch county until 02 10:30       · dispatched
        02 10:00 · office     · remind                               · NotForThisPost
        02 10:00 · system     · remind                               · dispatched
        02 10:05 · system     · remind                               · RemindedAlready
        02 10:05 · system     · recompute until 02 10:30             · dispatched
        02 10:05 · system     · remind                               · RemindedAlready
        02 10:10 · county     · ask-extension parts are ordered      · dispatched
        02 10:20 · dispatcher · grant-extension until 03 10:30       · dispatched
        03 10:00 · system     · remind                               · dispatched
        03 10:29 · system     · remind                               · RemindedAlready
        03 10:30 · system     · remind                               · dispatched
        03 10:31 · system     · remind                               · RemindedAlready
        ",
    );
    assert!(life.reminded && life.told_overdue);
    assert_eq!(life.remind_at(), None);
}

#[test]
fn the_program_escalates_once_for_each_second_limit_whoever_else_did() {
    let way_out = "
        01 08:10 · dispatcher · accept                               · accepted
        01 08:20 · dispatcher · register cover-loose                 · registered
        01 08:30 · dispatcher · dispatch county until 02 10:30       · dispatched
        ";
    // What is done after the dispatch, and when the program is to escalate it then.
    for (then, at_then) in [
        ("", Some("06 10:30")),
        (
            "03 09:00 · leader · escalate in the paper · dispatched",
            Some("06 10:30"),
        ),
        ("07 09:00 · system · escalate gross · dispatched", None),
        (
            "07 09:00 · system · escalate gross · dispatched\n07 10:00 · system · recompute until 02 10:30 · dispatched",
            None,
        ),
        (
            "07 09:00 · system · escalate gross · dispatched\n07 10:00 · system · recompute until 08 10:30 · dispatched",
            Some("12 10:30"),
        ),
        (
            "03 09:00 · county · return not ours · registered",
            Some("06 10:30"),
        ),
        ("03 09:00 · county · feedback · handled", None),
        ("03 09:00 · office · void twice · voided", None),
    ] {
        let life = story(None, &format!("{way_out}{then}"));
        assert_eq!(life.escalate_at(), at_then.map(at), "{then}");
    }
}

#[test]
fn a_case_lies_with_a_unit_until_that_unit_takes_a_first_step() {
    let way_out = "
        01 08:10 · dispatcher · accept                               · accepted
        01 08:20 · dispatcher · register cover-loose                 · registered
        01 08:30 · dispatcher · dispatch county until 02 10:30       · dispatched
        ";
    // What is done after the dispatch, and since when it has lain with whoever has it then.
    for (then, since) in [
        ("", Some("01 08:30")),
        ("01 09:00 · county · sign-for · dispatched", None),
        (
            "01 09:00 · county · ask-extension parts are ordered · dispatched",
            None,
        ),
        ("01 09:00 · county · return not ours · registered", None),
        (
            "01 09:00 · county · pass-down street · dispatched",
            Some("01 09:00"),
        ),
        (
            "01 09:00 · county · pass-down street · dispatched\n01 09:10 · street · sign-for · dispatched",
            None,
        ),
        (
            "01 09:00 · county · pass-down street · dispatched\n01 09:10 · street · return not ours · dispatched",
            Some("01 09:10"),
        ),
        (
            "01 09:00 · county · pass-down street · dispatched\n01 09:10 · county · take-back we do it · dispatched",
            None,
        ),
        (
            "01 09:00 · office · supervise the mayor asks · dispatched",
            Some("01 08:30"),
        ),
        ("01 09:00 · office · void twice · voided", None),
    ] {
        let life = story(None, &format!("{way_out}{then}"));
        assert_eq!(life.untouched_since, since.map(at), "{then}");
    }
    story(
        None,
        &format!(
            "{way_out}
            01 09:00 · street     · sign-for                             · WithAnotherUnit
            01 09:00 · dispatcher · sign-for                             · NotForThisPost
            01 09:00 · county     · sign-for                             · dispatched
            01 09:10 · county     · sign-for                             · BegunAlready
            "
        ),
    );
}

/// Whoever appears in the stories.
const PEOPLE: [&str; 9] = [
    "system",
    "dispatcher",
    "verifier",
    "office",
    "leader",
    "county",
    "street",
    "community",
    "county-verifier",
];
/// Everything that can be said in them.
const WORDS: [&str; 35] = [
    "accept",
    "reject why",
    "order-check",
    "confirm",
    "deny why",
    "register condition",
    "amend condition because it is",
    "amend condition until 10 10:00 because it is",
    "dispatch county until 09 10:00",
    "dispatch street until 09 10:00",
    "sign-for",
    "pass-down street",
    "pass-down community",
    "take-back why",
    "return why",
    "recall why",
    "feedback",
    "feedback until 11 10:00",
    "feedback-without-photo",
    "ask-extension why",
    "grant-extension until 12 10:00",
    "ask-suspension why until 15 10:00",
    "grant-suspension until 19 10:00",
    "refuse-request why",
    "resume until 20 10:00",
    "pass",
    "fail why",
    "close",
    "void why",
    "supervise why",
    "end-supervision why",
    "escalate why",
    "recompute until 18 10:00",
    "remind",
    "keep-secret until 01 13:00",
];

proptest! {
    #[test]
    fn whatever_is_tried_the_case_stays_in_order(tries in prop::collection::vec((0..PEOPLE.len(), 0..WORDS.len(), 0..180i64), 1..120)) {
        let policy = Policy::default();
        let mut life = Life::reported(at("01 08:00"), Some(at("01 10:00")));
        let mut now = life.last_at;
        let mut done = vec![];
        for (person, words, minutes) in tries {
            now = now.checked_add(jiff::Span::new().minutes(minutes)).unwrap();
            let (who, act) = (who(PEOPLE[person]), act(WORDS[words]));
            let offered = possible(&life, now, &who, &policy)
                .into_iter()
                .any(|(kind, may)| kind == act.kind() && may.is_ok());
            match life.then(now, &who, &act, &policy) {
                Ok(next) => {
                    prop_assert!(offered, "{act:?} was done and not offered");
                    prop_assert!(!life.stage.is_over(), "{act:?} after the end");
                    prop_assert_eq!(next.since == now || next.since == life.since, true);
                    life = next;
                    done.push((now, who, act));
                }
                Err(_) if !offered => {}
                // What is filled in can be wrong although the button is there.
                Err(refusal) => prop_assert!(
                    matches!(refusal, Refusal::PhotoMissing | Refusal::SameUnit | Refusal::DueInThePast | Refusal::RestInThePast | Refusal::SecretAlready),
                    "{act:?} was offered and refused: {refusal:?}"
                ),
            }
            prop_assert!(life.returned_to_dispatcher <= policy.most_returns);
            prop_assert!(life.dispatches - life.recalls <= policy.most_dispatches);
            // What comes back can go out again.
            prop_assert!(life.stage != Stage::Registered || life.dispatches - life.recalls < policy.most_dispatches);
            prop_assert!(life.extensions <= policy.most_extensions && life.suspensions <= policy.most_suspensions);
            prop_assert_eq!(life.line.is_empty(), matches!(life.stage, Stage::Reported | Stage::Accepted | Stage::Checking | Stage::Registered | Stage::Rejected) || (life.stage == Stage::Voided && life.line.is_empty()));
            prop_assert!(life.dispatched_at.is_none_or(|at_dispatch| at_dispatch >= at("01 10:00")));
            prop_assert!(life.due_at <= life.gross_at);
        }
        let report = Act::Report { secret_until: Some(at("01 10:00")) };
        let agency = who("dispatcher");
        let steps = std::iter::once((at("01 08:00"), &agency, &report)).chain(done.iter().map(|(at, who, act)| (*at, who, act)));
        prop_assert_eq!(Life::fold(steps, &policy).unwrap(), life, "the acts make the case");
    }
}

#[test]
fn every_word_is_its_own() {
    let words: std::collections::BTreeSet<_> =
        Stage::ALL.iter().map(|stage| stage.word()).collect();
    assert_eq!(words.len(), Stage::ALL.len());
    for stage in Stage::ALL {
        assert_eq!(Stage::parse(stage.word()), Some(stage));
        assert_eq!(stage.key(), format!("case-stage-{}", stage.word()));
    }
    for kind in Kind::all() {
        assert_eq!(Kind::parse(kind.word()), Some(kind));
    }
}
