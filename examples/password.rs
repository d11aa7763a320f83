//! `password hash | password verify HASH`: the same program as `password.c`, which explains it, in Rust.

use std::process::ExitCode;

use nodecore::Result;
use nodecore::crypto::{self, ScryptOptions};

const COST: u32 = 32768;
const MOST: u32 = 1 << 20;
const SALT: usize = 16;
const KEY: usize = 32;
const LINE: usize = 1023;

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    if !matches!(args[..], ["hash"] | ["verify", _]) {
        eprintln!("usage: password hash | password verify HASH");
        return ExitCode::from(2);
    }
    let mut line = String::new();
    if !std::io::stdin().read_line(&mut line).is_ok_and(|len| len > 0) {
        return complain("no password");
    }
    let mut password = line.into_bytes();
    let end = password.iter().position(|byte| *byte == b'\n').unwrap_or(password.len()).min(LINE);
    let outcome = match args[..] {
        ["verify", stored] => match parse(stored) {
            Some(stored) => verify(&password[..end], &stored),
            None => return complain("not such a hash"),
        },
        _ => hash(&password[..end]).map(|()| true),
    };
    crypto::cleanse(&mut password);
    match outcome {
        Ok(good) => ExitCode::from(u8::from(!good)),
        Err(error) => complain(&error.to_string()),
    }
}

fn complain(what: &str) -> ExitCode {
    eprintln!("password: {what}");
    ExitCode::from(2)
}

/// Derives the key; the caller clears it.
fn derive(password: &[u8], salt: &[u8], cost: u32) -> Result<Vec<u8>> {
    let options = ScryptOptions::new().cost(cost).maxmem(2 * 128 * 8 * u64::from(cost));
    crypto::scrypt_sync(password, salt, KEY, &options)
}

fn hash(password: &[u8]) -> Result<()> {
    let salt = crypto::random_bytes_sync(SALT)?;
    let mut key = derive(password, &salt, COST)?;
    println!("scrypt${COST}${}${}", hex(&salt), hex(&key));
    crypto::cleanse(&mut key);
    Ok(())
}

struct Stored {
    cost: u32,
    salt: Vec<u8>,
    key: Vec<u8>,
}

fn parse(stored: &str) -> Option<Stored> {
    let parts: Vec<&str> = stored.split('$').collect();
    let ["scrypt", cost, salt, key] = parts[..] else { return None };
    if !cost.starts_with(|first: char| matches!(first, '1'..='9')) {
        return None;
    }
    let cost = cost.parse().ok().filter(|cost| *cost <= MOST)?;
    Some(Stored { cost, salt: bytes(salt, SALT)?, key: bytes(key, KEY)? })
}

fn verify(password: &[u8], stored: &Stored) -> Result<bool> {
    let mut key = derive(password, &stored.salt, stored.cost)?;
    let same = crypto::timing_safe_equal(&key, &stored.key);
    crypto::cleanse(&mut key);
    same
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// So many bytes in hexadecimal, lower case.
fn bytes(text: &str, count: usize) -> Option<Vec<u8>> {
    let digits: Option<Vec<u8>> = text
        .chars()
        .map(|char| char.to_digit(16).filter(|_| !char.is_ascii_uppercase())?.try_into().ok())
        .collect();
    let digits = digits.filter(|digits| digits.len() == 2 * count)?;
    Some(digits.chunks_exact(2).map(|pair| pair[0] << 4 | pair[1]).collect())
}
