'use strict';
// Certificates, and requests for them (SPKAC).

const { inspect } = require('util');
const native = require('../native');
const { invalidArgType } = require('../errors');
const { isBytes, validateBoolean, validateObject, validateString } = require('../validators');
const { handleOf: keyHandleOf, isKeyObject, keyObject } = require('./keys');
const { bytesOf, listed, validateOneOf } = require('./util');

const SUBJECT = { default: 0, always: 1, never: 2 };
const FLAGS = [
  ['wildcards', 'no_wildcards', true],
  ['partialWildcards', 'no_partial_wildcards', true],
  ['multiLabelWildcards', 'multi_label_wildcards', false],
  ['singleLabelSubdomains', 'single_label_subdomains', false],
];

/** How names are compared. */
function checkOptions(options) {
  if (options === undefined) return undefined;
  validateObject(options, 'options');
  const { subject = 'default' } = options;
  const given = {};
  for (const [name, field, usual] of FLAGS) {
    const { [name]: value = usual } = options;
    validateBoolean(value, `options.${name}`);
    given[field] = value !== usual;
  }
  validateString(subject, 'options.subject');
  validateOneOf(subject, 'options.subject', Object.keys(SUBJECT));
  given.subject = SUBJECT[subject];
  return given;
}

/** A list of texts by their names: a text, or an array of those of one name. */
function attributes(legacy, list, always) {
  const found = Object.create(null);
  for (let i = 0; ; i++) {
    const { name, value } = native.x509_legacy_attribute(legacy, list, i);
    if (name === undefined) return found;
    if (always) (found[name] ??= []).push(value);
    else if (name in found) found[name] = [].concat(found[name], value);
    else found[name] = value;
  }
}

function privateKeyOf(value, name) {
  if (!isKeyObject(value)) throw invalidArgType(name, 'KeyObject', value);
  return keyHandleOf(value);
}

let isX509;

class X509Certificate {
  #handle;
  #told = new Map();

  constructor(buffer) {
    if (typeof buffer !== 'string' && !isBytes(buffer))
      throw invalidArgType('buffer', ['string', 'Buffer', 'TypedArray', 'DataView'], buffer);
    this.#handle = native.x509_new(buffer);
  }

  /** What the library tells of it; it is asked once. */
  #tell(name, make = native[`x509_${name}`]) {
    if (!this.#told.has(name)) this.#told.set(name, make(this.#handle));
    return this.#told.get(name);
  }

  get subject() {
    return this.#tell('subject');
  }

  get subjectAltName() {
    return this.#tell('subject_alt_name');
  }

  get issuer() {
    return this.#tell('issuer');
  }

