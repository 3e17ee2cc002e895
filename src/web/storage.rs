//! Settings in `storage.local`: read, written, watched. Nothing that cannot be read is ever overwritten unsaved.

use std::rc::Rc;

use composure_session::{Settings, SettingsProblem};
use wasm_bindgen::prelude::*;

use crate::{JsResult, chrome, report, value};

/// Where the settings are.
pub(crate) const KEY: &str = "settings";
/// Where settings that could not be read go when new ones are saved over them.
const KEPT_KEY: &str = "settings_kept";

/// What whoever manages this browser has set, as the background script found it there: `pack`, the text of a pack, and
/// `settings`, of which each that is named stands for the writer's own.
const POLICY: &str = "policy";

/// What is stored, raw, undefined if nothing is; and what the policy sets.
async fn stored() -> JsResult<(JsValue, JsValue)> {
    let both = chrome::storage_get_all(&js_sys::Array::of2(&KEY.into(), &POLICY.into())).await?;
    let policy = field(&both, POLICY);
    Ok((field(&both, KEY), if policy.is_object() { field(&policy, KEY) } else { policy }))
}

fn field(value: &JsValue, name: &str) -> JsValue {
    js_sys::Reflect::get(value, &name.into()).unwrap_or_default()
}

/// What the policy sets.
#[cfg(any(feature = "pages", feature = "packs"))]
pub(crate) async fn policy() -> Option<JsValue> {
    let both = chrome::storage_get(POLICY).await.ok()?;
    Some(field(&both, POLICY)).filter(JsValue::is_object)
}

/// The names of the settings that the policy sets, or what is wrong with them; then they do not apply.
#[cfg(feature = "pages")]
pub(crate) async fn locked() -> Result<Vec<String>, String> {
    let set = policy().await.map(|policy| field(&policy, KEY)).filter(JsValue::is_object);
    let Some(set) = set else { return Ok(Vec::new()) };
    read(overlaid(&JsValue::UNDEFINED, &set)).map_err(|problem| problem.to_string())?;
    let names = js_sys::Object::keys(set.unchecked_ref::<js_sys::Object>());
    Ok(names.iter().filter_map(|name| name.as_string()).collect())
}

/// What is stored with what the policy sets in its place.
fn overlaid(stored: &JsValue, set: &JsValue) -> JsValue {
    let all = js_sys::Object::new();
    report(js_sys::Reflect::set(&all, &"version".into(), &1.into()));
    for part in [stored, set] {
        if part.is_object() {
            js_sys::Object::assign(&all, part.unchecked_ref());
        }
    }
    all.into()
}

fn read(stored: JsValue) -> Result<Settings, SettingsProblem> {
    if stored.is_undefined() {
        return Ok(Settings::default());
    }
    let version = js_sys::Reflect::get(&stored, &"version".into()).ok().and_then(|version| version.as_f64());
    // `as` saturates: any number that is no version of ours is one that we do not know.
    Settings::check_version(version.map(|version| version as u32))?;
    value::read(stored).map_err(|error| SettingsProblem::Broken(error.to_string()))
}

/// The settings to work with, and what to tell the writer if they are not the stored ones.
pub(crate) async fn load() -> (Settings, Option<String>) {
    let unanswered = |_| SettingsProblem::Broken("the browser's storage did not answer".to_owned());
    let (stored, set) = match stored().await.map_err(unanswered) {
        Ok(both) => both,
        Err(problem) => return (Settings::default(), Some(problem.to_string())),
    };
    let (own, problem) = match read(stored.clone()) {
        Ok(settings) => (settings, None),
        Err(problem) => (Settings::default(), Some(problem.to_string())),
    };
    if !set.is_object() {
        return (own, problem);
    }
    let usable = if problem.is_none() { stored } else { JsValue::UNDEFINED };
    // What is wrong with the policy's, the options page says.
    (read(overlaid(&usable, &set)).unwrap_or(own), problem)
}

/// Changes the settings as they are stored now, whatever a page had read before. Fields that only another version knows stay;
/// what is broken is kept under another key. Nothing is changed of what a newer Composure stored, nor where something is changed
/// that the policy sets.
pub(crate) async fn change(change: impl FnOnce(&mut Settings)) -> JsResult<()> {
    let (old, set) = stored().await?;
    let items = js_sys::Object::new();
    let all = js_sys::Object::new();
    let mut settings = match read(old.clone()) {
        #[cfg(any(feature = "pages", feature = "packs"))]
        Err(problem @ SettingsProblem::Newer(_)) => {
            // Whoever says it ends the sentence.
            return Err(js_sys::Error::new(problem.to_string().trim_end_matches('.')).into());
        }
        // The panel in the mail has said it.
        #[cfg(not(any(feature = "pages", feature = "packs")))]
        Err(SettingsProblem::Newer(_)) => return Ok(()),
        Err(SettingsProblem::Broken(_)) => {
            // Those that were kept before may be more than these.
            if field(&chrome::storage_get(KEPT_KEY).await?, KEPT_KEY).is_undefined() {
                js_sys::Reflect::set(&items, &KEPT_KEY.into(), &old)?;
            }
            Settings::default()
        }
        Ok(settings) => {
            if old.is_object() {
                js_sys::Object::assign(&all, old.unchecked_ref());
            }
            settings
        }
    };
    // What the policy sets is what is changed, or not. (A mail would tell nobody, and its module has no byte to spare: there it is
    // only not stored. What is wrong with the policy's, the options page says.)
    #[cfg(any(feature = "pages", feature = "packs"))]
    if let Ok(effective) = read(overlaid(&all, &set)) {
        settings = effective;
    }
    #[cfg(any(feature = "pages", feature = "packs"))]
    let before = value::write(&settings)?;
    change(&mut settings);
    let new = value::write(&settings)?;
    if set.is_object() {
        for name in js_sys::Object::keys(set.unchecked_ref::<js_sys::Object>()) {
            #[cfg(any(feature = "pages", feature = "packs"))]
            if json(&before, &name)? != json(&new, &name)? {
                return Err(js_sys::Error::new(composure_words::t!("it is set by whoever manages this browser")).into());
            }
            // It is not the writer's, whose own is there again once the policy is not.
            js_sys::Reflect::delete_property(new.unchecked_ref::<js_sys::Object>(), &name)?;
        }
    }
    js_sys::Object::assign(&all, new.unchecked_ref());
    js_sys::Reflect::set(&items, &KEY.into(), &all)?;
    chrome::storage_set(&items).await
}

/// A field, to be compared.
#[cfg(any(feature = "pages", feature = "packs"))]
fn json(value: &JsValue, name: &JsValue) -> JsResult<js_sys::JsString> {
    js_sys::JSON::stringify(&js_sys::Reflect::get(value, name)?)
}

/// Calls back whenever the settings change, by whichever page or policy.
pub(crate) fn watch_settings(changed: impl Fn() + 'static) {
    watch_keys(|key| key == KEY || key == POLICY, Rc::new(changed));
}

/// Calls back whenever something is stored under a key that is wanted, by whichever page.
pub(crate) fn watch_keys(wanted: fn(&str) -> bool, changed: Rc<dyn Fn()>) {
    let listener = Closure::<dyn Fn(js_sys::Object, JsValue)>::new(move |changes: js_sys::Object, _area: JsValue| {
        if js_sys::Object::keys(&changes).iter().any(|key| key.as_string().is_some_and(|key| wanted(&key))) {
            changed();
        }
    });
    chrome::on_storage_changed(listener.as_ref());
    // Lives as long as its page.
    listener.forget();
}
