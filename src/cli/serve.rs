//! `keniki serve DIR`: the workbench in the browser.

use anyhow::Context;
use std::net::SocketAddr;
use std::path::Path;

/// Serves a planned study on this machine until it is told to stop.
pub(super) fn run(folder: &Path, port: u16) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("作業用のスレッドを用意できません")?;
    let told = |address: SocketAddr| println!("画面: http://{address}/  （終了は Ctrl-C）");
    let served = runtime.block_on(crate::serve::serve(folder, port, told));
    // What is still being computed would only be thrown away.
    runtime.shutdown_background();
    served?;
    Ok(())
}
