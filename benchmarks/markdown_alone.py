"""What markdown-it-py takes for some notes in one process, from its start: read the files, parse and render them.

python benchmarks/markdown_alone.py FOLDER
"""

import sys
from pathlib import Path

from markdown_it import MarkdownIt

if __name__ == "__main__":
    parser = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    for path in sorted(Path(sys.argv[1]).rglob("*.md")):
        parser.render(path.read_text("utf-8"))
