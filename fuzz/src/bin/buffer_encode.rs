//! Strings to bytes: `room text`.
#![no_main]

use libfuzzer_sys::fuzz_target;
use nodecore_buffer::{Encoding, JsStr, byte_length, decode_utf16, encode, write};
use nodecore_fuzz::Text;

fuzz_target!(|data: &[u8]| {
    let Some((&room, data)) = data.split_first() else { return };
    let text = Text::new(data);
    let mut forms = vec![JsStr::Utf16(&text.utf16)];
    forms.extend(text.utf8.as_deref().map(JsStr::Utf8));
    forms.extend(text.latin1.as_deref().map(JsStr::Latin1));
    for encoding in Encoding::ALL {
        let bytes = encode(forms[0], encoding);
        let length = byte_length(forms[0], encoding);
        assert!(bytes.len() <= length, "{encoding}");
        if !matches!(encoding, Encoding::Base64 | Encoding::Base64Url | Encoding::Hex) {
            assert_eq!(bytes.len(), length, "{encoding}");
        }
        for &form in &forms {
            assert_eq!(form.len(), text.utf16.len());
            assert_eq!(encode(form, encoding), bytes, "{encoding}, {form:?}");
            assert_eq!(byte_length(form, encoding), length, "{encoding}, {form:?}");
            for room in [usize::from(room), length] {
                let mut out = vec![0xA5; room + 1];
                let written = write(form, &mut out[..room], encoding);
                assert!(written <= room);
                assert_eq!(out[..written], bytes[..written], "{encoding}, {form:?} into {room}");
                assert!(room < length || written == bytes.len(), "{encoding}, {form:?} into {room}");
                assert_eq!(out[room], 0xA5);
            }
        }
        let back = decode_utf16(&bytes, encoding);
        match encoding {
            Encoding::Utf8 => assert_eq!(String::from_utf16_lossy(&back), text.lossy()),
            Encoding::Utf16le => assert_eq!(back, text.utf16),
            Encoding::Latin1 if text.latin1.is_some() => assert_eq!(back, text.utf16),
            _ => {}
        }
    }
});
