//! Ending: gently on the first signal, at once on the second or when patience is at its end.

use axum::Router;
use std::io;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::oneshot;
use tokio::time::sleep;

/// How long requests under way are waited for. A download that has stalled would never end.
const PATIENCE: Duration = Duration::from_secs(3);

/// Ctrl-C and SIGTERM.
pub struct Signals {
    interrupt: Signal,
    terminate: Signal,
}

impl Signals {
    /// Begins to listen; from now on the signals do not end the program by themselves.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn listen() -> io::Result<Self> {
        Ok(Self { interrupt: signal(SignalKind::interrupt())?, terminate: signal(SignalKind::terminate())? })
    }

    /// Waits for the next of them.
    pub async fn next(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}

/// Serves until `signal` has come, and then until the requests under way are answered, or
/// `signal` has come again, or [`PATIENCE`] is over.
///
/// # Errors
/// When the network fails.
pub async fn serve_until(
    listener: TcpListener,
    router: Router,
    mut signal: impl AsyncFnMut(),
) -> io::Result<()> {
    let (end, told_to_end) = oneshot::channel::<()>();
    let server = axum::serve(listener, router).with_graceful_shutdown(async {
        let _ = told_to_end.await;
    });
    let impatience = async {
        signal().await;
        let _ = end.send(());
        tokio::select! {
            () = signal() => {}
            () = sleep(PATIENCE) => {}
        }
    };
    tokio::select! {
        ended = server.into_future() => ended,
        () = impatience => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::routing::get;
    use std::time::Instant;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpStream;
    use tokio::sync::mpsc;

    /// How long a server takes to end after that many signals, while somebody asks for `path` and
    /// takes no more than the first bytes of the answer.
    async fn seconds_to_end(path: &str, signals: usize) -> f64 {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let router = Router::new()
            .route("/short", get(async || "short"))
            .route("/long", get(async || vec![0_u8; 64 << 20]));
        let (send, mut told) = mpsc::channel::<()>(2);
        let server = tokio::spawn(serve_until(listener, router, async move || {
            told.recv().await;
        }));
        let mut client = TcpStream::connect(address).await.unwrap();
        let request = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n");
        client.write_all(request.as_bytes()).await.unwrap();
        assert!(client.read(&mut [0; 512]).await.unwrap() > 0);
        let begun = Instant::now();
        for _ in 0..signals {
            send.send(()).await.unwrap();
        }
        server.await.unwrap().unwrap();
        begun.elapsed().as_secs_f64()
    }

    #[tokio::test]
    async fn without_requests_under_way_the_first_signal_ends_at_once() {
        let seconds = seconds_to_end("/short", 1).await;
        assert!(seconds < 1.0, "{seconds}");
    }

    #[tokio::test]
    async fn a_stalled_download_is_waited_for_three_seconds_and_no_longer() {
        let seconds = seconds_to_end("/long", 1).await;
        assert!((3.0..5.0).contains(&seconds), "{seconds}");
    }

    #[tokio::test]
    async fn the_second_signal_ends_at_once() {
        let seconds = seconds_to_end("/long", 2).await;
        assert!(seconds < 1.0, "{seconds}");
    }
}
