/* crypto_x509.h. The certificates and the key are those of crates/crypto/tests/data/x509. */
#include "check.h"

/* rsa.pem */
static const char RSA[] =
    "-----BEGIN CERTIFICATE-----\n"
    "MIIDFjCCAf6gAwIBAgIBETANBgkqhkiG9w0BAQsFADA8MQswCQYDVQQGDAJERTEX\n"
    "MBUGA1UECgwORXhhbXBsZSwgIkx0ZCIxFDASBgNVBAMMC3JzYS5leGFtcGxlMB4X\n"
    "DTI1MDEwMjAzMDQwNVoXDTQ5MTIzMTIzNTk1OVowPDELMAkGA1UEBgwCREUxFzAV\n"
    "BgNVBAoMDkV4YW1wbGUsICJMdGQiMRQwEgYDVQQDDAtyc2EuZXhhbXBsZTCCASIw\n"
    "DQYJKoZIhvcNAQEBBQADggEPADCCAQoCggEBANTJ0cP57VnPXraF2cQWaY7KdV5c\n"
    "9t3Em2tpjM6MpdZ12g89jwGzFx6zzZklW7/cQJdvKxjEgAONJMzpRmnmsaDr+Sok\n"
    "DwMWFQB3EX157COjxMIuNgh4/fdATXOUDc55PEWbLQqjKS5gIfW7paJYTKwRqHlR\n"
    "M4//Tm71G3bS1S/QGsA6Mt4Z6r4lJHG/1ZJFBr+rNwFURwYHDXYP6zgk7MUw3/6Y\n"
    "Og8+eIYXuaeY3GHktvie+cL9KNbauN9BWbpYFy83Z83WfrFlgfGhJoAmu7RdubaR\n"
    "LqAodiHOu+tEHugighy4Fv+YIT5QLjyFIvrfjy/bubVGlRF9zPFmXZahgW0CAwEA\n"
    "AaMjMCEwDwYDVR0TAQH/BAUwAwEB/zAOBgNVHQ8BAf8EBAMCAQYwDQYJKoZIhvcN\n"
    "AQELBQADggEBAMiD5V3Ol6ZSinIRf4xZxXK1z3GVtYdgdpvizebo4Ik6yo9KJlIc\n"
    "ArXVlxwsBziScIYKg4CBQtAhIXR2HfJd3Rkzk7La+0brSDToYiiwgoLpERWjJCD0\n"
    "3N9T7TiIuaC1BfocoRZDvzLYo+3LxXL8mSsMTNcPgLucV+platyREABYxrlT8m1J\n"
    "rCa/wRo/F+id1gQmGC36vl/ln6Nmsgcepxi2L2p/4SOvfWj907K/8tNKAyLzPLl3\n"
    "W/d6JPau21o2fp3H6UsLHDbNR5t2kR2SLCmqnvgPWsLVtPBjDUDMTpkCLhRrntp0\n"
    "xWaq/mEo/V50SLUrrq1gJ4gOXTNwAdqTMf4=\n"
    "-----END CERTIFICATE-----\n";
