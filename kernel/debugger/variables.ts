/** @file Variables: scopes and objects as trees that a front end unfolds, in pages where they are long. */
import type { Page, Variable } from './dap.ts';
import type { Evaluated, Inspector, Properties, RemoteObject, Runtime } from './inspector.ts';
import { helper, valueOf } from './inspector.ts';
import { type ExtraVariable, type Receiver, type Reference, References } from './references.ts';
import { countOf, textOf, typeOf } from './value-text.ts';

/** Elements at once, where the front end does not ask for pages; more are put into ranges. */
const elementsAtOnce = 100;

/** Prototypes that nobody wants to see. */
const plainClasses =
  /^(Object|Array|Map|Set|WeakMap|WeakSet|WeakRef|Date|RegExp|Promise|Function|AsyncFunction|GeneratorFunction|.*Error|.*Array|ArrayBuffer|SharedArrayBuffer|DataView|Module)$/;
const shownInternals =
  /^\[\[(PromiseState|PromiseResult|Target|Handler|IsRevoked|TargetFunction|BoundThis|BoundArgs|PrimitiveValue|GeneratorState|WeakRefTarget)\]\]$/;

type ObjectReference = Extract<Reference, { kind: 'object' }>;

const identifier = /^[\p{ID_Start}$_][\p{ID_Continue}$\u200c\u200d]*$/u;

export const isIdentifier = (name: string): boolean => identifier.test(name);

/** The expression for a member of what `base` evaluates to. */
const memberOf = (base: string | undefined, name: string): string | undefined => {
  if (base === undefined || name.startsWith('[[') || name.startsWith('Symbol(')) return undefined;
  if (name.startsWith('#') || identifier.test(name)) return `${base}.${name}`;
  return `${base}[${/^(0|[1-9]\d*)$/.test(name) ? name : JSON.stringify(name)}]`;
};

/** How long (ms) code of the user's may run for one line of text, and for all of a value. */
const patience = 1_000;
const wholePatience = 5_000;

/** Taken from the object on the main thread without running code of the user's. Map entries are in threes. */
const slices = {
  // Not by 'slice', which asks a subclass for its constructor; holes stay holes, accessors stay unasked.
  array: `function (start, count) {
    const taken = {};
    for (let i = start; i < start + count; i++) {
      const own = Object.getOwnPropertyDescriptor(this, i);
      if (own !== undefined) Object.defineProperty(taken, i - start, own);
    }
    return taken;
  }`,
  map: `function (start, count) {
    const taken = []; let i = 0;
    for (const entry of Map.prototype.entries.call(this)) {
      if (i >= start + count) break;
      if (i++ >= start) taken.push(entry[0], entry[1], { key: entry[0], value: entry[1] });
    }
    return taken;
  }`,
  set: `function (start, count) {
    const taken = []; let i = 0;
    for (const value of Set.prototype.values.call(this)) {
      if (i >= start + count) break;
      if (i++ >= start) taken.push(value);
    }
    return taken;
  }`,
} as const;

export class Variables {
  readonly references = new References();
  readonly #inspector: Inspector;
  /** The notebook's variables, whatever scope asks. */
  readonly #globals: (group: string) => Promise<Variable[]>;
  /** Whether values go without their type (see `setClient`). */
  #withoutTypes = false;

  constructor(inspector: Inspector, globals: (group: string) => Promise<Variable[]>) {
    this.#inspector = inspector;
    this.#globals = globals;
  }

  /** JupyterLab's tree shows the type *in the place of* the value, so it gets none; a value's text names its class anyway. */
  setClient(clientId: unknown): void {
    this.#withoutTypes = clientId === 'jupyterlab';
  }

