//! Settings in `storage.local`: read, written, watched. Nothing that cannot be read is ever overwritten unsaved.

use composure_session::{Settings, SettingsProblem};
use wasm_bindgen::prelude::*;

use crate::{JsResult, chrome};

/// Where the settings are.
const KEY: &str = "settings";
/// Where settings that could not be read go when new ones are saved over them.
const KEPT_KEY: &str = "settings_kept";

/// What is stored, raw; `None` if nothing is.
pub(crate) async fn stored() -> JsResult<Option<serde_json::Value>> {
    let items = chrome::storage_get(KEY).await?;
    let value = js_sys::Reflect::get(&items, &KEY.into())?;
    if value.is_undefined() {
        return Ok(None);
    }
    // By way of JSON, so that a value of any shape arrives as it is.
    let json = js_sys::JSON::stringify(&value)?.as_string().unwrap_or_default();
    Ok(Some(serde_json::from_str(&json).unwrap_or(serde_json::Value::Null)))
}

/// The settings to work with, and what to tell the writer if they are not the stored ones.
pub(crate) async fn load() -> (Settings, Option<String>) {
    match stored().await {
        Ok(stored) => match Settings::read(stored) {
            Ok(settings) => (settings, None),
            Err(problem) => (Settings::default(), Some(problem.to_string())),
        },
        Err(_) => {
            let problem = SettingsProblem::Broken("the browser's storage did not answer".to_owned());
            (Settings::default(), Some(problem.to_string()))
        }
    }
}

/// Stores settings. If what is stored now cannot be read, it is kept under another key first.
pub(crate) async fn save(settings: &Settings) -> JsResult<()> {
    let items = js_sys::Object::new();
    if let Some(old) = stored().await?
        && Settings::read(Some(old.clone())).is_err()
    {
        js_sys::Reflect::set(&items, &KEPT_KEY.into(), &to_js(&old)?)?;
    }
    js_sys::Reflect::set(&items, &KEY.into(), &to_js(settings)?)?;
    chrome::storage_set(&items).await
}

/// Calls back with the new settings whenever they are saved, by whichever page.
pub(crate) fn watch(changed: impl Fn() + 'static) {
    let listener = Closure::<dyn Fn(JsValue, JsValue)>::new(move |changes: JsValue, _area: JsValue| {
        if js_sys::Reflect::has(&changes, &KEY.into()).unwrap_or(false) {
            changed();
        }
    });
    chrome::on_storage_changed(listener.as_ref());
    // Lives as long as its page.
    listener.forget();
}

fn to_js(value: &impl serde::Serialize) -> JsResult<JsValue> {
    Ok(value.serialize(&serde_wasm_bindgen::Serializer::json_compatible())?)
}
