'use strict';
// The same programs over the library's streams and over the host's have the same course.

const assert = require('assert');
const { AsyncLocalStorage } = require('async_hooks');
const { promisify } = require('util');
const nodecore = require('../../lib');
const ours = nodecore.stream;

const programs = {
  identity({ Duplex }, note, done) {
    const error = new Error('once');
    const stream = new Duplex({ objectMode: true, read() {}, write() {} });
    const chunk = { any: 'value' };
    stream.on('data', (received) => note(received === chunk));
    stream.on('error', (received) => note(received === error, stream.errored === error));
    stream.on('close', done);
    stream.push(chunk);
    setImmediate(() => stream.destroy(error));
  },
  writing({ Writable }, note, done) {
    class Sink extends Writable {
      _construct(callback) {
        note('construct');
        callback();
      }
      _write(chunk, encoding, callback) {
        note('write', String(chunk), encoding);
        setImmediate(callback);
      }
      _writev(chunks, callback) {
        note('writev', chunks.map(({ chunk }) => String(chunk)).join());
        setImmediate(callback);
      }
      _final(callback) {
        note('final', this.writableFinished);
        callback();
      }
    }
    const sink = new Sink({ highWaterMark: 3 });
    for (const event of ['drain', 'prefinish', 'finish', 'close']) sink.on(event, () => note(event));
    sink.on('close', () => sink.write('late', (error) => (note(error.code), done())));
    note(sink.write('ab'), sink.write('cd'), sink.writableLength, sink.writableNeedDrain);
    sink.write('ef', () => note('written'));
    sink.end('gh', () => note('ended'));
  },
  piping({ Readable, Transform, Writable }, note, done) {
    const upper = new Transform({
      highWaterMark: 2,
      transform(chunk, encoding, callback) {
        callback(null, String(chunk).toUpperCase());
      },
      flush(callback) {
        callback(null, '.');
      },
    });
    const sink = new Writable({
      highWaterMark: 1,
      write(chunk, encoding, callback) {
        note(String(chunk));
        setImmediate(callback);
      },
    });
    Readable.from(['ab', 'cd', 'ef'], { objectMode: false }).pipe(upper).pipe(sink);
    for (const event of ['pipe', 'unpipe', 'finish']) sink.on(event, () => note(event));
    sink.on('close', done);
  },
  text({ Readable }, note, done) {
    const source = new Readable({ read() {} });
    source.setEncoding('utf8');
    for (const byte of Buffer.from('a€😀')) source.push(Buffer.of(byte));
    source.push(null);
    source.on('readable', () => {
      for (let text; (text = source.read()) !== null; ) note(text);
    });
    source.on('end', done);
  },
  ends({ Duplex, PassThrough, Readable, finished }, note, done) {
    const stream = new PassThrough();
    const before = stream.listenerCount('close');
    finished(stream, function (...outcome) {
      note('whole', this === stream, ...outcome);
    });
    finished(stream, { readable: false }, (...outcome) => note('written', ...outcome));
    finished(stream, () => note('never'))();
    note(stream.listenerCount('close') > before);
    stream.end('x');
    stream.resume();
    const broken = new Duplex({ read() {}, write() {} });
    const reason = new Error('reason');
    finished(broken, (error) => note('broken', error === reason));
    broken.destroy(reason);
    const early = new Readable({ read() {} });
    finished(early, (error) => note('early', error.code, error.message));
    early.destroy();
    const controller = new AbortController();
    finished(new PassThrough(), { signal: controller.signal }, (error) => note(error.name, error.code));
    setImmediate(() => controller.abort());
    for (const wrong of [[stream], [{}, () => {}], [stream, {}, 'x']])
      assert.throws(() => finished(...wrong), { code: 'ERR_INVALID_ARG_TYPE' });
    setTimeout(() => finished(stream, (...outcome) => (note('late', ...outcome), done())), 20);
  },
  pipelines({ PassThrough, Readable, Transform, Writable, pipeline }, note, done) {
    const written = [];
    const sink = new Writable({ write: (chunk, encoding, callback) => (written.push(String(chunk)), callback()) });
    const last = pipeline(Readable.from(['ab', 'cd']), new PassThrough(), sink, (...outcome) => note(outcome[0], ...written));
    note(last === sink);
    const upper = async function* (source) {
      for await (const chunk of source) yield String(chunk).toUpperCase();
    };
    const join = async (source) => (await Readable.from(source).toArray()).join();
    pipeline(['e', 'f'], upper, join, (error, value) => note(error, value));
    const broken = new Transform({ transform: (chunk, encoding, callback) => callback(new Error('broken')) });
    const parts = [new PassThrough(), broken, new PassThrough()];
    const errors = [];
    for (const part of parts) part.on('error', (error) => errors.push(error));
    pipeline(parts, (error) => {
      note(error.message, errors.every((one) => one === error));
      note(...parts.map((part) => part.destroyed));
    });
    parts[0].write('x');
    assert.throws(() => pipeline(new PassThrough(), () => {}), { code: 'ERR_MISSING_ARGS' });
    assert.throws(() => pipeline(new PassThrough(), new PassThrough()), { code: 'ERR_INVALID_ARG_TYPE' });
    setTimeout(done, 30);
  },
  promises({ PassThrough, Readable, promises }, note, done) {
    const controller = new AbortController();
    const streams = [new PassThrough(), new PassThrough()];
    const aborted = promises.pipeline(streams, { signal: controller.signal });
    aborted.catch((error) => note(error.name, error.code, ...streams.map((stream) => stream.destroyed)));
    controller.abort();
    const open = new PassThrough();
    const kept = promises.pipeline(Readable.from(['a']), open, { end: false }).then(() => note(open.writableEnded));
    const stream = Readable.from([]).resume();
    const ended = promises.finished(stream, { cleanup: true }).then(() => note(stream.listenerCount('end')));
    Promise.allSettled([aborted, kept, ended]).then(() => setTimeout(done, 10));
  },
  queries({ Duplex, PassThrough, Readable, Writable, ...streams }, note, done) {
    const read = new Readable({ read() {} });
    const half = new Duplex({ readable: false, read() {}, write() {} });
    const destroyed = new Readable({ read() {} }).destroy();
    const asked = [read, new Writable({ write() {} }), half, {}, null, new PassThrough().end(), destroyed];
    read.push('a');
    read.read();
    const names = ['isDisturbed', 'isErrored', 'isReadable', 'isWritable'];
    const ask = () => {
      for (const stream of asked) note(...names.map((name) => streams[name](stream)));
    };
    ask();
    read.on('error', (error) => note(error.name, error.code));
    streams.destroy(read);
    setImmediate(() => (ask(), done()));
  },
  async operators({ Readable }, note, done) {
    const numbers = () => Readable.from([1, 2, 3, 4, 5]);
    let [running, most] = [0, 0];
    const slow = async (number) => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setTimeout(resolve, 6 - number));
      running--;
      return number * 2;
    };
    note(await numbers().map(slow, { concurrency: 3 }).toArray(), most);
    const odd = numbers().filter((number) => number % 2);
    note(await odd.flatMap((number) => [number, -number]).drop(1).take(3).toArray());
    const add = (sum, number) => sum + number;
    note(await numbers().reduce(add), await numbers().reduce(add, ''));
    note(await numbers().some((number) => number > 4), await numbers().every((number) => number > 4));
    note(await numbers().find((number) => number > 2), await numbers().forEach(() => {}));
    for (const fail of [
      () => numbers().map(5),
      () => numbers().take(-1),
      () => Readable.from([]).reduce(() => {}),
      () => numbers().map(() => Promise.reject(new Error('mine'))).toArray(),
      () => numbers().toArray({ signal: AbortSignal.abort() }),
    ])
      await assert.rejects(async () => fail(), (error) => (note(error.name, error.code), true));
    const [left, kept] = [numbers(), numbers()];
    left.on('error', () => {});
    for await (const number of left) if (number === 2) break;
    for await (const number of kept.iterator({ destroyOnReturn: false })) if (number === 2) break;
    note(left.destroyed, kept.destroyed, await kept.toArray());
    done();
  },
  async joined({ Duplex, PassThrough, Readable, Transform, compose }, note, done) {
    const upper = new Transform({
      transform(chunk, encoding, callback) {
        callback(null, String(chunk).toUpperCase());
      },
    });
    const doubled = async function* (source) {
      for await (const chunk of source) yield `${chunk}${chunk}`;
    };
    const both = compose(upper, doubled);
    both.end('ab');
    note(both.readable, both.readableObjectMode, both.writableObjectMode, await both.toArray());
    const [readable, writable] = [new PassThrough(), new PassThrough()];
    const pair = Duplex.from({ readable, writable });
    pair.end('written');
    readable.end('read');
    note(String(await pair.toArray()), String(await writable.toArray()));
    for (const body of ['text', [1, 2], Promise.resolve(3), new Blob(['bytes'])])
      note(String(await Duplex.from(body).toArray()));
    assert.throws(() => Duplex.from({}), (error) => (note(error.code), true));
    note(await Readable.from(['a', 'b']).compose(doubled).toArray());
    const failing = compose(new PassThrough(), async function* () {
      throw new Error('in between');
    });
    failing.on('error', (error) => (note(error.message), done()));
    failing.resume().write('a');
  },
  async web({ Duplex, Readable, Writable }, note, done) {
    const written = [];
    const sink = new Writable({
      write(chunk, encoding, callback) {
        written.push(String(chunk));
        setImmediate(callback);
      },
    });
    await Readable.toWeb(Readable.from(['a', 'b'])).pipeTo(Writable.toWeb(sink));
    note(written, sink.writableFinished);
    const upper = new TransformStream({
      transform: (chunk, controller) => controller.enqueue(Buffer.from(String(chunk).toUpperCase())),
    });
    const duplex = Duplex.fromWeb(upper);
    duplex.end('cd');
    note(String(await duplex.toArray()), duplex.allowHalfOpen);
    const cancelled = await new Promise((cancel) => {
      const endless = Readable.fromWeb(new ReadableStream({ cancel }));
      endless.on('error', () => {}).destroy(new Error('no'));
    });
    note(cancelled.message);
    done();
  },
};

