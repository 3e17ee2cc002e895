// The words of the interface in the writer's language. English stands in the code and the pages and needs no catalogue.

/** The languages beside English: folders of `_locales`. */
const LANGUAGES = ["de", "es", "fr", "pt"];

/**
 * The language of the interface, the one chosen in the options or the browser's, and its words: an English text, what to say
 * instead, and so on. Where none can be read, English.
 * @returns {Promise<[string, string[]]>}
 */
async function read() {
  try {
    const { settings, policy } = await chrome.storage.local.get(["settings", "policy"]);
    const chosen = policy?.settings?.language ?? settings?.language;
    const [language] = String(chosen || chrome.i18n.getUILanguage()).split(/[-_]/);
    if (!LANGUAGES.includes(language)) return ["en", []];
    const file = await fetch(`/_locales/${language}/messages.json`);
    // What the manifest says has no English beside it.
    const all = Object.values(await file.json()).filter(({ description }) => description);
    return [language, all.flatMap(({ description, message }) => [description, message])];
  } catch (error) {
    console.debug("Composure:", error);
    return ["en", []];
  }
}

/**
 * Says what stands in this page's HTML in the writer's language, and shows the page. Resolves to the language and the words.
 * @returns {Promise<[string, string[]]>}
 */
export async function words() {
  const [language, all] = await read();
  const page = document.documentElement;
  page.lang = language;
  /** @type {Map<string, string>} */
  const said = new Map();
  for (let at = 0; at < all.length; at += 2) said.set(all[at], all[at + 1]);
  const texts = document.createTreeWalker(page, NodeFilter.SHOW_TEXT);
  while (said.size && texts.nextNode()) {
    const text = /** @type {Text} */ (texts.currentNode);
    const english = text.data.trim();
    const instead = said.get(english);
    // What is marked as English is to be read as that.
    if (instead && !text.parentElement?.closest("[lang=en]")) text.data = text.data.split(english).join(instead);
  }
  page.removeAttribute("data-unsaid");
  return [language, all];
}
