'use strict';
// A worker has an environment of its own, which ends with what is still under way.

const assert = require('node:assert');
const { Worker, isMainThread, parentPort } = require('node:worker_threads');
const { crypto, fs, stream, url, zlib } = require('../../lib');

async function work() {
  const source = fs.createReadStream(__filename);
  let bytes = 0;
  for await (const chunk of source.pipe(zlib.createGzip()).pipe(zlib.createGunzip())) bytes += chunk.length;
  const digest = crypto.createHash('sha256').update(await fs.promises.readFile(__filename)).digest('hex');
  await new Promise((resolve) => crypto.randomBytes(8, resolve));
  new stream.Writable({ write() {} }).write('waits for ever');
  const found = { bytes, digest, host: new url.URL('http://example.org/').host };
  crypto.pbkdf2('a', 'b', 1e5, 32, 'sha256', () => {});
  return found;
}

if (!isMainThread) work().then((found) => parentPort.postMessage(found));

module.exports = async () => {
  for (const ends of [true, false]) {
    const worker = new Worker(__filename);
    const exited = new Promise((resolve) => worker.once('exit', resolve));
    const found = await new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject));
    if (!ends) worker.terminate();
    assert.strictEqual(typeof (await exited), 'number');
    assert.deepStrictEqual(found, await work());
  }
};
