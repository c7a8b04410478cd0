//! The doors of a service: ports with something behind them.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, oneshot};
use tokio::task::{JoinHandle, JoinSet};
use tokio_rustls::TlsAcceptor;

use super::{Service, conference};
use crate::lab::certificate;

/// How many connections a door of a kind of its own holds at once.
const CONNECTIONS: usize = 256;
const SHAKE: Duration = Duration::from_secs(3);
/// How long one connection under a certificate may last.
const LASTS: Duration = Duration::from_secs(30);

/// An open port with what is behind it.
pub(super) struct Door {
    shut: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

impl Door {
    /// HTTP.
    pub(super) fn http(listener: impl axum::serve::Listener<Addr: std::fmt::Debug>, behind: Router) -> Self {
        let (shut, told) = oneshot::channel();
        let task = tokio::spawn(async move {
            let until = async move {
                let _ = told.await;
            };
            if let Err(error) = axum::serve(listener, behind).with_graceful_shutdown(until).await {
                tracing::warn!(%error, "a door of the lab closed");
            }
        });
        Self { shut, task }
    }

    /// TLS before the door at `public`, as a proxy stands before a portal. The certificate is read for every connection, so
    /// that a new one counts at once.
    pub(super) fn tls(listener: TcpListener, service: Arc<Service>, public: u16) -> Self {
        Self::each(listener, move |stream| {
            let service = Arc::clone(&service);
            async move {
                let config = match certificate::serving(&service.home) {
                    Ok(config) => config,
                    Err(error) => return tracing::warn!(%error, "no certificate to serve under"),
                };
                let shaken = tokio::time::timeout(SHAKE, TlsAcceptor::from(config).accept(stream)).await;
                // Who does not take the certificate has gone.
                let Ok(Ok(mut outside)) = shaken else { return };
                let Ok(mut inside) = TcpStream::connect(("127.0.0.1", public)).await else { return };
                let _ = tokio::time::timeout(LASTS, copy_bidirectional(&mut outside, &mut inside)).await;
            }
        })
    }

    /// Sessions of a conference.
    pub(super) fn sessions(listener: TcpListener, service: Arc<Service>) -> Self {
        Self::each(listener, move |stream| conference::session(Arc::clone(&service), stream))
    }

    /// Has `hold` hold each connection; all of them end with the door.
    fn each<F>(listener: TcpListener, hold: impl Fn(TcpStream) -> F + Send + 'static) -> Self
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let (shut, mut told) = oneshot::channel::<()>();
        let task = tokio::spawn(async move {
            let room = Arc::new(Semaphore::new(CONNECTIONS));
            let mut sessions = JoinSet::new();
            loop {
                tokio::select! {
                    _ = &mut told => return,
                    Some(_) = sessions.join_next() => {}
                    accepted = listener.accept() => {
                        let Ok((stream, _)) = accepted else { continue };
                        // Where there is no room the caller is sent away at once.
                        let Ok(permit) = Arc::clone(&room).try_acquire_owned() else { continue };
                        let holding = hold(stream);
                        sessions.spawn(async move {
                            holding.await;
                            drop(permit);
                        });
                    }
                }
            }
        });
        Self { shut, task }
    }

    /// Closes the port, and every connection: of HTTP when its request is answered.
    pub(super) async fn close(self) {
        drop(self.shut);
        let _ = tokio::time::timeout(Duration::from_secs(1), self.task).await;
    }
}
