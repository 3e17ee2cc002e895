//! The walk before sending, reading aloud, the letter, and the ways out.

use super::*;

const CALM: &str = "Hi Gary,\n\nThank you for waiting. Your refund was sent this morning.\n\nKind regards,\nDana";

fn opened(text: &str) -> Page {
    let mut page = Page::with(text);
    page.send(Event::PanelToggled { compose: 1 });
    page
}

fn panel(page: &Page) -> &str {
    page.shows(1, Place::Panel).expect("a panel")
}

/// Opens a compose in a thread of the customer's.
fn in_thread(text: &str, messages: &[(bool, &str)]) -> Page {
    let mut page = Page::new(Settings { my_name: "Dana".to_owned(), ..Settings::default() });
    page.texts.insert(1, (0, text.encode_utf16().collect()));
    let messages =
        messages.iter().map(|(mine, text)| MessageView { mine: *mine, text: (*text).to_owned(), sent: None }).collect();
    let thread = ThreadView { recipient: Some("Gary Stone".to_owned()), messages, ..ThreadView::default() };
    page.send(Event::Opened { compose: 1, thread, draft: draft(text) });
    page.send(Event::PanelToggled { compose: 1 });
    page
}

/// The titles of the steps that are done, and of those that are not.
fn steps(page: &Page) -> (Vec<String>, Vec<String>) {
    let title = |step: &str| {
        step.split("<p class=\"title\">").nth(1).and_then(|rest| rest.split('<').next()).map(str::to_owned)
    };
    let html = panel(page);
    let of = |class: &str| {
        html.split(&format!("<li class=\"{class}\"><span class=\"mark\" aria-hidden=\"true\">"))
            .skip(1)
            .filter_map(title)
            .collect()
    };
    (of("done"), of("open"))
}

/// The hands said what they were asked to say.
fn heard(page: &mut Page) {
    page.send(Event::Spoken { compose: 1, end: SpeechEnd::Said });
}

fn words(said: &[(String, u32)]) -> Vec<&str> {
    said.iter().map(|(text, _)| text.as_str()).collect()
}

#[test]
fn the_walk_ticks_what_is_done() {
    let mut page = in_thread(
        "Hi Gary,\n\nYou failed to attach the receipt.",
        &[(false, "You charged me twice, and I am furious. When will I get my $129.90 back?")],
    );
    page.press(1, Action::Walk);
    assert!(panel(&page).contains("They sound"), "{}", panel(&page));
    let (done, open) = steps(&page);
    assert_eq!(done, ["Nothing is claimed that nobody can know"]);
    assert_eq!(
        open,
        [
            "Consider",
            "They asked, and it is not answered yet",
            "The tone",
            "Spelling and grammar",
            "Not heard aloud yet",
            "Sign it"
        ]
    );
    // That is looked for by itself.
    super::proofread(&mut page);
    assert!(steps(&page).0.contains(&"Spelling and grammar".to_owned()), "{:?}", steps(&page));
    assert!(panel(&page).contains("“When will I get my $129.90 back”"));

    page.press(1, Action::Consider);
    assert_eq!(steps(&page).0[0], "Consider");
    // To a finding and back: the walk is where it was.
    page.press(1, Action::GoTo { finding: page.id_of(1, "failed") });
    assert!(page.shows(1, Place::Card).is_some());
    page.press(1, Action::Take { finding: page.id_of(1, "failed"), choice: 0 });
    page.carry_out_edit(1);
    page.send(Event::PanelToggled { compose: 1 });
    assert!(steps(&page).0.contains(&"The tone is kind".to_owned()), "{:?}", steps(&page));

    let end = page.texts[&1].1.len() as u32;
    let insert = "\n\nYou will have the $129.90 back on Friday.\n\nKind regards,\nDana".to_owned();
    page.replace(1, TextEdit { start: end, end, insert });
    assert_eq!(steps(&page).1, ["Not heard aloud yet"]);
    page.press(1, Action::ReadAloud);
    while steps(&page).1 == ["Not heard aloud yet"] {
        heard(&mut page);
        assert!(page.said.len() < 20, "{:?}", page.said);
    }
    assert!(panel(&page).contains("All done"), "{}", panel(&page));

    // What is new is not heard yet; what was heard stays heard.
    page.replace(1, TextEdit { start: 0, end: 0, insert: "Good news: ".to_owned() });
    assert_eq!(steps(&page).1, ["Not heard aloud yet"]);
    page.press(1, Action::Back);
    assert!(panel(&page).contains("A good reply has"));
}

