'use strict';
// Runs the programs of main.rs on Node's web streams and prints their traces.

const programs = JSON.parse(require('fs').readFileSync(0));
const turn = () => new Promise((resolve) => setImmediate(resolve));
process.on('unhandledRejection', () => {});
// Node's own assertions fail in some programs; what it does afterwards says nothing.
let broken = false;
process.on('uncaughtException', () => { broken = true; });

function reason(e) {
  if (Array.isArray(e)) e = e.find((one) => one !== undefined);
  return e === undefined ? 'none' : e.message;
}
const shown = (chunk) => (chunk === undefined ? 'none' : Buffer.from(chunk).toString('hex'));

async function run(program) {
  const trace = [];
  let step = 0;
  let made = 0;
  const due = [];
  const log = (line) => trace.push(`${step} ${line}`);
  const bytes = (count, tag = 128 + (++made % 128)) => new Uint8Array(count).fill(tag);
  const later = (delay, act) => {
    if (delay === 0) {
      return act();
    }
    return new Promise((resolve, reject) => {
      due.push({ at: step + delay, run: () => { try { resolve(act()); } catch (e) { reject(e); } } });
    });
  };
  const behave = (b, name) => later(b.delay, () => { if (!b.ok) throw new Error(`${name} failed`); });
  const told = (name, promise, show = () => '') =>
    promise.then((v) => log(`${name} = ${show(v)}`), (e) => {
    broken ||= e?.code === 'ERR_INTERNAL_ASSERTION';
    log(`${name} ! ${reason(e)}`);
  });
  const attempt = (name, f) => {
    try {
      return f();
    } catch (e) {
      broken ||= e?.code === 'ERR_INTERNAL_ASSERTION';
      log(`${name} ! ${reason(e)}`);
      return undefined;
    }
  };

  const readables = [];
  const writables = [];
  const readers = [];
  const writers = [];
  const controllers = [];
  const aborters = [new AbortController(), new AbortController()];
  const strategy = (mark) => ({ highWaterMark: mark });

  const fill = (c, act, name, tag) => {
    switch (act.kind) {
      case 'enqueue': c.enqueue(bytes(act.count, tag)); break;
      case 'twice': c.enqueue(bytes(act.count, tag)); c.enqueue(bytes(act.count, tag + 1)); break;
      case 'close':
        c.close();
        if (c.byobRequest) c.byobRequest.respond(0);
        break;
      case 'last': c.enqueue(bytes(act.count, tag)); c.close(); if (c.byobRequest) c.byobRequest.respond(0); break;
      case 'error': c.error(new Error(`${name} errored`)); break;
      case 'reject': throw new Error(`${name} rejected`);
      case 'respond': {
        const request = c.byobRequest;
        if (request) {
          const count = Math.min(act.count, request.view.byteLength);
          new Uint8Array(request.view.buffer, request.view.byteOffset, count).fill(tag);
          request.respond(count);
        } else {
          c.enqueue(bytes(act.count, tag));
        }
        break;
      }
      default:
    }
  };

  program.streams.forEach((spec, n) => {
    if (spec.type === 'readable') {
      let pulls = 0;
      const source = {
        start(c) {
          controllers.push(c);
          return behave(spec.start, `start${n}`);
        },
        pull(c) {
          log(`pull${n} ${c.desiredSize}`);
          const tag = 32 * n + 2 * pulls;
          const act = spec.pulls[pulls++];
          return act ? later(act.delay, () => fill(c, act, `pull${n}`, tag)) : undefined;
        },
        cancel(e) {
          log(`cancel${n} ${reason(e)}`);
          return behave(spec.cancel, `cancel${n}`);
        },
      };
      if (spec.bytes) {
        source.type = 'bytes';
        if (spec.auto) source.autoAllocateChunkSize = spec.auto;
      }
      // A start that throws is tried elsewhere.
      if (spec.start.delay === 0) spec.start.ok = true;
      readables.push({ stream: new ReadableStream(source, strategy(spec.mark)), bytes: spec.bytes });
    } else if (spec.type === 'writable') {
      let writes = 0;
      if (spec.start.delay === 0) spec.start.ok = true;
      writables.push(new WritableStream({
        start: () => behave(spec.start, `start${n}`),
        write(chunk) {
          log(`write${n} ${shown(chunk)}`);
          const b = spec.writes[writes++];
          return b ? behave(b, `write${n}`) : undefined;
        },
        close() {
          log(`close${n}`);
          return behave(spec.close, `close${n}`);
        },
        abort(e) {
          log(`abort${n} ${reason(e)}`);
          return behave(spec.abort, `abort${n}`);
        },
      }, strategy(spec.mark)));
    } else {
      let calls = 0;
      const t = new TransformStream({
        transform(chunk, c) {
          log(`transform${n} ${shown(chunk)} ${c.desiredSize}`);
          const act = spec.acts[calls++];
          if (!act) {
            c.enqueue(chunk);
            return undefined;
          }
          return later(act.delay, () => {
            switch (act.kind) {
              case 'enqueue': c.enqueue(chunk); break;
              case 'twice': c.enqueue(chunk); c.enqueue(chunk); break;
              case 'error': c.error(new Error(`transform${n} errored`)); break;
              case 'reject': throw new Error(`transform${n} rejected`);
              case 'close': c.terminate(); break;
              default:
            }
          });
        },
        flush() {
          log(`flush${n}`);
          return behave(spec.flush, `flush${n}`);
        },
        cancel(e) {
          log(`tcancel${n} ${reason(e)}`);
          return behave(spec.cancel, `tcancel${n}`);
        },
      }, strategy(spec.mark), strategy(spec.read_mark));
      readables.push({ stream: t.readable, bytes: false });
      writables.push(t.writable);
    }
  });

  const at = (list, index) => (list.length ? list[index % list.length] : undefined);
  const ops = {
    reader({ a }) {
      const r = at(readables, a);
      const reader = r && attempt('reader', () => r.stream.getReader());
      if (reader) {
        told(`reader${readers.length} closed`, reader.closed);
        readers.push({ reader, byob: false });
      }
    },
    byob({ a }) {
      const r = at(readables, a);
      if (!r || !r.bytes) return;
      const reader = attempt('byob', () => r.stream.getReader({ mode: 'byob' }));
      if (reader) {
        told(`reader${readers.length} closed`, reader.closed);
        readers.push({ reader, byob: true });
      }
    },
    read({ a, b }, name) {
      const r = at(readers, a);
      if (!r) return;
      if (r.byob) {
        const size = 1 + (b % 6);
        const min = 1 + (b % size);
        told(name, r.reader.read(new Uint8Array(size), { min }), (v) => `${shown(v.value)} ${v.done}`);
      } else {
        told(name, r.reader.read(), (v) => (v.done ? 'end' : shown(v.value)));
      }
    },
    release({ a }) { at(readers, a)?.reader.releaseLock(); },
    rcancel({ a }, name) {
      const r = at(readers, a);
      if (r) told(name, r.reader.cancel(new Error(name)));
    },
    cancel({ a }, name) {
      const r = at(readables, a);
      if (r) told(name, r.stream.cancel(new Error(name)));
    },
    tee({ a }) {
      const r = at(readables, a);
      if (!r || r.bytes) return;
      const two = attempt('tee', () => r.stream.tee());
      if (two) two.forEach((stream) => readables.push({ stream, bytes: false }));
    },
    pipe({ a, b, c }, name) {
      const r = at(readables, a);
      const w = at(writables, b);
      if (!r || !w) return;
      const options = { preventClose: !!(c & 1), preventAbort: !!(c & 2), preventCancel: !!(c & 4) };
      if (c & 8) options.signal = aborters[c % 2].signal;
      told(name, r.stream.pipeTo(w, options));
    },
    stop({ a }, name) { at(aborters, a).abort(new Error(name)); },
    writer({ a }) {
      const w = at(writables, a);
      const writer = w && attempt('writer', () => w.getWriter());
      if (writer) {
        told(`writer${writers.length} closed`, writer.closed);
        told(`writer${writers.length} ready`, writer.ready);
        writers.push(writer);
      }
    },
    write({ a, b }, name) {
      const w = at(writers, a);
      if (w) told(name, w.write(bytes(1 + (b % 3))));
    },
    ready({ a }, name) {
      const w = at(writers, a);
      if (w) told(name, w.ready);
    },
    desired({ a }, name) {
      const w = at(writers, a);
      const size = w && attempt(name, () => String(w.desiredSize));
      if (size) log(`${name} ${size}`);
    },
    wclose({ a }, name) {
      const w = at(writers, a);
      if (w) told(name, w.close());
    },
    wabort({ a }, name) {
      const w = at(writers, a);
      if (w) told(name, w.abort(new Error(name)));
    },
    wrelease({ a }) { at(writers, a)?.releaseLock(); },
    close({ a }, name) {
      const w = at(writables, a);
      if (w) told(name, w.close());
    },
    abort({ a }, name) {
      const w = at(writables, a);
      if (w) told(name, w.abort(new Error(name)));
    },
    push({ a, b }, name) {
      const c = at(controllers, a);
      if (c) attempt(name, () => c.enqueue(bytes(1 + (b % 5))));
    },
    finish({ a }, name) {
      const c = at(controllers, a);
      if (c) attempt(name, () => { c.close(); if (c.byobRequest) c.byobRequest.respond(0); });
    },
    fail({ a }, name) { at(controllers, a)?.error(new Error(name)); },
  };

  for (const op of [...program.ops, ...Array(12).fill({ kind: 'idle' })]) {
    await turn();
    step += 1;
    for (let i = 0; i < due.length;) {
      if (due[i].at <= step) {
        const [entry] = due.splice(i, 1);
        entry.run();
      } else {
        i += 1;
      }
    }
    attempt('op', () => ops[op.kind]?.(op, `${op.kind}${step}`));
    if (broken) {
      broken = false;
      trace.push('BROKEN');
      return trace;
    }
  }
  await turn();
  return trace;
}

(async () => {
  const traces = [];
  for (const program of programs) {
    traces.push(await run(program));
  }
  process.stdout.write(JSON.stringify(traces));
})().catch((e) => { console.error(e); process.exit(1); });
