/** @import { Adapter } from '../hands' */
import { byStructure } from './shared.js';

/** Facts: only that the mail is in a frame of the page, on its host, and how Apple's programs quote (webmail.md §3, §7). @type {Adapter} */
export const icloud = { ...byStructure('icloud', ['www.icloud.com'], 'blockquote'), framed: true };
