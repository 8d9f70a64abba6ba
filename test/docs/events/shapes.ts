import { join } from 'node:path';
import ts from 'typescript';

import { ROOT } from '../documents';

const DOMAIN = join(ROOT, 'libs/domain/src');

export interface Field {
  readonly name: string;
  readonly type: string;
  readonly meaning: string;
}

type Named = ReadonlyMap<string, readonly Field[]>;

/** What the compiler knows of the events of the domain. */
export interface Shapes {
  /** The type of each event's data, by the event's type. */
  readonly data: ReadonlyMap<string, string>;
  /** The fields of the named types that these mention, by name, for each event. */
  readonly named: ReadonlyMap<string, Named>;
}

export function shapesOfEvents(): Shapes {
  const entry = join(DOMAIN, 'index.ts');
  const { config } = ts.readConfigFile(join(ROOT, 'tsconfig.json'), (path) => ts.sys.readFile(path)) as {
    readonly config: { readonly compilerOptions: object };
  };
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, ROOT);
  const program = ts.createProgram([entry], { ...options, noEmit: true, incremental: false });
  return new Reader(program.getTypeChecker()).read(program.getSourceFile(entry));
}

class Reader {
  constructor(private readonly checker: ts.TypeChecker) {}

  read(entry: ts.SourceFile | undefined): Shapes {
    const module = entry && this.checker.getSymbolAtLocation(entry);
    const exported = module && this.checker.getExportsOfModule(module).find(({ name }) => name === 'DomainEvent');
    if (exported === undefined) throw new Error('the domain exports no DomainEvent');
    const data = new Map<string, string>();
    const named = new Map<string, Named>();
    for (const event of membersOf(this.checker.getDeclaredTypeOfSymbol(exported))) {
      const of = this.property(event, 'data');
      const mentioned = new Map<string, readonly Field[]>();
      this.visit(of, mentioned);
      for (const type of membersOf(this.property(event, 'type'))) {
        if (!type.isStringLiteral()) throw new Error(`an event's type is ${this.text(type)}`);
        data.set(type.value, this.text(of));
        named.set(type.value, mentioned);
      }
    }
    return { data, named };
  }

  /** Notes the named types that a type is made of. */
  private visit(type: ts.Type, named: Map<string, readonly Field[]>, seen = new Set<ts.Type>()): void {
    if (seen.has(type)) return;
    seen.add(type);
    const name = type.aliasSymbol ?? type.getSymbol();
    const isOurs = (name?.getDeclarations() ?? []).some((of) => of.getSourceFile().fileName.startsWith(DOMAIN));
    if (isOurs && !type.isUnion() && name !== undefined && !name.name.startsWith('__'))
      named.set(name.name, this.fields(type));
    const parts = type.isUnionOrIntersection() ? type.types : this.checker.getTypeArguments(type as ts.TypeReference);
    for (const part of [...parts, ...(type.aliasTypeArguments ?? [])]) this.visit(part, named, seen);
    if (isOurs)
      for (const field of this.checker.getPropertiesOfType(type))
        this.visit(this.checker.getTypeOfSymbol(field), named, seen);
  }

  private fields(type: ts.Type): readonly Field[] {
    return this.checker.getPropertiesOfType(type).map((field) => ({
      name: field.flags & ts.SymbolFlags.Optional ? `${field.name}?` : field.name,
      type: this.text(this.checker.getTypeOfSymbol(field)),
      meaning: ts.displayPartsToString(field.getDocumentationComment(this.checker)).replaceAll(/\s+/g, ' '),
    }));
  }

  private property(type: ts.Type, name: string): ts.Type {
    const found = this.checker.getPropertyOfType(type, name);
    if (found === undefined) throw new Error(`an event has no ${name}: ${this.text(type)}`);
    return this.checker.getTypeOfSymbol(found);
  }

  private text(type: ts.Type): string {
    const text = this.checker.typeToString(type, undefined, ts.TypeFormatFlags.NoTruncation);
    return inOrder(text.replaceAll('readonly ', '').replaceAll(/Readonly<(Record<[^<>]*>|Partial<[^<>]*>)>/g, '$1'));
  }
}

/** The compiler lists the literals of a union in the order in which it met them, which every new import changes. */
const inOrder = (text: string): string =>
  text.replaceAll(/"[^"]*"(?: \| "[^"]*")+/g, (literals) => literals.split(' | ').sort().join(' | '));

const membersOf = (type: ts.Type): readonly ts.Type[] => (type.isUnion() ? type.types : [type]);
