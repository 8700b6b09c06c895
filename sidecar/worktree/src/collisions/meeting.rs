//! One file on its way into a merge: three texts, and what either side calls it.

use remit_board::path::ProjectPath;

use super::content::Content;

pub(super) struct Meeting {
    pub(super) path: ProjectPath,
    pub(super) their_path: ProjectPath,
    pub(super) base: Content,
    pub(super) ours: Content,
    pub(super) theirs: Content,
    /// The two sides gave it different names, or one a new name and the other none: no text settles that.
    pub(super) names_collide: bool,
}

impl Meeting {
    pub(super) fn of(path: &ProjectPath, base: Content, ours: Content, theirs: Content) -> Self {
        Self { path: path.clone(), their_path: path.clone(), base, ours, theirs, names_collide: false }
    }

    /// Where two are the same, git takes the third.
    pub(super) fn is_merged_by_choosing(&self) -> bool {
        !self.names_collide
            && (self.base == self.ours || self.base == self.theirs || self.ours == self.theirs)
    }

    /// Whether a side that lost the file may have it under another name.
    pub(super) fn may_be_renamed(&self) -> bool {
        let is_lost = |side: &Content| *side == Content::Absent;
        self.base != Content::Absent && (is_lost(&self.ours) || is_lost(&self.theirs))
    }

    /// Takes up what each side has under a new name.
    pub(super) fn follow(
        &mut self,
        ours: Option<(Content, ProjectPath)>,
        theirs: Option<(Content, ProjectPath)>,
    ) {
        let both_lost = self.ours == Content::Absent && self.theirs == Content::Absent;
        self.names_collide = both_lost && (ours.is_some() || theirs.is_some());
        if let Some((content, name)) = ours {
            (self.ours, self.path) = (content, name);
        }
        if let Some((content, name)) = theirs {
            (self.theirs, self.their_path) = (content, name);
        }
    }
}
