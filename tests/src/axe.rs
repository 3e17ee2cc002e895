//! axe-core's rules for what everybody can read and use, over a page as it stands.

use crate::browser::Browser;

/// Fails with what axe-core has against the open page, in its light and in its dark theme.
///
/// # Panics
/// If it has anything against it, or did not look at it.
#[track_caller]
pub fn assert_page(browser: &Browser) {
    for dark in [false, true] {
        browser.prefer(dark, true);
        let found = complaints(browser, "document");
        browser.prefer(false, true);
        assert_eq!(found, Vec::<String>::new(), "{}, {}", browser.kind, if dark { "dark" } else { "light" });
    }
}

/// Fails with what axe-core has against what Composure shows in the open page: pill, card, panel and dialog, as they are
/// now, in the theme that the mail is in ([`crate::mailbox::Compose::darken`]).
///
/// # Panics
/// If it has anything against it, or did not look at it.
#[track_caller]
pub fn assert_surface(browser: &Browser) {
    // axe-core sees into no closed root, and contrast only in the body: it is shown an exact copy there.
    let copied = browser.in_surface(
        "function () {
            if (this.host.localName !== 'composure-surface') return null;
            const copy = document.body.appendChild(document.createElement('composure-copy'));
            const root = copy.attachShadow({ mode: 'open' });
            root.adoptedStyleSheets = [...this.adoptedStyleSheets].map(({ cssRules }) => {
                const sheet = new CSSStyleSheet();
                sheet.replaceSync([...cssRules].map(({ cssText }) => cssText).join('\\n'));
                return sheet;
            });
            root.append(...[...this.childNodes].map(node => node.cloneNode(true)));
            return true;
        }",
    );
    assert_eq!(copied.len(), 1, "{}: our shadow root", browser.kind);
    let found = complaints(browser, "document.querySelector('composure-copy')");
    browser.js("document.querySelector('composure-copy').remove()", serde_json::json!([]));
    assert_eq!(found, Vec::<String>::new(), "{}", browser.kind);
}

/// What is wrong inside an element, a line for each thing and place.
fn complaints(browser: &Browser, element: &str) -> Vec<String> {
    let axe = std::fs::read_to_string(crate::root().join("node_modules/axe-core/axe.min.js"))
        .expect("axe-core is there; run ./build.sh setup");
    let results = browser.js_async(&format!(
        "{axe};
         const done = arguments[0];
         window.axe.run({element}).then(({{ violations, passes }}) => done({{
             passes: passes.map(({{ id }}) => id),
             violations: violations.flatMap(({{ id, help, nodes }}) =>
                 nodes.map(({{ html, failureSummary }}) => `${{id}}: ${{help}}: ${{html}}: ${{failureSummary}}`)),
         }}), error => done({{ violations: [String(error)] }}))"
    ));
    let list = |name: &str| -> Vec<String> {
        let all = results[name].as_array().into_iter().flatten();
        all.map(|value| value.as_str().unwrap_or_default().to_owned()).collect()
    };
    let found = list("violations");
    let looked = list("passes");
    assert!(!found.is_empty() || looked.contains(&"color-contrast".to_owned()), "axe-core saw nothing: {looked:?}");
    found
}
