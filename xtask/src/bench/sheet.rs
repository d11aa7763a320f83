//! Work that is many rows: a process does all of them in turn, and prints a line for each that it has a body for.

use super::{Bench, Figure, Row, Series};
use crate::kit::{self, Result};
use serde::Deserialize;
use std::collections::BTreeMap;

const KIB: usize = 1 << 10;
const MIB: usize = 1 << 20;
/// A row takes about so long in each process.
const MILLISECONDS: usize = 50;
/// The runner beside whose output ours is measured.
const NODE: &str = "Node";

/// A line of a process.
#[derive(Debug, Deserialize)]
struct Cell {
    cell: String,
    ns: f64,
    size: f64,
}

/// The rows of the sheets of zlib, `codec/level/data/bytes`, whose data are `largest` bytes at most.
fn cells(largest: usize) -> Vec<String> {
    let mut cells = Vec::new();
    let mut add = |codec: &str, levels: &[i32], kinds: &[&str], sizes: &[usize]| {
        for kind in kinds {
            for size in sizes {
                cells.extend(levels.iter().map(|level| format!("{codec}/{level}/{kind}/{size}")));
            }
        }
    };
    let (all, text) = (&["source", "json", "elf", "random"][..], &["source", "json"][..]);
    if largest > 8 * MIB {
        add("gzip", &[1, 6], &["source", "elf"], &[largest]);
        add("gunzip", &[6], &["source", "elf"], &[largest]);
        add("stream-gzip", &[6], &["source"], &[largest]);
        add("stream-gunzip", &[6], &["source"], &[largest]);
        add("zstd", &[3], &["source"], &[largest]);
        return cells;
    }
    add("gzip", &[1, 6, 9], all, &[KIB, 64 * KIB, largest]);
    add("gunzip", &[6], all, &[KIB, 64 * KIB, largest]);
    add("inflate", &[6], &["source", "elf"], &[KIB, 64 * KIB, largest]);
    for codec in ["gzip", "gunzip"] {
        add(codec, &[6], text, &[256]);
    }
    add("inflate", &[6], text, &[256]);
    for codec in ["deflate", "inflate-raw"] {
        add(codec, &[6], text, &[256, KIB]);
    }
    add("stream-gzip", &[6], &["source", "elf"], &[largest]);
    add("stream-gunzip", &[6], &["source", "elf"], &[largest]);
    add("file-gzip-file", &[6], &["source"], &[largest]);
    add("brotli", &[4, 5], &["source", "elf"], &[KIB, 64 * KIB, largest]);
    add("brotli", &[11], &["source", "elf"], &[64 * KIB]);
    add("unbrotli", &[5], &["source", "elf"], &[KIB, largest]);
    add("zstd", &[1, 3], &["source", "elf"], &[KIB, 64 * KIB, largest]);
    add("zstd", &[19], &["source", "elf"], &[64 * KIB]);
    add("unzstd", &[3], &["source", "elf"], &[KIB, largest]);
    cells
}

impl Bench<'_> {
    /// Runs every process over all rows, round after round, and prints the rows. The fastest round counts: what a busy
    /// machine adds is no part of the work.
    pub(super) fn sheet(&self, largest: usize) -> Result<Vec<Row>> {
        let cells = cells(largest);
        let mut commands = self.commands()?;
        let mut found: BTreeMap<(&str, usize), Series> = BTreeMap::new();
        let order: Vec<usize> = commands.keys().copied().collect();
        for round in 0..self.rounds {
            for step in 0..order.len() {
                let runner = order[(round + step) % order.len()];
                let Some(command) = commands.get_mut(&runner) else { continue };
                command
                    .env("NODECORE_BENCH_CELLS", cells.join("\n"))
                    .env("NODECORE_BENCH_MS", MILLISECONDS.to_string());
                let ran = kit::run(command)?;
                if !ran.good {
                    return Err(format!("{} failed:\n{}", self.runners[runner].name(), ran.err).into());
                }
                for line in ran.out.lines() {
                    let cell: Cell = serde_json::from_str(line)?;
                    let name = cells.iter().find(|name| **name == cell.cell).ok_or("a row of its own")?;
                    let series = found.entry((name, runner));
                    let empty = || Series { runner, rounds: Vec::new(), size: Some(cell.size) };
                    series.or_insert_with(empty).rounds.push(cell.ns);
                }
            }
        }
        let mut rows = Vec::new();
        for name in &cells {
            let bytes = name.rsplit('/').next().and_then(|bytes| bytes.parse().ok()).unwrap_or_default();
            let series: Vec<Series> = order
                .iter()
                .filter_map(|&runner| found.remove(&(name, runner)))
                .map(|series| Series { rounds: vec![series.min()], ..series })
                .collect();
            let (name, about) = (format!("{}/{name}", self.work.name), name.clone());
            rows.push(Row { name, about, figure: Figure::Bulk(bytes), series });
        }
        self.print_sheet(&rows, &order);
        Ok(rows)
    }

    fn print_sheet(&self, rows: &[Row], order: &[usize]) {
        print!("  {:<28}", "MB/s of plain bytes");
        for &runner in order {
            print!("{:>11}", self.runners[runner].name().replace("nodecore (Rust)", "nodecore"));
        }
        println!("{:>10}{:>11}{:>12}", "runtimes", "libraries", "size/Node");
        for row in rows {
            let bytes = if let Figure::Bulk(bytes) = row.figure { bytes } else { 0 };
            print!("  {:<28}", row.about);
            for &runner in order {
                match row.series.iter().find(|series| series.runner == runner) {
                    Some(series) => print!("{:>11.1}", bytes as f64 * 1e3 / series.min()),
                    None => print!("{:>11}", "-"),
                }
            }
            let ours = row.best(self.runners, true);
            let ratio = |is_runtime: bool| {
                let others = row.series.iter().filter(|series| {
                    let runner = &self.runners[series.runner];
                    !runner.is_ours() && matches!(runner, super::Runner::Js(_)) == is_runtime
                });
                let best = others.map(Series::min).min_by(f64::total_cmp)?;
                Some(best / ours?.min())
            };
            let node = row.series.iter().find(|series| self.runners[series.runner].name().starts_with(NODE));
            let size = ours.and_then(|ours| Some(ours.size? / node?.size?));
            let shown = |value: Option<f64>| value.map_or_else(|| "-".into(), |value| format!("{value:.2}x"));
            let size = size.map_or_else(|| "-".into(), |size| format!("{:+.1} %", (size - 1.0) * 100.0));
            println!("{:>10}{:>11}{size:>12}", shown(ratio(true)), shown(ratio(false)));
        }
        println!("  (times as fast as the best of the runtimes, and of the libraries; output beside Node's)");
    }
}
