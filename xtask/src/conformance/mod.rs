//! `cargo xtask conformance`: what others wrote to say what is right: the standards' own data, and Node's own tests.

mod node;
mod standards;

use crate::kit::{Args, Outcome};

pub(crate) fn run(mut args: Args) -> Outcome {
    if args.first("node") { node::run(args) } else { standards::run(args) }
}
