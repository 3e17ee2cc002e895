/** @import { Adapter } from '../hands' */
import { generic } from './generic.js';
import { gmail } from './gmail.js';
import { roundcube } from './roundcube.js';

/** The first that matches the page. @type {Adapter[]} */
export const ADAPTERS = [
  gmail,
  roundcube,
  generic,
];