#[test]
fn a_claim_and_a_blank_have_their_steps() {
    let mut page = opened("Hi Gary,\n\nThis will never happen again.\n\nKind regards,\n{my_name}");
    page.press(1, Action::Walk);
    let (_, open) = steps(&page);
    assert!(open.contains(&"Can you know this?".to_owned()) && open.contains(&"Sign it".to_owned()), "{open:?}");
    assert!(panel(&page).contains("Still to fill in: {my_name}"));
    assert!(steps(&page).0.contains(&"The tone is kind".to_owned()));
    // Close ends the walk, Escape only hides it.
    page.send(Event::Dismissed { compose: 1 });
    page.send(Event::PanelToggled { compose: 1 });
    assert!(panel(&page).contains("Before sending</h2>"));
    page.press(1, Action::Close);
    page.send(Event::PanelToggled { compose: 1 });
    assert!(!panel(&page).contains("Before sending</h2>"));
}

#[test]
fn an_empty_draft_has_nothing_to_walk_through_or_to_hear() {
    let page = opened("");
    assert!(!panel(&page).contains(&Action::Walk.encode()) && !panel(&page).contains("Hear it aloud"));
}

#[test]
fn an_answer_is_begun_below_the_question() {
    let asked = "It broke.\nWhen will I get   my $129.90 back?";
    let mut page = in_thread("Hi Gary,\n\nThank you for writing.\n\nKind regards,\nDana", &[(false, asked)]);
    page.press(1, Action::Answer { request: 0 });
    let edit = page.edits.last().expect("an edit").clone();
    page.carry_out_edit(1);
    let text = page.text(1);
    assert!(text.contains("writing.\n\n> When will I get my $129.90 back?\n\n\nKind regards"), "{text:?}");
    // The caret is where the answer goes.
    let caret = edit.start as usize + edit.insert.encode_utf16().count();
    assert_eq!(String::from_utf16_lossy(&page.texts[&1].1[caret..]), "\n\nKind regards,\nDana");
    assert!(page.words(1).is_empty(), "{:?}", page.words(1));
    page.press(1, Action::Walk);
    assert!(panel(&page).contains("not answered yet"), "a question is no answer");
    page.press(1, Action::Answer { request: 99 });
    assert!(page.edits.is_empty());
}

#[test]
fn it_is_read_sentence_by_sentence_with_pauses_at_findings() {
    let mut page = opened("Hi Gary, thank you for your patience. You failed to attach the receipt. We are on it now.");
    page.press(1, Action::ReadAloud);
    assert_eq!(page.said, [("Hi Gary, thank you for your patience.".to_owned(), 0)]);
    assert_eq!(page.words(1), ["You failed to attach the receipt", "Hi Gary, thank you for your patience."]);
    assert_eq!(page.painted[&1].last().map(|one| one.severity), Some(HighlightSeverity::Spoken));
    heard(&mut page);
    heard(&mut page);
    let pauses: Vec<u32> = page.said.iter().map(|(_, pause)| *pause).collect();
    assert_eq!(pauses, [0, 1000, 1000]);
    assert_eq!(page.words(1).last().map(String::as_str), Some("We are on it now."));
    heard(&mut page);
    assert_eq!(page.said.len(), 3, "nothing more, and nothing to stop");
    assert_eq!(page.words(1), ["You failed to attach the receipt"]);
    assert!(panel(&page).contains("Hear it aloud"));
    // Again from the first.
    page.press(1, Action::ReadAloud);
    assert_eq!(page.said.last().map(|(text, _)| text.as_str()), Some("Hi Gary, thank you for your patience."));
}

