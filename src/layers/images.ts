/** @file Where the channels of images, sequences and volumes are. */

export const imageFormats = ['channelsLast', 'channelsFirst'] as const;
/** Where the channels are: [batch, height, width, channels], or [batch, channels, height, width]. */
export type ImageFormat = (typeof imageFormats)[number];

export const channelAxis = (format: ImageFormat): number => (format === 'channelsLast' ? -1 : 1);
