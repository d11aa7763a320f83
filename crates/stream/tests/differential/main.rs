//! The same random programs here and on real Node: events, hooks, results and lengths have to be the same, in the
//! same order.
//!
//! `nodecore_testdata::node` says how Node is found; `NODECORE_SEED` and `NODECORE_PROGRAMS` (300) choose the programs.

#![allow(clippy::disallowed_methods, clippy::disallowed_types, clippy::unwrap_used, missing_docs)]

mod helpers;
mod interpreter;
mod program;

use nodecore_testdata::node::{self, Comparison, Node};
use serde::Serialize;
use serde::de::DeserializeOwned;

use program::{Program, Random, generate};

/// What `script` makes of `programs`.
fn ask<T: DeserializeOwned>(node: &Node, script: &str, programs: &[impl Serialize]) -> T {
    serde_json::from_str(&node.run(script, serde_json::to_vec(programs).unwrap())).unwrap()
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
    let before = ours[at.saturating_sub(node::setting("NODECORE_CONTEXT", 12))..at].join("\n    ");
    Some(format!("  both:\n    {before}\n  here:\n    {}\n  Node:\n    {}", shown(ours), shown(nodes)))
}

#[test]
fn random_programs_run_as_on_node() {
    let Some(node) = Node::find() else { return };
    let seed = node::seed();
    let count: u64 = node::setting("NODECORE_PROGRAMS", node::programs(300));
    let programs: Vec<Program> =
        (0..count).map(|n| generate(&mut Random(seed.wrapping_mul(1_000_003).wrapping_add(n)))).collect();
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/differential/interpreter.js");
    let traces: Vec<Vec<String>> = ask(&node, script, &programs);
    let mut comparison = Comparison::new("stream", "programs");
    let (mut lines, mut broken) = (0, 0);
    for (n, (program, nodes)) in programs.iter().zip(&traces).enumerate() {
        let ours = interpreter::run(program);
        lines += nodes.len();
        broken += u32::from(nodes.last().is_some_and(|last| last == "BROKEN"));
        let difference = difference(&ours, nodes);
        comparison.expect(difference.is_none(), || {
            let shown = std::env::var_os("NODECORE_SHOW").map(|_| serde_json::to_string(program).unwrap());
            let kinds: Vec<_> = program.streams.iter().map(|stream| stream.kind).collect();
            format!(
                "program {n} with {kinds:?}\n{}\n{}",
                difference.unwrap_or_default(),
                shown.unwrap_or_default()
            )
        });
    }
    println!("{lines} lines of trace; {broken} programs cut short by a negative length in Node");
    comparison.close();
}
