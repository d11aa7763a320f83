//! One test file, one process: as Node's own runner starts it, with a limit of time, memory and output.

use super::files::TestFile;
use super::output::{self, KEPT};
use super::proof::{self, Use};
use crate::kit::{self, Result};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// The memory a process may write to, in KiB: some tests make buffers of 2 GiB, none needs more than two.
const MEMORY: usize = 6 << 20;
/// The bytes a process may print before it is taken to have run wild.
const OUTPUT: u64 = 256 << 20;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Verdict {
    Passed,
    Failed,
    TimedOut,
    /// Ended by a signal.
    Crashed,
    /// The test found that it has nothing to say here.
    Skipped,
    /// It ended well, but not on our modules.
    NotSwapped,
}

impl Verdict {
    pub(super) fn name(self) -> &'static str {
        match self {
            Verdict::Passed => "passed",
            Verdict::Failed => "failed",
            Verdict::TimedOut => "timed out",
            Verdict::Crashed => "crashed",
            Verdict::Skipped => "skipped",
            Verdict::NotSwapped => "not swapped",
        }
    }
}

/// How one process went.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Attempt {
    pub(super) verdict: Verdict,
    pub(super) seconds: f64,
    /// What says best why it did not pass.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(super) line: String,
    /// The end of what it printed, where it did not pass.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(super) tail: String,
    /// The modules that were not ours.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub(super) not_swapped: BTreeSet<String>,
    /// nodecore's version, and the processes that ran on it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) nodecore: Option<(String, usize)>,
}

/// Starts test files on one runtime.
#[derive(Debug)]
pub(super) struct Runner {
    pub(super) runtime: PathBuf,
    /// The suite's root, which tests run in.
    pub(super) suite: PathBuf,
    /// A folder of this run, for the tests' files, outputs and proofs.
    pub(super) work: PathBuf,
    pub(super) limit: Duration,
    /// Whether the suite looks for globals that it does not know.
    pub(super) leaks: bool,
    /// The modules that are swapped, by name.
    pub(super) swapped: BTreeSet<String>,
    /// Numbers the processes, so that no two share a folder.
    pub(super) serial: AtomicUsize,
    /// Set when the user wants to stop.
    pub(super) stop: Arc<AtomicBool>,
}

impl Runner {
    /// Finds out whether the suite knows all globals of the runtime: a newer one has some that an older suite
    /// takes for leaks of the test, whatever the test. Its search for leaks is turned off then, as the suite
    /// allows.
    pub(super) fn probe(&mut self) -> Result<()> {
        fs::create_dir_all(&self.work)?;
        let path = self.work.join("probe.js");
        let folder = self.suite.join("test/common");
        let common = serde_json::to_string(&folder.to_string_lossy())?;
        kit::write(&path, format!("require({common});\n"))?;
        kit::write(&self.observer(), proof::observer(&folder)?)?;
        let none = TestFile::plain(path);
        self.leaks = true;
        let attempt = self.run(&none, None)?;
        self.leaks = attempt.verdict == Verdict::Passed;
        if self.leaks || self.run(&none, None)?.verdict == Verdict::Passed {
            return Ok(());
        }
        Err(format!("the suite's test/common does not load: {}", attempt.line).into())
    }

    /// The modules that `replace` puts in place of the runtime's own, by their marker.
    pub(super) fn swapped_by(&self, replace: &Path) -> Result<BTreeSet<String>> {
        let (path, answer) = (self.work.join("swapped.js"), self.work.join("swapped.json"));
        let names = serde_json::to_string(proof::SWAPPED)?;
        let to = serde_json::to_string(&answer.to_string_lossy())?;
        let text = format!(
            "const marked = (name) => require(name)[{}] !== undefined;\n\
             const names = {names}.filter(marked);\n\
             require('fs').writeFileSync({to}, JSON.stringify(names));\n",
            proof::MARKER
        );
        kit::write(&path, text)?;
        let attempt = self.run(&TestFile::plain(path), Some(replace))?;
        if !matches!(attempt.verdict, Verdict::Passed | Verdict::NotSwapped) {
            return Err(
                format!("{} does not load: {}\n{}", replace.display(), attempt.line, attempt.tail).into()
            );
        }
        Ok(serde_json::from_str(&kit::read(&answer)?)?)
    }

    fn observer(&self) -> PathBuf {
        self.work.join("observe.js")
    }

