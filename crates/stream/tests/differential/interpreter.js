'use strict';
// Runs the programs on standard input, one after another, and prints their traces as JSON.
const stream = require('stream');

// Ends the trace of the running program.
let breakOff;

function run(program, done) {
  const trace = [];
  // Where a read is re-entered, Node may count below nothing; what follows is no model for anyone.
  let broken = false;
  const cut = () => {
    if (!broken || trace.at(-1) !== 'BROKEN') trace.push('BROKEN');
    broken = true;
  };
  breakOff = cut;
  const log = (line) => {
    broken ||= streams.some((it) => it._readableState?.length < 0);
    if (!broken) trace.push(line);
    else cut();
  };
  let outstanding = 0;
  let counter = 0;
  let waits = 0;
  const streams = [];
  const listeners = [];
  // Ours lets go of listeners once a stream has closed; only `pipe` and `unpipe` can come later than that.
  const released = program.streams.map(() => 0);
  // How many callbacks of writes run with an error.
  const failing = program.streams.map(() => 0);

  const chunk = (size) => {
    const bytes = Buffer.alloc(size);
    for (let i = 0; i < size; i++) bytes[i] = counter++ % 251;
    return bytes;
  };
  const letters = (size) => String.fromCharCode(...Array.from({ length: size }, () => 97 + counter++ % 26));
  const controller = new AbortController();
  const show = (chunk) => showBytes(typeof chunk === 'string' ? Buffer.from(chunk) : chunk);
  const showBytes = (bytes) => bytes === null ? 'null' : `${bytes.length}/${bytes.length ? bytes[0] : '-'}`;
  const makeError = (n) => Object.assign(new Error(`E${n}`), { code: 'EIO' });
  const showError = (error) => error ? `${error.code}:${error.message}` : 'ok';
  const later = (when, f) => {
    if (!when || when === 'Sync') return f();
    outstanding++;
    const call = () => { outstanding--; f(); };
    if (when === 'Tick') process.nextTick(call);
    else if (when === 'Micro') queueMicrotask(call);
    else setImmediate(call);
  };

  const push = (s, size) => {
    log(`s${s}.push(${size})`);
    const more = streams[s].push(size === null ? null : chunk(size));
    log(`s${s}.push=${more}`);
  };

  const finish = (name, step, callback) => {
    log(`${name}()=${step.error === null ? 'ok' : `E${step.error}`}`);
    callback(step.error === null ? null : makeError(step.error));
    if (step.twice) {
      log(`${name}() again`);
      callback(null);
    }
  };

  const make = (spec, s) => {
    const options = {
      objectMode: spec.object_mode,
      autoDestroy: spec.auto_destroy,
      emitClose: spec.emit_close,
      allowHalfOpen: spec.half_open,
    };
    if (spec.mark !== null) options.highWaterMark = spec.mark;
    if (spec.kind === 'From') {
      if (spec.mark === null) delete options.highWaterMark;
      return stream.Readable.from(spec.items.map(chunk), { ...options, highWaterMark: spec.mark ?? 1 });
    }
    if (spec.kind === 'Pair') {
      const [end, other] = stream.duplexPair(options);
      // A read inside a write is told of a write before it, and that one's callback is never called.
      for (const [from, to] of [[end, other], [other, end]]) {
        let writing = false;
        const { _write, _read } = { _write: from._write, _read: to._read };
        from._write = function(...args) {
          writing = true;
          _write.apply(this, args);
          writing = false;
        };
        to._read = function(...args) {
          if (writing) cut();
          _read.apply(this, args);
        };
      }
      other.on('error', () => {});
      other.on('data', (bytes) => other.write(bytes));
      other.on('end', () => other.end());
      return end;
    }
    let reads = 0;
    let writes = 0;
    // What a step does besides is done the first time only, so that programs end.
    const nextWrite = () => {
      const step = spec.writes[writes % spec.writes.length];
      return writes++ < spec.writes.length ? step : { ...step, acts: [] };
    };
    const hook = (name, step, callback) => {
      act(step.acts);
      later(step.when, () => finish(`s${s}.${name}`, step, callback));
    };
    if (spec.kind === 'Readable' || spec.kind === 'Duplex') {
      options.read = (size) => {
        log(`s${s}._read(${size})`);
        const step = spec.reads[reads++];
        if (!step) return;
        act(step.acts);
        later(step.when, () => {
          for (const size of step.pushes) push(s, size);
          if (step.error !== null) {
            log(`s${s}.fails`);
            streams[s].destroy(makeError(step.error));
          }
        });
      };
    }
    if (spec.kind === 'Writable' || spec.kind === 'Duplex' || spec.kind === 'Sides') {
      options.write = (bytes, encoding, callback) => {
        // A chunk that Node has reported as lost, and writes all the same.
        if (failing[s]) cut();
        log(`s${s}._write(${show(bytes)})`);
        hook('written', nextWrite(), callback);
      };
      if (spec.writev) {
        options.writev = (chunks, callback) => {
          log(`s${s}._writev(${chunks.map((c) => show(c.chunk))})`);
          const step = nextWrite();
          later(step.when, () => finish(`s${s}.written`, step, callback));
        };
      }
      if (spec.finale) {
        options.final = (callback) => {
          log(`s${s}._final`);
          hook('finalized', spec.finale, callback);
        };
      }
    }
    if (spec.kind === 'Transform' || spec.kind === 'Composed') {
      const transformed = (name, step, callback) => {
        act(step.acts);
        later(step.when, () => {
          for (const size of step.pushes) push(s, size);
          log(`s${s}.${name}(${step.value})=${step.error === null ? 'ok' : `E${step.error}`}`);
          const value = step.value === null ? null : chunk(step.value);
          if (step.error !== null) callback(makeError(step.error));
          else callback(null, value);
          log(`s${s}.${name}.`);
        });
      };
      options.transform = (bytes, encoding, callback) => {
        if (failing[s]) cut();
        log(`s${s}._transform(${show(bytes)})`);
        transformed('transformed', nextWrite(), callback);
      };
      if (spec.finale) {
        options.flush = (callback) => {
          log(`s${s}._flush`);
          transformed('flushed', spec.finale, callback);
        };
      }
    }
    if (spec.construct) {
      options.construct = (callback) => {
        log(`s${s}._construct`);
        hook('constructed', spec.construct, callback);
      };
    }
    if (spec.destroy) {
      options.destroy = (error, callback) => {
        log(`s${s}._destroy(${showError(error)})`);
        act(spec.destroy.acts);
        later(spec.destroy.when, () => {
          const own = spec.destroy.error === null ? error : makeError(spec.destroy.error);
          log(`s${s}.torn(${showError(own)})`);
          callback(own);
        });
      };
    }
    if (spec.kind === 'Composed') {
      const { transform, flush, ...plain } = options;
      return stream.compose(new stream.PassThrough(plain), new stream.Transform(options));
    }
    if (spec.kind === 'Sides') {
      const { write, writev, final, ...plain } = options;
      const readable = stream.Readable.from(spec.items.map(chunk), { ...plain, highWaterMark: spec.mark ?? 1 });
      return stream.Duplex.from({ readable, writable: new stream.Writable(options) });
    }
    return new stream[spec.kind](options);
  };

  const state = (s) => {
    const it = streams[s];
    let text = `s${s}: destroyed=${it.destroyed} closed=${it.closed} errored=${showError(it.errored ?? it._readableState?.errored)}`;
    if (it._readableState) {
      text += ` r=${it.readable} rlen=${it.readableLength} flowing=${it.closed ? '-' : it.readableFlowing} paused=${it.closed ? '-' : it.isPaused()}` +
        ` ended=${it.readableEnded} raborted=${it.readableAborted} did=${it.readableDidRead}` +
        ` rhwm=${it.readableHighWaterMark} pipes=${it._readableState.pipes.length}`;
    }
    if (it._writableState) {
      text += ` w=${it.writable} wlen=${it.writableLength} drain=${it.writableNeedDrain} wended=${it.writableEnded}` +
        ` finished=${it.writableFinished} corked=${it.writableCorked}`;
      // A Duplex of Node's does not have it.
      if (!it._readableState) text += ` waborted=${it.writableAborted}`;
    }
    text += ` is=${[stream.isErrored(it), stream.isDisturbed(it), stream.isReadable(it), stream.isWritable(it)]}`;
    if (it._readableState) text += ` encoding=${it.readableEncoding}`;
    log(text);
  };

  const perform = (a) => {
    const { s } = a;
    const it = streams[s];
    switch (a.op) {
      case 'Push': return push(s, a.size);
      case 'Unshift':
        log(`s${s}.unshift(${a.size})`);
        if (a.size !== null && it.readableEncoding) {
          return log(`s${s}.unshift=${it.unshift(letters(a.size), it.readableEncoding)}`);
        }
        return log(`s${s}.unshift=${it.unshift(a.size === null ? null : chunk(a.size))}`);
      case 'SetEncoding':
        if (it.readableObjectMode) return;
        log(`s${s}.setEncoding(${a.encoding})`);
        return it.setEncoding(a.encoding);
      case 'WriteText':
        if (it.writableObjectMode) return;
        log(`s${s}.writeText(${a.encoding})`);
        return log(`s${s}.writeText=${it.write(a.text, a.encoding)}`);
      case 'AddSignal':
        log(`s${s}.signal`);
        return stream.addAbortSignal(controller.signal, it);
      case 'Abort':
        log('abort');
        controller.abort();
        return log('aborted');
      case 'Read':
        log(`s${s}.read(${a.size})`);
        return log(`s${s}.read=${show(it.read(a.size ?? undefined))}`);
      case 'Pause': log(`s${s}.pause()`); return it.pause();
      case 'Resume': log(`s${s}.resume()`); return it.resume();
      case 'Pipe': log(`s${s}.pipe(s${a.to})`); return it.pipe(streams[a.to], { end: a.end });
      case 'Unpipe': log(`s${s}.unpipe(${a.to})`); return it.unpipe(a.to === null ? undefined : streams[a.to]);
      case 'Write': {
        log(`s${s}.write(${a.size})`);
        const name = `s${s}.cb${waits++}`;
        const more = a.callback === null ? it.write(chunk(a.size)) : it.write(chunk(a.size), (error) => {
          log(`${name}(${showError(error)})`);
          failing[s] += error ? 1 : 0;
          act(a.callback);
          failing[s] -= error ? 1 : 0;
        });
        return log(`s${s}.write=${more}`);
      }
      case 'End': {
        log(`s${s}.end(${a.size})`);
        const name = `s${s}.cb${waits++}`;
        const bytes = a.size === null ? null : chunk(a.size);
        if (a.callback) it.end(bytes, (error) => log(`${name}(${showError(error)})`));
        else it.end(bytes);
        return log(`s${s}.end.`);
      }
      case 'Cork': log(`s${s}.cork()`); return it.cork();
      case 'Uncork': log(`s${s}.uncork()`); it.uncork(); return log(`s${s}.uncork.`);
      case 'Destroy':
        log(`s${s}.destroy(${a.error})`);
        it.destroy(a.error === null ? null : makeError(a.error));
        return log(`s${s}.destroy.`);
      case 'On': {
        const index = listeners[s].length;
        let calls = 0;
        const late = it._writableState?.closeEmitted;
        const listener = (arg) => {
          if (index < released[s] || (!late && it._writableState?.closeEmitted && !program.streams[s].emit_close)) return;
          let text = '';
          if (a.event === 'data') text = show(arg);
          else if (arg instanceof stream) text = `s${streams.indexOf(arg)}`;
          log(`s${s}:${a.event}#${index}(${text})`);
          act(a.calls[calls++]);
        };
        log(`s${s}.on(${a.event})`);
        listeners[s].push([a.event, listener]);
        return a.once ? it.once(a.event, listener) : it.on(a.event, listener);
      }
      case 'Off': {
        const entry = listeners[s][a.index];
        if (!entry) return;
        log(`s${s}.off(${a.index})`);
        return it.removeListener(...entry);
      }
      case 'State': return state(s);
      case 'Finished': {
        const name = `finished${waits++}`;
        const options = {};
        if (a.readable !== null) options.readable = a.readable;
        if (a.writable !== null) options.writable = a.writable;
        log(`${name} of s${s}`);
        return stream.finished(it, options, (error) => log(`${name}(${showError(error)})`));
      }
      case 'Pipeline': {
        const name = `pipeline${waits++}`;
        log(`${name} of ${a.streams}`);
        const callback = (error) => log(`${name}(${showError(error)})`);
        try {
          if (a.end) stream.pipeline(...a.streams.map((i) => streams[i]), callback);
          else {
            stream.promises.pipeline;
            pipelineKeepingOpen(a.streams.map((i) => streams[i]), callback);
          }
        } catch (error) {
          log(`${name} throws ${showError(error)}`);
        }
        return;
      }
      case 'Later': return later(a.when, () => act(a.acts));
    }
  };
  // The callback form has no options, so that what it would do with `end: false` is asked of the promise.
  const pipelineKeepingOpen = (list, callback) => {
    stream.promises.pipeline(...list, { end: false }).then(() => callback(), callback);
  };
  const act = (acts) => {
    for (const a of acts ?? []) perform(a);
  };

  for (const [s, spec] of program.streams.entries()) {
    streams.push(make(spec, s));
    listeners.push([]);
    const emit = streams[s].emit;
    streams[s].emit = function(event, ...args) {
      const any = emit.call(this, event, ...args);
      if (event === 'close') released[s] = listeners[s].length;
      return any;
    };
    streams[s].on('error', (error) => log(`s${s}:error(${showError(error)})`));
  }
  try {
    act(program.acts);
  } catch (error) {
    log(`throws ${error.stack}`);
  }
  let quiet = 0;
  const check = () => {
    quiet = outstanding === 0 ? quiet + 1 : 0;
    if (quiet < 3) return setImmediate(check);
    for (const s of streams.keys()) state(s);
    done(trace);
  };
  setImmediate(check);
}

let text = '';
process.stdin.on('data', (bytes) => { text += bytes; });
process.stdin.on('end', () => {
  const programs = JSON.parse(text);
  const traces = [];
  let current = 0;
  process.on('uncaughtException', (error) => {
    // Node's own code trips over a count that it got wrong.
    if (/at howMuchToRead|at fromList/.test(error.stack)) return breakOff();
    process.stderr.write(`program ${current}: ${error.stack}\n`);
    process.exit(1);
  });
  const next = () => {
    if (current === programs.length) return process.stdout.write(JSON.stringify(traces));
    setImmediate(() => run(programs[current], (trace) => { traces.push(trace); current++; next(); }));
  };
  next();
});
