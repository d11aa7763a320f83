//! Paths made absolute.

use std::borrow::Cow;

use nodecore_error::Result;

use super::root::{Device, drive_len, is_sep, root, same_text};
use super::{BACKSLASH, write_backslashes};
use crate::environment::Environment;
use crate::segments::{Rules, Win32, compact, is_normal};
use crate::text::{CodeUnit, Encoding, PathStr, Unit};

/// An environment's current directory, of a drive if there is one.
pub(super) fn directory_of<'a, P: PathStr<'a>>(
    env: &impl Environment,
    drive: Option<&[Unit<'a, P>]>,
) -> Result<Vec<Unit<'a, P>>> {
    let own = drive.and_then(|name| {
        let letter: String = name.iter().filter_map(|unit| char::from_u32(unit.value())).collect();
        env.drive_cwd(&letter).filter(|dir| !dir.is_empty())
    });
    P::Encoding::from_platform(match own {
        Some(dir) => dir,
        None => env.cwd()?,
    })
}

/// `paths` put together from the right, on what `directory` gives of a drive or of none.
pub(super) fn resolve_units<'a, P: PathStr<'a>>(
    paths: &[P],
    directory: impl FnOnce(Option<&[Unit<'a, P>]>) -> Result<Vec<Unit<'a, P>>>,
) -> Result<Vec<Unit<'a, P>>> {
    let back = CodeUnit::ascii(BACKSLASH);
    let colon = CodeUnit::ascii(b':');
    let mut device = Device::None;
    let mut absolute = false;
    // The first of the paths that make the tail; those between with another device are left out.
    let mut first = paths.len();
    for (index, path) in paths.iter().enumerate().rev() {
        if path.units().is_empty() {
            continue;
        }
        let root = root(path.units());
        if !root.device.is_none() {
            if device.is_none() {
                device = root.device;
            } else if !device.same::<P::Encoding>(&root.device) {
                continue;
            }
        }
        if !absolute {
            first = index;
            absolute = root.absolute;
        }
        if absolute && !device.is_none() {
            break;
        }
    }

    let cwd = match device {
        Device::None => {
            let mut cwd = directory(None)?;
            let as_is = match paths {
                [] => true,
                [path] => {
                    (path.units().is_empty() || path.units() == CodeUnit::DOT)
                        && cwd.first().is_some_and(|&unit| is_sep(unit))
                }
                _ => false,
            };
            if as_is {
                cwd.iter_mut().filter(|unit| is_sep(**unit)).for_each(|unit| *unit = back);
                return Ok(cwd);
            }
            cwd
        }
        Device::Named(name) if !absolute => {
            let dir = directory(Some(name))?;
            if dir.get(2) == Some(&back) && !same_text::<P::Encoding>(&dir[..2], name) {
                vec![name[0], colon, back]
            } else {
                dir
            }
        }
        _ => Vec::new(),
    };

    let mut cwd_tail: &[_] = &[];
    if !cwd.is_empty() {
        let root = root(&cwd);
        let fits = root.device.is_none() || device.is_none() || device.same::<P::Encoding>(&root.device);
        if fits {
            if device.is_none() {
                device = root.device;
            }
            if !absolute {
                cwd_tail = &cwd[root.end..];
                absolute = root.absolute;
            }
        }
    }

    let tails = paths[first..].iter().map(|path| path.units()).filter(|units| !units.is_empty());
    let room: usize = tails.clone().map(|units| units.len() + 1).sum();
    let mut buf = Vec::with_capacity(device.len() + cwd_tail.len() + room + 2);
    device.push_to(&mut buf);
    if absolute {
        buf.push(back);
    }
    let base = buf.len();
    buf.extend_from_slice(cwd_tail);
    for units in tails {
        let root = root(units);
        if root.device.is_none() || device.same::<P::Encoding>(&root.device) {
            if buf.len() > base {
                buf.push(back);
            }
            buf.extend_from_slice(&units[root.end..]);
        }
    }
    compact::<Win32, _>(&mut buf, Rules { base, above: !absolute, trailing: false });
    write_backslashes(&mut buf[base..]);
    if buf.is_empty() {
        buf.push(CodeUnit::ascii(b'.'));
    }
    Ok(buf)
}

/// `path` resolved, without a copy where it has a drive and is normal already.
pub(super) fn resolved<'a, P: PathStr<'a>>(
    path: P,
    directory: impl FnOnce(Option<&[Unit<'a, P>]>) -> Result<Vec<Unit<'a, P>>>,
) -> Result<Cow<'a, [Unit<'a, P>]>> {
    let units = path.units();
    let back = CodeUnit::ascii(BACKSLASH);
    if drive_len(units) == 2
        && units.get(2) == Some(&back)
        && (units.len() == 3 || units.last() != Some(&back))
        && is_normal::<Win32, _>(units, 3)
    {
        return Ok(Cow::Borrowed(units));
    }
    resolve_units(&[path], directory).map(Cow::Owned)
}
