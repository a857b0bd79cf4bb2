{
  const words = document.documentElement.lang.startsWith("zh") || navigator.language.startsWith("zh")
    ? { light: "浅色主题", dark: "深色主题" }
    : { light: "Light theme", dark: "Dark theme" };
  const button = document.getElementById("nnvis-theme");
  const other = document.getElementById("nnvis-other-theme");
  const first = document.body.classList.contains("theme-dark") ? "dark" : "light";
  const key = "nnvis-theme";

  const show = (theme) => {
    const next = theme === "dark" ? "light" : "dark";
    other.media = theme === first ? "not all" : "all";
    document.body.classList.replace(`theme-${next}`, `theme-${theme}`);
    document.body.dataset.jpThemeLight = String(theme === "light");
    document.body.dataset.jpThemeName = theme === "light" ? "JupyterLab Light" : "JupyterLab Dark";
    button.textContent = words[next];
    button.onclick = () => {
      show(next);
      try {
        localStorage.setItem(key, next);
      } catch {
        // a page without storage begins anew each time
      }
    };
  };

  const remembered = () => {
    try {
      return localStorage.getItem(key);
    } catch {
      return null;
    }
  };
  const system = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  show(PAGE_THEME ?? remembered() ?? system);
  button.hidden = false;

  const progress = document.getElementById("nnvis-progress");
  const tell = window.voila_process;
  window.voila_process = (cell, count, text) => {
    progress.max = count;
    progress.value = cell;
    tell(cell, count, text);
  };
}
