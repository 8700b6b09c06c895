//! The start of a session: what the client says of its window, and the door that is opened for it.

use std::path::PathBuf;

use remit_board::{
    door::{OpenWindow, Share, WindowDoor, WindowSpec},
    failure::Failure,
    ids::{HostId, Specialty, ThreadKey, WindowId},
    session::Role,
};
use serde::Deserialize;
use serde_json::{Value, json};
use tower_lsp::ls_types::{
    CodeActionKind, CodeActionOptions, CodeActionProviderCapability, HoverProviderCapability,
    InitializeParams, InitializeResult, OneOf, PositionEncodingKind, SaveOptions, ServerCapabilities,
    ServerInfo, TextDocumentSyncCapability, TextDocumentSyncKind, TextDocumentSyncOptions,
    TextDocumentSyncSaveOptions, WorkspaceFoldersServerCapabilities, WorkspaceServerCapabilities,
};

use crate::{
    diagnostics::Links,
    folders::{Folders, local},
    uri::{Roots, file_path},
};

/// `initializationOptions`. What an older or newer client says besides is ignored.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Options {
    folder: Option<PathBuf>,
    thread_key: Option<ThreadKey>,
    role: Option<Role>,
    specialties: Vec<Specialty>,
    host_id: Option<HostId>,
    window_id: Option<WindowId>,
    lease_seconds: Option<u64>,
    code_help: Option<String>,
    presence: Share,
}

pub(crate) struct Opened {
    pub(crate) door: WindowDoor,
    pub(crate) share: Share,
    pub(crate) folders: Folders,
    pub(crate) roots: Roots,
    pub(crate) links: Links,
}

#[derive(Debug)]
pub(crate) struct Opening {
    spec: WindowSpec,
    share: Share,
    folders: Folders,
    code_help: Option<String>,
}

impl Opening {
    pub(crate) fn read(params: InitializeParams) -> Result<Self, Failure> {
        let options = options(params.initialization_options)?;
        let open = params.workspace_folders.as_deref().map(local).unwrap_or_default();
        #[allow(deprecated, reason = "older clients say nothing else")]
        let root = params.root_uri.as_ref().and_then(file_path);
        let folder = options.folder.or(root).or_else(|| open.first().cloned());
        let folder = folder.ok_or_else(|| {
            Failure::invalid("no folder is open in this window")
                .hint("open the folder of a project; nothing was started")
        })?;
        let folders = Folders::new(folder.clone(), open);
        let spec = WindowSpec {
            folder,
            thread_key: options.thread_key,
            role: options.role,
            specialties: options.specialties,
            host_id: options.host_id,
            window_id: options.window_id,
            lease_seconds: options.lease_seconds,
        };
        Ok(Self { spec, share: options.presence, folders, code_help: options.code_help })
    }

    /// Reads the disk; not for the task that owns the face.
    pub(crate) fn open(self, open: &OpenWindow) -> Result<Box<Opened>, Failure> {
        let door = open(self.spec)?;
        let roots = self.folders.roots(&door.worktree);
        let links = Links::new(self.code_help, &door.board);
        Ok(Box::new(Opened { door, share: self.share, folders: self.folders, roots, links }))
    }
}

/// Settings that are not set come as null or as an empty text.
fn options(options: Option<Value>) -> Result<Options, Failure> {
    let Some(mut options) = options.filter(|options| !options.is_null()) else {
        return Ok(Options::default());
    };
    if let Some(fields) = options.as_object_mut() {
        fields.retain(|_, value| !value.is_null() && value != "");
    }
    Options::deserialize(options)
        .map_err(|error| Failure::invalid(format!("the initializationOptions are not valid: {error}")))
}

/// `presence` in what a client says of its settings, below `remit` or alone; nothing where it says nothing that is known.
pub(crate) fn share_of(settings: &Value) -> Option<Share> {
    let remit = settings.get("remit").unwrap_or(settings);
    Share::deserialize(remit.get("presence")?).ok()
}