    /// Runs `file` as it is, or with `replace` preloaded into it and its children.
    pub(super) fn run(&self, file: &TestFile, replace: Option<&Path>) -> Result<Attempt> {
        self.run_with(file, replace, |proofs, main, attempt| {
            if replace.is_none() || attempt.verdict != Verdict::Passed {
                return;
            }
            match proof::judge(proofs, main, file.module, &file.mentions, &self.swapped) {
                Use::Ours { version, processes } => attempt.nodecore = Some((version, processes)),
                Use::Not { why, modules } => {
                    (attempt.verdict, attempt.line, attempt.not_swapped) =
                        (Verdict::NotSwapped, why, modules);
                }
            }
        })
    }

    /// Whether `file`, run on the stock runtime, loads none of the modules.
    pub(super) fn loads_none(&self, file: &TestFile) -> Result<bool> {
        let mut none = false;
        self.run_with(file, Some(&self.observer()), |proofs, main, attempt| {
            none = attempt.verdict == Verdict::Passed && proof::loaded_none(proofs, main);
        })?;
        Ok(none)
    }

    /// Runs `file` with `preload`, and lets `judge` see what that left in its folder, and the pid.
    fn run_with(
        &self,
        file: &TestFile,
        preload: Option<&Path>,
        judge: impl FnOnce(&Path, u32, &mut Attempt),
    ) -> Result<Attempt> {
        let serial = self.serial.fetch_add(1, Ordering::Relaxed) + 1;
        let folder = self.work.join(serial.to_string());
        let (proofs, tmp) = (folder.join("proof"), folder.join("tmp"));
        fs::create_dir_all(&proofs)?;
        fs::create_dir_all(&tmp)?;
        let (out, err) = (folder.join("out"), folder.join("err"));
        let mut command = self.command(file, serial, &tmp);
        if let Some(preload) = preload {
            command.env("NODE_OPTIONS", node_options(file, preload)).env("NODECORE_PROOF", &proofs);
        }
        let start = Instant::now();
        let mut child = command
            .stdin(Stdio::null())
            .stdout(File::create(&out)?)
            .stderr(File::create(&err)?)
            .spawn()
            .map_err(|error| format!("{}: {error}", self.runtime.display()))?;
        let ended = self.wait(&mut child, [&out, &err]);
        // Also what the test left behind.
        kill_group(child.id());
        let ended = ended?;
        if matches!(ended, End::TimedOut | End::Flooded) {
            child.kill()?;
            child.wait()?;
        }
        let seconds = (start.elapsed().as_secs_f64() * 1000.0).round() / 1000.0;
        let (out, err) = (ends(&out)?, ends(&err)?);
        let mut attempt = Attempt {
            verdict: Verdict::Passed,
            seconds,
            line: String::new(),
            tail: String::new(),
            not_swapped: BTreeSet::new(),
            nodecore: None,
        };
        let said = || output::first_failing_line(&out, &err, &file.name);
        (attempt.verdict, attempt.line) = match ended {
            End::Flooded => (Verdict::Failed, format!("printed over {} MiB", OUTPUT >> 20)),
            End::TimedOut => {
                let said = said().map_or_else(String::new, |line| format!("; {line}"));
                (Verdict::TimedOut, format!("still running after {} s{said}", self.limit.as_secs()))
            }
            End::Status(status) => match signal(status) {
                Some(signal) => {
                    let said = said().map_or_else(String::new, |line| format!(": {line}"));
                    (Verdict::Crashed, format!("signal {signal}{said}"))
                }
                None if !status.success() => {
                    (Verdict::Failed, said().unwrap_or_else(|| format!("{status}, and nothing said")))
                }
                None => match output::skipped(&out) {
                    Some(why) => (Verdict::Skipped, why.to_owned()),
                    None => (Verdict::Passed, String::new()),
                },
            },
        };
        judge(&proofs, child.id(), &mut attempt);
        if attempt.verdict != Verdict::Passed {
            attempt.tail = tail(&out, &err);
        }
        // What a test made unreadable stays until the run's own folder goes.
        let _ = fs::remove_dir_all(&folder);
        Ok(attempt)
    }

