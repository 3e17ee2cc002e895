//! What a button in a view does, as it travels through the hands: they carry it as an opaque string.

use maud::Render;

/// The `data-action` of a button: a verb and what it is about, separated by spaces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Action {
    /// Take a finding's suggestion (by its place in the list).
    Take { finding: u32, choice: usize },
    /// Leave this rule alone in this mail.
    Mute { rule: String },
    /// Hear all rules again in this mail.
    UnmuteAll,
    /// Switch this rule off everywhere.
    TurnOff { rule: String },
    /// Show this finding's card.
    GoTo { finding: u32 },
    /// Insert the snippet of this checklist item.
    Insert { item: String },
    /// Show what calming the whole draft would change.
    Calm,
    /// Leave this finding's words as they are when calming, or no longer.
    Keep { finding: u32 },
    /// Make all the changes shown.
    CalmAll,
    /// Back from those changes to the panel.
    Back,
    /// Close card and panel.
    Close,
    /// Open the options page.
    OpenOptions,
    /// Open the records page.
    OpenRecords,
    /// Open the page that helps to calm down.
    Breathe,
    /// Let the mail cool off: so many minutes, or (0) until tomorrow morning.
    CoolOff { minutes: u32 },
    /// Choose another length for that.
    OwnWait { minutes: u32 },
    /// The mail need not cool off any longer.
    EndCoolOff,
    /// From the dialog to the first place to mend.
    Mend,
    /// Send the mail as it is.
    SendAnyway,
    /// Show the walk before sending.
    Walk,
    /// The writer thought about the customer, or not yet.
    Consider,
    /// Begin an answer to this request, by its place in the list.
    Answer { request: usize },
    /// Insert this snippet.
    InsertSnippet { id: String },
    /// List the snippets of a situation; empty for those that fit.
    Snippets { situation: String },
    /// Insert this snippet of the library.
    Pick { id: String },
    /// Put this choice into a gap.
    Choose { gap: u32, choice: usize },
    /// Make a snippet of what is selected, or open the page of the snippets.
    OpenSnippets,
    /// Read the draft aloud, pause, or go on.
    ReadAloud,
    /// Read no further.
    StopReading,
    /// Show the draft as the customer will see it.
    Letter,
    /// Look for mistakes in spelling and grammar.
    Proofread,
    /// This word is right, here and everywhere.
    Learn { mistake: u32 },
    /// These words shall stay as they are, in this mail.
    Ignore { mistake: u32 },
    /// Read this mail, though it is in another language.
    ReadAnyway,
}

impl Action {
    pub(crate) fn encode(&self) -> String {
        match self {
            Action::Take { finding, choice } => format!("take {finding} {choice}"),
            Action::Mute { rule } => format!("mute {rule}"),
            Action::UnmuteAll => "unmute-all".to_owned(),
            Action::TurnOff { rule } => format!("turn-off {rule}"),
            Action::GoTo { finding } => format!("go-to {finding}"),
            Action::Insert { item } => format!("insert {item}"),
            Action::Calm => "calm".to_owned(),
            Action::Keep { finding } => format!("keep {finding}"),
            Action::CalmAll => "calm-all".to_owned(),
            Action::Back => "back".to_owned(),
            Action::Close => "close".to_owned(),
            Action::OpenOptions => "open-options".to_owned(),
            Action::OpenRecords => "open-records".to_owned(),
            Action::Breathe => "breathe".to_owned(),
            Action::CoolOff { minutes } => format!("cool-off {minutes}"),
            Action::OwnWait { minutes } => format!("own-wait {minutes}"),
            Action::EndCoolOff => "end-cool-off".to_owned(),
            Action::Mend => "mend".to_owned(),
            Action::SendAnyway => "send-anyway".to_owned(),
            Action::Walk => "walk".to_owned(),
            Action::Consider => "consider".to_owned(),
            Action::Answer { request } => format!("answer {request}"),
            Action::InsertSnippet { id } => format!("insert-snippet {id}"),
            Action::Snippets { situation } if situation.is_empty() => "snippets".to_owned(),
            Action::Snippets { situation } => format!("snippets {situation}"),
            Action::Pick { id } => format!("pick {id}"),
            Action::Choose { gap, choice } => format!("choose {gap} {choice}"),
            Action::OpenSnippets => "open-snippets".to_owned(),
            Action::ReadAloud => "read-aloud".to_owned(),
            Action::StopReading => "stop-reading".to_owned(),
            Action::Letter => "letter".to_owned(),
            Action::Proofread => "proofread".to_owned(),
            Action::Learn { mistake } => format!("learn {mistake}"),
            Action::Ignore { mistake } => format!("ignore {mistake}"),
            Action::ReadAnyway => "read-anyway".to_owned(),
        }
    }

