//! Extra fields: a number, a length, and that many bytes, one behind the other.

/// The Zip64 extended information.
pub(crate) const ZIP64: u16 = 0x0001;
/// Info-ZIP's Unicode path.
const UNICODE_PATH: u16 = 0x7075;

/// Goes through fields; ends at the first that is cut off.
pub(crate) struct Fields<'a>(&'a [u8]);

impl<'a> Fields<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Fields<'a> {
        Fields(bytes)
    }
}

impl<'a> Iterator for Fields<'a> {
    type Item = (u16, &'a [u8]);

    fn next(&mut self) -> Option<(u16, &'a [u8])> {
        let (&[a, b, c, d], rest) = self.0.split_first_chunk()?;
        let (value, rest) = rest.split_at_checked(usize::from(u16::from_le_bytes([c, d])))?;
        self.0 = rest;
        Some((u16::from_le_bytes([a, b]), value))
    }
}

/// The first field of a kind.
pub(crate) fn find(bytes: &[u8], id: u16) -> Option<&[u8]> {
    Fields::new(bytes).find(|&(other, _)| other == id).map(|(_, value)| value)
}

/// Whether all bytes are fields.
pub(crate) fn is_sound(bytes: &[u8]) -> bool {
    let mut fields = Fields::new(bytes);
    while fields.next().is_some() {}
    fields.0.is_empty()
}

/// The fields that are written again: all but Zip64's, which is made anew, and what is cut off.
pub(crate) fn kept(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    for (id, value) in Fields::new(bytes).filter(|&(id, _)| id != ZIP64) {
        push(&mut out, id, value);
    }
    out
}

fn push(out: &mut Vec<u8>, id: u16, value: &[u8]) {
    out.extend_from_slice(&id.to_le_bytes());
    // It came from a field, or is of a few bytes.
    out.extend_from_slice(&u16::try_from(value.len()).unwrap_or(u16::MAX).to_le_bytes());
    out.extend_from_slice(value);
}

/// A Zip64 field of these values; nothing for none.
pub(crate) fn zip64(values: &[u64]) -> Vec<u8> {
    let mut out = Vec::new();
    if !values.is_empty() {
        let value: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
        push(&mut out, ZIP64, &value);
    }
    out
}

/// The name that a Unicode path field gives, if it is for this name.
pub(crate) fn unicode_path(bytes: &[u8], name: &[u8]) -> Option<String> {
    let crc = crc32fast::hash(name);
    let paths = Fields::new(bytes).filter(|&(id, _)| id == UNICODE_PATH);
    paths.filter_map(|(_, value)| value.split_first_chunk()).find_map(|(&[version, a, b, c, d], path)| {
        let fits = version == 1 && u32::from_le_bytes([a, b, c, d]) == crc;
        fits.then(|| String::from_utf8_lossy(path).into_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::{find, kept, zip64};

    #[test]
    fn fields_that_are_cut_off_are_none() {
        let fields = [1, 0, 1, 0, 7, 2, 0, 0, 0];
        assert_eq!(
            (find(&fields, 1), find(&fields, 2), find(&fields, 3)),
            (Some(&[7][..]), Some(&[][..]), None)
        );
        assert_eq!(kept(&fields), [2, 0, 0, 0]);
        assert!(kept(&fields[..8]).is_empty());
        assert_eq!(zip64(&[5]), [1, 0, 8, 0, 5, 0, 0, 0, 0, 0, 0, 0]);
    }
}
