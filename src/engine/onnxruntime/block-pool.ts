/** @file Free blocks of a memory space, kept to be used again: fresh memory costs more than most operations that fill it. */
import { totalmem } from 'node:os';
import type { Block, MemorySpace } from './memory-space.ts';

/** Blocks are multiples of this, so that tensors of similar size can follow each other in one block. */
const granularity = 64;
/** Bytes of free blocks that are kept in any case. */
const alwaysKept = 256 * 2 ** 20;
/** Bytes of the host's memory that are kept at most. */
const mostOfHost = totalmem() / 4;
/** Milliseconds without a new tensor after which the rest goes back to the system. */
const idle = 5000;

/** Free blocks of one size. */
interface SizeClass {
  readonly blocks: Block[];
  /** When a block was last taken or given back, as a count of both. */
  used: number;
}

/**
 * The blocks by size. On the host as much is kept as was in use at once: a training step gives back all that it took, and the
 * next one takes it again. What is more goes back to the system, first of all sizes that were not used for longest: another
 * model's. When nothing was taken for a while, all but a little goes back.
 */
export class BlockPool {
  private readonly space: MemorySpace;
  private readonly retire: (block: Block) => void;
  private readonly free = new Map<number, SizeClass>();
  private uses = 0;
  private freeBytes = 0;
  /** The most that was in use at once since the pool was last trimmed. */
  private crest = 0;
  private wasUsed = false;
  private timer: NodeJS.Timeout | null = null;

  /** @param retire releases what was made over a block that goes back to the system */
  constructor(space: MemorySpace, retire: (block: Block) => void) {
    this.space = space;
    this.retire = retire;
  }

  /** @param opened bytes of tensors that are alive, without this one */
  take(byteLength: number, opened: number): Block {
    this.wasUsed = true;
    if (opened + byteLength > this.crest) this.crest = opened + byteLength;
    const capacity = Math.max(granularity, Math.ceil(byteLength / granularity) * granularity);
    const known = this.free.get(capacity);
    if (known) known.used = ++this.uses;
    const block = known?.blocks.pop();
    if (!block) return this.space.allocate(capacity);
    this.freeBytes -= capacity;
    return block;
  }

  give(block: Block): void {
    const { capacity } = block;
    const limit = this.limit();
    if (capacity > limit || capacity % granularity !== 0) {
      this.drop(block);
      return;
    }
    let known = this.free.get(capacity);
    if (!known) this.free.set(capacity, (known = { blocks: [], used: 0 }));
    known.used = ++this.uses;
    known.blocks.push(block);
    this.freeBytes += capacity;
    while (this.freeBytes > limit) this.dropOne(this.leastRecent());
    if (this.freeBytes > alwaysKept) this.watch();
  }

  /** The size with free blocks that was not used for longest. */
  private leastRecent(): number {
    let [size, oldest] = [0, Infinity];
    for (const [capacity, { blocks, used }] of this.free)
      if (blocks.length > 0 && used < oldest) [size, oldest] = [capacity, used];
    return size;
  }

  /** A device's memory is others' as well, and its size is not known here: there only a little is kept. */
  private limit(): number {
    return this.space.free ? alwaysKept : Math.max(alwaysKept, Math.min(this.crest, mostOfHost));
  }

  private drop(block: Block): void {
    this.retire(block);
    this.space.free?.(block);
  }

  /** Gives a free block of this size back to the system. */
  private dropOne(capacity: number): void {
    const { blocks } = this.free.get(capacity)!;
    this.freeBytes -= capacity;
    this.drop(blocks.pop()!);
    if (blocks.length === 0) this.free.delete(capacity);
  }

  /** Looks from time to time whether the memory is still wanted. */
  private watch(): void {
    this.timer ??= setInterval(() => {
      if (this.wasUsed) {
        this.wasUsed = false;
        return;
      }
      if (this.timer) clearInterval(this.timer);
      this.timer = null;
      this.crest = 0;
      this.trim();
    }, idle).unref();
  }

  /** Gives back what is more than what is always kept, the largest blocks first. */
  private trim(): void {
    for (const capacity of [...this.free.keys()].sort((a, b) => b - a))
      while (this.freeBytes > alwaysKept && this.free.get(capacity)?.blocks.length) this.dropOne(capacity);
  }
}
