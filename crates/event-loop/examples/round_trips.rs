//! Round trips to the pool per second: through the loop's own queue, through plain `uv_queue_work`, and in Node.
//!
//! ```text
//! cargo run --release -p nodecore-event-loop --example round_trips [SECONDS [NAME]]
//! ```
//!
//! An operation is one `stat` of the current directory, on all three; `empty` is one that does nothing, which
//! Node cannot do. `NODECORE_NODE` names the Node to use (default: `node` of the PATH); without one its lines
//! are left out, and so are those that do not contain NAME. Each measurement is a process of its own; they
//! take turns for several rounds, and the medians are compared.

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

const NODE: &str = r"
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

/// Runs one of them in a process of its own, so that none inherits the scheduler's debts of another.
fn measure(name: &str, width: usize, length: Duration) -> Option<f64> {
    let (width, length) = (width.to_string(), length.as_millis().to_string());
    let mut command = if name.ends_with("node") {
        let node = std::env::var_os("NODECORE_NODE").unwrap_or_else(|| "node".into());
        let mut command = Command::new(node);
        command.args(["-e", NODE, &width, &length]);
        command
    } else {
        let mut command = Command::new(std::env::current_exe().ok()?);
        command.args(["--child", name, &width, &length]);
        command
    };
    String::from_utf8(command.output().ok()?.stdout).ok()?.trim().parse().ok()
}

fn child(name: &str, width: usize, length: Duration) -> Result<()> {
    let feed = if name.ends_with("our queue") { PoolFeed::Queue } else { PoolFeed::Plain };
    let work = if name.starts_with("empty") { Work::Empty } else { Work::Stat };
    ours(feed, work, width, length / 4)?;
    println!("{}", ours(feed, work, width, length)?);
    Ok(())
}

fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

const NAMES: [&str; 5] =
    ["stat, our queue", "stat, uv_queue_work", "stat, node", "empty, our queue", "empty, uv_queue_work"];

fn main() -> Result<()> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    if let [flag, name, width, length] = args.as_slice()
        && flag == "--child"
    {
        let number = |text: &str| text.parse().unwrap_or(1);
        return child(name, number(width), Duration::from_millis(number(length) as u64));
    }
    let seconds = args.first().and_then(|text| text.parse().ok()).unwrap_or(0.5);
    let length = Duration::from_secs_f64(seconds);
    let part = args.get(1).map_or("", String::as_str);
    println!("{:<22} {:>5} {:>14} {:>12} {:>8}", "round trips", "width", "per second", "each", "ratio");
    for width in [1, 64] {
        let mut figures = NAMES.map(|_| Vec::new());
        for _ in 0..ROUNDS {
            for (figures, name) in figures.iter_mut().zip(NAMES) {
                if format!("{name} {width}").contains(part) {
                    figures.extend(measure(name, width, length));
                }
            }
        }
        let medians = figures.map(|mut figures| (!figures.is_empty()).then(|| median(&mut figures)));
        for (index, (name, figure)) in NAMES.into_iter().zip(medians).enumerate() {
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
