//! Long work that Ctrl-C gives up.

use anyhow::{Context, bail};
use tokio::signal::unix::{SignalKind, signal};

/// Runs `work` on a thread of its own. When the user interrupts the program first, the answer is an
/// error at once, so that the caller can clean up; the thread ends with the program.
pub(super) fn unless_interrupted<T: Send + 'static>(
    work: impl FnOnce() -> anyhow::Result<T> + Send + 'static,
) -> anyhow::Result<T> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .context("作業用のスレッドを用意できません")?;
    runtime.block_on(async {
        let mut interrupt = signal(SignalKind::interrupt()).context("Ctrl-C を受け取れません")?;
        let mut terminate = signal(SignalKind::terminate()).context("終了の合図を受け取れません")?;
        let (tell, told) = tokio::sync::oneshot::channel();
        std::thread::spawn(move || tell.send(work()));
        tokio::select! {
            result = told => result.context("計算が途中で止まりました。この入力とともに開発者に知らせてください")?,
            _ = interrupt.recv() => bail!("中断しました。前の結果はそのままです"),
            _ = terminate.recv() => bail!("終了の合図で中断しました。前の結果はそのままです"),
        }
    })
}
