//! `encrypt seal IN OUT [CIPHER] | encrypt open IN OUT`: the same program as `encrypt.c`, which explains it, in Rust.

use std::cell::Cell;
use std::ffi::OsString;
use std::process::ExitCode;
use std::rc::Rc;

use nodecore::crypto::{self, CipherOptions, Cipheriv, Decipheriv, ScryptOptions};
use nodecore::event_loop::{EventLoop, RunMode};
use nodecore::fs::{self, Fd, RangeOptions, ReadStreamOptions, WriteStreamOptions};
use nodecore::stream::pipeline;
use nodecore::{Code, Error, Result};

const MAGIC: &[u8] = b"NCE1";
const CIPHERS: [&str; 2] = ["aes-256-gcm", "chacha20-poly1305"];
const COST: u8 = 15;
const MOST: u8 = 20;
const SALT: usize = 16;
const NONCE: usize = 12;
const KEY: usize = 32;
const TAG: usize = 16;
const LINE: usize = 1023;

const AT_CIPHER: usize = MAGIC.len();
const AT_COST: usize = AT_CIPHER + 1;
const AT_SALT: usize = AT_COST + 1;
const AT_NONCE: usize = AT_SALT + SALT;
const HEAD: usize = AT_NONCE + NONCE;
const TEXT: usize = HEAD + TAG;

struct Job<'a> {
    /// The number of the cipher to seal with; `None` opens.
    seals: Option<usize>,
    input: &'a OsString,
    output: &'a OsString,
    /// What the output is called until all is good.
    part: OsString,
    password: &'a [u8],
}

/// The head of a file, with the tag.
type Head = [u8; TEXT];

fn main() -> ExitCode {
    let args: Vec<OsString> = std::env::args_os().skip(1).collect();
    let words: Vec<&str> = args.iter().map(|arg| arg.to_str().unwrap_or_default()).collect();
    let cipher = |name: &str| CIPHERS.iter().position(|known| *known == name);
    let seals = match words[..] {
        ["seal", _, _] => Some(Some(0)),
        ["seal", _, _, name] => cipher(name).map(Some),
        ["open", _, _] => Some(None),
        _ => None,
    };
    let Some(seals) = seals else {
        eprintln!("usage: encrypt seal IN OUT [aes-256-gcm | chacha20-poly1305] | encrypt open IN OUT");
        return ExitCode::from(2);
    };
    let mut line = Vec::new();
    if !std::io::BufRead::read_until(&mut std::io::stdin().lock(), b'\n', &mut line).is_ok_and(|len| len > 0)
    {
        return complain("no password", 2);
    }
    let end = line.iter().position(|byte| *byte == b'\n').unwrap_or(line.len()).min(LINE);
    let mut part = args[2].clone();
    part.push(".part");
    let job = Job { seals, input: &args[1], output: &args[2], part, password: &line[..end] };
    let outcome = run(&job);
    crypto::cleanse(&mut line);
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure::Changed) => complain("the password is wrong, or the file was changed", 1),
        Err(Failure::NotSuch) => complain("not such a file", 2),
        Err(Failure::Other(error)) => complain(&error.to_string(), 2),
    }
}

enum Failure {
    /// The tag is wrong.
    Changed,
    /// The head is none of ours.
    NotSuch,
    Other(Error),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Failure {
        Failure::Other(error)
    }
}

fn complain(what: &str, code: u8) -> ExitCode {
    eprintln!("encrypt: {what}");
    ExitCode::from(code)
}

fn run(job: &Job) -> std::result::Result<(), Failure> {
    let from = File(fs::open_sync(job.input, "r", 0)?);
    let head = match job.seals {
        Some(cipher) => make_head(cipher)?,
        None => read_head(&from)?.ok_or(Failure::NotSuch)?,
    };
    let to = File(fs::open_sync(job.part.as_os_str(), "wx", 0o600)?);
    let outcome =
        convert(job, head, &from, &to).and_then(|()| Ok(fs::rename_sync(job.part.as_os_str(), job.output)?));
    if outcome.is_err() {
        // There is an error to be told already.
        let _ = fs::unlink_sync(job.part.as_os_str());
    }
    outcome
}

/// Closed when it is dropped.
struct File(Fd);

impl Drop for File {
    fn drop(&mut self) {
        // What was written has been synchronized.
        let _ = fs::close_sync(self.0);
    }
}

// ---- The head ----

