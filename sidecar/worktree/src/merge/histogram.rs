//! git's own histogram diff, from the copy of it that libgit2 is built with.
//!
//! libgit2's interface doesn't offer the histogram, and other implementations choose other lines where there is a choice:
//! of files in conflict, one in ten came out differently. So the function below it is called, the one that git itself calls.
#![allow(unsafe_code)]

use std::ffi::{c_char, c_int, c_long, c_ulong, c_void};
use std::ops::Range;
use std::ptr::null_mut;

/// `XDF_HISTOGRAM_DIFF` of `xdiff.h`.
const HISTOGRAM: c_ulong = 1 << 15;

/// Lines of the base and what stands in their place, both counted from zero.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Hunk {
    pub(super) base: Range<usize>,
    pub(super) side: Range<usize>,
}

impl Hunk {
    /// How far the lines after this edit have moved.
    pub(super) fn shift_after(&self) -> isize {
        self.side.end as isize - self.base.end as isize
    }
}

/// The diff ran out of memory, or of hash chains on a text that was made to do so.
#[derive(Debug)]
pub(super) struct DiffFailed;

/// The edits that turn `base` into `side`, in order; between two of them there is at least one common line.
pub(super) fn diff(base: &[u8], side: &[u8]) -> Result<Vec<Hunk>, DiffFailed> {
    libgit2_sys::init();
    let (mut base, mut side) = (Text::of(base)?, Text::of(side)?);
    let parameters = Parameters {
        flags: HISTOGRAM,
        ignored_patterns: null_mut(),
        ignored_pattern_count: 0,
        anchors: null_mut(),
        anchor_count: 0,
    };
    let settings = Settings {
        context: 0,
        context_between: 0,
        flags: 0,
        find_function: null_mut(),
        find_function_data: null_mut(),
        on_hunk: Some(on_hunk),
    };
    let mut hunks: Vec<Hunk> = Vec::new();
    let mut receiver = Receiver { data: (&raw mut hunks).cast(), on_header: null_mut(), on_line: null_mut() };
    // SAFETY: the structures are those of the xdiff.h that libgit2 is built with, and live until the call returns; the
    // texts are only read; `on_hunk` is the one function that is called back, with `hunks` for its data.
    let status = unsafe { xdl_diff(&mut base, &mut side, &parameters, &settings, &mut receiver) };
    if status == 0 { Ok(hunks) } else { Err(DiffFailed) }
}

extern "C" fn on_hunk(
    base: c_long,
    removed: c_long,
    side: c_long,
    added: c_long,
    data: *mut c_void,
) -> c_int {
    let range = |start: c_long, count: c_long| {
        let start = usize::try_from(start).ok()?;
        Some(start..start + usize::try_from(count).ok()?)
    };
    // SAFETY: the data is the vector that `diff` gave, which it doesn't touch during the call.
    let hunks = unsafe { &mut *data.cast::<Vec<Hunk>>() };
    match (range(base, removed), range(side, added)) {
        (Some(base), Some(side)) => {
            hunks.push(Hunk { base, side });
            0
        }
        _ => -1,
    }
}

/// `mmfile_t`
#[repr(C)]
struct Text {
    pointer: *mut c_char,
    size: c_long,
}

impl Text {
    fn of(text: &[u8]) -> Result<Self, DiffFailed> {
        let size = c_long::try_from(text.len()).map_err(|_| DiffFailed)?;
        Ok(Self { pointer: text.as_ptr().cast_mut().cast(), size })
    }
}

/// `xpparam_t`
#[repr(C)]
struct Parameters {
    flags: c_ulong,
    ignored_patterns: *mut c_void,
    ignored_pattern_count: usize,
    anchors: *mut c_void,
    anchor_count: usize,
}

/// `xdemitconf_t`
#[repr(C)]
struct Settings {
    context: c_long,
    context_between: c_long,
    flags: c_ulong,
    find_function: *mut c_void,
    find_function_data: *mut c_void,
    on_hunk: Option<extern "C" fn(c_long, c_long, c_long, c_long, *mut c_void) -> c_int>,
}

/// `xdemitcb_t`
#[repr(C)]
struct Receiver {
    data: *mut c_void,
    on_header: *mut c_void,
    on_line: *mut c_void,
}

unsafe extern "C" {
    fn xdl_diff(
        base: *mut Text,
        side: *mut Text,
        parameters: *const Parameters,
        settings: *const Settings,
        receiver: *mut Receiver,
    ) -> c_int;
}
