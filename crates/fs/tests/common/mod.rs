//! Every scenario runs through each form.

#![allow(dead_code, reason = "each test program uses its part")]

use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use nodecore_error::Result;
use nodecore_event_loop::{EventLoop, RunMode};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    Sync,
    Callback,
    Promise,
}

/// A form to run operations in, and the loop it needs.
pub(crate) struct Runner {
    pub(crate) form: Form,
    pub(crate) lp: EventLoop,
}

impl Runner {
    pub(crate) fn new(form: Form) -> Runner {
        Runner { form, lp: EventLoop::new().unwrap() }
    }

    /// Runs the loop until the callback came; it must come once, and not before `start` returns.
    pub(crate) fn wait<T: 'static, R>(
        &self,
        start: impl FnOnce(&EventLoop, Box<dyn FnOnce(Result<T>)>) -> Result<R>,
    ) -> Result<T> {
        let outcome = Rc::new(RefCell::new(None));
        let slot = Rc::clone(&outcome);
        start(&self.lp, Box::new(move |result| *slot.borrow_mut() = Some(result)))?;
        assert!(outcome.borrow().is_none(), "called back before the function returned");
        self.lp.run(RunMode::Default);
        outcome.borrow_mut().take().expect("never called back")
    }
}

/// Runs one operation in the runner's form: `op!(run, stat_sync / stat(path))`.
#[macro_export]
macro_rules! op {
    ($run:expr, $sync:ident / $name:ident ( $($arg:expr),* )) => {
        match $run.form {
            $crate::common::Form::Sync => nodecore_fs::$sync($($arg),*),
            $crate::common::Form::Callback => $run.wait(|lp, done| nodecore_fs::$name(lp, $($arg,)* done)),
            $crate::common::Form::Promise => $run.lp.block_on(nodecore_fs::promises::$name(&$run.lp, $($arg),*)),
        }
    };
}

/// Runs `scenario` in every form, each in an empty directory of its own.
pub(crate) fn in_each_form(name: &str, scenario: impl Fn(&Runner, &Path)) {
    for form in [Form::Sync, Form::Callback, Form::Promise] {
        let scratch = Scratch::new(&format!("{name}-{form:?}"));
        scenario(&Runner::new(form), &scratch.0);
    }
}

/// A directory that goes when the test ends.
pub(crate) struct Scratch(pub(crate) PathBuf);

impl Scratch {
    pub(crate) fn new(name: &str) -> Scratch {
        let dir = std::env::temp_dir().join(format!("nodecore-fs-{}-{name}", std::process::id()));
        let _ = std::fs::remove_dir_all(&dir);
        std::fs::create_dir_all(&dir).unwrap();
        Scratch(dir)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// The descriptors this process has open.
pub(crate) fn open_descriptors() -> usize {
    std::fs::read_dir("/proc/self/fd").unwrap().count()
}
