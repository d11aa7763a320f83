//! Developer commands: `cargo xtask <verb>`. Each verb is a file of its own; `cargo xtask help` lists them.

#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "a developer's tool, not the library"
)]

mod abi;
mod bench;
mod conformance;
mod coverage;
mod ctest;
mod differential;
mod dist;
mod faults;
mod fuzz;
mod install;
mod kit;
mod openssl;

use kit::{Args, Outcome};
use std::process::ExitCode;

/// A verb: its name, its arguments, what it does, and its body.
struct Verb {
    name: &'static str,
    usage: &'static str,
    about: &'static str,
    run: fn(Args) -> Outcome,
}

const VERBS: &[Verb] = &[
    Verb {
        name: "abi",
        usage: "[--release] [--write-symbols] [--write-abi] [--self-test]",
        about: "headers, c-api, symbols.txt, abi.txt and the library say the same; --self-test shows that changes are found",
        run: abi::run,
    },
    Verb {
        name: "bench",
        usage: "[--peers DIR] [--data DIR] [--rounds N] [--json FILE] [--svg FILE] [--list] [NAME…]",
        about: "time pieces of work here and on Node, Bun and Deno, side by side in one run",
        run: bench::run,
    },
    Verb {
        name: "conformance",
        usage: "[wpt | wycheproof | all]
  conformance node [--suite DIR] [--runtime PATH] [--addon DIR] [--module M] [--json FILE] [--html FILE]
      [--jobs N] [--timeout SECONDS] [--stock-only] [--fresh] [FILTER…]",
        about: "run the standards' own data and count what passes, what is expected to fail, what is not yet there;
      node: run Node's own tests on its modules with ours in their place, and beside that as they are",
        run: conformance::run,
    },
    Verb {
        name: "coverage",
        usage: "[--names]",
        about: "every name Node exports is in tests/coverage.toml, and what that says is true; --names lists them",
        run: coverage::run,
    },
    Verb {
        name: "ctest",
        usage: "[--release] [--valgrind] [--asan [--asan-lib]] [--jobs N] [--timeout SECONDS] [FILTER]",
        about: "compile and run tests/c/*.c and tests/cpp/*.cc against libnodecore, a process and a timeout each",
        run: ctest::run,
    },
    Verb {
        name: "differential",
        usage: "[--seed N] [--cases N] [--node PATH] [MODULE[::FUNCTION]…]",
        about: "generated inputs here and in Node 26, 10,000 for each function (a thousandth of that many programs)",
        run: differential::run,
    },
    Verb {
        name: "dist",
        usage: "[--out DIR]",
        about: "a tarball and Debian packages of the libraries and headers, in DIR (target/dist)",
        run: dist::run,
    },
    Verb {
        name: "faults",
        usage: "[--short]",
        about: "every system call under every operation of fs fails once, with each errno (--short: with one)",
        run: faults::run,
    },
    Verb {
        name: "fuzz",
        usage: "[--seconds N] [--runs N] [--seed N] [--jobs N] [--list] [--input FILE] [TARGET…]",
        about: "run the fuzz targets under AddressSanitizer, 60 s each; --input runs one target on one file",
        run: fuzz::run,
    },
    Verb {
        name: "install",
        usage: "[--prefix DIR] [--libdir NAME] [--destdir DIR]",
        about: "the libraries, headers, pkg-config and CMake files below DIR (/usr/local), or staged below --destdir",
        run: install::run,
    },
    Verb {
        name: "openssl",
        usage: "DIR",
        about: "build OpenSSL into DIR, unless it is there: the Makefile has every profile use that",
        run: openssl::run,
    },
    Verb {
        name: "peers",
        usage: "[DIR]",
        about: "install Node 26, Bun and Deno by npm into DIR (target/peers) for bench to find",
        run: bench::peers::install,
    },
];

fn main() -> ExitCode {
    let mut words = std::env::args().skip(1);
    let name = words.next().unwrap_or_else(|| "help".to_owned());
    if matches!(name.as_str(), "help" | "--help" | "-h") {
        help();
        return ExitCode::SUCCESS;
    }
    let Some(verb) = VERBS.iter().find(|verb| verb.name == name) else {
        eprintln!("xtask: no verb '{name}'");
        help();
        return ExitCode::from(2);
    };
    match (verb.run)(Args::new(words.collect())) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(problem) => {
            eprintln!("xtask {name}: {problem}");
            ExitCode::from(2)
        }
    }
}

fn help() {
    println!("cargo xtask <verb>\n");
    for verb in VERBS {
        println!("  {} {}\n      {}", verb.name, verb.usage, verb.about);
    }
}
