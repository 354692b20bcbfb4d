/**
 * Language models for PGL: backends that give the log-probabilities of next tokens, the prefix tree that particles share,
 * and the distributions over tokens and text that programs draw from.
 */
export { LanguageModelError } from "./errors.js";
export type { Capabilities, Evaluator, LanguageModel } from "./language-model.js";
export { modelIdentity, sameModel, type ModelIdentity } from "./model-identity.js";
export { ModelStats, type ModelUsage } from "./model-stats.js";
export { languageModelSpecs, loadLanguageModel, type LoadOptions } from "./load.js";
export { TableModel } from "./backends/table/table-model.js";
export { NgramModel } from "./backends/ngram/ngram-model.js";
export { Vocabulary, fewestTokens, type VocabularyDescription } from "./vocabulary.js";
export { eos, Token, tokenText } from "./token.js";
export { TokenDistribution, mixTokens, type TokenDraw } from "./token-distribution.js";
export { LogRow } from "./log-row.js";
export { PrefixTree } from "./prefix-tree.js";
export { Context } from "./context.js";
export type { ChatMessage, ChatTemplate } from "./chat-template.js";
export { LanguageModelAlias, lm, type ChooseOptions, type TextOptions } from "./alias.js";
export { SpanRule, type SpanOptions } from "./span-rule.js";
export { NextProcess } from "./processes/next.js";
export { TextProcess, type TextProcessOptions } from "./processes/text.js";
export { type GuideChoice, guideChoices } from "./guided/guide.js";
export { guided } from "./guided/guided.js";
export { TokenAutomaton } from "./guided/token-automaton.js";
export { TokenMask } from "./guided/token-mask.js";
export { type Restricted, restrictTokens } from "./guided/restricted.js";
export { MixedText, type TextDistribution } from "./processes/mixed-text.js";
export { ProductNext } from "./processes/product-next.js";
export { LocalProductText, ProductText } from "./processes/product-text.js";
export { ChooseProcess } from "./processes/choose.js";
export { foreseen, foreseenTwist, settle } from "./processes/foreseen.js";
export type { Foresight } from "./twists/foresight.js";
export {
  isSpanTwist,
  type NextPsi,
  type OpenTwist,
  type PsiTable,
  type SpanTwist,
  type TwistedSpan,
} from "./twists/span-twist.js";
export { smallFloats } from "./small-arrays.js";
export { likelyTokens, type NextTokens } from "./twists/candidates.js";
export type { Shortlisted } from "./twists/shortlisted.js";
export type { TextTwist } from "./twists/function-twist.js";
export { TwistAlias } from "./twists/twist-alias.js";
export { SurrogateTwist } from "./twists/automatic.js";
export { BackoffChain, type BackoffTables } from "./twists/backoff-chain.js";
export { Future, type Futures, type TokenSurrogate } from "./twists/surrogate.js";
export type { TwistService } from "./twists/opening.js";
export { spanPlace, type SpanPlace } from "./processes/span-place.js";
export { ModelSession, sessionOf, type ModelReference, type Path, type TokenLaw } from "./session.js";
export { tokenLogProbabilities, type ScoredToken } from "./score.js";
export { checkLanguageModel, type ConformanceOptions, type LawReport } from "./conformance.js";
