/** @file Attention: classes, and functions of their options. */
import { AdditiveAttention, type AdditiveAttentionOptions, Attention, type AttentionOptions } from './attention.ts';
import { GroupQueryAttention, type GroupQueryAttentionOptions } from './grouped-query-attention.ts';
import { MultiHeadAttention, type MultiHeadAttentionOptions } from './multi-head-attention.ts';

export { AdditiveAttention, Attention, GroupQueryAttention, MultiHeadAttention };
export type { AdditiveAttentionOptions, AttentionOptions, GroupQueryAttentionOptions, MultiHeadAttentionOptions };
export type { AttentionCallOptions } from './attention.ts';
export type { ProjectedAttentionCallOptions, ProjectedAttentionOptions } from './projected-attention.ts';

/** {@inheritDoc Attention} */
export const attention = (options?: AttentionOptions) => new Attention(options);
/** {@inheritDoc AdditiveAttention} */
export const additiveAttention = (options?: AdditiveAttentionOptions) => new AdditiveAttention(options);
/** {@inheritDoc MultiHeadAttention} */
export const multiHeadAttention = (options: MultiHeadAttentionOptions) => new MultiHeadAttention(options);
/** {@inheritDoc GroupQueryAttention} */
export const groupQueryAttention = (options: GroupQueryAttentionOptions) => new GroupQueryAttention(options);
