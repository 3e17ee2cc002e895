// The manifest on standard input with the match patterns of the hosts that the adapters name, on standard output: all of
// them, those whose mail is in the page itself, and those whose mail is in a frame of it.
import { text } from "node:stream/consumers";
import { ADAPTERS } from "../extension/content/webmail/adapters.js";

const patterns = (adapters) => {
  const hosts = new Set(adapters.flatMap(({ hosts }) => hosts));
  return JSON.stringify([...hosts].map((host) => `https://${host}/*`)).replaceAll(",", ", ");
};
const manifest = await text(process.stdin);
process.stdout.write(
  manifest
    .replaceAll('["__HOSTS__"]', patterns(ADAPTERS))
    .replace('["__PAGE_HOSTS__"]', patterns(ADAPTERS.filter(({ framed }) => !framed)))
    .replace('["__FRAME_HOSTS__"]', patterns(ADAPTERS.filter(({ framed }) => framed))),
);
