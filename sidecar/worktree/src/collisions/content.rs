//! What lies at a path, in the form in which git would store it.

use std::sync::Arc;

/// Larger files are compared, but not merged.
pub(super) const MAX_TEXT: u64 = 16 << 20;

#[derive(Clone, Debug)]
pub(super) enum Content {
    Absent,
    File(Arc<[u8]>),
    /// A file by its id alone: too large to be read, or stored by a program's work.
    Unread(String),
    Link(Arc<[u8]>),
    Submodule(String),
}

impl Content {
    pub(super) fn text(&self) -> Option<&[u8]> {
        match self {
            Content::File(text) => Some(text),
            _ => None,
        }
    }

    /// What was not there before had no lines.
    pub(super) fn text_or_none(&self) -> Option<&[u8]> {
        if matches!(self, Content::Absent) { Some(&[]) } else { self.text() }
    }
}

impl PartialEq for Content {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Content::Absent, Content::Absent) => true,
            (Content::File(one), Content::File(other)) => Arc::ptr_eq(one, other) || one == other,
            (Content::Link(one), Content::Link(other)) => one == other,
            (Content::Unread(one), Content::Unread(other))
            | (Content::Submodule(one), Content::Submodule(other)) => one == other,
            (Content::File(text), Content::Unread(id)) | (Content::Unread(id), Content::File(text)) => {
                blob_id(text).as_ref() == Some(id)
            }
            _ => false,
        }
    }
}

pub(super) fn blob_id(text: &[u8]) -> Option<String> {
    git2::Oid::hash_object(git2::ObjectType::Blob, text).ok().map(|id| id.to_string())
}
