//! The run as one HTML page that needs nothing else: a table per module, and a row per file that can be
//! filtered.

use super::report::Run;
use super::run::Attempt;
use super::{Row, files};

/// Style, script and frame; `{{…}}` is filled in.
const FRAME: &str = include_str!("page.html");

pub(super) fn page(run: &Run) -> String {
    let nodecore = run.nodecore();
    let nodecore =
        if nodecore.is_empty() { "no nodecore".to_owned() } else { format!("nodecore {nodecore}") };
    let fill = [
        ("title", format!("Node {} tests on Node {}, {nodecore}", run.suite, run.runtime)),
        ("seconds", format!("{:.0}", run.seconds)),
        ("modules", modules(run)),
        ("options", files::modules().map(|name| format!("<option>{name}</option>")).collect()),
        ("rows", run.rows.iter().map(|row| file(run, row)).collect()),
    ];
    // The frame alone is searched for names, never what was filled in.
    let mut text = String::new();
    let mut rest = FRAME;
    while let Some((before, after)) = rest.split_once("{{") {
        let (name, behind) = after.split_once("}}").unwrap_or((after, ""));
        text.push_str(before);
        text.push_str(fill.iter().find(|(key, _)| *key == name).map_or("", |(_, value)| value));
        rest = behind;
    }
    text + rest
}

fn modules(run: &Run) -> String {
    let mut text = String::new();
    for (module, sum, mark) in run.sums() {
        let (passed, percent, bar) = match sum.percent() {
            Some(percent) if !run.stock_only => {
                let class = if percent >= mark { "good" } else { "bad" };
                let bar = format!("<i class=\"{class}\" style=\"width:{percent:.1}%\"></i>");
                (sum.passed.to_string(), format!("{percent:.1} %"), bar)
            }
            _ => ("–".to_owned(), "–".to_owned(), String::new()),
        };
        text.push_str(&format!(
            "<tr><th>{module}</th><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{passed}</td>\
             <td>{percent}</td><td class=\"bar\"><span>{bar}<b style=\"left:{mark:.0}%\"></b></span></td>\
             <td>{mark:.0} %</td></tr>\n",
            sum.files, sum.apart, sum.skipped, sum.stock_fails, sum.eligible
        ));
    }
    text
}

fn file(run: &Run, row: &Row) -> String {
    let show = |attempt: &Option<Attempt>| match attempt {
        Some(attempt) => (attempt.verdict.name(), format!("{:.2}", attempt.seconds)),
        None => ("–", String::new()),
    };
    let ((stock, stock_seconds), (ours, seconds)) = (show(&row.stock), show(&row.nodecore));
    let verdict = match (&row.stock, &row.nodecore) {
        _ if row.apart.is_some() => "apart",
        (None, _) => "not run",
        (Some(_), Some(attempt)) => attempt.verdict.name(),
        (Some(_), None) if row.eligible() => "not run",
        (Some(attempt), None) if attempt.verdict.name() == "skipped" => "stock skips",
        (Some(_), None) => "stock fails",
    };
    let shown = row.nodecore.as_ref().or(row.stock.as_ref());
    let mut line = escape(shown.map_or("", |attempt| &attempt.line));
    if let Some(apart) = row.apart {
        line = apart.reason().to_owned();
    }
    if row.again {
        line = "passed only when run again, alone".to_owned();
    }
    if let Some(reason) = run.reason(row) {
        line.push_str(&format!("<em>expected: {}</em>", escape(reason)));
    }
    if let Some(attempt) = shown.filter(|attempt| !attempt.tail.is_empty()) {
        let tail = escape(&attempt.tail);
        line = format!("<details><summary>{line}</summary><pre>{tail}</pre></details>");
    }
    let (name, module) = (escape(&row.file.name), row.file.module);
    format!(
        "<tr data-m=\"{module}\" data-v=\"{verdict}\"><td>{name}</td><td class=\"v\">{stock}</td>\
         <td>{stock_seconds}</td>\
         <td class=\"v\">{ours}</td><td>{seconds}</td><td>{line}</td></tr>\n"
    )
}

/// Text for HTML; what a terminal would have taken for colour goes.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            c if c.is_control() && c != '\n' && c != '\t' => escaped.push('\u{fffd}'),
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::{FRAME, escape};

    #[test]
    fn text_is_no_markup() {
        assert_eq!(escape("<b a=\"1\">&\u{1b}[0m\n"), "&lt;b a=&quot;1&quot;&gt;&amp;\u{fffd}[0m\n");
    }

    #[test]
    fn the_frame_needs_nothing_else() {
        for name in ["title", "seconds", "modules", "options", "rows"] {
            assert!(FRAME.contains(&format!("{{{{{name}}}}}")), "{name}");
        }
        for from_outside in ["http:", "https:", " src=", "<link", "@import"] {
            assert!(!FRAME.contains(from_outside), "{from_outside}");
        }
    }
}
