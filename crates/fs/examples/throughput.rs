//! Prints how fast the common operations are: `cargo run --release -p nodecore-fs --example throughput`.
//!
//! Every figure is the best of several rounds. Compare only with what was measured beside it, in one run.

#![allow(clippy::unwrap_used, clippy::cast_precision_loss)]

use std::cell::Cell;
use std::hint::black_box;
use std::rc::Rc;
use std::time::{Duration, Instant};

use nodecore_error::Result;
use nodecore_event_loop::{EventLoop, RunMode};
use nodecore_fs as fs;

const ROUNDS: usize = 30;

fn best(rounds: usize, mut work: impl FnMut()) -> Duration {
    let mut best = Duration::MAX;
    for _ in 0..rounds {
        let begin = Instant::now();
        work();
        best = best.min(begin.elapsed());
    }
    best
}

fn report(name: &str, time: Duration, per: u32) {
    let nanos = time.as_nanos() as f64 / f64::from(per);
    let (value, unit) = match nanos {
        0.0..1e3 => (nanos, "ns"),
        1e3..1e6 => (nanos / 1e3, "µs"),
        _ => (nanos / 1e6, "ms"),
    };
    println!("{name:40} {value:8.2} {unit}");
}

/// Starts `count` operations at once and runs the loop until all are done.
fn at_once(lp: &EventLoop, count: usize, start: impl Fn(usize, Box<dyn FnOnce(bool)>)) {
    let good = Rc::new(Cell::new(0));
    for index in 0..count {
        let good = Rc::clone(&good);
        start(index, Box::new(move |ok| good.set(good.get() + usize::from(ok))));
    }
    lp.run(RunMode::Default);
    assert_eq!(good.get(), count);
}

fn main() -> Result<()> {
    let dir = fs::mkdtemp_sync(std::env::temp_dir().join("nodecore-throughput-"))?;
    let lp = EventLoop::new()?;
    let files: Vec<_> = (0..64).map(|index| dir.join(format!("f{index}"))).collect();
    for file in &files {
        fs::write_file_sync(file, [b'x'; 4096], &Default::default())?;
    }
    let many = dir.join("many");
    fs::mkdir_sync(&many, &Default::default())?;
    for index in 0..4026 {
        fs::write_file_sync(
            many.join(format!("entry-{:06}.txt", index * 7919 % 100_003)),
            "",
            &Default::default(),
        )?;
    }
    let big = dir.join("big");
    fs::write_file_sync(&big, vec![b'x'; 8 << 20], &Default::default())?;

    const CALLS: u32 = 1000;
    let one = files[0].to_str().unwrap();
    report("statSync", best(ROUNDS, || (0..CALLS).for_each(|_| drop(black_box(fs::stat_sync(one))))), CALLS);
    report(
        "existsSync",
        best(ROUNDS, || {
            (0..CALLS).for_each(|_| {
                black_box(fs::exists_sync(one));
            })
        }),
        CALLS,
    );
    report("  std::fs::metadata", best(ROUNDS, || (0..CALLS).for_each(|_| drop(std_stat(one)))), CALLS);
    let options = fs::ReadFileOptions::default();
    let read = || (0..CALLS).for_each(|_| drop(black_box(fs::read_file_sync(one, &options).unwrap())));
    report("readFileSync, 4 KiB", best(ROUNDS, read), CALLS);
    report("  std::fs::read", best(ROUNDS, || (0..CALLS).for_each(|_| drop(std_read(one)))), CALLS);
    let list = fs::ReaddirOptions::default();
    report("readdirSync, 4026 entries", best(ROUNDS, || drop(fs::readdir_sync(&many, &list).unwrap())), 1);
    let typed = list.with_file_types(true);
    let strings =
        || drop(fs::readdir_sync(&many, &list).unwrap().to_strings(nodecore_buffer::Encoding::Utf8));
    report("  the same, with a String each", best(ROUNDS, strings), 1);
    report("  the same, withFileTypes", best(ROUNDS, || drop(fs::readdir_sync(&many, &typed).unwrap())), 1);

    let parallel = || {
        at_once(&lp, files.len(), |index, done| {
            fs::read_file(&lp, &files[index], &options, |read| done(read.is_ok())).unwrap();
        });
    };
    report("readFile ×64 at once, 4 KiB", best(200, parallel), 1);
    let serial = || {
        lp.block_on(async {
            for file in &files {
                fs::promises::read_file(&lp, file, &options).await.unwrap();
            }
        });
    };
    report("readFile ×64 one after another", best(200, serial), 1);
    let parallel = || {
        at_once(&lp, files.len(), |index, done| {
            fs::stat(&lp, &files[index], |stats| done(stats.is_ok())).unwrap();
        });
    };
    report("stat ×64 at once", best(200, parallel), 1);
    let drain = || {
        let stream = fs::create_read_stream(&lp, &big, &Default::default()).unwrap();
        let total = Rc::new(Cell::new(0));
        let sum = Rc::clone(&total);
        stream.on_data(move |chunk| sum.set(sum.get() + chunk.len()));
        lp.run(RunMode::Default);
        assert_eq!(total.get(), 8 << 20);
    };
    report("createReadStream, 8 MiB drained", best(100, drain), 1);
    report("  readFileSync of the same", best(ROUNDS, || drop(fs::read_file_sync(&big, &options))), 1);

    for entry in fs::readdir_sync(&many, &list)?.iter() {
        fs::unlink_sync(many.join(entry.file_name()))?;
    }
    fs::rmdir_sync(&many)?;
    files.iter().try_for_each(fs::unlink_sync)?;
    fs::unlink_sync(&big)?;
    fs::rmdir_sync(&dir)
}

#[allow(clippy::disallowed_methods, reason = "the floor to compare with")]
fn std_stat(path: &str) -> std::io::Result<std::fs::Metadata> {
    std::fs::metadata(path)
}

#[allow(clippy::disallowed_methods, reason = "the floor to compare with")]
fn std_read(path: &str) -> std::io::Result<Vec<u8>> {
    std::fs::read(path)
}
