import assert from "node:assert/strict";
import { test } from "node:test";
import { webAddress } from "../src/islands/simulator/bubbles";

test("links of a bot's text lead to pages, never to scripts or other hosts by a trick", () => {
  for (const good of [
    "https://shop.example/p/1",
    "http://a",
    "tel:+998901234567",
    "mailto:a@b.uz",
    "/files/1",
  ]) {
    assert.equal(webAddress(good), good);
  }
  for (const bad of [
    "javascript:alert(1)",
    " javascript:alert(1)",
    "data:text/html,x",
    "//evil.example",
    "",
    "x",
  ]) {
    assert.equal(webAddress(bad), null, bad);
  }
});
