//! Hearing the draft, and seeing it as the customer will.

use composure_words::say;
use maud::{Markup, html};

use super::Button;
use crate::action::Action;
use crate::compose::Compose;
use crate::speech::{State, Trouble};

/// The buttons, and why nothing is heard.
pub(crate) fn aloud(compose: &Compose) -> Markup {
    let state = compose.speech.state;
    html! {
        div class="aloud" role="group" aria-label=(say!("Reading it over")) {
            button class="insert" type="button" data-action=(Action::ReadAloud) {
                (match state { State::Silent => say!("Hear it aloud"), State::Reading => say!("Pause"), State::Paused => say!("Read on") })
            }
            @if state != State::Silent {
                (Button("insert", Action::StopReading, say!("Stop")))
            }
            (Button("insert", Action::Letter, say!("Read it as they will")))
        }
        @if let Some(trouble) = compose.speech.trouble {
            p class="notice" role="status" {
                (match trouble {
                    Trouble::NoVoice => {
                        say!("This browser has no voice on this machine. Add one in the system’s speech settings and start the \
                         browser again. (On Linux: speech-dispatcher and espeak-ng; Chromium wants to be started with \
                         --enable-speech-dispatcher.)")
                    }
                    Trouble::Failed => say!("The browser stopped reading. “Hear it aloud” begins again."),
                })
            }
        }
    }
}
