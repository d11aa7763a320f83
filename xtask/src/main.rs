//! Developer commands: `cargo xtask <verb>`.

fn main() {}
