//! What a button in a view does, as it travels through the hands: they carry it as an opaque string.

use serde::{Deserialize, Serialize};

/// The `data-action` of a button.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
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
    /// Close card and panel.
    Close,
    /// Open the options page.
    OpenOptions,
}

impl Action {
    pub(crate) fn encode(&self) -> String {
        // Cannot fail: plain data with string keys.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Reads what came back; anything that is not one of ours is nothing.
    pub(crate) fn decode(text: &str) -> Option<Action> {
        serde_json::from_str(text).ok()
    }
}
