// @vitest-environment jsdom
import { afterEach, expect, test } from "vitest";
import { followTheme, readThemeName } from "../src/theme/theme.ts";

afterEach(() => {
  document.documentElement.removeAttribute("style");
  delete document.body.dataset.jpThemeLight;
});

function element(ground = ""): HTMLElement {
  const made = document.createElement("div");
  if (ground !== "") made.style.setProperty("--jp-layout-color1", ground);
  document.body.append(made);
  return made;
}

test("the ground's lightness decides, then what JupyterLab says, then light", () => {
  expect(["#212121", "#fff", "rgb(30, 30, 30)", "#ffffffff"].map((ground) => readThemeName(element(ground)))).toEqual([
    "dark",
    "light",
    "dark",
    "light",
  ]);
  expect(readThemeName(element())).toBe("light");
  document.body.dataset.jpThemeLight = "false";
  expect(readThemeName(element())).toBe("dark");
  expect(readThemeName(element("#fff"))).toBe("light");
});

test("a change of the page's theme is followed until the signal aborts", async () => {
  const life = new AbortController();
  const followed = element();
  const heard: string[] = [];
  followTheme(followed, life.signal, (name) => heard.push(name));
  expect(followed.dataset.nnvisTheme).toBe("light");
  document.body.dataset.jpThemeLight = "false";
  await Promise.resolve();
  expect([followed.dataset.nnvisTheme, heard]).toEqual(["dark", ["dark"]]);
  life.abort();
  document.body.dataset.jpThemeLight = "true";
  await Promise.resolve();
  expect(heard).toEqual(["dark"]);
});
