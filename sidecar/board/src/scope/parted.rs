//! A path with its slashes and dots found once, for all who look for names and their endings in it.

pub(super) struct Parted<'p> {
    path: &'p str,
    /// Where the slashes and dots are.
    marks: Vec<usize>,
}

/// What follows the first names of a path; all of it, or nothing, at the ends.
#[derive(Clone, Copy)]
pub(super) struct Beneath<'p> {
    parted: &'p Parted<'p>,
    from: usize,
    first_mark: usize,
}

/// A piece of a path that patterns without a place ask for.
pub(super) enum Piece<'p> {
    Name(&'p str),
    /// The end of a name from one of its dots on.
    Ending(&'p str),
}

impl<'p> Parted<'p> {
    pub(super) fn new(path: &'p str) -> Self {
        let mut marks = Vec::with_capacity(16);
        for (at, byte) in path.bytes().enumerate() {
            if matches!(byte, b'/' | b'.') {
                marks.push(at);
            }
        }
        Self { path, marks }
    }

    /// Each way to part the path before a name, or behind its last one, from none to all of its names.
    pub(super) fn beginnings(&'p self) -> impl Iterator<Item = (&'p str, Beneath<'p>)> {
        let whole = Beneath { parted: self, from: 0, first_mark: 0 };
        let nothing = Beneath { parted: self, from: self.path.len(), first_mark: self.marks.len() };
        let at_slash = move |(nth, &at): (usize, &usize)| {
            let beneath = Beneath { parted: self, from: at + 1, first_mark: nth + 1 };
            (self.path.as_bytes()[at] == b'/').then_some((&self.path[..at], beneath))
        };
        let between = self.marks.iter().enumerate().filter_map(at_slash);
        std::iter::once(("", whole)).chain(between).chain(std::iter::once((self.path, nothing)))
    }
}

impl<'p> Beneath<'p> {
    pub(super) fn as_str(self) -> &'p str {
        &self.parted.path[self.from..]
    }

    pub(super) fn for_each_piece(self, mut take: impl FnMut(Piece<'p>)) {
        let path = self.parted.path;
        let mut end = path.len();
        for &at in self.parted.marks[self.first_mark..].iter().rev() {
            if path.as_bytes()[at] == b'.' {
                take(Piece::Ending(&path[at..end]));
            } else {
                take(Piece::Name(&path[at + 1..end]));
                end = at;
            }
        }
        take(Piece::Name(&path[self.from..end]));
    }
}
