/** @file Colours and type of every picture: one palette, readable on a white and on a dark page. */

/** Colours of series, in order: told apart by people with colour-blindness too, and of similar weight. */
export const series = ['#2f7ed8', '#f0803c', '#2aa876', '#d6499b', '#8d6cd9', '#c9a227', '#1fa2b8', '#d95757'] as const;

/**
 * Text and lines of pictures that cannot know the page's theme (an SVG shown as an image): a grey with a contrast of
 * more than 4 to white and to #111 alike. Pictures inside of HTML use `currentColor` instead.
 */
export const neutralText = '#7b7f87';
export const neutralTitle = '#747982';

/** Good and bad, for what is right and wrong. */
export const good = '#2aa876';
export const bad = '#d95757';

/** Light to dark blue, for amounts on a picture with a background of its own. */
export const amounts = ['#eef4fc', '#c5dbf5', '#8fbbec', '#5597df', '#2a73c6', '#174f99', '#0c3268'] as const;

/** Dark to glowing, ever lighter, for heat laid over a picture: told apart without seeing colours too. */
export const glow = ['#0d0a2c', '#4f1a6e', '#a3306a', '#e35f3c', '#f9a63a', '#fbef9a'] as const;

/** The page's own font where there is one, as SVG and CSS take it. */
export const sansSerif = "system-ui, 'Segoe UI', sans-serif";
export const monospace = "ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace";
