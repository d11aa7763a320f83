//! The same random programs here and on real Node: events, hooks, results and lengths have to be the same, in the
//! same order.
//!
//! `NODECORE_NODE` names the Node to ask (default: `node` on PATH; Node 26 is needed, or the test is skipped),
//! `NODECORE_SEED` and `NODECORE_PROGRAMS` choose the programs.

#![allow(clippy::disallowed_methods, clippy::disallowed_types, clippy::unwrap_used, missing_docs)]

mod helpers;
mod interpreter;
mod program;

use std::io::Write;
use std::process::{Command, Stdio};

use serde::Serialize;
use serde::de::DeserializeOwned;

use program::{Program, Random, generate};

fn node() -> Option<String> {
    let node = std::env::var("NODECORE_NODE").unwrap_or_else(|_| "node".to_owned());
    let version = Command::new(&node).arg("--version").output().ok()?;
    let version = String::from_utf8(version.stdout).ok()?;
    let major: u32 = version.trim().strip_prefix('v')?.split('.').next()?.parse().ok()?;
    if major == 26 {
        return Some(node);
    }
    println!("{node} is {}, and the reference is Node 26", version.trim());
    None
}

/// What `script` makes of `programs`.
fn ask<T: DeserializeOwned>(node: &str, script: &str, programs: &[impl Serialize]) -> T {
    let mut child =
        Command::new(node).arg(script).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let text = serde_json::to_vec(programs).unwrap();
    let writer = std::thread::spawn(move || stdin.write_all(&text));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap().unwrap();
    assert!(output.status.success(), "Node's interpreter failed");
    serde_json::from_slice(&output.stdout).unwrap()
}

fn number(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().and_then(|value| value.parse().ok()).unwrap_or(default)
}

/// Shows where two traces part.
fn difference(ours: &[String], nodes: &[String]) -> Option<String> {
    if ours == nodes {
        return None;
    }
    if let Some((last, sound)) = nodes.split_last()
        && last == "BROKEN"
        && ours.starts_with(sound)
    {
        return None;
    }
    let at = ours.iter().zip(nodes).take_while(|(a, b)| a == b).count();
    let shown = |lines: &[String]| lines.iter().skip(at).take(6).cloned().collect::<Vec<_>>().join("\n    ");
    let before =
        ours[at.saturating_sub(usize::try_from(number("NODECORE_CONTEXT", 12)).unwrap())..at].join("\n    ");
    Some(format!("  both:\n    {before}\n  here:\n    {}\n  Node:\n    {}", shown(ours), shown(nodes)))
}

#[test]
fn random_programs_run_as_on_node() {
    let Some(node) = node() else {
        println!("skipped: no Node 26 on PATH or in NODECORE_NODE");
        return;
    };
    let seed = number("NODECORE_SEED", 1);
    let count = number("NODECORE_PROGRAMS", 300);
    let programs: Vec<Program> =
        (0..count).map(|n| generate(&mut Random(seed.wrapping_mul(1_000_003).wrapping_add(n)))).collect();
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/differential/interpreter.js");
    let traces: Vec<Vec<String>> = ask(&node, script, &programs);
    let mut different = 0;
    let (mut lines, mut broken) = (0, 0);
    for (n, (program, nodes)) in programs.iter().zip(&traces).enumerate() {
        let ours = interpreter::run(program);
        lines += nodes.len();
        broken += u32::from(nodes.last().is_some_and(|last| last == "BROKEN"));
        if let Some(text) = difference(&ours, nodes) {
            different += 1;
            if different <= number("NODECORE_DIFFERENCES", 3) {
                let kinds: Vec<_> = program.streams.iter().map(|stream| stream.kind).collect();
                println!("program {n} of seed {seed} with {kinds:?} differs:\n{text}");
                if std::env::var_os("NODECORE_SHOW").is_some() {
                    println!("{}", serde_json::to_string(program).unwrap());
                }
            }
        }
    }
    println!(
        "{count} programs, {lines} lines of trace, {different} programs differ; {broken} cut short by a negative length in Node"
    );
    assert_eq!(different, 0);
}
