//! The snippet library: the shipped texts in a file of the package, the writer's own in `storage.local`, one key each, and how
//! they are used under a key of its own. Nothing that cannot be read is ever overwritten.

use composure_snippets::{Habits, OWN_PREFIX, Own, Snippet, check_version};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use crate::{JsResult, chrome};

/// Where the habits are. Keys of own snippets begin alike.
const KEY: &str = "snippets";
/// What every key begins with under which a compiled pack is stored: its snippets are offered too.
pub(crate) const COMPILED_PREFIX: &str = "team-";

/// The form of compiled packs that we read. Another version's is left alone until the page of the packs makes it anew.
const COMPILED_VERSION: f64 = 1.0;

#[wasm_bindgen]
extern "C" {
    /// A window's or a worker's.
    #[wasm_bindgen(catch)]
    async fn fetch(address: &str) -> Result<JsValue, JsValue>;
}

/// A key of an own snippet and what is stored there, or why that cannot be read.
pub(crate) type Stored = (String, Result<Own, String>);

/// The shipped snippets.
pub(crate) async fn shipped() -> JsResult<Vec<Snippet>> {
    let response: web_sys::Response = fetch("snippets.json").await?.unchecked_into();
    let all = js_sys::Array::from(&JsFuture::from(response.json()?).await?);
    Ok(all.iter().filter_map(|one| snippet(&one).ok()).collect())
}

/// Everything under the keys of own snippets.
pub(crate) async fn own() -> JsResult<Vec<Stored>> {
    let stored = |(key, value): (String, JsValue)| (key, read(&value, own_of));
    Ok(all_under(OWN_PREFIX).await?.into_iter().map(stored).collect())
}

/// Every key that begins so, and what is stored there.
pub(crate) async fn all_under(prefix: &str) -> JsResult<Vec<(String, JsValue)>> {
    let keys = js_sys::Array::from(&chrome::storage_keys().await?);
    let keys: Vec<String> =
        keys.iter().filter_map(|key| key.as_string()).filter(|key| key.starts_with(prefix)).collect();
    if keys.is_empty() {
        return Ok(Vec::new());
    }
    let names: js_sys::Array = keys.iter().map(|key| JsValue::from_str(key)).collect();
    let values = chrome::storage_get_all(&names).await?;
    let stored = |key: String| {
        let value = field(&values, &key);
        (key, value)
    };
    Ok(keys.into_iter().map(stored).collect())
}

/// All compiled packs that we can read.
pub(crate) async fn compiled() -> JsResult<Vec<JsValue>> {
    let mut packs = Vec::new();
    for (_, pack) in all_under(COMPILED_PREFIX).await? {
        if field(&pack, "version").as_f64() == Some(COMPILED_VERSION) {
            packs.push(pack);
        }
    }
    Ok(packs)
}

/// After how many days these packs have records deleted. Of two the stricter counts.
pub(crate) fn keep_days(packs: &[JsValue]) -> Option<u32> {
    // `as` saturates.
    packs.iter().filter_map(|pack| field(pack, "keep_days").as_f64()).map(|days| days as u32).min()
}

/// How the library is used, and what the browser has stored of it.
pub(crate) async fn habits() -> JsResult<(Result<Habits, String>, JsValue)> {
    let stored = js_sys::Reflect::get(&chrome::storage_get(KEY).await?, &KEY.into())?;
    let habits = if stored.is_undefined() { Ok(Habits::default()) } else { read(&stored, habits_of) };
    Ok((habits, stored))
}

/// Checks what is stored, and reads it. (By hand: what serde would make of these few fields is kilobytes of the mind's wasm.)
fn read<T>(stored: &JsValue, read: impl FnOnce(&JsValue) -> Result<T, String>) -> Result<T, String> {
    // `as` saturates: any number that is no version of ours is one that we do not know.
    check_version(field(stored, "version").as_f64().map(|version| version as u32))?;
    read(stored)
}

pub(crate) fn field(value: &JsValue, name: &str) -> JsValue {
    js_sys::Reflect::get(value, &name.into()).unwrap_or_default()
}

