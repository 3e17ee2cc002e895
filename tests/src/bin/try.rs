//! x
use composure_tests::{browser::*, server::*};
fn main() {
    let s = Server::start([("mail.google.com", Site::Folder("/tmp/stubpage".into()))]);
    for kind in Kind::chosen() {
        let t = std::time::Instant::now();
        let b = Browser::start(kind, &Options { extension: Some("/tmp/stub".into()), headed: false, proxy: s.address() });
        eprintln!("{kind} {} {:?}", b.origin, t.elapsed());
        b.open("https://mail.google.com/mail/?csp=strict");
        b.click("[g_editable]");
        let t = std::time::Instant::now();
        b.type_text("you are stupid and so 😀 é stupid. ");
        b.type_text(&"lorem ipsum dolor sit amet consectetur ".repeat(10));
        eprintln!("typed {:?} {}", t.elapsed(), b.text("return document.querySelector('[g_editable]').innerHTML"));
        let t = std::time::Instant::now();
        eprintln!("{:?} {:?}", b.painted(), t.elapsed());
        let t = std::time::Instant::now();
        let x = b.surface();
        eprintln!("{:?} {:?}", x, t.elapsed());
        b.click_at(x.buttons[0].rect.centre());
        eprintln!("{:?}", b.surface().buttons);
        eprintln!("{:?}", b.console());
        b.fresh_tab();
        b.open(&format!("{}/options.html", b.origin));
        eprintln!("{}", b.text("return document.body.innerText"));
        eprintln!("{:?}", b.extension_complaints());
        eprintln!("{:?} {:?}", s.refused(), s.served());
    }
}
