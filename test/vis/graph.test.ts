/** @file Pictures of graphs: inputs by name, boxes, arrows, collapsed chains, and how values show themselves. */
import { describe, expect, it } from 'vitest';
import * as tf from '../../src/index.ts';
import type { Tensor } from '../../src/index.ts';
import { parseXML } from './xml.ts';

const titles = (svg: string): string[] => [...svg.matchAll(/<title>([^<]*)<\/title>/g)].map(([, title]) => title);

describe('the picture of a graph', () => {
  const w = tf.variable(tf.ones([3, 2]), true, 'w');
  const f = tf.function((x: Tensor) => tf.forLoop(3, (_, y) => y.mul(2).add(1), x.matMul(w)), { name: 'net' });

  it('has a box for each input and primitive', () => {
    const svg = tf.vis.graphDiagram(f.getConcreteFunction(tf.ones([4, 3]))).toSVG();
    expect(parseXML(svg).name).toBe('svg');
    expect(titles(svg)).toEqual(
      expect.arrayContaining([
        'x: float32 [4, 3]',
        'w: float32 [3, 2]',
        'matMul: float32 [4, 2]',
        'scan: float32 [4, 2]',
      ]),
    );
    expect(svg).toContain('aria-label="Graph of net"');
    expect(svg).toContain('2 primitives inside');
  });

  it('is what concrete and traced functions show', () => {
    const bundle = f.getConcreteFunction(tf.ones([4, 3]))[tf.displaySymbol]();
    expect(bundle['text/plain']).toMatch(/^net\(x/);
    expect(bundle['image/svg+xml']).toMatch(/^<svg/);
    const shown = (f as unknown as tf.Displayable)[tf.displaySymbol]() as tf.MimeBundle;
    expect(shown['text/plain']).toMatch(/^tf.function net, traced 1 time\nnet\(/);
    const fresh = tf.function((x: Tensor) => x) as unknown as tf.Displayable;
    expect((fresh[tf.displaySymbol]() as tf.MimeBundle)['text/plain']).toMatch(/call it/);
  });

  it('collapses chains of large graphs, and chains of very large ones', () => {
    const chain = tf.function((x: Tensor) => {
      let [a, b] = [x, x.neg()];
      for (let i = 0; i < 30; i++) [a, b] = [a.add(i).tanh(), b.mul(i + 2).exp()];
      return a.add(b);
    });
    const svg = tf.vis.graphDiagram(chain.getConcreteFunction(tf.ones([2]))).toSVG();
    expect(titles(svg).length).toBeLessThan(8);
    expect(svg).toContain('60 primitives');
    const web = tf.function((x: Tensor) => {
      const all = [x, x.neg()];
      for (let i = 0; i < 300; i++) all.push(all[i].mul(i + 2).add(all[i + 1]));
      return tf.addN(all);
    });
    const large = tf.vis.graphDiagram(web.getConcreteFunction(tf.ones([2]))).toSVG();
    expect(parseXML(large).name).toBe('svg');
    expect(titles(large).length).toBeLessThan(130);
  });
});
