//! Random values: where they lie, what they look like, and that a fork does not repeat them; primes in their forms.
#![allow(clippy::unwrap_used, clippy::cast_precision_loss)]

use std::cell::RefCell;
use std::collections::HashSet;
use std::rc::Rc;

use nodecore_crypto::{
    CheckPrimeOptions, GeneratePrimeOptions, RandomUuidOptions, check_prime, generate_prime,
    get_random_values, promises, random_bytes, random_bytes_sync, random_fill, random_fill_sync, random_int,
    random_int_sync, random_uuid, random_uuid_v7,
};
use nodecore_error::{Class, Code};
use nodecore_event_loop::{EventLoop, RunMode};

/// The chi-square statistic of counts that should be equal.
fn chi_square(counts: &[u64]) -> f64 {
    let expected = counts.iter().sum::<u64>() as f64 / counts.len() as f64;
    counts.iter().map(|count| (*count as f64 - expected).powi(2) / expected).sum()
}

/// A bound that a fair source stays below but for a chance of about 10^-12: the mean of chi-square and ten times its
/// deviation.
fn bound(count: usize) -> f64 {
    let freedom = (count - 1) as f64;
    freedom + 10.0 * (2.0 * freedom).sqrt() + 20.0
}

#[test]
fn integers_are_spread_evenly() {
    for (min, max) in [(0, 3), (-5, 5), (0, 100), (1 << 40, (1 << 40) + 7)] {
        let mut counts = vec![0; usize::try_from(max - min).unwrap()];
        for _ in 0..30_000 {
            let value = random_int_sync(Some(min), max).unwrap();
            counts[usize::try_from(value - min).unwrap()] += 1;
        }
        assert!(chi_square(&counts) < bound(counts.len()), "{counts:?}");
    }
    // Where the remainder alone would draw the lower half twice as often as the upper: two thirds of 2^48.
    let max = (1_i64 << 48) / 3 * 2;
    let mut halves = [0; 2];
    for _ in 0..30_000 {
        halves[usize::from(random_int_sync(None, max).unwrap() >= max / 2)] += 1;
    }
    assert!(chi_square(&halves) < bound(2), "{halves:?}");
}

#[test]
fn bytes_are_spread_evenly() {
    for size in [1, 7, 16, 256, 257, 5000] {
        let mut counts = [0; 256];
        for _ in 0..100_000_usize.div_ceil(size) {
            random_bytes_sync(size).unwrap().into_iter().for_each(|byte| counts[usize::from(byte)] += 1);
        }
        assert!(chi_square(&counts) < bound(256), "{size}: {counts:?}");
    }
}

#[test]
fn all_of_what_is_asked_for_is_filled_and_nothing_else() {
    for size in [0, 1, 255, 256, 257, 4095, 4096, 4097] {
        let mut buffer = vec![0; size + 2];
        random_fill_sync(&mut buffer, 1, Some(size)).unwrap();
        assert_eq!((buffer[0], buffer[size + 1]), (0, 0));
        // Each byte differs from zero at one time or another.
        let mut seen = vec![false; size];
        for _ in 0..12 {
            random_fill_sync(&mut buffer, 1, Some(size)).unwrap();
            seen.iter_mut().zip(&buffer[1..]).for_each(|(seen, byte)| *seen |= *byte != 0);
        }
        assert!(seen.iter().all(|seen| *seen), "{size}");
    }
    let mut buffer = [0; 65536];
    get_random_values(&mut buffer).unwrap();
    assert!(buffer.chunks(64).all(|chunk| chunk.iter().any(|byte| *byte != 0)));
    let error = get_random_values(&mut [0; 65537]).unwrap_err();
    assert_eq!((error.class(), error.code()), (Class::QuotaExceededError, Code::Uncoded));
}

