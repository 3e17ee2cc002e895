//! A worker of the mind. Dropping it ends it, and gives all its memory back.

use wasm_bindgen::prelude::*;

use crate::{JsResult, chrome};

type Listener = Closure<dyn FnMut(web_sys::MessageEvent)>;

pub(crate) struct Running {
    worker: web_sys::Worker,
    _listeners: [Listener; 2],
}

impl Running {
    /// Starts a script of the extension. `answered` gets what it says, `broken` what keeps it from running.
    pub(crate) fn start(
        script: &str,
        mut answered: impl FnMut(JsValue) + 'static,
        mut broken: impl FnMut(JsValue) + 'static,
    ) -> JsResult<Running> {
        let options = web_sys::WorkerOptions::new();
        options.set_type(web_sys::WorkerType::Module);
        let worker = web_sys::Worker::new_with_options(&chrome::url(script), &options)?;
        let answered = Listener::new(move |event: web_sys::MessageEvent| answered(event.data()));
        worker.set_onmessage(Some(answered.as_ref().unchecked_ref()));
        let broken = Listener::new(move |event: web_sys::MessageEvent| broken(event.into()));
        worker.set_onerror(Some(broken.as_ref().unchecked_ref()));
        Ok(Running { worker, _listeners: [answered, broken] })
    }

    pub(crate) fn post(&self, message: &JsValue) -> JsResult<()> {
        self.worker.post_message(message)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.worker.terminate();
    }
}
