/** @import { Adapter } from '../hands' */
import { structural } from './structural.js';

/** Of its help desk and inbox is known that replies are written in ProseMirror, and that there are comments beside them. @type {Adapter} */
export const hubspot = {
  ...structural,
  id: 'hubspot',
  hosts: ['app.hubspot.com', 'app-na2.hubspot.com', 'app-na3.hubspot.com', 'app-eu1.hubspot.com', 'app-ap1.hubspot.com'],
};
