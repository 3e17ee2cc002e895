// The match patterns of all hosts that an adapter names, as the manifest wants them: one JSON array on standard output.
import { ADAPTERS } from "../extension/content/webmail/adapters.js";

const hosts = ADAPTERS.flatMap(({ hosts }) => hosts);
process.stdout.write(JSON.stringify([...new Set(hosts)].map((host) => `https://${host}/*`)).replaceAll(",", ", "));
