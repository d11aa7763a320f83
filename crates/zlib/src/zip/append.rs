//! New members of an archive on disk.

use std::sync::Arc;

use bytes::Bytes;
use nodecore_error::Result;
use nodecore_event_loop::{EventLoop, OperationExt, blocking};

use super::build;
use super::disk::FileCore;
use super::entry::{Item, ZipEntry};
use super::records::{LOCAL_SIZE, Member, Place};
use super::source::{Packer, Source};

/// Where a member stands whose local header was written at `at`.
fn placed(member: &Member, header: &[u8], at: u64) -> Place {
    let extra = at + (LOCAL_SIZE + member.name.len()) as u64;
    Place { header: at, data: at + header.len() as u64, extra, flags: member.flags }
}

/// Writes a member whose bytes are there, and the directory. Blocks.
pub(crate) fn append(core: &FileCore, mut item: Item) -> Result<()> {
    core.check_open()?;
    core.check_writable()?;
    item.raw.verify()?;
    let (mut names, start) = {
        let index = core.index();
        (index.names.clone(), index.directory)
    };
    let member = build::fresh(&item.member, item.modified(), false)?;
    let header = build::local(&member)?;
    let place = placed(&member, &header, start);
    let written = (|| {
        core.write_all(start, &header)?;
        let (mut raw, mut at) = (item.raw, place.data);
        while let Some(piece) = raw.next()? {
            core.write_all(at, &piece)?;
            at += piece.len() as u64;
        }
        names.insert(Arc::clone(&member.text), (Arc::new(member), place));
        core.commit(names, at)
    })();
    written.inspect_err(|_| core.restore())
}

/// Writes a member whose bytes come from a source, and the directory.
pub(crate) async fn append_stream(
    lp: &EventLoop,
    core: &Arc<FileCore>,
    entry: &ZipEntry,
    member: &Arc<Member>,
    source: Source,
) -> Result<()> {
    let written = stream_into(lp, core, entry, member, source).await;
    if written.is_err() {
        let core = Arc::clone(core);
        let work = move || {
            core.restore();
            Ok(())
        };
        _ = blocking(work).future(lp).await;
    }
    written
}

async fn stream_into(
    lp: &EventLoop,
    core: &Arc<FileCore>,
    entry: &ZipEntry,
    member: &Arc<Member>,
    source: Source,
) -> Result<()> {
    let mut input = source.open();
    let start = core.index().directory;
    let modified = Item::memory(Arc::clone(member), Bytes::new()).modified();
    let member = build::fresh(member, modified, true)?;
    let header = build::local(&member)?;
    let place = placed(&member, &header, start);
    let mut packer = Packer::new(member.method)?;
    let mut at = place.data;
    let file = Arc::clone(core);
    blocking(move || file.write_all(start, &header)).future(lp).await?;
    loop {
        let bytes = input.next(lp).await?;
        let last = bytes.is_none();
        let file = Arc::clone(core);
        let work = move || {
            let piece = packer.pack(bytes)?;
            file.write_all(at, &piece)?;
            Ok((packer, at + piece.len() as u64))
        };
        (packer, at) = blocking(work).future(lp).await?;
        if last {
            break;
        }
    }
    let member = Arc::new(packer.finish(&member));
    let (file, listed) = (Arc::clone(core), Arc::clone(&member));
    let work = move || {
        let descriptor = build::descriptor(&listed);
        file.write_all(at, &descriptor)?;
        let mut names = file.index().names.clone();
        names.insert(Arc::clone(&listed.text), (listed, place));
        file.commit(names, at + descriptor.len() as u64)
    };
    blocking(work).future(lp).await?;
    entry.promote(member, Arc::clone(core), place);
    Ok(())
}
