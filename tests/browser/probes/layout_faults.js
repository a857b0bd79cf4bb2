// Every visible run of text as a rectangle: none cut, unless by an ellipsis whose whole text is in a title; none over
// another; nothing wider than the window; every target at least 24 px in both directions.
within => {
  const SLACK = 1.5
  const found = []
  const root = document.querySelector(within)
  const name = (element) => {
    const kind = element.getAttribute("class") ?? element.getAttribute("role")
    return `${element.tagName.toLowerCase()}.${kind ?? ""}`
  }
  const size = ({ left, right, top, bottom }) => [left, top, right, bottom].map((each) => Math.round(each)).join(" ")
  const isSeen = (element) => {
    if (!element.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true })) return false
    return element.closest("[role=tree], .nv-hidden, .nnvis-spoken, [inert]") === null
  }
  const isPanned = (stage) => {
    const scroller = stage.closest(".nnvis-picture")
    return scroller !== null && scroller.scrollWidth > scroller.clientWidth
  }
  const texts = []
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT)
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const element = node.parentElement
    if (node.data.trim() === "" || element.tagName === "title" || !isSeen(element)) continue
    const range = document.createRange()
    range.selectNodeContents(node)
    const isDrawn = element.closest("svg") !== null
    for (const full of isDrawn ? [element.getBoundingClientRect()] : range.getClientRects()) {
      if (full.width === 0 || full.height === 0) continue
      const box = { left: full.left, right: full.right, top: full.top, bottom: full.bottom }
      const text = node.data.trim().slice(0, 40)
      for (let parent = element; parent !== null && root.contains(parent); parent = parent.parentElement) {
        const style = getComputedStyle(parent)
        if (style.display === "inline" || style.display === "contents") continue
        const view = parent.getBoundingClientRect()
        for (const [low, high, overflow] of [["left", "right", style.overflowX], ["top", "bottom", style.overflowY]]) {
          if (overflow === "visible") continue
          const isCut = box[low] < view[low] - SLACK || box[high] > view[high] + SLACK
          const isScrolled = overflow === "auto" || overflow === "scroll" || (low === "left" && isPanned(parent))
          const isClamped = low === "left" ? style.textOverflow === "ellipsis" : style.webkitLineClamp !== "none"
          const isEllipsis = isClamped && parent.closest("[title]") !== null
          if (isCut && !isScrolled && !isEllipsis) {
            found.push(`cut: "${text}" of ${name(element)} by ${name(parent)} (${size(box)} in ${size(view)})`)
          }
          box[low] = Math.max(box[low], view[low])
          box[high] = Math.min(box[high], view[high])
        }
        if (box.right <= box.left || box.bottom <= box.top) break
      }
      if (box.right - box.left > SLACK && box.bottom - box.top > SLACK) texts.push({ element, text, box })
    }
  }
  for (let i = 0; i < texts.length; i++) {
    for (let k = i + 1; k < texts.length; k++) {
      const [one, other] = [texts[i], texts[k]]
      if (one.element === other.element) continue
      // what sticks to the lower edge of the window stands over what goes on below it
      const [isStuck, isOther] = [one, other].map(({ element }) => element.closest("[data-stuck]") !== null)
      if (isStuck !== isOther) continue
      const width = Math.min(one.box.right, other.box.right) - Math.max(one.box.left, other.box.left)
      const height = Math.min(one.box.bottom, other.box.bottom) - Math.max(one.box.top, other.box.top)
      // line boxes of 12-px text are up to 5 px taller than its letters
      if (width > SLACK && height > 5) {
        found.push(`over each other: "${one.text}" of ${name(one.element)} and "${other.text}" of ${name(other.element)}`)
      }
    }
  }
  for (const element of root.querySelectorAll("button, input, select, [role=radio], [role=slider], [role=menuitem]")) {
    if (!isSeen(element)) continue
    const { width, height } = element.getBoundingClientRect()
    if (width < 23.9 || height < 23.9) found.push(`small target: ${name(element)} ${width} × ${height}`)
  }
  const page = document.scrollingElement
  if (page.scrollWidth > innerWidth) found.push(`the page is ${page.scrollWidth} px wide in a window of ${innerWidth}`)
  const { left, right } = root.getBoundingClientRect()
  for (const part of root.querySelectorAll("header, .nv-legend, .nv-timeline, .nv-main, .nv-inspector, .nv-banner")) {
    if (!isSeen(part)) continue
    const box = part.getBoundingClientRect()
    if (box.left < left - SLACK || box.right > right + SLACK) found.push(`beside the view: ${name(part)} ${size(box)}`)
    if (part.scrollWidth > part.clientWidth + SLACK) found.push(`too wide inside: ${name(part)} ${part.scrollWidth}`)
  }
  return [...new Set(found)]
}
