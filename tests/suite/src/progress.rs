//! How far long work is: a bar on a terminal, a line for each tenth elsewhere.

use std::io::IsTerminal;

use indicatif::{ProgressBar, ProgressStyle};

/// Some steps of a known number.
pub struct Progress {
    what: &'static str,
    steps: u64,
    tenths: u64,
    bar: Option<ProgressBar>,
}

impl Progress {
    /// Begins; on a terminal, a bar appears on the standard error.
    pub fn of(what: &'static str, steps: u64) -> Progress {
        let bar = std::io::stderr().is_terminal().then(|| {
            let style = ProgressStyle::with_template("{msg} {wide_bar} {pos}/{len}, {eta} left");
            let bar = ProgressBar::new(steps).with_style(style.expect("a template"));
            bar.with_message(what)
        });
        Progress {
            what,
            steps,
            tenths: 0,
            bar,
        }
    }

    /// So many steps are done.
    pub fn is_at(&mut self, step: u64) {
        if let Some(bar) = &self.bar {
            return bar.set_position(step);
        }
        let tenths = (10 * step).checked_div(self.steps).unwrap_or(10).min(10);
        if tenths > self.tenths {
            self.tenths = tenths;
            eprintln!("{}: {step} of {}", self.what, self.steps);
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
