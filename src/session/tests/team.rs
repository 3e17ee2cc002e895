//! What a team's packs bring: phrases, terms, thresholds.

use composure_engine::Beside;
use composure_phrases::{CompiledPack, Packs};

use super::*;

fn phrase(code: &str, severity: &str, instead: &[&str]) -> Vec<String> {
    [code, severity, "It ends the talk.", "Say it another way."]
        .iter()
        .chain(instead)
        .map(|part| (*part).to_owned())
        .collect()
}

fn team() -> Team {
    let pack = CompiledPack {
        rule: "pack:lakeside-bikes".to_owned(),
        what: "Lakeside Bikes words this otherwise.".to_owned(),
        phrases: vec![
            phrase("per|s2 =per =policy", "1", &["because"]),
            phrase("|s2 =ticket =closed", "2", &[]),
            phrase("you|s2 =you =failed", "0", &[]),
            phrase("broken|s9 =broken", "0", &[]),
        ],
        terms: vec!["ALWAYS FRESH".to_owned()],
    };
    let terms = format!("{}\n", pack.terms[0]);
    Team { beside: Beside::new(Packs::of(vec![pack])), terms, ..Team::default() }
}

fn with(text: &str, team: Team) -> Page {
    let mut page = Page::with(text);
    let outcome = page.session.set_team(team);
    page.carry_out(outcome);
    page
}

#[test]
fn phrases_of_a_pack_are_findings_like_any_other() {
    let text = "Hi Gary,\n\nPer policy we cannot. Ticket closed. You failed to attach the receipt.\n\n> per policy";
    let mut page = with(text, team());
    assert_eq!(page.words(1), ["Per policy", "Ticket closed", "You failed to attach the receipt"], "the worse of both");
    let severities: Vec<HighlightSeverity> = page.painted[&1].iter().map(|one| one.severity).collect();
    assert_eq!(severities[..2], [HighlightSeverity::Warning, HighlightSeverity::Serious]);

    let finding = page.id_of(1, "Per policy");
    page.send(Event::Pointed { compose: 1, highlight: Some(finding) });
    let card = page.shows(1, Place::Card).expect("a card");
    assert!(card.contains("Lakeside bikes") && card.contains("It ends the talk."), "{card}");
    page.press(1, Action::Take { finding, choice: 0 });
    page.carry_out_edit(1);
    assert!(page.text(1).contains("Because we cannot."), "{}", page.text(1));
    // Typed again, it is found again.
    page.replace(1, TextEdit { start: 10, end: 10, insert: "No, per policy. ".to_owned() });
    assert_eq!(page.words(1)[0], "per policy");

    page.press(1, Action::Mute { rule: "pack:lakeside-bikes".to_owned() });
    assert_eq!(page.words(1), ["You failed to attach the receipt"]);
    page.press(1, Action::UnmuteAll);
    page.press(1, Action::TurnOff { rule: "pack:lakeside-bikes".to_owned() });
    assert_eq!(page.words(1), ["You failed to attach the receipt"]);
    let off = Errand::Save(Change::RuleOff("pack:lakeside-bikes".to_owned()));
    assert!(page.errands.contains(&off), "{:?}", page.errands);
    let stored = serde_json::to_value(Settings { team: team(), ..Settings::default() }).expect("JSON");
    assert_eq!(stored.get("team"), None);
}

#[test]
fn packs_come_and_go_while_one_writes() {
    let mut page = with("The ticket closed.", Team::default());
    assert!(page.words(1).is_empty());
    let outcome = page.session.set_team(team());
    page.carry_out(outcome);
    assert_eq!(page.words(1), ["ticket closed"]);
    assert!(!page.holds[&1], "a phrase alone holds nothing");
    // Settings that are changed meanwhile know nothing of packs.
    let outcome = page.session.set_settings(Settings { my_name: "Dana".to_owned(), ..Settings::default() });
    page.carry_out(outcome);
    assert_eq!(page.words(1), ["ticket closed"]);
    let outcome = page.session.set_team(Team::default());
    page.carry_out(outcome);
    assert!(page.words(1).is_empty());
}

#[test]
fn terms_are_no_mistakes_and_thresholds_are_the_teams() {
    let shouted = "Our ALWAYS FRESH box left us on Monday.";
    assert!(!Page::with(shouted).words(1).is_empty());
    let mut page = with(shouted, team());
    assert!(page.words(1).is_empty(), "{:?}", page.words(1));
    page.press(1, Action::Proofread);
    let (_, wanted) = page.session.proof_wanted(true).expect("asked for");
    assert_eq!(wanted.words, "ALWAYS\nFRESH\n");

    let tense = "You failed to attach the receipt. I'm sorry you feel that way.";
    let team = |guard_heat| Team { guard_heat, ..Team::default() };
    assert!(!with(tense, team(Some(100))).holds[&1]);
    assert!(with(tense, team(Some(10))).holds[&1]);
    let rules_off = vec!["blame".to_owned(), "non-apology".to_owned()];
    assert!(with(tense, Team { rules_off, ..Team::default() }).words(1).is_empty());
}
