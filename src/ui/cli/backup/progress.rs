//! A bar with rate and time left, on a terminal only.

use std::io::IsTerminal as _;
use std::sync::Arc;
use std::sync::mpsc::{Sender, channel};
use std::thread::JoinHandle;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::verify::TICK;
use crate::backup::Progress;
use crate::message::{format, message};
use crate::ui::Context;

/// Shows how far reading has come until it ends.
pub(super) struct Bar {
    progress: Arc<Progress>,
    drawing: Option<(Sender<()>, JoinHandle<()>)>,
}

impl Bar {
    /// Begins one over `total` bytes, or without an end where nobody knows. Nothing is drawn into a pipe or with `--quiet`.
    pub(super) fn begin(context: &Context, total: Option<u64>) -> Self {
        let progress = Arc::new(Progress::default());
        if context.quiet || !std::io::stderr().is_terminal() {
            return Self { progress, drawing: None };
        }
        let bar = ProgressBar::with_draw_target(total, ProgressDrawTarget::stderr());
        let template = match total {
            Some(_) => "{wide_bar} {bytes}/{total_bytes} {bytes_per_sec} {msg} {eta}",
            None => "{spinner} {bytes} {bytes_per_sec} {msg}",
        };
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        let (end, ended) = channel::<()>();
        let (seen, lang) = (Arc::clone(&progress), context.lang);
        let thread = std::thread::spawn(move || {
            // A word, or the end of whoever would say it.
            while ended.recv_timeout(TICK) == Err(std::sync::mpsc::RecvTimeoutError::Timeout) {
                bar.set_position(seen.bytes());
                let files = format::number(seen.files(), lang);
                bar.set_message(message!("cli-backup-files", files = files).render(lang));
            }
            bar.finish_and_clear();
        });
        Self { progress, drawing: Some((end, thread)) }
    }

    pub(super) fn progress(&self) -> &Progress {
        &self.progress
    }

    /// Takes it away.
    pub(super) fn end(self) {
        if let Some((end, thread)) = self.drawing {
            drop(end);
            // What it drew is no evidence: a panic in it changes nothing.
            let _ = thread.join();
        }
    }
}
