//! The one vocabulary: every mutation and every query is a struct, listed once with its name and its reply.
//!
//! CLI flags, HTTP bodies, MCP arguments and LSP requests are spellings of these structs. Every argument is
//! optional in its type where a default exists; the defaults live in the rules alone.

#[macro_use]
mod registry;

mod asking;
mod moves;
mod mutations;
mod next;
mod queries;
mod signals;

pub use asking::Asking;
pub use moves::*;
pub use mutations::*;
pub use next::*;
pub use queries::*;
pub use signals::*;

use crate::reply::*;

registry! {
    /// A mutation of the board.
    pub enum Command replies Reply {
        Bootstrap("bootstrap") -> Bootstrapped,
        Preflight("preflight") -> Confirmed,
        InitAgent("init-agent") -> Registered,
        RegisterSession("register-session") -> Registered,
        AddModule("add-module") -> ModuleChanged,
        EditModule("edit-module") -> ModuleChanged,
        ConfirmModule("confirm-module") -> ModuleChanged,
        ImportPlan("import-plan") -> Imported,
        Claim("claim") -> Claimed,
        ClaimNext("claim-next") -> Claimed,
        ClaimPaths("claim-paths") -> Claimed,
        Heartbeat("heartbeat") -> Renewed,
        Release("release") -> ModuleChanged,
        Block("block") -> ModuleChanged,
        Unblock("unblock") -> ModuleChanged,
        Submit("submit") -> ModuleChanged,
        StartReview("start-review") -> Claimed,
        ClaimReviewNext("claim-review-next") -> Claimed,
        RequestChanges("request-changes") -> ModuleChanged,
        Approve("approve") -> ModuleChanged,
        Finish("finish") -> ModuleChanged,
        Cancel("cancel") -> ModuleChanged,
        Assign("assign") -> ModuleChanged,
        RequestHandoff("request-handoff") -> ModuleChanged,
        Reclaim("reclaim") -> Reclaimed,
        HandoffBundle("handoff-bundle") -> HandedOver,
        ClaimHandoff("claim-handoff") -> Claimed,
        AckHandoff("ack-handoff") -> HandedOver,
        InferPaths("infer-paths") -> Inferred,
        Intake("intake") -> IntakeReply,
        AckEvents("ack-events") -> CursorMoved,
        AckNotifications("ack-notifications") -> CursorMoved,
        PruneEvents("prune-events") -> Pruned,
        ReapSessions("reap-sessions") -> Reaped,
        Validate("validate") -> Validated,
    }
}

registry! {
    /// A question. It bumps no revision, touches no row and makes no board.
    pub enum Query replies Answer {
        State("state") -> StateReply,
        Summary("summary") -> SummaryReply,
        Modules("modules") -> ModulesReply,
        Show("show") -> ModuleShown,
        Sessions("sessions") -> SessionsReply,
        Handoffs("handoffs") -> HandoffsReply,
        NextHandoff("next-handoff") -> NextHandoffReply,
        Events("events") -> EventsReply,
        Notifications("notifications") -> NotificationsReply,
        Graph("graph") -> GraphReply,
        NextAction("next-action") -> ActionsReply,
        NextClaimable("next-claimable") -> RankedReply,
        NextReviewable("next-reviewable") -> RankedReply,
        EventArchives("event-archives") -> EventArchivesReply,
        WhoOwns("who-owns") -> OwnersReply,
        Conflicts("conflicts") -> ConflictsReply,
        ModeAdvisor("mode-advisor") -> ModeAdviceReply,
        Doctor("doctor") -> DoctorReply,
        BoardView("board") -> BoardReply,
        Findings("findings") -> FindingsReply,
    }
}
