import ts from 'typescript';

/**
 * A key that is only known when the program runs may be a user's choice, and `constructor`, `toString` or `__proto__` are
 * inherited by every object: reading one finds a function, writing `__proto__` writes nothing. So where a key has the
 * type `string`, look it up with `own(map, key)`, `Object.hasOwn`, or in a `Map`, and make objects with
 * `Object.fromEntries`, a spread, or a computed name in a literal, which all make own properties.
 */

const { String: STRING, TemplateLiteral, StringMapping } = ts.TypeFlags;
const OPEN = STRING | TemplateLiteral | StringMapping;

const isOpen = (type) => (type.types === undefined ? (type.flags & OPEN) !== 0 : type.types.some(isOpen));

export const ownKeys = {
  meta: {
    type: 'problem',
    schema: [],
    messages: {
      index: 'The key may be one that objects inherit: use own(map, key), a Map, or Object.fromEntries.',
      in: 'The key may be one that objects inherit: use Object.hasOwn(map, key), or a Map.',
    },
  },
  create(context) {
    const services = context.sourceCode.parserServices;
    const checker = services.program.getTypeChecker();
    const isMap = (type) =>
      type.isUnion()
        ? type.types.some(isMap)
        : checker.getIndexInfosOfType(type).some(({ keyType }) => (keyType.flags & STRING) !== 0);
    return {
      MemberExpression(node) {
        if (!node.computed || node.property.type === 'Literal') return;
        if (!isOpen(services.getTypeAtLocation(node.property))) return;
        if (isMap(services.getTypeAtLocation(node.object))) context.report({ node: node.property, messageId: 'index' });
      },
      'BinaryExpression[operator="in"]'(node) {
        if (node.left.type === 'Literal' || node.left.type === 'PrivateIdentifier') return;
        if (isOpen(services.getTypeAtLocation(node.left))) context.report({ node: node.left, messageId: 'in' });
      },
    };
  },
};
