// Sounds made on the spot with Web Audio; silent until the player asks for them.

const KEY = "imperio:sound";
let context = null;

export const soundOn = () => localStorage.getItem(KEY) === "on";

export function setSound(on) {
  localStorage.setItem(KEY, on ? "on" : "off");
  document.dispatchEvent(new CustomEvent("imperio:sound", { detail: { on } }));
  if (on) play("chime");
}

function tone(at, { frequency, to = frequency, ms, level = 0.12, type = "sine" }) {
  const oscillator = new OscillatorNode(context, { type, frequency });
  const gain = new GainNode(context, { gain: 0 });
  const end = at + ms / 1000;
  oscillator.frequency.exponentialRampToValueAtTime(to, end);
  gain.gain.setValueAtTime(0, at);
  gain.gain.linearRampToValueAtTime(level, at + 0.005);
  gain.gain.exponentialRampToValueAtTime(0.0001, end);
  oscillator.connect(gain).connect(context.destination);
  oscillator.start(at);
  oscillator.stop(end);
}

function noise(at, { ms, level = 0.1, frequency = 2000, q = 1 }) {
  const buffer = context.createBuffer(1, Math.ceil((context.sampleRate * ms) / 1000), context.sampleRate);
  const samples = buffer.getChannelData(0);
  for (let i = 0; i < samples.length; i += 1) samples[i] = (Math.random() * 2 - 1) * (1 - i / samples.length) ** 2;
  const source = new AudioBufferSourceNode(context, { buffer });
  const filter = new BiquadFilterNode(context, { type: "bandpass", frequency, Q: q });
  const gain = new GainNode(context, { gain: level });
  source.connect(filter).connect(gain).connect(context.destination);
  source.start(at);
}

const SOUNDS = {
  chip: (at) => [noise(at, { ms: 40, frequency: 4200, q: 3, level: 0.25 }), tone(at, { frequency: 2600, ms: 50, level: 0.04 })],
  card: (at) => noise(at, { ms: 110, frequency: 2400, q: 0.8, level: 0.22 }),
  tick: (at) => tone(at, { frequency: 1500, to: 900, ms: 22, level: 0.05, type: "triangle" }),
  stop: (at) => [noise(at, { ms: 70, frequency: 500, level: 0.4 }), tone(at, { frequency: 170, to: 90, ms: 110, level: 0.18 })],
  chime: (at) => [880, 1318.5].forEach((f, i) => tone(at + i * 0.09, { frequency: f, ms: 420, level: 0.06 })),
  win: (at) => [523.3, 659.3, 784, 1046.5].forEach((f, i) => tone(at + i * 0.1, { frequency: f, ms: 520, level: 0.07, type: "triangle" })),
};

// play("chip" | "card" | "tick" | "stop" | "chime" | "win")
export function play(name) {
  if (!soundOn() || document.hidden) return;
  try {
    context ??= new AudioContext();
    if (context.state === "suspended") context.resume();
    SOUNDS[name]?.(context.currentTime + 0.005);
  } catch {
    // No audio device: the page is complete without sound.
  }
}