#[test]
fn reading_pauses_goes_on_and_stops() {
    let mut page = opened(CALM);
    page.press(1, Action::ReadAloud);
    heard(&mut page);
    let second = page.said[1].0.clone();
    page.press(1, Action::ReadAloud);
    assert_eq!(page.said.last(), Some(&(String::new(), 250)));
    // What was under way when it was paused changes nothing.
    heard(&mut page);
    assert!(panel(&page).contains("Read on"));
    page.press(1, Action::ReadAloud);
    assert_eq!(page.said.last().map(|(text, _)| text.clone()), Some(second));
    page.press(1, Action::StopReading);
    assert_eq!(page.said.last().map(|(text, _)| text.as_str()), Some(""));
    assert!(page.words(1).is_empty(), "nothing painted");
    heard(&mut page);
    assert!(panel(&page).contains("Hear it aloud"));
    page.press(1, Action::ReadAloud);
    assert_eq!(page.said.last(), Some(&page.said[0].clone()));
    // Without the panel nobody could stop it.
    page.send(Event::Dismissed { compose: 1 });
    assert_eq!(page.said.last().map(|(text, _)| text.as_str()), Some(""));
    page.send(Event::PanelToggled { compose: 1 });
    assert!(panel(&page).contains("Read on"));
    page.send(Event::Sent { compose: 1 });
    assert!(panel(&page).contains("Hear it aloud"));
}

#[test]
fn the_same_sentence_twice_is_said_twice() {
    let mut page = opened("It is on the way to you now. It is on the way to you now.");
    page.press(1, Action::ReadAloud);
    heard(&mut page);
    heard(&mut page);
    assert_eq!(words(&page.said), ["It is on the way to you now.", "It is on the way to you now."]);
}

#[test]
fn a_change_elsewhere_does_not_interrupt_and_one_in_the_sentence_begins_it_again() {
    let mut page = opened("Thank you for writing to us. Your parcel left us today. It will be with you soon.");
    page.press(1, Action::ReadAloud);
    heard(&mut page);
    page.replace(1, TextEdit { start: 0, end: 0, insert: "We are glad you wrote. ".to_owned() });
    assert_eq!(page.said.len(), 2, "still the parcel: {:?}", page.said);
    assert_eq!(page.words(1), ["Your parcel left us today."]);
    let at = page.text(1).find("today").expect("today") as u32;
    page.replace(1, TextEdit { start: at, end: at + 5, insert: "this morning".to_owned() });
    assert_eq!(page.said.last().map(|(text, _)| text.as_str()), Some("Your parcel left us this morning."));
    heard(&mut page);
    assert_eq!(page.said.last().map(|(text, _)| text.as_str()), Some("It will be with you soon."));
    // All of it goes.
    let end = page.texts[&1].1.len() as u32;
    page.replace(1, TextEdit { start: 0, end, insert: String::new() });
    assert_eq!(page.said.last().map(|(text, _)| text.as_str()), Some(""));
}

#[test]
fn quotes_are_not_read() {
    let mut page = opened("All is well here now.\n\nOn Monday Gary wrote:\n> Where is it?\n> Gary");
    page.press(1, Action::ReadAloud);
    heard(&mut page);
    assert_eq!(words(&page.said), ["All is well here now."]);
}

#[test]
fn trouble_with_the_voice_is_said() {
    for (end, said) in [(SpeechEnd::NoVoice, "no voice on this machine"), (SpeechEnd::Failed, "stopped reading")] {
        let mut page = opened(CALM);
        page.press(1, Action::ReadAloud);
        page.send(Event::Spoken { compose: 1, end });
        assert!(panel(&page).contains(said), "{}", panel(&page));
        assert_eq!(page.said.len(), 1, "there is nothing to stop");
        assert!(page.words(1).is_empty());
        page.press(1, Action::ReadAloud);
        assert!(!panel(&page).contains(said));
    }
    // Of nothing that was asked for.
    let mut page = opened(CALM);
    page.send(Event::Spoken { compose: 1, end: SpeechEnd::NoVoice });
    assert!(!panel(&page).contains("no voice"));
}

#[test]
fn speed_and_voice_are_the_writers() {
    let settings = Settings { speech_rate: 80, voice: "Ada".to_owned(), ..Settings::default() };
    let mut session = Session::new(settings, String::new());
    let pressed = |action: Action| Event::Pressed { compose: 1, action: action.encode(), selected: None };
    session.update(Event::Opened { compose: 1, thread: ThreadView::default(), draft: draft("All is well.") });
    session.update(Event::PanelToggled { compose: 1 });
    let effects = session.update(pressed(Action::ReadAloud)).effects;
    let speak =
        Effect::Speak { compose: 1, text: "All is well.".to_owned(), pause: 0, rate: 80, voice: "Ada".to_owned() };
    assert!(effects.contains(&speak), "{effects:?}");
}

