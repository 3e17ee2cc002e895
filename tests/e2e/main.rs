//! What must hold, in real browsers: `cargo test -p composure-tests --test e2e [part of a name]`.
//!
//! Every test runs in Chromium and in Firefox (`COMPOSURE_BROWSER` chooses one), with `dist/` installed as a user would.
//! One browser is open at a time and serves all tests of its kind, each in a tab of its own; a test that fails leaves a
//! picture in `out/e2e/` and the next one gets a new browser. A new test is a function and its line in the module's table.

mod calm;
mod desk;
mod editors;
mod elsewhere;
mod faults;
mod foreign;
mod gmail;
mod guard;
mod helpdesks;
mod hostile;
mod language;
mod options;
mod packs;
mod policy;
mod popup;
mod progress;
mod proof;
mod reader;
mod records;
mod roundcube;
mod snippets;
mod soak;
mod sogo;
mod update;
mod walk;
mod webmail;
mod welcome;

use composure_tests::browser::Kind;
use desk::{Desk, on_desk};
use libtest_mimic::{Arguments, Trial};

/// A test's name and what it does.
type Case = (&'static str, fn(&Desk));

fn main() {
    let mut arguments = Arguments::from_args();
    // Two browsers at once would slow each other down.
    arguments.test_threads = Some(1);
    let modules = [
        calm::CASES,
        editors::CASES,
        elsewhere::CASES,
        faults::CASES,
        foreign::CASES,
        gmail::CASES,
        guard::CASES,
        helpdesks::CASES,
        hostile::CASES,
        language::CASES,
        options::CASES,
        packs::CASES,
        policy::CASES,
        popup::CASES,
        progress::CASES,
        proof::CASES,
        reader::CASES,
        records::CASES,
        roundcube::CASES,
        snippets::CASES,
        soak::CASES,
        sogo::CASES,
        update::CASES,
        walk::CASES,
        webmail::CASES,
        welcome::CASES,
    ];
    let trials = Kind::chosen().into_iter().flat_map(|kind| {
        let cases = modules.into_iter().flatten().map(move |&(name, test)| {
            Trial::test(format!("{kind}::{name}"), move || {
                on_desk(kind, name, test);
                Ok(())
            })
        });
        cases.chain(webmail::trials(kind))
    });
    let table = Trial::test("webmail::the_readme_has_the_table", webmail::the_readme_has_the_table);
    let conclusion = libtest_mimic::run(&arguments, trials.chain([table]).collect());
    desk::clear();
    conclusion.exit();
}
