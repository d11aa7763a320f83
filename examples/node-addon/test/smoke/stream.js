'use strict';
// The same programs over the library's streams and over the host's have the same course.

const assert = require('assert');
const { AsyncLocalStorage } = require('async_hooks');
const ours = require('../../lib').stream;

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
};
