// Mermaid's own parser, one diagram a line: reads JSON strings on standard input, answers each with `null` or the error.
import { createInterface } from "node:readline";
import { JSDOM } from "jsdom";

// Mermaid looks for a browser when it is imported, so jsdom's globals must be there before.
const { window } = new JSDOM("");
globalThis.window = window;
globalThis.document = window.document;
const { default: mermaid } = await import("mermaid");

mermaid.initialize({ startOnLoad: false, suppressErrorRendering: true });
for await (const line of createInterface({ input: process.stdin })) {
  let answer = null;
  try {
    await mermaid.parse(JSON.parse(line));
  } catch (error) {
    answer = String(error?.message ?? error);
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
