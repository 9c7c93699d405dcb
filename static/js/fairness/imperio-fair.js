/**
 * imperio-fair/1 in the browser: recomputes any round from its server seed, client seed and nonce with Web Crypto,
 * without asking the server. Nothing here touches the page or the network, and it runs in Node as well.
 */

export const ALGORITHM = "imperio-fair/1";

const WORD_RANGE = 2 ** 32;
const WORDS_PER_BLOCK = 8; // a SHA-256 block is eight big-endian words

const encoder = new TextEncoder();

function webCrypto() {
  const subtle = globalThis.crypto?.subtle;
  if (!subtle) throw new Error("Web Crypto is missing: open this page over HTTPS or on localhost.");
  return subtle;
}

function hex(buffer) {
  return Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** SHA-256 of a text, in hex. */
export async function sha256(text) {
  return hex(await webCrypto().digest("SHA-256", encoder.encode(text)));
}

/** The hash published before a server seed is used. The seed is hashed as its text. */
export const commitment = sha256;

/** The client seed of a shared table, from those of its seats in seat order. */
export function tableClientSeed(clientSeeds) {
  return sha256(clientSeeds.join("|"));
}

/**
 * The numbers of one round. Block i is HMAC-SHA256(server seed, "{client seed}:{nonce}:{i}").
 *
 * `steps` records each number drawn: { block, index, word, n, value }, where `value` is null for a word that was
 * thrown away.
 */
export class FairStream {
  #key = null;
  #words = null;
  #drawn = 0;

  constructor(serverSeed, clientSeed, nonce) {
    this.serverSeed = serverSeed;
    this.clientSeed = clientSeed;
    this.nonce = nonce;
    this.steps = [];
  }

  async #block(number) {
    this.#key ??= await webCrypto().importKey(
      "raw",
      encoder.encode(this.serverSeed),
      { name: "HMAC", hash: "SHA-256" },
      false,
      ["sign"],
    );
    const message = encoder.encode(`${this.clientSeed}:${this.nonce}:${number}`);
    return new DataView(await webCrypto().sign("HMAC", this.#key, message));
  }

  /** The next four bytes as a big-endian number, 0 to 2**32 - 1. */
  async u32() {
    const index = this.#drawn % WORDS_PER_BLOCK;
    if (index === 0) this.#words = await this.#block(this.#drawn / WORDS_PER_BLOCK);
    this.#drawn += 1;
    return this.#words.getUint32(4 * index);
  }

  /** A whole number from 0 to n - 1, all equally likely: words in the incomplete last stretch of n are thrown away. */
  async below(n) {
    if (!Number.isInteger(n) || n < 1 || n > WORD_RANGE) throw new RangeError(`below() needs 1 to 2**32, not ${n}`);
    const limit = WORD_RANGE - (WORD_RANGE % n);
    for (;;) {
      const at = this.#drawn;
      const word = await this.u32();
      const value = word < limit ? word % n : null;
      this.steps.push({ block: Math.floor(at / WORDS_PER_BLOCK), index: at % WORDS_PER_BLOCK, word, n, value });
      if (value !== null) return value;
    }
  }
}

// Slots -------------------------------------------------------------------------------------------------------------

const SYMBOL_OF = { C: "cherry", A: "apple", B: "banana", L: "lemon" };

/** The symbols of reel 1, 2, 3; stop 0 first. */
export const STRIPS = [
  "LBLBLLBLBLALBCABLLBLALBLACBLBLLB",
  "BLALBLBALBLLBCALBLBALLBLBLBALCLL",
  "LBLBLLLCLBLALLLLLLALBLALCLBLALLB",
].map((letters) => Array.from(letters, (letter) => SYMBOL_OF[letter]));

/** The paytable, best first (only the best row pays); null is any symbol. */
export const PAYTABLE = [
  { combination: "three_cherries", symbols: ["cherry", "cherry", "cherry"], multiplier: 500 },
  { combination: "three_apples", symbols: ["apple", "apple", "apple"], multiplier: 25 },
  { combination: "two_cherries", symbols: ["cherry", "cherry", null], multiplier: 15 },
  { combination: "three_bananas", symbols: ["banana", "banana", "banana"], multiplier: 10 },
  { combination: "two_apples", symbols: ["apple", "apple", null], multiplier: 4 },
  { combination: "two_bananas", symbols: ["banana", "banana", null], multiplier: 2 },
  { combination: "three_lemons", symbols: ["lemon", "lemon", "lemon"], multiplier: 2 },
];

/** One spin: { stops, symbols, multiplier }. */
export async function slots(stream) {
  const stops = [];
  for (const strip of STRIPS) stops.push(await stream.below(strip.length));
  const symbols = stops.map((stop, reel) => STRIPS[reel][stop]);
  const row = PAYTABLE.find((candidate) =>
    candidate.symbols.every((wanted, reel) => wanted === null || wanted === symbols[reel]),
  );
  return { stops, symbols, multiplier: row?.multiplier ?? 0 };
}

// Roulette ----------------------------------------------------------------------------------------------------------

const POCKETS = 37;

export const RED = new Set([1, 3, 5, 7, 9, 12, 14, 16, 18, 19, 21, 23, 25, 27, 30, 32, 34, 36]);

/** One spin: { pocket, colour }. */
export async function roulette(stream) {
  const pocket = await stream.below(POCKETS);
  return { pocket, colour: pocket === 0 ? "green" : RED.has(pocket) ? "red" : "black" };
}

// Blackjack ---------------------------------------------------------------------------------------------------------

const DECKS = 6;
const SUITS = ["S", "H", "D", "C"];
const RANKS = ["A", "2", "3", "4", "5", "6", "7", "8", "9", "10", "J", "Q", "K"];

/** The whole shuffled shoe: { shoe: [312 cards] }, dealt from index 0. */
export async function blackjack(stream) {
  const deck = SUITS.flatMap((suit) => RANKS.map((rank) => rank + suit));
  const shoe = Array.from({ length: DECKS }, () => deck).flat();
  for (let i = shoe.length - 1; i > 0; i -= 1) {
    const j = await stream.below(i + 1);
    [shoe[i], shoe[j]] = [shoe[j], shoe[i]];
  }
  return { shoe };
}

// Verification ------------------------------------------------------------------------------------------------------

const GAMES = { slots, roulette, blackjack };

/**
 * Recompute a round. Answers { outcome, serverSeedHash, committed, steps }; `committed` says whether the seed is the
 * one promised by `expectedHash`, and is null if no hash was given. Throws RangeError for an unknown game.
 */
export async function verify({ game, serverSeed, clientSeed, nonce, expectedHash = "" }) {
  if (!Object.hasOwn(GAMES, game)) throw new RangeError(`There is no game called ${game}.`);
  if (!Number.isSafeInteger(nonce) || nonce < 0) throw new RangeError("The nonce is a whole number, 0 or more.");
  const stream = new FairStream(serverSeed, clientSeed, nonce);
  const outcome = await GAMES[game](stream);
  const serverSeedHash = await commitment(serverSeed);
  const committed = expectedHash ? expectedHash.trim().toLowerCase() === serverSeedHash : null;
  return { outcome, serverSeedHash, committed, steps: stream.steps };
}