    /// The process, through a shell that sets what only a process can set for itself and then becomes it.
    fn command(&self, file: &TestFile, serial: usize, tmp: &Path) -> Command {
        let script = "umask 022; ulimit -c 0; ulimit -d \"$1\" 2>/dev/null || :; shift; exec \"$@\"";
        let mut command = Command::new("sh");
        command.args(["-c", script, "sh", &MEMORY.to_string()]);
        command.arg(&self.runtime).args(&file.flags).arg(&file.path).current_dir(&self.suite);
        for (key, _) in std::env::vars_os() {
            let name = key.to_string_lossy();
            if name.starts_with("NODE_") || matches!(&*name, "FORCE_COLOR" | "NO_COLOR" | "NODECORE_PROOF") {
                command.env_remove(&key);
            }
        }
        command
            .env("NODE_OPTIONS", "")
            .env("NODE_TEST_DIR", tmp)
            .env("TEST_SERIAL_ID", serial.to_string())
            .env("TEST_THREAD_ID", serial.to_string())
            .env("TEST_PARALLEL", "1")
            .envs((!self.leaks).then_some(("NODE_TEST_KNOWN_GLOBALS", "0")))
            .envs(file.env.iter().map(|(key, value)| (key, value)));
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        command
    }

    fn wait(&self, child: &mut Child, outputs: [&Path; 2]) -> Result<End> {
        let deadline = Instant::now() + self.limit;
        let mut pause = Duration::from_millis(1);
        loop {
            if let Some(status) = child.try_wait()? {
                return Ok(End::Status(status));
            }
            if self.stop.load(Ordering::Relaxed) {
                kill_group(child.id());
                child.kill()?;
                child.wait()?;
                return Err("interrupted".into());
            }
            if Instant::now() >= deadline {
                return Ok(End::TimedOut);
            }
            if outputs.iter().any(|path| fs::metadata(path).is_ok_and(|file| file.len() > OUTPUT)) {
                return Ok(End::Flooded);
            }
            std::thread::sleep(pause);
            pause = (pause * 5 / 4).min(Duration::from_millis(20));
        }
    }
}

enum End {
    Status(ExitStatus),
    TimedOut,
    Flooded,
}

/// `NODE_OPTIONS` with `preload` in front, where a child finds it too; what the file's own Env comment says
/// stays.
fn node_options(file: &TestFile, preload: &Path) -> String {
    let path = preload.display().to_string().replace('\\', "\\\\").replace('"', "\\\"");
    let own = file.env.iter().rev().find(|(key, _)| key == "NODE_OPTIONS").map_or("", |(_, value)| value);
    format!("--require \"{path}\" {own}").trim_end().to_owned()
}

/// Ends every process of the group that `leader` began.
fn kill_group(leader: u32) {
    if cfg!(unix) {
        // Most groups are empty by then, which is an error to it.
        let _ =
            kit::run(Command::new("sh").args(["-c", "kill -s KILL -- \"-$1\"", "sh", &leader.to_string()]));
    }
}

#[cfg(unix)]
fn signal(status: ExitStatus) -> Option<i32> {
    std::os::unix::process::ExitStatusExt::signal(&status)
}

#[cfg(not(unix))]
fn signal(_: ExitStatus) -> Option<i32> {
    None
}

