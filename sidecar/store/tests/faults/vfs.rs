//! A layer between SQLite and the file system, so that a test decides what a disk does.
//!
//! It stands before the default VFS of this process, and passes everything through but for the folders that a test has
//! put a [`Disk`] under.

#![allow(unsafe_code, reason = "SQLite asks for a VFS in C's words; nothing of it is in the product")]

use std::{
    ffi::{CStr, OsStr, c_char, c_int, c_void},
    os::unix::ffi::OsStrExt,
    path::{Path, PathBuf},
    ptr,
    sync::{Arc, Mutex, Once},
};

use rusqlite::ffi::{
    self, SQLITE_OK, sqlite3_file, sqlite3_filename, sqlite3_int64, sqlite3_io_methods, sqlite3_vfs,
};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Op {
    Open,
    Delete,
    Read,
    Write,
    Truncate,
    Sync,
    Size,
    Lock,
    ShmMap,
    ShmLock,
}

/// What SQLite is about to do to a file.
pub struct Call<'a> {
    pub op: Op,
    pub path: &'a Path,
    /// Of a write; the new length of a truncation.
    pub offset: u64,
    /// Of a write.
    pub bytes: &'a [u8],
}

/// How a call goes wrong.
#[derive(Clone, Copy, Debug)]
pub struct Fault {
    pub code: c_int,
    pub written: Written,
}

/// How much of a failed write is in the file all the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Written {
    Nothing,
    Half,
    All,
}