  get issuerCertificate() {
    const handle = native.x509_issuer_certificate(this.#handle);
    if (handle === null) return undefined;
    return new X509Certificate(native.x509_raw(handle));
  }

  get infoAccess() {
    return this.#tell('info_access');
  }

  get validFrom() {
    return this.#tell('valid_from');
  }

  get validTo() {
    return this.#tell('valid_to');
  }

  get validFromDate() {
    return dateOf(native.x509_valid_from_date(this.#handle));
  }

  get validToDate() {
    return dateOf(native.x509_valid_to_date(this.#handle));
  }

  get fingerprint() {
    return this.#tell('fingerprint');
  }

  get fingerprint256() {
    return this.#tell('fingerprint256');
  }

  get fingerprint512() {
    return this.#tell('fingerprint512');
  }

  get keyUsage() {
    if (!native.x509_has_key_usage(this.#handle)) return undefined;
    return this.#tell('key_usage', (handle) => listed((i) => native.x509_key_usage(handle, i)));
  }

  get serialNumber() {
    return this.#tell('serial_number');
  }

  get signatureAlgorithm() {
    return this.#tell('signature_algorithm');
  }

  get signatureAlgorithmOid() {
    return this.#tell('signature_algorithm_oid');
  }

  get raw() {
    return this.#tell('raw');
  }

  get publicKey() {
    return this.#tell('public_key', (handle) => keyObject(native.x509_public_key(handle)));
  }

  toString() {
    return this.#tell('to_string');
  }

  toJSON() {
    return this.toString();
  }

  get ca() {
    return this.#tell('ca');
  }

  checkHost(name, options) {
    validateString(name, 'name');
    const [matches, found] = native.x509_check_host(this.#handle, name, checkOptions(options));
    return matches ? found : undefined;
  }

  checkEmail(email, options) {
    validateString(email, 'email');
    return native.x509_check_email(this.#handle, email, checkOptions(options)) ? email : undefined;
  }

  checkIP(ip, options) {
    validateString(ip, 'ip');
    checkOptions(options);
    return native.x509_check_ip(this.#handle, ip) ? ip : undefined;
  }

  checkIssued(otherCert) {
    if (!isX509(otherCert)) throw invalidArgType('otherCert', 'X509Certificate', otherCert);
    return native.x509_check_issued(this.#handle, otherCert.#handle);
  }

  checkPrivateKey(pkey) {
    return native.x509_check_private_key(this.#handle, privateKeyOf(pkey, 'pkey'));
  }

  verify(pkey) {
    return native.x509_verify(this.#handle, privateKeyOf(pkey, 'pkey'));
  }

  toLegacyObject() {
    const legacy = native.x509_to_legacy_object(this.#handle);
    const told = native.x509_legacy_get(legacy);
    const all = {
      subject: attributes(legacy, 0, false),
      issuer: attributes(legacy, 1, false),
      subjectaltname: told.subjectaltname,
      infoAccess: told.has_info_access ? attributes(legacy, 2, true) : undefined,
      ca: told.ca,
      modulus: told.modulus,
      bits: told.bits || undefined,
      exponent: told.exponent,
      pubkey: told.pubkey,
      asn1Curve: told.asn1_curve,
      nistCurve: told.nist_curve,
      valid_from: told.valid_from,
      valid_to: told.valid_to,
      fingerprint: told.fingerprint,
      fingerprint256: told.fingerprint256,
      fingerprint512: told.fingerprint512,
      ext_key_usage: told.has_ext_key_usage
        ? listed((i) => native.x509_legacy_ext_key_usage(legacy, i))
        : undefined,
      serialNumber: told.serial_number,
      raw: told.raw,
    };
    return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
  }

  [inspect.custom](depth, options) {
    if (depth < 0) return this;
    const shown = {};
    for (const name of SHOWN) shown[name] = this[name];
    const inner = { ...options, depth: options.depth == null ? null : options.depth - 1 };
    return `X509Certificate ${inspect(shown, inner)}`;
  }

  static {
    isX509 = (value) => value !== null && typeof value === 'object' && #handle in value;
  }
}

const SHOWN = [
  'subject',
  'subjectAltName',
  'issuer',
  'infoAccess',
  'validFrom',
  'validTo',
  'validFromDate',
  'validToDate',
  'fingerprint',
  'fingerprint256',
  'fingerprint512',
  'keyUsage',
  'serialNumber',
  'signatureAlgorithm',
  'signatureAlgorithmOid',
];

const dateOf = ([is, seconds]) => new Date(is ? Number(seconds) * 1000 : NaN);

function verifySpkac(spkac, encoding) {
  return native.spkac_verify(bytesOf(spkac, 'spkac', encoding));
}

/** What is in a request, or an empty string. */
const found = ([is, bytes]) => (is ? bytes : '');

function exportPublicKey(spkac, encoding) {
  return found(native.spkac_export_public_key(bytesOf(spkac, 'spkac', encoding)));
}

function exportChallenge(spkac, encoding) {
  return found(native.spkac_export_challenge(bytesOf(spkac, 'spkac', encoding)));
}

function Certificate() {
  if (!new.target) return new Certificate();
}
for (const of of [Certificate, Certificate.prototype])
  Object.assign(of, { exportChallenge, exportPublicKey, verifySpkac });

module.exports = { Certificate, X509Certificate };
