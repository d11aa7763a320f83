//! Ciphers: `name flags key iv tag aad chunk bytes`. In pieces is as in one, and what is encrypted is decrypted.
#![no_main]

use libfuzzer_sys::fuzz_target;
use nodecore_crypto::{
    CipherInfoOptions, CipherOptions, create_cipheriv, create_decipheriv, get_cipher_info, get_ciphers,
};
use nodecore_error::Result;

/// What a cipher is made with.
struct Setting<'a> {
    name: &'a str,
    key: &'a [u8],
    iv: &'a [u8],
    options: CipherOptions,
    aad: &'a [u8],
    /// How long the text is, for CCM.
    length: u32,
    padding: bool,
}

impl Setting<'_> {
    /// The output, and the tag if the cipher has one.
    fn seal<'a>(&self, pieces: impl Iterator<Item = &'a [u8]>) -> Result<(Vec<u8>, Option<Vec<u8>>)> {
        let mut cipher = create_cipheriv(self.name, self.key, self.iv, &self.options)?;
        cipher.set_auto_padding(self.padding)?;
        if !self.aad.is_empty() {
            cipher.set_aad(self.aad, Some(self.length))?;
        }
        let mut out = Vec::new();
        for piece in pieces {
            let mut room = vec![0; cipher.room(piece.len())];
            let written = cipher.update_into(piece, &mut room)?;
            out.extend_from_slice(&room[..written]);
        }
        out.extend(cipher.finish()?);
        assert!(cipher.update(b"a").is_err() && cipher.finish().is_err(), "it has ended");
        Ok((out, cipher.get_auth_tag().ok()))
    }

    fn open<'a>(&self, pieces: impl Iterator<Item = &'a [u8]>, tag: Option<&[u8]>) -> Result<Vec<u8>> {
        let mut decipher = create_decipheriv(self.name, self.key, self.iv, &self.options)?;
        decipher.set_auto_padding(self.padding)?;
        if let Some(tag) = tag {
            decipher.set_auth_tag(tag)?;
        }
        if !self.aad.is_empty() {
            decipher.set_aad(self.aad, Some(self.length))?;
        }
        let mut out = Vec::new();
        for piece in pieces {
            out.extend(decipher.update(piece)?);
        }
        out.extend(decipher.finish()?);
        Ok(out)
    }
}

/// Bytes of a length that the fuzzer has or that the cipher wants.
fn bytes(seed: u8, wanted: usize, fits: bool) -> Vec<u8> {
    let length = if fits { wanted } else { usize::from(seed) };
    (0..length).map(|at| seed.wrapping_add(u8::try_from(at % 256).unwrap_or_default())).collect()
}

fuzz_target!(|data: &[u8]| {
    let [name, flags, key, iv, tag, aad, chunk, data @ ..] = data else { return };
    // One of the list, or what the input begins with.
    let names = get_ciphers();
    let text = String::from_utf8_lossy(&data[..data.len().min(24)]);
    let name = names.get(usize::from(*name)).copied().unwrap_or(&text);
    let info = get_cipher_info(name, &CipherInfoOptions::default());
    let (key_length, iv_length) =
        info.as_ref().map_or((0, 0), |info| (info.key_length, info.iv_length.unwrap_or(0)));
    let (key, iv) = (bytes(*key, key_length, flags & 1 != 0), bytes(*iv, iv_length, flags & 1 != 0));
    let options = CipherOptions::default();
    let options = if flags & 2 == 0 { options.auth_tag_length(u32::from(*tag)) } else { options };
    let setting = Setting {
        name,
        key: &key,
        iv: &iv,
        options,
        aad: &data[..data.len().min(usize::from(*aad))],
        length: u32::try_from(data.len()).unwrap_or_default(),
        padding: flags & 4 == 0,
    };
    let size = usize::from(*chunk) + 1;
    let whole = setting.seal(std::iter::once(data));
    let parts = setting.seal(data.chunks(size));
    // The vector that wraps with Triple DES is random.
    let random = info.as_ref().is_some_and(|info| info.name == "id-smime-alg-CMS3DESwrap");
    if let (Ok(whole), Ok(parts), false) = (&whole, &parts, random) {
        assert!(whole == parts, "{name}: in pieces is something else");
    }
    let [whole_tag, parts_tag] =
        [&whole, &parts].map(|sealed| sealed.as_ref().ok().and_then(|(_, tag)| tag.as_deref()));
    for (sealed, tag) in [(&whole, whole_tag), (&parts, parts_tag)] {
        let Ok((sealed, _)) = sealed else { continue };
        let opened = setting.open(std::iter::once(&sealed[..]), tag);
        let opened =
            opened.unwrap_or_else(|error| panic!("{name} does not open what it has sealed: {error}"));
        assert!(opened == data, "{name} opens to something else");
        if let Ok(opened) = setting.open(sealed.chunks(size), tag) {
            assert!(opened == data, "{name} opens to something else in pieces");
        }
        if let Some(tag) = tag {
            let mut wrong = tag.to_vec();
            if let Some(byte) = wrong.get_mut(usize::from(*chunk) % tag.len().max(1)) {
                *byte ^= 1;
                assert!(
                    setting.open(std::iter::once(&sealed[..]), Some(&wrong)).is_err(),
                    "{name}: a wrong tag"
                );
            }
            assert!(setting.open(std::iter::once(&sealed[..]), None).is_err(), "{name}: no tag");
        }
    }
    // What was not sealed.
    let _ = setting.open(data.chunks(size), Some(&data[..data.len().min(16)]));
    let _ = setting.open(std::iter::once(data), None);
});