#[test]
fn uuids_have_their_format_and_do_not_repeat() {
    let mut seen = HashSet::new();
    let now = || std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_millis();
    for afresh in [false, true] {
        let options = RandomUuidOptions::new().disable_entropy_cache(afresh);
        for _ in 0..2000 {
            let before = now();
            for (uuid, version) in
                [(random_uuid(&options).unwrap(), '4'), (random_uuid_v7(&options).unwrap(), '7')]
            {
                assert_eq!(uuid.len(), 36);
                for (index, char) in uuid.chars().enumerate() {
                    let fits = match index {
                        8 | 13 | 18 | 23 => char == '-',
                        14 => char == version,
                        19 => matches!(char, '8' | '9' | 'a' | 'b'),
                        _ => matches!(char, '0'..='9' | 'a'..='f'),
                    };
                    assert!(fits, "{uuid}");
                }
                if version == '7' {
                    let time = u128::from_str_radix(&uuid.replace('-', "")[..12], 16).unwrap();
                    assert!(before <= time && time <= now(), "{uuid}");
                }
                assert!(seen.insert(uuid));
            }
        }
    }
}

#[test]
fn threads_do_not_share() {
    let draw = || (0..1000).map(|_| random_bytes_sync(16).unwrap()).collect::<Vec<_>>();
    let threads: Vec<_> = (0..4).map(|_| std::thread::spawn(draw)).collect();
    let all: HashSet<Vec<u8>> = threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect();
    assert_eq!(all.len(), 4000);
}

#[test]
fn forms() {
    let lp = EventLoop::new().unwrap();
    let seen = Rc::new(RefCell::new(vec![]));
    let told = || {
        lp.run(RunMode::Default);
        std::mem::take(&mut *seen.borrow_mut())
    };
    let to = Rc::clone(&seen);
    random_bytes(&lp, 20, move |bytes| to.borrow_mut().push(bytes.unwrap().len().to_string())).unwrap();
    assert_eq!(told(), ["20"]);
    let to = Rc::clone(&seen);
    random_fill(&lp, vec![0; 40], 20, None, move |buffer| {
        let buffer = buffer.unwrap();
        to.borrow_mut().push(format!("{} {}", buffer[..20] == [0; 20], buffer[20..] == [0; 20]));
    })
    .unwrap();
    assert_eq!(told(), ["true false"]);
    let to = Rc::clone(&seen);
    random_int(&lp, Some(-1), 0, move |value| to.borrow_mut().push(value.unwrap().to_string())).unwrap();
    assert_eq!(told(), ["-1"]);
    let to = Rc::clone(&seen);
    generate_prime(&lp, 3, &GeneratePrimeOptions::new(), move |prime| {
        to.borrow_mut().push(format!("{:?}", prime.unwrap()));
    })
    .unwrap();
    assert_eq!(told(), ["[7]"]);
    let to = Rc::clone(&seen);
    check_prime(&lp, [7], &CheckPrimeOptions::new(), move |prime| {
        to.borrow_mut().push(prime.unwrap().to_string())
    })
    .unwrap();
    assert_eq!(told(), ["true"]);
    lp.block_on(async {
        assert_eq!(promises::random_bytes(&lp, 5).await.unwrap().len(), 5);
        assert_eq!(promises::random_fill(&lp, vec![3; 5], 5, None).await.unwrap(), [3; 5]);
        assert_eq!(promises::random_int(&lp, None, 1).await.unwrap(), 0);
        assert_eq!(promises::generate_prime(&lp, 2, &GeneratePrimeOptions::new()).await.unwrap(), [3]);
        assert!(!promises::check_prime(&lp, [9], &CheckPrimeOptions::new()).await.unwrap());
        let none = GeneratePrimeOptions::new().add([12]).rem([6]);
        let error = promises::generate_prime(&lp, 16, &none).await.unwrap_err();
        assert_eq!(error.code(), Code::CryptoOperationFailed);
    });
}

#[test]
fn a_search_for_a_prime_can_be_cancelled() {
    let lp = EventLoop::new().unwrap();
    let ended = Rc::new(RefCell::new(None));
    let to = Rc::clone(&ended);
    // Takes minutes, unless it is stopped.
    let options = GeneratePrimeOptions::new().safe(true);
    let request = generate_prime(&lp, 8192, &options, move |prime| _ = to.replace(Some(prime))).unwrap();
    std::thread::sleep(std::time::Duration::from_millis(30));
    request.cancel();
    lp.run(RunMode::Default);
    assert_eq!(ended.take().unwrap().unwrap_err().code(), Code::ECANCELED);
}
