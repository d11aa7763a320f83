// Makes the certificates and keys beside it anew: node make.js
'use strict';
const crypto = require('crypto');
const fs = require('fs');
const path = require('path');

const part = (tag, ...content) => {
  const body = Buffer.concat(content.map((bytes) => Buffer.from(bytes)));
  const length = [];
  for (let rest = body.length; rest > 0; rest >>= 8) length.unshift(rest & 255);
  const head = body.length < 128 ? [tag, body.length] : [tag, 128 | length.length, ...length];
  return Buffer.concat([Buffer.from(head), body]);
};
const list = (...items) => part(0x30, ...items);
const oid = (text) => {
  const [first, second, ...rest] = text.split('.').map(Number);
  const bytes = [first * 40 + second].concat(rest).flatMap((arc) => {
    const digits = [arc & 127];
    for (arc >>= 7; arc > 0; arc >>= 7) digits.unshift((arc & 127) | 128);
    return digits;
  });
  return part(6, bytes);
};
const name = (...attributes) =>
  list(...attributes.map(([id, text]) => part(0x31, list(oid(id), part(12, Buffer.from(text))))));
const extension = (id, value, critical) =>
  list(oid(id), ...(critical ? [part(1, [255])] : []), part(4, value));
const dns = (text) => part(0x82, Buffer.from(text));

const COMMON_NAME = '2.5.4.3';
const ALGORITHMS = {
  rsa: list(oid('1.2.840.113549.1.1.11'), part(5)),
  ec: list(oid('1.2.840.10045.4.3.2')),
  ed25519: list(oid('1.3.101.112')),
  'ml-dsa-44': list(oid('2.16.840.1.101.3.4.3.17')),
};
const ca = [extension('2.5.29.19', list(part(1, [255])), true), extension('2.5.29.15', part(3, [1, 6]), true)];

function certificate(serial, subject, publicKey, issuer, privateKey, extensions) {
  const algorithm = ALGORITHMS[privateKey.asymmetricKeyType];
  const date = (text) => part(0x17, Buffer.from(text));
  const body = list(
    part(0xa0, part(2, [2])),
    part(2, serial),
    algorithm,
    issuer,
    list(date('250102030405Z'), date('491231235959Z')),
    subject,
    publicKey.export({ type: 'spki', format: 'der' }),
    part(0xa3, list(...extensions)),
  );
  const digest = ['rsa', 'ec'].includes(privateKey.asymmetricKeyType) ? 'sha256' : null;
  const der = list(body, algorithm, part(3, [0], crypto.sign(digest, body, privateKey)));
  return `-----BEGIN CERTIFICATE-----\n${der.toString('base64').match(/.{1,64}/g).join('\n')}\n-----END CERTIFICATE-----\n`;
}

const write = (file, text) => fs.writeFileSync(path.join(__dirname, file), text);
const rsa = crypto.generateKeyPairSync('rsa', { modulusLength: 2048 });
const rsaName = name(['2.5.4.6', 'DE'], ['2.5.4.10', 'Example, "Ltd"'], [COMMON_NAME, 'rsa.example']);
write('rsa.pem', certificate([0x11], rsaName, rsa.publicKey, rsaName, rsa.privateKey, ca));

const ec = crypto.generateKeyPairSync('ec', { namedCurve: 'P-256' });
write('ec.key', ec.privateKey.export({ type: 'pkcs8', format: 'pem' }));
write(
  'ec.pem',
  certificate([0x12, 0x34], name([COMMON_NAME, 'ec.example']), ec.publicKey, rsaName, rsa.privateKey, [
    extension('2.5.29.17', list(dns('ec.example'), dns('*.ec.example'), part(0x87, [192, 0, 2, 1]))),
    extension('2.5.29.37', list(oid('1.3.6.1.5.5.7.3.1'))),
    extension(
      '1.3.6.1.5.5.7.1.1',
      list(list(oid('1.3.6.1.5.5.7.48.1'), part(0x86, Buffer.from('http://ocsp.example/')))),
    ),
  ]),
);
for (const type of ['ed25519', 'ml-dsa-44']) {
  const pair = crypto.generateKeyPairSync(type);
  const own = name([COMMON_NAME, `${type}.example`]);
  const mail = extension('2.5.29.17', list(part(0x81, Buffer.from(`Post@${type}.example`))));
  write(`${type}.pem`, certificate([0x13], own, pair.publicKey, own, pair.privateKey, [...ca, mail]));
}
