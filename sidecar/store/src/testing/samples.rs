use remit_board::{
    board::{Confirmation, LeaseChange, Row},
    decision::Decision,
    event::NewEvent,
    handoff::{Handoff, HandoffStatus, Target},
    ids::{AgentId, HandoffId, LeaseToken, ModuleId, RequestId},
    mode::{BoardDisk, ModeChoice, OptimizeFor, Topology, advise},
    module::{Lease, Module, Priority, Status},
    reply::{Imported, Reply},
    scope::Scope,
    session::{Agent, LoopKind, Role, Session, SessionKind},
    time::Millis,
};

use crate::store::Request;

/// Plain pieces of a board, for tests that are not about rules. A name that is none panics.
pub struct Sample;

impl Sample {
    pub fn module_id(id: &str) -> ModuleId {
        id.parse().expect("the test gives a valid module id")
    }

    pub fn agent_id(id: &str) -> AgentId {
        id.parse().expect("the test gives a valid agent id")
    }

    pub fn module(id: &str) -> Module {
        Module {
            id: Self::module_id(id),
            title: format!("Module {id}"),
            status: Status::Todo,
            priority: Priority::default(),
            specialty: None,
            depends_on: Vec::new(),
            owned_paths: Scope::parse([format!("src/{id}"), format!("docs/{id}.md")])
                .expect("the paths are valid"),
            candidate_depends_on: Vec::new(),
            candidate_owned_paths: Scope::default(),
            owner: None,
            reviewer: None,
            block_reason: None,
            changes_requested: None,
            assigned_to: None,
            branch: None,
            claimed_head: None,
            created_at: Millis(1_700_000_000_000),
            ordinal: 0,
            revision: 0,
        }
    }

    pub fn agent(id: &str) -> Agent {
        Agent {
            id: Self::agent_id(id),
            thread_key: id.parse().expect("the test gives a valid thread key"),
            role: Role::Worker,
            specialties: Vec::new(),
            revision: 0,
        }
    }

    pub fn session(id: &str, agent: &str) -> Session {
        Session {
            id: id.parse().expect("the test gives a valid session id"),
            agent: Self::agent_id(agent),
            host: "host".parse().expect("the host id is valid"),
            window: id.parse().expect("the test gives a valid window id"),
            kind: SessionKind::Window,
            epoch: 1,
            worktree: Some("/work".to_owned()),
            branch: Some("main".to_owned()),
            registered_at: Millis(1_700_000_000_000),
            reaped: false,
            revision: 0,
        }
    }

    pub fn confirmation(worktree: &str, branch: &str) -> Confirmation {
        let topology = Topology { optimize_for: Some(OptimizeFor::Token), ..Topology::default() };
        Confirmation {
            worktree: worktree.to_owned(),
            branch: branch.to_owned(),
            loop_kind: LoopKind::WhileLoop,
            mode_choice: ModeChoice::Auto,
            advice: advise(ModeChoice::Auto, &topology, BoardDisk::Local),
            topology,
            agent: None,
            confirmed_at: Millis(1_700_000_000_000),
            revision: 0,
        }
    }

    pub fn handoff(module: &str, revision: u64) -> Handoff {
        Handoff {
            id: HandoffId::of(&Self::module_id(module), revision),
            module: Self::module_id(module),
            from: Self::agent_id("ann"),
            to: Target::Workers(None),
            status: HandoffStatus::Offered,
            summary: "half done".to_owned(),
            next_steps: vec!["the other half".to_owned()],
            after_expiry: false,
            claimed_by: None,
            offered_at: Millis(1_700_000_000_000),
            revision: 0,
        }
    }

    pub fn lease(module: &str, holder: &str, token: &str) -> Lease {
        Lease {
            module: Self::module_id(module),
            holder: Self::agent_id(holder),
            session: None,
            token: LeaseToken::from_secret(token),
            ttl_seconds: 1800,
            expires_at: Millis(1_700_000_000_000).plus_seconds(1800),
        }
    }

    pub fn event(summary: &str) -> NewEvent {
        NewEvent {
            kind: "add-module",
            source: "board",
            module: None,
            agent: None,
            target: None,
            priority: None,
            specialty: None,
            summary: summary.to_owned(),
        }
    }

    pub fn reply() -> Reply {
        Reply::Imported(Imported { modules: Vec::new() })
    }

    /// Writes the rows, and one event for each.
    pub fn decision(rows: impl IntoIterator<Item = Row>) -> Decision {
        let rows: Vec<Row> = rows.into_iter().collect();
        let events = rows.iter().enumerate().map(|(n, _)| Self::event(&format!("row {n}"))).collect();
        Decision { rows, texts: Vec::new(), leases: Vec::new(), events, reply: Self::reply() }
    }

    /// Changes leases alone.
    pub fn bookkeeping(leases: Vec<LeaseChange>) -> Decision {
        Decision { leases, ..Self::decision([]) }
    }

    pub fn request(command: &'static str) -> Request {
        Request { command, agent: None, id: None, fingerprint: String::new(), touch: None }
    }

    /// One that is remembered; `fingerprint` stands for the command's arguments.
    pub fn request_with_id(agent: &str, id: &str, fingerprint: &str) -> Request {
        let id: RequestId = id.parse().expect("the test gives a valid request id");
        let agent = Some(Self::agent_id(agent));
        Request { agent, id: Some(id), fingerprint: fingerprint.to_owned(), ..Self::request("import-plan") }
    }
}
