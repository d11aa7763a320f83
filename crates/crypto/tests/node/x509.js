// Answers the questions of tests/x509_node.rs, one a line: `verb TAB …`.
'use strict';
const { X509Certificate, createPrivateKey } = require('crypto');
const bytes = (hex) => Buffer.from(hex, 'hex');
const hex = (buffer) => buffer?.toString('hex');

function now(f) {
  try {
    return f();
  } catch (e) {
    return `error ${e.name} ${e.code} ${e.message} ${e.library} ${e.reason} ${e.opensslErrorStack}`;
  }
}

const time = (date) => (Number.isNaN(date.getTime()) ? undefined : date.getTime() / 1000);
const attributes = (object) => object && Object.entries(object).map(([name, value]) => [name, [].concat(value)]);

function legacy(certificate) {
  const of = certificate.toLegacyObject();
  return [
    attributes(of.subject), attributes(of.issuer), of.subjectaltname, attributes(of.infoAccess), of.ca, of.modulus,
    of.exponent, hex(of.pubkey), of.bits, of.valid_from, of.valid_to, of.fingerprint, of.fingerprint256,
    of.fingerprint512, of.ext_key_usage, of.serialNumber, hex(of.raw), of.asn1Curve, of.nistCurve,
  ];
}

const described = (c, whole) => [
  c.subject, c.subjectAltName, c.issuer, c.issuerCertificate, c.infoAccess, c.validFrom, c.validTo,
  time(c.validFromDate), time(c.validToDate), c.fingerprint, c.fingerprint256, c.fingerprint512, c.keyUsage,
  c.serialNumber, c.signatureAlgorithm, c.signatureAlgorithmOid, hex(c.raw),
  now(() => hex(c.publicKey.export({ type: 'spki', format: 'der' }))), c.toString(), c.toJSON(), c.ca,
  whole === 'whole' ? legacy(c) : undefined,
];

function checked(c, names, options) {
  const each = (name) => [
    now(() => c.checkHost(name, options)),
    now(() => c.checkEmail(name, { subject: options.subject }) !== undefined),
    now(() => c.checkIP(name) !== undefined),
  ];
  return names.map(each);
}

const verbs = {
  read: (data, whole) => now(() => described(new X509Certificate(bytes(data)), whole)),
  check: (data, names, options) =>
    now(() => checked(new X509Certificate(bytes(data)), JSON.parse(names), JSON.parse(options))),
  pair: (one, other) => {
    const [a, b] = [one, other].map((data) => new X509Certificate(bytes(data)));
    return [a.checkIssued(b), now(() => a.verify(b.publicKey))];
  },
  key: (data, pem) => {
    const [certificate, key] = [new X509Certificate(bytes(data)), createPrivateKey(bytes(pem))];
    return [certificate.checkPrivateKey(key), now(() => certificate.verify(key)),
      now(() => certificate.checkPrivateKey(certificate.publicKey))];
  },
};

const lines = require('fs').readFileSync(0, 'latin1').split('\n');
const answers = [];
for (const line of lines) {
  if (line === '') continue;
  const [verb, ...rest] = line.split('\t');
  answers.push(JSON.stringify(verbs[verb](...rest)));
}
process.stdout.write(answers.join('\n') + '\n');
