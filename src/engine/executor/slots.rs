//! Pairs of files for output, given out again once nobody can write to them any more.
//!
//! Making and removing two files for each command would cost more than the command: with the next sync of the log the file
//! system carries the change of the folder to the disk as well. So a pair, a *slot*, serves one command after the other.
//! What one command prints must never pass for another's, so a slot is given out again only when the kernel has said
//! (inotify) that the one description of each file that we gave away is closed, and that nobody opened another. A daemon
//! that holds its output keeps its slot for itself, and a slot that a loop before this one made is never given out.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use super::group::Group;
use super::output::Output;

/// The ends of the files' names: standard output and standard error.
pub(super) const ENDS: [&str; 2] = ["out", "err"];

/// The slots of one loop.
#[derive(Debug)]
pub(super) struct Slots {
    folder: PathBuf,
    bound: u64,
    /// The number of the next new slot.
    next: u32,
    free: Vec<u32>,
    /// Slots that somebody has, or may have.
    given: Vec<Given>,
    /// Slots of loops before this one.
    former: Vec<u32>,
    watch: Option<Watch>,
}

/// A slot that was given out, or that a process of an earlier loop has.
#[derive(Debug)]
struct Given {
    slot: u32,
    output: Output,
    /// Whether the description that we gave away is closed, of each file.
    closed: [bool; 2],
    /// Whether a file was opened once more: then nobody can say who has it.
    opened: bool,
    /// Whose it is, once the command itself is over.
    left: Option<Left>,
}

/// What may still write to the files of a command that is over.
#[derive(Debug)]
struct Left {
    group: Option<Group>,
    /// Whether what was kept of the files is in copies of them.
    copied: bool,
    /// Whether what is in the files is kept elsewhere.
    released: bool,
}

impl Given {
    /// Whether nobody but us can write to the files.
    fn ours(&self) -> bool {
        !self.opened && self.closed == [true; 2]
    }
}

impl Slots {
    /// Slots in `folder`, which is made where it is missing.
    pub(super) fn new(folder: &Path, bound: u64) -> io::Result<Self> {
        fs::create_dir_all(folder)?;
        let mut former: Vec<u32> =
            fs::read_dir(folder)?.flatten().filter_map(|entry| read_name(entry.file_name().to_str()?)).collect();
        former.sort_unstable();
        former.dedup();
        let next = former.last().map_or(1, |last| last.saturating_add(1));
        let watch = Watch::new(folder);
        Ok(Self { folder: folder.to_owned(), bound, next, free: Vec::new(), given: Vec::new(), former, watch })
    }

    /// The folder.
    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// A slot for a command: its output, and both files, empty and open for appending.
    pub(super) fn take(&mut self) -> io::Result<(Output, [File; 2])> {
        let slot = self.free.pop().unwrap_or_else(|| {
            self.next += 1;
            self.next - 1
        });
        let output = self.output(slot);
        let files = match open_empty(&output) {
            Ok(files) => files,
            Err(error) => {
                output.remove();
                return Err(error);
            }
        };
        // All that the kernel tells of these files so far is our own doing.
        self.hear(true);
        self.given.push(Given { slot, output: output.clone(), closed: [false; 2], opened: false, left: None });
        Ok((output, files))
    }

    /// The slot that a process of an earlier loop has.
    pub(super) fn adopt(&mut self, slot: u32) -> Output {
        let output = self.output(slot);
        // Nobody can say how often it was opened.
        self.given.push(Given { slot, output: output.clone(), closed: [false; 2], opened: true, left: None });
        output
    }

    fn output(&self, slot: u32) -> Output {
        Output::of(&self.folder, slot, self.bound)
    }

    /// Whether nobody but us can write to the files of `slot` any more.
    pub(super) fn ours(&mut self, slot: u32) -> bool {
        self.hear(false);
        self.given.iter().any(|given| given.slot == slot && given.ours())
    }

    /// The command that has `slot` is over. Somebody of `group` may still write; `copied` says that what was kept of the
    /// files is in copies.
    pub(super) fn over(&mut self, slot: u32, group: Option<Group>, copied: bool) {
        if let Some(given) = self.given.iter_mut().find(|given| given.slot == slot) {
            given.left = Some(Left { group, copied, released: false });
        }
    }

    /// What `slot` holds is kept elsewhere.
    pub(super) fn release(&mut self, slot: u32) {
        if let Some(given) = self.given.iter_mut().find(|given| given.slot == slot)
            && let Some(left) = &mut given.left
        {
            left.released = true;
            if left.copied {
                given.output.remove_copies();
            }
        }
        self.settle();
    }

    /// Holds to the bound what is left behind.
    pub(super) fn look_after(&mut self) {
        self.hear(false);
        for given in self.given.iter_mut().filter(|given| given.left.is_some() && !given.ours()) {
            given.output.cut();
        }
        self.settle();
    }

    /// Whether there is anything to look after.
    pub(super) fn any_left(&self) -> bool {
        self.given.iter().any(|given| given.left.is_some() && !given.ours())
    }

