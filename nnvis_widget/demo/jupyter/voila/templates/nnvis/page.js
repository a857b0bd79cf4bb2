{
  const words = PAGE.words[document.documentElement.lang.split("-")[0]] ?? PAGE.words.en;
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
    button.textContent = words[`${next}Theme`];
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
  show(PAGE.theme ?? remembered() ?? system);
  button.hidden = false;

  document.getElementById("loading_text").textContent = words.openingPage.replace("{name}", PAGE.name);
  const progress = document.getElementById("nnvis-progress");
  progress.setAttribute("aria-label", words.cellsOfPage);
  window.voila_process = (cell, count) => {
    progress.max = count;
    progress.value = cell;
  };
}
