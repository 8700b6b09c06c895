//! Texts as people write them, full of lines that look alike, and what people do to them: for the tests that hold a merge to
//! git's own.

use fastrand::Rng;

/// Few and alike, so that a diff has choices to make.
const WORDS: [&str; 14] = [
    "}",
    "",
    "{",
    "    }",
    "    return x;",
    "a",
    "b",
    "c",
    "fn one() {",
    "fn two() {",
    "let x = 1;",
    "    let y = 2;",
    "// \u{fc}ber",
    "\t",
];

/// A base and two edits of it.
pub struct Pair {
    pub base: Vec<u8>,
    pub ours: Vec<u8>,
    pub theirs: Vec<u8>,
}

/// `unique` makes the texts of one pair unlike those of every other, as far as a rename detection can tell.
pub fn pair(rng: &mut Rng, unique: &str) -> Pair {
    let base = text(rng, unique);
    edited(rng, base)
}

/// Two edits of a text that itself came out of one.
#[allow(dead_code)]
pub fn pair_of(rng: &mut Rng, base: &[u8]) -> Pair {
    edited(rng, Text::read(base))
}

fn edited(rng: &mut Rng, base: Text) -> Pair {
    let in_common = rng.usize(..2);
    let common = steps(rng, in_common);
    let shared = base.after(&common);
    let (first, second) = (1 + rng.usize(..4), 1 + rng.usize(..4));
    let ours = shared.after(&steps(rng, first));
    let theirs = shared.after(&steps(rng, second));
    Pair { base: base.bytes(), ours: ours.bytes(), theirs: theirs.bytes() }
}

#[derive(Clone)]
struct Text {
    lines: Vec<String>,
    /// By line, because texts with both kinds exist.
    breaks: Vec<&'static str>,
    ends_with_break: bool,
}

fn text(rng: &mut Rng, unique: &str) -> Text {
    let longest = if rng.u8(..8) == 0 { 200 } else { 30 };
    let count = rng.usize(..longest);
    let line_break = if rng.u8(..5) == 0 { "\r\n" } else { "\n" };
    let mut lines: Vec<String> = (0..count).map(|_| word(rng)).collect();
    if !unique.is_empty() {
        (0..20).for_each(|n| lines.insert(rng.usize(..=lines.len()), format!("{unique} {n}")));
    }
    Text { breaks: vec![line_break; lines.len()], lines, ends_with_break: rng.u8(..5) > 0 }
}

fn word(rng: &mut Rng) -> String {
    if rng.u8(..4) == 0 {
        format!("line {}", rng.u16(..))
    } else {
        WORDS[rng.usize(..WORDS.len())].to_owned()
    }
}

enum Step {
    Insert(u64),
    Delete(u64),
    Replace(u64),
    Move(u64),
    Double(u64),
    Indent(u64),
    Trail(u64),
    OtherBreaks,
    OneOtherBreak(u64),
    OtherEnd,
}

fn steps(rng: &mut Rng, count: usize) -> Vec<Step> {
    (0..count).map(|_| step(rng)).collect()
}

fn step(rng: &mut Rng) -> Step {
    let seed = rng.u64(..);
    match rng.u8(..24) {
        0..=4 => Step::Insert(seed),
        5..=8 => Step::Delete(seed),
        9..=13 => Step::Replace(seed),
        14..=15 => Step::Move(seed),
        16 => Step::Double(seed),
        17..=18 => Step::Indent(seed),
        19 => Step::Trail(seed),
        20 => Step::OtherBreaks,
        21 => Step::OneOtherBreak(seed),
        _ => Step::OtherEnd,
    }
}

impl Text {
    fn after(&self, steps: &[Step]) -> Self {
        let mut text = self.clone();
        steps.iter().for_each(|step| text.take(step));
        text
    }

