import { constraint, type Constraint } from "@pgl/core/prelude";

/** Constraints that texts are asked to meet, in words that say what the set of possible tokens is like. */
export const tasks: readonly { readonly name: string; readonly make: () => Constraint }[] = [
  {
    name: "a keyword somewhere: nearly every token",
    make: () => constraint.regex(".*\\b(smiled|happy|friends)\\b.*", "s"),
  },
  { name: "no letter e: half of the tokens", make: () => constraint.regex("[^eE]*") },
  { name: "a date: few tokens", make: () => constraint.regex("\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])") },
  {
    name: "an e-mail address",
    make: () => constraint.regex("[\\w.+-]{1,20}@[a-z0-9-]{1,20}(\\.[a-z]{2,8}){1,3}"),
  },
  { name: "five to eight words", make: () => constraint.words(5, 8) },
  { name: "capitalised, at most 60 characters", make: () => constraint.regex("[A-Z][a-z ,']{0,58}[.!?]") },
  {
    name: "one of thirty names",
    make: () =>
      constraint.text(Array.from({ length: 30 }, (_, i) => `${"Alice Bob Carol Dan Eve".split(" ")[i % 5]} ${i}`)),
  },
  {
    name: "a word, no other one, a length",
    make: () =>
      constraint.and(
        constraint.contains("dragon"),
        constraint.not(constraint.contains("fire")),
        constraint.chars(20, 80),
      ),
  },
];
