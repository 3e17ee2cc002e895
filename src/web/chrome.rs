//! The extension APIs that the mind uses: the one file of this crate that names `chrome.*`.

use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// Resolves to an object with the stored values of the asked keys.
    #[wasm_bindgen(js_namespace = ["chrome", "storage", "local"], js_name = get, catch)]
    pub(crate) async fn storage_get(key: &str) -> Result<JsValue, JsValue>;

    /// Resolves to an object with the stored values of an array of keys.
    #[wasm_bindgen(js_namespace = ["chrome", "storage", "local"], js_name = get, catch)]
    pub(crate) async fn storage_get_all(keys: &JsValue) -> Result<JsValue, JsValue>;

    /// Resolves to an array of all keys, without reading what is under them.
    #[wasm_bindgen(js_namespace = ["chrome", "storage", "local"], js_name = getKeys, catch)]
    pub(crate) async fn storage_keys() -> Result<JsValue, JsValue>;

    /// Deletes what is under an array of keys.
    #[wasm_bindgen(js_namespace = ["chrome", "storage", "local"], js_name = remove, catch)]
    pub(crate) async fn storage_remove(keys: &JsValue) -> Result<(), JsValue>;

    /// Stores every property of the object.
    #[wasm_bindgen(js_namespace = ["chrome", "storage", "local"], js_name = set, catch)]
    pub(crate) async fn storage_set(items: &JsValue) -> Result<(), JsValue>;

    /// Resolves to an object with the values of all keys (`null`) of what the browser's own account sync carries.
    #[wasm_bindgen(js_namespace = ["chrome", "storage", "sync"], js_name = get, catch)]
    pub(crate) async fn sync_get(keys: &JsValue) -> Result<JsValue, JsValue>;

    /// Stores every property of the object there; refused over the quotas.
    #[wasm_bindgen(js_namespace = ["chrome", "storage", "sync"], js_name = set, catch)]
    pub(crate) async fn sync_set(items: &JsValue) -> Result<(), JsValue>;

    /// Deletes what is under an array of keys there.
    #[wasm_bindgen(js_namespace = ["chrome", "storage", "sync"], js_name = remove, catch)]
    pub(crate) async fn sync_remove(keys: &JsValue) -> Result<(), JsValue>;

    /// Calls back with `(changes, area)` whenever anything is stored, in every page of the extension.
    #[wasm_bindgen(js_namespace = ["chrome", "storage", "onChanged"], js_name = addListener)]
    pub(crate) fn on_storage_changed(listener: &JsValue);

    /// Sends a message to the extension's other pages and its background script.
    #[wasm_bindgen(js_namespace = ["chrome", "runtime"], js_name = sendMessage, catch)]
    pub(crate) async fn send_message(message: &JsValue) -> Result<JsValue, JsValue>;

    /// The address of a file of the extension.
    #[wasm_bindgen(js_namespace = ["chrome", "runtime"], js_name = getURL)]
    pub(crate) fn url(path: &str) -> String;

    /// The extension's manifest, as an object.
    #[wasm_bindgen(js_namespace = ["chrome", "runtime"], js_name = getManifest)]
    pub(crate) fn manifest() -> JsValue;

    /// Resolves to `{origins, permissions}` as granted now.
    #[wasm_bindgen(js_namespace = ["chrome", "permissions"], js_name = getAll, catch)]
    pub(crate) async fn permissions_get_all() -> Result<JsValue, JsValue>;

    /// Asks the writer for more; must be called directly from a click. Resolves to whether it was granted.
    #[wasm_bindgen(js_namespace = ["chrome", "permissions"], js_name = request, catch)]
    pub(crate) fn permissions_request(permissions: &JsValue) -> Result<js_sys::Promise, JsValue>;

    /// Gives permissions back.
    #[wasm_bindgen(js_namespace = ["chrome", "permissions"], js_name = remove, catch)]
    pub(crate) async fn permissions_remove(permissions: &JsValue) -> Result<JsValue, JsValue>;

    /// Resolves to the tab that this page is in.
    #[wasm_bindgen(js_namespace = ["chrome", "tabs"], js_name = getCurrent, catch)]
    pub(crate) async fn current_tab() -> Result<JsValue, JsValue>;

    /// Changes a tab, by its id: `{active: true}` shows it.
    #[wasm_bindgen(js_namespace = ["chrome", "tabs"], js_name = update, catch)]
    pub(crate) async fn update_tab(id: &JsValue, changes: &JsValue) -> Result<JsValue, JsValue>;

    /// Resolves to a tab, by its id.
    #[wasm_bindgen(js_namespace = ["chrome", "tabs"], js_name = get, catch)]
    pub(crate) async fn tab(id: &JsValue) -> Result<JsValue, JsValue>;

    /// Resolves to an array of the tabs that answer a query.
    #[wasm_bindgen(js_namespace = ["chrome", "tabs"], js_name = query, catch)]
    pub(crate) async fn tabs_query(query: &JsValue) -> Result<JsValue, JsValue>;

    /// Resolves to what a script of ours in a tab answers.
    #[wasm_bindgen(js_namespace = ["chrome", "tabs"], js_name = sendMessage, catch)]
    pub(crate) async fn tabs_send_message(id: &JsValue, message: &JsValue) -> Result<JsValue, JsValue>;

    /// Loads a tab anew.
    #[wasm_bindgen(js_namespace = ["chrome", "tabs"], js_name = reload, catch)]
    pub(crate) async fn reload_tab(id: &JsValue) -> Result<(), JsValue>;

    /// Closes a tab, by its id.
    #[wasm_bindgen(js_namespace = ["chrome", "tabs"], js_name = remove, catch)]
    pub(crate) async fn close_tab(id: &JsValue) -> Result<(), JsValue>;
}
