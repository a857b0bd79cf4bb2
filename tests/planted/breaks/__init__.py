"""The planted breaks: one for each claim that matters, and which tests have to notice it."""

from __future__ import annotations

from .arithmetic import ARITHMETICAL
from .as_fit import AS_FIT
from .drawn import DRAWN
from .findings import FINDINGS
from .front_end import FRONT_END
from .learning import LEARNT
from .lesson import LESSON
from .life import LIFE
from .maps import OF_MAPS
from .measured import MEASURED
from .no_trace import NO_TRACE
from .pages import PAGES
from .read import READ
from .steps import STEPPED
from .told import TOLD
from .trials import OF_TRIALS
from .what_if import TRIED

BREAKS = (
    *PAGES,
    *LIFE,
    *NO_TRACE,
    *AS_FIT,
    *MEASURED,
    *TOLD,
    *DRAWN,
    *FRONT_END,
    *LESSON,
    *READ,
    *FINDINGS,
    *ARITHMETICAL,
    *OF_MAPS,
    *STEPPED,
    *TRIED,
    *LEARNT,
    *OF_TRIALS,
)
