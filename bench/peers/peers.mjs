// The peers as their users call them: all of the text at every key, because none of them takes less.
import { text as alex } from 'alex';
import retextEnglish from 'retext-english';
import retextProfanities from 'retext-profanities';
import retextStringify from 'retext-stringify';
import { unified } from 'unified';
import writeGood from 'write-good';
import versions from './package.json' with { type: 'json' };

const profanities = unified().use(retextEnglish).use(retextProfanities).use(retextStringify);
const version = (/** @type {keyof typeof versions.dependencies} */ name) => `${name} ${versions.dependencies[name]}`;

/** Each gives how much it found. @type {[string, (text: string) => number][]} */
export const PEERS = [
  [version('alex'), (text) => alex(text).messages.length],
  [version('retext-profanities'), (text) => profanities.processSync(text).messages.length],
  [version('write-good'), (text) => writeGood(text).length],
];