    fn take(&mut self, step: &Step) {
        let rng = |seed: &u64| Rng::with_seed(*seed);
        match step {
            Step::Insert(seed) => self.insert(&mut rng(seed)),
            Step::Delete(seed) => drop(self.cut(&mut rng(seed))),
            Step::Replace(seed) => self.replace(&mut rng(seed)),
            Step::Move(seed) => self.move_block(&mut rng(seed)),
            Step::Double(seed) => self.double(&mut rng(seed)),
            Step::Indent(seed) => self.each_in_block(&mut rng(seed), |line| line.insert_str(0, "  ")),
            Step::Trail(seed) => self.each_in_block(&mut rng(seed), |line| line.push(' ')),
            Step::OtherBreaks => self.breaks.iter_mut().for_each(turn),
            Step::OneOtherBreak(seed) => {
                let at = rng(seed).usize(..self.breaks.len().max(1));
                self.breaks.get_mut(at).into_iter().for_each(turn);
            }
            Step::OtherEnd => self.ends_with_break = !self.ends_with_break,
        }
    }

    fn block(&self, rng: &mut Rng) -> std::ops::Range<usize> {
        let start = rng.usize(..=self.lines.len());
        start..(start + 1 + rng.usize(..4)).min(self.lines.len())
    }

    fn put(&mut self, at: usize, lines: Vec<(String, &'static str)>) {
        let (texts, breaks): (Vec<_>, Vec<_>) = lines.into_iter().unzip();
        self.lines.splice(at..at, texts);
        self.breaks.splice(at..at, breaks);
    }

    fn insert(&mut self, rng: &mut Rng) {
        let at = rng.usize(..=self.lines.len());
        let line_break = self.breaks.first().copied().unwrap_or("\n");
        let new = (0..1 + rng.usize(..4)).map(|_| (word(rng), line_break)).collect();
        self.put(at, new);
    }

    fn cut(&mut self, rng: &mut Rng) -> Vec<(String, &'static str)> {
        let block = self.block(rng);
        self.lines.drain(block.clone()).zip(self.breaks.drain(block)).collect()
    }

    fn replace(&mut self, rng: &mut Rng) {
        let block = self.block(rng);
        let line_break = self.breaks.first().copied().unwrap_or("\n");
        self.lines.drain(block.clone());
        self.breaks.drain(block.clone());
        let new = (0..1 + rng.usize(..4)).map(|_| (word(rng), line_break)).collect();
        self.put(block.start, new);
    }

    fn move_block(&mut self, rng: &mut Rng) {
        let cut = self.cut(rng);
        self.put(rng.usize(..=self.lines.len()), cut);
    }

    fn double(&mut self, rng: &mut Rng) {
        let block = self.block(rng);
        let again = block.clone().map(|at| (self.lines[at].clone(), self.breaks[at])).collect();
        self.put(block.end, again);
    }

    fn each_in_block(&mut self, rng: &mut Rng, edit: impl Fn(&mut String)) {
        let block = self.block(rng);
        self.lines[block].iter_mut().for_each(edit);
    }

    fn read(bytes: &[u8]) -> Self {
        let text = std::str::from_utf8(bytes).unwrap();
        let line = |line: &str| match line.strip_suffix("\r\n") {
            Some(line) => (line.to_owned(), "\r\n"),
            None => (line.trim_end_matches('\n').to_owned(), "\n"),
        };
        let (lines, breaks) = text.split_inclusive('\n').map(line).unzip();
        Self { lines, breaks, ends_with_break: text.ends_with('\n') }
    }

    fn bytes(&self) -> Vec<u8> {
        let mut text: String =
            self.lines.iter().zip(&self.breaks).flat_map(|(line, end)| [line.as_str(), *end]).collect();
        if !self.ends_with_break
            && let Some(last) = self.breaks.last()
        {
            text.truncate(text.len() - last.len());
        }
        text.into_bytes()
    }
}

fn turn(line_break: &mut &'static str) {
    *line_break = if *line_break == "\n" { "\r\n" } else { "\n" };
}
