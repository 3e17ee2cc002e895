//! What was counted, by day. The background script writes it, one change at a time.

use std::collections::BTreeMap;

use composure_records::Counts;
use js_sys::{Object, Reflect};
use wasm_bindgen::prelude::*;

use crate::{JsResult, chrome};

/// Where the counts are: `{version, days}`.
pub(crate) const KEY: &str = "counts";
/// The version that this code reads.
const VERSION: f64 = 1.0;

/// All that was counted, by the day as `2026-11-29`. What is of a newer version is left alone and not shown.
pub(crate) async fn all() -> JsResult<BTreeMap<String, Counts>> {
    let stored = Reflect::get(&chrome::storage_get(KEY).await?, &KEY.into())?;
    if !stored.is_object() || Reflect::get(&stored, &"version".into())?.as_f64() != Some(VERSION) {
        return Ok(BTreeMap::new());
    }
    let days = Reflect::get(&stored, &"days".into())?;
    if !days.is_object() {
        return Ok(BTreeMap::new());
    }
    let count = |day: &JsValue, what: &str| {
        // `as` saturates: what is no number of things counts as none.
        Reflect::get(day, &what.into()).ok().and_then(|count| count.as_f64()).unwrap_or(0.0) as u32
    };
    let read = |key: JsValue| {
        let day = Reflect::get(&days, &key).ok()?;
        let counts = Counts {
            mended: count(&day, "mended"),
            inserted: count(&day, "inserted"),
            answered: count(&day, "answered"),
            held: count(&day, "held"),
            cooled: count(&day, "cooled"),
        };
        Some((key.as_string()?, counts))
    };
    Ok(Object::keys(days.unchecked_ref::<Object>()).iter().filter_map(read).collect())
}

/// What was counted today, as the writer's clock has it.
pub(crate) async fn today() -> JsResult<Counts> {
    let now = js_sys::Date::new_0();
    now.set_time(now.get_time() - now.get_timezone_offset() * 60_000.0);
    let today: String = now.to_iso_string().into();
    Ok(all().await?.remove(today.get(..10).unwrap_or_default()).unwrap_or_default())
}
