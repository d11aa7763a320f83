//! `URLSearchParams`, beside a list of pairs that is changed in the same way: `query FF operations`.
#![no_main]

use libfuzzer_sys::fuzz_target;
use nodecore_fuzz::{SEPARATOR, Text, check_url, fields};
use nodecore_url::{Url, UrlSearchParams};

type Model = Vec<(String, String)>;

fn check(params: &UrlSearchParams, model: &Model) {
    assert!(params.iter().eq(model.iter().map(|(name, value)| (&**name, &**value))), "{params:?}, {model:?}");
    assert_eq!((params.size(), params.is_empty()), (model.len(), model.is_empty()));
    let text = params.to_string();
    assert!(text.is_ascii());
    assert_eq!(UrlSearchParams::parse(&*text), *params, "{text:?} parsed again");
}

fuzz_target!(|data: &[u8]| {
    let [query, operations] = fields(data);
    let query = Text::new(query);
    let mut params = UrlSearchParams::parse(&query.utf16[..]);
    assert_eq!(UrlSearchParams::parse(&*query.lossy()), params);
    if let Some(latin1) = query.as_latin1() {
        assert_eq!(UrlSearchParams::parse(latin1), params);
    }
    let mut model: Model = params.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    check(&params, &model);
    let mut url = Url::parse("http://h/").unwrap();
    assert!(url.set_search_params(&params));
    for operation in operations.split(|&byte| byte == SEPARATOR).take(32) {
        let Some((&verb, rest)) = operation.split_first() else { continue };
        let (name, value) = rest.split_at(rest.iter().position(|&byte| byte == b'=').unwrap_or(rest.len()));
        let (name, value) = (Text::new(name).lossy(), value.get(1..).map(|value| Text::new(value).lossy()));
        let text = value.clone().unwrap_or_default();
        let mut live = url.search_params_mut();
        match verb % 6 {
            0 => {
                params.append(&name, &text);
                live.append(&name, &text);
                model.push((name, text));
            }
            1 => {
                params.delete(&name, value.as_deref());
                live.delete(&name, value.as_deref());
                model.retain(|(own, other)| {
                    *own != name || value.as_ref().is_some_and(|value| value != other)
                });
            }
            2 => {
                let found = model.iter().find(|(own, _)| *own == name).map(|(_, value)| &**value);
                assert_eq!(params.get(&name), found);
                let all = model.iter().filter(|(own, _)| *own == name).map(|(_, value)| &**value);
                assert!(params.get_all(&name).eq(all));
            }
            3 => {
                let found = model
                    .iter()
                    .any(|(own, other)| *own == name && value.as_ref().is_none_or(|value| value == other));
                assert_eq!(params.has(&name, value.as_deref()), found);
            }
            4 => {
                params.set(&name, &text);
                live.set(&name, &text);
                match model.iter().position(|(own, _)| *own == name) {
                    Some(first) => {
                        model[first].1 = text;
                        let mut index = 0;
                        model.retain(|(own, _)| {
                            index += 1;
                            index - 1 <= first || *own != name
                        });
                    }
                    None => model.push((name, text)),
                }
            }
            _ => {
                params.sort();
                live.sort();
                model.sort_by(|(one, _), (other, _)| one.encode_utf16().cmp(other.encode_utf16()));
            }
        }
        drop(live);
        check(&params, &model);
        assert_eq!(url.search_params(), params, "of {url}");
        check_url(&url);
    }
});
