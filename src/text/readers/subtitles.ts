// Subtitles, SubRip (.srt) and WebVTT (.vtt) → what is said, without times. Source for WebVTT: W3C, "WebVTT: The Web Video Text Tracks Format".
import type { DocumentContent } from '../text-document.ts';
import { metadata } from './document-metadata.ts';

const TIMES = /^\s*(?:\d+:)?\d{1,3}:\d{2}[.,]\d{1,3}\s+-->\s+/;
/** `<i>`, `<v Speaker>`, `<00:01.000>` and `{\an8}`. */
const MARKUP = /<\/?(?:[a-z][^<>]{0,200}|\d[\d:.]{0,20})>|\{\\[^{}]{0,100}\}/gi;
const NO_CUE = /^(?:NOTE|STYLE|REGION)(?:\s|$)/;

/** One line a cue; a line that the next cue repeats, as rolling captions do, is said once. */
export function readSubtitles(source: string): DocumentContent {
  const blocks = source.replace(/\r\n?/g, '\n').split(/\n[ \t]*\n/);
  const said: string[] = [];
  let title: string | undefined;
  let language: string | undefined;
  let last = '';
  for (const [index, block] of blocks.entries()) {
    const lines = block.split('\n');
    if (index === 0 && lines[0]!.startsWith('WEBVTT')) {
      title = /^WEBVTT[ \t]+(?:-[ \t]*)?(.*)$/.exec(lines[0]!)?.[1];
      language = lines.find((line) => line.startsWith('Language:'))?.slice('Language:'.length);
    }
    if (NO_CUE.test(block)) continue;
    const times = lines.findIndex((line) => TIMES.test(line));
    if (times === -1) continue;
    const spoken: string[] = [];
    for (const line of lines.slice(times + 1)) {
      if (TIMES.test(line)) {
        // cues that no empty line parts: the number before the times is no word
        if (/^\s*\d+\s*$/.test(spoken.at(-1) ?? '')) spoken.pop();
        continue;
      }
      const words = line
        .replace(MARKUP, '')
        .replaceAll('&nbsp;', ' ')
        .replaceAll('&amp;', '&')
        .replaceAll('&lt;', '<')
        .trim();
      if (words === '' || words === last) continue;
      spoken.push(words);
      last = words;
    }
    if (spoken.length > 0) said.push(spoken.join(' '));
  }
  return { text: said.join('\n'), ...metadata({ title, language }) };
}
