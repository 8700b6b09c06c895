//! The envelope around every answer, the same on every face.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::failure::Failure;

/// `{"ok": true, "revision": 41, "result": {…}}` or `{"ok": false, "revision": 41, "error": {…}}`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Envelope {
    pub ok: bool,
    /// `null` where no board was read.
    pub revision: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub result: Option<Value>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<Failure>,
}

impl Envelope {
    pub fn done(revision: Option<u64>, result: Value) -> Self {
        Self { ok: true, revision, result: Some(result), error: None }
    }

    pub fn failed(revision: Option<u64>, error: Failure) -> Self {
        Self { ok: false, revision, result: None, error: Some(error) }
    }
}
