//! The functions that the streams of a program are made with.

use std::cell::Cell;
use std::rc::{Rc, Weak};

use bytes::Bytes;
use nodecore_error::Error;
use nodecore_stream::{
    Both, Done, Duplex, Readable, Sink, Source, Transform, TransformDone, Transformer, Writable,
};

use super::{Any, World, each, make_error, or_null, show, show_error};
use crate::program::{Step, Stream};

/// A stream's functions, as its program says.
pub(super) struct Hooks {
    pub(super) world: Weak<World>,
    pub(super) s: usize,
    pub(super) spec: Rc<Stream>,
    pub(super) reads: Cell<usize>,
    pub(super) writes: Cell<usize>,
}

impl Hooks {
    fn world(&self) -> Rc<World> {
        self.world.upgrade().unwrap()
    }

    fn next_write(&self) -> Step {
        let n = self.writes.get();
        self.writes.set(n + 1);
        let mut step = self.spec.writes[n % self.spec.writes.len()].clone();
        if n >= self.spec.writes.len() {
            // What a step does besides is done the first time only, so that programs end.
            step.acts.clear();
        }
        step
    }

    fn hook(&self, name: &'static str, step: Step, done: Done) {
        self.world().act(&step.acts);
        self.call_back(name, step, done);
    }

    fn call_back(&self, name: &'static str, step: Step, done: Done) {
        let (world, s) = (self.world(), self.s);
        self.world().later(step.when, move || {
            let name = format!("s{s}.{name}");
            world
                .log(format!("{name}()={}", step.error.map_or("ok".to_owned(), |error| format!("E{error}"))));
            let again = step.twice.then(|| done.clone());
            done.with(step.error.map(make_error));
            if let Some(done) = again {
                world.log(format!("{name}() again"));
                done.ok();
            }
        });
    }

    fn do_read(&self, size: usize) {
        let (world, s) = (self.world(), self.s);
        world.log(format!("s{s}._read({size})"));
        let n = self.reads.get();
        self.reads.set(n + 1);
        let Some(step) = self.spec.reads.get(n).cloned() else { return };
        world.act(&step.acts);
        self.world().later(step.when, move || {
            step.pushes.iter().for_each(|&size| world.push(s, size));
            if let Some(error) = step.error {
                world.log(format!("s{s}.fails"));
                each!(world.stream(s), it => it.destroy(Some(make_error(error))));
            }
        });
    }

    fn do_write(&self, chunk: &Bytes, done: Done) {
        self.world().log(format!("s{}._write({})", self.s, show(chunk)));
        self.hook("written", self.next_write(), done);
    }

    fn do_writev(&self, chunks: &[Bytes], done: Done) {
        let shown: Vec<String> = chunks.iter().map(show).collect();
        self.world().log(format!("s{}._writev({})", self.s, shown.join(",")));
        self.call_back("written", self.next_write(), done);
    }

    fn do_construct(&self, done: Done) {
        self.world().log(format!("s{}._construct", self.s));
        self.hook("constructed", self.spec.construct.clone().unwrap(), done);
    }

    fn do_final(&self, done: Done) {
        self.world().log(format!("s{}._final", self.s));
        self.hook("finalized", self.spec.finale.clone().unwrap(), done);
    }

    fn do_destroy(&self, error: Option<Error>, done: Done) {
        let Some(step) = self.spec.destroy.clone() else { return done.with(error) };
        let (world, s) = (self.world(), self.s);
        world.log(format!("s{s}._destroy({})", show_error(error.as_ref())));
        world.act(&step.acts);
        self.world().later(step.when, move || {
            let own = step.error.map(make_error).or(error);
            world.log(format!("s{s}.torn({})", show_error(own.as_ref())));
            done.with(own);
        });
    }

    fn do_transform(&self, name: &'static str, step: Step, done: TransformDone<Bytes>) {
        let (world, s) = (self.world(), self.s);
        world.act(&step.acts);
        self.world().later(step.when, move || {
            step.pushes.iter().for_each(|&size| world.push(s, size));
            world.log(format!(
                "s{s}.{name}({})={}",
                or_null(step.value),
                step.error.map_or("ok".to_owned(), |error| format!("E{error}"))
            ));
            let value = step.value.map(|size| world.chunk(size));
            done.call(match step.error {
                Some(error) => Err(make_error(error)),
                None => Ok(value),
            });
            world.log(format!("s{s}.{name}."));
        });
    }
}

impl Source<Bytes> for Hooks {
    fn has_construct(&self) -> bool {
        self.spec.construct.is_some()
    }
    fn construct(&self, _: &Readable, done: Done) {
        self.do_construct(done);
    }
    fn read(&self, _: &Readable, size: usize) {
        self.do_read(size);
    }
    fn destroy(&self, _: &Readable, error: Option<Error>, done: Done) {
        self.do_destroy(error, done);
    }
}

impl Sink<Bytes> for Hooks {
    fn has_construct(&self) -> bool {
        self.spec.construct.is_some()
    }
    fn construct(&self, _: &Writable, done: Done) {
        self.do_construct(done);
    }
    fn write(&self, _: &Writable, chunk: Bytes, done: Done) {
        self.do_write(&chunk, done);
    }
    fn has_writev(&self) -> bool {
        self.spec.writev
    }
    fn writev(&self, _: &Writable, chunks: Vec<Bytes>, done: Done) {
        self.do_writev(&chunks, done);
    }
    fn has_final(&self) -> bool {
        self.spec.finale.is_some()
    }
    fn final_(&self, _: &Writable, done: Done) {
        self.do_final(done);
    }
    fn destroy(&self, _: &Writable, error: Option<Error>, done: Done) {
        self.do_destroy(error, done);
    }
}

impl Both<Bytes, Bytes> for Hooks {
    fn has_construct(&self) -> bool {
        self.spec.construct.is_some()
    }
    fn construct(&self, _: &Duplex, done: Done) {
        self.do_construct(done);
    }
    fn read(&self, _: &Duplex, size: usize) {
        self.do_read(size);
    }
    fn write(&self, _: &Duplex, chunk: Bytes, done: Done) {
        self.do_write(&chunk, done);
    }
    fn has_writev(&self) -> bool {
        self.spec.writev
    }
    fn writev(&self, _: &Duplex, chunks: Vec<Bytes>, done: Done) {
        self.do_writev(&chunks, done);
    }
    fn has_final(&self) -> bool {
        self.spec.finale.is_some()
    }
    fn final_(&self, _: &Duplex, done: Done) {
        self.do_final(done);
    }
    fn destroy(&self, _: &Duplex, error: Option<Error>, done: Done) {
        self.do_destroy(error, done);
    }
}

impl Transformer<Bytes, Bytes> for Hooks {
    fn has_construct(&self) -> bool {
        self.spec.construct.is_some()
    }
    fn construct(&self, _: &Transform, done: Done) {
        self.do_construct(done);
    }
    fn transform(&self, _: &Transform, chunk: Bytes, done: TransformDone<Bytes>) {
        self.world().log(format!("s{}._transform({})", self.s, show(&chunk)));
        self.do_transform("transformed", self.next_write(), done);
    }
    fn flush(&self, _: &Transform, done: TransformDone<Bytes>) {
        let Some(step) = self.spec.finale.clone() else { return done.ok() };
        self.world().log(format!("s{}._flush", self.s));
        self.do_transform("flushed", step, done);
    }
    fn destroy(&self, _: &Transform, error: Option<Error>, done: Done) {
        self.do_destroy(error, done);
    }
}
