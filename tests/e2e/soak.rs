//! A short form of `./build.sh soak browsers`; [`composure_tests::soak`] says what holds.

use crate::Case;
use crate::desk::Desk;
use crate::options;

/// All tests of this module.
pub const CASES: &[Case] = &[("soak::whatever_is_edited", whatever_is_edited)];

fn whatever_is_edited(desk: &Desk) {
    options::open(&desk.browser);
    options::reset(&desk.browser);
    let report = composure_tests::soak::soak(&desk.browser, &desk.bare(), 500, 1);
    println!("{}: {report}", desk.browser.kind);
    assert!(report.with_findings > 0, "{report:?}");
}
