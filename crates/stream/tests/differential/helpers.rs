//! Random chains of iterator helpers: what comes of them has to be what comes of them in Node.

use std::cell::{Cell, RefCell};
use std::future::poll_fn;
use std::rc::Rc;
use std::task::{Poll, Waker};

use nodecore_error::{Code, Error, Result};
use nodecore_event_loop::{EventLoop, RunMode};
use nodecore_stream::{HelperOptions, Readable};
use nodecore_testdata::node::{self, Comparison, Node};
use serde::{Deserialize, Serialize};

use crate::program::Random;

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Step {
    op: String,
    arg: u32,
    concurrency: usize,
    fails: Option<u32>,
    slow: bool,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Chain {
    items: Vec<u32>,
    steps: Vec<Step>,
    end: String,
    arg: u32,
}

fn generate(random: &mut Random) -> Chain {
    let small = |random: &mut Random, n: usize| u32::try_from(random.below(n)).unwrap();
    let items = (0..random.below(14)).map(|_| small(random, 30)).collect();
    let steps = (0..random.below(4))
        .map(|_| Step {
            op: ["map", "map", "filter", "flatMap", "drop", "take"][random.below(6)].to_owned(),
            arg: small(random, 5),
            concurrency: 1 + random.below(4),
            fails: (random.below(4) == 0).then(|| small(random, 30)),
            slow: random.below(2) == 0,
        })
        .collect();
    let ends = ["toArray", "toArray", "some", "every", "find", "reduce", "reduceFirst", "forEach"];
    Chain { items, steps, end: ends[random.below(8)].to_owned(), arg: small(random, 7) }
}

/// Waits for some turns of the loop.
async fn turns(lp: EventLoop, count: u32) {
    for _ in 0..count {
        let (done, waker) = (Rc::new(Cell::new(false)), Rc::new(Cell::new(None::<Waker>)));
        let (set, wake) = (Rc::clone(&done), Rc::clone(&waker));
        lp.set_immediate(move || {
            set.set(true);
            wake.take().into_iter().for_each(Waker::wake);
        });
        poll_fn(|context| {
            waker.set(Some(context.waker().clone()));
            if done.get() { Poll::Ready(()) } else { Poll::Pending }
        })
        .await;
    }
}

fn step(lp: &EventLoop, stream: &Readable<u32>, step: &Step) -> Readable<u32> {
    let Step { arg, concurrency, fails, slow, .. } = *step;
    let options = HelperOptions::default().concurrency(concurrency);
    let later = lp.clone();
    let check = move |x: u32| {
        let wait = turns(later.clone(), if slow { x % 3 } else { 0 });
        async move {
            wait.await;
            if fails == Some(x) { Err(Error::new(Code::EIO, format!("fails at {x}"))) } else { Ok(x) }
        }
    };
    match step.op.as_str() {
        "map" => stream.map_with(
            move |x, _| {
                let checked = check(x);
                async move { Ok(checked.await? + arg) }
            },
            options,
        ),
        "filter" => stream.filter_with(
            move |x, _| {
                let checked = check(x);
                async move { Ok(checked.await? % (arg + 2) != 0) }
            },
            options,
        ),
        "flatMap" => {
            let lp = lp.clone();
            stream.flat_map_with(
                move |x, _| {
                    let (checked, lp) = (check(x), lp.clone());
                    async move {
                        let x = checked.await?;
                        Ok(Readable::from_iter(&lp, vec![x + arg; x as usize % 3]))
                    }
                },
                options,
            )
        }
        "drop" => stream.drop(arg as usize),
        _ => stream.take(arg as usize),
    }
}

fn run(chain: &Chain) -> String {
    let lp = EventLoop::new().unwrap();
    let source = Readable::from_iter(&lp, chain.items.clone());
    let stream = chain.steps.iter().fold(source.clone(), |stream, next| step(&lp, &stream, next));
    let (calls, arg) = (Rc::new(Cell::new(0)), chain.arg);
    let count = Rc::clone(&calls);
    let hit = move |x: &u32| {
        count.set(count.get() + 1);
        x % 7 == arg
    };
    let add = |sum: u32, x: u32| sum.wrapping_mul(31).wrapping_add(x) & 0xffff;
    let seen = Rc::new(RefCell::new(Vec::new()));
    let result: Result<String> = match chain.end.as_str() {
        "toArray" => lp.block_on(stream.to_array(HelperOptions::default())).map(|all| json(&all)),
        "some" => lp.block_on(stream.some(hit)).map(|found| json(&found)),
        "every" => lp.block_on(stream.every(move |x| !hit(x))).map(|found| json(&found)),
        "find" => lp.block_on(stream.find(hit)).map(|found| json(&found)),
        "reduce" => lp.block_on(stream.reduce(arg, add)).map(|sum| json(&sum)),
        "reduceFirst" => lp.block_on(stream.reduce_first(add)).map(|sum| json(&sum)),
        _ => {
            let to = Rc::clone(&seen);
            lp.block_on(stream.for_each(move |x| to.borrow_mut().push(x))).map(|()| json(&*seen.borrow()))
        }
    };
    let result = result.unwrap_or_else(|error| error.to_string());
    lp.run(RunMode::Default);
    let destroyed = source.destroyed();
    lp.close().unwrap();
    format!("{result} calls={} destroyed={destroyed}", calls.get())
}

fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap()
}

#[test]
fn chains_of_helpers_come_to_what_they_come_to_on_node() {
    let Some(node) = Node::find() else { return };
    let seed = node::seed();
    let count: u64 = node::setting("NODECORE_PROGRAMS", node::programs(300));
    let chains: Vec<Chain> =
        (0..count).map(|n| generate(&mut Random(seed.wrapping_mul(7_000_003).wrapping_add(n)))).collect();
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/differential/helpers.js");
    let theirs: Vec<String> = crate::ask(&node, script, &chains);
    let mut comparison = Comparison::new("stream", "helpers");
    for (chain, theirs) in chains.iter().zip(&theirs) {
        let ours = run(chain);
        comparison.expect(ours == *theirs, || format!("{}\n  here: {ours}\n  Node: {theirs}", json(chain)));
    }
    comparison.close();
}
