//! `cargo xtask abi --self-test`: every kind of one-sided change is found.
//!
//! Copies of the headers, of symbols.txt and of c-api's sources are changed, one change at a time; each has to make a
//! check fail that passes on the unchanged copies, and the failure has to name what was changed.

use super::{Inputs, check};
use crate::kit::{self, Outcome, Result, Tally};
use std::path::{Path, PathBuf};

/// One change: the file, the text to find in it (its first occurrence), what to put there, and what reports of new
/// failures have to contain.
struct Change {
    what: &'static str,
    file: &'static str,
    find: &'static str,
    put: &'static str,
    told: &'static [&'static str],
}

const CHANGES: &[Change] = &[
    Change {
        what: "header: a function is no longer declared",
        file: "include/nodecore/version.h",
        find: "NODECORE_API uint32_t nodecore_version(void);",
        put: "",
        told: &["nodecore_version", "recorded ABI: fn nodecore_version is gone"],
    },
    Change {
        what: "header: a function is declared that is not there",
        file: "include/nodecore/version.h",
        find: "NODECORE_API uint32_t nodecore_version(void);",
        put: "NODECORE_API uint32_t nodecore_version(void);\nNODECORE_API int nodecore_invented(void);",
        told: &["nodecore_invented", "recorded ABI: fn nodecore_invented is new"],
    },
    Change {
        what: "header: a function lacks NODECORE_API",
        file: "include/nodecore/version.h",
        find: "NODECORE_API uint32_t nodecore_version(void);",
        put: "uint32_t nodecore_version(void);",
        told: &["nodecore_version"],
    },
    Change {
        what: "header: a function returns another type",
        file: "include/nodecore/version.h",
        find: "NODECORE_API uint32_t nodecore_version(void);",
        put: "NODECORE_API int32_t nodecore_version(void);",
        told: &["signature of nodecore_version", "recorded ABI: fn nodecore_version was"],
    },
    Change {
        what: "header: a parameter has another type",
        file: "include/nodecore/str.h",
        find: "nodecore_buf_copy(const void *data, size_t len)",
        put: "nodecore_buf_copy(const void *data, uint32_t len)",
        told: &["signature of nodecore_buf_copy"],
    },
    Change {
        what: "header: a parameter loses its const",
        file: "include/nodecore/str.h",
        find: "nodecore_buf_copy(const void *data, size_t len)",
        put: "nodecore_buf_copy(void *data, size_t len)",
        told: &["signature of nodecore_buf_copy"],
    },
    Change {
        what: "header: a parameter is of another opaque type",
        file: "include/nodecore/error.h",
        find: "NODECORE_API void nodecore_error_free(nodecore_error *err);",
        put: "NODECORE_API void nodecore_error_free(nodecore_buf *err);",
        told: &["signature of nodecore_error_free"],
    },
    Change {
        what: "header: two fields change places",
        file: "include/nodecore/str.h",
        find: "  size_t len;       /**< in bytes */\n  size_t capacity_; /**< private */",
        put: "  size_t capacity_;\n  size_t len;",
        told: &["fields of nodecore_buf"],
    },
    Change {
        what: "header: a field has another type of the same size",
        file: "include/nodecore/str.h",
        find: "size_t capacity_;",
        put: "void *capacity_;",
        told: &["type of nodecore_buf.capacity_"],
    },
    Change {
        what: "header: a field is smaller, so that others move",
        file: "include/nodecore/str.h",
        find: "const char *data; /**< NULL means: there is none. */\n  size_t len;",
        put: "const char *data;\n  uint32_t len;",
        told: &["nodecore_str.len"],
    },
    Change {
        what: "header: a struct has one field more",
        file: "include/nodecore/str.h",
        find: "void *owner_;     /**< private */",
        put: "void *owner_;\n  int more;",
        told: &["fields of nodecore_buf", "recorded ABI: struct nodecore_buf was"],
    },
    Change {
        what: "header: a typedef is of another type",
        file: "include/nodecore/error.h",
        find: "typedef int32_t nodecore_status;",
        put: "typedef int64_t nodecore_status;",
        told: &["nodecore_status", "recorded ABI: type nodecore_status was"],
    },
    Change {
        what: "header: a constant has another value",
        file: "include/nodecore/str.h",
        find: "#define NODECORE_AUTO_LEN ((size_t)-1)",
        put: "#define NODECORE_AUTO_LEN ((size_t)-2)",
        told: &["NODECORE_AUTO_LEN", "recorded ABI: const NODECORE_AUTO_LEN was"],
    },
    Change {
        what: "header: a constant that Rust lacks",
        file: "include/nodecore/str.h",
        find: "#define NODECORE_AUTO_LEN ((size_t)-1)",
        put: "#define NODECORE_AUTO_LEN ((size_t)-1)\n#define NODECORE_INVENTED 7",
        told: &["NODECORE_INVENTED"],
    },
    Change {
        what: "header: an error has another number",
        file: "include/nodecore/error.h",
        find: "X(ENOENT, -48,",
        put: "X(ENOENT, -4800,",
        told: &["NODECORE_ENOENT"],
    },
    Change {
        what: "header: an error has another text",
        file: "include/nodecore/error.h",
        find: "\"no such file or directory\"",
        put: "\"no such file\"",
        told: &["NODECORE_ENOENT"],
    },
    Change {
        what: "header: a version macro is behind",
        file: "include/nodecore/version.h",
        find: "#define NODECORE_VERSION_PATCH ",
        put: "#define NODECORE_VERSION_PATCH 9",
        told: &["NODECORE_VERSION_PATCH"],
    },
    Change {
        what: "header: one does not compile alone",
        file: "include/nodecore/str.h",
        find: "#include <stddef.h>",
        put: "",
        told: &["str.h alone"],
    },
    Change {
        what: "header: one cannot be included twice",
        file: "include/nodecore/str.h",
        find: "#define NODECORE_STR_H",
        put: "",
        told: &["str.h alone"],
    },
    Change {
        what: "header: one defines a variable, so that two units cannot be linked",
        file: "include/nodecore/str.h",
        find: "#define NODECORE_AUTO_LEN",
        put: "int nodecore_twice = 1;\n#define NODECORE_AUTO_LEN",
        told: &["in two units of one program"],
    },
    Change {
        what: "header: a semicolon is missing",
        file: "include/nodecore/str.h",
        find: "NODECORE_API void nodecore_buf_free(nodecore_buf *buf);",
        put: "NODECORE_API void nodecore_buf_free(nodecore_buf *buf)",
        told: &["str.h alone"],
    },
    Change {
        what: "symbols.txt: a name is missing",
        file: "c-api/symbols.txt",
        find: "nodecore_buf_copy\n",
        put: "",
        told: &["nodecore_buf_copy"],
    },
    Change {
        what: "symbols.txt: a name too many",
        file: "c-api/symbols.txt",
        find: "nodecore_buf_copy\n",
        put: "nodecore_buf_copy\nnodecore_buf_invented\n",
        told: &["nodecore_buf_invented"],
    },
    Change {
        what: "Rust: a function takes one parameter more",
        file: "c-api/src/str.rs",
        find: "nodecore_buf_copy(data: *const c_void, len: usize)",
        put: "nodecore_buf_copy(data: *const c_void, len: usize, _more: usize)",
        told: &["signature of nodecore_buf_copy"],
    },
    Change {
        what: "Rust: a parameter has another type of the same size",
        file: "c-api/src/str.rs",
        find: "nodecore_buf_copy(data: *const c_void, len: usize)",
        put: "nodecore_buf_copy(data: *mut c_void, len: usize)",
        told: &["signature of nodecore_buf_copy"],
    },
    Change {
        what: "Rust: a function is no longer exported",
        file: "c-api/src/version.rs",
        find: "#[unsafe(no_mangle)]",
        put: "",
        told: &["nodecore_version"],
    },
    Change {
        what: "Rust: a struct is no longer #[repr(C)]",
        file: "c-api/src/str.rs",
        find: "#[repr(C)]",
        put: "",
        told: &["nodecore_str"],
    },
    Change {
        what: "Rust: a struct has another alignment",
        file: "c-api/src/str.rs",
        find: "#[repr(C)]",
        put: "#[repr(C, align(16))]",
        told: &["alignment of nodecore_str"],
    },
    Change {
        what: "Rust: a constant that the header lacks",
        file: "c-api/src/version.rs",
        find: "/// Declared in the header.",
        put: "pub const NODECORE_INVENTED: u32 = 1;\n/// Declared in the header.",
        told: &["NODECORE_INVENTED"],
    },
];

