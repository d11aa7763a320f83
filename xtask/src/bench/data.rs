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
    corpora(&data)?;
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

/// The kinds of data beside source text, 8 MiB each: `json`, `elf` (out of cargo's own program) and `random`; and the
/// middle of each kind, `KIND-BYTES.gz`.
fn corpora(data: &Path) -> Result<()> {
    let there = data.join("corpora");
    if there.exists() {
        return Ok(());
    }
    let cargo = std::fs::read(std::env::var_os("CARGO").ok_or("run by cargo, which says where it is")?)?;
    let middle = cargo.len() / 2;
    let elf: Vec<u8> = cargo.iter().copied().cycle().skip(middle).take(SOURCE_BYTES).collect();
    let mut random = Random(1);
    let noise: Vec<u8> =
        std::iter::repeat_with(|| random.next().to_le_bytes()).take(SOURCE_BYTES / 8).flatten().collect();
    for (kind, bytes) in
        [("source", source_text()?), ("json", json().into_bytes()), ("elf", elf), ("random", noise)]
    {
        kit::write(&data.join(kind), &bytes)?;
        for size in [256, 1 << 10, 64 << 10, SOURCE_BYTES] {
            // Where bench/cells.rs and zlib.mjs cut them out.
            let start = if size == SOURCE_BYTES { 0 } else { 4 << 20 };
            let part = data.join(format!("{kind}-{size}"));
            kit::write(&part, &bytes[start..start + size])?;
            if !Command::new("gzip").args(["-6", "-n", "-f"]).arg(&part).status()?.success() {
                return Err("gzip failed".into());
            }
        }
    }
    kit::write(&there, b"")
}

/// xorshift64*.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    fn pick<'a>(&mut self, words: &[&'a str]) -> &'a str {
        let index = usize::try_from(self.next() >> 40).unwrap_or_default();
        words[index % words.len()]
    }
}

/// Records as an API gives them.
fn json() -> String {
    let mut random = Random(2);
    let names = ["Ada", "Bjarne", "Chen", "Dana", "Edsger", "Fatima", "Grace", "Hiro", "Ines", "Jamal"];
    let tags = ["new", "sale", "imported", "fragile", "gift", "bulk", "returned", "priority", "digital"];
    let mut text = String::from("[");
    for id in 0.. {
        let [cents, day, hash] = [random.next() >> 44, random.next() >> 32, random.next()];
        let (name, other) = (random.pick(&names), random.pick(&names));
        let (tag, more) = (random.pick(&tags), random.pick(&tags));
        let record = format!(
            "{{\"id\":{id},\"customer\":{{\"name\":\"{name} {other}son\",\"email\":\"{}{}@example.com\"}},\
             \"total\":{}.{:02},\"paid\":{},\"tags\":[\"{tag}\",\"{more}\"],\"etag\":\"{hash:016x}\",\
             \"created\":\"2026-{:02}-{:02}T{:02}:{:02}:00Z\",\"note\":null}},\n",
            name.to_lowercase(),
            hash % 1000,
            cents / 100,
            cents % 100,
            hash & 1 == 0,
            day % 12 + 1,
            day % 28 + 1,
            day % 24,
            day % 60,
        );
        text.push_str(&record);
        if text.len() >= SOURCE_BYTES {
            break;
        }
    }
    text.truncate(SOURCE_BYTES);
    text
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
