'use strict';
// Runs the programs on standard input, one after another, and prints their traces as JSON.
const stream = require('stream');

function run(program, done) {
  const trace = [];
  const log = (line) => { trace.push(line); };
  let outstanding = 0;
  let counter = 0;
  let waits = 0;
  const streams = [];
  const listeners = [];

  const chunk = (size) => {
    const bytes = Buffer.alloc(size);
    for (let i = 0; i < size; i++) bytes[i] = counter++ % 251;
    return bytes;
  };
  const show = (bytes) => bytes === null ? 'null' : `${bytes.length}/${bytes.length ? bytes[0] : '-'}`;
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
    let reads = 0;
    let writes = 0;
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
    if (spec.kind === 'Writable' || spec.kind === 'Duplex') {
      options.write = (bytes, encoding, callback) => {
        log(`s${s}._write(${show(bytes)})`);
        hook('written', spec.writes[writes++ % spec.writes.length], callback);
      };
      if (spec.writev) {
        options.writev = (chunks, callback) => {
          log(`s${s}._writev(${chunks.map((c) => show(c.chunk))})`);
          const step = spec.writes[writes++ % spec.writes.length];
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
    if (spec.kind === 'Transform') {
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
        log(`s${s}._transform(${show(bytes)})`);
        transformed('transformed', spec.writes[writes++ % spec.writes.length], callback);
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
    return new stream[spec.kind](options);
  };

  const state = (s) => {
    const it = streams[s];
    let text = `s${s}: destroyed=${it.destroyed} closed=${it.closed} errored=${showError(it.errored ?? it._readableState?.errored)}`;
    if (it._readableState) {
      text += ` r=${it.readable} rlen=${it.readableLength} flowing=${it.readableFlowing} paused=${it.isPaused()}` +
        ` ended=${it.readableEnded} raborted=${it.readableAborted} did=${it.readableDidRead}` +
        ` rhwm=${it.readableHighWaterMark} pipes=${it._readableState.pipes.length}`;
    }
    if (it._writableState) {
      text += ` w=${it.writable} wlen=${it.writableLength} drain=${it.writableNeedDrain} wended=${it.writableEnded}` +
        ` finished=${it.writableFinished} corked=${it.writableCorked}`;
      // A Duplex of Node's does not have it.
      if (!it._readableState) text += ` waborted=${it.writableAborted}`;
    }
    log(text);
  };

  const perform = (a) => {
    const { s } = a;
    const it = streams[s];
    switch (a.op) {
      case 'Push': return push(s, a.size);
      case 'Unshift':
        log(`s${s}.unshift(${a.size})`);
        return log(`s${s}.unshift=${it.unshift(a.size === null ? null : chunk(a.size))}`);
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
          act(a.callback);
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
        const listener = (arg) => {
          if ((a.event === 'pipe' || a.event === 'unpipe') && it._writableState.closeEmitted) return;
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
    process.stderr.write(`program ${current}: ${error.stack}\n`);
    process.exit(1);
  });
  const next = () => {
    if (current === programs.length) return process.stdout.write(JSON.stringify(traces));
    setImmediate(() => run(programs[current], (trace) => { traces.push(trace); current++; next(); }));
  };
  next();
});
