//! Every command on every status by everybody, held to the table of transitions.

use remit_board::{failure::Code, ids::AgentId, module::Status};
use serde_json::{Value, json};

use crate::play::Play;

use Code::{Invalid, LeaseHeld, NotFound, NotHolder, StaleLease, WrongStatus};
use Status::{Blocked, Cancelled, Done, InProgress, InReview, ReviewReady, Todo};

/// Where the module `m` stands. `a` owns it where it is owned, `r` reviews it where it is reviewed.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Stand {
    status: Status,
    expired: bool,
}

impl Stand {
    fn all() -> impl Iterator<Item = Stand> {
        Status::ALL.into_iter().flat_map(|status| {
            let leased = matches!(status, InProgress | Blocked | InReview);
            [false, true]
                .into_iter()
                .filter(move |expired| leased || !expired)
                .map(move |expired| Stand { status, expired })
        })
    }

    fn play(self) -> Play {
        let mut play = Play::with_agents();
        play.module("m", &[], &["src"]);
        let m = json!({ "module": "m" });
        let because = json!({ "module": "m", "reason": "because" });
        let mut run =
            |who: &str, name: &str, arguments: &Value| drop(play.run(who, name, arguments.clone()).unwrap());
        if self.status != Todo && self.status != Cancelled {
            run("a", "claim", &m);
        }
        match self.status {
            Todo | InProgress => {}
            Blocked => run("a", "block", &because),
            ReviewReady => run("a", "submit", &m),
            InReview => {
                run("a", "submit", &m);
                run("r", "start-review", &m);
            }
            Done => run("a", "finish", &m),
            Cancelled => run("c", "cancel", &m),
        }
        if self.expired {
            play.pass(1800);
        }
        play
    }

    fn holder(self) -> Option<&'static str> {
        match self.status {
            InProgress | Blocked => Some("a"),
            InReview => Some("r"),
            _ => None,
        }
    }
}

