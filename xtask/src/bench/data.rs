//! The files that the benchmarks read.

use crate::kit::{self, Result};
use std::path::{Path, PathBuf};
use std::process::Command;

/// The size of the file `source`.
pub(super) const SOURCE_BYTES: usize = 8 << 20;

/// Makes, once: `4k`; `many/0` to `many/63`, 4 KiB each; `source`, 8 MiB of source text; `source.gz`; `dir`, 4,000 empty
/// files; `tree`, 20,000 files in two levels of directories; `1g`, 1 GiB of zeros that take no room on the disk. And each
/// time `awkward-urls.txt`.
pub(super) fn prepare(scratch: &Path) -> Result<PathBuf> {
    let data = scratch.join("data");
    kit::write(&data.join("awkward-urls.txt"), awkward_urls())?;
    trees(&data)?;
    std::fs::OpenOptions::new().create(true).append(true).open(data.join("1g"))?.set_len(1 << 30)?;
    let packed = data.join("source.gz");
    if packed.exists() {
        return Ok(data);
    }
    let block: Vec<u8> = (0..4096_u32).map(|i| b'a' + u8::try_from(i * 7 % 26).unwrap_or_default()).collect();
    kit::write(&data.join("4k"), &block)?;
    for i in 0..64 {
        kit::write(&data.join(format!("many/{i}")), &block)?;
    }
    let source = data.join("source");
    kit::write(&source, source_text()?)?;
    // Written last: its presence means that all is there.
    let gzip = Command::new("gzip").args(["-6", "-n", "-c"]).arg(&source).output()?;
    if !gzip.status.success() {
        return Err("gzip failed".into());
    }
    kit::write(&packed, gzip.stdout)?;
    Ok(data)
}

fn trees(data: &Path) -> Result<()> {
    let there = data.join("trees");
    if there.exists() {
        return Ok(());
    }
    for n in 0..4000 {
        kit::write(&data.join(format!("dir/file-{n}.txt")), b"")?;
    }
    for n in 0..20_000 {
        let path = format!("tree/{}/{}/file-{n}.txt", n / 1000, n / 100 % 10);
        kit::write(&data.join(path), format!("the file of number {n}\n").repeat(8))?;
    }
    kit::write(&there, b"")?;
    Ok(())
}

/// The Rust sources of the workspace's dependencies, in order of name, up to 8 MiB; repeated if there are fewer.
fn source_text() -> Result<Vec<u8>> {
    let text = kit::must(kit::cargo().args(["metadata", "--format-version", "1"]))?;
    let metadata: serde_json::Value = serde_json::from_str(&text)?;
    let mut manifests: Vec<PathBuf> = metadata["packages"]
        .as_array()
        .into_iter()
        .flatten()
        .filter(|package| !package["source"].is_null())
        .filter_map(|package| package["manifest_path"].as_str().map(PathBuf::from))
        .collect();
    manifests.sort();
    let mut all = Vec::with_capacity(SOURCE_BYTES);
    for manifest in manifests {
        let Some(folder) = manifest.parent() else { continue };
        for file in kit::files(folder, "rs", true)? {
            all.extend(std::fs::read(file)?);
            if all.len() >= SOURCE_BYTES {
                all.truncate(SOURCE_BYTES);
                return Ok(all);
            }
        }
    }
    if all.is_empty() {
        return Err("no dependency's sources to make the 8 MiB of source text from".into());
    }
    let once = all.len();
    while all.len() < SOURCE_BYTES {
        let more = once.min(SOURCE_BYTES - all.len());
        all.extend_from_within(..more);
    }
    Ok(all)
}

/// URLs that a parser has to work on, 1,000 of each kind: one a line, with a base behind a tab where it is relative.
fn awkward_urls() -> String {
    let mut text = String::new();
    for n in 0..1000 {
        let (port, page, octet) = (8000 + n, n % 97, n % 256);
        for url in [
            // Ports, as they are, the scheme's own, and with zeros.
            format!("https://host{n}.example.com:{port}/index.html"),
            format!("http://www.example{n}.net:80/a/b?page={page}"),
            format!("ftp://ftp.example.org:0{port}/pub/{n}"),
            // User and password.
            format!("https://user{n}:p%40ss:word@example.com/private?token=a b"),
            format!("http://me@mail.example{n}.com/inbox"),
            // Segments of dots, in every spelling, and backslashes.
            format!("https://cdn.example.com/lib/v{n}/../v{page}/./main.js"),
            format!("HTTP://WWW.Example{n}.COM/a/%2e/b/%2E%2e/c"),
            format!("http:\\\\example.org\\docs\\{n}\\..\\readme.txt"),
            // What is not ASCII, in host, path, query and fragment, in Latin-1 and beyond it.
            format!("http://b\u{fc}cher{n}.example/stra\u{df}e"),
            format!("https://example.org/caf\u{e9}/{n} \u{fc}ber alles?q=\u{e9}{n}#t\u{ea}te"),
            format!("https://\u{4f8b}\u{3048}{n}.\u{30c6}\u{30b9}\u{30c8}/\u{65e5}\u{672c}/{n}"),
            // Addresses.
            format!("http://0x7f.1.{octet}/status"),
            format!("https://[2001:DB8:0:0:{octet:x}::{page:x}]:{port}/v6"),
            // Relative.
            format!("../../other/page{n}.html?x={page}\thttps://example.org/section/deep/er/index.html"),
            format!("//cdn{page}.example.net/asset/{n}.png\thttps://example.org/"),
            format!("?sort={n}&dir=asc#top\thttp://shop.example.com/list/items?old=1"),
            // Files.
            format!("file:///C:/Users/name{n}/My Documents/../report {page}.pdf"),
            format!("file://localhost/var/log/../lib/app{n}"),
            // Opaque paths and other schemes.
            format!("mailto:user{n}@example.com?subject=hello world"),
            format!("data:text/plain;charset=utf-8,Hello%20{n}, w\u{f6}rld"),
            format!("git+ssh://git@host{page}.example.com:22/team/repo{n}.git"),
        ] {
            text.push_str(&url);
            text.push('\n');
        }
    }
    text
}
