//! Progress for people: a bar while a step runs, a line with its time when it is done.

use crate::progress::{Progress, Step};
use indicatif::{ProgressBar, ProgressStyle};
use std::time::{Duration, Instant};

/// Shows steps on the terminal.
pub struct Bars;

struct Bar {
    label: String,
    begun: Instant,
    bar: ProgressBar,
}

impl Progress for Bars {
    fn step(&self, label: &str, total: u64) -> Box<dyn Step> {
        let bar = ProgressBar::new(total);
        if let Ok(style) = ProgressStyle::with_template("{msg} [{bar:30}] {pos}/{len} {elapsed}") {
            bar.set_style(style.progress_chars("━╸ "));
        }
        bar.set_message(label.to_owned());
        bar.enable_steady_tick(Duration::from_millis(200));
        Box::new(Bar { label: label.to_owned(), begun: Instant::now(), bar })
    }
}

impl Step for Bar {
    fn advance(&self, pieces: u64) {
        self.bar.inc(pieces);
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
        eprintln!("  {:>6.2} 秒  {}", self.begun.elapsed().as_secs_f64(), self.label);
    }
}
