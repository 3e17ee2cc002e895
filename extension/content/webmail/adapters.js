/** @import { Adapter } from '../hands' */
import { isHost } from '../hosts.js';
import { fastmail } from './fastmail.js';
import { freescout } from './freescout.js';
import { freshdesk } from './freshdesk.js';
import { front } from './front.js';
import { generic } from './generic.js';
import { gmail } from './gmail.js';
import { gmx } from './gmx.js';
import { gorgias } from './gorgias.js';
import { helpscout } from './helpscout.js';
import { hubspot } from './hubspot.js';
import { icloud } from './icloud.js';
import { intercom } from './intercom.js';
import { outlook } from './outlook.js';
import { proton } from './proton.js';
import { roundcube } from './roundcube.js';
import { sogo } from './sogo.js';
import { welcome } from './welcome.js';
import { yahoo } from './yahoo.js';
import { zendesk } from './zendesk.js';
import { zoho } from './zoho.js';

/** Those that know their page by its structure come in the order they are asked, and the one that takes any page last. @type {Adapter[]} */
export const ADAPTERS = [
  gmail,
  outlook,
  yahoo,
  proton,
  fastmail,
  zoho,
  icloud,
  gmx,
  roundcube,
  zendesk,
  freshdesk,
  helpscout,
  freescout,
  front,
  intercom,
  hubspot,
  gorgias,
  sogo,
  welcome,
  generic,
];

/** The one for this page. @param {Document} document */
export function adapterFor(document) {
  const { hostname } = document.location;
  return ADAPTERS.find(({ hosts }) => hosts.some((name) => isHost(name, hostname))) ?? (document.body && ADAPTERS.find((adapter) => adapter.matches?.(document)));
}