    /// Reads what came back; anything that is not one of ours is nothing.
    pub(crate) fn decode(text: &str) -> Option<Action> {
        let mut words = text.split(' ');
        let action = match words.next()? {
            "take" => Action::Take { finding: words.next()?.parse().ok()?, choice: words.next()?.parse().ok()? },
            "mute" => Action::Mute { rule: words.next()?.to_owned() },
            "unmute-all" => Action::UnmuteAll,
            "turn-off" => Action::TurnOff { rule: words.next()?.to_owned() },
            "go-to" => Action::GoTo { finding: words.next()?.parse().ok()? },
            "insert" => Action::Insert { item: words.next()?.to_owned() },
            "calm" => Action::Calm,
            "keep" => Action::Keep { finding: words.next()?.parse().ok()? },
            "calm-all" => Action::CalmAll,
            "back" => Action::Back,
            "close" => Action::Close,
            "open-options" => Action::OpenOptions,
            "open-records" => Action::OpenRecords,
            "breathe" => Action::Breathe,
            "cool-off" => Action::CoolOff { minutes: words.next()?.parse().ok()? },
            "own-wait" => Action::OwnWait { minutes: words.next()?.parse().ok()? },
            "end-cool-off" => Action::EndCoolOff,
            "mend" => Action::Mend,
            "send-anyway" => Action::SendAnyway,
            "walk" => Action::Walk,
            "consider" => Action::Consider,
            "answer" => Action::Answer { request: words.next()?.parse().ok()? },
            "insert-snippet" => Action::InsertSnippet { id: words.next()?.to_owned() },
            "snippets" => Action::Snippets { situation: words.next().unwrap_or_default().to_owned() },
            "pick" => Action::Pick { id: words.next()?.to_owned() },
            "choose" => Action::Choose { gap: words.next()?.parse().ok()?, choice: words.next()?.parse().ok()? },
            "open-snippets" => Action::OpenSnippets,
            "read-aloud" => Action::ReadAloud,
            "stop-reading" => Action::StopReading,
            "letter" => Action::Letter,
            "proofread" => Action::Proofread,
            "learn" => Action::Learn { mistake: words.next()?.parse().ok()? },
            "ignore" => Action::Ignore { mistake: words.next()?.parse().ok()? },
            "read-anyway" => Action::ReadAnyway,
            _ => return None,
        };
        words.next().is_none().then_some(action)
    }
}

impl Render for Action {
    #[inline(never)]
    fn render_to(&self, buffer: &mut String) {
        self.encode().render_to(buffer);
    }
}

#[cfg(test)]
mod tests {
    use super::Action;

    #[test]
    fn what_is_encoded_is_decoded_and_nothing_else() {
        let rule = || "passive-aggression".to_owned();
        for action in [
            Action::Take { finding: 7, choice: 1 },
            Action::Mute { rule: rule() },
            Action::UnmuteAll,
            Action::TurnOff { rule: rule() },
            Action::GoTo { finding: 7 },
            Action::Insert { item: "next-step".to_owned() },
            Action::Calm,
            Action::Keep { finding: 7 },
            Action::CalmAll,
            Action::Back,
            Action::Close,
            Action::OpenOptions,
            Action::OpenRecords,
            Action::Breathe,
            Action::CoolOff { minutes: 10 },
            Action::OwnWait { minutes: 45 },
            Action::EndCoolOff,
            Action::Mend,
            Action::SendAnyway,
            Action::Walk,
            Action::Consider,
            Action::Answer { request: 2 },
            Action::InsertSnippet { id: "part-2-refund".to_owned() },
            Action::Snippets { situation: String::new() },
            Action::Snippets { situation: "late-delivery".to_owned() },
            Action::Pick { id: "late-delivery-choice".to_owned() },
            Action::Choose { gap: 7, choice: 1 },
            Action::OpenSnippets,
            Action::ReadAloud,
            Action::StopReading,
            Action::Letter,
            Action::Proofread,
            Action::Learn { mistake: 7 },
            Action::Ignore { mistake: 7 },
            Action::ReadAnyway,
        ] {
            assert_eq!(Action::decode(&action.encode()), Some(action));
        }
        for text in ["", "take", "take 1", "take one 2", "take 1 2 3", "take -1 0", "close now", "erase all", "💥"] {
            assert_eq!(Action::decode(text), None, "{text:?}");
        }
    }
}
