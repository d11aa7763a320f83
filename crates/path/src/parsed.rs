//! The pieces of a path.

use crate::segments::Flavour;
use crate::text::{CodeUnit, OwnedStr, PathStr};

/// What `parse` gives and `format` takes: Node's path object. The fields borrow from the path.
///
/// ```text
/// ┌─────────────────────┬────────────┐
/// │          dir        │    base    │
/// ├──────┬              ├──────┬─────┤
/// │ root │              │ name │ ext │
/// "  /    home/user/dir / file  .txt "
/// └──────┴──────────────┴──────┴─────┘
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ParsedPath<T> {
    /// The root: `/`, `C:\`, `\\server\share\`, or empty.
    pub root: T,
    /// All before the last component, without the separator between.
    pub dir: T,
    /// The last component.
    pub base: T,
    /// Its extension, with the dot.
    pub ext: T,
    /// The last component without its extension.
    pub name: T,
}

/// Both flavours' `format`.
#[inline]
pub(crate) fn format<'a, F: Flavour, P: PathStr<'a>>(parsed: &ParsedPath<P>) -> P::Owned {
    let (root, dir) = (parsed.root.units(), parsed.dir.units());
    let (base, ext, name) = (parsed.base.units(), parsed.ext.units(), parsed.name.units());
    let (front, is_root) = if dir.is_empty() { (parsed.root, true) } else { (parsed.dir, dir == root) };
    let front_len = front.units().len();
    let separate = !is_root && front_len > 0;
    let dot = base.is_empty() && ext.first().is_some_and(|&unit| unit != CodeUnit::ascii(b'.'));
    let rest = if base.is_empty() { name.len() + ext.len() + usize::from(dot) } else { base.len() };
    let mut out = P::Owned::with_room(front_len + usize::from(separate) + rest);
    front.append_to(&mut out, 0, front_len);
    if separate {
        out.push_ascii(F::SEP);
    }
    if base.is_empty() {
        parsed.name.append_to(&mut out, 0, name.len());
        if dot {
            out.push_ascii(".");
        }
        parsed.ext.append_to(&mut out, 0, ext.len());
    } else {
        parsed.base.append_to(&mut out, 0, base.len());
    }
    out
}
