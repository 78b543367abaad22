// A plugin of typedoc. Methods of Tensor have the documentation of their functions (a mapped type carries it over), without the
// first operand and, where overloads were joined, with other names: what says something about such a parameter is left out.
import { Converter, ReflectionKind } from 'typedoc';

export function load(app) {
  const trim = (context) => {
    for (const property of context.project.getReflectionsByKind(ReflectionKind.Property)) {
      const signatures = property.type?.declaration?.signatures ?? [];
      if (signatures.length === 0) continue;
      const names = signatures.flatMap(({ parameters = [] }) => parameters.map(({ name }) => name));
      for (const { comment } of [property, ...signatures])
        if (comment)
          comment.blockTags = comment.blockTags.filter(({ tag, name }) => tag !== '@param' || names.includes(name));
    }
  };
  // Before the comments are looked at.
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, trim, 1000);
}