    /// Frees what nobody has, and removes what nobody seems to have.
    fn settle(&mut self) {
        let (free, watched) = (&mut self.free, self.watch.is_some());
        self.given.retain(|given| {
            let Some(left) = given.left.as_ref().filter(|left| left.released) else { return true };
            if given.ours() {
                free.push(given.slot);
                return false;
            }
            // Who holds the description that we gave away is somewhere, be it outside the group.
            let held = watched && !given.opened;
            if held || left.group.is_some_and(Group::lives) {
                return true;
            }
            given.output.remove();
            false
        });
    }

    /// Takes in what the kernel tells of the files.
    fn hear(&mut self, all: bool) {
        let Some(watch) = &self.watch else { return };
        let given = &mut self.given;
        let heard = watch.read(all, |told| match told {
            Told::Lost => given.iter_mut().filter(|given| !given.ours()).for_each(|given| given.opened = true),
            Told::Opened(slot) => {
                // What is ours alone is opened by us alone.
                for given in given.iter_mut().filter(|given| given.slot == slot && !given.ours()) {
                    given.opened = true;
                }
            }
            Told::Closed(slot, end) => {
                for given in given.iter_mut().filter(|given| given.slot == slot) {
                    given.closed[end] = true;
                }
            }
        });
        if !heard {
            // Nothing is given out again from here on.
            self.watch = None;
            self.free.clear();
        }
    }

    /// The slots of loops before this one.
    pub(super) fn former(&self) -> &[u32] {
        &self.former
    }
}

impl Drop for Slots {
    fn drop(&mut self) {
        self.hear(false);
        self.settle();
        for slot in &self.free {
            Output::of(&self.folder, *slot, self.bound).remove();
        }
    }
}

/// Both files, made where they are missing.
fn open_empty(output: &Output) -> io::Result<[File; 2]> {
    let open = |path: &Path| {
        let file = OpenOptions::new().create(true).append(true).mode(0o600).open(path)?;
        if file.metadata()?.len() > 0 {
            file.set_len(0)?;
        }
        Ok::<_, io::Error>(file)
    };
    let [stdout, stderr] = output.paths();
    Ok([open(stdout)?, open(stderr)?])
}

/// `7.out` is of slot 7.
fn read_name(name: &str) -> Option<u32> {
    read_end(name).map(|(slot, _)| slot)
}

fn read_end(name: &str) -> Option<(u32, usize)> {
    let (number, end) = name.split_once('.')?;
    Some((number.parse().ok()?, ENDS.iter().position(|known| *known == end)?))
}

/// What the kernel tells.
enum Told {
    Opened(u32),
    Closed(u32, usize),
    /// Something, but not what.
    Lost,
}

/// Hears of every opening and closing in a folder.
#[cfg(target_os = "linux")]
#[derive(Debug)]
struct Watch(Option<rustix::fd::OwnedFd>);

#[cfg(target_os = "linux")]
impl Drop for Watch {
    fn drop(&mut self) {
        // The kernel takes tens of milliseconds to forget a watch: nobody has to wait for it.
        if let Some(watch) = self.0.take() {
            let _ = std::thread::Builder::new().name("unwatch".to_owned()).spawn(move || drop(watch));
        }
    }
}

#[cfg(target_os = "linux")]
impl Watch {
    fn new(folder: &Path) -> Option<Self> {
        use rustix::fs::inotify::{CreateFlags, WatchFlags, add_watch, init};
        let watch = init(CreateFlags::CLOEXEC | CreateFlags::NONBLOCK).ok()?;
        add_watch(&watch, folder, WatchFlags::OPEN | WatchFlags::CLOSE_WRITE).ok()?;
        Some(Self(Some(watch)))
    }

    /// Gives what there is to hear: `all` of it, or as much as one read gives, which comes in its order. False where nothing
    /// more can be heard.
    fn read(&self, all: bool, mut tell: impl FnMut(Told)) -> bool {
        use rustix::fs::inotify::{ReadFlags, Reader};
        let mut buffer = [std::mem::MaybeUninit::uninit(); 4096];
        let Some(watch) = &self.0 else { return false };
        let mut events = Reader::new(watch, &mut buffer);
        loop {
            match events.next() {
                Ok(event) if event.events().contains(ReadFlags::QUEUE_OVERFLOW) => tell(Told::Lost),
                Ok(event) => {
                    let name = event.file_name().and_then(|name| name.to_str().ok());
                    if let Some((slot, end)) = name.and_then(read_end) {
                        let closed = event.events().contains(ReadFlags::CLOSE_WRITE);
                        tell(if closed { Told::Closed(slot, end) } else { Told::Opened(slot) });
                    }
                }
                Err(rustix::io::Errno::INTR) => continue,
                Err(error) => return error == rustix::io::Errno::AGAIN,
            }
            if !all && events.is_buffer_empty() {
                return true;
            }
        }
    }
}

#[cfg(not(target_os = "linux"))]
#[derive(Debug)]
struct Watch;

#[cfg(not(target_os = "linux"))]
impl Watch {
    fn new(_: &Path) -> Option<Self> {
        None
    }

    fn read(&self, _: bool, _: impl FnMut(Told)) -> bool {
        false
    }
}
