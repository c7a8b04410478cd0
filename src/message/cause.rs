//! What the operating system says, in words.

use std::io;

use super::{Message, message};

/// Why reading, writing or connecting failed, as a text for people.
///
/// The commonest causes have words in both languages; the others are shown as the system writes them.
#[must_use]
pub fn io(error: &io::Error) -> Message {
    match error.kind() {
        io::ErrorKind::NotFound => message!("words-cause-not-found"),
        io::ErrorKind::PermissionDenied => message!("words-cause-no-permission"),
        io::ErrorKind::ConnectionRefused => message!("words-cause-refused"),
        io::ErrorKind::ConnectionReset | io::ErrorKind::ConnectionAborted | io::ErrorKind::UnexpectedEof => {
            message!("words-cause-cut-off")
        }
        io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock => message!("words-cause-timed-out"),
        io::ErrorKind::HostUnreachable | io::ErrorKind::NetworkUnreachable => message!("words-cause-unreachable"),
        io::ErrorKind::StorageFull => message!("words-cause-disk-full"),
        io::ErrorKind::ReadOnlyFilesystem => message!("words-cause-read-only"),
        io::ErrorKind::IsADirectory => message!("words-cause-is-folder"),
        io::ErrorKind::NotADirectory => message!("words-cause-not-folder"),
        io::ErrorKind::AlreadyExists => message!("words-cause-exists"),
        _ if error.to_string().contains("levels of symbolic links") => message!("words-cause-circle"),
        io::ErrorKind::InvalidFilename => message!("words-cause-name"),
        io::ErrorKind::InvalidInput => message!("words-cause-not-file"),
        // The system's resolver has no kind of its own for this.
        _ if error.to_string().starts_with("failed to lookup address") => message!("words-cause-unknown-name"),
        _ => message!("words-cause-other", text = error.to_string()),
    }
}
