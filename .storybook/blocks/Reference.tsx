import { Markdown } from '@storybook/addon-docs/blocks';
import api, {
  type ApiExport,
  type ApiMember,
  type ApiParameter,
  type ApiSignature,
} from 'virtual:api';
import { Code } from './Code.js';

/**
 * What the types and their TSDoc say about one export: how it is called, its parameters, what it
 * returns and throws, its members.
 */
export function Reference({ of }: { of: string }) {
  const found = api.flatMap((entry) => entry.exports).find(({ name }) => name === of);
  if (!found) throw new Error(`The package exports no ${of}.`);
  const hasCode = found.code || found.signatures.length > 0 || found.kind === 'component';
  return (
    <div className="reference">
      {!hasCode && (
        <p className="name">
          <code>{found.name}</code> <small>{found.kind}</small>
        </p>
      )}
      <Export {...found} />
    </div>
  );
}

/** All exports of an entry of the package, hooks and components first. */
export function Entry({ name }: { name: string }) {
  const entry = api.find((entry) => entry.name === name);
  if (!entry) throw new Error(`The package has no entry ${name}.`);
  return entry.exports
    .toSorted((a, b) => rankOf(a) - rankOf(b) || a.name.localeCompare(b.name))
    .map((exported) => (
      <section
        key={exported.name}
        className="reference"
        aria-labelledby={`export-${exported.name}`}
      >
        <h2 id={`export-${exported.name}`}>
          {exported.name} <small>{exported.kind}</small>
        </h2>
        <Export {...exported} />
      </section>
    ));
}

const KINDS = ['hook', 'component', 'function', 'class', 'constant', 'interface', 'type'];
const rankOf = ({ kind }: ApiExport) => KINDS.indexOf(kind);

function Export({ kind, code, doc, signatures, members }: ApiExport) {
  const isComponent = kind === 'component';
  return (
    <>
      {(isComponent || signatures.length === 0) && <Text>{doc.text}</Text>}
      {code && <Code code={code} language="typescript" />}
      {!isComponent &&
        signatures.map((signature) => <Signature key={signature.code} {...signature} />)}
      {members.length > 0 && <Members members={members} />}
    </>
  );
}

function Signature({ code, doc, parameters }: ApiSignature) {
  // The signature shows name and type of the others.
  const described = parameters.filter((parameter) => parameter.doc);
  return (
    <>
      <Code code={code} language="typescript" />
      <Text>{doc.text}</Text>
      {described.length > 0 && <Members label="Parameters" members={described} />}
      <Outcome {...doc} params={{}} />
    </>
  );
}

/** What goes into a function and what comes out of it. */
function Outcome({ params, returns, throws }: Pick<ApiMember, 'params' | 'returns' | 'throws'>) {
  return (
    <>
      {Object.entries(params).map(([name, text]) => (
        <Text key={name}>{`\`${name}\`: ${text}`}</Text>
      ))}
      {returns && <Text>{`**Returns** ${returns}`}</Text>}
      {throws.map((text) => (
        <Text key={text}>{`**Throws** ${text}`}</Text>
      ))}
    </>
  );
}

function Members({
  label = 'Members',
  members,
}: {
  label?: string;
  members: readonly (ApiMember | ApiParameter)[];
}) {
  return (
    <dl className="members" aria-label={label}>
      {members.map((member) => (
        <div key={member.name}>
          <dt>
            <code>
              {member.name}
              {member.optional && '?'}
            </code>{' '}
            <code className="type">{member.type}</code>
          </dt>
          <dd>
            <Text>{member.doc}</Text>
            {'default' in member && member.default && <Text>{`Default: ${member.default}`}</Text>}
            {'params' in member && <Outcome {...member} />}
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Text({ children }: { children: string }) {
  return children && <Markdown>{children}</Markdown>;
}
