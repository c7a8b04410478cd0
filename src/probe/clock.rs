//! The machine's clocks, and one that a test sets.

use std::sync::Mutex;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use jiff::tz::{Offset, TimeZone};

use crate::model::{Clock, Moment, Stamp};

/// The clocks of this machine: wall time in the system's zone, time since boot with sleep included.
///
/// Where the machine has no zone, or keeps UTC as servers do, times are written in Vietnam's (UTC+7 without summer time since 1975).
#[derive(Debug)]
pub struct SystemClock {
    zone: TimeZone,
    boot: String,
}

impl SystemClock {
    /// Reads the zone and the boot's id once: neither changes under a running program.
    #[must_use]
    pub fn new() -> Self {
        let zone = TimeZone::try_system().ok().filter(|zone| zone.to_offset(Timestamp::now()) != Offset::UTC);
        let zone = zone.unwrap_or_else(|| TimeZone::fixed(VIETNAM));
        Self { zone, boot: boot_id() }
    }
}

impl Default for SystemClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for SystemClock {
    fn now(&self) -> Moment {
        let instant = Timestamp::now();
        let at = Stamp::new(instant, self.zone.to_offset(instant));
        Moment { at, mono_us: since_boot_us(), boot: self.boot.clone() }
    }
}

const VIETNAM: Offset = jiff::tz::offset(7);

/// Microseconds since boot, sleep included.
fn since_boot_us() -> u64 {
    #[cfg(any(target_os = "linux", target_os = "android"))]
    let clock = rustix::time::ClockId::Boottime;
    #[cfg(not(any(target_os = "linux", target_os = "android")))]
    let clock = rustix::time::ClockId::Monotonic;
    let time = rustix::time::clock_gettime(clock);
    let seconds = u64::try_from(time.tv_sec).unwrap_or(0);
    let nanoseconds = u64::try_from(time.tv_nsec).unwrap_or(0);
    seconds * 1_000_000 + nanoseconds / 1000
}

/// What the kernel calls this boot. Where it has no name, one made of the second in which it began: a process that sees
/// another second takes it for another boot, and measures by wall time, which it says.
fn boot_id() -> String {
    let named = std::fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default();
    let named = named.trim();
    if !named.is_empty() && named.len() <= 64 && named.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-') {
        return named.to_owned();
    }
    let began = Timestamp::now().as_second() - i64::try_from(since_boot_us() / 1_000_000).unwrap_or(0);
    format!("boot-{began}")
}

/// A clock that shows what it was set to: for tests. A run that it stamped says so for ever.
#[derive(Debug)]
pub struct SetClock {
    shown: Mutex<Moment>,
    /// Where it runs on, the machine's time at which it was set.
    running: Option<Instant>,
}

impl SetClock {
    /// Stands still at `at` until somebody moves it.
    #[must_use]
    pub fn standing(at: Stamp) -> Self {
        let shown = Moment { at, mono_us: 1_000_000_000, boot: "test-1".to_owned() };
        Self { shown: Mutex::new(shown), running: None }
    }

    /// Begins at `at` and runs on as the machine's clock does.
    ///
    /// Programs that begin at the same `at` share a boot; another `at` is another boot, as after the machine was down, so that
    /// durations between the two are taken from wall time.
    #[must_use]
    pub fn running(at: Stamp) -> Self {
        let clock = Self::standing(at);
        clock.change(|shown| {
            shown.mono_us = since_boot_us();
            shown.boot = format!("set-{}-{}", at.instant.as_microsecond(), boot_id());
            shown.boot.truncate(64);
        });
        Self { running: Some(Instant::now()), ..clock }
    }

    /// Lets `time` pass, by every clock.
    pub fn pass(&self, time: Duration) {
        self.change(|shown| *shown = later(shown, time));
    }

    /// Steps the wall clock by `seconds`, as when somebody sets it; time since boot stays as it is.
    pub fn step(&self, seconds: i64) {
        self.change(|shown| shown.at = moved(shown.at, jiff::SignedDuration::from_secs(seconds)));
    }

    /// The machine boots again: time since boot begins at nothing under a new name.
    pub fn boot(&self) {
        self.change(|shown| {
            let number: u32 = shown.boot.rsplit('-').next().and_then(|n| n.parse().ok()).unwrap_or(1);
            shown.boot = format!("test-{}", number + 1);
            shown.mono_us = 0;
        });
    }

    fn change(&self, change: impl FnOnce(&mut Moment)) {
        // A poisoned lock still holds a whole value: every change is one assignment.
        change(&mut self.shown.lock().unwrap_or_else(std::sync::PoisonError::into_inner));
    }
}

impl Clock for SetClock {
    fn now(&self) -> Moment {
        let shown = self.shown.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        later(&shown, self.running.map_or(Duration::ZERO, |since| since.elapsed()))
    }

    fn is_set(&self) -> bool {
        true
    }
}

fn later(moment: &Moment, time: Duration) -> Moment {
    let micros = u64::try_from(time.as_micros()).unwrap_or(u64::MAX);
    let at = moved(moment.at, jiff::SignedDuration::try_from(time).unwrap_or(jiff::SignedDuration::MAX));
    Moment { at, mono_us: moment.mono_us.saturating_add(micros), boot: moment.boot.clone() }
}

fn moved(stamp: Stamp, by: jiff::SignedDuration) -> Stamp {
    Stamp::new(stamp.instant.checked_add(by).unwrap_or(stamp.instant), stamp.offset)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_since_boot_never_goes_back_and_the_boot_keeps_its_name() {
        let clock = SystemClock::new();
        let first = clock.now();
        let second = SystemClock::new().now();
        assert!(second.mono_us >= first.mono_us);
        assert_eq!(second.boot, first.boot);
        assert!(!clock.is_set());
    }

    #[test]
    fn the_wall_clock_is_close_to_the_systems() {
        let seen = SystemClock::new().now().at.instant.as_second();
        assert!((Timestamp::now().as_second() - seen).abs() <= 2);
    }

    #[test]
    fn a_set_clock_shows_what_it_was_set_to_and_says_so() {
        let at: Stamp = "2026-11-23T02:15:00+07:00".parse().unwrap();
        let clock = SetClock::standing(at);
        let first = clock.now();
        assert_eq!(first.at, at);
        assert!(clock.is_set());
        clock.pass(Duration::from_secs(90));
        assert_eq!(clock.now().since(&first), (Duration::from_secs(90), true));
        clock.step(-3600);
        assert_eq!(clock.now().since(&first), (Duration::from_secs(90), true), "the boot clock does not step");
        clock.boot();
        assert_eq!(clock.now().since(&first), (Duration::ZERO, false), "across a boot only wall time is left");
    }
}