/// A file's text, without its middle where it is long.
fn ends(path: &Path) -> Result<String> {
    let mut file = File::open(path)?;
    let length = file.metadata()?.len();
    let mut bytes = Vec::new();
    file.by_ref().take(KEPT as u64).read_to_end(&mut bytes)?;
    if length > 2 * KEPT as u64 {
        bytes.extend(b"\n[...]\n");
        file.seek(SeekFrom::Start(length - KEPT as u64))?;
    }
    file.take(KEPT as u64).read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// The end of both outputs.
fn tail(out: &str, err: &str) -> String {
    const LINES: usize = 60;
    let last = |text: &str| {
        let lines: Vec<&str> = text.trim_end().lines().collect();
        lines[lines.len().saturating_sub(LINES)..].join("\n")
    };
    [last(out), last(err)].iter().filter(|text| !text.is_empty()).cloned().collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::{Attempt, Runner, TestFile, Verdict, node_options, tail};
    use std::path::{Path, PathBuf};
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, AtomicUsize};
    use std::time::Duration;

    #[test]
    fn node_options_are_added_to() {
        let mut file = TestFile::plain(PathBuf::new());
        assert_eq!(node_options(&file, Path::new("/a b/replace.js")), "--require \"/a b/replace.js\"");
        file.env.push(("NODE_OPTIONS".to_owned(), "--no-warnings".to_owned()));
        assert_eq!(node_options(&file, Path::new("/a\"b.js")), "--require \"/a\\\"b.js\" --no-warnings");
    }

    #[test]
    fn the_tail_has_both_outputs() {
        assert_eq!(tail("a\n", "b\n\n"), "a\nb");
        assert_eq!(tail(&"x\n".repeat(100), "").lines().count(), 60);
    }

    /// Runs a script by the shell, as if that were the runtime.
    #[cfg(unix)]
    fn shell(name: &str, script: &str, swapped: bool) -> (Attempt, PathBuf) {
        let work = std::env::temp_dir().join(format!("nodecore-run-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&work).expect("a folder");
        let path = work.join("script");
        std::fs::write(&path, script).expect("a script");
        let runner = Runner {
            runtime: "/bin/sh".into(),
            suite: work.clone(),
            work: work.clone(),
            limit: Duration::from_millis(if name == "hang" { 300 } else { 20_000 }),
            leaks: true,
            swapped: super::BTreeSet::new(),
            serial: AtomicUsize::new(0),
            stop: Arc::new(AtomicBool::new(false)),
        };
        let file = TestFile { env: vec![("A".to_owned(), "b c".to_owned())], ..TestFile::plain(path) };
        let attempt = runner.run(&file, swapped.then_some(Path::new("/replace.js"))).expect("it runs");
        (attempt, work)
    }

    #[cfg(unix)]
    #[test]
    fn nothing_stays_behind() {
        for (name, script) in
            [("left", "sleep 1000 & echo $! >pid"), ("hang", "sleep 1000 & echo $! >pid; wait")]
        {
            let (_, work) = shell(name, script, false);
            let pid = std::fs::read_to_string(work.join("pid")).expect("a pid");
            let alive =
                || super::kit::run(super::Command::new("kill").args(["-0", pid.trim()])).expect("kill").good;
            let end = super::Instant::now() + Duration::from_secs(10);
            while alive() && super::Instant::now() < end {
                std::thread::sleep(Duration::from_millis(20));
            }
            assert!(!alive(), "{name}");
            std::fs::remove_dir_all(work).expect("removed");
        }
    }

    #[cfg(unix)]
    #[test]
    fn verdicts() {
        const NO_PROOF: &str = "no proof: replace.js was not loaded, or did not see the process end";
        const CHILD: &str = "sh -c 'echo {} >$NODECORE_PROOF/$$.json'; :";
        let proof = r#"echo '{"version":"1","loaded":{"fs":1},"marked":["fs"]}' >"$NODECORE_PROOF/$$.json""#;
        let unmarked = r#"echo '{"version":"1","loaded":{"fs":1},"marked":[]}' >"$NODECORE_PROOF/$$.json""#;
        let env = "[ \"$A$TEST_SERIAL_ID$TEST_PARALLEL\" = 'b c11' ] && [ -d \"$NODE_TEST_DIR\" ] && \
            [ $(umask) = 0022 ]";
        for (name, script, swapped, verdict, line) in [
            ("pass", "exit 0", false, Verdict::Passed, ""),
            ("env", env, false, Verdict::Passed, ""),
            ("fail", "echo 'Error: x' >&2; exit 3", false, Verdict::Failed, "Error: x"),
            ("kill", "kill -KILL $$", false, Verdict::Crashed, "signal 9"),
            ("skip", "echo '1..0 # Skipped: why'", true, Verdict::Skipped, "why"),
            ("hang", "sleep 100", false, Verdict::TimedOut, "still running after 0 s"),
            ("ours", proof, true, Verdict::Passed, ""),
            ("ours-fails", &format!("{proof}; echo 'Error: y'; exit 1"), true, Verdict::Failed, "Error: y"),
            ("ours-dies", &format!("{proof}; kill -ABRT $$"), true, Verdict::Crashed, "signal 6"),
            ("theirs", unmarked, true, Verdict::NotSwapped, "fs was the runtime's own"),
            ("unproved", "exit 0", true, Verdict::NotSwapped, NO_PROOF),
            ("childs-only", CHILD, true, Verdict::NotSwapped, NO_PROOF),
        ] {
            let (attempt, work) = shell(name, script, swapped);
            assert_eq!(attempt.verdict, verdict, "{name}: {attempt:?}");
            assert_eq!(attempt.line, line, "{name}");
            std::fs::remove_dir_all(work).expect("removed");
        }
    }
}
