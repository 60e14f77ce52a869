// The members of a schema as a table, one level at a time.
import { element, folded, markdown } from "./elements.js";
import { words } from "./words.js";

const typeOf = (schema) => [schema.type ?? (schema.properties ? "object" : "")].flat().join(" | ");

function limits(schema) {
  const said = [
    schema.format, schema.enum && schema.enum.join(" · "), schema.minimum != null && `≥ ${schema.minimum}`,
    schema.maximum != null && `≤ ${schema.maximum}`, schema.maxLength != null && `≤ ${schema.maxLength} ${words.characters}`,
  ];
  return said.filter(Boolean).join(", ");
}

/** `allOf`, and an `anyOf` of which one is null, as one schema. */
function flat(api, schema) {
  schema = api.resolve(schema) ?? {};
  const parts = (schema.allOf ?? []).map((part) => flat(api, part));
  const other = (schema.anyOf ?? schema.oneOf ?? []).map((part) => api.resolve(part)).find((part) => part?.type !== "null");
  const all = [...parts, ...(other ? [flat(api, other)] : []), schema];
  const properties = Object.assign({}, ...all.map((part) => part.properties));
  const required = all.flatMap((part) => part.required ?? []);
  return Object.assign({}, ...all, Object.keys(properties).length > 0 ? { properties, required } : {});
}

export function members(api, schema, depth = 0) {
  const { properties = {}, required = [] } = flat(api, schema);
  const rows = Object.entries(properties).map(([name, of]) => {
    const member = flat(api, of);
    const inner = member.properties ? member : flat(api, member.items);
    const deeper = inner.properties && depth < 6 ? folded(words.schema, members(api, inner, depth + 1)) : null;
    return element("li", {},
      element("code", {}, name), ` ${typeOf(member)} `, element("small", {}, limits(member)),
      required.includes(name) ? element("strong", { class: "required" }, ` ${words.required}`) : null,
      element("div", { lang: "en" }, markdown(member.description)), deeper);
  });
  return element("ul", { class: "members" }, rows);
}
