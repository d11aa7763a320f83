//! Node's `crypto.constants` (<https://nodejs.org/api/crypto.html#crypto-constants>), by the names they have there.

/// OpenSSL 3.6.3. Node 26 has 3.5.
pub const OPENSSL_VERSION_NUMBER: u64 = 0x3060_0030;
/// An option of a TLS connection.
pub const SSL_OP_ALL: u64 = 0x8000_0850;
/// An option of a TLS connection.
pub const SSL_OP_ALLOW_NO_DHE_KEX: u64 = 0x400;
/// An option of a TLS connection.
pub const SSL_OP_ALLOW_UNSAFE_LEGACY_RENEGOTIATION: u64 = 0x4_0000;
/// An option of a TLS connection.
pub const SSL_OP_CIPHER_SERVER_PREFERENCE: u64 = 0x40_0000;
/// An option of a TLS connection.
pub const SSL_OP_CISCO_ANYCONNECT: u64 = 0x8000;
/// An option of a TLS connection.
pub const SSL_OP_COOKIE_EXCHANGE: u64 = 0x2000;
/// An option of a TLS connection.
pub const SSL_OP_CRYPTOPRO_TLSEXT_BUG: u64 = 0x8000_0000;
/// An option of a TLS connection.
pub const SSL_OP_DONT_INSERT_EMPTY_FRAGMENTS: u64 = 0x800;
/// An option of a TLS connection.
pub const SSL_OP_LEGACY_SERVER_CONNECT: u64 = 4;
/// An option of a TLS connection.
pub const SSL_OP_NO_COMPRESSION: u64 = 0x2_0000;
/// An option of a TLS connection.
pub const SSL_OP_NO_ENCRYPT_THEN_MAC: u64 = 0x8_0000;
/// An option of a TLS connection.
pub const SSL_OP_NO_QUERY_MTU: u64 = 0x1000;
/// An option of a TLS connection.
pub const SSL_OP_NO_RENEGOTIATION: u64 = 0x4000_0000;
/// An option of a TLS connection.
pub const SSL_OP_NO_SESSION_RESUMPTION_ON_RENEGOTIATION: u64 = 0x1_0000;
/// An option of a TLS connection.
#[allow(non_upper_case_globals, reason = "Node's name")]
pub const SSL_OP_NO_SSLv2: u64 = 0;
/// An option of a TLS connection.
#[allow(non_upper_case_globals, reason = "Node's name")]
pub const SSL_OP_NO_SSLv3: u64 = 0x200_0000;
/// An option of a TLS connection.
pub const SSL_OP_NO_TICKET: u64 = 0x4000;
/// An option of a TLS connection.
#[allow(non_upper_case_globals, reason = "Node's name")]
pub const SSL_OP_NO_TLSv1: u64 = 0x400_0000;
/// An option of a TLS connection.
#[allow(non_upper_case_globals, reason = "Node's name")]
pub const SSL_OP_NO_TLSv1_1: u64 = 0x1000_0000;
/// An option of a TLS connection.
#[allow(non_upper_case_globals, reason = "Node's name")]
pub const SSL_OP_NO_TLSv1_2: u64 = 0x800_0000;
/// An option of a TLS connection.
#[allow(non_upper_case_globals, reason = "Node's name")]
pub const SSL_OP_NO_TLSv1_3: u64 = 0x2000_0000;
/// An option of a TLS connection.
pub const SSL_OP_PRIORITIZE_CHACHA: u64 = 0x20_0000;
/// An option of a TLS connection.
pub const SSL_OP_TLS_ROLLBACK_BUG: u64 = 0x80_0000;
/// What an engine is to be used for, of which there are none here.
pub const ENGINE_METHOD_RSA: u32 = 1;
/// What an engine is to be used for, of which there are none here.
pub const ENGINE_METHOD_DSA: u32 = 2;
/// What an engine is to be used for, of which there are none here.
pub const ENGINE_METHOD_DH: u32 = 4;
/// What an engine is to be used for, of which there are none here.
pub const ENGINE_METHOD_RAND: u32 = 8;
/// What an engine is to be used for, of which there are none here.
pub const ENGINE_METHOD_EC: u32 = 2048;
/// What an engine is to be used for, of which there are none here.
pub const ENGINE_METHOD_CIPHERS: u32 = 64;
/// What an engine is to be used for, of which there are none here.
pub const ENGINE_METHOD_DIGESTS: u32 = 128;
/// What an engine is to be used for, of which there are none here.
pub const ENGINE_METHOD_PKEY_METHS: u32 = 512;
/// What an engine is to be used for, of which there are none here.
pub const ENGINE_METHOD_PKEY_ASN1_METHS: u32 = 1024;
/// What an engine is to be used for, of which there are none here.
pub const ENGINE_METHOD_ALL: u32 = 0xffff;
/// What an engine is to be used for, of which there are none here.
pub const ENGINE_METHOD_NONE: u32 = 0;
/// What is wrong with Diffie-Hellman parameters.
pub const DH_CHECK_P_NOT_SAFE_PRIME: i32 = 2;
/// What is wrong with Diffie-Hellman parameters.
pub const DH_CHECK_P_NOT_PRIME: i32 = 1;
/// What is wrong with Diffie-Hellman parameters.
pub const DH_UNABLE_TO_CHECK_GENERATOR: i32 = 4;
/// What is wrong with Diffie-Hellman parameters.
pub const DH_NOT_SUITABLE_GENERATOR: i32 = 8;
/// How RSA pads.
pub const RSA_PKCS1_PADDING: i32 = 1;
/// How RSA pads.
pub const RSA_SSLV23_PADDING: i32 = 2;
/// How RSA pads.
pub const RSA_NO_PADDING: i32 = 3;
/// How RSA pads.
pub const RSA_PKCS1_OAEP_PADDING: i32 = 4;
/// How RSA pads.
pub const RSA_X931_PADDING: i32 = 5;
/// How RSA pads.
pub const RSA_PKCS1_PSS_PADDING: i32 = 6;
/// A length of the salt of RSASSA-PSS.
pub const RSA_PSS_SALTLEN_DIGEST: i32 = -1;
/// A length of the salt of RSASSA-PSS.
pub const RSA_PSS_SALTLEN_MAX_SIGN: i32 = -2;
/// A length of the salt of RSASSA-PSS.
pub const RSA_PSS_SALTLEN_AUTO: i32 = -2;
/// Node: `defaultCoreCipherList`.
pub const DEFAULT_CORE_CIPHER_LIST: &str = "\
    TLS_AES_256_GCM_SHA384:\
    TLS_CHACHA20_POLY1305_SHA256:\
    TLS_AES_128_GCM_SHA256:\
    ECDHE-RSA-AES128-GCM-SHA256:\
    ECDHE-ECDSA-AES128-GCM-SHA256:\
    ECDHE-RSA-AES256-GCM-SHA384:\
    ECDHE-ECDSA-AES256-GCM-SHA384:\
    DHE-RSA-AES128-GCM-SHA256:\
    ECDHE-RSA-AES128-SHA256:\
    DHE-RSA-AES128-SHA256:\
    ECDHE-RSA-AES256-SHA384:\
    DHE-RSA-AES256-SHA384:\
    ECDHE-RSA-AES256-SHA256:\
    DHE-RSA-AES256-SHA256:\
    HIGH:\
    !aNULL:\
    !eNULL:\
    !EXPORT:\
    !DES:\
    !RC4:\
    !MD5:\
    !PSK:\
    !SRP:\
    !CAMELLIA";
/// A version of TLS.
pub const TLS1_VERSION: i32 = 0x0301;
/// A version of TLS.
pub const TLS1_1_VERSION: i32 = 0x0302;
/// A version of TLS.
pub const TLS1_2_VERSION: i32 = 0x0303;
/// A version of TLS.
pub const TLS1_3_VERSION: i32 = 0x0304;
/// How a point of an elliptic curve is written.
pub const POINT_CONVERSION_COMPRESSED: i32 = 2;
/// How a point of an elliptic curve is written.
pub const POINT_CONVERSION_UNCOMPRESSED: i32 = 4;
/// How a point of an elliptic curve is written.
pub const POINT_CONVERSION_HYBRID: i32 = 6;
/// Node: `defaultCipherList`.
pub const DEFAULT_CIPHER_LIST: &str = DEFAULT_CORE_CIPHER_LIST;
