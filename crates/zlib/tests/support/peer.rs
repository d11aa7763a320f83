//! A process that does task after task: the other end of `tests/peers`.

use std::io::{BufReader, Read, Write};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::mpsc::{Sender, channel};
use std::thread::{self, JoinHandle};

/// What came of a task, here or there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    pub data: Vec<u8>,
    /// A stream's events, or the error of a call.
    pub events: String,
    pub taken: String,
}

impl Answer {
    pub fn failed(&self) -> bool {
        self.events.contains("error")
    }
}

/// One that is running.
pub struct Peer {
    child: Child,
    tasks: Option<Sender<Vec<u8>>>,
    writer: Option<JoinHandle<std::io::Result<()>>>,
    output: BufReader<ChildStdout>,
}

impl Peer {
    /// `None` where there is no such program.
    pub fn start(command: &mut Command) -> Option<Peer> {
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().ok()?;
        let (mut stdin, output) = (child.stdin.take()?, child.stdout.take()?);
        let (tasks, queue) = channel::<Vec<u8>>();
        // Beside the reading, as neither side may wait for the other.
        let writer = thread::spawn(move || queue.into_iter().try_for_each(|task| stdin.write_all(&task)));
        Some(Peer { child, tasks: Some(tasks), writer: Some(writer), output: BufReader::new(output) })
    }

    /// Gives it a task, whose answer is the next but those of the tasks before.
    pub fn send(&self, fields: &[Vec<u8>]) {
        let mut message = number(fields.len()).to_vec();
        for field in fields {
            message.extend(number(field.len()));
            message.extend(field);
        }
        self.tasks.as_ref().unwrap().send(message).unwrap();
    }

    pub fn answer(&mut self) -> Answer {
        assert_eq!(self.number(), 3, "the fields of an answer");
        let [data, events, taken] = [(); 3].map(|()| {
            let mut field = vec![0; self.number()];
            self.output.read_exact(&mut field).unwrap();
            field
        });
        let text = |field| String::from_utf8(field).unwrap();
        Answer { data, events: text(events), taken: text(taken) }
    }

    fn number(&mut self) -> usize {
        let mut bytes = [0; 4];
        self.output.read_exact(&mut bytes).expect("the peer has ended");
        u32::from_le_bytes(bytes) as usize
    }
}

fn number(value: usize) -> [u8; 4] {
    u32::try_from(value).unwrap().to_le_bytes()
}

impl Drop for Peer {
    fn drop(&mut self) {
        self.tasks = None;
        // Past a panic it may still be writing what nobody reads.
        if thread::panicking() {
            _ = self.child.kill();
        }
        _ = self.writer.take().map(JoinHandle::join);
        _ = self.child.wait();
    }
}
