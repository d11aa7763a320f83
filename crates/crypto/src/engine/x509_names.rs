//! The extensions of a certificate that Node reads: alternative names, access to information, uses of the key.

use std::ffi::{c_int, c_void};
use std::ptr::NonNull;

use openssl_sys as ffi;

use super::x509::{X509, object_text, printed};
use super::{forget, sys_x509 as sys};

/// A name of any kind in an extension.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct GeneralName {
    /// What Node calls the kind.
    pub(crate) kind: &'static str,
    pub(crate) value: NameText,
}

/// The text of a name.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum NameText {
    /// Made here, of letters and digits.
    Plain(String),
    /// Bytes that should be ASCII; each stands for the character of that number.
    Latin1(Vec<u8>),
    Utf8(Vec<u8>),
}

/// A list that an extension holds, freed on drop.
struct List<T> {
    list: NonNull<T>,
    free: unsafe extern "C" fn(*mut T),
}

impl<T> List<T> {
    /// # Safety
    /// - `list` is null, or a stack of OpenSSL's that the caller owns and `free` frees.
    unsafe fn owned(list: *mut c_void, free: unsafe extern "C" fn(*mut T)) -> Option<List<T>> {
        if list.is_null() {
            forget();
        }
        NonNull::new(list.cast::<T>()).map(|list| List { list, free })
    }

    /// What is in it, each of the type `I` that the stack has.
    fn items<I>(&self) -> impl Iterator<Item = *mut I> {
        let stack = self.list.as_ptr().cast::<ffi::OPENSSL_STACK>();
        // SAFETY: a live stack.
        let count = unsafe { ffi::OPENSSL_sk_num(stack) };
        // SAFETY: as above, and an index below the count.
        (0..count).map(move |index| unsafe { ffi::OPENSSL_sk_value(stack, index) }.cast::<I>())
    }
}

impl<T> Drop for List<T> {
    fn drop(&mut self) {
        // SAFETY: owned, and not used again.
        unsafe { (self.free)(self.list.as_ptr()) };
    }
}

impl X509 {
    /// What the first extension of that number holds, for the caller to free; null if it cannot be read.
    fn first_extension(&self, nid: c_int) -> *mut c_void {
        // SAFETY: a live certificate, to which the extension belongs; an index that it gave.
        unsafe {
            let index = ffi::X509_get_ext_by_NID(self.as_ptr(), nid, -1);
            if index < 0 {
                return std::ptr::null_mut();
            }
            ffi::X509V3_EXT_d2i(ffi::X509_get_ext(self.as_ptr(), index))
        }
    }

    /// The alternative names; `None` if there are none, or they cannot be read.
    pub(crate) fn alternative_names(&self) -> Option<Vec<GeneralName>> {
        let list = self.first_extension(ffi::NID_subject_alt_name);
        // SAFETY: a stack of names, which is ours.
        let list = unsafe { List::<ffi::stack_st_GENERAL_NAME>::owned(list, sys::GENERAL_NAMES_free) }?;
        // SAFETY: the names live as long as the list.
        list.items().map(|name| unsafe { general_name(name) }).collect()
    }

    /// How to find what, each by OpenSSL's long name of the method; `None` as above.
    pub(crate) fn info_access(&self) -> Option<Vec<(String, GeneralName)>> {
        let list = self.first_extension(ffi::NID_info_access);
        // SAFETY: a stack of descriptions, which is ours.
        let list = unsafe {
            List::<ffi::stack_st_ACCESS_DESCRIPTION>::owned(list, sys::AUTHORITY_INFO_ACCESS_free)
        }?;
        let each = |item: *mut ffi::ACCESS_DESCRIPTION| {
            // SAFETY: the descriptions and their parts live as long as the list.
            let (method, location) = unsafe { ((*item).method, (*item).location) };
            // SAFETY: as above.
            let method = unsafe { object_text::<80>(method, false) }.map(|(text, _)| text);
            // SAFETY: as above.
            Some((method.unwrap_or_default(), unsafe { general_name(location) }?))
        };
        list.items().map(each).collect()
    }

    /// The extended uses of the key, by their numbers; `None` as above, or if there are two such extensions.
    pub(crate) fn extended_key_usage(&self) -> Option<Vec<String>> {
        // SAFETY: a live certificate; the rest may be null.
        let list = unsafe {
            ffi::X509_get_ext_d2i(
                self.as_ptr(),
                ffi::NID_ext_key_usage,
                std::ptr::null_mut(),
                std::ptr::null_mut(),
            )
        };
        // SAFETY: a stack of objects, which is ours.
        let list = unsafe { List::<ffi::stack_st_ASN1_OBJECT>::owned(list, sys::EXTENDED_KEY_USAGE_free) }?;
        // SAFETY: the objects live as long as the list.
        let number =
            |object: *mut ffi::ASN1_OBJECT| unsafe { object_text::<256>(object, true) }.map(|(text, _)| text);
        Some(list.items().filter_map(number).collect())
    }
}

