/** Host functions of the examples: ordinary TypeScript, whose types PGL reads from here. */

const bright = [
  "happy",
  "smiled",
  "laughed",
  "friend",
  "friends",
  "fun",
  "love",
  "loved",
  "hug",
  "hugged",
  "play",
  "played",
];
const dark = ["sad", "cried", "scared", "angry", "lost", "hurt", "alone", "afraid"];

/** How happy a sentence sounds: bright words minus dark ones, between -3 and 3. */
export function happiness(text: string): number {
  const words = text.toLowerCase().match(/[a-z]+/g) ?? [];
  let score = 0;
  for (const word of words) {
    if (bright.includes(word)) score += 1;
    if (dark.includes(word)) score -= 1;
  }
  return Math.max(-3, Math.min(3, score));
}

/** Share of the letters of a text that look like English: vowels between 25% and 55% score near 0, others below. */
export function looksLikeWords(text: string): number {
  const letters = text.match(/[a-z]/gi) ?? [];
  if (letters.length === 0) return 0;
  const vowels = letters.filter((letter) => "aeiou".includes(letter.toLowerCase())).length / letters.length;
  return -Math.abs(vowels - 0.4);
}