/** What `stream/promises` and `stream/consumers` come to. */
const results = {
  promises: async ({ finished, pipeline }, { Readable, PassThrough }) => {
    const joined = pipeline(['a', 'b'], new PassThrough(), async (source) => {
      let text = '';
      for await (const chunk of source) text += chunk;
      return text;
    });
    const aborted = new AbortController();
    const { signal } = aborted;
    const stopped = pipeline(new PassThrough(), new PassThrough(), { signal }).catch(({ name }) => name);
    aborted.abort();
    const kept = new PassThrough().resume();
    await pipeline(Readable.from(['a']), kept, { end: false });
    const failed = finished(new PassThrough().destroy(new Error('why'))).catch(({ message }) => message);
    const ended = finished(new PassThrough().end().resume());
    return [await joined, await stopped, kept.writableEnded, await failed, await ended];
  },
  consumers: async (consumers, { Readable }) => {
    const said = [];
    for (const [name, chunks] of [
      ['text', ['a', Buffer.from([0xe2, 0x82]), Buffer.from([0xac])]],
      ['json', ['{"a":', '1}']],
      ['buffer', [Buffer.from('a'), 'b']],
      ['arrayBuffer', [new Uint16Array([0x6161])]],
      ['json', ['{']],
    ])
      said.push(await consumers[name](Readable.from(chunks)).catch(({ name }) => name));
    const { size } = await consumers.blob(new Blob(['web']).stream());
    return [...said.map((value) => (value instanceof ArrayBuffer ? Buffer.from(value) : value)), size];
  },
};

