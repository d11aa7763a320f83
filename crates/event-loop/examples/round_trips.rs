//! Round trips to the pool per second: through the loop's own queue, through plain `uv_queue_work`, and in Node.
//!
//! ```text
//! cargo run --release -p nodecore-event-loop --example round_trips [SECONDS [NAME]]
//! ```
//!
//! An operation is one `stat` of the current directory, on all three; `empty` is one that does nothing, which
//! Node cannot do. `NODECORE_NODE` names the Node to use (default: `node` of the PATH); without one its lines
//! are left out; so are those whose line does not contain NAME. Several rounds take turns in one run, and the medians are compared.

#![allow(clippy::disallowed_methods)]

use std::cell::Cell;
use std::process::Command;
use std::rc::Rc;
use std::time::{Duration, Instant};

use nodecore_error::Result;
use nodecore_event_loop::{EventLoop, OperationExt, PoolFeed, RunMode, blocking};

const ROUNDS: usize = 5;

#[derive(Clone, Copy)]
enum Work {
    Empty,
    Stat,
}

/// Keeps `width` operations going for about `length`; gives round trips per second.
fn ours(feed: PoolFeed, work: Work, width: usize, length: Duration) -> Result<f64> {
    struct Bench {
        lp: EventLoop,
        work: Work,
        count: Cell<u64>,
        end: Instant,
    }
    fn start(bench: &Rc<Bench>) {
        let again = Rc::clone(bench);
        let done = move |result: Result<()>| {
            if let Err(error) = result {
                eprintln!("{error}");
            }
            again.count.set(again.count.get() + 1);
            if Instant::now() < again.end {
                start(&again);
            }
        };
        match bench.work {
            Work::Empty => blocking(|| Ok(())).spawn(&bench.lp, done),
            Work::Stat => blocking(|| {
                let _metadata = std::fs::metadata(".");
                Ok(())
            })
            .spawn(&bench.lp, done),
        };
    }
    let lp = EventLoop::new()?;
    lp.set_pool_feed(feed);
    let begin = Instant::now();
    let bench = Rc::new(Bench { lp: lp.clone(), work, count: Cell::new(0), end: begin + length });
    for _ in 0..width {
        start(&bench);
    }
    lp.run(RunMode::Default);
    #[allow(clippy::cast_precision_loss)]
    Ok(bench.count.get() as f64 / begin.elapsed().as_secs_f64())
}

/// The same in Node, or `None` without one.
fn node(width: usize, length: Duration) -> Option<f64> {
    const SCRIPT: &str = r"
        const { stat } = require('fs');
        const [width, ms] = process.argv.slice(1).map(Number);
        let count = 0, begin;
        function run(length, then) {
          count = 0; let live = width; begin = performance.now();
          const done = () => {
            count++;
            if (performance.now() - begin < length) stat('.', done);
            else if (--live === 0) then(count / (performance.now() - begin) * 1000);
          };
          for (let i = 0; i < width; i++) stat('.', done);
        }
        run(ms / 4, () => run(ms, console.log));
    ";
    let program = std::env::var_os("NODECORE_NODE").unwrap_or_else(|| "node".into());
    let length = length.as_millis().to_string();
    let output = Command::new(program).args(["-e", SCRIPT, &width.to_string(), &length]).output().ok()?;
    String::from_utf8(output.stdout).ok()?.trim().parse().ok()
}

fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

fn main() -> Result<()> {
    let seconds = std::env::args().nth(1).and_then(|text| text.parse().ok()).unwrap_or(0.5);
    let length = Duration::from_secs_f64(seconds);
    let name_part = std::env::args().nth(2).unwrap_or_default();
    type Run = Box<dyn Fn(usize) -> Option<f64>>;
    let feed = move |feed, work| -> Run { Box::new(move |width| ours(feed, work, width, length).ok()) };
    let runs: [(&str, Run); 5] = [
        ("stat, our queue", feed(PoolFeed::Queue, Work::Stat)),
        ("stat, uv_queue_work", feed(PoolFeed::Plain, Work::Stat)),
        ("stat, node", Box::new(move |width| node(width, length))),
        ("empty, our queue", feed(PoolFeed::Queue, Work::Empty)),
        ("empty, uv_queue_work", feed(PoolFeed::Plain, Work::Empty)),
    ];
    println!("{:<22} {:>5} {:>14} {:>12} {:>8}", "round trips", "width", "per second", "each", "ratio");
    for width in [1, 64] {
        let mut figures = runs.each_ref().map(|_| Vec::new());
        for _ in 0..ROUNDS {
            for (figures, (name, run)) in figures.iter_mut().zip(&runs) {
                if format!("{name} {width}").contains(&name_part) {
                    figures.extend(run(width));
                }
            }
        }
        let medians = figures.map(|mut figures| (!figures.is_empty()).then(|| median(&mut figures)));
        for (index, ((name, _), &figure)) in runs.iter().zip(&medians).enumerate() {
            let ours = if index < 3 { medians[0] } else { medians[3] };
            match (figure, ours) {
                (Some(figure), Some(ours)) => println!(
                    "{name:<22} {width:>5} {figure:>14.0} {:>9.2} µs {:>7.2}x",
                    1e6 / figure,
                    ours / figure
                ),
                _ => println!("{name:<22} {width:>5} left out"),
            }
        }
    }
    Ok(())
}
