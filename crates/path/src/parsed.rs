//! The pieces of a path.

use crate::text::PathStr;

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
pub(crate) fn format<'a, P: PathStr<'a>>(parsed: &ParsedPath<P>, separator: u8) -> P::Owned {
    use crate::text::CodeUnit;
    let [root, mut dir, base, ext, name] =
        [parsed.root, parsed.dir, parsed.base, parsed.ext, parsed.name].map(P::units);
    if dir.is_empty() {
        dir = root;
    }
    let dot = CodeUnit::ascii(b'.');
    let mut out = Vec::with_capacity(dir.len() + base.len().max(name.len() + ext.len()) + 2);
    if !dir.is_empty() {
        out.extend_from_slice(dir);
        if dir != root {
            out.push(CodeUnit::ascii(separator));
        }
    }
    if !base.is_empty() {
        out.extend_from_slice(base);
    } else {
        out.extend_from_slice(name);
        if !ext.is_empty() && ext[0] != dot {
            out.push(dot);
        }
        out.extend_from_slice(ext);
    }
    P::owned(out)
}
