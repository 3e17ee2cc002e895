// What is measured, the same in Node and in a worker of Chromium. All texts are new to the reader: nothing comes from its cache.

const WORDS = 'alpha bravo delta echo golf hotel india juliet kilo lima mike november oscar papa quebec romeo sierra tango uniform victor whiskey yankee zulu amber birch cedar daisy ember flint grove hazel iris jade kite lemon maple north olive pearl quill river stone tulip umber velvet willow'.split(' ');

/** A reply of 257 words in twelve sentences, two of the words in place of each `~`. */
export const REPLY = [
  'Thank you for your message about the ~ that you ordered from our shop three weeks ago.',
  'As I already told you on the telephone last Monday, the ~ left our warehouse on the day that you paid for it.',
  'If you had read the confirmation that we sent you, you would know that delivery of a ~ takes up to ten working days.',
  'You failed to give us the number of your ~ flat, so the driver stood at a locked door and took the parcel back.',
  'I am sorry that you feel the ~ was late, but nobody else has ever complained about it.',
  'Our policy on the ~ is perfectly clear, and it was explained to you twice before you placed the order.',
  'Obviously we cannot send a second ~ to everyone who loses patience after a week.',
  'I have asked the ~ depot to look again, and they promise an answer before the end of Thursday.',
  'Please check with your neighbours whether one of them has taken the ~ in, because that happens more often than you think.',
  'If it is not found by Friday noon, we will pay back the whole price of the ~ to the card that you used.',
  'Next time it would help everyone if you calmed down before you write to us about a ~ again.',
  'My colleague Maria looks after the ~ desk this week and has seen all that we wrote to one another.',
];

/** Sentences of 21 words, once two stand for the `~`. */
const SENTENCES = [
  'As I already told you last Monday, the ~ left our warehouse on the day you paid, so please be patient.',
  'If you had read what we sent you, you would know that any ~ takes ten full working days to arrive.',
  'I am sorry that you feel the ~ was late, but nobody else has ever complained about it to us here.',
  'We will pay back the whole price of the ~ by Friday noon and write to you once that is done.',
];

let turn = 0;
/** A text with two words in place of `~`; the same two come back after some two thousand turns. */
export const fresh = (text) => {
  const two = `${WORDS[turn % WORDS.length]} ${WORDS[Math.floor(turn / WORDS.length) % WORDS.length]}`;
  turn += 1;
  return text.replace('~', two);
};
const sorted = (times) => times.sort((one, other) => one - other);
const summary = (times) => ({ median: sorted(times)[Math.floor(times.length / 2)], best: times[0], p90: times[Math.floor(times.length * 0.9)] });

async function times(count, work) {
  const found = [];
  for (let i = 0; i < count; i += 1) {
    const start = performance.now();
    await work();
    found.push(performance.now() - start);
  }
  return found;
}

/** Times of anything that reads one sentence: after a warm-up, 24 sentences of 20 words and 6 replies of 250. */
async function readings(read) {
  await times(12, () => read(fresh(SENTENCES[turn % SENTENCES.length])));
  const sentence = await times(24, () => read(fresh(SENTENCES[turn % SENTENCES.length])));
  const reply = await times(6, async () => {
    for (const each of REPLY) await read(fresh(each));
  });
  return { sentence: summary(sentence), reply: summary(reply) };
}

/** The reader: from nothing to a reply of 250 words read, then warm. `source` gives `glue`, `module`, `file`. */
export async function measureReader(source) {
  const start = performance.now();
  const { default: init, Reader } = await source.glue();
  const { memory } = await init({ module_or_path: await source.module() });
  const file = await source.file();
  const fetched = performance.now();
  const reader = new Reader(file);
  const loaded = performance.now();
  // The third entry is how many findings there are.
  const reading = reader.read(REPLY.map(fresh).join('\n'));
  const cold = performance.now();
  const keystroke = REPLY.map(fresh);
  reader.read(keystroke.join('\n'));
  const warm = await readings((sentence) => reader.read(sentence));
  const key = await times(10, () => reader.read([...keystroke.slice(0, -1), `${fresh(REPLY.at(-1))} Thank you.`].join('\n')));
  const known = await times(10, () => reader.read(keystroke.join('\n')));
  return {
    ...warm, key: summary(key), known: summary(known), findings: reading[2],
    cold: { all: cold - start, fetch: fetched - start, load: loaded - fetched, read: cold - loaded }, memory: memory.buffer.byteLength,
  };
}

/** WordPiece for these texts, which are plain English: onnxruntime gets the very tokens that the reader makes. */
function tokenizer(file) {
  const view = new DataView(file.buffer, file.byteOffset);
  const header = Number(view.getBigUint64(0, true));
  const decoder = new TextDecoder();
  const { data_offsets: [from, to] } = JSON.parse(decoder.decode(file.subarray(8, 8 + header))).vocab;
  const ids = new Map(decoder.decode(file.subarray(8 + header + from, 8 + header + to)).split('\n').map((piece, id) => [piece, id]));
  const cut = (word) => {
    const found = [];
    for (let at = 0; at < word.length; ) {
      let end = word.length;
      while (end > at && !ids.has((at ? '##' : '') + word.slice(at, end))) end -= 1;
      if (end === at) return [ids.get('[UNK]')];
      found.push(ids.get((at ? '##' : '') + word.slice(at, end)));
      at = end;
    }
    return found;
  };
  return (text) => [ids.get('[CLS]'), ...text.toLowerCase().match(/[a-z0-9]+|[^\sa-z0-9]/g).flatMap(cut), ids.get('[SEP]')];
}

/** The same network under onnxruntime-web: wasm, one thread, SIMD. `source` gives `ort`, `runtime`, `model`, `file`. */
export async function measureOnnx(source) {
  const start = performance.now();
  const ort = await source.ort();
  ort.env.wasm.numThreads = 1;
  ort.env.wasm.wasmBinary = await source.runtime();
  const session = await ort.InferenceSession.create(await source.model(), { executionProviders: ['wasm'] });
  const tokens = tokenizer(await source.file());
  const read = async (text) => {
    const ids = tokens(text);
    const tensor = (values) => new ort.Tensor('int64', BigInt64Array.from(values, BigInt), [1, ids.length]);
    return session.run({ ids: tensor(ids), types: tensor(ids.map(() => 0)) });
  };
  const loaded = performance.now();
  for (const each of REPLY) await read(fresh(each));
  const cold = performance.now();
  return { ...(await readings(read)), tokens: tokens(fresh(SENTENCES[0])).length, cold: { all: cold - start, load: loaded - start, read: cold - loaded } };
}