/* ec.pem */
static const char EC[] =
    "-----BEGIN CERTIFICATE-----\n"
    "MIICdjCCAV6gAwIBAgICEjQwDQYJKoZIhvcNAQELBQAwPDELMAkGA1UEBgwCREUx\n"
    "FzAVBgNVBAoMDkV4YW1wbGUsICJMdGQiMRQwEgYDVQQDDAtyc2EuZXhhbXBsZTAe\n"
    "Fw0yNTAxMDIwMzA0MDVaFw00OTEyMzEyMzU5NTlaMBUxEzARBgNVBAMMCmVjLmV4\n"
    "YW1wbGUwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAARlu73aOFp70ers/qJw1C1r\n"
    "9e3F93xHekYXT3NGxQvFJqT0KrOWxq0re9kIyGPW1MPr9GIbGR9I9UGcSzoEBu1T\n"
    "o3QwcjApBgNVHREEIjAgggplYy5leGFtcGxlggwqLmVjLmV4YW1wbGWHBMAAAgEw\n"
    "EwYDVR0lBAwwCgYIKwYBBQUHAwEwMAYIKwYBBQUHAQEEJDAiMCAGCCsGAQUFBzAB\n"
    "hhRodHRwOi8vb2NzcC5leGFtcGxlLzANBgkqhkiG9w0BAQsFAAOCAQEANwpD0N8K\n"
    "NXSzRI2Etc50VSwgZ9cwtlQK9KTfpfkHQFzHIZouj/EiPigFjxtLSwXaQm4kznS8\n"
    "/HHN/kmXjpQQStFVgc2ZmXDh9NlUcw7k9Wu/1N3jFympz7QssCerljOBK8mi/YTw\n"
    "vStPwQgkS6kQ2hbvJeVyS0slKf44wqzmXw/4rQ04BY/5bkU+yR+K1tgWaR1TQpsc\n"
    "PaIvDosLixetSpABcAdGGHakm1p5iYMBI/DvIgJQ0VTnf7E1Py6rLytvhzJGgU6i\n"
    "eVGREctynN+DvcY1po2LXCsVkS/x2FCZJa2Zc5CRK58uGhYX987oQClxGbq7gEos\n"
    "N2o4BicROSvsBA==\n"
    "-----END CERTIFICATE-----\n";
/* ec.key */
static const char KEY[] =
    "-----BEGIN PRIVATE KEY-----\n"
    "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg+wrzoncudEuU8wQ8\n"
    "7zWQZhGFjAnDTKUngJsyz6EqOg+hRANCAARlu73aOFp70ers/qJw1C1r9e3F93xH\n"
    "ekYXT3NGxQvFJqT0KrOWxq0re9kIyGPW1MPr9GIbGR9I9UGcSzoEBu1T\n"
    "-----END PRIVATE KEY-----\n";

static nodecore_x509 *read_text(const char *text) {
  size_t len = strlen(text);
  char *copy = exact(text, len);
  nodecore_x509 *cert = NULL;
  CHECK_OK(nodecore_x509_new(copy, len, &cert, NULL));
  free(copy);
  return cert;
}