/// A field that is a text, or is not there.
pub(crate) fn text(value: &JsValue, name: &str) -> Result<String, String> {
    let value = field(value, name);
    if value.is_undefined() {
        return Ok(String::new());
    }
    value.as_string().ok_or_else(|| format!("its {name} is not a text"))
}

/// A field that is a list of texts, or is not there.
pub(crate) fn texts(value: &JsValue, name: &str) -> Result<Vec<String>, String> {
    let value = field(value, name);
    if value.is_undefined() {
        return Ok(Vec::new());
    }
    list(&value).ok_or_else(|| format!("its {name} is not a list of texts"))
}

/// A list of texts.
pub(crate) fn list(value: &JsValue) -> Option<Vec<String>> {
    let is_list = js_sys::Array::is_array(value);
    is_list.then(|| js_sys::Array::from(value).iter().map(|one| one.as_string()).collect::<Option<_>>()).flatten()
}

pub(crate) fn snippet(value: &JsValue) -> Result<Snippet, String> {
    if !value.is_object() {
        return Err("it has no snippet".to_owned());
    }
    Ok(Snippet {
        id: text(value, "id")?,
        title: text(value, "title")?,
        situation: text(value, "situation")?,
        register: text(value, "register")?,
        words: texts(value, "words")?,
        needs: texts(value, "needs")?,
        text: text(value, "text")?,
    })
}

fn own_of(value: &JsValue) -> Result<Own, String> {
    let trashed = field(value, "trashed").as_f64().map(|time| time as u64);
    Ok(Own { trashed, ..Own::new(snippet(&field(value, "snippet"))?) })
}

fn habits_of(value: &JsValue) -> Result<Habits, String> {
    let uses = field(value, "uses");
    let counts = if uses.is_object() {
        js_sys::Object::keys(uses.unchecked_ref::<js_sys::Object>())
    } else {
        js_sys::Array::new()
    };
    let mut habits = Habits { order: texts(value, "order")?, ..Habits::default() };
    habits.favourites.extend(texts(value, "favourites")?);
    habits.hidden.extend(texts(value, "hidden")?);
    for id in counts.iter().filter_map(|id| id.as_string()) {
        let count = field(&uses, &id).as_f64().unwrap_or(0.0) as u32;
        habits.uses.insert(id, count);
    }
    Ok(habits)
}

/// Counts that a snippet was inserted.
#[cfg(feature = "mind")]
pub(crate) async fn count(id: &str) -> JsResult<()> {
    let (habits, stored) = habits().await?;
    let uses = habits.map_err(|why| js_sys::Error::new(&why))?.uses.get(id).copied().unwrap_or(0);
    let all = js_sys::Object::new();
    js_sys::Reflect::set(&all, &"version".into(), &1.into())?;
    let counts = js_sys::Object::new();
    if stored.is_object() {
        js_sys::Object::assign(&all, stored.unchecked_ref());
        // (What is no object has nothing to copy.)
        js_sys::Object::assign(&counts, field(&all, "uses").unchecked_ref::<js_sys::Object>());
    }
    js_sys::Reflect::set(&counts, &id.into(), &(uses + 1).into())?;
    js_sys::Reflect::set(&all, &"uses".into(), &counts)?;
    set(KEY, &all).await
}

/// Changes how the library is used. Fields that only another version knows stay; what cannot be read is left alone.
#[cfg(feature = "pages")]
pub(crate) async fn change(change: impl FnOnce(&mut Habits)) -> JsResult<()> {
    let (habits, stored) = habits().await?;
    let mut habits = habits.map_err(|why| js_sys::Error::new(&why))?;
    change(&mut habits);
    let all = js_sys::Object::new();
    if stored.is_object() {
        js_sys::Object::assign(&all, stored.unchecked_ref());
    }
    let new = crate::value::write(&habits)?;
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
    let is_ours = |key: &str| key == KEY || key.starts_with(OWN_PREFIX) || key.starts_with(COMPILED_PREFIX);
    crate::storage::watch_keys(is_ours, std::rc::Rc::new(changed));
}
