//! What is answered, on every face. These are wire types: no row of the store is made of them.

mod board;
mod common;
mod conflict;
mod doctor;
mod editor;
mod envelope;
mod graph;
mod intake;
mod next;
mod preflight;
mod signals;
mod work;

pub use board::*;
pub use common::*;
pub use conflict::*;
pub use doctor::*;
pub use editor::*;
pub use envelope::Envelope;
pub use graph::*;
pub use intake::*;
pub use next::*;
pub use preflight::*;
pub use signals::*;
pub use work::*;

use serde::Serialize;

macro_rules! answers {
    ($(#[$doc:meta])* pub enum $name:ident { $($variant:ident,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Serialize)]
        #[serde(untagged)]
        pub enum $name {
            $($variant($variant),)*
        }
        $(impl From<$variant> for $name {
            fn from(reply: $variant) -> Self {
                Self::$variant(reply)
            }
        })*
    };
}

answers! {
    /// The reply to a command. The command's name says which; no tag travels.
    pub enum Reply {
        Bootstrapped,
        Confirmed,
        Registered,
        ModuleChanged,
        Imported,
        Claimed,
        Renewed,
        Kept,
        Reclaimed,
        HandedOver,
        Inferred,
        IntakeReply,
        CursorMoved,
        Pruned,
        Reaped,
        Validated,
    }
}

answers! {
    /// The answer to a query.
    pub enum Answer {
        StateReply,
        SummaryReply,
        ModulesReply,
        ModuleShown,
        SessionsReply,
        HandoffsReply,
        NextHandoffReply,
        EventsReply,
        NotificationsReply,
        EventArchivesReply,
        OwnersReply,
        GraphReply,
        RankedReply,
        ActionsReply,
        ConflictsReply,
        ModeAdviceReply,
        DoctorReply,
        BoardReply,
        FindingsReply,
    }
}
