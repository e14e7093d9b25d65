// Types of the single files of `natural` that are imported: the whole package drags in database clients.
declare module 'natural/lib/natural/stemmers/porter_stemmer.js' {
  type Step = (word: string) => string;
  const porter: Readonly<
    Record<'stem' | 'step1a' | 'step1b' | 'step1c' | 'step2' | 'step3' | 'step4' | 'step5a' | 'step5b', Step>
  >;
  export default porter;
}
declare module 'natural/lib/natural/util/stopwords.js' {
  const english: { readonly words: readonly string[] };
  export default english;
}