/// # Safety
/// - `name` is live.
unsafe fn general_name(name: *const ffi::GENERAL_NAME) -> Option<GeneralName> {
    let mut kind = 0;
    // SAFETY: as the caller vouches, with room for the kind; the value lives as long as the name, and `kind` tells its
    // type.
    let (kind, value) = unsafe {
        let value = sys::GENERAL_NAME_get0_value(name, &raw mut kind);
        match kind {
            ffi::GEN_EMAIL => ("email", NameText::Latin1(string(value.cast()))),
            ffi::GEN_DNS => ("DNS", NameText::Latin1(string(value.cast()))),
            ffi::GEN_URI => ("URI", NameText::Latin1(string(value.cast()))),
            ffi::GEN_IPADD => ("IP Address", NameText::Plain(address(&string(value.cast())))),
            ffi::GEN_RID => ("Registered ID", NameText::Plain(registered(value.cast()))),
            ffi::GEN_DIRNAME => ("DirName", NameText::Utf8(directory_name(value.cast())?)),
            ffi::GEN_OTHERNAME => ("othername", other_name(name)),
            ffi::GEN_X400 => ("X400Name", unsupported()),
            ffi::GEN_EDIPARTY => ("EdiPartyName", unsupported()),
            _ => return None,
        }
    };
    Some(GeneralName { kind, value })
}

/// # Safety
/// - `object` is live.
unsafe fn registered(object: *const ffi::ASN1_OBJECT) -> String {
    // SAFETY: as the caller vouches.
    unsafe { object_text::<256>(object, true) }.map(|(text, _)| text).unwrap_or_default()
}

fn unsupported() -> NameText {
    NameText::Plain("<unsupported>".to_owned())
}

/// The bytes of a string.
///
/// # Safety
/// - `text` is live.
unsafe fn string(text: *const ffi::ASN1_STRING) -> Vec<u8> {
    // SAFETY: as the caller vouches; as many bytes as it says, unless there are none.
    unsafe {
        match usize::try_from(ffi::ASN1_STRING_length(text)) {
            Ok(len) if len > 0 => std::slice::from_raw_parts(ffi::ASN1_STRING_get0_data(text), len).to_vec(),
            _ => Vec::new(),
        }
    }
}

/// # Safety
/// - `name` is live.
unsafe fn directory_name(name: *const ffi::X509_NAME) -> Option<Vec<u8>> {
    // As RFC 2253 has it, but for control characters and those beyond ASCII, which stay.
    let flags = sys::ASN1_STRFLGS_ESC_2253
        | sys::ASN1_STRFLGS_UTF8_CONVERT
        | sys::ASN1_STRFLGS_DUMP_UNKNOWN
        | sys::ASN1_STRFLGS_DUMP_DER
        | sys::XN_FLAG_SEP_COMMA_PLUS
        | sys::XN_FLAG_DN_REV
        | sys::XN_FLAG_DUMP_UNKNOWN_FIELDS;
    // SAFETY: as the caller vouches; a live BIO.
    printed(|bio| unsafe { sys::X509_NAME_print_ex(bio, name, 0, flags) >= 0 })
}

/// # Safety
/// - `name` is live and of that kind.
unsafe fn other_name(name: *const ffi::GENERAL_NAME) -> NameText {
    let (mut object, mut value) = (std::ptr::null_mut(), std::ptr::null_mut::<ffi::ASN1_TYPE>());
    // SAFETY: as the caller vouches, with room for two pointers; the value's tag tells which part of it is there.
    unsafe {
        if sys::GENERAL_NAME_get0_otherName(name, &raw mut object, &raw mut value) != 1 || value.is_null() {
            return unsupported();
        }
        let label = match (ffi::OBJ_obj2nid(object), (*value).type_) {
            (sys::NID_SMTP_UTF8_MAILBOX, ffi::V_ASN1_UTF8STRING) => "SmtpUTF8Mailbox:",
            (sys::NID_XMPP_ADDR, ffi::V_ASN1_UTF8STRING) => "XmppAddr:",
            (sys::NID_NAI_REALM, ffi::V_ASN1_UTF8STRING) => "NAIRealm:",
            (sys::NID_MS_UPN, ffi::V_ASN1_UTF8STRING) => "UPN:",
            (sys::NID_SRV_NAME, ffi::V_ASN1_IA5STRING) => "SRVName:",
            _ => return unsupported(),
        };
        let text = [label.as_bytes(), &string((*value).value.asn1_string)].concat();
        if (*value).type_ == ffi::V_ASN1_IA5STRING { NameText::Latin1(text) } else { NameText::Utf8(text) }
    }
}

fn address(bytes: &[u8]) -> String {
    match bytes {
        [a, b, c, d] => format!("{a}.{b}.{c}.{d}"),
        _ if bytes.len() == 16 => {
            let group = |pair: &[u8]| format!("{:X}", u16::from(pair[0]) << 8 | u16::from(pair[1]));
            bytes.chunks_exact(2).map(group).collect::<Vec<_>>().join(":")
        }
        _ => format!("<invalid length={}>", bytes.len()),
    }
}
