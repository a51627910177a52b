/** The little XML that S3's REST API speaks. */
import { XMLParser } from 'fast-xml-parser';
import { S3Error } from './s3-error.ts';

const DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n';
const NAMESPACE = 'http://s3.amazonaws.com/doc/2006-03-01/';

/** `<name>text</name>`, with the text escaped; nothing for undefined. */
export function tag(name: string, text: string | number | boolean | undefined): string {
  return text === undefined ? '' : `<${name}>${escapeText(String(text))}</${name}>`;
}

/** An element around elements that are XML already. */
export function element(name: string, ...children: string[]): string {
  return `<${name}>${children.join('')}</${name}>`;
}

/** A whole answer, with `name` as the root element. */
export function xmlDocument(name: string, ...children: string[]): string {
  return `${DECLARATION}<${name} xmlns="${NAMESPACE}">${children.join('')}</${name}>`;
}

export function errorDocument(error: S3Error, resource: string, requestId: string): string {
  const members = [tag('Code', error.code), tag('Message', error.message), tag('Resource', resource)];
  return DECLARATION + element('Error', ...members, tag('RequestId', requestId));
}

/** S3 writes control characters as references too, though XML 1.0 has none for most of them; `encoding-type=url` avoids them. */
function escapeText(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not be written as they are.
  return text.replace(/[&<>"\u0000-\u001f\u007f]/g, character => {
    const name = ENTITY[character];
    return name === undefined ? `&#x${character.charCodeAt(0).toString(16)};` : `&${name};`;
  });
}

const ENTITY: Record<string, string | undefined> = { '&': 'amp', '<': 'lt', '>': 'gt', '"': 'quot' };
const CHARACTER: Record<string, string | undefined> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** An element of a request: its text, and its child elements by name. */
export interface XmlElement {
  text: string;
  children: Map<string, XmlElement[]>;
}

// Entities are decoded here: the library drops references to control characters, and a key without its control character
// is another object's key.
const parser = new XMLParser({
  ignoreAttributes: true,
  ignoreDeclaration: true,
  parseTagValue: false,
  trimValues: false,
  processEntities: false,
  preserveOrder: true,
  cdataPropName: '#cdata',
});

/** The root element of a request's body, which must be called `name`; anything else is MalformedXML. */
export function parseXml(body: Buffer, name: string): XmlElement {
  const text = body.toString('utf8');
  if (text.includes('<!DOCTYPE')) throw malformedXml();
  const root = toElement(parse(text)).children.get(name)?.[0];
  if (root === undefined) throw malformedXml();
  return root;
}

/** The text of the one child of that name, or undefined. */
export function childText(parent: XmlElement, name: string): string | undefined {
  const found = parent.children.get(name);
  if (found !== undefined && found.length > 1) throw malformedXml();
  return found?.[0]?.text;
}

export function malformedXml(): S3Error {
  const message = 'The XML you provided was not well-formed or did not validate against our published schema.';
  return new S3Error('MalformedXML', 400, message);
}

function parse(text: string): unknown {
  try {
    return parser.parse(text, true);
  } catch {
    // The library throws plain Errors, and only for what is not well-formed.
    throw malformedXml();
  }
}

/** From fast-xml-parser's ordered form: a list of `{ name: children }` and `{ '#text': text }`. */
function toElement(nodes: unknown): XmlElement {
  if (!Array.isArray(nodes)) throw malformedXml();
  const found: XmlElement = { text: '', children: new Map() };
  for (const node of nodes as Record<string, unknown>[]) {
    const [name, content] = Object.entries(node)[0] ?? [];
    if (name === undefined || name === '#cdata') throw malformedXml();
    if (name === '#text') found.text += decodeText(String(content));
    else {
      const namesakes = found.children.get(name);
      if (namesakes === undefined) found.children.set(name, [toElement(content)]);
      else namesakes.push(toElement(content));
    }
  }
  return found;
}

function decodeText(text: string): string {
  return text.replace(/&([^;]*);?/g, (_, name: string) => {
    const code = /^#x[0-9a-f]{1,6}$/i.test(name) ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
    const character =
      /^#(x[0-9a-f]{1,6}|\d{1,7})$/i.test(name) && code <= 0x10ffff ? String.fromCodePoint(code) : CHARACTER[name];
    if (character === undefined) throw malformedXml();
    return character;
  });
}
