//! Handles that watch files: what they tell, and how they end.

#![allow(clippy::disallowed_methods, reason = "the tests make what is watched")]

use std::cell::{Cell, RefCell};
use std::ffi::CString;
use std::path::PathBuf;
use std::rc::Rc;

use nodecore_error::Code;
use nodecore_event_loop::{EventLoop, FsEvent, FsEventKind, FsPoll, RunMode};

struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str) -> Scratch {
        let dir = std::env::temp_dir().join(format!("nodecore-loop-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&dir).unwrap();
        Scratch(dir)
    }
    fn c(&self) -> CString {
        CString::new(self.0.to_str().unwrap()).unwrap()
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.0).unwrap();
    }
}

#[test]
fn events_come_until_the_handle_is_dropped() {
    let dir = Scratch::new("events");
    let lp = EventLoop::new().unwrap();
    let seen = Rc::new(RefCell::new(Vec::new()));
    let own = Rc::new(RefCell::new(None));
    let (sink, slot) = (Rc::clone(&seen), Rc::downgrade(&own));
    let watch = FsEvent::start(&lp, &dir.c(), move |lp, kind, name| {
        let trace = Rc::clone(&sink);
        lp.next_tick(move || trace.borrow_mut().push(String::from("tick")));
        let name = String::from_utf8(name.unwrap().to_vec()).unwrap();
        sink.borrow_mut().push(format!("{:?} {name}", kind.unwrap()));
        if sink.borrow().len() == 3 {
            slot.upgrade().unwrap().take();
        }
    })
    .unwrap();
    *own.borrow_mut() = Some(watch);
    for name in ["a", "b", "c"] {
        std::fs::create_dir(dir.0.join(name)).unwrap();
    }
    // Nothing but the handle keeps the loop alive.
    assert!(!lp.run(RunMode::Default));
    assert_eq!(*seen.borrow(), ["Rename a", "tick", "Rename b", "tick"]);
    assert_eq!(FsEventKind::Change.name(), "change");
}

#[test]
fn what_cannot_be_watched_is_an_error() {
    let dir = Scratch::new("errors");
    let lp = EventLoop::new().unwrap();
    let none = CString::new(format!("{}/none", dir.0.display())).unwrap();
    let error = FsEvent::start(&lp, &none, |_, _, _| ()).unwrap_err();
    assert_eq!((error.code(), error.syscall()), (Code::ENOENT, Some("watch")));
    assert!(!lp.run(RunMode::Default), "what failed to start is closed");
    lp.close().unwrap();
    assert_eq!(FsEvent::start(&lp, &dir.c(), |_, _, _| ()).unwrap_err().code(), Code::ECANCELED);
    assert_eq!(FsPoll::start(&lp, &dir.c(), 1, |_, _, _, _| ()).unwrap_err().code(), Code::ECANCELED);
}

#[test]
fn a_poll_tells_before_and_after() {
    let dir = Scratch::new("poll");
    let path = dir.0.join("f");
    let lp = EventLoop::new().unwrap();
    let seen = Rc::new(RefCell::new(Vec::new()));
    let sink = Rc::clone(&seen);
    let c_path = CString::new(path.to_str().unwrap()).unwrap();
    let poll = FsPoll::start(&lp, &c_path, 1, move |lp, outcome, before, after| {
        sink.borrow_mut().push((outcome.map_err(|error| error.code()), before.size, after.size));
        if sink.borrow().len() == 1 {
            std::fs::write(&path, "four").unwrap();
        } else {
            lp.stop();
        }
    })
    .unwrap();
    lp.run(RunMode::Default);
    assert_eq!(*seen.borrow(), [(Err(Code::ENOENT), 0, 0), (Ok(()), 0, 4)]);
    poll.set_ref(false);
    assert!(!lp.run(RunMode::Default));
}

#[test]
fn a_loop_that_closes_closes_them() {
    let dir = Scratch::new("close");
    for explicit in [true, false] {
        let lp = EventLoop::new().unwrap();
        let dropped = Rc::new(Cell::new(0));
        struct Count(Rc<Cell<i32>>);
        impl Drop for Count {
            fn drop(&mut self) {
                self.0.set(self.0.get() + 1);
            }
        }
        let (one, two) = (Count(Rc::clone(&dropped)), Count(Rc::clone(&dropped)));
        let event = FsEvent::start(&lp, &dir.c(), move |_, _, _| _ = one.0.get()).unwrap();
        let poll = FsPoll::start(&lp, &dir.c(), 1, move |_, _, _, _| _ = two.0.get()).unwrap();
        lp.run(RunMode::NoWait);
        if explicit {
            lp.close().unwrap();
        } else {
            drop(lp);
        }
        assert_eq!(dropped.get(), 2, "what the functions hold goes with the loop");
        event.set_ref(true);
        drop((event, poll));
    }
}

#[test]
fn a_weak_handle_lets_the_loop_go() {
    let (one, two) = (EventLoop::new().unwrap(), EventLoop::new().unwrap());
    let weak = one.downgrade();
    assert!(weak.is_of(&one) && !weak.is_of(&two) && weak.upgrade().is_some());
    drop(one);
    assert!(weak.upgrade().is_none());
}
