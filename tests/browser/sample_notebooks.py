from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import nbformat

SLIDER = "import ipywidgets\nipywidgets.IntSlider(value=3, min=0, max=10, description='Units')"

# A round trip through custom messages: the browser sends what it read, Python answers with the double.
DOUBLER = dedent('''\
    import anywidget

    class Doubler(anywidget.AnyWidget):
        _esm = """
        function render({ model, el }) {
          const button = document.createElement("button");
          button.textContent = "Double 21";
          const answer = document.createElement("output");
          answer.setAttribute("aria-label", "Answer");
          model.on("msg:custom", (message) => { answer.textContent = String(message.doubled); });
          button.addEventListener("click", () => model.send({ number: 21 }));
          el.append(button, answer);
        }
        export default { render };
        """

        def __init__(self):
            super().__init__()
            self.on_msg(lambda _, message, buffers: self.send({"doubled": 2 * message["number"]}))

    Doubler()
''')


def write_notebook(file: Path, cells: list[str]) -> None:
    """Write a notebook of code cells for the environment's own kernel, named `python3`."""
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(source) for source in cells],
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}},
    )
    nbformat.write(notebook, file)
