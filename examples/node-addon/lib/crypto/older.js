'use strict';
// The library says what Node 26 says. Programs that run on an older Node know the words of that one: where only
// the words or the order of two checks have changed, they are those of the runtime beneath. On Node 24 and later,
// Bun and Deno nothing here is used.

const isOlder =
  process.release?.name === 'node' &&
  !process.versions.bun &&
  !globalThis.Deno &&
  Number.parseInt(process.versions.node, 10) < 24;

const invalid = (text) => new DOMException(text, 'InvalidAccessError');

const UNFIT = 'The requested operation is not valid for the provided key';

/** What is refused of a key before anything else is looked at; `name` is that of the method. */
function refusal(name, algorithm, key) {
  if (!isOlder) return undefined;
  const same = algorithm.name.toLowerCase() === key.algorithm.name.toLowerCase();
  if (same && key.usages.includes(name)) return undefined;
  return invalid(/crypt$/.test(name) ? UNFIT : `Unable to use this key to ${name}`);
}

// Of each method: what is said since, and what was said, which may depend on the algorithm and the arguments.
const WORDS = [
  [
    /^derive/,
    /^key algorithm mismatch$/,
    ({ name }) =>
      /^ecdh$/i.test(name)
        ? 'Keys must be ECDH, X25519, or X448 keys'
        : 'The public and private keys must be of the same type',
  ],
  [
    /^decrypt$/,
    /^The operation failed for an operation-specific reason$/,
    (algorithm, [, , data]) =>
      algorithm.tag_length !== 0 && data.byteLength < (algorithm.tag_length ?? 128) / 8
        ? 'The provided data is too small.'
        : undefined,
  ],
  [
    /^import/,
    /^Invalid keyData$/,
    ({ named_curve: curve }, [format, data]) =>
      format === 'jwk' && curve && data?.kty === 'EC' && data.crv !== curve
        ? 'JWK "crv" does not match the requested algorithm'
        : undefined,
  ],
  [/^import/, /^HmacImportParams\.length cannot be 0$/, () => 'Zero-length key is not supported'],
  [
    /^(import|generate|unwrap)/,
    /^Unsupported key usage for HMAC key$/,
    () => 'Unsupported key usage for an HMAC key',
  ],
];

/** An error of the library's, in the words of the runtime beneath. */
function reworded(error, method, algorithm, given) {
  if (!isOlder || !(error instanceof DOMException)) return error;
  for (const [methods, since, was] of WORDS) {
    if (!methods.test(method) || !since.test(error.message)) continue;
    const text = was(algorithm, given);
    if (text)
      return new DOMException(text, error.cause ? { name: error.name, cause: error.cause } : error.name);
  }
  return error;
}

module.exports = { refusal, reworded };
