"""What the page draws and writes; noticed without a browser."""

from __future__ import annotations

from ..planting import Break

PANEL = "js/tests/panelLink.test.ts"
EDGES = "js/tests/edges.test.ts"

DRAWN = (
    Break(
        "a field in two colours has its boundary where the network has it",
        "js/src/draw/read/twoSides.ts",
        "return share > boundary ? 1 : 0;",
        "return share > boundary / 2 ? 1 : 0;",
        ("js/tests/prediction.test.ts",),
    ),
    Break(
        "names in the picture are text, never markup",
        "js/src/draw/canvas/overlay.ts",
        "item.element.textContent = text;",
        "item.element.innerHTML = text;",
        ("js/tests/overlay.test.ts::names are text, never markup",),
    ),
    Break(
        "the words of a panel are text, never markup",
        "js/src/panel/namePanel.ts",
        "words.textContent = [",
        "words.innerHTML = [",
        (f"{PANEL}::it is a group, named by its title and described by the words, as text",),
    ),
    Break(
        "no script makes markup",
        "js/src/ui/kit/dom.ts",
        "if (element.textContent !== text) element.textContent = text;",
        "if (element.textContent !== text) (element as Element).innerHTML = text;",
        (
            "tests/architecture/test_floors.py::test_scripts_make_no_markup_run_no_text_and_ask_no_network",
            "js/tests/networkView.test.ts::shows name, facts and state as text",
        ),
    ),
    Break(
        "a name in a file is text, never markup",
        "js/src/export/svgContext.ts",
        "${escapeXml(text)}</text>`);",
        "${text}</text>`);",
        ("js/tests/svgContext.test.ts::text stays text whatever it says, its halo does not repeat it",),
    ),
    Break(
        "what is copied into a spreadsheet is no formula",
        "js/src/ui/tables/tableData.ts",
        "return /^[=+\\-@]/.test(cell) ? `'${cell}` : cell;",
        "return cell;",
        ("js/tests/tables.test.ts::copied names break no cell and are no formulas; numbers are exact",),
    ),
    Break(
        "characters that turn or hide text are shown on the page as what they are",
        "js/src/lib/safeText.ts",
        "const visible = text.replace(UNSAFE, ",
        "const visible = text.replace(/\\uffff/g, ",
        ("js/tests/text.test.ts::direction and control characters become visible",),
    ),
    Break(
        "of edges NaN is on top",
        "js/src/draw/edges/edgeSet.ts",
        "return Number.isNaN(value) ? 3e38 :",
        "return Number.isNaN(value) ? 0 :",
        (f"{EDGES}::the strongest come last and NaN on top; a crowd keeps only the strongest",),
    ),
    Break(
        "in an image of edges NaN wins over every number",
        "js/src/draw/edges/edgeRaster.ts",
        "Number.isFinite(value) ? Math.abs(value) : Number.POSITIVE_INFINITY",
        "Number.isFinite(value) ? Math.abs(value) : 0",
        ("js/tests/edgeDetail.test.ts::each cell of the image holds the strongest edge through it, NaN above all",),
    ),
    Break(
        "in a field NaN is no colour of a number",
        "js/src/draw/canvas/fieldImages.ts",
        "shares[0] = Number.NaN;",
        "shares[0] = (0 - low) / (high - low || 1);",
        ("js/tests/fieldImages.test.ts::what is not a number stays clear",),
    ),
    Break(
        "what is infinite is an error, not a large value",
        "js/src/draw/read/readEdges.ts",
        "if (size > scale * 1.001 && size < Number.POSITIVE_INFINITY) return true;",
        "if (size > scale * 1.001) return true;",
        ("js/tests/edgeDetail.test.ts::an infinite weight is an error, not a clipped value",),
    ),
    Break(
        "a gradient points to where the loss falls",
        "js/src/draw/read/readEdges.ts",
        'const sign = quantity === "gradient" ? -1 : 1;',
        "const sign = 1;",
        (f"{EDGES}::the gradient is shown with its sign turned: up lowers the loss",),
    ),
    Break(
        "a signal on the page is the weight times its input",
        "js/src/draw/read/readEdges.ts",
        "factorOf: (from) => at(input, from) } : null;",
        "factorOf: signed } : null;",
        (f"{EDGES}::the signals into a unit and its bias add up to its z",),
    ),
    Break(
        "a scale stays while one looks back",
        "js/src/draw/read/scaleBook.ts",
        "if (before !== undefined && isLocked) return before;",
        "if (before !== undefined && isLocked && before < 0) return before;",
        (f"{EDGES}::grows at once, shrinks over many updates, stays while scrubbing",),
    ),
    Break(
        "bundles of units begin where Python's do",
        "js/src/draw/edges/edgeSet.ts",
        "return Math.ceil(((unit + 1) * columns) / Math.max(1, units)) - 1;",
        "return Math.floor((unit * columns) / Math.max(1, units));",
        (f"{EDGES}::bundles of units begin and end where Python's do",),
    ),
    Break(
        "the terms of a sum and its bias add up",
        "js/src/ui/inspector/addUp.ts",
        "total: all.reduce((sum, { value }) => sum + value, bias),",
        "total: all.reduce((sum, { value }) => sum + value, 0),",
        ("js/tests/addUp.test.ts::up to twelve terms are all shown, in the layer's order",),
    ),
    Break(
        "written terms add up to the written sum",
        "js/src/ui/inspector/addUp.ts",
        "if (Math.abs(drift) <= 1) break;",
        "if (Math.abs(drift) <= 1e9) break;",
        ("js/tests/addUp.test.ts::shown terms add up to the shown total within one unit of the last digit",),
    ),
    Break(
        "z is that of the model, and its rounding a row",
        "js/src/ui/inspector/sumRows.ts",
        "const total = z ?? sum.total;",
        "const total = sum.total;",
        ("js/tests/networkView.test.ts::a model in half precision adds up to its own z, and the rounding is a row",),
    ),
    Break(
        "a number that is none says so",
        "js/src/lib/numberFormat.ts",
        'if (Number.isNaN(value)) return "NaN";',
        'if (Number.isNaN(value)) return "0.00";',
        ("js/tests/numberFormat.test.ts::what is not a number says so",),
    ),
    Break(
        "keys pressed in the network stay in it",
        "js/src/ui/frame/rootKeys.ts",
        "      event.stopPropagation();\n",
        "",
        (
            "js/tests/navigation.test.ts"
            "::no key pressed in the network, in the search or on a button is heard by the host page",
        ),
    ),
    Break(
        "a training gone wrong is never told as plainly live",
        "js/src/ui/words/statusOf.ts",
        "if (header.firstBad !== null) return badStatus(header, header.firstBad, clock);",
        'if (header.firstBad !== null && header.state === "failed") return badStatus(header, header.firstBad, clock);',
        (
            "js/tests/networkView.test.ts"
            "::where it went wrong is told once, whatever the state, with the way back to the last good step",
        ),
    ),
)
