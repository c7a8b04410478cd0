//! Waking up when the log grows: inotify on its folder, elsewhere by looking four times a second.

use std::sync::PoisonError;
use std::time::{Duration, Instant};

use super::Ledger;
use crate::model::{Journal as _, JournalError};

/// How often the size is looked at where nothing wakes us.
const LOOK_EVERY: Duration = Duration::from_millis(250);

impl Ledger {
    pub(super) fn wait(&self, size: u64, timeout: Duration) -> Result<bool, JournalError> {
        let end = Instant::now() + timeout;
        // The watch is there before the first look, so that nothing is missed in between. One is kept for the next time: the
        // kernel takes tens of milliseconds to forget one.
        let kept = self.watch.lock().unwrap_or_else(PoisonError::into_inner).take();
        let watch = kept.or_else(|| Watch::new(&self.layout.log()));
        let result = self.wait_with(watch.as_ref(), size, end);
        if result.is_ok() {
            *self.watch.lock().unwrap_or_else(PoisonError::into_inner) = watch;
        }
        result
    }

    fn wait_with(&self, watch: Option<&Watch>, size: u64, end: Instant) -> Result<bool, JournalError> {
        loop {
            if self.size()? > size {
                return Ok(true);
            }
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Ok(false);
            }
            match watch {
                Some(watch) => watch.wait(left),
                None => std::thread::sleep(left.min(LOOK_EVERY)),
            }
        }
    }
}

#[cfg(target_os = "linux")]
#[derive(Debug)]
pub(super) struct Watch(rustix::fd::OwnedFd);

#[cfg(target_os = "linux")]
impl Watch {
    fn new(folder: &std::path::Path) -> Option<Self> {
        use rustix::fs::inotify::{CreateFlags, WatchFlags, add_watch, init};
        let watch = init(CreateFlags::CLOEXEC | CreateFlags::NONBLOCK).ok()?;
        add_watch(&watch, folder, WatchFlags::MODIFY | WatchFlags::CREATE).ok()?;
        Some(Self(watch))
    }

    fn wait(&self, timeout: Duration) {
        use rustix::event::{PollFd, PollFlags, Timespec, poll};
        // Other machines' writes to a shared folder wake nobody: look once a second all the same.
        let timeout = timeout.min(Duration::from_secs(1));
        let mut fds = [PollFd::new(&self.0, PollFlags::IN)];
        let _ = poll(&mut fds, Timespec::try_from(timeout).ok().as_ref());
        let mut buffer = [0; 4096];
        while rustix::io::read(&self.0, &mut buffer).is_ok_and(|read| read > 0) {}
    }
}

#[cfg(not(target_os = "linux"))]
#[derive(Debug)]
pub(super) struct Watch;

#[cfg(not(target_os = "linux"))]
impl Watch {
    fn new(_: &std::path::Path) -> Option<Self> {
        None
    }

    fn wait(&self, _: Duration) {}
}
