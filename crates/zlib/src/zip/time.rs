//! Modification times: MS-DOS's local ones of two seconds, and those of extra fields. All are milliseconds
//! since 1970, as a JavaScript `Date` holds them.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::extra::Fields;

/// Info-ZIP's extended timestamp.
pub(crate) const EXTENDED: u16 = 0x5455;
/// Info-ZIP's older Unix times.
const UNIX: u16 = 0x5855;
const NTFS: u16 = 0x000a;
/// From 1601 to 1970.
const NTFS_EPOCH_MS: i64 = 11_644_473_600_000;
/// The first day that MS-DOS can tell, and the last two seconds.
const DOS_FIRST: (u16, u16) = (0, 0x21);
const DOS_LAST: (u16, u16) = (0xbf7d, 0xff9f);
/// The largest `Date`.
const MAX_DATE: i64 = 8_640_000_000_000_000;

/// Whether a `Date` can be it.
pub(crate) fn is_date(ms: i64) -> bool {
    (-MAX_DATE..=MAX_DATE).contains(&ms)
}

/// MS-DOS's time and date, in the local zone.
#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "all parts are within their fields"
)]
pub(crate) fn to_dos(ms: i64) -> (u16, u16) {
    let Ok(time) = Timestamp::from_millisecond(ms) else {
        return if ms < 0 { DOS_FIRST } else { DOS_LAST };
    };
    let local = TimeZone::system().to_datetime(time);
    match local.year() {
        ..1980 => DOS_FIRST,
        2108.. => DOS_LAST,
        year => {
            let [hour, minute, second] =
                [local.hour(), local.minute(), local.second()].map(|part| part as u16);
            let [month, day] = [local.month(), local.day()].map(|part| part as u16);
            let time = (hour << 11) | (minute << 5) | (second / 2);
            let date = (((year - 1980) as u16) << 9) | (month << 5) | day;
            (time, date)
        }
    }
}

/// The moment of MS-DOS's time and date. Fields beyond their ranges run over, as in `new Date(y, m, d, …)`.
pub(crate) fn from_dos((time, date): (u16, u16)) -> i64 {
    let field = |value: u16, shift: u32, bits: u32| i64::from((value >> shift) & ((1 << bits) - 1));
    let month = field(date, 5, 4).max(1) - 1;
    // Below 2110, so none of this can fail.
    let year = i16::try_from(1980 + field(date, 9, 7) + month / 12).unwrap_or(1980);
    let month = i8::try_from(month % 12 + 1).unwrap_or(1);
    let seconds = (field(date, 0, 5).max(1) - 1) * 86_400
        + field(time, 11, 5) * 3600
        + field(time, 5, 6) * 60
        + field(time, 0, 5) * 2;
    DateTime::new(year, month, 1, 0, 0, 0, 0)
        .and_then(|start| start.checked_add(SignedDuration::from_secs(seconds)))
        .and_then(|local| TimeZone::system().to_timestamp(local))
        .map_or(0, Timestamp::as_millisecond)
}

/// Reads the time out of a field.
type Read = fn(&[u8]) -> Option<i64>;

/// The time that extra fields tell, if they do: NTFS's, the extended, the older Unix one, in this order; each
/// where it is found first. `all` are those of the directory, and of the local header where they are at hand.
pub(crate) fn from_extra(all: &[&[u8]]) -> Option<i64> {
    let find = |(id, read): (u16, Read)| {
        let fields = all.iter().flat_map(|fields| Fields::new(fields));
        fields.filter(|&(other, _)| other == id).find_map(|(_, value)| read(value))
    };
    [(NTFS, ntfs as Read), (EXTENDED, extended), (UNIX, unix)].into_iter().find_map(find)
}

fn ntfs(value: &[u8]) -> Option<i64> {
    let times = Fields::new(value.get(4..)?).find(|&(id, value)| id == 1 && value.len() >= 24)?.1;
    let ticks = u64::from_le_bytes(*times.first_chunk()?);
    Some(i64::try_from(ticks / 10_000).ok()? - NTFS_EPOCH_MS)
}

fn extended(value: &[u8]) -> Option<i64> {
    let (&flags, rest) = value.split_first()?;
    if flags & 1 == 0 {
        return None;
    }
    Some(i64::from(i32::from_le_bytes(*rest.first_chunk()?)) * 1000)
}

fn unix(value: &[u8]) -> Option<i64> {
    Some(i64::from(i32::from_le_bytes(*value.get(4..)?.first_chunk()?)) * 1000)
}

/// The extended timestamp that is written for a time that MS-DOS's cannot tell; none for one that it cannot
/// tell either.
pub(crate) fn extended_field(ms: i64) -> Option<[u8; 9]> {
    if ms.rem_euclid(2000) == 0 {
        return None;
    }
    let seconds = i32::try_from(ms.div_euclid(1000)).ok()?.to_le_bytes();
    let [low, high] = EXTENDED.to_le_bytes();
    Some([low, high, 5, 0, 1, seconds[0], seconds[1], seconds[2], seconds[3]])
}

#[cfg(test)]
mod tests {
    use super::{extended_field, from_dos, is_date, to_dos};

    #[test]
    fn dos_times_come_back() {
        for ms in [315_619_200_000, 1_704_164_646_000, 4_000_000_000_000] {
            assert_eq!(from_dos(to_dos(ms)), ms);
        }
        assert_eq!(to_dos(i64::MIN), (0, 0x21));
        assert_eq!(to_dos(i64::MAX), (0xbf7d, 0xff9f));
        assert_eq!(from_dos((0, 0)), from_dos((0, 0x21)));
    }

    #[test]
    fn the_extended_field_is_for_odd_seconds() {
        assert_eq!(extended_field(2000), None);
        assert_eq!(extended_field(-1000), Some([0x55, 0x54, 5, 0, 1, 0xff, 0xff, 0xff, 0xff]));
        assert_eq!(extended_field((i64::from(i32::MAX) + 2) * 1000), None);
        assert!(is_date(0) && !is_date(i64::MAX));
    }
}
