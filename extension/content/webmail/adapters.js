/** @import { Adapter } from '../hands' */
import { isHost } from '../hosts.js';
import { generic } from './generic.js';
import { gmail } from './gmail.js';
import { roundcube } from './roundcube.js';

/** Those that know their page by its structure come in the order they are asked, and the one that takes any page last. @type {Adapter[]} */
export const ADAPTERS = [
  gmail,
  roundcube,
  generic,
];

/** The one for this page. @param {Document} document */
export function adapterFor(document) {
  const { hostname } = document.location;
  return ADAPTERS.find(({ hosts }) => hosts.some((name) => isHost(name, hostname))) ?? (document.body && ADAPTERS.find((adapter) => adapter.matches?.(document)));
}
