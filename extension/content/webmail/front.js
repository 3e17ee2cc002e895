/** @import { Adapter } from '../hands' */
import { structural } from './structural.js';

/** Nothing public is known of Front's page (webmail.md §4) but that a comment is not sent. @type {Adapter} */
export const front = { ...structural, id: 'front', hosts: ['*.frontapp.com'] };
