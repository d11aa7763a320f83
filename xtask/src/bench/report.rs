//! The results as a table, as JSON and as a bar chart.

use super::{Figure, Row, Runner};
use crate::kit::Result;
use serde_json::json;
use std::fmt::Write as _;

/// The runner that is nodecore itself with the same text as UTF-8, beside other forms of text.
const UTF8_INPUT: &str = "UTF-8 input";

/// Prints a row: a line for each runner, fastest first, and how ours compares with the best peer.
pub(super) fn print(row: &Row, runners: &[Runner]) {
    let mut series: Vec<_> = row.series.iter().collect();
    series.sort_by(|a, b| a.median().total_cmp(&b.median()));
    for series in series {
        let figure = row.figure;
        let rate = figure.throughput(series.median()).map(|rate| format!("  {rate}")).unwrap_or_default();
        println!(
            "  {:<18} {:>10}   ({} … {}){rate}",
            runners[series.runner].name(),
            figure.show(series.median()),
            figure.show(series.min()),
            figure.show(series.max()),
        );
    }
    let (ratio, best) = (row.ratio(runners), row.best(runners, false));
    if let (Some(ratio), Some(best)) = (ratio, best)
        && runners[best.runner].name() == UTF8_INPUT
    {
        println!("  {:.2} times the cost of UTF-8 input", 1.0 / ratio);
    } else if let (Some(ratio), Some(best)) = (ratio, best) {
        println!("  {ratio:.2} {} the best peer, {}", row.figure.better(), runners[best.runner].name());
    }
}

pub(super) fn json(rows: &[Row], runners: &[Runner], rounds: usize) -> Result<String> {
    let results: Vec<_> = rows
        .iter()
        .map(|row| {
            let unit = if row.figure == Figure::Peak { "bytes" } else { "ns" };
            let series: Vec<_> = row
                .series
                .iter()
                .map(|series| {
                    json!({
                        "runner": runners[series.runner].name(),
                        format!("median_{unit}"): series.median(),
                        format!("min_{unit}"): series.min(),
                        format!("max_{unit}"): series.max(),
                        format!("rounds_{unit}"): series.rounds,
                        "size": series.size,
                    })
                })
                .collect();
            json!({
                "name": row.name,
                "about": row.about,
                "bytes": match row.figure {
                    Figure::Bulk(bytes) => Some(bytes),
                    _ => None,
                },
                "series": series,
                "best_peer": row.best(runners, false).map(|best| runners[best.runner].name()),
                "times_as_fast": row.ratio(runners),
            })
        })
        .collect();
    let runners: Vec<_> = runners
        .iter()
        .map(|runner| json!({ "name": runner.name(), "version": runner.version(), "ours": runner.is_ours() }))
        .collect();
    let whole = json!({
        "cpu": cpu(),
        "threads": std::thread::available_parallelism()?.get(),
        "rounds": rounds,
        "runners": runners,
        "results": results,
    });
    Ok(serde_json::to_string_pretty(&whole)? + "\n")
}

/// The processor's name where the system tells it.
fn cpu() -> String {
    let text = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let line = text.lines().find(|line| line.starts_with("model name"));
    line.and_then(|line| line.split_once(": "))
        .map_or_else(|| std::env::consts::ARCH.to_owned(), |(_, name)| name.into())
}

const WIDTH: f64 = 860.0;
const LEFT: f64 = 150.0;
const BAR: f64 = 16.0;
const STEP: f64 = 20.0;
const HEAD: f64 = 30.0;
const FOOT: f64 = 14.0;
/// What a bar may take, so that its text still fits beside it.
const LONGEST: f64 = WIDTH - LEFT - 260.0;

/// A panel of horizontal bars for each row: time or memory, so shorter is better; thin lines show the spread.
pub(super) fn svg(rows: &[Row], runners: &[Runner]) -> String {
    let mut body = String::new();
    let mut y = 46.0;
    for row in rows {
        y = panel(&mut body, row, runners, y);
    }
    let height = y + 6.0;
    let mut out = String::new();
    let _ = writeln!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{WIDTH}\" height=\"{height:.0}\" \
         viewBox=\"0 0 {WIDTH} {height:.0}\" font-family=\"system-ui, sans-serif\" font-size=\"12\">\n\
         <rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n\
         <text x=\"16\" y=\"26\" font-size=\"15\" font-weight=\"600\" fill=\"#222\">Time per operation or memory, shorter is better \
         <tspan font-weight=\"400\" fill=\"#666\" font-size=\"12\">({})</tspan></text>",
        escape(&cpu())
    );
    out + &body + "</svg>\n"
}

fn panel(out: &mut String, row: &Row, runners: &[Runner], mut y: f64) -> f64 {
    let longest = row.series.iter().map(super::Series::max).fold(f64::MIN_POSITIVE, f64::max);
    let ratio = row.ratio(runners).map(|ratio| format!(" · {ratio:.2}× the best peer")).unwrap_or_default();
    let _ = writeln!(
        out,
        "<text x=\"16\" y=\"{:.1}\" font-weight=\"600\" fill=\"#222\">{}<tspan font-weight=\"400\" fill=\"#666\">{ratio}</tspan></text>",
        y + 16.0,
        escape(&row.about)
    );
    y += HEAD;
    for series in &row.series {
        let runner = &runners[series.runner];
        let scale = |ns: f64| LONGEST * ns / longest;
        let (middle, width) = (y + BAR / 2.0, scale(series.median()).max(1.0));
        let figure = row.figure;
        let rate = figure.throughput(series.median()).map(|rate| format!(", {rate}")).unwrap_or_default();
        let (low, high) = (LEFT + scale(series.min()), LEFT + scale(series.max()));
        let _ = writeln!(
            out,
            "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\" fill=\"#222\">{}</text>\n\
             <rect x=\"{LEFT}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{BAR}\" rx=\"2\" fill=\"{}\"/>\n\
             <path d=\"M{low:.1} {middle:.1}H{high:.1}\" stroke=\"#222\" stroke-width=\"1.5\"/>\n\
             <text x=\"{:.1}\" y=\"{:.1}\" fill=\"#444\">{}{rate}</text>",
            LEFT - 8.0,
            y + 12.5,
            escape(runner.name()),
            colour(runner.name()),
            high.max(LEFT + width) + 8.0,
            y + 12.5,
            figure.show(series.median()),
        );
        y += STEP;
    }
    y + FOOT
}

fn colour(runner: &str) -> &'static str {
    match runner.split(' ').next().unwrap_or_default() {
        "nodecore" if runner.ends_with("(Rust)") => "#c2410c",
        "nodecore" => "#f59e0b",
        "Node" => "#3f8f3f",
        "Bun" => "#b08fa0",
        _ => "#5b7fa6",
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