const course = (streams, program) =>
  new Promise((resolve) => {
    const notes = [];
    program(streams, (...what) => notes.push(what), () => setImmediate(resolve, notes));
  });

/** Callbacks see what the program had when it gave them, as in Node 26. */
async function contexts({ PassThrough, finished, pipeline }) {
  const store = new AsyncLocalStorage();
  const streams = [new PassThrough(), new PassThrough()];
  const seen = store.run('given', () => [
    new Promise((resolve) => finished(streams[0], () => resolve(store.getStore()))),
    new Promise((resolve) => pipeline(streams[1], new PassThrough(), () => resolve(store.getStore()))),
  ]);
  setImmediate(() => store.run('ended', () => streams.forEach((stream) => stream.resume().end())));
  assert.deepStrictEqual(await Promise.all(seen), ['given', 'given']);
}

module.exports = async () => {
  await contexts(ours);
  for (const [name, program] of Object.entries(programs)) {
    const [expected, actual] = [await course(require('stream'), program), await course(ours, program)];
    assert.ok(expected.length > 0);
    assert.deepStrictEqual(actual, expected, name);
  }
  for (const [name, result] of Object.entries(results)) {
    const [theirs, own] = [require(`stream/${name}`), nodecore[`stream/${name}`]];
    assert.deepStrictEqual(await result(own, ours), await result(theirs, require('stream')), name);
  }
  const { finished, pipeline } = ours.promises;
  assert.deepStrictEqual([finished, pipeline], [promisify(ours.finished), promisify(ours.pipeline)]);
  assert.strictEqual(String(await nodecore['stream/consumers'].bytes(ours.Readable.from(['ab']))), '97,98');
  const [one, two] = ours.duplexPair();
  one.end('across');
  two.end();
  assert.strictEqual(String(await two.toArray()), 'across');
};
