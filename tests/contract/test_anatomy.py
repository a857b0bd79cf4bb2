"""Do both languages know the same of each role? js/tests reads the same file."""

from nnvis_widget.core.anatomy import ANATOMY, ROLES
from tests.contract.make_anatomy import FILE, written


def test_the_table_of_roles_is_that_of_the_page():
    assert written() == FILE.read_text(encoding="utf-8"), "change js/src/core/anatomy.ts too, then make_anatomy again"


def test_every_role_has_a_row():
    assert tuple(ANATOMY) == ROLES
