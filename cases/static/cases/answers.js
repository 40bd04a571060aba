// What she answered, and what is sent of it. Lives in memory alone.

/** An answer that was left out stays undefined here and is not sent. */
export function noAnswers() {
  return { subject: undefined, age_band: undefined, in_danger: undefined, threatened: undefined, deadline: undefined, posted: undefined, platforms: [], elsewhere: false };
}

function told(pairs) {
  return Object.fromEntries(Object.entries(pairs).filter(([, value]) => value !== undefined));
}

/** The media of a request: kind and fingerprints, and nothing else that a file may have. */
export function mediaOf(files) {
  return files.map(({ kind, fingerprints }) => ({
    kind,
    fingerprints: fingerprints.map(({ algorithm, value, quality, variant }) => ({ algorithm, value, quality: quality ?? null, variant })),
  }));
}

export function reportBody(answers, files, language) {
  const { platforms, elsewhere, deadline, ...rest } = answers;
  return {
    ...told(rest),
    // Without a threat there is no time it runs out.
    ...told({ deadline: answers.threatened ? deadline : undefined }),
    ...(platforms.length ? { platforms } : {}),
    ...(elsewhere ? { elsewhere } : {}),
    language,
    media: mediaOf(files),
  };
}

export function isTouched(answers, files) {
  return files.length > 0 || Object.values(answers).some((value) => (Array.isArray(value) ? value.length > 0 : Boolean(value)));
}
