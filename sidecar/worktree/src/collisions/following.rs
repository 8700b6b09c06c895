//! Which texts meet for a path, on whichever side it has another name, and whether each is on the disk or staged.

use remit_board::path::ProjectPath;

use super::content::Content;
use super::meeting::Meeting;
use super::{Collider, Ground, Side};
use crate::error::Result;

impl Collider {
    /// What is to be merged for a path of this side, with files followed that either side has renamed. Nothing, where git
    /// has only to choose.
    pub(super) fn meeting(
        &mut self,
        ground: &Ground,
        ours: Side<'_>,
        path: &ProjectPath,
        theirs: Side<'_>,
    ) -> Result<Option<Meeting>> {
        let base = self.base(&ground.bases, path)?;
        let (Some(mine), Some(other)) = (self.content(ours, path)?, self.content(theirs, path)?) else {
            return Ok(None);
        };
        let mut meeting = Meeting::of(path, base, mine, other);
        let both_lost = meeting.ours == Content::Absent && meeting.theirs == Content::Absent;
        if meeting.is_merged_by_choosing() && !(both_lost && meeting.may_be_renamed()) {
            return Ok(None);
        }
        if meeting.base == Content::Absent {
            self.follow_back(ground, ours, theirs, &mut meeting)?;
        }
        if meeting.may_be_renamed() {
            let [to, their_to] = [(ours, &meeting.ours), (theirs, &meeting.theirs)]
                .map(|(side, content)| (*content == Content::Absent).then_some(side));
            let to = self.renamed_to(ground, to, path)?;
            let their_to = self.renamed_to(ground, their_to, path)?;
            // A name that the other side uses, too, is where the two meet.
            if both_lost && (self.is_taken(theirs, to.as_ref())? || self.is_taken(ours, their_to.as_ref())?) {
                return Ok(None);
            }
            meeting.follow(self.under(ours, to)?, self.under(theirs, their_to)?);
        }
        if meeting.is_merged_by_choosing() {
            return Ok(None);
        }
        if ours.staged.is_some() {
            self.read(&mut meeting.ours)?;
        }
        Ok(Some(meeting))
    }

    /// Nothing, where the side has not settled yet what it would commit.
    fn content(&mut self, side: Side<'_>, path: &ProjectPath) -> Result<Option<Content>> {
        match (side.staged, &mut self.objects) {
            (Some(staged), Some(objects)) => staged.entry(path)?.content(|id| objects.text(id)),
            _ => Ok(Some(self.disk.with_unsaved(side, path))),
        }
    }

    /// What is staged is compared by its id, and read only to be merged.
    fn read(&mut self, content: &mut Content) -> Result<()> {
        if let (Content::Unread(id), Some(objects)) = (&content, &mut self.objects) {
            *content = objects.blob(id)?;
        }
        Ok(())
    }

    fn is_taken(&mut self, side: Side<'_>, name: Option<&ProjectPath>) -> Result<bool> {
        let Some(name) = name else { return Ok(false) };
        Ok(self.content(side, name)?.is_some_and(|content| content != Content::Absent))
    }

    fn under(&mut self, side: Side<'_>, name: Option<ProjectPath>) -> Result<Option<(Content, ProjectPath)>> {
        let Some(name) = name else { return Ok(None) };
        Ok(self.content(side, &name)?.map(|content| (content, name)))
    }

    /// A file that is new on both sides may be an old one that both have given the same name.
    fn follow_back(
        &mut self,
        ground: &Ground,
        ours: Side<'_>,
        theirs: Side<'_>,
        meeting: &mut Meeting,
    ) -> Result<()> {
        let Some(base) = ground.bases.first() else { return Ok(()) };
        let Some(from) = self.renames.since(ours, base)?.from(&meeting.path) else { return Ok(()) };
        if self.renamed_to(ground, Some(theirs), &from)?.as_ref() == Some(&meeting.path) {
            meeting.base = self.base(&ground.bases, &from)?;
        }
        Ok(())
    }

    fn renamed_to(
        &mut self,
        ground: &Ground,
        side: Option<Side<'_>>,
        path: &ProjectPath,
    ) -> Result<Option<ProjectPath>> {
        match (side, ground.bases.first()) {
            (Some(side), Some(base)) => Ok(self.renames.since(side, base)?.to(path)),
            _ => Ok(None),
        }
    }
}
