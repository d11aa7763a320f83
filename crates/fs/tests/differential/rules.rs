//! Where Node differs from itself or from what is documented here, by name and with the reason.

use crate::program::Call;

/// A difference that is meant.
pub(crate) struct Rule {
    pub(crate) name: &'static str,
    /// Whether the trees may differ from there on, so that the rest of the program is not compared.
    pub(crate) parts: bool,
    applies: fn(&Case<'_>) -> bool,
}

struct Case<'a> {
    /// Of C's forms, the one that it is.
    form: &'a str,
    call: Vec<&'a str>,
    here: Vec<&'a str>,
    node: Vec<&'a str>,
}

impl Case<'_> {
    fn is(&self, form: &str, name: &str) -> bool {
        self.form == form && self.call[0] == name
    }

    fn failed(side: &[&str]) -> bool {
        side[0] == "error"
    }

    fn both_failed(&self) -> bool {
        Case::failed(&self.here) && Case::failed(&self.node)
    }
}

/// The fields of an error.
const CODE: usize = 2;
const SYSCALL: usize = 4;
const PATH: usize = 5;
const MESSAGE: usize = 7;

const RULES: &[Rule] = &[
    Rule {
        // Documented at `opendir_sync`: the C++ of opendirSync does not tell the path.
        name: "opendirSync names no path",
        parts: false,
        applies: |case| {
            let rest = |side: &[&str]| [1, CODE, 3, SYSCALL].map(|field| side[field].to_owned());
            case.is("sync", "opendir")
                && case.both_failed()
                && rest(&case.here) == rest(&case.node)
                && case.node[PATH].is_empty()
                && case.here[MESSAGE].starts_with(case.node[MESSAGE])
        },
    },
    Rule {
        // Documented at `glob_sync`: an entry says where it is wherever the process stands later.
        name: "globSync has relative parents",
        parts: false,
        applies: |case| {
            case.is("sync", "glob")
                && case.call[2] == "true"
                && case.here[0] == "ok"
                && case.node[0] == "ok"
                && absolute_parents(case.node[1]) == case.here[1]
        },
    },
    Rule {
        // Node's own slip: it forgets the error of a descriptor that it need not close. It has joined nothing then, or
        // a list that is not there yet.
        name: "readFile of a bad descriptor, called back",
        parts: false,
        applies: |case| {
            case.is("callback", "readFile")
                && case.call[1].starts_with('#')
                && case.both_failed()
                && case.node[MESSAGE].starts_with("The \"list\" argument")
                || case.is("callback", "readFile")
                    && case.call[1].starts_with('#')
                    && Case::failed(&case.here)
                    && case.node == ["ok", ""]
        },
    },
    Rule {
        // Documented at `rm_sync`: the C++ of rmSync ends without an error where it could not remove a thing.
        name: "rmSync with force is deaf",
        parts: true,
        applies: |case| {
            case.is("sync", "rm")
                && case.call[2] == "true"
                && Case::failed(&case.here)
                && case.node[0] == "ok"
        },
    },
    Rule {
        // Documented at `rm_sync`: the C++ of rmSync has texts of its own and names the path it was given.
        name: "rmSync has texts of its own",
        parts: true,
        applies: |case| case.is("sync", "rm") && case.both_failed() && case.node[SYSCALL] == "rm",
    },
    Rule {
        // The C++ of rmSync reads a directory before it removes it, which a user may not be allowed to; an empty one
        // can go unread.
        name: "rmSync reads what is empty",
        parts: true,
        applies: |case| {
            case.is("sync", "rm")
                && case.here[0] == "ok"
                && Case::failed(&case.node)
                && (case.node[CODE], case.node[SYSCALL]) == ("EACCES", "rm")
        },
    },
    Rule {
        // `link/.` is refused when all in it is gone; the C++ of rmSync may have removed the link by then, as one of
        // what is in it, and takes what is not there for removed.
        name: "rmSync removes the link it goes by",
        parts: true,
        applies: |case| {
            case.is("sync", "rm")
                && case.call[1].ends_with("/.")
                && Case::failed(&case.here)
                && case.here[CODE] == "EINVAL"
                && case.node[0] == "ok"
        },
    },
    Rule {
        // Node copies a directory by C++ that has texts and a positive errno of its own.
        name: "cp of a directory has texts of its own",
        parts: true,
        applies: |case| {
            case.call[0] == "cp"
                && case.both_failed()
                && case.here[CODE] == case.node[CODE]
                && case.node[SYSCALL] == "cp"
                && !case.node[3].starts_with('-')
        },
    },
    Rule {
        // Node's own slip: it goes on with nothing where it may not ask about a file.
        name: "globSync of what may not be asked about",
        parts: false,
        applies: |case| {
            case.is("sync", "glob")
                && case.here[0] == "ok"
                && case.node[1] == "TypeError"
                && case.node[MESSAGE].starts_with("Cannot read properties of null")
        },
    },
    Rule {
        // Documented at `rm_sync`: `fs.rm` says that it has removed the link `link/`, which is still there.
        name: "rm of a link with a slash",
        parts: true,
        applies: |case| {
            case.call[0] == "rm"
                && case.call[1].ends_with('/')
                && Case::failed(&case.here)
                && case.here[CODE] == "ENOTDIR"
                && case.node[0] == "ok"
        },
    },
    Rule {
        // Node asks about both paths of `cp` at once; which of two errors it gives is chance.
        name: "cp asks about both paths at once",
        parts: false,
        applies: |case| {
            let asked = |side: &[&str]| matches!(side[SYSCALL], "stat" | "lstat");
            case.call[0] == "cp" && case.both_failed() && asked(&case.here) && asked(&case.node)
        },
    },
];

/// A list of entries ("name parent kind|…") with the parents made absolute.
fn absolute_parents(list: &str) -> String {
    let entry = |entry: &str| {
        // Where the search began.
        if let Some(kind) = entry.strip_prefix(". . ") {
            return format!("w ^/w/w {kind}");
        }
        let mut fields: Vec<String> = entry.split(' ').map(str::to_owned).collect();
        if let [_, parent, _] = &mut fields[..]
            && !parent.starts_with(['/', '$', '^'])
        {
            *parent = if parent == "." { "$".to_owned() } else { format!("$/{parent}") };
        }
        fields.join(" ")
    };
    list.split('|').map(entry).collect::<Vec<_>>().join("|")
}

/// Whether what is left is chance though both sides say the same: a directory is copied into itself, by way of a link,
/// until the path is too long, and how much of the rest was copied by then is the order of the directories.
pub(crate) fn leaves_chance(call: &Call, line: &str) -> bool {
    call.0[0] == "cp" && line.split('\t').nth(CODE) == Some("ENAMETOOLONG")
}

/// The rule by which `here` and `node` may be what came of `call`.
pub(crate) fn find(form: &str, call: &Call, here: &str, node: &str) -> Option<&'static Rule> {
    let [here, node] = [here, node].map(|line| line.split('\t').collect());
    let call = call.0.iter().map(String::as_str).collect();
    let form = form.strip_prefix("C ").unwrap_or(form);
    let case = Case { form, call, here, node };
    RULES.iter().find(|rule| (rule.applies)(&case))
}
