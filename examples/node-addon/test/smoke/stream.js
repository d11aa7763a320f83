'use strict';
// The same programs over the library's streams and over the host's have the same course.

const assert = require('assert');
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
};

const course = (streams, program) =>
  new Promise((resolve) => {
    const notes = [];
    program(streams, (...what) => notes.push(what), () => setImmediate(resolve, notes));
  });

module.exports = async () => {
  for (const [name, program] of Object.entries(programs)) {
    const [expected, actual] = [await course(require('stream'), program), await course(ours, program)];
    assert.ok(expected.length > 0);
    assert.deepStrictEqual(actual, expected, name);
  }
};