/// `experimental.remit` tells the client which window it is; without `windowId` there is no open door, and
/// `remit/status` says why.
pub(crate) fn initialize_result(door: Option<&WindowDoor>) -> InitializeResult {
    let version = env!("CARGO_PKG_VERSION");
    let remit = json!({
        "windowId": door.and_then(|door| door.window_id.as_ref()),
        "worktree": door.map(|door| door.worktree.to_string_lossy()),
        "version": version,
    });
    InitializeResult {
        capabilities: ServerCapabilities { experimental: Some(json!({ "remit": remit })), ..capabilities() },
        server_info: Some(ServerInfo { name: "remit".to_owned(), version: Some(version.to_owned()) }),
        ..InitializeResult::default()
    }
}

/// No `executeCommandProvider`: a second client in the same editor would clash over the names.
fn capabilities() -> ServerCapabilities {
    ServerCapabilities {
        position_encoding: Some(PositionEncodingKind::UTF16),
        text_document_sync: Some(TextDocumentSyncCapability::Options(TextDocumentSyncOptions {
            open_close: Some(true),
            change: Some(TextDocumentSyncKind::INCREMENTAL),
            save: Some(TextDocumentSyncSaveOptions::SaveOptions(SaveOptions { include_text: Some(false) })),
            ..TextDocumentSyncOptions::default()
        })),
        hover_provider: Some(HoverProviderCapability::Simple(true)),
        code_action_provider: Some(CodeActionProviderCapability::Options(CodeActionOptions {
            code_action_kinds: Some(vec![CodeActionKind::QUICKFIX]),
            ..CodeActionOptions::default()
        })),
        workspace: Some(WorkspaceServerCapabilities {
            workspace_folders: Some(WorkspaceFoldersServerCapabilities {
                supported: Some(true),
                change_notifications: Some(OneOf::Left(true)),
            }),
            file_operations: None,
        }),
        ..ServerCapabilities::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn params(value: Value) -> InitializeParams {
        let mut params = json!({"processId": null, "rootUri": null, "capabilities": {}});
        params.as_object_mut().unwrap().extend(value.as_object().unwrap().clone());
        serde_json::from_value(params).unwrap()
    }

    #[test]
    fn the_window_says_who_it_is() {
        let opening = Opening::read(params(json!({
            "rootUri": "file:///elsewhere",
            "initializationOptions": {
                "folder": "/home/my repo", "threadKey": "me", "role": "reviewer", "specialties": ["rust"],
                "hostId": "h", "windowId": "w#1", "leaseSeconds": 60, "fromTheFuture": true,
            },
        })))
        .unwrap();
        assert_eq!(opening.spec.folder, PathBuf::from("/home/my repo"));
        assert_eq!(opening.spec.thread_key.unwrap().as_str(), "me");
        assert_eq!(opening.spec.role, Some(Role::Reviewer));
        assert_eq!(opening.spec.specialties[0].as_str(), "rust");
        assert_eq!(opening.spec.host_id.unwrap().as_str(), "h");
        assert_eq!(opening.spec.window_id.unwrap().as_str(), "w#1");
        assert_eq!(opening.spec.lease_seconds, Some(60));
    }

    #[test]
    fn the_folder_is_the_given_one_or_the_root_or_the_first_of_the_workspace() {
        let folder = |value: Value| Opening::read(params(value)).unwrap().spec.folder;
        let workspace = json!([{"uri": "file:///a%20b", "name": "a"}, {"uri": "file:///c", "name": "c"}]);
        assert_eq!(folder(json!({"workspaceFolders": workspace})), PathBuf::from("/a b"));
        assert_eq!(
            folder(json!({"workspaceFolders": workspace, "rootUri": "file:///r"})),
            PathBuf::from("/r")
        );
        let options = json!({"folder": "/f", "threadKey": "", "role": null});
        assert_eq!(
            folder(json!({"rootUri": "file:///r", "initializationOptions": options})),
            PathBuf::from("/f")
        );
    }

    #[test]
    fn what_can_not_be_opened_says_why() {
        let message = |value: Value| Opening::read(params(value)).unwrap_err().message;
        assert!(message(json!({})).contains("no folder"));
        assert!(message(json!({"rootUri": "untitled:x"})).contains("no folder"));
        let options =
            |options: Value| message(json!({"rootUri": "file:///r", "initializationOptions": options}));
        assert!(options(json!({"leaseSeconds": "soon"})).contains("soon"));
        assert!(options(json!({"role": "king"})).contains("king"));
        assert!(options(json!([1])).contains("initializationOptions"));
    }
}
