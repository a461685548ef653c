/// <reference types="vite/client" />

/** What `api()` of plugins.ts gives: everything the package exports. Texts are Markdown. */
declare module 'virtual:api' {
  /** A doc comment, taken apart. Texts are Markdown. */
  export interface ApiDoc {
    text: string;
    default: string;
    params: Record<string, string>;
    returns: string;
    throws: string[];
    examples: string[];
  }

  export interface ApiParameter {
    name: string;
    type: string;
    optional: boolean;
    doc: string;
  }

  export interface ApiMember extends ApiParameter {
    default: string;
    /** Of a method: what is said of its parameters. */
    params: Record<string, string>;
    returns: string;
    throws: string[];
  }

  export interface ApiSignature {
    /** As it is written, up to the body. */
    code: string;
    doc: ApiDoc;
    parameters: ApiParameter[];
  }

  export interface ApiExport {
    name: string;
    kind: 'class' | 'component' | 'constant' | 'function' | 'hook' | 'interface' | 'type';
    doc: ApiDoc;
    /** The declaration of a type or a constant. */
    code: string;
    signatures: ApiSignature[];
    members: ApiMember[];
  }

  export interface ApiEntry {
    /** What it is imported by. */
    name: string;
    exports: ApiExport[];
  }

  const api: ApiEntry[];
  export default api;
}
