//! The snippet library: the shipped texts in a file of the package, the writer's own in `storage.local`, one key each, and how
//! they are used under a key of its own. Nothing that cannot be read is ever overwritten.

use composure_snippets::{Habits, OWN_PREFIX, Own, Snippet, check_version};
use serde::Serialize as _;
use serde::de::DeserializeOwned;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use crate::{JsResult, chrome};

/// Where the habits are. Keys of own snippets begin alike.
const KEY: &str = "snippets";

/// A key of an own snippet and what is stored there, or why that cannot be read.
pub(crate) type Stored = (String, Result<Own, String>);

/// The shipped snippets.
pub(crate) async fn shipped() -> JsResult<Vec<Snippet>> {
    let window = web_sys::window().ok_or("there is no window")?;
    let response: web_sys::Response = JsFuture::from(window.fetch_with_str("snippets.json")).await?.unchecked_into();
    Ok(serde_wasm_bindgen::from_value(JsFuture::from(response.json()?).await?)?)
}

/// Everything under the keys of own snippets.
pub(crate) async fn own() -> JsResult<Vec<Stored>> {
    let keys = js_sys::Array::from(&chrome::storage_keys().await?);
    let keys: Vec<String> =
        keys.iter().filter_map(|key| key.as_string()).filter(|key| key.starts_with(OWN_PREFIX)).collect();
    let names: js_sys::Array = keys.iter().map(|key| JsValue::from_str(key)).collect();
    let values = chrome::storage_get_all(&names).await?;
    let stored = |key: String| {
        let own = read(js_sys::Reflect::get(&values, &key.as_str().into()).unwrap_or_default());
        (key, own)
    };
    Ok(keys.into_iter().map(stored).collect())
}

/// How the library is used, and what the browser has stored of it.
pub(crate) async fn habits() -> JsResult<(Result<Habits, String>, JsValue)> {
    let stored = js_sys::Reflect::get(&chrome::storage_get(KEY).await?, &KEY.into())?;
    let habits = if stored.is_undefined() { Ok(Habits::default()) } else { read(stored.clone()) };
    Ok((habits, stored))
}

fn read<T: DeserializeOwned>(stored: JsValue) -> Result<T, String> {
    let version = js_sys::Reflect::get(&stored, &"version".into()).ok().and_then(|version| version.as_f64());
    // `as` saturates: any number that is no version of ours is one that we do not know.
    check_version(version.map(|version| version as u32))?;
    serde_wasm_bindgen::from_value(stored).map_err(|error| error.to_string())
}

/// Changes how the library is used. Fields that only another version knows stay; what cannot be read is left alone.
pub(crate) async fn change(change: impl FnOnce(&mut Habits)) -> JsResult<()> {
    let (habits, stored) = habits().await?;
    let mut habits = habits.map_err(|why| js_sys::Error::new(&why))?;
    change(&mut habits);
    let all = js_sys::Object::new();
    if stored.is_object() {
        js_sys::Object::assign(&all, stored.unchecked_ref());
    }
    let new = habits.serialize(&serde_wasm_bindgen::Serializer::json_compatible())?;
    set(KEY, &js_sys::Object::assign(&all, new.unchecked_ref())).await
}

/// Stores a value under a key.
pub(crate) async fn set(key: &str, value: &JsValue) -> JsResult<()> {
    let items = js_sys::Object::new();
    js_sys::Reflect::set(&items, &key.into(), value)?;
    chrome::storage_set(&items).await
}

/// Calls back whenever anything of the library is stored, by whichever page.
pub(crate) fn watch(changed: impl Fn() + 'static) {
    let listener = Closure::<dyn Fn(js_sys::Object, JsValue)>::new(move |changes: js_sys::Object, _area: JsValue| {
        let ours = |key: JsValue| key.as_string().is_some_and(|key| key == KEY || key.starts_with(OWN_PREFIX));
        if js_sys::Object::keys(&changes).iter().any(ours) {
            changed();
        }
    });
    chrome::on_storage_changed(listener.as_ref());
    // Lives as long as its page.
    listener.forget();
}
