// What is known of one file before any encoder sees it.
import type { ImageFeature } from '../image/image-feature.ts';
import type { TextFeature } from '../text/text-feature.ts';

export type Feature = TextFeature | ImageFeature;
export type Kind = Feature['kind'];
