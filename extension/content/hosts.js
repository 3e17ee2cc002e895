/**
 * Whether a name is that host, or `*.` and what the host ends in.
 * @param {string} name
 * @param {string} host
 */
export const isHost = (name, host) => (name.startsWith('*.') ? host.endsWith(name.slice(1)) : host === name);
