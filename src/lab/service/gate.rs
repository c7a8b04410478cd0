//! The citizens' door of a service: how many are let in at the same time, and whom a filter drops.

use std::collections::{HashMap, HashSet};
use std::net::{IpAddr, SocketAddr};
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};
use std::{io, sync::Arc};

use axum::serve::Listener;
use serde::{Deserialize, Serialize};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, SemaphorePermit};

use crate::lab::ground::Front;

/// How many wait at the same time for a place; who comes when so many wait is turned away.
const MAX_WAITING: u32 = 512;
/// How long one waits for a place.
const PATIENCE: Duration = Duration::from_secs(10);
/// A source that opens more connections than this within [`WINDOW`] asks more often than a person does.
const MANY: u32 = 20;
const WINDOW: Duration = Duration::from_secs(2);
/// So many sources are counted at most.
const MAX_SOURCES: usize = 4096;

/// The citizens' door.
pub(super) struct Gate {
    places: Arc<Semaphore>,
    size: AtomicU32,
    waiting: AtomicU32,
    filter: AtomicBool,
    dropped: AtomicU64,
    sources: Mutex<Sources>,
}

#[derive(Default)]
struct Sources {
    counted: HashMap<IpAddr, (Instant, u32)>,
    dropped: HashSet<IpAddr>,
}

/// How the door is, as the operators' door tells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in super::super) struct GateStatus {
    /// How many are worked on at the same time.
    pub(in super::super) places: u32,
    /// Whether sources that ask too often are dropped.
    pub(in super::super) filter: bool,
    /// How many connections were dropped so far.
    pub(in super::super) dropped: u64,
}

impl Gate {
    pub(super) fn new(front: Front) -> Self {
        Self {
            places: Arc::new(Semaphore::new(front.places() as usize)),
            size: AtomicU32::new(front.places()),
            waiting: AtomicU32::new(0),
            filter: AtomicBool::new(front.filter),
            dropped: AtomicU64::new(0),
            sources: Mutex::default(),
        }
    }

    /// Sets the door as `front` says.
    pub(super) fn set(&self, front: Front) {
        if !front.filter && self.filter.load(Ordering::Relaxed) {
            *self.sources.lock().unwrap_or_else(PoisonError::into_inner) = Sources::default();
        }
        self.filter.store(front.filter, Ordering::Relaxed);
        let (was, now) = (self.size.swap(front.places(), Ordering::Relaxed), front.places());
        if now > was {
            self.places.add_permits((now - was) as usize);
        } else if now < was {
            let places = Arc::clone(&self.places);
            tokio::spawn(async move {
                if let Ok(gone) = places.acquire_many(was - now).await {
                    gone.forget();
                }
            });
        }
    }

    pub(super) fn status(&self) -> GateStatus {
        GateStatus {
            places: self.size.load(Ordering::Relaxed),
            filter: self.filter.load(Ordering::Relaxed),
            dropped: self.dropped.load(Ordering::Relaxed),
        }
    }

    /// A place to be worked on, when one is free; none where too many wait or the wait was too long.
    pub(super) async fn place(&self) -> Option<SemaphorePermit<'_>> {
        // Who gives up while waiting is dropped with the request: the count must go down all the same.
        struct Waiting<'a>(&'a AtomicU32);
        impl Drop for Waiting<'_> {
            fn drop(&mut self) {
                self.0.fetch_sub(1, Ordering::Relaxed);
            }
        }
        let before = self.waiting.fetch_add(1, Ordering::Relaxed);
        let _waiting = Waiting(&self.waiting);
        if before >= MAX_WAITING {
            return None;
        }
        tokio::time::timeout(PATIENCE, self.places.acquire()).await.ok()?.ok()
    }

    /// Whether a connection from `source` is let in.
    fn admits(&self, source: IpAddr) -> bool {
        let mut sources = self.sources.lock().unwrap_or_else(PoisonError::into_inner);
        let filter = self.filter.load(Ordering::Relaxed);
        if filter && sources.dropped.contains(&source) {
            self.dropped.fetch_add(1, Ordering::Relaxed);
            return false;
        }
        let now = Instant::now();
        if sources.counted.len() >= MAX_SOURCES {
            sources.counted.clear();
        }
        let counted = sources.counted.entry(source).or_insert((now, 0));
        if now.duration_since(counted.0) > WINDOW {
            *counted = (now, 0);
        }
        counted.1 += 1;
        if filter && counted.1 > MANY {
            sources.dropped.insert(source);
        }
        true
    }
}

/// An open port with the gate in it: who is dropped never reaches the service.
pub(super) struct Guarded {
    pub(super) listener: TcpListener,
    pub(super) gate: Arc<Gate>,
}

impl Listener for Guarded {
    type Io = TcpStream;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (TcpStream, SocketAddr) {
        loop {
            let (stream, from) = Listener::accept(&mut self.listener).await;
            if self.gate.admits(from.ip()) {
                return (stream, from);
            }
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }
}
