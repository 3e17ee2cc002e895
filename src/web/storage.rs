//! Settings in `storage.local`: read, written, watched. Nothing that cannot be read is ever overwritten unsaved.

use composure_session::{Settings, SettingsProblem};
use serde::Serialize as _;
use wasm_bindgen::prelude::*;

use crate::{JsResult, chrome};

/// Where the settings are.
pub(crate) const KEY: &str = "settings";
/// Where settings that could not be read go when new ones are saved over them.
const KEPT_KEY: &str = "settings_kept";

/// What is stored, raw; undefined if nothing is.
async fn stored() -> JsResult<JsValue> {
    js_sys::Reflect::get(&chrome::storage_get(KEY).await?, &KEY.into())
}

fn read(stored: JsValue) -> Result<Settings, SettingsProblem> {
    if stored.is_undefined() {
        return Ok(Settings::default());
    }
    let version = js_sys::Reflect::get(&stored, &"version".into()).ok().and_then(|version| version.as_f64());
    // `as` saturates: any number that is no version of ours is one that we do not know.
    Settings::check_version(version.map(|version| version as u32))?;
    serde_wasm_bindgen::from_value(stored).map_err(|error| SettingsProblem::Broken(error.to_string()))
}

/// The settings to work with, and what to tell the writer if they are not the stored ones.
pub(crate) async fn load() -> (Settings, Option<String>) {
    let unanswered = |_| SettingsProblem::Broken("the browser's storage did not answer".to_owned());
    match stored().await.map_err(unanswered).and_then(read) {
        Ok(settings) => (settings, None),
        Err(problem) => (Settings::default(), Some(problem.to_string())),
    }
}

/// Stores settings. Fields that only another version knows stay; what cannot be read at all is kept under another key.
pub(crate) async fn save(settings: &Settings) -> JsResult<()> {
    let old = stored().await?;
    let items = js_sys::Object::new();
    let all = js_sys::Object::new();
    match read(old.clone()) {
        Err(_) => drop(js_sys::Reflect::set(&items, &KEPT_KEY.into(), &old)?),
        Ok(_) if old.is_object() => drop(js_sys::Object::assign(&all, old.unchecked_ref())),
        Ok(_) => {}
    }
    let new = settings.serialize(&serde_wasm_bindgen::Serializer::json_compatible())?;
    js_sys::Object::assign(&all, new.unchecked_ref());
    js_sys::Reflect::set(&items, &KEY.into(), &all)?;
    chrome::storage_set(&items).await
}

/// Calls back whenever something is stored under this key, by whichever page.
pub(crate) fn watch(key: &'static str, changed: impl Fn() + 'static) {
    let listener = Closure::<dyn Fn(JsValue, JsValue)>::new(move |changes: JsValue, _area: JsValue| {
        if js_sys::Reflect::has(&changes, &key.into()).unwrap_or(false) {
            changed();
        }
    });
    chrome::on_storage_changed(listener.as_ref());
    // Lives as long as its page.
    listener.forget();
}