pub(super) fn run(inputs: &Inputs) -> Outcome {
    let folder = inputs.work.join("self-test");
    let before = failures(&inputs.copy_to(&folder)?)?;
    if !before.is_empty() {
        println!(
            "{} checks fail before any change; each change below has to make another one fail",
            before.len()
        );
    }
    let mut tally = Tally::default();
    for change in CHANGES {
        let copy = inputs.copy_to(&folder)?;
        if let Err(problem) = apply(&folder, change) {
            tally.fail(change.what, &problem.to_string());
            continue;
        }
        let after = failures(&copy)?;
        let new: Vec<&String> = after.iter().filter(|failure| !before.contains(failure)).collect();
        let by = |told: &&str| new.iter().find(|failure| failure.contains(told));
        match change.told.iter().map(by).collect::<Option<Vec<_>>>() {
            Some(failures) => {
                let first = |failure: &&&String| failure.lines().next().unwrap_or_default().to_owned();
                let found: Vec<String> = failures.iter().map(first).collect();
                tally.pass(&format!(
                    "{}\n          found by: {}",
                    change.what,
                    found.join("\n          and by: ")
                ));
            }
            None => tally.fail(change.what, &format!("not found; new failures: {new:#?}")),
        }
    }
    Ok(tally.close())
}

fn failures(inputs: &Inputs) -> Result<Vec<String>> {
    Ok(check(inputs, Tally { quiet: true, ..Tally::default() })?.failures)
}

fn apply(folder: &Path, change: &Change) -> Result<()> {
    let file: PathBuf = folder.join(change.file);
    let text = kit::read(&file)?;
    if !text.contains(change.find) {
        return Err(
            format!("{} has no text {:?}: bring the self-test up to date", change.file, change.find).into()
        );
    }
    kit::write(&file, text.replacen(change.find, change.put, 1))
}
