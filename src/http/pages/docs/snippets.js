// A request as code. The token is never written out: each language reads it from the environment.

const shell = (text) => `'${text.replaceAll("'", `'\\''`)}'`;
const quoted = (text) => JSON.stringify(text);
const others = (headers) => Object.entries(headers).filter(([name]) => name !== "Authorization");
const authorized = (headers) => "Authorization" in headers;

function curl({ method, url, headers, body }) {
  const lines = [`curl -i -X ${method} ${shell(url)}`];
  if (authorized(headers)) lines.push(`-H "Authorization: Bearer $TOKEN"`);
  for (const [name, value] of others(headers)) lines.push(`-H ${shell(`${name}: ${value}`)}`);
  if (body) lines.push(`--data-raw ${shell(body)}`);
  return lines.join(" \\\n  ");
}

function javascript({ method, url, headers, body }) {
  const lines = others(headers).map(([name, value]) => `    ${quoted(name)}: ${quoted(value)},`);
  if (authorized(headers)) lines.unshift("    Authorization: `Bearer ${token}`,");
  const sent = body ? `\n  body: JSON.stringify(${indented(body, "  ")}),` : "";
  return `const response = await fetch(${quoted(url)}, {\n  method: ${quoted(method)},\n  headers: {\n${lines.join("\n")}\n  },${sent}\n});\nconsole.log(response.status, await response.text());`;
}

function indented(body, by) {
  try {
    return JSON.stringify(JSON.parse(body), null, 2).replaceAll("\n", `\n${by}`);
  } catch {
    return quoted(body);
  }
}

function python({ method, url, headers, body }) {
  const lines = others(headers).map(([name, value]) => `        ${quoted(name)}: ${quoted(value)},`);
  if (authorized(headers)) lines.unshift(`        "Authorization": f"Bearer {os.environ['TOKEN']}",`);
  const sent = body ? `\n    data=${quoted(body)}.encode(),` : "";
  return `import os\nimport requests\n\nresponse = requests.request(\n    ${quoted(method)},\n    ${quoted(url)},\n    headers={\n${lines.join("\n")}\n    },${sent}\n)\nprint(response.status_code, response.text)`;
}

function csharp({ method, url, headers, body }) {
  const lines = [
    "using System.Net.Http.Headers;", "using System.Text;", "", "using var client = new HttpClient();",
    `using var request = new HttpRequestMessage(new HttpMethod(${quoted(method)}), ${quoted(url)});`,
  ];
  if (authorized(headers)) {
    lines.push(`request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Environment.GetEnvironmentVariable("TOKEN"));`);
  }
  for (const [name, value] of others(headers)) {
    if (name !== "Content-Type") lines.push(`request.Headers.TryAddWithoutValidation(${quoted(name)}, ${quoted(value)});`);
  }
  if (body) lines.push(`request.Content = new StringContent(${quoted(body)}, Encoding.UTF8, ${quoted(headers["Content-Type"])});`);
  lines.push("using var response = await client.SendAsync(request);", "Console.WriteLine($\"{(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}\");");
  return lines.join("\n");
}

export const snippets = { curl, JavaScript: javascript, Python: python, "C#": csharp };
