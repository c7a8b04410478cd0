//! Makes a blocked `wait` return.

use std::io::{self, Read as _, Write as _};
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::net::UnixStream;
use std::sync::Arc;

/// Makes the executor's `wait` return, from any thread.
#[derive(Clone, Debug)]
pub struct Waker(Arc<UnixStream>);

impl Waker {
    /// Wakes. A full socket means that a wake is under way already.
    pub fn wake(&self) {
        let _ = (&*self.0).write(&[1]);
    }
}

/// The end that `wait` listens on.
#[derive(Debug)]
pub(super) struct Wakeable(UnixStream);

impl Wakeable {
    pub(super) fn pair() -> io::Result<(Waker, Self)> {
        let (near, far) = UnixStream::pair()?;
        near.set_nonblocking(true)?;
        far.set_nonblocking(true)?;
        Ok((Waker(Arc::new(near)), Self(far)))
    }

    /// Forgets the wakes so far.
    pub(super) fn drain(&mut self) {
        let mut bytes = [0; 256];
        while matches!(self.0.read(&mut bytes), Ok(count) if count == bytes.len()) {}
    }
}

impl AsFd for Wakeable {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }
}
