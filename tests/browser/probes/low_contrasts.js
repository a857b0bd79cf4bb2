// Of all text outside the picture, the contrast with the nearest ground that is painted; the formula is WCAG 2.2's.
() => {
  const channels = (color) => color.match(/[\d.]+/g).map(Number)
  const toLinear = (c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
  const luminance = (color) => {
    const [r, g, b] = channels(color).map((c) => toLinear(c / 255))
    return 0.2126 * r + 0.7152 * g + 0.0722 * b
  }
  const groundOf = (element) => {
    for (let at = element; at !== null; at = at.parentElement) {
      const { backgroundColor } = getComputedStyle(at)
      if ((channels(backgroundColor)[3] ?? 1) === 1) return backgroundColor
    }
    return "rgb(255, 255, 255)"
  }
  const low = []
  const walker = document.createTreeWalker(document.querySelector(".nv"), NodeFilter.SHOW_TEXT)
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const element = node.parentElement
    if (node.data.trim() === "" || element.closest("svg, [role=tree]") || !element.checkVisibility()) continue
    const both = [getComputedStyle(element).color, groundOf(element)].map(luminance)
    const contrast = (Math.max(...both) + 0.05) / (Math.min(...both) + 0.05)
    if (contrast < 4.5) low.push(`${node.data.trim()}: ${contrast.toFixed(2)}`)
  }
  return low
}