pub trait Disk: Send + Sync {
    fn before(&self, call: &Call<'_>) -> Result<(), Fault>;
}

type Disks = Vec<(PathBuf, Arc<dyn Disk>)>;
static DISKS: Mutex<Disks> = Mutex::new(Vec::new());

/// As long as it lives, files below the folder lie on `disk`.
pub struct Mounted(PathBuf);

pub fn mount(folder: &Path, disk: Arc<dyn Disk>) -> Mounted {
    static REGISTERED: Once = Once::new();
    REGISTERED.call_once(register);
    DISKS.lock().unwrap().push((folder.to_owned(), disk));
    Mounted(folder.to_owned())
}

impl Drop for Mounted {
    fn drop(&mut self) {
        DISKS.lock().unwrap().retain(|(folder, _)| *folder != self.0);
    }
}

fn disk_of(path: &Path) -> Option<Arc<dyn Disk>> {
    let disks = DISKS.lock().unwrap();
    disks.iter().find(|(folder, _)| path.starts_with(folder)).map(|(_, disk)| Arc::clone(disk))
}

/// The default VFS, whose words are ours but for those below.
fn register() {
    unsafe {
        let below = ffi::sqlite3_vfs_find(ptr::null());
        let mut ours = *below;
        ours.szOsFile += size_of::<File>() as c_int;
        ours.pNext = ptr::null_mut();
        ours.zName = c"remit-faults".as_ptr();
        ours.pAppData = below.cast();
        ours.xOpen = Some(open);
        ours.xDelete = Some(delete);
        ours.xAccess = Some(access);
        ours.xFullPathname = Some(full_pathname);
        assert_eq!(ffi::sqlite3_vfs_register(Box::into_raw(Box::new(ours)), 1), SQLITE_OK);
    }
}

/// Followed in memory by the file of the VFS below.
#[repr(C)]
struct File {
    base: sqlite3_file,
    ours: *mut Ours,
}

struct Ours {
    path: PathBuf,
    disk: Option<Arc<dyn Disk>>,
}

impl Ours {
    fn ask(&self, op: Op, offset: sqlite3_int64, bytes: &[u8]) -> Result<(), Fault> {
        let call = Call { op, path: &self.path, offset: u64::try_from(offset).unwrap(), bytes };
        self.disk.as_ref().map_or(Ok(()), |disk| disk.before(&call))
    }
}

unsafe fn path_of(name: *const c_char) -> PathBuf {
    if name.is_null() {
        return PathBuf::new();
    }
    PathBuf::from(OsStr::from_bytes(unsafe { CStr::from_ptr(name) }.to_bytes()))
}

unsafe fn below(vfs: *mut sqlite3_vfs) -> *mut sqlite3_vfs {
    unsafe { (*vfs).pAppData.cast() }
}

unsafe fn inner(file: *mut sqlite3_file) -> *mut sqlite3_file {
    unsafe { file.cast::<File>().add(1).cast() }
}

unsafe fn ours<'a>(file: *mut sqlite3_file) -> &'a Ours {
    unsafe { &*(*file.cast::<File>()).ours }
}

/// Calls the method of the file below.
macro_rules! pass {
    ($file:expr, $method:ident $(, $argument:expr)*) => {
        unsafe {
            let below = inner($file);
            ((*(*below).pMethods).$method.expect("every VFS of SQLite has it"))(below $(, $argument)*)
        }
    };
}

/// Asks the disk first.
macro_rules! ask {
    ($file:expr, $op:expr) => {
        ask!($file, $op, 0)
    };
    ($file:expr, $op:expr, $offset:expr) => {
        match unsafe { ours($file) }.ask($op, $offset, &[]) {
            Ok(()) => {}
            Err(fault) => return fault.code,
        }
    };
}

static METHODS: sqlite3_io_methods = sqlite3_io_methods {
    // Memory-mapped reading, of the third version, is nothing that the board uses.
    iVersion: 2,
    xClose: Some(close),
    xRead: Some(read),
    xWrite: Some(write),
    xTruncate: Some(truncate),
    xSync: Some(sync),
    xFileSize: Some(file_size),
    xLock: Some(lock),
    xUnlock: Some(unlock),
    xCheckReservedLock: Some(check_reserved_lock),
    xFileControl: Some(file_control),
    xSectorSize: Some(sector_size),
    xDeviceCharacteristics: Some(device_characteristics),
    xShmMap: Some(shm_map),
    xShmLock: Some(shm_lock),
    xShmBarrier: Some(shm_barrier),
    xShmUnmap: Some(shm_unmap),
    xFetch: None,
    xUnfetch: None,
};

unsafe extern "C" fn open(
    vfs: *mut sqlite3_vfs,
    name: sqlite3_filename,
    file: *mut sqlite3_file,
    flags: c_int,
    out_flags: *mut c_int,
) -> c_int {
    let path = unsafe { path_of(name) };
    let mine = Ours { disk: disk_of(&path), path };
    unsafe { (*file).pMethods = ptr::null() };
    if let Err(fault) = mine.ask(Op::Open, 0, &[]) {
        return fault.code;
    }
    unsafe {
        let opened = (*below(vfs)).xOpen.unwrap()(below(vfs), name, inner(file), flags, out_flags);
        if !(*inner(file)).pMethods.is_null() {
            (*file.cast::<File>()).ours = Box::into_raw(Box::new(mine));
            (*file).pMethods = &METHODS;
        }
        opened
    }
}

unsafe extern "C" fn close(file: *mut sqlite3_file) -> c_int {
    let closed = pass!(file, xClose);
    drop(unsafe { Box::from_raw((*file.cast::<File>()).ours) });
    closed
}

unsafe extern "C" fn delete(vfs: *mut sqlite3_vfs, name: *const c_char, sync_folder: c_int) -> c_int {
    let path = unsafe { path_of(name) };
    let mine = Ours { disk: disk_of(&path), path };
    match mine.ask(Op::Delete, sync_folder.into(), &[]) {
        Ok(()) => unsafe { (*below(vfs)).xDelete.unwrap()(below(vfs), name, sync_folder) },
        Err(fault) => fault.code,
    }
}

unsafe extern "C" fn access(
    vfs: *mut sqlite3_vfs,
    name: *const c_char,
    flags: c_int,
    out: *mut c_int,
) -> c_int {
    unsafe { (*below(vfs)).xAccess.unwrap()(below(vfs), name, flags, out) }
}

unsafe extern "C" fn full_pathname(
    vfs: *mut sqlite3_vfs,
    name: *const c_char,
    length: c_int,
    out: *mut c_char,
) -> c_int {
    unsafe { (*below(vfs)).xFullPathname.unwrap()(below(vfs), name, length, out) }
}

unsafe extern "C" fn read(
    file: *mut sqlite3_file,
    to: *mut c_void,
    amount: c_int,
    offset: sqlite3_int64,
) -> c_int {
    ask!(file, Op::Read, offset);
    pass!(file, xRead, to, amount, offset)
}

unsafe extern "C" fn write(
    file: *mut sqlite3_file,
    from: *const c_void,
    amount: c_int,
    offset: sqlite3_int64,
) -> c_int {
    let bytes = unsafe { std::slice::from_raw_parts(from.cast::<u8>(), usize::try_from(amount).unwrap()) };
    let Err(fault) = unsafe { ours(file) }.ask(Op::Write, offset, bytes) else {
        return pass!(file, xWrite, from, amount, offset);
    };
    let written = match fault.written {
        Written::Nothing => 0,
        Written::Half => amount / 2,
        Written::All => amount,
    };
    if written > 0 {
        pass!(file, xWrite, from, written, offset);
    }
    fault.code
}

unsafe extern "C" fn truncate(file: *mut sqlite3_file, size: sqlite3_int64) -> c_int {
    ask!(file, Op::Truncate, size);
    pass!(file, xTruncate, size)
}

unsafe extern "C" fn sync(file: *mut sqlite3_file, flags: c_int) -> c_int {
    ask!(file, Op::Sync);
    pass!(file, xSync, flags)
}

unsafe extern "C" fn file_size(file: *mut sqlite3_file, size: *mut sqlite3_int64) -> c_int {
    ask!(file, Op::Size);
    pass!(file, xFileSize, size)
}

unsafe extern "C" fn lock(file: *mut sqlite3_file, level: c_int) -> c_int {
    ask!(file, Op::Lock);
    pass!(file, xLock, level)
}

unsafe extern "C" fn unlock(file: *mut sqlite3_file, level: c_int) -> c_int {
    pass!(file, xUnlock, level)
}

unsafe extern "C" fn check_reserved_lock(file: *mut sqlite3_file, out: *mut c_int) -> c_int {
    pass!(file, xCheckReservedLock, out)
}

unsafe extern "C" fn file_control(file: *mut sqlite3_file, op: c_int, argument: *mut c_void) -> c_int {
    pass!(file, xFileControl, op, argument)
}

unsafe extern "C" fn sector_size(file: *mut sqlite3_file) -> c_int {
    pass!(file, xSectorSize)
}

unsafe extern "C" fn device_characteristics(file: *mut sqlite3_file) -> c_int {
    pass!(file, xDeviceCharacteristics)
}

unsafe extern "C" fn shm_map(
    file: *mut sqlite3_file,
    page: c_int,
    size: c_int,
    extend: c_int,
    out: *mut *mut c_void,
) -> c_int {
    ask!(file, Op::ShmMap);
    pass!(file, xShmMap, page, size, extend, out)
}

unsafe extern "C" fn shm_lock(file: *mut sqlite3_file, offset: c_int, n: c_int, flags: c_int) -> c_int {
    // Letting go never fails.
    if flags & ffi::SQLITE_SHM_LOCK != 0 {
        ask!(file, Op::ShmLock);
    }
    pass!(file, xShmLock, offset, n, flags)
}

unsafe extern "C" fn shm_barrier(file: *mut sqlite3_file) {
    pass!(file, xShmBarrier);
}

unsafe extern "C" fn shm_unmap(file: *mut sqlite3_file, delete: c_int) -> c_int {
    pass!(file, xShmUnmap, delete)
}
