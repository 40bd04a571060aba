// What a picture was put into: bars of a phone, a border, a letterbox, a caption, a chat. Whoever has only a
// screenshot lists what is inside of it too. hashes/frames.py does the same for platforms, and says why.

const PLAIN_SHARE = 0.6;
const LEVELS = 2;
const ENDS = 3;
const BEGINS = 0.03;
const PASSES = 2;
const LEAST = 0.08;
const MOST = 0.985;

// Where the picture lies on its small copy, in the copy's pixels; null if there is no frame.
export function inside({ plane, width, height }) {
  const grey = Uint8Array.from(plane, Math.round);
  let box = { left: 0, top: 0, right: width, bottom: height };
  for (let pass = 0; pass < PASSES; pass += 1) box = peeled(grey, width, box);
  const share = ((box.right - box.left) * (box.bottom - box.top)) / grey.length;
  return share >= LEAST && share <= MOST ? box : null;
}

function peeled(grey, width, box) {
  const rows = { first: box.top * width + box.left, next: width, step: 1 };
  const down = busyPart(grey, rows, box.bottom - box.top, box.right - box.left);
  const [top, bottom] = [box.top + down.from, box.top + down.to];
  const columns = { first: top * width + box.left, next: 1, step: width };
  const across = busyPart(grey, columns, box.right - box.left, bottom - top);
  return { left: box.left + across.from, top, right: box.left + across.to, bottom };
}

// From the first to the last line of the picture; both the same where there is none.
function busyPart(grey, { first, next, step }, count, length) {
  if (count === 0 || length === 0) return { from: 0, to: 0 };
  const busy = Array.from({ length: count }, (_, line) => !isPlain(grey, first + line * next, step, length));
  const from = firstOfMany(busy);
  return from < count ? { from, to: count - firstOfMany(busy.reverse()) } : { from: 0, to: 0 };
}

// Nearly all of a plain line has the colour that it begins or ends with; the rest is a clock, a battery, words.
function isPlain(grey, start, step, length) {
  const some = Math.min(ENDS, length);
  const last = start + (length - some) * step;
  return [start, last].some((end) => {
    const colour = median(Array.from({ length: some }, (_, i) => grey[end + i * step]));
    let near = 0;
    for (let i = 0, at = start; i < length; i += 1, at += step) if (Math.abs(grey[at] - colour) <= LEVELS) near += 1;
    return near >= PLAIN_SHARE * length;
  });
}

function median(values) {
  const sorted = values.sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

function firstOfMany(busy) {
  const many = Math.max(2, Math.round(busy.length * BEGINS));
  let run = 0;
  for (let at = 0; at < busy.length; at += 1) {
    run = busy[at] ? run + 1 : 0;
    if (run === many) return at - many + 1;
  }
  return busy.length;
}