  /** The children of a reference; undefined where nothing is known by that number (any more). */
  async children(number: number, page: Page): Promise<Variable[] | undefined> {
    const found = this.references.get(number);
    if (found === undefined) return undefined;
    const { reference, group } = found;
    switch (reference.kind) {
      case 'globals':
        return this.#globals(group);
      case 'scopes':
        return this.#scopeVariables(reference, group);
      case 'getter':
        return [await this.#askGetter(reference, group)];
      case 'range':
        return this.#part(reference, group);
      case 'object':
        return this.#objectVariables(reference, page, group);
    }
  }

  /**
   * A value by its name.
   *
   * @param group the references that it lives with
   * @param receiver where the value is a prototype: whose, for its getters
   */
  async variable(
    name: string,
    value: RemoteObject,
    group: string,
    evaluateName?: string,
    receiver?: Receiver,
  ): Promise<Variable> {
    const { objectId, subtype, className } = value;
    const count = countOf(value);
    const summary = objectId === undefined || subtype !== undefined ? undefined : await this.#summary(value);
    const variablesReference =
      objectId === undefined
        ? 0
        : this.references.add({ kind: 'object', objectId, subtype, className, count, evaluateName, receiver }, group);
    return {
      name,
      value: summary ?? textOf(value),
      ...(this.#withoutTypes ? {} : { type: typeOf(value) }),
      ...(evaluateName === undefined ? {} : { evaluateName }),
      variablesReference,
      ...(count === undefined ? {} : { indexedVariables: count, namedVariables: 1 }),
      ...(value.type === 'function' ? { presentationHint: { kind: 'method' } } : {}),
    };
  }

  /** All that there is to say of a value. */
  async wholeText(value: RemoteObject): Promise<string> {
    if (value.type === 'string') return String(value.value);
    if (value.objectId === undefined) return textOf(value);
    const show = `function () { return ${helper}.text(this); }`;
    const options = { timeout: wholePatience, group: '', returnByValue: true };
    return String((await this.#inspector.callWithin(value.objectId, show, [], options)).value);
  }

  /** All properties of an object, as variables with names of their own: a snapshot of the notebook's variables. */
  async ofSnapshot(objectId: string, group: string): Promise<Variable[]> {
    const { result } = await this.#properties(objectId);
    const values = result.flatMap(({ name, value }) => (value === undefined ? [] : [{ name, value }]));
    return Promise.all(values.map(({ name, value }) => this.variable(name, value, group, name)));
  }

  async #scopeVariables(
    { scopes, extras }: Extract<Reference, { kind: 'scopes' }>,
    group: string,
  ): Promise<Variable[]> {
    const all = new Map<string, ExtraVariable>();
    for (const extra of extras) all.set(extra.name, { ...extra, value: await this.#withPreview(extra.value, group) });
    for (const { objectId } of scopes) {
      const { result } = await this.#properties(objectId);
      // Inner scopes come first, and hide what is called the same further out.
      for (const { name, value } of result)
        if (value !== undefined && !all.has(name)) all.set(name, { name, value, evaluateName: name });
    }
    return Promise.all(
      [...all.values()].map(({ name, value, evaluateName }) => this.variable(name, value, group, evaluateName)),
    );
  }

  /** V8 sends what belongs to a frame itself without a preview. */
  async #withPreview(value: RemoteObject, group: string): Promise<RemoteObject> {
    if (value.objectId === undefined || value.type !== 'object') return value;
    return this.#callOn(value.objectId, 'function () { return this; }', [], group, true);
  }

  async #objectVariables(reference: ObjectReference, page: Page, group: string): Promise<Variable[]> {
    const { count, objectId } = reference;
    const { filter, start, count: asked } = page;
    if (reference.subtype === undefined && tensorClasses.test(reference.className ?? '')) {
      const view = await this.#tensorView(objectId, group);
      if (view !== undefined) return this.#objectVariables({ ...view, evaluateName: undefined }, page, group);
    }
    const variables: Variable[] = [];
    if (count !== undefined && filter !== 'named') {
      const isPage = start !== undefined || (asked ?? 0) > 0;
      if (isPage) return this.#elements(reference, start ?? 0, asked || count, group);
      variables.push(
        ...(count > elementsAtOnce
          ? this.#ranges(reference, 0, count, group)
          : await this.#elements(reference, 0, count, group)),
      );
    }
    if (filter !== 'indexed') variables.push(...(await this.#named(reference, group)));
    return variables;
  }

  /** A hundred parts at most, each of a hundred elements or of a hundred parts. */
  #ranges(of: ObjectReference, start: number, count: number, group: string): Variable[] {
    let size = elementsAtOnce;
    while (size * elementsAtOnce < count) size *= elementsAtOnce;
    return Array.from({ length: Math.ceil(count / size) }, (_, i) => {
      const first = start + i * size;
      const length = Math.min(size, start + count - first);
      return {
        name: `[${first} … ${first + length - 1}]`,
        value: '',
        variablesReference: this.references.add({ kind: 'range', of, start: first, count: length }, group),
      };
    });
  }

  async #part({ of, start, count }: Extract<Reference, { kind: 'range' }>, group: string): Promise<Variable[]> {
    return count > elementsAtOnce ? this.#ranges(of, start, count, group) : this.#elements(of, start, count, group);
  }

  async #elements(of: ObjectReference, start: number, count: number, group: string): Promise<Variable[]> {
    const slice = of.subtype === 'map' || of.subtype === 'set' ? slices[of.subtype] : slices.array;
    const { objectId = '' } = await this.#callOn(of.objectId, slice, [start, count], group);
    const { result } = await this.#properties(objectId);
    const elements = result.flatMap(({ name, value }) =>
      /^\d+$/.test(name) && value !== undefined ? [{ index: Number(name), value }] : [],
    );
    if (of.subtype === 'map')
      return this.#entries(
        elements.map(({ value }) => value),
        group,
      );
    return Promise.all(
      elements.map(({ index, value }) => {
        const name = String(start + index);
        return this.variable(name, value, group, of.subtype === 'set' ? undefined : memberOf(of.evaluateName, name));
      }),
    );
  }

  /** An entry shows its value; one with an object for a key unfolds into both. */
  #entries(triples: readonly RemoteObject[], group: string): Promise<Variable[]> {
    const entries: Promise<Variable>[] = [];
    for (let i = 0; i + 2 < triples.length; i += 3) {
      const [key, value, both] = triples.slice(i, i + 3);
      const hasObjectKey = key.objectId !== undefined;
      const entry = this.variable(textOf(key), hasObjectKey ? both : value, group);
      entries.push(hasObjectKey ? entry.then((shown) => ({ ...shown, value: textOf(value) })) : entry);
    }
    return Promise.all(entries);
  }

  async #named(reference: ObjectReference, group: string): Promise<Variable[]> {
    const { objectId, evaluateName, className = '', count } = reference;
    const receiver = reference.receiver ?? { objectId, evaluateName };
    const properties = await this.#properties(objectId, count !== undefined);
    const { result, internalProperties = [], privateProperties = [] } = properties;
    const variables = await Promise.all([
      ...result.map((property) => this.#property(property, reference, group)),
      ...privateProperties.map(
        ({ name, value }) => value && this.variable(name, value, group, memberOf(evaluateName, name)),
      ),
      ...internalProperties
        .filter(({ name }) => shownInternals.test(name) || (name === '[[Prototype]]' && !plainClasses.test(className)))
        .map(
          ({ name, value }) =>
            value && this.variable(name, value, group, undefined, name === '[[Prototype]]' ? receiver : undefined),
        ),
    ]);
    return variables.filter((variable) => variable !== undefined);
  }

  #property(
    { name, value, get, isOwn, enumerable }: Runtime.PropertyDescriptor,
    { objectId, evaluateName, subtype, receiver }: ObjectReference,
    group: string,
  ): Promise<Variable> | Variable | undefined {
    if (isOwn === false || name === '__proto__') return undefined;
    const expression = memberOf(evaluateName, name);
    if (value !== undefined) {
      // What every function has is of no interest.
      if (value.type === 'undefined' && subtype === undefined && !enumerable) return undefined;
      return this.variable(name, value, group, expression);
    }
    if (get?.objectId === undefined) return undefined;
    const asked = receiver ?? { objectId, evaluateName };
    const path = memberOf(asked.evaluateName, name);
    const getter: Reference = { kind: 'getter', objectId: asked.objectId, name, evaluateName: path };
    const variablesReference = this.references.add(getter, group);
    return { name, value: '(...)', variablesReference, evaluateName: path, presentationHint: { lazy: true } };
  }