/// Where the module stands afterwards, and who holds it.
type Moved = Result<(Status, Option<&'static str>), Code>;

/// The table of transitions, a row for each command.
fn table(command: &str, at: Stand, who: &'static str) -> Moved {
    let mine = at.holder() == Some(who);
    let by_holder = |from: Status, to: Moved| match at.status == from {
        false => Err(WrongStatus),
        true if mine => to,
        true => Err(NotHolder),
    };
    match command {
        "claim" => match at.status {
            Todo => Ok((InProgress, Some(who))),
            InProgress | Blocked if mine || at.expired => Ok((InProgress, Some(who))),
            InProgress | Blocked => Err(LeaseHeld),
            _ => Err(WrongStatus),
        },
        "block" => by_holder(InProgress, Ok((Blocked, Some(who)))),
        "unblock" => by_holder(Blocked, Ok((InProgress, Some(who)))),
        "submit" => by_holder(InProgress, Ok((ReviewReady, None))),
        "start-review" => match at.status {
            ReviewReady | InReview if who == "a" => Err(NotHolder),
            ReviewReady => Ok((InReview, Some(who))),
            InReview if mine || at.expired => Ok((InReview, Some(who))),
            InReview => Err(LeaseHeld),
            _ => Err(WrongStatus),
        },
        "claim-next" => match at.status {
            Todo => Ok((InProgress, Some(who))),
            InProgress | Blocked if at.expired && !mine => Ok((InProgress, Some(who))),
            _ => Err(Code::Nothing),
        },
        "claim-review-next" => match at.status {
            ReviewReady if who != "a" => Ok((InReview, Some(who))),
            InReview if at.expired && who != "a" && !mine => Ok((InReview, Some(who))),
            _ => Err(Code::Nothing),
        },
        "request-changes" => by_holder(InReview, Ok((InProgress, Some("a")))),
        "approve" => by_holder(InReview, Ok((Done, None))),
        "finish" => by_holder(InProgress, Ok((Done, None))),
        "release" => match at.status {
            InProgress | Blocked if mine => Ok((Todo, None)),
            InReview if mine => Ok((ReviewReady, None)),
            _ => Err(NotHolder),
        },
        "cancel" => match at.status {
            Done => Err(WrongStatus),
            _ if mine || who == "c" => Ok((Cancelled, None)),
            _ => Err(NotHolder),
        },
        "reclaim" => match at.status {
            InProgress | Blocked if at.expired => Ok((Todo, None)),
            InReview if at.expired => Ok((ReviewReady, None)),
            _ => Err(Code::Nothing),
        },
        other => panic!("{other} is no row of the table"),
    }
}

const COMMANDS: [&str; 13] = [
    "claim",
    "claim-next",
    "block",
    "unblock",
    "submit",
    "start-review",
    "claim-review-next",
    "request-changes",
    "approve",
    "finish",
    "release",
    "cancel",
    "reclaim",
];
const EVERYBODY: [&str; 4] = ["a", "b", "r", "c"];

fn arguments(command: &str) -> Value {
    match command {
        "block" | "request-changes" => json!({ "module": "m", "reason": "because" }),
        "claim-next" | "claim-review-next" => json!({}),
        _ => json!({ "module": "m" }),
    }
}

fn standing(play: &Play) -> (Status, Option<AgentId>) {
    let holder = play.leases.0.values().next().map(|lease| lease.holder.clone());
    (play.status("m"), holder)
}

#[test]
fn every_command_on_every_status_by_everybody_does_what_the_table_says() {
    for command in COMMANDS {
        for at in Stand::all() {
            for who in EVERYBODY {
                let mut play = at.play();
                let before = (play.board.revision, standing(&play), play.owner("m"));
                let result = play.run(who, command, arguments(command));
                let case = format!("{command} by {who} on {at:?}");
                match table(command, at, who) {
                    Ok((status, holder)) => {
                        result.unwrap_or_else(|error| panic!("{case}: {error}"));
                        assert_eq!(standing(&play), (status, holder.map(|key| play.agent(key))), "{case}");
                        assert_eq!(play.board.revision, before.0 + 1, "{case}");
                    }
                    Err(code) => {
                        assert_eq!(result.map_err(|error| error.code), Err(code), "{case}");
                        assert_eq!((play.board.revision, standing(&play), play.owner("m")), before, "{case}");
                    }
                }
            }
        }
    }
}

#[test]
fn what_needs_the_holder_needs_its_current_token() {
    for command in ["block", "unblock", "submit", "request-changes", "approve", "finish", "release", "cancel"]
    {
        for at in Stand::all() {
            let Some(holder) = at.holder().filter(|holder| table(command, at, holder).is_ok()) else {
                continue;
            };
            let mut play = at.play();
            play.tokens.clear();
            assert_eq!(play.code(holder, command, arguments(command)), StaleLease, "{command} on {at:?}");
        }
    }
}

#[test]
fn a_handoff_passes_the_lease_and_never_makes_an_author_review() {
    for (status, offers, takes, after) in [
        (InProgress, "a", "b", InProgress),
        (Blocked, "a", "b", Blocked),
        (ReviewReady, "a", "r", InReview),
        (InReview, "r", "c", InReview),
    ] {
        let mut play = Stand { status, expired: false }.play();
        let owner = play.owner("m");
        play.run(offers, "handoff-bundle", json!({ "module": "m" })).unwrap();
        play.run(takes, "claim-handoff", json!({ "module": "m" })).unwrap();
        assert_eq!(standing(&play), (after, Some(play.agent(takes))), "{status:?}");
        let review = status.is_review();
        assert_eq!(play.owner("m"), if review { owner } else { Some(play.agent(takes)) });
        assert_eq!(play.code("a", "claim-handoff", json!({ "module": "m" })), NotFound);
    }
    let mut play = Stand { status: InReview, expired: false }.play();
    let to_author = json!({ "module": "m", "to": format!("agent:{}", play.agent("a")) });
    play.run("r", "handoff-bundle", to_author).unwrap();
    assert_eq!(play.code("a", "claim-handoff", json!({ "module": "m" })), NotHolder);
}

#[test]
fn changes_requested_give_the_owner_a_lease_whose_token_it_fetches() {
    let mut play = Stand { status: InReview, expired: false }.play();
    let asked = json!({ "module": "m", "reason": "name the unit" });
    let changed = play.run("r", "request-changes", asked).unwrap();
    assert_eq!(changed["module"]["lease"]["holder"], json!(play.agent("a")));
    assert_eq!(changed["module"]["changes_requested"], "name the unit");
    assert_eq!(play.notified("changes-requested"), [format!("agent:{}", play.agent("a"))]);
    assert_eq!(play.code("a", "submit", json!({ "module": "m" })), StaleLease);
    assert_eq!(play.code("b", "claim", json!({ "module": "m" })), LeaseHeld);
    let claimed = play.claim("a", "m").unwrap();
    assert_eq!(claimed["module"]["changes_requested"], "name the unit");
    assert_eq!(
        play.code("a", "finish", json!({ "module": "m" })),
        WrongStatus,
        "the reviewer wants to see it again"
    );
    let submitted = play.run("a", "submit", json!({ "module": "m" })).unwrap();
    assert_eq!(submitted["module"]["changes_requested"], Value::Null);
    assert_eq!(play.notified("review-ready"), ["reviewers".to_owned(), format!("agent:{}", play.agent("r"))]);
}

#[test]
fn a_review_is_left_to_the_reviewer_who_is_named_until_that_one_gives_it_up() {
    let mut play = Play::with_agents();
    play.module("m", &[], &[]);
    play.run("a", "claim", json!({ "module": "m", "reviewer_id": play.agent("r") })).unwrap();
    play.run("a", "submit", json!({ "module": "m" })).unwrap();
    assert_eq!(play.code("c", "claim-review-next", json!({})), Code::Nothing);
    play.run("r", "claim-review-next", json!({})).unwrap();
    play.run("r", "release", json!({ "module": "m" })).unwrap();
    assert_eq!(play.notified("review-ready"), [format!("agent:{}", play.agent("r")), "reviewers".to_owned()]);
    play.run("c", "claim-review-next", json!({})).unwrap();
}

#[test]
fn an_approval_frees_what_waited_for_it_and_tells_the_owner() {
    let mut play = Stand { status: InReview, expired: false }.play();
    play.module("top", &["m"], &[]);
    play.run("r", "approve", json!({ "module": "m" })).unwrap();
    assert_eq!(play.notified("unblocked"), ["workers"]);
    assert_eq!(play.notified("approved"), [format!("agent:{}", play.agent("a"))]);
    play.claim("b", "top").unwrap();
}

#[test]
fn a_reason_is_asked_for_and_said() {
    for at in [InProgress, InReview].map(|status| Stand { status, expired: false }) {
        let (who, command) = if at.status == InReview { ("r", "request-changes") } else { ("a", "block") };
        let mut play = at.play();
        for reason in [json!(null), json!(""), json!("  ")] {
            assert_eq!(play.code(who, command, json!({ "module": "m", "reason": reason })), Invalid);
        }
    }
    let mut play = Stand { status: Blocked, expired: false }.play();
    assert_eq!(
        play.run("a", "unblock", json!({ "module": "m" })).unwrap()["module"]["block_reason"],
        Value::Null
    );
}

#[test]
fn an_assignment_is_a_request_that_a_claim_answers() {
    let mut play = Play::with_agents();
    play.module("m", &[], &[]);
    let to = |agent: &AgentId| json!({ "module": "m", "to": format!("agent:{agent}") });
    let (a, b) = (play.agent("a"), play.agent("b"));
    let assigned = play.run("c", "assign", to(&b)).unwrap();
    assert_eq!(
        (&assigned["module"]["assigned_to"], &assigned["module"]["status"]),
        (&json!(b), &json!("todo"))
    );
    assert_eq!(play.notified("assigned"), [format!("agent:{b}")]);
    assert_eq!(play.claim("b", "m").unwrap()["module"]["assigned_to"], Value::Null);
    assert_eq!(play.code("c", "assign", to(&a)), LeaseHeld);
    assert_eq!(play.code("c", "assign", json!({ "module": "m", "to": "workers" })), Invalid);
    assert_eq!(play.code("c", "assign", to(&"agent-00000000".parse().unwrap())), NotFound);
    play.run("b", "submit", json!({ "module": "m" })).unwrap();
    assert_eq!(play.code("c", "assign", to(&b)), NotHolder, "nobody reviews their own work");
    assert_eq!(play.run("c", "assign", to(&a)).unwrap()["module"]["reviewer"], json!(a));
    play.run("a", "start-review", json!({ "module": "m" })).unwrap();
    play.run("a", "approve", json!({ "module": "m" })).unwrap();
    assert_eq!(play.code("c", "assign", to(&a)), WrongStatus);
}

#[test]
fn a_handoff_is_asked_of_whoever_could_offer_it() {
    for (status, asked) in [
        (InProgress, Some("a")),
        (Blocked, Some("a")),
        (ReviewReady, Some("a")),
        (InReview, Some("r")),
        (Todo, None),
        (Done, None),
        (Cancelled, None),
    ] {
        let mut play = Stand { status, expired: false }.play();
        let request = json!({ "module": "m", "reason": "I know this code" });
        match asked {
            None => assert_eq!(play.code("b", "request-handoff", request), WrongStatus, "{status:?}"),
            Some(holder) => {
                play.run("b", "request-handoff", request.clone()).unwrap();
                assert_eq!(play.notified("handoff-requested"), [format!("agent:{}", play.agent(holder))]);
                assert!(play.events.last().unwrap().summary.ends_with("I know this code"));
                assert_eq!(play.code(holder, "request-handoff", request), LeaseHeld);
            }
        }
    }
}

#[test]
fn who_loses_a_lease_is_told() {
    let lost = |play: &Play| play.notified("lease-lost");
    let mut review = Stand { status: InReview, expired: true }.play();
    review.run("c", "start-review", json!({ "module": "m" })).unwrap();
    assert_eq!(lost(&review), [format!("agent:{}", review.agent("r"))]);
    assert_eq!(review.code("r", "approve", json!({ "module": "m" })), NotHolder);
    let mut cancelled = Stand { status: InReview, expired: false }.play();
    cancelled.run("c", "cancel", json!({ "module": "m" })).unwrap();
    assert_eq!(lost(&cancelled), [format!("agent:{}", cancelled.agent("r"))]);
    assert_eq!(cancelled.notified("cancelled"), [format!("agent:{}", cancelled.agent("a"))]);
    let mut offered = Stand { status: InProgress, expired: true }.play();
    offered.run("c", "handoff-bundle", json!({ "module": "m" })).unwrap();
    offered.run("b", "claim-handoff", json!({ "module": "m" })).unwrap();
    assert_eq!(lost(&offered), [format!("agent:{}", offered.agent("a"))]);
}

#[test]
fn a_late_renewal_leaves_the_work_as_it_stands() {
    for status in [InProgress, Blocked, InReview] {
        let at = Stand { status, expired: true };
        let mut play = at.play();
        let holder = at.holder().unwrap();
        play.run(holder, "heartbeat", json!({ "module": "m" })).unwrap();
        assert_eq!(standing(&play), (status, Some(play.agent(holder))));
    }
}

#[test]
fn candidates_are_confirmed_one_by_one_or_all() {
    let mut play = Play::with_agents();
    let plan = json!({ "modules": [
        { "id": "m", "candidate_depends_on": ["n", "o"], "candidate_owned_paths": ["src/m", "docs/m"] },
        { "id": "n", "depends_on": ["p"] }, { "id": "o" }, { "id": "p" },
    ] });
    play.run("a", "import-plan", plan).unwrap();
    assert_eq!(play.code("a", "confirm-module", json!({ "id": "m" })), Invalid);
    assert_eq!(play.code("a", "confirm-module", json!({ "id": "m", "depends_on": ["p"] })), NotFound);
    assert_eq!(play.code("a", "confirm-module", json!({ "id": "p", "all": true })), Code::Nothing);
    let one = play
        .run("a", "confirm-module", json!({ "id": "m", "depends_on": ["n"], "owned_paths": ["docs/m"] }))
        .unwrap();
    let fields = ["depends_on", "owned_paths", "candidate_depends_on", "candidate_owned_paths"]
        .map(|name| one["module"][name].clone());
    assert_eq!(fields, [json!(["n"]), json!(["docs/m"]), json!(["o"]), json!(["src/m"])]);
    let all = play.run("a", "confirm-module", json!({ "id": "m", "all": true })).unwrap();
    let fields = ["depends_on", "owned_paths", "candidate_depends_on", "candidate_owned_paths"]
        .map(|name| all["module"][name].clone());
    assert_eq!(fields, [json!(["n", "o"]), json!(["docs/m", "src/m"]), json!([]), json!([])]);
}

#[test]
fn confirming_closes_no_cycle_and_redraws_no_held_module_for_others() {
    let mut play = Play::with_agents();
    let plan = json!({ "modules": [
        { "id": "m", "candidate_depends_on": ["n"], "candidate_owned_paths": ["src"] }, { "id": "n", "depends_on": ["m"] },
    ] });
    play.run("a", "import-plan", plan).unwrap();
    let refusal = play.run("a", "confirm-module", json!({ "id": "m", "all": true })).unwrap_err();
    assert_eq!((refusal.code, &refusal.details["cycle"]), (Code::Cycle, &json!(["m", "n", "m"])));
    play.claim("a", "m").unwrap();
    assert_eq!(play.code("b", "confirm-module", json!({ "id": "m", "owned_paths": ["src"] })), NotHolder);
    play.run("a", "confirm-module", json!({ "id": "m", "owned_paths": ["src"] })).unwrap();
}