#[test]
fn the_letter_is_the_draft_alone_with_their_last_words() {
    let text = "Hi Gary,\n\nyour refund is sent.\n\n\u{FFFC}\n\nMore below.\n\n> Where is it?\n";
    let mut page = in_thread(
        "",
        &[(false, "Old words."), (true, "Mine."), (false, "WHERE IS IT?\n\nGary\n\nOn Sunday Dana wrote:\n> Mine.")],
    );
    let at = text.find('\u{FFFC}').expect("a mark") as u32;
    let regions = vec![RegionView { start: at, end: at + 1, kind: RegionViewKind::Quote }];
    page.texts.insert(1, (1, text.encode_utf16().collect()));
    page.send(Event::Resynced { compose: 1, draft: DraftView { revision: 1, text: text.to_owned(), regions } });
    page.press(1, Action::Letter);
    let letter = Letter {
        to: "Gary Stone".to_owned(),
        asked: "WHERE IS IT?\n\nGary".to_owned(),
        draft: "Hi Gary,\n\nyour refund is sent.\n\nMore below.".to_owned(),
    };
    assert_eq!(page.errands, [Errand::Open(crate::Page::Letter(letter))]);
}

#[test]
fn a_number_in_the_thread_can_be_called() {
    let asked = "This is a disgrace, you liars! Call me: +1 (416) 555-0137";
    let mut page = in_thread("You idiot.", &[(false, asked)]);
    let link = "href=\"tel:+14165550137\">Call them: +1 416 555 0137</a>";
    assert!(panel(&page).contains(link) && panel(&page).contains("Hello, this is Dana."), "{}", panel(&page));
    page.send(Event::SendHeld { compose: 1, later: false });
    assert!(page.shows(1, Place::Dialog).is_some_and(|dialog| dialog.contains(link)));
    assert!(!panel(&opened(CALM)).contains("tel:"));
}

#[test]
fn after_many_rounds_parting_is_offered() {
    let hot = "I HAVE BEEN WAITING FOR WEEKS AND NOBODY ANSWERS ME!!! This is unacceptable, you liars.";
    let rounds =
        [(false, "Where is it?"), (true, "Soon."), (false, "Where?"), (true, "Soon."), (true, "Really."), (false, hot)];
    let mut page = in_thread("Hi Gary,\n\nThank you for writing.\n\nKind regards,\nDana", &rounds);
    assert!(panel(&page).contains("refund and part"), "{}", panel(&page));
    for (id, words) in [
        ("part-2-refund", "Your refund is sent"),
        ("part-3-membership", "Your membership is cancelled"),
        ("part-4-address", "off all of our lists"),
        ("decline-instead", "Here is what I can do"),
    ] {
        let action = Action::InsertSnippet { id: id.to_owned() };
        assert!(panel(&page).contains(&action.encode()), "{id}");
        page.press(1, action.clone());
        page.carry_out_edit(1);
        assert!(page.text(1).contains(words) && page.text(1).ends_with("\n\nKind regards,\nDana"), "{}", page.text(1));
        assert!(!panel(&page).contains(&action.encode()), "{id} is ticked");
    }
    assert!(page.words(1).is_empty(), "{:?}", page.words(1));
    let short = in_thread("Hi", &rounds[3..]);
    assert!(!panel(&short).contains("refund and part"));
}

#[test]
fn what_these_views_say_is_calm() {
    let hot = "I HAVE BEEN WAITING FOR WEEKS!!! You liars. When will I get my money back? +1 (416) 555-0137";
    let mut page = in_thread("Hi Gary,\n\nthank you.", &[(false, hot); 6]);
    page.press(1, Action::ReadAloud);
    page.send(Event::Spoken { compose: 1, end: SpeechEnd::NoVoice });
    let mut views = vec![panel(&page).to_owned()];
    page.press(1, Action::Walk);
    views.push(panel(&page).to_owned());
    for view in views {
        let mut lines = String::new();
        for (at, piece) in view.split('<').enumerate() {
            lines.push_str(if at == 0 { piece } else { piece.split_once('>').map_or("", |(_, text)| text) });
            lines.push('\n');
        }
        // The customer's own words are theirs.
        let lines = lines.replace("“When will I get my money back”", "");
        let draft = composure_engine::Draft { text: lines.replace("\n\n", "\n"), regions: Vec::new() };
        let review = composure_engine::review(&draft, &Default::default(), &Default::default());
        let found: Vec<_> =
            review.findings.iter().map(|one| (one.rule.id, &draft.text[one.span.start..one.span.end])).collect();
        assert!(found.is_empty(), "{found:?}");
    }
}