  async #askGetter(
    { objectId, name, evaluateName }: Extract<Reference, { kind: 'getter' }>,
    group: string,
  ): Promise<Variable> {
    try {
      const read = 'function (name) { return this[name]; }';
      const options = { timeout: patience, group, generatePreview: true };
      const value = await this.#inspector.callWithin(objectId, read, [{ value: name }], options);
      return await this.variable(name, value, group, evaluateName);
    } catch (error) {
      return { name, value: `throws ${(error as Error).message}`, variablesReference: 0 };
    }
  }

  /** Tensors in words of their own; undefined for other objects. */
  async #summary({ objectId = '', className = '' }: RemoteObject): Promise<string | undefined> {
    if (!tensorClasses.test(className)) return undefined;
    const value = await this.#ofTensor(objectId, 'summary', '');
    return typeof value?.value === 'string' ? value.value : undefined;
  }

  async #tensorView(objectId: string, group: string): Promise<ObjectReference | undefined> {
    const view = await this.#ofTensor(objectId, 'tensorView', group);
    return view?.objectId === undefined
      ? undefined
      : { kind: 'object', objectId: view.objectId, subtype: 'tensor', className: 'Object' };
  }

  /** A class of that name may be the user's own, with getters that throw or do not end: then it is an object as others are. */
  #ofTensor(objectId: string, question: 'summary' | 'tensorView', group: string): Promise<RemoteObject | undefined> {
    const ask = `function () { return ${helper}.${question}(this); }`;
    return this.#inspector.callWithin(objectId, ask, [], { timeout: patience, group }).catch(() => undefined);
  }

  #properties(objectId: string, nonIndexedPropertiesOnly = false): Promise<Properties> {
    return this.#inspector.post<Properties>('Runtime.getProperties', {
      objectId,
      ownProperties: true,
      generatePreview: true,
      nonIndexedPropertiesOnly,
    });
  }

  async #callOn(
    objectId: string,
    functionDeclaration: string,
    given: readonly unknown[],
    objectGroup: string,
    generatePreview = false,
  ): Promise<RemoteObject> {
    const evaluated = await this.#inspector.post<Evaluated>('Runtime.callFunctionOn', {
      objectId,
      functionDeclaration,
      arguments: given.map((value) => ({ value })),
      objectGroup,
      silent: true,
      generatePreview,
    });
    return valueOf(evaluated);
  }
}

/** Classes whose objects may be tensors. Others are not asked: that would cost a call for each, and run their getters. */
const tensorClasses = /^((Symbolic)?Tensor|Variable)$/;
