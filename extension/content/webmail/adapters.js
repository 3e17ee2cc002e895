/** @import { Adapter } from '../hands' */
import { generic } from './generic.js';
import { gmail } from './gmail.js';
import { roundcube } from './roundcube.js';
import { sogo } from './sogo.js';

/** Those that know their page by its structure come in the order they are asked, and the one that takes any page last. @type {Adapter[]} */
export const ADAPTERS = [
  gmail,
  roundcube,
  sogo,
  generic,
];

/** The one for this page. @param {Document} document */
export function adapterFor(document) {
  const { hostname } = document.location;
  const named = (/** @type {string} */ host) => (host.startsWith('*.') ? hostname.endsWith(host.slice(1)) : hostname === host);
  return ADAPTERS.find(({ hosts }) => hosts.some(named)) ?? (document.body && ADAPTERS.find((adapter) => adapter.matches?.(document)));
}
