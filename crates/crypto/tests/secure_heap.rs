//! The secure heap, which a process has once: one test.
#![allow(clippy::unwrap_used)]

use nodecore_crypto::{create_diffie_hellman_group, secure_heap_init, secure_heap_used};

fn refused(size: usize, min: usize) -> String {
    let error = secure_heap_init(size, min).unwrap_err();
    format!("{}: {error}", error.code().name())
}

#[test]
fn private_keys_are_in_the_secure_heap() {
    assert!(secure_heap_used().utilization.is_nan());
    for (size, min, text) in [
        (3, 0, "ERR_INVALID_ARG_VALUE: The argument 'size' must be a power of 2. Received 3"),
        (0, 4, "ERR_INVALID_ARG_VALUE: The argument 'size' must be a power of 2. Received 0"),
        (64, 3, "ERR_INVALID_ARG_VALUE: The argument 'min' must be a power of 2. Received 3"),
        (
            32,
            0,
            "ERR_OUT_OF_RANGE: The value of \"size\" is out of range. It must be >= 64 && <= 4294967296. Received 32",
        ),
        (
            1 << 33,
            2,
            "ERR_OUT_OF_RANGE: The value of \"size\" is out of range. It must be >= 64 && <= 4294967296. \
             Received 8_589_934_592",
        ),
        (
            64,
            32,
            "ERR_OUT_OF_RANGE: The value of \"size\" is out of range. It must be >= 128 && <= 8589934592. Received 64",
        ),
    ] {
        assert_eq!(refused(size, min), text);
    }
    let top = 1 << (usize::BITS - 1);
    assert!(refused(64, top).starts_with("ERR_OUT_OF_RANGE"));
    assert_eq!(secure_heap_used().total, 0, "nothing was made");

    secure_heap_init(65536, 4).unwrap();
    let heap = secure_heap_used();
    assert_eq!((heap.total, heap.min, heap.used), (65536, 4, 0));
    assert!(heap.utilization.abs() < f64::EPSILON);

    let mut pair = create_diffie_hellman_group("modp14").unwrap();
    pair.generate_keys().unwrap();
    let heap = secure_heap_used();
    assert!(heap.used >= 32 && heap.utilization > 0.0, "{heap:?}");
    drop(pair);
    let left = secure_heap_used().used;
    assert!(left < heap.used, "the key is given back: {left}");

    assert_eq!(refused(65536, 4), "ERR_INVALID_STATE: Invalid state: OpenSSL is in use already");
}
