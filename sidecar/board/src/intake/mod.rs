//! From what the sources say to modules that somebody may confirm: a survey of the project's parts becomes candidates.
//!
//! Candidates are guesses. They block nobody, order nothing and own nothing until a person or an agent confirms them,
//! so a survey may say too much, but it must say why: everything in it carries the place where it was read.

mod candidates;
mod naming;

pub use candidates::{Candidate, Standing, candidates};

use crate::path::ProjectPath;

/// What the files of a project say about its parts, gathered before a decision.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Survey {
    pub parts: Vec<Part>,
    /// What could not be read or was left out, each a sentence.
    pub notes: Vec<String>,
    /// How many files the project has.
    pub files: usize,
}

/// A part of the project that one person could work on: a package, a folder, or what lies at the project's root.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// As a manifest calls it, else the folder's own name.
    pub name: String,
    /// A line that says what it is.
    pub title: String,
    /// `None` for the project's root.
    pub folder: Option<ProjectPath>,
    /// Folders and files, literal, that are its own and no other part's.
    pub paths: Vec<ProjectPath>,
    pub packages: Vec<Package>,
    pub needs: Vec<Need>,
    pub signs: Vec<Sign>,
    /// Who answers for it by the project's own word.
    pub owners: Vec<String>,
}

/// A manifest that declares a package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Package {
    pub ecosystem: &'static str,
    pub name: Option<String>,
    pub manifest: ProjectPath,
}

/// One part can't do without another one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Need {
    /// The other one's place among the survey's parts.
    pub part: usize,
    pub sign: Sign,
}

/// What speaks for something, and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sign {
    pub what: String,
    pub path: ProjectPath,
    /// Counted from 1.
    pub line: Option<u64>,
}