fn make_head(cipher: usize) -> Result<Head> {
    let mut head = [0; TEXT];
    head[..AT_CIPHER].copy_from_slice(MAGIC);
    head[AT_CIPHER] = u8::try_from(cipher).unwrap_or_default();
    head[AT_COST] = COST;
    crypto::random_fill_sync(&mut head, AT_SALT, Some(SALT + NONCE))?;
    Ok(head)
}

/// `None` if it is none of ours.
fn read_head(from: &File) -> Result<Option<Head>> {
    let mut head = [0; TEXT];
    let len = fs::read_sync(from.0, &mut head, &RangeOptions::default().position(0))?;
    let good = len == TEXT
        && head.starts_with(MAGIC)
        && usize::from(head[AT_CIPHER]) < CIPHERS.len()
        && (1..=MOST).contains(&head[AT_COST]);
    Ok(good.then_some(head))
}

/// Derives the key; the caller clears it.
fn derive(password: &[u8], head: &Head) -> Result<Vec<u8>> {
    let cost = 1 << head[AT_COST];
    let options = ScryptOptions::new().cost(cost).maxmem(2 * 128 * 8 * u64::from(cost));
    crypto::scrypt_sync(password, &head[AT_SALT..AT_NONCE], KEY, &options)
}

// ---- The text ----

/// From one open file to the other.
fn convert(job: &Job, head: Head, from: &File, to: &File) -> std::result::Result<(), Failure> {
    let mut key = derive(job.password, &head)?;
    let (name, nonce) = (CIPHERS[usize::from(head[AT_CIPHER])], &head[AT_NONCE..HEAD]);
    let options = CipherOptions::default();
    let outcome = if job.seals.is_some() {
        let cipher = crypto::create_cipheriv(name, &key, nonce, &options);
        cipher.and_then(|cipher| seal(cipher, head, from, to)).map_err(Failure::Other)
    } else {
        let decipher = crypto::create_decipheriv(name, &key, nonce, &options);
        // Node has no code for a wrong tag, and no other such error can be.
        decipher.and_then(|decipher| open(decipher, &head, from, to)).map_err(|error| match error.code() {
            Code::Uncoded => Failure::Changed,
            _ => Failure::Other(error),
        })
    };
    crypto::cleanse(&mut key);
    outcome?;
    Ok(fs::fsync_sync(to.0)?)
}

fn seal(mut cipher: Cipheriv, mut head: Head, from: &File, to: &File) -> Result<()> {
    cipher.set_aad(&head[..HEAD], None)?;
    let lp = EventLoop::new()?;
    let cipher = cipher.into_stream(&lp);
    let (input, output) = files(&lp, from, 0, to, TEXT)?;
    wait(&lp, |told| pipeline((&input, &cipher, &output), told).map(drop))?;
    head[HEAD..].copy_from_slice(&cipher.get_auth_tag()?);
    write(to, &head)
}

fn open(mut decipher: Decipheriv, head: &Head, from: &File, to: &File) -> Result<()> {
    decipher.set_aad(&head[..HEAD], None)?.set_auth_tag(&head[HEAD..])?;
    let lp = EventLoop::new()?;
    let decipher = decipher.into_stream(&lp);
    let (input, output) = files(&lp, from, TEXT, to, 0)?;
    wait(&lp, |told| pipeline((&input, &decipher, &output), told).map(drop))
}

/// Streams over both files, from these places on.
fn files(
    lp: &EventLoop,
    from: &File,
    read: usize,
    to: &File,
    written: usize,
) -> Result<(fs::ReadStream, fs::WriteStream)> {
    let reading = ReadStreamOptions::default().start(read as u64).auto_close(false);
    let writing = WriteStreamOptions::default().start(written as u64).auto_close(false);
    Ok((fs::create_read_stream(lp, from.0, &reading)?, fs::create_write_stream(lp, to.0, &writing)?))
}

/// Runs the loop until a pipeline has told its outcome.
fn wait(lp: &EventLoop, begin: impl FnOnce(Box<dyn FnOnce(Result<()>)>) -> Result<()>) -> Result<()> {
    let outcome = Rc::new(Cell::new(None::<Error>));
    let told = Rc::clone(&outcome);
    begin(Box::new(move |result| told.set(result.err())))?;
    lp.run(RunMode::Default);
    outcome.take().map_or(Ok(()), Err)
}

fn write(to: &File, head: &Head) -> Result<()> {
    let mut written = 0;
    while written < head.len() {
        let options = RangeOptions::default().offset(written).position(written as u64);
        written += fs::write_sync(to.0, head, &options)?;
    }
    Ok(())
}
