// What a file is, told from its first bytes: names and types that a system reports are often wrong.

export const HEADER_BYTES = 64;

const ascii = (bytes, from, to) => String.fromCharCode(...bytes.subarray(from, to));
const STILLS_IN_BOXES = new Set(["avif", "avis"]);
const HEIC_BOXES = new Set(["heic", "heix", "hevc", "hevx", "heim", "heis", "mif1", "msf1"]);
const CAMERA_RAW = new Set(["crx "]);

function isoBox(bytes) {
  const brand = ascii(bytes, 8, 12);
  if (STILLS_IN_BOXES.has(brand)) return { kind: "image", format: "avif" };
  if (HEIC_BOXES.has(brand)) {
    // Some AVIF files open with the general brand and name their own among the compatible ones.
    const compatible = ascii(bytes, 16, Math.min(bytes.length, HEADER_BYTES));
    return { kind: "image", format: compatible.includes("avif") ? "avif" : "heic" };
  }
  return CAMERA_RAW.has(brand) ? { kind: "image", format: "other" } : { kind: "video", format: "video" };
}

function riff(bytes) {
  const form = ascii(bytes, 8, 12);
  if (form === "WEBP") return { kind: "image", format: "webp" };
  return form === "AVI " ? { kind: "video", format: "video" } : null;
}

// Two letters open many a text, so the four reserved bytes have to be empty too.
function bitmap(bytes) {
  return bytes.subarray(6, 10).some(Boolean) ? null : { kind: "image", format: "bmp" };
}

const image = (format) => () => ({ kind: "image", format });
const video = () => ({ kind: "video", format: "video" });

// Each line: where the mark stands, the mark, and what it says.
const MARKS = [
  [0, "\xff\xd8\xff", image("jpeg")],
  [0, "\x89PNG\r\n\x1a\n", image("png")],
  [0, "GIF8", image("gif")],
  [0, "BM", bitmap],
  [0, "RIFF", riff],
  [4, "ftyp", isoBox],
  [4, "moov", video],
  [4, "mdat", video],
  [0, "\x1a\x45\xdf\xa3", video],
  [0, "\x00\x00\x01\xba", video],
  [0, "\x00\x00\x01\xb3", video],
  [0, "FLV", video],
  [0, "OggS", video],
  [0, "\x30\x26\xb2\x75", video],
  [0, "II*\x00", image("other")],
  [0, "MM\x00*", image("other")],
  [0, "8BPS", image("other")],
  [0, "\xff\x0a", image("other")],
  [0, "\x00\x00\x00\x0cJXL ", image("other")],
  [0, "\x00\x00\x01\x00", image("ico")],
];

// The kind and format, or null for what is neither a picture nor a video. Where the bytes say nothing, a type
// the system is sure about is believed: new video formats come faster than this list.
export function kindOf(bytes, type = "") {
  for (const [at, mark, say] of MARKS) {
    if (ascii(bytes, at, at + mark.length) !== mark) continue;
    const said = say(bytes);
    if (said) return said;
  }
  return type.startsWith("video/") ? video() : null;
}