static void properties(const nodecore_x509 *ec, const nodecore_x509 *rsa) {
  CHECK(is(nodecore_x509_subject(ec), "CN=ec.example"));
  CHECK(is(nodecore_x509_issuer(ec), "C=DE\nO=Example\\, \\\"Ltd\\\"\nCN=rsa.example"));
  CHECK(is(nodecore_x509_subject_alt_name(ec), "DNS:ec.example, DNS:*.ec.example, IP Address:192.0.2.1"));
  CHECK(nodecore_x509_subject_alt_name(rsa).data == NULL);
  CHECK(is(nodecore_x509_info_access(ec), "OCSP - URI:http://ocsp.example/"));
  CHECK(nodecore_x509_info_access(rsa).data == NULL);
  CHECK(is(nodecore_x509_valid_from(ec), "Jan  2 03:04:05 2025 GMT"));
  CHECK(is(nodecore_x509_valid_to(ec), "Dec 31 23:59:59 2049 GMT"));
  int64_t seconds = 0;
  CHECK(nodecore_x509_valid_from_date(ec, &seconds) && seconds == 1735787045);
  CHECK(nodecore_x509_valid_to_date(ec, &seconds) && seconds == INT64_C(2524607999));
  CHECK(nodecore_x509_valid_to_date(ec, NULL) && !nodecore_x509_valid_to_date(NULL, &seconds));
  CHECK(nodecore_x509_fingerprint(ec).len == 59);
  CHECK(nodecore_x509_fingerprint256(ec).len == 95);
  CHECK(nodecore_x509_fingerprint512(ec).len == 191);
  /* A property is worked out once. */
  CHECK(nodecore_x509_fingerprint(ec).data == nodecore_x509_fingerprint(ec).data);
  CHECK(nodecore_x509_has_key_usage(ec) && !nodecore_x509_has_key_usage(rsa));
  CHECK(is(nodecore_x509_key_usage(ec, 0), "1.3.6.1.5.5.7.3.1"));
  CHECK(nodecore_x509_key_usage(ec, 1).data == NULL && nodecore_x509_key_usage(rsa, 0).data == NULL);
  CHECK(is(nodecore_x509_serial_number(ec), "1234"));
  CHECK(is(nodecore_x509_signature_algorithm(ec), "sha256WithRSAEncryption"));
  CHECK(is(nodecore_x509_signature_algorithm_oid(ec), "1.2.840.113549.1.1.11"));
  CHECK(is(nodecore_x509_to_string(ec), EC));
  CHECK(nodecore_x509_ca(rsa) && !nodecore_x509_ca(ec) && !nodecore_x509_ca(NULL));
  CHECK(nodecore_x509_issuer_certificate(ec) == NULL);

  nodecore_str raw = nodecore_x509_raw(ec);
  nodecore_x509 *again = NULL;
  CHECK_OK(nodecore_x509_new(raw.data, raw.len, &again, NULL));
  CHECK(is(nodecore_x509_to_string(again), EC));
  nodecore_x509 *copy = nodecore_x509_copy(again);
  nodecore_x509_free(again);
  CHECK(is(nodecore_x509_subject(copy), "CN=ec.example"));
  nodecore_x509_free(copy);
  nodecore_x509_free(NULL);
  CHECK(nodecore_x509_copy(NULL) == NULL && nodecore_x509_subject(NULL).data == NULL);
}

static bool host(const nodecore_x509 *cert, const char *name, const nodecore_x509_check_options *opts,
                 const char *expected) {
  bool matches = false;
  nodecore_buf out = NODECORE_BUF_INIT;
  CHECK_OK(nodecore_x509_check_host(cert, name, NODECORE_AUTO_LEN, opts, &matches, &out, NULL));
  bool without = !matches;
  CHECK_OK(nodecore_x509_check_host(cert, name, NODECORE_AUTO_LEN, opts, &without, NULL, NULL));
  CHECK(matches == without && matches == (expected != NULL));
  return expected == NULL ? out.data == NULL : gave(&out, expected);
}

