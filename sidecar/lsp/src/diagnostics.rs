//! Findings as the protocol's diagnostics. What they say is the board's; here they only get their place.

use std::{collections::BTreeMap, path::Path};

use remit_board::{
    ids::ModuleId,
    path::ProjectPath,
    reply::{Diagnosis, FindingCode, Severity},
};
use serde::{Deserialize, Serialize};
use tower_lsp::ls_types::{
    CodeDescription, Diagnostic, DiagnosticRelatedInformation, DiagnosticSeverity, Location, NumberOrString,
    Range, Uri,
};

use crate::{
    collisions,
    documents::Documents,
    uri::{Roots, file_uri},
};

pub(crate) const SOURCE: &str = "remit";

/// The `data` of a diagnostic: what its quick fixes need. The client hands it back with its request for them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Cause {
    pub(crate) code: FindingCode,
    pub(crate) path: ProjectPath,
    #[serde(default)]
    pub(crate) module: Option<ModuleId>,
    #[serde(default)]
    pub(crate) with_module: Option<ModuleId>,
    #[serde(default)]
    pub(crate) handoff_offered: bool,
    #[serde(default)]
    pub(crate) claimable: Option<ModuleId>,
    /// The file that shows the other side.
    #[serde(default)]
    pub(crate) compare_with: Option<String>,
    /// The other side in words.
    #[serde(default)]
    pub(crate) side: Option<String>,
    /// A hint that both merge. It can't be ignored: whoever hid it would not see it become a collision.
    #[serde(default)]
    pub(crate) merges: bool,
}

/// Where a diagnostic leads.
pub(crate) struct Links {
    /// `{code}` stands for the code.
    code_help: Option<String>,
    /// The page that shows all claims.
    status_page: Option<Uri>,
}

impl Links {
    pub(crate) fn new(code_help: Option<String>, board: &Path) -> Self {
        Self { code_help, status_page: file_uri(&board.join("STATUS.md")) }
    }

    fn explanation(&self, code: FindingCode) -> Option<CodeDescription> {
        let page = self.code_help.as_ref()?.replace("{code}", code.as_str());
        Some(CodeDescription { href: page.parse().ok()? })
    }

    fn other_claim(&self, claim: Option<&String>) -> Option<Vec<DiagnosticRelatedInformation>> {
        let location = Location { uri: self.status_page.clone()?, range: Range::default() };
        Some(vec![DiagnosticRelatedInformation { location, message: claim?.clone() }])
    }
}

/// By uri; a file without a diagnosis has no entry.
pub(crate) fn by_uri(
    diagnoses: &[Diagnosis],
    documents: &Documents,
    roots: &Roots,
    links: &Links,
) -> BTreeMap<Uri, Vec<Diagnostic>> {
    let mut files: BTreeMap<&ProjectPath, Vec<Diagnostic>> = BTreeMap::new();
    for diagnosis in diagnoses.iter().filter(|diagnosis| roots.shows(&diagnosis.path)) {
        let file = files.entry(&diagnosis.path).or_default();
        match &diagnosis.collision {
            Some(collision) if collision.merges_at.is_some() || !collision.clashes.is_empty() => {
                file.extend(collisions::diagnostics(diagnosis, collision, documents, links));
            }
            _ => {
                file.push(diagnostic(diagnosis, documents.place(&diagnosis.path).unwrap_or_default(), links))
            }
        }
    }
    files.into_iter().filter_map(|(path, diagnostics)| Some((roots.uri(path)?, diagnostics))).collect()
}

pub(crate) fn diagnostic(diagnosis: &Diagnosis, range: Range, links: &Links) -> Diagnostic {
    let collision = diagnosis.collision.as_ref();
    let cause = Cause {
        code: diagnosis.code,
        path: diagnosis.path.clone(),
        module: diagnosis.module.clone(),
        with_module: diagnosis.with_module.clone(),
        handoff_offered: diagnosis.handoff_offered,
        claimable: diagnosis.claimable.clone(),
        compare_with: collision.and_then(|collision| collision.compare_with.clone()),
        side: collision.map(|collision| collision.side.clone()),
        merges: collision.is_some_and(|collision| collision.merges_at.is_some()),
    };
    Diagnostic {
        range,
        severity: Some(severity(diagnosis.severity)),
        code: Some(NumberOrString::String(diagnosis.code.as_str().to_owned())),
        source: Some(SOURCE.to_owned()),
        message: diagnosis.message.clone(),
        code_description: links.explanation(diagnosis.code),
        related_information: links.other_claim(diagnosis.claim.as_ref()),
        data: serde_json::to_value(cause).ok(),
        ..Diagnostic::default()
    }
}

fn severity(severity: Severity) -> DiagnosticSeverity {
    match severity {
        Severity::Error => DiagnosticSeverity::ERROR,
        Severity::Warning => DiagnosticSeverity::WARNING,
        Severity::Information => DiagnosticSeverity::INFORMATION,
        Severity::Hint => DiagnosticSeverity::HINT,
    }
}
