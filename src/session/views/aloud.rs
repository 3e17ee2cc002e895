//! Hearing the draft, and seeing it as the customer will.

use composure_words::{say, t};
use maud::{Markup, html};

use crate::action::Action;
use crate::compose::Compose;
use crate::speech::{State, Trouble};

/// The buttons, and why nothing is heard.
pub(crate) fn aloud(compose: &Compose) -> Markup {
    let state = compose.speech.state;
    html! {
        div class="aloud" role="group" aria-label=(say!("Reading it over")) {
            button class="insert" type="button" data-action=(Action::ReadAloud.encode()) {
                (match state { State::Silent => t!("Hear it aloud"), State::Reading => t!("Pause"), State::Paused => t!("Read on") })
            }
            @if state != State::Silent {
                button class="insert" type="button" data-action=(Action::StopReading.encode()) { (say!("Stop")) }
            }
            button class="insert" type="button" data-action=(Action::Letter.encode()) { (say!("Read it as they will")) }
        }
        @if let Some(trouble) = compose.speech.trouble {
            p class="notice" role="status" {
                (match trouble {
                    Trouble::NoVoice => {
                        t!("This browser has no voice on this machine. Add one in the system’s speech settings and start the \
                         browser again. (On Linux: speech-dispatcher and espeak-ng; Chromium wants to be started with \
                         --enable-speech-dispatcher.)")
                    }
                    Trouble::Failed => t!("The browser stopped reading. “Hear it aloud” begins again."),
                })
            }
        }
    }
}