static void names(const nodecore_x509 *ec) {
  CHECK(host(ec, "EC.example", NULL, "ec.example"));
  CHECK(host(ec, "www.ec.example", NULL, "*.ec.example"));
  CHECK(host(ec, "b.www.ec.example", NULL, NULL));
  CHECK(host(ec, "", NULL, NULL));
  nodecore_x509_check_options opts = NODECORE_X509_CHECK_OPTIONS_INIT;
  opts.multi_label_wildcards = true;
  CHECK(host(ec, "b.www.ec.example", &opts, "*.ec.example"));
  opts.no_wildcards = true;
  opts.no_partial_wildcards = true;
  opts.single_label_subdomains = true;
  opts.subject = NODECORE_X509_SUBJECT_ALWAYS;
  CHECK(host(ec, "www.ec.example", &opts, NULL));

  bool matches = false;
  nodecore_error *err = NULL;
  opts.subject = 3;
  CHECK_STATUS(nodecore_x509_check_host(ec, "a", 1, &opts, &matches, NULL, &err), NODECORE_ERR_INVALID_ARG_VALUE);
  CHECK(failed_with(&err, "ERR_INVALID_ARG_VALUE", "The property 'options.subject' is invalid. Received 3"));
  CHECK_STATUS(nodecore_x509_check_host(ec, "a\0b", 3, NULL, &matches, NULL, &err),
               NODECORE_ERR_INVALID_ARG_VALUE);
  CHECK(failed_with(&err, "ERR_INVALID_ARG_VALUE", "Invalid name"));
  CHECK_STATUS(nodecore_x509_check_host(NULL, "a", 1, NULL, &matches, NULL, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_x509_check_host(ec, "a", 1, NULL, NULL, NULL, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  opts.subject = NODECORE_X509_SUBJECT_NEVER;
  CHECK_OK(nodecore_x509_check_email(ec, "post@ec.example", NODECORE_AUTO_LEN, &opts, &matches, NULL));
  CHECK(!matches);
  CHECK_STATUS(nodecore_x509_check_email(ec, "a\0b", 3, NULL, &matches, NULL), NODECORE_ERR_INVALID_ARG_VALUE);
  CHECK_OK(nodecore_x509_check_ip(ec, "192.0.2.1", NODECORE_AUTO_LEN, &matches, NULL));
  CHECK(matches);
  CHECK_OK(nodecore_x509_check_ip(ec, "::1", NODECORE_AUTO_LEN, &matches, NULL));
  CHECK(!matches);
  CHECK_STATUS(nodecore_x509_check_ip(ec, "x", 1, &matches, &err), NODECORE_ERR_INVALID_ARG_VALUE);
  CHECK(failed_with(&err, "ERR_INVALID_ARG_VALUE", "Invalid name"));
}

static void keys(const nodecore_x509 *ec, const nodecore_x509 *rsa) {
  CHECK(nodecore_x509_check_issued(ec, rsa) && !nodecore_x509_check_issued(rsa, ec));
  CHECK(!nodecore_x509_check_issued(ec, NULL) && !nodecore_x509_check_issued(NULL, rsa));
  nodecore_key *issuer = NULL, *own = NULL, *private_key = NULL;
  CHECK_OK(nodecore_x509_public_key(rsa, &issuer, NULL));
  CHECK_OK(nodecore_x509_public_key(ec, &own, NULL));
  CHECK(is(nodecore_key_asymmetric_type(issuer), "rsa") && is(nodecore_key_asymmetric_type(own), "ec"));
  bool valid = false;
  CHECK_OK(nodecore_x509_verify(ec, issuer, &valid, NULL));
  CHECK(valid);
  CHECK_OK(nodecore_x509_verify(ec, own, &valid, NULL));
  CHECK(!valid);
  nodecore_key_input input = NODECORE_KEY_INPUT_INIT;
  input.format = NODECORE_KEY_PEM;
  input.data.data = KEY;
  input.data.len = strlen(KEY);
  CHECK_OK(nodecore_crypto_create_private_key(&input, &private_key, NULL));
  CHECK_OK(nodecore_x509_check_private_key(ec, private_key, &valid, NULL));
  CHECK(valid);
  CHECK_OK(nodecore_x509_check_private_key(rsa, private_key, &valid, NULL));
  CHECK(!valid);
  nodecore_error *err = NULL;
  CHECK_STATUS(nodecore_x509_check_private_key(ec, own, &valid, &err), NODECORE_ERR_INVALID_ARG_VALUE);
  CHECK(failed_with(&err, "ERR_INVALID_ARG_VALUE",
                    "The argument 'pkey' is invalid. Received PublicKeyObject [KeyObject] {}"));
  CHECK_STATUS(nodecore_x509_verify(ec, private_key, &valid, NULL), NODECORE_ERR_INVALID_ARG_VALUE);
  nodecore_key_free(private_key);
  nodecore_key_free(own);
  nodecore_key_free(issuer);
}

static void legacy(const nodecore_x509 *ec, const nodecore_x509 *rsa) {
  nodecore_x509_legacy *of = NULL;
  CHECK_OK(nodecore_x509_to_legacy_object(ec, &of, NULL));
  nodecore_x509_legacy_fields fields = nodecore_x509_legacy_get(of);
  CHECK(is(fields.subjectaltname, "DNS:ec.example, DNS:*.ec.example, IP Address:192.0.2.1"));
  CHECK(fields.modulus.data == NULL && fields.exponent.data == NULL && fields.pubkey.len == 65);
  CHECK(is(fields.asn1_curve, "prime256v1") && is(fields.nist_curve, "P-256") && fields.bits == 256);
  CHECK(is(fields.valid_from, "Jan  2 03:04:05 2025 GMT") && is(fields.serial_number, "1234"));
  CHECK(!fields.ca && fields.has_info_access && fields.has_ext_key_usage);
  CHECK(fields.raw.len == nodecore_x509_raw(ec).len && fields.fingerprint256.len == 95);
  nodecore_x509_attribute at = nodecore_x509_legacy_attribute(of, NODECORE_X509_LEGACY_ISSUER, 1);
  CHECK(is(at.name, "O") && is(at.value, "Example, \"Ltd\""));
  at = nodecore_x509_legacy_attribute(of, NODECORE_X509_LEGACY_SUBJECT, 0);
  CHECK(is(at.name, "CN") && is(at.value, "ec.example"));
  CHECK(nodecore_x509_legacy_attribute(of, NODECORE_X509_LEGACY_SUBJECT, 1).name.data == NULL);
  CHECK(nodecore_x509_legacy_attribute(of, 3, 0).name.data == NULL);
  at = nodecore_x509_legacy_attribute(of, NODECORE_X509_LEGACY_INFO_ACCESS, 0);
  CHECK(is(at.name, "OCSP - URI") && is(at.value, "http://ocsp.example/"));
  CHECK(is(nodecore_x509_legacy_ext_key_usage(of, 0), "1.3.6.1.5.5.7.3.1"));
  CHECK(nodecore_x509_legacy_ext_key_usage(of, 1).data == NULL);
  nodecore_x509_legacy_free(of);
  nodecore_x509_legacy_free(NULL);
  CHECK(nodecore_x509_legacy_get(NULL).raw.data == NULL);

  CHECK_OK(nodecore_x509_to_legacy_object(rsa, &of, NULL));
  fields = nodecore_x509_legacy_get(of);
  CHECK(fields.ca && fields.bits == 2048 && fields.modulus.len == 512 && is(fields.exponent, "0x10001"));
  CHECK(fields.asn1_curve.data == NULL && !fields.has_info_access && !fields.has_ext_key_usage);
  nodecore_x509_legacy_free(of);
  CHECK_STATUS(nodecore_x509_to_legacy_object(NULL, &of, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
}

static void refused(void) {
  nodecore_x509 *none = NULL;
  nodecore_error *err = NULL;
  CHECK_STATUS(nodecore_x509_new(KEY, strlen(KEY), &none, &err), NODECORE_ERR_OSSL);
  CHECK(is(nodecore_error_library(err), "PEM routines") && is(nodecore_error_reason(err), "no start line"));
  CHECK(failed_with(&err, "ERR_OSSL_PEM_NO_START_LINE", "error:0480006C:PEM routines::no start line"));
  CHECK_STATUS(nodecore_x509_new(EC, 100, &none, &err), NODECORE_ERR_OSSL);
  CHECK(failed_with(&err, "ERR_OSSL_PEM_BAD_END_LINE", "error:04800066:PEM routines::bad end line"));
  CHECK_STATUS(nodecore_x509_new(NULL, 0, &none, NULL), NODECORE_ERR_OSSL);
  CHECK_STATUS(nodecore_x509_new(NULL, 1, &none, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_x509_new(EC, strlen(EC), NULL, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK(none == NULL);
  nodecore_key *key = NULL;
  CHECK_STATUS(nodecore_x509_public_key(NULL, &key, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
}

int main(void) {
  nodecore_x509 *ec = read_text(EC), *rsa = read_text(RSA);
  properties(ec, rsa);
  names(ec);
  keys(ec, rsa);
  legacy(ec, rsa);
  refused();
  nodecore_x509_free(rsa);
  nodecore_x509_free(ec);
  return 0;
}
