//! Records in `storage.local`.
//!
//! Not in IndexedDB: a frame in a webmail's page has one of its own there, parted from that of the extension's pages, in both
//! browsers. Each record is one write under a key of its own, and nothing else is written: so a browser that dies loses at
//! most the last one, and there is no list of them that could be wrong.

use composure_session::Record;
use wasm_bindgen::prelude::*;

use crate::{JsResult, chrome};

/// Milliseconds of a day.
const DAY: f64 = 86_400_000.0;

/// Keeps a reply that was sent just now, in the place of what is under `before`, and says under which key.
#[cfg(feature = "mind")]
pub(crate) async fn keep(mut record: Record, site: String, before: Option<String>) -> JsResult<String> {
    record.time = js_sys::Date::now() as u64;
    record.site = site;
    let new = || Record::key(record.time, (js_sys::Math::random() * f64::from(u32::MAX)) as u32);
    let key = before.unwrap_or_else(new);
    let items = js_sys::Object::new();
    let value = crate::value::write(&record)?;
    js_sys::Reflect::set(&items, &JsValue::from_str(&key), &value)?;
    chrome::storage_set(&items).await?;
    Ok(key)
}

/// The keys of all records.
pub(crate) async fn keys() -> JsResult<Vec<String>> {
    let keys = js_sys::Array::from(&chrome::storage_keys().await?);
    let is_record = |key: &String| key.starts_with(composure_session::KEY_PREFIX);
    Ok(keys.iter().filter_map(|key| key.as_string()).filter(is_record).collect())
}

/// Whether a key tells a time that is more than so many days ago.
pub(crate) fn is_older(key: &str, days: u32) -> bool {
    Record::time_of(key).is_some_and(|time| (time as f64) < js_sys::Date::now() - f64::from(days) * DAY)
}

/// Deletes what is under these keys.
pub(crate) async fn delete<'a>(keys: impl IntoIterator<Item = &'a String>) -> JsResult<()> {
    let keys: js_sys::Array = keys.into_iter().map(|key| JsValue::from_str(key)).collect();
    if keys.length() == 0 { Ok(()) } else { chrome::storage_remove(&keys).await }
}

/// Deletes the records that are older than the writer wants them. What this version cannot read is not its to delete.
pub(crate) async fn delete_old(keep_days: Option<u32>) -> JsResult<()> {
    let Some(days) = keep_days else { return Ok(()) };
    let mut old = keys().await?;
    old.retain(|key| is_older(key, days));
    if old.is_empty() {
        return Ok(());
    }
    let names: js_sys::Array = old.iter().map(|key| JsValue::from_str(key)).collect();
    let values = chrome::storage_get_all(&names).await?;
    old.retain(|key| js_sys::Reflect::get(&values, &key.into()).is_ok_and(|value| is_readable(&value)));
    delete(&old).await
}

/// Whether a stored record is of a version that we know, with the two texts that it is about.
pub(crate) fn is_readable(value: &JsValue) -> bool {
    let field = |name: &str| js_sys::Reflect::get(value, &name.into()).unwrap_or_default();
    // `as` saturates: any number that is no version of ours is one that we do not know.
    let version = field("version").as_f64().map(|version| version as u32);
    Record::check_version(version).is_ok() && field("reply").is_string() && field("message").is_string()
}
